"""Keep who must come to meetings in step with the circumstances, until the meeting and for its day.

A planned meeting whose list would be another now is put to the meetings flow, which invites and withdraws. Of one that
was held, what was required on its day is judged again: an absence that was none is withdrawn.
"""

from collections.abc import Collection, Iterator, Sequence
from datetime import datetime

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session

from casework.absences import count_anew
from casework.facts.attendance import attendance_facts, basis_of, wanted_at
from models.audit import Change
from models.cases import Case
from models.meetings import Absence, Meeting, Participant
from policy.attendance import ASKED_FOR, Required
from policy.calendar import london_date
from policy.roles import Role
from policy.vocabulary import MeetingState
from policy.words import long_date


def keep_in_step(session: Session, cases: Sequence[Case], as_at: datetime) -> list[Change]:
    """Look at the meetings of open cases whose circumstances may have changed; return what is to be written down."""
    by_id = {case.id: case for case in cases if case.closed_on is None}
    followed_up = select(Absence.id).where(Absence.meeting_id == Meeting.id, Absence.settled_on.is_(None))
    judged = or_(Meeting.basis.is_not(None), followed_up.exists())
    meetings = session.scalars(
        select(Meeting)
        .where(Meeting.case_id.in_(by_id))
        .where(or_(Meeting.state == MeetingState.PLANNED, and_(Meeting.state == MeetingState.HELD, judged)))
        .order_by(Meeting.starts_at, Meeting.id)
    ).all()
    concerned = list({meeting.case_id: by_id[meeting.case_id] for meeting in meetings}.values())
    facts = attendance_facts(session, concerned)
    changes: list[Change] = []
    for meeting in meetings:
        case = by_id[meeting.case_id]
        wanted = wanted_at(session, case, meeting, facts[case.id])
        basis = basis_of(case, meeting, facts[case.id], wanted)
        if basis == meeting.basis:
            continue
        if meeting.state == MeetingState.PLANNED:
            meeting.prepare_at = meeting.prepare_at or as_at
        else:
            meeting.basis = basis
            changes += judge(session, case, meeting, wanted, as_at)
    return changes


def judge(
    session: Session, case: Case, meeting: Meeting, wanted: Sequence[Required], as_at: datetime
) -> Iterator[Change]:
    """Bring the record of a held meeting up to what was required on its day; yield what is to be written down.

    An agency of which it shows only now that it was required is listed as that, and owes no report: nobody could have
    asked it.
    """
    reasons = {one.agency: one.reason for one in wanted}
    people = session.scalars(select(Participant).where(Participant.meeting_id == meeting.id)).all()
    before = sorted({one.agency for one in people if one.required})
    asked_because = {one.agency: one.reason or "" for one in people if one.required}
    mark_required(people, reasons)
    for agency in sorted(reasons.keys() - {one.agency for one in people}):
        session.add(Participant(meeting_id=meeting.id, agency=agency, required=True, reason=reasons[agency][:300]))
    after = sorted(reasons)
    if before != after:
        yield Change(f"case/{case.id}", "required-judged-anew", f"meeting {meeting.number}",
                     {"required": before}, {"required": after})  # fmt: skip
    absences = session.scalars(select(Absence).where(Absence.meeting_id == meeting.id).order_by(Absence.agency)).all()
    for absence in absences:
        yield from settle(case, meeting, absence, absence.agency in reasons, asked_because, as_at)
    session.flush()
    count_anew(session, case, [absence.agency for absence in absences])


def mark_required(people: Sequence[Participant], agencies: Collection[str]) -> None:
    """Note on the list of a held meeting whose agencies were required on its day."""
    for one in people:
        if one.role != Role.CHAIR:
            one.required = one.agency in agencies


def settle(
    case: Case, meeting: Meeting, absence: Absence, required: bool, asked_because: dict[str, str], as_at: datetime
) -> Iterator[Change]:
    """Withdraw an absence of an agency that was not required on the day, or let a withdrawn one stand again."""
    if required == (absence.withdrawn_on is None):
        return
    before = {"withdrawn_because": absence.withdrawn_because}
    if required:
        absence.withdrawn_on = absence.withdrawn_because = None
        action = "absence-stands-again"
    else:
        asked = asked_because.get(absence.agency, "")
        absence.withdrawn_on, action = london_date(as_at), "absence-withdrawn"
        absence.withdrawn_because = (
            f"not required on {long_date(meeting.on)}, by a fact recorded later"
            # A referral's reason is in the referrer's own words, which stay on the record of the case.
            + (f"; it had been asked because: {asked}" if asked and not asked.startswith(ASKED_FOR) else "")
        )[:300]
    yield Change(f"case/{case.id}", action, f"absence {absence.id}", before,
                 {"agency": absence.agency, "withdrawn_because": absence.withdrawn_because})  # fmt: skip
