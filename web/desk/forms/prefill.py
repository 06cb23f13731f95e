"""What a form begins with: what the record knows already, so that nobody types it again."""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from casework.facts.person import in_their_words
from casework.recording.fact_type import FactType
from casework.recording.pausing import OfADuty
from models.cases import WHOSE_DUTY, Case, Problem
from models.disclosures import Disclosure
from models.events import CustodyEvent
from models.meetings import Action, Meeting
from models.obligations import Timescale
from models.orders import CourtOrder
from models.referrals import Referral
from policy.agencies import Agency
from policy.calendar import london_date
from policy.events import EventKind
from policy.kinds import BY_NAME, Events, Release
from policy.kinds.spec import About
from policy.roles import Role
from policy.vocabulary import ActionState, FactKind, MeetingState
from policy.words import near_date, order_name, plain_words
from views.disclosures import disclosures
from views.events import events
from views.orders import orders
from web.desk.forms.shape import Option, Shape, ShapedField
from web.visit import Visit

# Fields in which whoever records writes their own name, or their own address.
OWN_NAME = ("by", "referred_by", "author")
OWN_EMAIL = ("referrer_email", "by_email")
OF_AN_AGENCY = ("agency",)
# What a timescale is about, the fields that name it by its number, and where that number stands.
NUMBERED: dict[About, tuple[tuple[str, ...], type[Any]]] = {
    About.MEETING: (("meeting",), Meeting),
    About.AGENCY_AT_MEETING: (("meeting",), Meeting),
    About.ACTION: (("action",), Action),
    About.DISCLOSURE: (("disclosure",), Disclosure),
    About.EVENT: (("event",), CustodyEvent),
    About.CHARGE: (("event",), CustodyEvent),
    About.ORDER: (("order", "number"), CourtOrder),
}
# Forms whose release date is that on record; in others it is one that somebody decided.
CONFIRM_RELEASE = (FactKind.PRISON_NOTICE, FactKind.DATES_CHECK, FactKind.CONSULTATION)
# What is asked whether it happened, and the event by which it did.
HAPPENED = {Release.RELEASE.value: EventKind.RELEASE, Events.RETURN_DUE.value: EventKind.RETURNED}
ANEW_IN_A_REFERRAL = ("date", "countersigned_by", "countersigned_on")


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
    if fact_type.kind in CONFIRM_RELEASE and case.release_date is not None:
        found["release_date"] = str(case.release_date)
    if fact_type.kind is FactKind.MEETING_PLAN and case.level:
        found["level"] = case.level
    if fact_type.kind is FactKind.MEETING:
        found |= dict(of_the_meeting(session, case))
    if fact_type.kind is FactKind.REFERRAL:
        found |= of_the_referral_sent_back(session, case)
    timescale = None if about is None else session.get(Timescale, about)
    if fact_type.kind is FactKind.WHOSE_DUTY:
        timescale = disowned(session, case)
    if timescale is not None and timescale.case_id == case.id:
        told = of_the_timescale(session, timescale, fact_type)
        found |= {name: value for name, value in told if name in names and fits(names[name], value)}
    return found


def fits(field: ShapedField, value: Any) -> bool:
    """Tell whether a value may stand in a field: the number of an event is no answer to what kind of event it was."""
    return not isinstance(value, int) or field.shape is Shape.NUMBER


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
        if views := in_their_words(session, planned):
            yield "offender_views", views
        yield (
            "attendance",
            [
                {"agency": one.agency, "name": one.name or "", "role": one.role or "", "email": one.email or ""}
                for one in planned.participants
            ],
        )
    still = select(Action).where(Action.case_id == case.id, Action.state == ActionState.OPEN).order_by(Action.number)
    yield "previous_actions", [{"action": action.number} for action in session.scalars(still)]


def of_the_referral_sent_back(session: Session, case: Case) -> dict[str, Any]:
    """Return the newest referral of a case, where it was sent back: only what is missing has to be typed.

    Its day, and the line manager's signature, are those of the referral that is made now.
    """
    newest = session.scalar(
        select(Referral).where(Referral.case_id == case.id).order_by(Referral.received_on.desc(), Referral.id.desc())
        .limit(1)
    )  # fmt: skip
    if newest is None or newest.returned_on is None:
        return {}
    return {name: value for name, value in newest.data.items() if name not in ANEW_IN_A_REFERRAL}


def of_the_timescale(session: Session, timescale: Timescale, fact_type: FactType) -> Iterator[tuple[str, Any]]:
    """Yield what the thing that is due says of the form that answers it."""
    if issubclass(fact_type.form, OfADuty):
        yield from of_the_duty(timescale)
    about = BY_NAME[timescale.kind].spec.about if timescale.kind in BY_NAME else None
    if about is About.ENDING:
        yield "ends_on", str(timescale.anchor_on)
    if timescale.subject.row is not None and about in NUMBERED:
        known_by, of = NUMBERED[about]
        number = session.get_one(of, timescale.subject.row).number
        yield from ((name, number) for name in known_by)
    if fact_type.kind is FactKind.CUSTODY_EVENT and timescale.kind in HAPPENED:
        yield "event", HAPPENED[timescale.kind].value
    if timescale.subject.agency:
        yield "agency", timescale.subject.agency


def of_the_duty(timescale: Timescale) -> Iterator[tuple[str, Any]]:
    """Yield which duty a form is about, so that no other of its kind is meant."""
    yield "kind", timescale.kind
    yield "due_on", str(timescale.due_on)
    if timescale.label:
        yield "about", timescale.label


def disowned(session: Session, case: Case) -> Timescale | None:
    """Return the duty of a case of which somebody says that it is not theirs: the one asked about first."""
    query = select(Problem.subject).where(
        Problem.case_id == case.id, Problem.stage == WHOSE_DUTY, Problem.resolved_at.is_(None)
    )
    subject = session.scalars(query.order_by(Problem.id)).first()
    return None if subject is None else session.get(Timescale, int(subject.rpartition(" ")[2]))


def references(session: Session, visit: Visit) -> dict[str, list[Option]]:
    """Return what the fields may name that hold the number of something on the case."""
    reference, today = visit.case.reference, visit.today
    met = select(Meeting).where(Meeting.case_id == visit.case.id).order_by(Meeting.number)
    acted = select(Action).where(Action.case_id == visit.case.id).order_by(Action.number)
    ordered = [Option(one.order, f"{one.order}: {order_name(one.kind.value)}, from "
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
            Option(one.event, f"{plain_words(one.kind.value)}, {near_date(one.on, today)}")
            for one in events(session, crn=reference)
        ],
        "number": ordered,
        "order": ordered,
    }
