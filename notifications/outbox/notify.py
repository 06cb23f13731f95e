"""GOV.UK Notify instead of a mail server: a template with two holes, subject and body, filled for each message.

It has no key by which the same message sent twice is one. But it keeps a reference with each, for which ours is the
Message-ID; so before a message is handed over it is looked for among those it has taken. An answer that does not come
leaves no doubt either: the next try looks again.

It carries plain text and nothing else. The event of a calendar and what else is attached stay here; the message says
where to find them (``notifications.letters.rendering``).
"""

import logging
from email.message import EmailMessage
from functools import cached_property
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

from notifications.outbox.answers import one_line
from notifications.outbox.handed import Handed
from notifications.settings import MailSettings
from policy.addresses import normal

if TYPE_CHECKING:
    from notifications_python_client.errors import APIError
    from notifications_python_client.notifications import NotificationsAPIClient

LIBRARY = "notifications_python_client"
BAD_REQUEST, TOO_LARGE, NOT_FOUND, NO_ANSWER = 400, 413, 404, 503
UNKNOWN = "unknown"
HOLES = ("subject", "body")
FAILED = ("permanent-failure", "temporary-failure", "technical-failure")
OF_THE_SETTINGS = ("team-only", "trial", "template", "personalisation", "reply_to", "api key", "service")
"""Words of refusals that would meet every message (GOV.UK Notify, error codes of its API)."""


class NotifyTransport:
    """GOV.UK Notify, by its API and its own client."""

    repeatable = False
    remembers = True

    def __init__(self, settings: MailSettings) -> None:
        """Use the service whose key the settings have; nothing is asked of it yet."""
        self.settings = settings

    def __enter__(self) -> Self:
        """Return the transport."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        """Close the connections."""
        if "client" in self.__dict__:
            self.client.request_session.close()

    @cached_property
    def client(self) -> "NotificationsAPIClient":
        """Return the client; only who sends by it needs it installed."""
        from notifications_python_client.notifications import NotificationsAPIClient

        # It writes refusals to the log, and those quote addresses.
        logging.getLogger(LIBRARY).setLevel(logging.CRITICAL)
        settings = self.settings
        return NotificationsAPIClient(
            settings.notify_api_key.get_secret_value(), settings.notify_url, settings.notify_timeout_seconds
        )

    def send(self, message: EmailMessage, recipient: str) -> Handed:
        """Hand over one message, unless it is among those that were taken."""
        from notifications_python_client.errors import APIError

        reference = message["Message-ID"].strip("<> ")
        try:
            before = self.taken_before(reference, recipient)
            if before is not None:
                return Handed("sent", "GOV.UK Notify had taken it before", carrier_id=before)
            taken = self.client.send_email_notification(
                recipient,
                self.settings.notify_template_id,
                personalisation=filled(message),
                reference=reference,
                email_reply_to_id=self.settings.notify_reply_to_id or None,
            )
        except APIError as error:
            return meaning(error, recipient)
        return Handed("sent", "GOV.UK Notify has taken it", carrier_id=str(taken["id"]))

    def taken_before(self, reference: str, recipient: str) -> str | None:
        """Return the id of a message that was taken for a recipient and has not failed since; None where none was."""
        found = self.client.get_all_notifications(template_type="email", reference=reference)["notifications"]
        for one in found:
            same = one["reference"] == reference and normal(one["email_address"]) == normal(recipient)
            if same and one["status"] not in FAILED:
                return str(one["id"])
        return None

    def state_of(self, carrier_id: str) -> str | None:
        """Return what has become of a message that was taken; None where the service does not answer.

        One of which it knows nothing any more is ``UNKNOWN``.
        """
        from notifications_python_client.errors import APIError

        try:
            return str(self.client.get_notification_by_id(carrier_id)["status"])
        except APIError as error:
            return UNKNOWN if error.status_code == NOT_FOUND else None

    def takes(self, recipient: str) -> bool | None:  # noqa: ARG002  the interface
        """Not known: nothing but a message tells."""
        return None

    def trouble(self) -> str | None:
        """Look at the template, as only a key that is right may."""
        from notifications_python_client.errors import APIError

        try:
            template = self.client.get_template(self.settings.notify_template_id)
        except APIError as error:
            return meaning(error, "").detail
        missing = [hole for hole in HOLES if f"(({hole}))" not in f"{template.get('subject')} {template.get('body')}"]
        return f"the template has no (({missing[0]}))" if missing else None


def filled(message: EmailMessage) -> dict[str, Any]:
    """Return what fills the holes of the template."""
    body = message.get_body(("plain",))
    return {"subject": str(message["Subject"]), "body": "" if body is None else str(body.get_content())}


def meaning(error: "APIError", recipient: str) -> Handed:
    """Return what a refusal means, or that no answer came.

    What would meet every message is the fault of the way out; a message that may have been taken all the same is looked
    for at the next try.
    """
    code, said = error.status_code, one_line(words_of(error), recipient)
    detail = f"GOV.UK Notify: {code} {said}"
    if code not in (BAD_REQUEST, TOO_LARGE):
        return Handed("retry", detail, transport_down=True)
    if "email_address" in said and code == BAD_REQUEST:
        return Handed("dead", detail, refused="recipient")
    if code == BAD_REQUEST and any(word in said.lower() for word in OF_THE_SETTINGS):
        return Handed("retry", detail, transport_down=True)
    return Handed("dead", detail, refused="content")


def words_of(error: "APIError") -> str:
    """Return what the service says, as one text."""
    told = error.message
    if isinstance(told, list):
        return "; ".join(str(one.get("message", one)) if isinstance(one, dict) else str(one) for one in told)
    return str(told)
