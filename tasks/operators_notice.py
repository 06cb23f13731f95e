"""A notice to the operators: one plain e-mail by the same way out as every other, past the outbox.

It is no part of a case, so it is no message of the record; and where the outbox is stuck it must not queue behind it.
"""

from collections.abc import Sequence
from email.message import EmailMessage
from email.utils import format_datetime, make_msgid
from typing import Literal

from models.clock import now
from models.settings import read
from notifications.outbox.addresses import AddressRefused, writable_address
from notifications.outbox.transports import open_transport
from notifications.settings import MailSettings
from policy.calendar import LONDON

Reason = Literal["no sweep for 26 hours", "a run crashed or failed", "a case failed", "the outbox is stuck"]

WHAT_TO_DO: dict[Reason, str] = {
    "no sweep for 26 hours": "No clock has raised what is due. Look whether mappa serve or mappa clock runs.",
    "a run crashed or failed": "Look at the run in Prefect. What it had not done waits, and is tried again.",
    "a case failed": "It was set aside with its next try. Look at it: mappa problems --open",
    "the outbox is stuck": "Look at mappa messages --state uncertain, --state dead and --state retry.",
}


def notify(reason: Reason, about: str) -> tuple[bool, str]:
    """Send a notice from a process of Prefect's, which reads its settings for it."""
    return send_notice(read(MailSettings), reason, about)


def send_notice(settings: MailSettings, reason: Reason, about: str) -> tuple[bool, str]:
    """Send a notice; return whether the way out took it, and a sentence on that without the address."""
    return send_to_operators(settings, reason, [WHAT_TO_DO[reason], *([f"About: {about}"] if about else [])])


def send_to_operators(settings: MailSettings, subject: str, lines: Sequence[str]) -> tuple[bool, str]:
    """Send an e-mail to the operators; return whether the way out took it, and a sentence without the address."""
    if not settings.operator_email:
        return False, "MAPPA_OPERATOR_EMAIL is not set: nobody is told"
    try:
        recipient = writable_address(settings.operator_email, settings.allowed_domains)
    except AddressRefused as refusal:
        return False, f"MAPPA_OPERATOR_EMAIL: {refusal}"
    message = EmailMessage()
    message["From"], message["To"] = f"MAPPA <{settings.mail_from}>", recipient
    message["Subject"] = f"MAPPA: {subject}"
    message["Date"] = format_datetime(now().astimezone(LONDON))
    message["Message-ID"] = make_msgid(domain="mappa.local")
    message["Auto-Submitted"] = "auto-generated"
    message.set_content("\n".join(lines) + "\n")
    with open_transport(settings) as transport:
        handed = transport.send(message, recipient)
    return handed.outcome == "sent", f"{handed.outcome} {handed.detail}".strip()
