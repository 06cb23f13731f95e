"""A held meeting as its minutes tell it: its record, and what of the case belongs to it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from casework.documents.carried import Carried
from casework.documents.papers_outside import recorded_visits
from casework.documents.particulars import last_held
from casework.documents.wording import Names, agency_names
from casework.facts.meeting_sections import sections
from casework.facts.release_day import door_of
from models.disclosures import Disclosure
from models.meetings import Action, Meeting
from models.record import policies
from policy.at_the_table import Seat, must_inform_at
from policy.vocabulary import Attendance
from policy.words import NOT_RECORDED, day_of


@dataclass(frozen=True, slots=True)
class Held:
    """A meeting, its record, the day of the one before, and its actions and disclosures: set here, and told of here.

    ``door``: the day on which the person leaves custody, where it is known. ``standing``: what stands as at the meeting
    before. ``must_inform``: the agencies without whose word a meeting is not fully informed; ``seats_before``: who was
    at the meeting before. ``visits``: those since that one, recorded one by one or told here. ``closed_before``,
    ``disclosures_closed_before``: those closed since that one, outside any meeting.
    """

    meeting: Meeting
    record: dict[str, Any]
    last_on: date | None
    standing: Carried
    earlier: dict[int, Action]
    closed_before: Sequence[Action]
    set_here: Sequence[Action]
    disclosures_told: dict[int, Disclosure]
    disclosures_closed_before: Sequence[Disclosure]
    disclosed_here: Disclosure | None
    agency_name: Names
    door: date | None
    must_inform: Sequence[str] = ()
    seats_before: Sequence[Seat] = ()
    visits: Sequence[dict[str, Any]] = ()

    @property
    def chair(self) -> str:
        """Return who chaired."""
        return self.meeting.chair_name or NOT_RECORDED

    def carried(self, section: str) -> str:
        """Return what to say of a section that stands as it did at the meeting before; "" where it was written anew."""
        return self.standing.note(section)

    def reasoned(self, section: str, reason: str) -> list[tuple[str, str]]:
        """Return the rows of a reason: its words, and what stands of it as at the meeting before."""
        note = self.carried(section)
        return [("Reason", reason), *([("About the reason", note)] if note else [])]

    @property
    def before(self) -> str:
        """Return the meeting before in words."""
        return self.standing.since


def standing_at(meeting: Meeting, last: Meeting | None) -> Carried:
    """Return what of the record of a meeting stands as at the one before."""
    record = meeting.record or {}
    return Carried(
        since=f"the meeting of {day_of(last.on.isoformat())}" if last else "an earlier meeting",
        before=sections((last.record if last else None) or {}),
        now=sections(record),
        confirmed=record.get("carried_forward") or {},
    )


def read_held(session: Session, meeting: Meeting) -> Held:
    """Return a held meeting with what its minutes need."""
    assert meeting.record is not None, "a meeting is held by being recorded"
    last = last_held(session, meeting)
    actions = session.scalars(select(Action).where(Action.case_id == meeting.case_id).order_by(Action.number)).all()
    disclosures = session.scalars(
        select(Disclosure).where(Disclosure.case_id == meeting.case_id).order_by(Disclosure.number)
    ).all()
    told, disclosed = told_of(meeting)
    before, disclosed_before = told_of(last)
    return Held(
        meeting=meeting,
        record=meeting.record,
        last_on=last.on if last else None,
        standing=standing_at(meeting, last),
        earlier={action.number: action for action in actions if action.number in told},
        closed_before=[action for action in actions if closed_between(action, last, meeting, told | before)],
        set_here=[action for action in actions if action.meeting_id == meeting.id],
        disclosures_told={one.number: one for one in disclosures if one.number in disclosed},
        disclosures_closed_before=[
            one for one in disclosures if closed_between(one, last, meeting, disclosed | disclosed_before)
        ],
        disclosed_here=next((one for one in disclosures if one.meeting_id == meeting.id), None),
        agency_name=agency_names(session, meeting.case.area, meeting.on),
        door=door_of(session, meeting.case),
        must_inform=must_inform(session, meeting),
        seats_before=seats_of(last),
        visits=visits_by(session, meeting, last),
    )


def visits_by(session: Session, meeting: Meeting, last: Meeting | None) -> list[dict[str, Any]]:
    """Return the visits since the meeting before, the oldest first: recorded one by one, or told at this meeting."""
    recorded = recorded_visits(session, meeting.case, last.on if last else date.min)
    told = [
        *(one for one in recorded if one["on"] <= meeting.on.isoformat()),
        *(meeting.record or {}).get("visits", []),
    ]
    return sorted(told, key=lambda one: one["on"])


def must_inform(session: Session, meeting: Meeting) -> tuple[str, ...]:
    """Return the agencies without whose word a meeting is not fully informed, by the policy of its day."""
    numbers = policies(session).for_area(meeting.case.area, meeting.on).attendance
    return must_inform_at(meeting.level, numbers)


def seats_of(meeting: Meeting | None) -> list[Seat]:
    """Return who was listed for a meeting, and how they took part."""
    return [
        Seat(one.agency, one.name or "", one.required, Attendance(one.status) if one.status else None)
        for one in (meeting.participants if meeting else ())
    ]


def told_of(meeting: Meeting | None) -> tuple[set[int], set[int]]:
    """Return the numbers of the actions and of the disclosures of which a meeting was told what became of them.

    A meeting recorded before disclosures were followed up tells of none.
    """
    record = (meeting.record if meeting else None) or {}
    return (
        {one["action"] for one in record.get("previous_actions", [])},
        {one["disclosure"] for one in record.get("previous_disclosures", [])},
    )


def closed_between(one: Action | Disclosure, last: Meeting | None, meeting: Meeting, told: set[int]) -> bool:
    """Tell whether something was closed after the meeting before and by this one, and neither was told of it."""
    if one.closed_on is None or one.number in told or one.meeting_id == meeting.id:
        return False
    return one.closed_on <= meeting.on and (last is None or one.closed_on >= last.on)
