"""What must hold of who has to come to meetings: the list is that of the case now, an absence that of its day.

Read in batches of meetings, as the rules of attendance are worked out from the facts of each case.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload, selectinload

from assurance.findings import Findings, gathered
from casework.facts.attendance import attendance_facts, wanted_at
from models.cases import Case
from models.meetings import Absence, Meeting
from policy.vocabulary import MeetingState

BATCH = 200


def lists_out_of_step(session: Session, _as_at: datetime) -> Findings:
    """Return planned meetings whose list names other agencies than the case asks for now.

    One that waits for the meetings flow is not among them.
    """
    query = (
        select(Meeting.id)
        .join(Case)
        .where(Meeting.state == MeetingState.PLANNED, Meeting.prepare_at.is_(None), Case.closed_on.is_(None))
        .order_by(Case.reference, Meeting.number)
    )
    return gathered(
        [
            named(meeting)
            for meeting, wanted in with_required(session, session.scalars(query).all())
            if wanted != {one.agency for one in meeting.participants if one.required}
        ]
    )


def absences_not_required(session: Session, _as_at: datetime) -> Findings:
    """Return absences that are followed up although the agency was not required on the day of the meeting."""
    query = (
        select(Absence.meeting_id, Absence.agency)
        .join(Case, Case.id == Absence.case_id)
        .where(Absence.settled_on.is_(None), Absence.withdrawn_on.is_(None), Case.closed_on.is_(None))
        .order_by(Case.reference, Absence.meeting_id, Absence.agency)
    )
    away: dict[int, list[str]] = defaultdict(list)
    for meeting_id, agency in session.execute(query):
        away[meeting_id].append(agency)
    return gathered(
        [
            f"{named(meeting)} {agency}"
            for meeting, wanted in with_required(session, list(away))
            for agency in away[meeting.id]
            if agency not in wanted
        ]
    )


def with_required(session: Session, ids: Sequence[int]) -> Iterator[tuple[Meeting, set[str]]]:
    """Yield meetings, each with the agencies required on its day."""
    for start in range(0, len(ids), BATCH):
        batch = ids[start : start + BATCH]
        query = (
            select(Meeting)
            .where(Meeting.id.in_(batch))
            .options(selectinload(Meeting.participants), joinedload(Meeting.case).joinedload(Case.person))
        )
        meetings = {meeting.id: meeting for meeting in session.scalars(query)}
        cases = {meeting.case_id: meeting.case for meeting in meetings.values()}
        facts = attendance_facts(session, list(cases.values()))
        for meeting in (meetings[meeting_id] for meeting_id in batch):
            required = wanted_at(session, meeting.case, meeting, facts[meeting.case_id])
            yield meeting, {one.agency for one in required}


def named(meeting: Meeting) -> str:
    """Return how a finding names a meeting."""
    return f"{meeting.case.reference} meeting {meeting.number}"
