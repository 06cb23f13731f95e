"""What the record shows between meetings: disclosures, the plan, events, orders, transfers between areas.

Plain dictionaries with stable JSON fields, as in ``views``. No listing carries who is told what, or another text that
may hold a name; only ``plan_view`` does: it is the plan itself.
"""

from collections.abc import Iterator
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, undefer

from casework.documents.papers_between import last_by_tool
from casework.documents.papers_plan import no_longer_true
from casework.facts.plan_sections import sections
from casework.facts.querying import BATCH, View, about, day, given
from models.base import Base
from models.cases import Case
from models.disclosures import Disclosure
from models.events import CustodyEvent
from models.meetings import Meeting
from models.orders import CourtOrder
from models.people import Person
from models.plans import ContactChange, PlanVersion
from models.transfers import AreaTransfer


def rows_of(session: Session, model: Any, *conditions: Any) -> Iterator[tuple[str, str, Any]]:
    """Yield (CRN, case reference, row) of a table that hangs on cases, by case reference and id."""
    table: type[Base] = model
    query = given(
        select(Person.crn, Case.reference, table)
        .select_from(table)
        .join(Case, model.case_id == Case.id)
        .join(Person, Case.person_id == Person.id)
        .order_by(Case.reference, model.id),
        *conditions,
    )
    for row in session.execute(query.execution_options(yield_per=BATCH)):
        yield tuple(row)


def disclosures(
    session: Session, *, crn: str | None = None, area: str | None = None, state: str | None = None
) -> Iterator[View]:
    """Yield disclosures; what is told to whom stands on the record alone."""
    numbers = {row.id: row.number for row in session.execute(select(Meeting.id, Meeting.number))}
    of_area = None if area is None else Case.area == area
    of_state = None if state is None else Disclosure.state == state
    for person, case, one in rows_of(session, Disclosure, about(crn), of_area, of_state):
        yield {
            "crn": person,
            "case": case,
            "disclosure": one.number,
            "meeting": numbers.get(one.meeting_id),
            "state": one.state,
            "agency": one.agency,
            "by": one.discloser_name,
            "due_on": day(one.due_on),
            "proposed_on": day(one.proposed_on),
            "proposed_by": one.proposed_by,
            "approved_on": day(one.approved_on),
            "approved_by": one.approved_by,
            "closed_on": day(one.closed_on),
            "undertaking": one.undertaking is not None,
        }


def events(
    session: Session, *, crn: str | None = None, area: str | None = None, kind: str | None = None
) -> Iterator[View]:
    """Yield events in custody, on leave or on licence, each with what was done about it."""
    of_area = None if area is None else Case.area == area
    of_kind = None if kind is None else CustodyEvent.kind == kind
    for person, case, one in rows_of(session, CustodyEvent, about(crn), of_area, of_kind):
        yield {
            "crn": person,
            "case": case,
            "event": one.number,
            "kind": one.kind,
            "on": day(one.on_date),
            "level": one.level,
            "category": one.category,
            "serious": one.serious,
            "until": day(one.until_on),
            "returned_on": day(one.returned_on),
            "reviewed_on": day(one.reviewed_on),
            "partnered_on": day(one.partnered_on),
            "victim_contact": one.victim_contact,
            "victim_told_on": day(one.victim_told_on),
        }


def orders(session: Session, *, crn: str | None = None, area: str | None = None) -> Iterator[View]:
    """Yield court orders, each with its end and breaches."""
    of_area = None if area is None else Case.area == area
    for person, case, one in rows_of(session, CourtOrder, about(crn), of_area):
        yield {
            "crn": person,
            "case": case,
            "order": one.number,
            "kind": one.kind,
            "court": one.court,
            "starts_on": day(one.starts_on),
            "ends_on": day(one.ends_on),
            "breaches": one.breaches,
            "reviewed_on": day(one.reviewed_on),
        }


def transfers(session: Session, *, crn: str | None = None, area: str | None = None) -> Iterator[View]:
    """Yield transfers between areas; ``area`` is the sending or the receiving one."""
    of_area = None if area is None else (AreaTransfer.from_area == area) | (AreaTransfer.to_area == area)
    for person, case, one in rows_of(session, AreaTransfer, about(crn), of_area):
        yield {
            "crn": person,
            "case": case,
            "transfer": one.number,
            "from_area": one.from_area,
            "to_area": one.to_area,
            "proposed_on": day(one.proposed_on),
            "proposed_by": one.proposed_by,
            "decision": one.decision,
            "answered_on": day(one.answered_on),
            "answered_by": one.answered_by,
        }


def plan_versions(session: Session, case: Case) -> list[PlanVersion]:
    """Return the versions of the plan of a case, the oldest first."""
    query = select(PlanVersion).where(PlanVersion.case_id == case.id).options(undefer(PlanVersion.content))
    return list(session.scalars(query.order_by(PlanVersion.version)))


def plan_view(session: Session, person: Person, case: Case, version: PlanVersion, today: date) -> View:
    """Return a version of the plan, its age in days, and what is no longer true of the people it names."""
    last_met = last_meeting(session, case)
    return {
        "crn": person.crn,
        "case": case.reference,
        "version": version.version,
        "written_on": day(version.written_on),
        "written_by": version.written_by,
        "agency": version.agency,
        "age_in_days": (today - version.written_on).days,
        "last_meeting_on": day(last_met),
        "older_than_last_meeting": last_met is not None and version.written_on < last_met,
        "changed_since": [
            {"person": one.person, "what": one.what, "on": day(one.on_date), "now_called": one.now_called}
            for one in changes_since(session, case, version)
        ],
        "assessments": assessments(session, case),
        "content": version.content,
    }


def last_meeting(session: Session, case: Case) -> date | None:
    """Return the day of the last meeting held."""
    held = select(Meeting).where(Meeting.case_id == case.id, Meeting.state == "held")
    newest = session.scalars(held.order_by(Meeting.starts_at.desc()).limit(1)).first()
    return newest.on if newest is not None else None


def changes_since(session: Session, case: Case, version: PlanVersion) -> list[ContactChange]:
    """Return what became of people whom a version still names as they were."""
    texts = sections(version.content)
    changes = session.scalars(select(ContactChange).where(ContactChange.case_id == case.id).order_by(ContactChange.id))
    return [change for change in changes if no_longer_true(texts, change, version.written_on)]


def assessments(session: Session, case: Case) -> list[View]:
    """Return the last risk assessment by each tool."""
    fields = ("level", "of_what", "to_whom", "author", "authorised_by")
    return [
        {"tool": fact.data["other_tool"] or fact.data["tool"], "on": day(fact.on_date)}
        | {name: fact.data[name] for name in fields}
        for _, fact in sorted(last_by_tool(session, case).items())
    ]
