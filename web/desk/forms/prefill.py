"""What a form begins with: what the record knows already, so that nobody types it again."""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from casework.recording.fact_type import FactType
from models.cases import Case
from models.meetings import Action, Meeting
from models.obligations import Timescale
from policy.agencies import Agency
from policy.calendar import london_date
from policy.kinds import BY_NAME
from policy.kinds.spec import About
from policy.roles import Role
from policy.vocabulary import ActionState, FactKind, MeetingState
from policy.words import near_date
from views.disclosures import disclosures
from views.events import events
from views.orders import orders
from web.desk.forms.shape import Option, Shape, ShapedField
from web.visit import Visit

# Fields in which whoever records writes their own name, or their own address.
OWN_NAME = ("by", "referred_by", "author")
OWN_EMAIL = ("referrer_email", "by_email")
OF_AN_AGENCY = ("agency",)


def known_values(
    session: Session, visit: Visit, fact_type: FactType, fields: tuple[ShapedField, ...], about: int | None
) -> dict[str, Any]:
    """Return what a new form begins with. ``about``: the timescale that it answers, where it was opened from one."""
    case = session.get_one(Case, visit.case.id)
    names = {field.name: field for field in fields}
    found: dict[str, Any] = {"date": str(visit.today)}
    found |= {name: visit.reader.name for name in OWN_NAME if name in names and names[name].shape is Shape.TEXT}
    found |= {name: visit.reader.email for name in OWN_EMAIL if name in names}
    agency = own_agency(visit, case, fact_type)
    found |= {name: agency for name in OF_AN_AGENCY if name in names and agency and names[name].field.required}
    if "release_date" in names and case.release_date is not None and fact_type.kind is not FactKind.RELEASE_DATE:
        found["release_date"] = str(case.release_date)
    if fact_type.kind is FactKind.MEETING_PLAN and case.level:
        found["level"] = case.level
    if fact_type.kind is FactKind.MEETING:
        found |= dict(of_the_meeting(session, case))
    timescale = None if about is None else session.get(Timescale, about)
    if timescale is not None and timescale.case_id == case.id:
        found |= {name: value for name, value in of_the_timescale(session, timescale, fact_type) if name in names}
    return found


def own_agency(visit: Visit, case: Case, fact_type: FactType) -> str:
    """Return the agency for which the reader records; that of the case where they manage it."""
    role = visit.role_for(fact_type)
    if role is Role.POLICE_OFFENDER_MANAGER:
        return str(Agency.POLICE)
    if role in (Role.OFFENDER_MANAGER, Role.LINE_MANAGER):
        return case.lead_agency
    return next((hat.agency for hat in visit.reader.hats if hat.role is role and hat.agency), "")


def of_the_meeting(session: Session, case: Case) -> Iterator[tuple[str, Any]]:
    """Yield what is known of the meeting that is planned: who was invited, and the actions of last time."""
    planned = session.scalar(
        select(Meeting)
        .where(Meeting.case_id == case.id, Meeting.state == MeetingState.PLANNED)
        .order_by(Meeting.starts_at, Meeting.id)
        .limit(1)
    )
    if planned is not None:
        yield "meeting", planned.number
        yield "date", str(london_date(planned.starts_at))
        yield "chair", {"name": planned.chair_name or "", "email": planned.chair_email or ""}
        yield (
            "attendance",
            [
                {"agency": one.agency, "name": one.name or "", "role": one.role or "", "email": one.email or ""}
                for one in planned.participants
            ],
        )
    still = select(Action).where(Action.case_id == case.id, Action.state == ActionState.OPEN).order_by(Action.number)
    yield "previous_actions", [{"action": action.number} for action in session.scalars(still)]


def of_the_timescale(session: Session, timescale: Timescale, fact_type: FactType) -> Iterator[tuple[str, Any]]:
    """Yield what the thing that is due says of the form that answers it."""
    if fact_type.kind in (FactKind.PAUSE, FactKind.RESUME):
        yield "kind", timescale.kind
        yield "due_on", str(timescale.due_on)
    about = BY_NAME[timescale.kind].spec.about if timescale.kind in BY_NAME else None
    if about is About.ENDING:
        yield "ends_on", str(timescale.due_on)
    if timescale.subject.row is not None:
        if about in (About.MEETING, About.AGENCY_AT_MEETING):
            yield "meeting", session.get_one(Meeting, timescale.subject.row).number
        if about is About.ACTION:
            yield "action", session.get_one(Action, timescale.subject.row).number
    if timescale.subject.agency:
        yield "agency", timescale.subject.agency


def references(session: Session, visit: Visit) -> dict[str, list[Option]]:
    """Return what the fields may name that hold the number of something on the case."""
    reference, today = visit.case.reference, visit.today
    met = select(Meeting).where(Meeting.case_id == visit.case.id).order_by(Meeting.number)
    acted = select(Action).where(Action.case_id == visit.case.id).order_by(Action.number)
    ordered = [Option(one.order, f"{one.order}: {one.kind.value.replace('_', ' ')}, from "
                                  f"{near_date(one.starts_on, today)}")
               for one in orders(session, crn=reference)]  # fmt: skip
    return {
        "meeting": [
            Option(one.number, f"Meeting {one.number}, {near_date(london_date(one.starts_at), today)}")
            for one in session.scalars(met)
        ],
        "action": [Option(one.number, f"Action {one.number}: {one.text}") for one in session.scalars(acted)],
        "disclosure": [
            Option(one.disclosure, f"Disclosure {one.disclosure}, proposed on {near_date(one.proposed_on, today)}")
            for one in disclosures(session, crn=reference)
        ],
        "event": [
            Option(one.event, f"{one.kind.value.replace('_', ' ').capitalize()}, {near_date(one.on, today)}")
            for one in events(session, crn=reference)
        ],
        "number": ordered,
        "order": ordered,
    }
