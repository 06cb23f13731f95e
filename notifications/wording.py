"""Names and texts of messages, in one place: kinds, roles, dates, and what each recipient is asked to do.

No number of the policy stands here: an area may change it, and the due date in the message is what counts.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from policy.vocabulary import Kind, Role

WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
MONTHS = ("January", "February", "March", "April", "May", "June",
          "July", "August", "September", "October", "November", "December")  # fmt: skip
IDENTIFIED = "identified"
RESTRICTED = "the case is restricted: nothing is sent about it by e-mail"
REPEAT = "This may be a repeat: the outcome of an earlier sending is not known."


@dataclass(frozen=True, slots=True)
class KindWords:
    """Texts of a kind of timescale: a group's heading, the thing owed, its short name in a subject, what to do.

    ``to_do`` speaks to the owner of the timescale, ``chase`` to those the prompt has gone up to.
    """

    heading: str
    owed: str
    short: str
    to_do: str
    chase: str


KINDS: dict[str, KindWords] = {
    Kind.REFERRAL: KindWords(
        "Referral (MAPPA A) to be made",
        "Referral (MAPPA A)",
        "referral",
        "Complete the referral (MAPPA A), have your line manager countersign it, and send it to the MAPPA "
        "coordinator by the due date.",
        "No referral (MAPPA A) has been recorded. Make sure that the offender manager makes it, or that the MAPPA "
        "coordinator hears why it cannot be made.",
    ),
    Kind.LEVEL_SETTING: KindWords(
        "Level to be set",
        "Level of management",
        "level",
        "Decide the level at which the case is to be managed after release, and record it by the due date.",
        "No level of management has been recorded. Make sure that it is decided and recorded.",
    ),
    Kind.PRISON_NOTICE: KindWords(
        "Prison notice",
        "Prison notice",
        "prison notice",
        "Tell the offender manager the release or parole eligibility date by the due date, and have the notice "
        "recorded.",
        "No prison notice has been recorded. Ask the prison for the release or parole eligibility date, and record "
        "the notice.",
    ),
    Kind.IDENTIFICATION: KindWords(
        "Identification",
        "Identification",
        "identification",
        "Check the category and the lead agency, tell the MAPPA coordinator, and record the identification by the "
        "due date.",
        "The identification has not been recorded. Make sure that the identifying agency confirms the category and "
        "the lead agency, and that it is recorded.",
    ),
}
NEW_CASES = KindWords(
    "New cases identified",
    "New case",
    "new case",
    "These cases are newly identified. Check the category and the lead agency of each.",
    "These cases are newly identified. Check the category and the lead agency of each.",
)

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
}


@lru_cache(maxsize=256)
def kind_words(kind: str) -> KindWords:
    """Return the texts of a kind; one without texts of its own gets plain ones made of its name."""
    name = kind.replace("_", " ")
    return KINDS.get(kind) or KindWords(
        name.capitalize(),
        name.capitalize(),
        name,
        "Do what is owed by the due date, and record it.",
        "It has not been recorded. Make sure that it is done and recorded.",
    )


def role_name(role: str) -> str:
    """Return a role as a reader knows it."""
    return ROLES.get(role) or role.replace("_", " ")


@lru_cache(maxsize=4096)
def long_date(day: date) -> str:
    """Return a day as ``Saturday 12 September 2026``, whatever the locale of the machine."""
    return f"{WEEKDAYS[day.weekday()]} {day.day} {MONTHS[day.month - 1]} {day.year}"


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
