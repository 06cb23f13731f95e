"""The rows an indicator is counted from: one query for each way of reading the record.

Every query has the same columns. ``why`` is a word of ``figures.indicators.reasons``, and ``number`` follows from it: 1
for a row that counts, 0 for one that does not, null for one that is left out, as it was not owed. The counting adds up
``number`` and the explanation lists the rows, so the two cannot differ.
"""

from collections.abc import Callable, Iterator, Sequence
from datetime import date, time, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Date, Integer, String, and_, case, cast, func, literal, null, select, type_coerce
from sqlalchemy.orm import aliased

from figures.indicators.reasons import Why, number_of
from figures.london import london_day
from figures.periods import Period
from figures.stood import Stood, of_case
from models.base import table_of
from models.board_meetings import BoardInvitation, BoardMeeting
from models.meetings import Action, Meeting, Participant
from models.obligations import Timescale
from models.people import Person
from models.referrals import Referral
from policy.agencies import Agency
from policy.calendar import london_time
from policy.indicators import Indicator, Reads, Share
from policy.vocabulary import ActionState, Attendance, AtTheBoard, Level, MeetingState, State

Query = Any
Verdict = Sequence[tuple[ColumnElement[bool] | None, Why]]
"""Conditions, each with its reason; the first that holds decides. The last has none."""
MULTI_AGENCY = (Level.MULTI_AGENCY, Level.SENIOR_MULTI_AGENCY)
LEAD_AGENCY = "lead_agency"
"""What stands for the lead agency in a timescale that it owes."""
duty, meeting, action, referral = map(table_of, (Timescale, Meeting, Action, Referral))
board_meeting, invitation = table_of(BoardMeeting), table_of(BoardInvitation)


def row(
    indicator: ColumnElement[str], of: Any, day: ColumnElement[Any], stood: Stood, agency: Any, level: Any,
    verdict: Verdict, *, label: Any = None, due_on: Any = None, done_on: Any = None,
) -> Query:  # fmt: skip
    """Return the query of a way of reading, without its tables; ``of`` is the row's table, which has the case."""
    none, nobody = cast(null(), Date), cast(null(), String(80))
    number, why = decided(verdict, number_of), decided(verdict, lambda one: one.value)
    return select(
        indicator.label("indicator"),
        of.c.case_id.label("case_id"),
        of.c.id.label("row_id"),
        day.label("day"),
        stood.area.label("area"),
        stood.unit.label("unit"),
        agency.label("agency"),
        level.label("level"),
        number.label("number"),
        why.label("why"),
        (nobody if label is None else label).label("label"),
        (none if due_on is None else due_on).label("due_on"),
        (none if done_on is None else done_on).label("done_on"),
    )


def decided(verdict: Verdict, value: Callable[[Why], Any]) -> Any:
    """Return the value that the first condition decides on."""
    conditions = [(condition, value(why)) for condition, why in verdict if condition is not None]
    return case(*conditions, else_=value(verdict[-1][1]))


def duty_verdict(today: date) -> Verdict:
    """Return how a duty counts, read from the state that the rules wrote.

    Due means that its day has ended. What was overtaken by its due date was never late. A pause moves no due date.
    """
    state, due_on, met_on = duty.c.state, duty.c.due_on, duty.c.met_on
    return (
        (state == State.CANCELLED, Why.NEVER_OWED),
        (due_on >= today, Why.NOT_DUE),
        (and_(state == State.MISSED, duty.c.missed_on <= due_on), Why.ENDED_BEFORE),
        (and_(state == State.MET, met_on <= due_on), Why.ON_TIME),
        (state == State.MET, Why.LATE),
        (state == State.MISSED, Why.NEVER_DONE),
        (state == State.PAUSED, Why.PAUSED),
        (None, Why.NOT_DONE),
    )


def duties(chosen: Sequence[Indicator], period: Period, today: date, tables: Any, level: Any, stood: Stood) -> Query:
    """Return the timescales of some indicators that were due in a period."""
    by_kind = {one.spec.kind.value: one.value for one in chosen if one.spec.kind is not None}
    indicator = case(by_kind, value=duty.c.kind)
    agency = case((duty.c.owner_agency == LEAD_AGENCY, stood.lead_agency), else_=duty.c.owner_agency)
    done_on = func.coalesce(duty.c.met_on, duty.c.missed_on)
    query = row(indicator, duty, duty.c.due_on, stood, agency, level, duty_verdict(today),
                label=duty.c.label, due_on=duty.c.due_on, done_on=done_on)  # fmt: skip
    not_meant = [
        and_(
            duty.c.kind == one.spec.kind.value, type_coerce(duty.c.subject, String).startswith(f"{one.spec.not_about} ")
        )
        for one in chosen
        if one.spec.kind is not None and one.spec.not_about
    ]
    within = duty.c.due_on.between(period.first, period.last)
    return query.select_from(tables).where(duty.c.kind.in_(by_kind), within, *(~one for one in not_meant))


def plain_duties(chosen: Sequence[Indicator], period: Period, today: date) -> Query:
    """Return timescales at the level at which the case stood on the due date; a review is one of its own level."""
    stood = Stood(duty.c.due_on)
    reviews = {f"level_{level}_review": level.value for level in Level}
    level = case(*((duty.c.kind == kind, number) for kind, number in reviews.items()), else_=stood.level)
    return duties(chosen, period, today, stood.joined(duty, duty.c.case_id), level, stood)


def duties_of_meetings(chosen: Sequence[Indicator], period: Period, today: date) -> Query:
    """Return timescales about a meeting, at the level at which it was held."""
    stood = Stood(duty.c.due_on)
    of_meeting = and_(
        meeting.c.case_id == duty.c.case_id, cast(meeting.c.id, String) == type_coerce(duty.c.subject, String)
    )
    tables = stood.joined(duty.join(meeting, of_meeting), duty.c.case_id)
    return duties(chosen, period, today, tables, meeting.c.level, stood)


def duties_of_actions(chosen: Sequence[Indicator], period: Period, today: date) -> Query:
    """Return timescales about an action, at the level of the meeting that set it."""
    stood = Stood(duty.c.due_on)
    of_action = and_(
        action.c.case_id == duty.c.case_id, cast(action.c.id, String) == type_coerce(duty.c.subject, String)
    )
    with_meeting = duty.join(action, of_action).join(meeting, meeting.c.id == action.c.meeting_id)
    tables = stood.joined(with_meeting, duty.c.case_id)
    return duties(chosen, period, today, tables, meeting.c.level, stood)


def referrals(chosen: Sequence[Indicator], period: Period, today: date) -> Query:  # noqa: ARG001  as its neighbours
    """Return the referrals received in a period, each as it was received."""
    (one,) = chosen
    day = referral.c.received_on
    stood = Stood(day)
    query = row(literal(one.value), referral, day, stood, stood.lead_agency, stood.level,
                ((referral.c.complete, Why.COMPLETE), (None, Why.INCOMPLETE)))  # fmt: skip
    within = day.between(period.first, period.last)
    return query.select_from(stood.joined(referral, referral.c.case_id)).where(within)


def actions(chosen: Sequence[Indicator], period: Period, today: date) -> Query:  # noqa: ARG001  as its neighbours
    """Return the actions closed in a period."""
    (one,) = chosen
    day = action.c.closed_on
    stood = Stood(day)
    told = and_(action.c.state.in_((ActionState.DONE, ActionState.ACCEPTED)), func.trim(action.c.outcome) != "")
    label = literal("number ") + cast(action.c.number, String)
    query = row(literal(one.value), action, day, stood, action.c.agency, meeting.c.level,
                ((told, Why.OUTCOME), (None, Why.NO_OUTCOME)), label=label)  # fmt: skip
    tables = stood.joined(action.join(meeting, meeting.c.id == action.c.meeting_id), action.c.case_id)
    return query.select_from(tables).where(day.between(period.first, period.last))


def held(period: Period) -> ColumnElement[bool]:
    """Return the condition of meetings at level 2 or 3 held on a day of a period."""
    first, after = (london_time(day, time(0)) for day in (period.first, period.last + timedelta(days=1)))
    return and_(
        meeting.c.state == MeetingState.HELD,
        meeting.c.level.in_(MULTI_AGENCY),
        meeting.c.starts_at >= first,
        meeting.c.starts_at < after,
    )


def number_of_meeting() -> ColumnElement[str]:
    """Return what tells a meeting from others of its case."""
    return literal("meeting ") + cast(meeting.c.number, String)


def disclosure(chosen: Sequence[Indicator], period: Period, today: date) -> Query:  # noqa: ARG001  as its neighbours
    """Return the meetings of a period, each with what its record says of disclosure.

    No meeting can be recorded without the decision and its reason, so one whose record was erased had them.
    """
    (one,) = chosen
    day = london_day(meeting.c.starts_at)
    stood = Stood(day)
    told = meeting.c.record["disclosure"]
    decision, reason = (func.coalesce(func.trim(told[name].as_string()), "") for name in ("decision", "reason"))
    gone = and_(Person.erased, meeting.c.record.is_(null()))
    verdict = ((gone, Why.ERASED), (decision == "", Why.NOT_CONSIDERED), (reason == "", Why.NO_REASON),
               (None, Why.CONSIDERED))  # fmt: skip
    query = row(literal(one.value), meeting, day, stood, literal(Agency.MAPPA_UNIT.value), meeting.c.level, verdict,
                label=number_of_meeting())  # fmt: skip
    tables = stood.joined(meeting, meeting.c.case_id).join(Person, Person.id == of_case.c.person_id)
    return query.select_from(tables).where(held(period))


def attendance(chosen: Sequence[Indicator], period: Period, today: date) -> Iterator[Query]:  # noqa: ARG001  likewise
    """Yield, for each way of counting attendance, the agencies at the meetings of a period.

    An agency stands once for each meeting, however many people of it were invited or came; the MAPPA unit is no guest.
    """
    day = london_day(meeting.c.starts_at)
    for one in chosen:
        stood, there = Stood(day), agencies_at(period)
        invitations_known, invited, required = meeting.c.prepared_at.is_not(None), there.c.invited, there.c.required
        came: Verdict = ((there.c.attended == 1, Why.ATTENDED), (there.c.reported == 1, Why.REPORTED),
                         (None, Why.STAYED_AWAY))  # fmt: skip
        asked: Verdict = ((invited == 1, Why.INVITED), (None, Why.NOT_INVITED))
        unknown = (~invitations_known, Why.NOT_ON_RECORD)
        verdict, among = {
            Share.ATTENDED_OF_REQUIRED: (came, required == 1),
            Share.INVITED_OF_REQUIRED: ((unknown, *asked), required == 1),
            Share.ATTENDED_OF_INVITED: (came, and_(invitations_known, invited == 1)),
        }[one.spec.share or Share.ATTENDED_OF_REQUIRED]
        query = row(literal(one.value), meeting, day, stood, there.c.agency, meeting.c.level, verdict,
                    label=number_of_meeting())  # fmt: skip
        tables = stood.joined(meeting.join(there, there.c.meeting_id == meeting.c.id), meeting.c.case_id)
        of_agency = [there.c.agency == one.spec.of_agency] if one.spec.of_agency else []
        yield query.select_from(tables).where(held(period), among, *of_agency)


def agencies_at(period: Period) -> Any:
    """Return each agency at each meeting of a period, with 1 or 0 for required, invited, attended and reported."""

    def any_of(condition: Any) -> ColumnElement[int]:
        return func.max(case((condition, 1), else_=0))

    return (
        select(
            Participant.meeting_id,
            Participant.agency,
            any_of(Participant.required).label("required"),
            any_of(Participant.invited_at.is_not(None)).label("invited"),
            any_of(Participant.status == Attendance.ATTENDED).label("attended"),
            any_of(Participant.status == Attendance.APOLOGIES_WITH_REPORT).label("reported"),
        )
        .join(meeting, meeting.c.id == Participant.meeting_id)
        .where(held(period), Participant.agency != Agency.MAPPA_UNIT)
        .group_by(Participant.meeting_id, Participant.agency)
        .subquery()
    )


def continuity(chosen: Sequence[Indicator], period: Period, today: date) -> Query:  # noqa: ARG001  likewise
    """Return the agencies that came to the meetings of a period and to the one before, and whether one person did.

    Names are compared without their case. The MAPPA unit is no guest.
    """
    (one,) = chosen
    earlier, now, then = aliased(Meeting), aliased(Participant), aliased(Participant)
    before = (
        select(earlier.id)
        .where(earlier.case_id == meeting.c.case_id, earlier.state == MeetingState.HELD)
        .where(earlier.starts_at < meeting.c.starts_at)
        .order_by(earlier.starts_at.desc(), earlier.id.desc())
        .limit(1)
        .correlate(meeting)
        .scalar_subquery()
    )
    alike = func.lower(func.trim(now.name)) == func.lower(func.trim(then.name))
    there = (
        select(now.meeting_id, now.agency, func.max(case((alike, 1), else_=0)).label("same"))
        .join(meeting, meeting.c.id == now.meeting_id)
        .join(then, and_(then.meeting_id == before, then.agency == now.agency))
        .where(held(period), now.agency != Agency.MAPPA_UNIT)
        .where(now.status == Attendance.ATTENDED, then.status == Attendance.ATTENDED)
        .group_by(now.meeting_id, now.agency)
        .subquery()
    )
    day = london_day(meeting.c.starts_at)
    stood = Stood(day)
    verdict: Verdict = ((there.c.same == 1, Why.SAME_PERSON), (None, Why.OTHER_PERSON))
    query = row(literal(one.value), meeting, day, stood, there.c.agency, meeting.c.level, verdict,
                label=number_of_meeting())  # fmt: skip
    tables = stood.joined(meeting.join(there, there.c.meeting_id == meeting.c.id), meeting.c.case_id)
    return query.select_from(tables).where(held(period))


def board(chosen: Sequence[Indicator], period: Period, today: date) -> Query:  # noqa: ARG001  as its neighbours
    """Return the agencies invited to the meetings of the board in a period that must co-operate; of no case."""
    (one,) = chosen

    def any_of(how: AtTheBoard) -> ColumnElement[int]:
        return func.max(case((invitation.c.attendance == how, 1), else_=0))

    there = (
        select(
            invitation.c.meeting_id,
            invitation.c.agency,
            any_of(AtTheBoard.ATTENDED).label("attended"),
            any_of(AtTheBoard.APOLOGIES).label("apologies"),
        )
        .where(invitation.c.has_duty)
        .group_by(invitation.c.meeting_id, invitation.c.agency)
        .subquery()
    )
    verdict: Verdict = ((there.c.attended == 1, Why.ATTENDED), (there.c.apologies == 1, Why.APOLOGIES),
                        (None, Why.STAYED_AWAY))  # fmt: skip
    none, nobody = cast(null(), Date), cast(null(), String(80))
    day = board_meeting.c.held_on
    query: Query = select(
        literal(one.value).label("indicator"),
        cast(null(), Integer).label("case_id"),
        board_meeting.c.id.label("row_id"),
        day.label("day"),
        board_meeting.c.area.label("area"),
        literal("").label("unit"),
        there.c.agency.label("agency"),
        literal(0).label("level"),
        decided(verdict, number_of).label("number"),
        decided(verdict, lambda why: why.value).label("why"),
        nobody.label("label"),
        none.label("due_on"),
        none.label("done_on"),
    )
    tables = board_meeting.join(there, there.c.meeting_id == board_meeting.c.id)
    return query.select_from(tables).where(day.between(period.first, period.last))


ONE_QUERY = {
    Reads.DUTIES: plain_duties,
    Reads.DUTIES_OF_MEETINGS: duties_of_meetings,
    Reads.DUTIES_OF_ACTIONS: duties_of_actions,
    Reads.REFERRALS: referrals,
    Reads.ACTIONS: actions,
    Reads.DISCLOSURE: disclosure,
    Reads.CONTINUITY: continuity,
    Reads.BOARD: board,
}


def queries(chosen: Sequence[Indicator], period: Period, today: date) -> Iterator[Query]:
    """Yield the queries whose rows some indicators are counted from, in a period.

    ``today``: what is due on it or later is not counted yet.
    """
    for reads in Reads:
        of_these = [one for one in chosen if one.spec.reads is reads]
        if not of_these:
            continue
        if reads is Reads.ATTENDANCE:
            yield from attendance(of_these, period, today)
        else:
            yield ONE_QUERY[reads](of_these, period, today)
