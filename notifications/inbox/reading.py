"""What an e-mail says: an answer to an invitation, an automatic reply, or that a message of ours did not get through.

It comes from anybody, so nothing that is read here is believed: ``notifications.inbox.recording`` holds it against the
record. Whatever the bytes are, something is returned, and no error is raised.
"""

import logging
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from email import message_from_bytes
from email.message import Message
from email.policy import default
from email.utils import getaddresses
from hashlib import sha256
from typing import Any

from notifications.letters.calendars import UID_DOMAIN
from policy.addresses import normal
from policy.replies import Answer, MailKind

log = logging.getLogger(__name__)

OURS = re.compile(rf"<[0-9a-f]{{32}}@{re.escape(UID_DOMAIN)}>")
"""A Message-ID of ours, wherever it stands."""
CALENDARS = ("text/calendar", "application/ics")
AUTOMATIC = ("X-Autoreply", "X-Autorespond", "X-Autoresponder")
BY_MACHINE = ("auto_reply", "auto-reply")
GAVE_UP = "failed"
STATUS = re.compile(r"\s*([245]\.\d{1,3}\.\d{1,3})\b", re.ASCII)
PARTS = 100
"""So many parts of an e-mail are looked at."""
LONGEST_CALENDAR = 100_000
LONGEST_SEQUENCE = 2**31 - 1


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer to an invitation: to the event ``uid`` as it was at its change ``sequence``, made at ``made_at``."""

    uid: str
    sequence: int
    attendee: str
    answer: Answer
    made_at: datetime | None


@dataclass(frozen=True, slots=True)
class Returned:
    """What a report says of one address: the delivery was given up, and the status code of that, "" where none is."""

    addresses: frozenset[str]
    status: str


@dataclass(frozen=True, slots=True)
class Incoming:
    """An e-mail as far as it counts. ``about``: Message-IDs of ours that it names. ``sender``: the address in From."""

    key: str
    kind: MailKind
    sender: str = ""
    about: tuple[str, ...] = ()
    reply: Reply | None = None
    returned: Returned | None = None


def incoming(content: bytes) -> Incoming:
    """Return what an e-mail says. One that cannot be read is of the kind ``UNREADABLE``."""
    try:
        message = message_from_bytes(content, policy=default)
        return read(message, content)
    except Exception as error:  # noqa: BLE001  anybody may send anything, and the library raises anything
        log.warning("an e-mail in the mailbox cannot be read (%s)", type(error).__name__)
        return Incoming(sha256(content).hexdigest(), MailKind.UNREADABLE)


def read(message: Message, content: bytes) -> Incoming:
    """Return what a parsed e-mail says; any error of the parser may escape."""
    key = key_of(message, content)
    sender = address_in(header(message, "From"))
    parts = list(parts_of(message))
    if (reply := calendar_reply(parts)) is not None:
        return Incoming(key, MailKind.ANSWER, sender, reply=reply)
    if is_report(message):
        named = tuple(dict.fromkeys(found.decode() for found in re.findall(OURS.pattern.encode(), content)))
        returned = given_up(parts)
        if returned is None:
            return Incoming(key, MailKind.RETURNED if has_status(parts) else MailKind.UNREADABLE, sender, named)
        return Incoming(key, MailKind.RETURNED, sender, named, returned=returned)
    if is_automatic(message):
        answered = f"{header(message, 'In-Reply-To')} {header(message, 'References')}"
        return Incoming(key, MailKind.AUTOMATIC, sender, tuple(dict.fromkeys(OURS.findall(answered))))
    return Incoming(key, MailKind.OTHER, sender)


def key_of(message: Message, content: bytes) -> str:
    """Return what tells one e-mail from every other, and names nobody."""
    own = header(message, "Message-ID").strip()
    return sha256(own.encode("utf-8", "surrogateescape") if own else content).hexdigest()


def header(message: Message, name: str) -> str:
    """Return a header as a text, "" where there is none."""
    return str(message.get(name) or "")


def address_in(text: str) -> str:
    """Return the one address of a header in its normal form, "" where there is none or more than one."""
    found = {normal(address) for _, address in getaddresses([text]) if "@" in address}
    return found.pop() if len(found) == 1 else ""


def parts_of(message: Message) -> Iterator[Message]:
    """Yield the parts of an e-mail, and what is inside them."""
    for number, part in enumerate(message.walk()):
        if number == PARTS:
            return
        yield part


def calendar_reply(parts: list[Message]) -> Reply | None:
    """Return the answer of a calendar; None where there is none."""
    for part in parts:
        if part.get_content_type() in CALENDARS:
            text = part.get_payload(decode=True)
            if isinstance(text, bytes) and len(text) <= LONGEST_CALENDAR and b"REPLY" in text.upper():
                return reply_in(text)
    return None


def reply_in(text: bytes) -> Reply | None:
    """Return the answer in a calendar file, None where it holds no answer of one attendee to one event of ours."""
    from icalendar import Calendar

    calendar = Calendar.from_ical(text.decode("utf-8", "replace"))
    events = calendar.walk("VEVENT")
    if str(calendar.get("METHOD", "")).upper() != "REPLY" or len(events) != 1:
        return None
    event = events[0]
    uid, _, domain = str(event.get("UID", "")).partition("@")
    attendees = event.get("ATTENDEE", [])
    attendees = attendees if isinstance(attendees, list) else [attendees]
    answers = {one.value: one for one in Answer}
    if domain != UID_DOMAIN or len(attendees) != 1:
        return None
    answer = answers.get(str(attendees[0].params.get("PARTSTAT", "")).lower())
    if answer is None:
        return None
    address = normal(re.sub("^mailto:", "", str(attendees[0]), flags=re.IGNORECASE))
    sequence = min(max(int(event.get("SEQUENCE", 0)), 0), LONGEST_SEQUENCE)
    return Reply(uid, sequence, address, answer, moment_in(event.get("DTSTAMP")))


def moment_in(stamp: Any) -> datetime | None:
    """Return a moment of a calendar file; None where it gives none, or one without a time zone."""
    moment = getattr(stamp, "dt", None)
    return moment.astimezone(UTC) if isinstance(moment, datetime) and moment.tzinfo is not None else None


def is_report(message: Message) -> bool:
    """Tell whether an e-mail is a report of a delivery (RFC 3462)."""
    kind = str(message.get_param("report-type") or "").lower()
    return message.get_content_type() == "multipart/report" and kind in ("", "delivery-status")


def has_status(parts: list[Message]) -> bool:
    """Tell whether a report has the part that machines read."""
    return any(fields_of(part) for part in parts)


def given_up(parts: list[Message]) -> Returned | None:
    """Return of which addresses a report says that their delivery was given up (RFC 3464, 2.3); None of none."""
    addresses: set[str] = set()
    status = ""
    for part in parts:
        for fields in fields_of(part):
            if header(fields, "Action").strip().lower() != GAVE_UP:
                continue
            found = STATUS.match(header(fields, "Status"))
            status = status or (found[1] if found else "")
            for name in ("Original-Recipient", "Final-Recipient"):
                address = header(fields, name).partition(";")[2].strip().strip("<>")
                addresses |= {normal(address)} if "@" in address else set()
    return Returned(frozenset(addresses), status) if addresses else None


def fields_of(part: Message) -> list[Message]:
    """Return the groups of fields in the part of a report that machines read; none in any other part."""
    if part.get_content_type() != "message/delivery-status":
        return []
    groups = part.get_payload()
    return [one for one in groups if isinstance(one, Message) and one.keys()] if isinstance(groups, list) else []


def is_automatic(message: Message) -> bool:
    """Tell whether a machine answered (RFC 3834, 5; the headers of before it)."""
    submitted = header(message, "Auto-Submitted").strip().lower()
    if submitted:
        return submitted.partition(";")[0].strip() != "no"
    before = any(message.get(name) is not None for name in AUTOMATIC)
    return before or header(message, "Precedence").strip().lower() in BY_MACHINE
