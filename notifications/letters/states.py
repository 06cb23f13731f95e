"""Where a duty stands when a message is written: a meeting is planned already, minutes are drafted, or not final."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from models.cases import Case
from models.meetings import Meeting, MinutesVersion
from notifications.letters.rendering import PromptLine
from policy.calendar import LONDON, london_date
from policy.kinds import BY_NAME
from policy.kinds.spec import DutyState
from policy.vocabulary import MeetingState, MinutesState
from policy.words import near_date


def with_states(session: Session, lines: Sequence[PromptLine], as_at: datetime) -> list[PromptLine]:
    """Return the lines, each with the state of its duty where its kind has words for one."""
    speaking = [line for line in lines if line.kind in BY_NAME and BY_NAME[line.kind].spec.by_state]
    if not speaking:
        return list(lines)
    wanted = {state for line in speaking for state in BY_NAME[line.kind].spec.by_state}
    planned = planned_meetings(session, speaking, as_at) if DutyState.MEETING_PLANNED in wanted else {}
    minuted = newest_minutes(session, speaking) if wanted - {DutyState.MEETING_PLANNED} else {}
    return [stated(line, planned, minuted, as_at) if line in speaking else line for line in lines]


def planned_meetings(session: Session, lines: Sequence[PromptLine], as_at: datetime) -> dict[str, datetime]:
    """Return when the next planned meeting of each case begins, by reference."""
    query = (
        select(Case.reference, func.min(Meeting.starts_at).label("begins"))
        .join(Case, Case.id == Meeting.case_id)
        .where(Case.reference.in_({line.reference for line in lines}))
        .where(Meeting.state == MeetingState.PLANNED, Meeting.starts_at >= as_at)
        .group_by(Case.reference)
    )
    return {row.reference: row.begins for row in session.execute(query)}


def newest_minutes(session: Session, lines: Sequence[PromptLine]) -> dict[int, str]:
    """Return the state of the newest version of the minutes of each meeting."""
    meetings = {line.subject.row for line in lines if line.subject.row is not None}
    query = (
        select(MinutesVersion.meeting_id, MinutesVersion.state)
        .where(MinutesVersion.meeting_id.in_(meetings))
        .order_by(MinutesVersion.version)
    )
    return {row.meeting_id: row.state for row in session.execute(query)}


def stated(line: PromptLine, planned: dict[str, datetime], minuted: dict[int, str], as_at: datetime) -> PromptLine:
    """Return a line with the state of its duty, and the day of the meeting that is planned."""
    known = BY_NAME[line.kind].spec.by_state
    if DutyState.MEETING_PLANNED in known and line.reference in planned:
        begins = planned[line.reference].astimezone(LONDON)
        late = " That is after the due date." if begins.date() > line.due_on else ""
        told = f"A meeting is planned for {near_date(begins.date(), london_date(as_at))}, {begins:%H:%M}.{late}"
        return replace(line, state=DutyState.MEETING_PLANNED, told=told)
    version = minuted.get(line.subject.row or 0)
    if version == MinutesState.DRAFT and DutyState.MINUTES_DRAFTED in known:
        return replace(line, state=DutyState.MINUTES_DRAFTED)
    if version == MinutesState.APPROVED and DutyState.MINUTES_APPROVED in known:
        return replace(line, state=DutyState.MINUTES_APPROVED)
    if version != MinutesState.FINAL and DutyState.MINUTES_NOT_FINAL in known:
        return replace(line, state=DutyState.MINUTES_NOT_FINAL)
    return line
