"""Names and texts of messages, in one place: kinds, roles, dates, and what each recipient is asked to do.

No number of the policy stands here: an area may change it, and the due date in the message is what counts.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from policy.vocabulary import Agency, Kind, Role

WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
MONTHS = ("January", "February", "March", "April", "May", "June",
          "July", "August", "September", "October", "November", "December")  # fmt: skip
# Rungs beside the ladder, by their first word. INVITATION carries the number of the event's change behind it.
IDENTIFIED = "identified"
RECEIVED = "received"
OUTCOME = "outcome"
INVITATION = "invitation"
CANCELLATION = "cancellation"
FINAL = "final"
# What only informs is needed whatever has become of the timescale.
INFORMING = frozenset({IDENTIFIED, OUTCOME, CANCELLATION, FINAL})
RESTRICTED = "the case is restricted: nothing is sent about it by e-mail"
REPEAT = "This may be a repeat: the outcome of an earlier sending is not known."


@dataclass(frozen=True, slots=True)
class KindWords:
    """Texts of a kind of timescale: a group's heading, the thing owed, its short name in a subject, what to do.

    ``to_do`` speaks to the owner of the timescale, ``chase`` to those the prompt has gone up to. ``raised`` is what
    the subject of an escalation says of a kind that escalates before it is overdue.
    """

    heading: str
    owed: str
    short: str
    to_do: str
    chase: str
    raised: str = ""


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
    Kind.SCREENING_DECISION: KindWords(
        "Referral to be answered",
        "Screening (MAPPA Q)",
        "screening",
        "Screen the referral, and record the decision with its reasons by the due date; the referrer is then told.",
        "A referral has not been answered. Make sure that it is screened, and that the decision is recorded with its "
        "reasons.",
    ),
    Kind.RESUBMISSION: KindWords(
        "Referral to be completed",
        "Completed referral (MAPPA A)",
        "completed referral",
        "Your referral was sent back. Complete what it lacks, have it countersigned again, and send it to the MAPPA "
        "coordinator by the due date.",
        "A referral that was sent back has not come again. Make sure that the offender manager completes it, or that "
        "the MAPPA coordinator hears why it is withdrawn.",
    ),
    Kind.FIRST_MEETING: KindWords(
        "First meeting to be held",
        "First meeting",
        "first meeting",
        "Arrange the first meeting, so that it is held by the due date and those invited have time to prepare.",
        "The first meeting has not been held. Make sure that it is arranged at once.",
    ),
    Kind.LEVEL_3_REVIEW: KindWords(
        "Level 3 review to be held",
        "Review meeting at level 3",
        "level 3 review",
        "Hold the next meeting by the due date. Where none is arranged yet, arrange it now.",
        "No review meeting has been held in time. Make sure that it is held at once, and that the MAPPA coordinator "
        "hears why it is late.",
    ),
    Kind.LEVEL_2_REVIEW: KindWords(
        "Level 2 review to be held",
        "Review meeting at level 2",
        "level 2 review",
        "Hold the next meeting by the due date. Where none is arranged yet, arrange it now.",
        "No review meeting has been held in time. Make sure that it is held at once, and that the MAPPA coordinator "
        "hears why it is late.",
    ),
    Kind.LEVEL_1_REVIEW: KindWords(
        "Level 1 review to be done",
        "Review at level 1",
        "level 1 review",
        "Review the risk and the plan with the other agency, lead agency and police together, and record the review "
        "by the due date. Where the risk has risen, make a referral (MAPPA A).",
        "No level 1 review has been recorded. Make sure that lead agency and police review the case, and that it is "
        "recorded.",
    ),
    Kind.URGENT_MEETING: KindWords(
        "Urgent meeting to be held",
        "Urgent meeting",
        "urgent meeting",
        "An incident asks for an urgent meeting. Hold it by the due date, and record it.",
        "An incident asks for an urgent meeting. Make sure that it is held by the due date, and recorded.",
        "urgent meeting wanted",
    ),
    Kind.MEETING: KindWords(
        "Meeting to be recorded",
        "Meeting",
        "record of a meeting",
        "The day of the meeting has gone by. Record it with attendance, decisions and actions; where it did not take "
        "place, record that it was moved or cancelled.",
        "The day of the meeting has gone by, and nothing has been recorded. Until it is, no action and no minutes go "
        "out. Make sure that it is recorded, or that it was moved or cancelled.",
    ),
    Kind.MINUTES: KindWords(
        "Minutes to be finished",
        "Minutes",
        "minutes",
        "Draft the minutes, have the Chair approve them, and record them as final by the due date; they then go out.",
        "The minutes are not final. Make sure that they are drafted, approved by the Chair, and recorded as final.",
    ),
    Kind.VISOR_POSTING: KindWords(
        "Minutes to be posted to ViSOR",
        "ViSOR posting",
        "ViSOR posting",
        "Post the final minutes to ViSOR, and record the posting by the due date.",
        "The minutes have not been recorded as posted to ViSOR. Make sure that they are posted, and the posting "
        "recorded.",
    ),
    Kind.ACTION: KindWords(
        "Actions to be done",
        "Action",
        "action",
        "Do the action by the due date, and record its outcome: what was found or achieved, and what that changes in "
        "the plan. That it was done is not an outcome.",
        "No outcome of the action has been recorded. Make sure that it is done and its outcome recorded, or that the "
        "Chair hears why it cannot be done.",
    ),
    Kind.EXIT_PLAN: KindWords(
        "Plan for life after MAPPA",
        "Exit plan",
        "exit plan",
        "Something that holds the person ends. Record how accommodation, engagement, victims, integrated offender "
        "management and the risks that are left are provided for afterwards.",
        "Something that holds the person ends, and no exit plan has been recorded. Make sure that there is one.",
    ),
    Kind.END_OF_SENTENCE_CHECK: KindWords(
        "End-of-sentence check",
        "End-of-sentence check",
        "end-of-sentence check",
        "A sentence, licence, order or notification period ends. See what is still open and what still holds, and "
        "record what becomes of the case: nothing ends by itself.",
        "A sentence, licence, order or notification period has ended, and nobody has decided what becomes of the "
        "case. Make sure that it is decided and recorded.",
    ),
    Kind.ATTENDANCE: KindWords(
        "Required agencies that stayed away",
        "Report on a meeting not attended",
        "report of an agency",
        "A required agency neither came to the meeting nor reported. Ask it for its report, and record what it "
        "answers.",
        "A required agency neither came to the meeting nor reported, and its report is still owed. Make sure that the "
        "report comes, and that the agency is there next time.",
        "required agency absent",
    ),
}
COME = (
    "Read the papers, and come. If you cannot, send somebody who can speak for your agency, or send a report before "
    "the meeting."
)
REPORT = (
    "Your agency was required at the meeting, and neither came nor reported. Send the MAPPA coordinator by the due "
    "date what your agency knows of the case, and what it will do. If it could not come, say why."
)
# What one role is told in words of its own, because something else is asked of it than of everybody else.
KINDS_BY_ROLE: dict[tuple[str, str], KindWords] = {
    (Kind.MEETING, Role.INVITEE): KindWords(
        "Meetings you are invited to",
        "Meeting",
        "meeting",
        COME,
        COME,
    ),
    (Kind.ATTENDANCE, Role.REPRESENTATIVE): KindWords(
        "Your agency's report is owed",
        "Report on a meeting not attended",
        "report of your agency",
        REPORT,
        REPORT,
    ),
}
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
    return f"{WEEKDAYS[day.weekday()]} {day.day} {MONTHS[day.month - 1]} {day.year}"


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
