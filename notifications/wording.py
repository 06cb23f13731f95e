"""Names of roles and agencies, dates in words, and what a digest says of prompts that only inform."""

from collections.abc import Sequence
from datetime import date
from functools import lru_cache

from policy.calendar import spelt
from policy.kind_words import KINDS, KINDS_BY_ROLE, KindWords
from policy.vocabulary import Agency, Role

WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
# Rungs beside the ladder, by their first word. INVITATION carries the number of the event's change behind it.
IDENTIFIED = "identified"
RECEIVED = "received"
OUTCOME = "outcome"
INVITATION = "invitation"
CANCELLATION = "cancellation"
FINAL = "final"
APPROVED = "approved"
# What only informs is needed whatever has become of the timescale.
INFORMING = frozenset({IDENTIFIED, OUTCOME, CANCELLATION, FINAL})
RESTRICTED = "the case is restricted: nothing is sent about it by e-mail"
REPEAT = "This may be a repeat: the outcome of an earlier sending is not known."


NEW_CASES = KindWords(
    "New cases identified",
    "New case",
    "new case",
    "These cases are newly identified. Check the category and the lead agency of each.",
    "These cases are newly identified. Check the category and the lead agency of each.",
)

FINAL_MINUTES = KindWords(
    "Minutes that are final",
    "Minutes",
    "minutes",
    "The minutes of these meetings are final. Read them on the record of the case, and do what they ask of you.",
    "The minutes of these meetings are final. Read them on the record of the case, and do what they ask of you.",
)
# What a digest says of prompts by which nothing is owed, by the first word of their rung.
TOLD: dict[str, KindWords] = {IDENTIFIED: NEW_CASES, FINAL: FINAL_MINUTES}

ROLES: dict[str, str] = {
    Role.COORDINATOR: "MAPPA coordinator",
    Role.COORDINATOR_MANAGER: "manager of the MAPPA coordinator",
    Role.ADMINISTRATOR: "MAPPA administrator",
    Role.CHAIR: "Chair",
    Role.REPRESENTATIVE: "agency representative",
    Role.SENIOR_MANAGER: "senior manager",
    Role.LINE_MANAGER: "line manager",
    Role.PRISON_OFFENDER_MANAGEMENT: "prison offender management unit",
    Role.SMB_MEMBER: "SMB member",
    Role.SMB_CHAIR: "SMB Chair",
    Role.LAY_ADVISER: "lay adviser",
    Role.OFFENDER_MANAGER: "offender manager",
    Role.POLICE_OFFENDER_MANAGER: "police offender manager",
    Role.ACTION_OWNER: "owner of the action",
    Role.INVITEE: "invitee",
    Role.REFERRER: "referrer",
    Role.DISCLOSER: "discloser",
    Role.RECEIVING_COORDINATOR: "MAPPA coordinator of the receiving area",
}
# Agencies whose name in the record is not yet the name a reader knows.
AGENCIES: dict[str, str] = {
    Agency.YOT: "youth offending team",
    Agency.CHILDRENS_SOCIAL_CARE: "children's social care",
    Agency.ADULTS_SOCIAL_CARE: "adults' social care",
    Agency.SMB: "SMB",
    Agency.MAPPA_UNIT: "MAPPA unit",
}


@lru_cache(maxsize=256)
def kind_words(kind: str, role: str = "") -> KindWords:
    """Return the texts of a kind for a role; a kind without texts of its own gets plain ones made of its name."""
    name = kind.replace("_", " ")
    return (
        KINDS_BY_ROLE.get((kind, role))
        or KINDS.get(kind)
        or KindWords(
            name.capitalize(),
            name.capitalize(),
            name,
            "Do what is owed by the due date, and record it.",
            "It has not been recorded. Make sure that it is done and recorded.",
        )
    )


def role_name(role: str) -> str:
    """Return a role as a reader knows it."""
    return ROLES.get(role) or role.replace("_", " ")


def agency_name(agency: str) -> str:
    """Return an agency as a reader knows it."""
    return AGENCIES.get(agency) or agency.replace("_", " ")


@lru_cache(maxsize=4096)
def long_date(day: date) -> str:
    """Return a day as ``Saturday 12 September 2026``, whatever the locale of the machine."""
    return f"{WEEKDAYS[day.weekday()]} {spelt(day)}"


def opening(text: str) -> str:
    """Return a text with a capital to begin with; the rest stays as it is, names of bodies above all."""
    return text[:1].upper() + text[1:]


def days(count: int) -> str:
    """Return a number of calendar days in words: ``1 day``, ``3 days``."""
    return "1 day" if count == 1 else f"{count} days"


def standing(due_on: date, today: date) -> str:
    """Return how a due date stands on a day: ``due in 3 days``, ``due today``, ``overdue by 1 day``."""
    left = (due_on - today).days
    if left == 0:
        return "due today"
    return f"due in {days(left)}" if left > 0 else f"overdue by {days(-left)}"


def listed(parts: Sequence[str]) -> str:
    """Return parts as a list in a sentence: ``a``, ``a and b``, ``a, b and c``."""
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}"
