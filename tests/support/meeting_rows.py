"""Rows of referrals, meetings and what follows them, written straight into a record; free texts are told apart."""

from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy.orm import Session

from models.cases import Case
from models.meetings import Absence, Action, Meeting, MinutesVersion, Participant
from models.obligations import Message, Prompt, Timescale
from models.referrals import Referral
from policy.subjects import Subject
from tests.support.rows import MORNING, added, prompt, timescale
from tests.support.rows import message as message_row

MET_AT = datetime(2026, 10, 14, 9, 0, tzinfo=UTC)
"""Wednesday 14 October 2026, 10:00 in Europe/London."""
SCREENING: dict[str, Any] = {
    "eligible": {"answer": "yes", "reason": "Free text on legality."},
    "need": {"answer": "no", "reason": "Free text on need."},
    "took_part": [
        {"agency": "mappa_unit", "name": "Cora Example", "role": "Coordinator"},
        {"agency": "police", "name": "Priya Example", "role": "Police offender manager"},
        {"agency": "police", "name": "Paul Example", "role": "Sergeant"},
    ],
    "reason": "Free text on the decision.",
    "thresholds": {"high_risk": True, "other_agencies_needed": "", "senior_representation": "Free text on seniors."},
}


def referral(session: Session, of: Case, **values: Any) -> Referral:
    """Add a complete referral that waits for screening."""
    row = Referral(
        case_id=of.id,
        received_on=date(2026, 9, 9),
        referred_by="Olive Example",
        referrer_email="olive@probation.example",
        proposed_level=2,
        complete=True,
        missing=[],
        data={},
    )
    return added(session, row, values)


def meeting(session: Session, of: Case, **values: Any) -> Meeting:
    """Add a planned meeting at level 2."""
    row = Meeting(
        case_id=of.id,
        number=1,
        uid=f"{of.id:032x}",
        sequence=0,
        state="planned",
        level=2,
        starts_at=MET_AT,
        minutes_long=60,
        place="Civic Centre, room 3",
        chair_name="Clare Example",
        chair_email="clare@probation.example",
        papers=[],
        planned_on=date(2026, 9, 21),
    )
    return added(session, row, values)


def participant(session: Session, at: Meeting, **values: Any) -> Participant:
    """Add the required representative of housing."""
    row = Participant(
        meeting_id=at.id,
        agency="housing",
        name="Hugo Example",
        role="representative",
        email="hugo@probation.example",
        required=True,
        reason="asked for in the referral: Free text on why.",
    )
    return added(session, row, values)


def absence(session: Session, at: Meeting, **values: Any) -> Absence:
    """Add an absence of housing without apologies."""
    row = Absence(case_id=at.case_id, meeting_id=at.id, agency="housing", nth=1, status="absent", history=[])
    return added(session, row, values)


def action(session: Session, at: Meeting, **values: Any) -> Action:
    """Add an open action of the police."""
    row = Action(
        case_id=at.case_id,
        meeting_id=at.id,
        number=1,
        text="Free text on what is to be done.",
        agency="police",
        owner_name="Priya Example",
        owner_email="priya@probation.example",
        set_on=date(2026, 10, 14),
        due_on=date(2026, 11, 11),
        state="open",
    )
    return added(session, row, values)


def minutes(session: Session, of: Meeting, **values: Any) -> MinutesVersion:
    """Add a final version of the minutes."""
    row = MinutesVersion(
        meeting_id=of.id,
        version=1,
        state="final",
        written_by="Adam Example",
        written_on=date(2026, 10, 23),
        final_on=date(2026, 10, 26),
        text="Free text of the minutes.\n",
        html="<p>Free text of the minutes.</p>\n",
    )
    return added(session, row, values)


def letter(
    session: Session, key: str, kind: str, on: Timescale, rung: str, *, to: str, role: str, **values: Any
) -> tuple[Message, Prompt]:
    """Add a letter with its one prompt."""
    defaults: dict[str, Any] = {"subject": f"MAPPA: {kind}", "recipient": to, "recipient_name": "Robin Reader"}
    row = message_row(session, key, kind=kind, **(defaults | values))
    # Its reader is still the one to ask: the facts name them, whoever the directory knows.
    on.named = (on.named or {}) | {role: [[to, None]]}
    return row, prompt(session, on, row, rung, recipient=to, recipient_role=role, weight="notice")


def owed(session: Session, of: Case, kind: str, subject: str, **values: Any) -> Timescale:
    """Add an open timescale about one thing."""
    return timescale(
        session, of, kind, subject=Subject.read(subject), owner_agency="mappa_unit", opened_at=MORNING, **values
    )
