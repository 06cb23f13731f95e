"""The shape of a letter: what its template tells, what is attached, and the event of a calendar."""

from dataclasses import dataclass
from typing import Any

from notifications.letters.calendars import Event


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file that travels with a message."""

    name: str
    media_type: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Contact:
    """Whom a reader may ask: an address of the MAPPA unit, and in which role and by what name it is held.

    ``telephone``: a number of the unit, "" where none is known, and ``ask_for``: the role of whoever has it.
    """

    email: str
    role: str
    name: str
    telephone: str = ""
    ask_for: str = ""


@dataclass(frozen=True, slots=True)
class Letter:
    """What the record adds to a message.

    ``content`` is what the template of the message's kind tells; None where the message only gathers prompts.
    ``enclosed`` says in a sentence what is attached and what it is for. ``besides``: what a message that gathers says
    of no case.
    """

    content: Any = None
    attachments: tuple[Attachment, ...] = ()
    enclosed: str = ""
    event: Event | None = None
    besides: tuple[str, ...] = ()


NOTHING_ADDED = Letter()
