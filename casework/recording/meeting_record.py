"""A meeting was held: the checklist is closed only when nothing the guidance asks for is blank.

Source: Joint inspection 2015, 5.23.

Every check comes before the first change, so that a refusal names all that is missing and leaves nothing behind.
"""

import datetime
from collections.abc import Iterator, Sequence
from datetime import time
from typing import Any

from sqlalchemy import select

from casework.absences import note_absences
from casework.attendance_changes import mark_required
from casework.change import CaseChange
from casework.errors import RefusedError
from casework.facts.attendance import attendance_facts, basis_of, kept_of, wanted_at
from casework.facts.meeting_sections import OPTIONAL_SECTIONS, sections
from casework.facts.person import in_their_words
from casework.levels import refuse_level, set_level
from casework.recording.actions import (
    carry_action,
    close_action,
    refuse_carrying,
    refuse_closing,
    refuse_setting,
    set_actions,
)
from casework.recording.carried_forward import confirms_nothing, unconfirmed
from casework.recording.contact_changes import dead_by
from casework.recording.disclosures import open_disclosures, propose
from casework.recording.earlier_disclosures import earlier_checks, hear_of_earlier
from casework.recording.fact_type import UNIT, FactType, Group
from casework.recording.meeting_form import Attended, MeetingRecord
from casework.recording.meeting_plan import Slot, add_meeting, find_meeting, level_of_meeting
from casework.recording.visits import ask_about_visits
from models.cases import Case
from models.meetings import Action, Meeting, Participant
from models.record import policies, working_calendar
from policy.agencies import Agency
from policy.attendance import CaseOverTime, below_minimum, required_on
from policy.calendar import LONDON, WorkingCalendar, london_time
from policy.kinds import Reviews
from policy.numbers import Policy
from policy.offsets import shift
from policy.roles import Role
from policy.texts import names_the_dead, plain, same
from policy.vocabulary import ActionState, Attendance, FactKind, Level, MeetingState
from policy.words import counted

# The place of a meeting of which only the day is known.
NOT_RECORDED = "not recorded"


def apply_meeting(change: CaseChange, form: MeetingRecord) -> str:
    """Record a meeting, with its attendance, decisions, actions and the next date."""
    planned = planned_meeting(change, form)
    level, reasons = (planned.level, []) if planned else level_of_meeting(change, form.level)
    open_actions = actions_to_tell(change, form.date)
    disclosures = {one.number: one for one in open_disclosures(change) if one.proposed_on < form.date}
    previous = previous_record(change, form.date)
    facts = attendance_facts(change.session, [change.case])[change.case.id]
    wanted = required_agencies(change, facts, form.date)
    reasons += [
        *wrong_day(planned, form),
        *unaccounted(form, wanted),
        *below_grade(change, form, level),
        *silent(form),
        *level_checks(change, form, level),
        *action_checks(change, form, open_actions, chair_of(planned, form)),
        *earlier_checks(form.previous_disclosures, disclosures, form.date),
        *disclosure_checks(form),
        *copied(form, previous, in_their_words(change.session, planned) if planned else ""),
        *names_the_dead(sections(form.model_dump(mode="json")), dead_by(change, form.date)),
        *next_meeting_checks(change, form),
        *declared_by_chair(form, chair_of(planned, form)),
    ]
    if reasons:
        raise RefusedError(reasons)
    meeting = planned or unplanned_meeting(change, form, level)
    if form.chair is not None:
        meeting.chair_name, meeting.chair_email = form.chair.name, form.chair.email or meeting.chair_email
    meeting.state, meeting.prepare_at = MeetingState.HELD, change.as_at
    meeting.record = form.model_dump(mode="json")
    keep_what_was_required(change, meeting, facts)
    attend(change, meeting, form.attendance, wanted)
    # Of a meeting that was not planned in the record, the invitations are not on record either.
    absent = note_absences(change.session, change.case, meeting, told=wanted if meeting.prepared_at is None else ())
    by_number = {action.number: action for action in open_actions}
    for told in form.previous_actions:
        if told.position == "carried":
            carry_action(change, by_number[told.action], told, form.date)
        else:
            close_action(change, by_number[told.action], told.position, told, form.date)
    set_actions(change, meeting, form.actions, form.date)
    hear_of_earlier(change, form.previous_disclosures, disclosures, form.date)
    if form.disclosure.decision == "disclose":
        propose(change, form.disclosure, form.date, meeting.id)
    decision = form.level_decision
    if int(decision.level) != change.case.level:
        set_level(change, int(decision.level), form.date, decision.reason, change.actor, meeting_id=meeting.id)
    if form.next_meeting is not None:
        add_meeting(change, form.next_meeting, int(decision.level), form.chair, [])
    last_on = previous.get("date")
    ask_about_visits(change, meeting, form.visits, datetime.date.fromisoformat(last_on) if last_on else None)
    told_of_absence = f"; neither came nor reported: {', '.join(absent)}" if absent else ""
    return (
        f"meeting {meeting.number} held on {form.date} at level {meeting.level}: level {int(decision.level)} decided, "
        f"{counted(len(form.actions), 'action')} set{told_of_absence}"
    )


def planned_meeting(change: CaseChange, form: MeetingRecord) -> Meeting | None:
    """Return the planned meeting this is the record of; None where it was held without having been planned."""
    if form.meeting is None:
        planned = change.session.scalars(
            select(Meeting).where(Meeting.case_id == change.case.id, Meeting.state == MeetingState.PLANNED)
        ).all()
        if not planned or all(meeting.on > form.date for meeting in planned):
            return None
        due = [meeting for meeting in planned if meeting.on == form.date]
        if len(due) == 1:
            return due[0]
    return find_meeting(change, form.meeting, MeetingState.PLANNED)


def wrong_day(planned: Meeting | None, form: MeetingRecord) -> Iterator[str]:
    """Yield that a meeting was planned for another day, or that the day and the time given do not agree."""
    if form.held is not None and form.held.starts_at.astimezone(LONDON).date() != form.date:
        yield f"held.starts_at: it is not on {form.date}, the date of the meeting"
    if planned is not None and planned.on != form.date:
        yield (
            f"date: meeting {planned.number} is planned for {planned.on}, not {form.date}; if it took place on "
            "another day, record 'meeting-move' first"
        )


def unplanned_meeting(change: CaseChange, form: MeetingRecord, level: int) -> Meeting:
    """Return a meeting that was held without having been planned in the record."""
    starts_at = london_time(form.date, time(0))
    slot = form.held or Slot.model_construct(starts_at=starts_at, minutes_long=0, place=NOT_RECORDED)
    return add_meeting(change, slot, level, form.chair, [])


def declared_by_chair(form: MeetingRecord, chair: str | None) -> Iterator[str]:
    """Yield that somebody other than the Chair made the Chair's declaration (Durham annual report 2005-06)."""
    if chair and plain(form.article_8.by) != plain(chair):
        yield f"article_8.by: the declaration of necessity and proportionality is the Chair's, and that is {chair}"


def chair_of(planned: Meeting | None, form: MeetingRecord) -> str | None:
    """Return the name of who chaired."""
    return form.chair.name if form.chair else planned.chair_name if planned else None


def required_agencies(change: CaseChange, facts: CaseOverTime, on: datetime.date) -> dict[str, str]:
    """Return the agencies required on the day of the meeting, and why, whoever was invited before that."""
    numbers = policies(change.session).for_area(change.case.area, on).attendance
    return {one.agency: one.reason for one in required_on(facts, on, numbers)}


def keep_what_was_required(change: CaseChange, meeting: Meeting, facts: CaseOverTime) -> None:
    """Keep with a meeting what a fact that is recorded later is judged against."""
    meeting.case_then = kept_of(facts) | {"practitioners": practitioners_of(change.case)}
    wanted = wanted_at(change.session, change.case, meeting, facts)
    meeting.basis = basis_of(change.case, meeting, facts, wanted)


def practitioners_of(case: Case) -> dict[str, str]:
    """Return who works with the person, by agency: of the lead agency and of the police; "" where nobody is named."""
    police = {Agency.POLICE.value: case.police_offender_manager or ""}
    return police | {case.lead_agency: case.offender_manager or police.get(case.lead_agency, "")}


def unaccounted(form: MeetingRecord, wanted: dict[str, str]) -> Iterator[str]:
    """Yield the required agencies of which nothing is said."""
    told = {row.agency for row in form.attendance}
    for agency, why in wanted.items():
        if agency not in told:
            yield (
                f"attendance: {agency} was required ({why}), and nothing is said of it: attended, "
                "apologies_with_report, apologies or absent"
            )
    for row in form.attendance:
        if row.status is Attendance.APOLOGIES_WITH_REPORT and not row.report:
            yield f"attendance, {row.agency}: apologies with a report need the report; without one they are 'apologies'"


def below_grade(change: CaseChange, form: MeetingRecord, level: int) -> Iterator[str]:
    """Yield who was there at level 3 below the minimum grade, without a reason why that will do.

    Source: Joint inspection 2015, 5.6.
    """
    for row in form.attendance:
        minimum = below_minimum(row.agency, row.grade, level, change.policy.attendance)
        if row.status is Attendance.ATTENDED and minimum and not row.grade_reason:
            yield (
                f"attendance, {row.agency}: at level 3 the policy asks for {minimum} or above; "
                f"grade_reason says why {row.grade or 'an unknown grade'} will do"
            )


def silent(form: MeetingRecord) -> Iterator[str]:
    """Yield the agencies that were there and whose view of the risk is not told, and views of those that were not."""
    there = {row.agency for row in form.attendance if row.status is Attendance.ATTENDED}
    for agency in sorted(there - {view.agency for view in form.risk_views} - {"mappa_unit"}):
        yield f"risk_views: {agency} was there, and its view of the risk is missing"


def level_checks(change: CaseChange, form: MeetingRecord, level: int) -> Iterator[str]:
    """Yield what is wrong with the level decided, and the question level 3 always asks (Joint inspection 2015, 7.5)."""
    yield from refuse_level(change, int(form.level_decision.level), None, where="level_decision.level")
    if level == Level.SENIOR_MULTI_AGENCY and form.critical_public_protection_case is None:
        yield "critical_public_protection_case: level 3 asks at every meeting: yes or no, with the reason"


def actions_to_tell(change: CaseChange, on: datetime.date) -> Sequence[Action]:
    """Return the open actions set before this meeting, of which it has to be told what became."""
    return change.session.scalars(
        select(Action)
        .where(Action.case_id == change.case.id, Action.state == ActionState.OPEN, Action.set_on < on)
        .order_by(Action.number)
    ).all()


def action_checks(
    change: CaseChange, form: MeetingRecord, open_actions: Sequence[Action], chair: str | None
) -> Iterator[str]:
    """Yield what is wrong with what is told of earlier actions, and with the new ones."""
    by_number = {action.number: action for action in open_actions}
    told = [one.action for one in form.previous_actions]
    for number in sorted(set(by_number) - set(told)):
        yield f"previous_actions: action {number} is open: done with its outcome, not_done or carried, with a reason"
    for one in form.previous_actions:
        action = by_number.get(one.action)
        if action is None or told.count(one.action) > 1:
            yield f"previous_actions: action {one.action} is not open, or is listed twice"
        elif one.position != "carried":
            yield from refuse_closing(action, one.position, one)
        yield from refuse_carrying(one, form.date)
    for new in form.actions:
        yield from refuse_setting(change, new, chair, form.date)


def previous_record(change: CaseChange, on: datetime.date) -> dict[str, Any]:
    """Return the record of the last meeting before this day."""
    held = change.session.scalars(
        select(Meeting)
        .where(Meeting.case_id == change.case.id, Meeting.state == MeetingState.HELD)
        .where(Meeting.starts_at < london_time(on, time(0)))
        .order_by(Meeting.starts_at.desc(), Meeting.id.desc())
        .limit(1)
    ).first()
    return held.record or {} if held else {}


def copied(form: MeetingRecord, previous: dict[str, Any], own_views: str) -> Iterator[str]:
    """Yield what stands as it did at the last meeting and nobody confirms, and what was left out without a word.

    Nothing is copied forward in silence (Joint inspection 2015, 5.14, 5.20, 5.23, 5.24); a disclosure is reasoned
    anew every time. What the person said when they were asked for this meeting (``own_views``) is no copy, though
    they say what they said last time.
    """
    before, now = sections(previous), sections(form.model_dump(mode="json"))
    when = previous.get("date")
    said_again = plain(form.offender_views) == plain(own_views)
    asked = {name: text for name, text in before.items() if name != "offender_views" or not said_again}
    yield from unconfirmed(asked, now, form.carried_forward, when, never=("disclosure.reason",))
    yield from confirms_nothing(before, now, form.carried_forward)
    for name in OPTIONAL_SECTIONS:
        if name in before and name not in now and name not in form.struck:
            yield f"{name}: it was in the record of {when}: write what is true now, or say in 'struck' why not"
    for name in form.struck:
        if name not in before or name in now:
            yield f"struck.{name}: no section of this name was there at the last meeting and is left out now"


def disclosure_checks(form: MeetingRecord) -> Iterator[str]:
    """Yield that what is disclosed would have to be made before it was decided."""
    if form.disclosure.due_on is not None and form.disclosure.due_on < form.date:
        yield f"disclosure.due_on: {form.disclosure.due_on} is before the meeting"


def next_meeting_checks(change: CaseChange, form: MeetingRecord) -> Iterator[str]:
    """Yield what is wrong with the next date: none at level 2 or 3, or later than the level allows.

    Source: Joint inspection 2015, 5.1.
    """
    level, following = form.level_decision.level, form.next_meeting
    if level is Level.LEAD_AGENCY:
        if following is not None:
            yield "next_meeting: at level 1 the lead agency reviews: leave the next meeting out"
        return
    latest = latest_for(level, form.date, change.policy, working_calendar(change.session))
    if following is None:
        yield f"next_meeting: at level {int(level)} the next date is set at the meeting, by {latest}"
        return
    day = following.starts_at.astimezone(LONDON).date()
    if day <= form.date:
        yield f"next_meeting: {day} is not after this meeting"
    elif day > latest and not following.late_because:
        yield f"next_meeting: {day} is later than level {int(level)} allows ({latest}); late_because says why"


def latest_for(level: Level, on: datetime.date, policy: Policy, calendar: WorkingCalendar) -> datetime.date:
    """Return the last day on which the meeting after one at level 2 or 3 may be (Joint inspection 2015, 5.1)."""
    kind = Reviews.LEVEL_2_REVIEW if level is Level.MULTI_AGENCY else Reviews.LEVEL_3_REVIEW
    return shift(on, policy.timescales[kind].offset, calendar)


def attend(change: CaseChange, meeting: Meeting, rows: Sequence[Attended], wanted: dict[str, str]) -> None:
    """Write down who was there and how: on the invitation where there was one, else as somebody who came besides."""
    query = select(Participant).where(Participant.meeting_id == meeting.id).order_by(Participant.id)
    listed = list(change.session.scalars(query))
    mark_required(listed, wanted)
    for row, invited in matched(listed, rows):
        if invited is None:
            invited = Participant(
                meeting_id=meeting.id,
                agency=row.agency,
                required=row.agency in wanted,
                reason=wanted.get(row.agency, "")[:300] or None,
                email=row.email,
            )
            change.session.add(invited)
        if invited.role != Role.CHAIR:
            invited.role = row.role
        invited.name, invited.grade = row.name, row.grade
        invited.status, invited.report, invited.grade_reason = row.status, row.report, row.grade_reason
    change.session.flush()


def matched(invited: list[Participant], rows: Sequence[Attended]) -> Iterator[tuple[Attended, Participant | None]]:
    """Yield each row of attendance with the invitation it answers, every invitation once.

    Those known by address or name first; only then does somebody else stand in for an invited one of the agency,
    and nobody does for the Chair.
    """
    left, found = list(invited), dict[int, Participant]()
    for place, row in enumerate(rows):
        known = next((one for one in left if one.agency == row.agency and is_same(one, row)), None)
        if known is not None:
            found[place] = known
            left.remove(known)
    for place, row in enumerate(rows):
        of_agency = [one for one in left if one.agency == row.agency and one.role != Role.CHAIR]
        if place not in found and of_agency:
            found[place] = of_agency[0]
            left.remove(of_agency[0])
        yield row, found.get(place)


def is_same(invited: Participant, row: Attended) -> bool:
    """Tell whether a row of attendance is the very person invited."""
    by_address = bool(row.email) and invited.email == row.email
    return by_address or bool(invited.name and same(invited.name, row.name))


KINDS = (
    FactType(
        kind=FactKind.MEETING,
        title="Record of a meeting",
        hint="Record a meeting that was held: who was there, what was said and what was decided.",
        group=Group.MEETINGS,
        who=(Role.CHAIR, *UNIT),
        offered_when=lambda now: now.meeting_planned,
        form=MeetingRecord,
        apply=apply_meeting,
        reads_facts=True,
    ),
)
