"""What an e-mail that came back is, what it may answer, and what came of it."""

import re
from enum import StrEnum

STATUS = re.compile(r"\b5\.(\d)\.\d", re.ASCII)
# What the second number of a status code speaks of (RFC 3463, 3.1).
MEANINGS = {
    "1": "there is no such address",
    "2": "the mailbox does not take e-mail",
    "4": "the way there does not work",
    "7": "the mail server refuses e-mail from here",
}


def meaning(why: str) -> str:
    """Return in words what a mail server means by giving an e-mail up, "" where its words hold no known code."""
    found = STATUS.search(why)
    return MEANINGS.get(found[1], "") if found else ""


class Answer(StrEnum):
    """What somebody answers to an invitation (RFC 5545, 3.2.12, PARTSTAT)."""

    ACCEPTED = "accepted"
    TENTATIVE = "tentative"
    DECLINED = "declined"


class MailKind(StrEnum):
    """What an e-mail that was read is."""

    ANSWER = "answer"
    """An answer of a calendar to an invitation (RFC 5546, METHOD:REPLY)."""
    AUTOMATIC = "automatic"
    """An automatic reply, such as that of somebody out of office (RFC 3834)."""
    RETURNED = "returned"
    """A report that a message did not get through (RFC 3464)."""
    OTHER = "other"
    """Anything else: a person reads it."""
    UNREADABLE = "unreadable"
    """It looks like one of those above, and cannot be read."""


class MailOutcome(StrEnum):
    """What came of an e-mail that was read."""

    RECORDED = "recorded"
    """It is on the record."""
    UNKNOWN_SUBJECT = "unknown_subject"
    """It names no meeting or message of ours: nothing is changed."""
    UNKNOWN_SENDER = "unknown_sender"
    """It does not come from whom we had written to: nothing is changed."""
    TOO_LATE = "too_late"
    """It answers an earlier time or place, a meeting that is past or cancelled, or comes after a newer answer."""
    LEFT_ALONE = "left_alone"
    """Nothing is to be done: a note of a delay, or an e-mail for a person to read."""
