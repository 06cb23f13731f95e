"""A meeting as its room finds it: what was kept so far, the words of the last time, and who must be here."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from casework.documents.particulars import last_held
from casework.facts.attendance import attendance_facts, wanted_at
from casework.facts.meeting_sections import sections
from casework.recording.disclosures import OPEN
from casework.recording.fact_type import FactType
from casework.recording.registry import KINDS
from casework.recording.rooms import room_of, ticket_of
from models.cases import Draft
from models.disclosures import Disclosure
from models.meetings import Action, Meeting, Participant
from models.record import policies
from policy.errors import ConflictError, NotFoundError
from policy.vocabulary import ActionState, Attendance, FactKind, MeetingState
from policy.words import long_date, opening, role_name
from web.desk.forms.shape import ShapedField, shaped
from web.desk.room.standing import Parts
from web.desk.room.steps import Step, steps_at
from web.visit import Visit

FACT: FactType = KINDS[FactKind.MEETING]


@dataclass(frozen=True, slots=True)
class Room:
    """A meeting in its room.

    ``data`` is the record as far as it is, ``parts`` what was said of the words of the last time, ``saved`` the steps
    that were saved. ``before`` are the sections of the last record, ``last`` that record, ``last_on`` its day.
    ``wanted``: why each agency must be here. ``owner``: who has it in hand, "" before anybody has.
    """

    meeting_id: int
    number: int
    level: int
    on: date
    starts_at: datetime
    place: str
    chair: str
    state: str
    ticket: str
    data: dict[str, Any]
    parts: Parts
    saved: Sequence[str]
    reasons: Sequence[str]
    owner: str
    kept_by: str
    kept_at: datetime | None
    put_down: bool
    recorded: int | None
    before: Mapping[str, str]
    last: Mapping[str, Any]
    last_on: date | None
    wanted: Mapping[str, str]
    fields: Mapping[str, ShapedField]

    @property
    def steps(self) -> list[Step]:
        """Return the steps of the agenda."""
        return steps_at(self.level)

    @property
    def path(self) -> str:
        """Return what follows the address of the case."""
        return f"/meetings/{self.number}/room"

    def step(self, name: str) -> Step:
        """Return a step by its name; ``NotFoundError`` where the agenda has none."""
        found = next((step for step in self.steps if step.name == name), None)
        if found is None:
            raise NotFoundError("the agenda of this meeting has no such step")
        return found

    def fields_of(self, step: Step) -> list[ShapedField]:
        """Return the fields of a step as a page shows them."""
        return [self.fields[name] for name in step.fields]

    def present(self) -> list[dict[str, Any]]:
        """Return who is here, as the grid says so far."""
        return [row for row in self.data.get("attendance") or () if row.get("status") == Attendance.ATTENDED]


def room_asked(session: Session, visit: Visit) -> Room:
    """Return the room that an address names.

    ``ConflictError`` for a meeting that cannot be recorded: it is to come, was cancelled, or nobody kept its room.
    """
    found = select(Meeting).where(Meeting.case_id == visit.case.id, Meeting.number == visit.number("number"))
    meeting = session.scalar(found)
    if meeting is None:
        raise NotFoundError("the case has no such meeting")
    draft = room_of(session, meeting)
    if meeting.state == MeetingState.PLANNED and meeting.on > visit.today:
        raise ConflictError(f"this meeting is on {long_date(meeting.on)}; its room opens on that day")
    if meeting.state != MeetingState.PLANNED and draft is None:
        raise ConflictError(f"this meeting is {meeting.state}: there is nothing to record in its room")
    last = last_held(session, meeting)
    record: dict[str, Any] = (last.record if last else None) or {}
    policy = policies(session).for_area(visit.case.area, meeting.on)
    aside: dict[str, Any] = (draft.aside if draft else None) or {}
    wanted = agencies_wanted(session, meeting)
    return Room(
        meeting_id=meeting.id, number=meeting.number, level=meeting.level, on=meeting.on, starts_at=meeting.starts_at,
        place=meeting.place, chair=meeting.chair_name or "", state=meeting.state, ticket=ticket_of(meeting),
        data=dict(draft.data) if draft else known_before(session, meeting, wanted),
        parts=aside.get("parts", {}), saved=aside.get("steps", []), reasons=draft.reasons if draft else [],
        owner=(draft.owner or "") if draft else "", kept_by=draft.kept_by if draft else "",
        kept_at=draft.kept_at if draft else None, put_down=was_put_down(draft),
        recorded=draft.id if draft is not None and draft.outcome is not None else None,
        before=sections(record), last=record, last_on=last.on if last else None, wanted=wanted,
        fields={field.name: field for field in shaped(FACT.form, policy)},
    )  # fmt: skip


def was_put_down(draft: Draft | None) -> bool:
    """Tell whether somebody put the record of a meeting down unfinished."""
    return draft is not None and draft.settled_at is not None and draft.outcome is None


def agencies_wanted(session: Session, meeting: Meeting) -> dict[str, str]:
    """Return the agencies that must be at a meeting on its day, each with the reason."""
    known = attendance_facts(session, [meeting.case])[meeting.case_id]
    return {one.agency: one.reason for one in wanted_at(session, meeting.case, meeting, known)}


def known_before(session: Session, meeting: Meeting, wanted: Mapping[str, str]) -> dict[str, Any]:
    """Return what is known of a meeting before it begins: who is asked to it, and what is open from earlier ones."""
    acted = select(Action.number).where(
        Action.case_id == meeting.case_id, Action.state == ActionState.OPEN, Action.set_on < meeting.on
    )
    disclosed = select(Disclosure.number).where(
        Disclosure.case_id == meeting.case_id, Disclosure.state.in_(OPEN), Disclosure.proposed_on < meeting.on
    )
    found: dict[str, Any] = {
        "date": str(meeting.on),
        "meeting": meeting.number,
        "attendance": with_the_wanted([invited(one) for one in meeting.participants], wanted),
        "previous_actions": [{"action": number} for number in session.scalars(acted.order_by(Action.number))],
        "previous_disclosures": [
            {"disclosure": number} for number in session.scalars(disclosed.order_by(Disclosure.number))
        ],
    }
    if meeting.chair_name:
        found |= {"confidentiality": {"by": meeting.chair_name}, "article_8": {"by": meeting.chair_name}}
    if meeting.case.level:
        found["level_decision"] = {"level": meeting.case.level}
    return found


def invited(one: Participant) -> dict[str, Any]:
    """Return the line of somebody invited; of one who only stands in for an agency, the agency alone."""
    if one.stands_in_for:
        return {"agency": one.agency}
    known = {"name": one.name, "role": opening(role_name(one.role)) if one.role else None, "email": one.email}
    return {"agency": one.agency} | {name: value for name, value in known.items() if value}


def with_the_wanted(rows: Sequence[dict[str, Any]], wanted: Mapping[str, str]) -> list[dict[str, Any]]:
    """Return the lines of the grid, with one for each agency that must be here and has none."""
    there = {row.get("agency") for row in rows}
    return [*rows, *({"agency": agency} for agency in wanted if agency not in there)]


def with_views(rows: Sequence[dict[str, Any]], present: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the views of the risk, with a line for each agency that is here and has given none yet."""
    told = {row.get("agency") for row in rows}
    here = dict.fromkeys(row["agency"] for row in present if row.get("agency") and row["agency"] != "mappa_unit")
    return [*rows, *({"agency": agency} for agency in here if agency not in told)]


def with_information(rows: Sequence[dict[str, Any]], present: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return what the agencies brought, with an empty line for each that is here: one that stays empty is none."""
    return with_views([row for row in rows if set(row) != {"agency"}], present)
