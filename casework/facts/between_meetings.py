"""What the record holds between the meetings of cases, as the rules see it: disclosures, plans, events, orders."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeVar

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.base import Base, table_of
from models.cases import Case
from models.disclosures import Disclosure
from models.events import CustodyEvent
from models.meetings import Meeting
from models.orders import CourtOrder
from models.plans import ContactChange, PlanVersion
from models.transfers import AreaTransfer
from policy.calendar import LONDON, london_date
from policy.events import CLEAR, EventKind
from policy.facts import (
    ChargeFact,
    DisclosureFact,
    EventFact,
    NotificationFact,
    OrderFact,
    PlanCause,
    TransferFact,
)
from policy.subjects import Subject
from policy.vocabulary import DisclosureState, FactKind, Level, OrderKind

Row = TypeVar("Row")
ANSWERED_WITH_YES = (DisclosureState.APPROVED, DisclosureState.MADE, DisclosureState.NOT_MADE)
ABBREVIATED = (OrderKind.SHPO, OrderKind.SOPO)
MULTI_AGENCY = (Level.MULTI_AGENCY, Level.SENIOR_MULTI_AGENCY)


@dataclass(frozen=True, slots=True)
class Measures:
    """Rows of some cases, by case id."""

    disclosures: dict[int, list[Any]]
    plans: dict[int, list[Any]]
    contacts: dict[int, list[Any]]
    events: dict[int, list[Any]]
    orders: dict[int, list[Any]]
    transfers: dict[int, list[Any]]


def by(rows: Iterable[Row], key: Callable[[Row], Any]) -> dict[int, list[Row]]:
    """Return rows in lists by a key."""
    found: dict[int, list[Row]] = defaultdict(list)
    for row in rows:
        found[key(row)].append(row)
    return found


def read_measures(session: Session, ids: Sequence[int]) -> Measures:
    """Read what the rules need of cases between their meetings: plain columns, as texts are long."""

    def rows(model: type[Base], *names: str) -> dict[int, list[Any]]:
        table = table_of(model)
        query = select(*(table.c[name] for name in ("case_id", "id", *names))).where(table.c.case_id.in_(ids))
        return by(session.execute(query.order_by(table.c.id)).all(), lambda row: row.case_id)

    return Measures(
        disclosures=read_disclosures(session, ids),
        plans=rows(PlanVersion, "written_on", "recorded_at"),
        contacts=rows(ContactChange, "known_on", "recorded_at"),
        events=read_events(session, ids),
        orders=read_orders(session, ids),
        transfers=rows(AreaTransfer, "proposed_on", "to_area", "receiver_email", "receiver_name", "answered_on"),
    )


def read_disclosures(session: Session, ids: Sequence[int]) -> dict[int, list[Any]]:
    """Return disclosures, each with the Chair of the meeting that decided it."""
    query = (
        select(
            Disclosure.case_id, Disclosure.id, Disclosure.number, Disclosure.state, Disclosure.proposed_on,
            Disclosure.due_on, Disclosure.dated_on, Disclosure.agency, Disclosure.discloser_email,
            Disclosure.discloser_name, Disclosure.approved_on, Disclosure.closed_on, Meeting.chair_email,
            Meeting.chair_name,
        )
        .outerjoin(Meeting, Meeting.id == Disclosure.meeting_id)
        .where(Disclosure.case_id.in_(ids))
        .order_by(Disclosure.id)
    )  # fmt: skip
    return by(session.execute(query).all(), lambda row: row.case_id)


def read_orders(session: Session, ids: Sequence[int]) -> dict[int, list[Any]]:
    """Return the court orders on the person of each case: one that was made in an earlier case runs on in this."""
    query = (
        select(
            Case.id.label("case_id"), CourtOrder.id, CourtOrder.number, CourtOrder.kind, CourtOrder.ends_on,
            CourtOrder.known_on, CourtOrder.reviewed_on,
        )
        .join(Case, Case.person_id == CourtOrder.person_id)
        .where(Case.id.in_(ids))
        .order_by(CourtOrder.id, Case.id)
    )  # fmt: skip
    return by(session.execute(query).all(), lambda row: row.case_id)


def read_events(session: Session, ids: Sequence[int]) -> dict[int, list[Any]]:
    """Return events in the order in which they happened."""
    columns = [column for column in table_of(CustodyEvent).c if column.name not in ("recorded_at", "category")]
    query = select(*columns, CustodyEvent.recorded_at).where(CustodyEvent.case_id.in_(ids))
    rows = session.execute(query.order_by(CustodyEvent.on_date, CustodyEvent.id)).all()
    return by(rows, lambda row: row.case_id)


def disclosure_fact(row: Any) -> DisclosureFact:
    """Return a disclosure as the rules see it."""
    return DisclosureFact(
        subject=Subject(row=row.id),
        number=row.number,
        proposed_on=row.proposed_on,
        due_on=row.due_on,
        agency=row.agency,
        discloser=(row.discloser_email or "", row.discloser_name),
        chair=(row.chair_email or "", row.chair_name or ""),
        answered_on=row.approved_on,
        approved=row.state in ANSWERED_WITH_YES,
        closed_on=row.closed_on,
        dated_on=row.dated_on,
    )


def event_fact(row: Any) -> EventFact:
    """Return an event as the rules see it."""
    return EventFact(
        subject=Subject(row=row.id),
        number=row.number,
        kind=EventKind(row.kind),
        on=row.on_date,
        known_on=london_date(row.recorded_at),
        victim_contact=row.victim_contact,
        until_on=row.until_on,
        reviewed_on=row.reviewed_on,
        consulted_on=row.consulted_on,
        partnered_on=row.partnered_on,
        returned_on=row.returned_on,
        victim_told_on=row.victim_told_on,
        serious=row.serious,
        clear=row.data.get("result") == CLEAR,
        recorded_at=f"{row.recorded_at.astimezone(LONDON):%H:%M}",
    )


def charge_facts(events: Iterable[Any], facts: dict[str, list[Any]], level_on: Callable[[date], int | None]) -> list[
    ChargeFact
]:  # fmt: skip
    """Return the serious further offences charged at level 2 or 3, from events and from incidents."""
    reviews = first_by_charge(facts[FactKind.CASE_REVIEW.value])
    reports = first_by_charge(facts[FactKind.OFFENCE_REPORT.value])
    days = [row.on_date for row in events if row.serious and row.level in MULTI_AGENCY]
    for fact in facts[FactKind.INCIDENT.value]:
        charged = (fact.data.get("serious_further_offence") or {}).get("charged")
        if charged and level_on(fact.on_date) in MULTI_AGENCY:
            days.append(fact.on_date)
    return [
        ChargeFact(Subject("charge", day=on), on, reviews.get(on.isoformat()), reports.get(on.isoformat()))
        for on in dict.fromkeys(days)
    ]


def first_by_charge(facts: Sequence[Any]) -> dict[str, date]:
    """Return on which day something was first recorded of each charge, by the day of the charge."""
    return {fact.data["charged_on"]: fact.on_date for fact in reversed(facts)}


def order_name(kind: str) -> str:
    """Return an order as people write it."""
    return kind.upper() if kind in ABBREVIATED else kind.replace("_", " ")


def order_facts(rows: Iterable[Any]) -> list[OrderFact]:
    """Return the orders that have an end."""
    return [
        OrderFact(Subject(row=row.id), f"{order_name(row.kind)}, number {row.number}", row.ends_on, row.known_on,
                  row.reviewed_on)
        for row in rows
        if row.ends_on is not None
    ]  # fmt: skip


def notification_fact(case: Case, facts: dict[str, list[Any]]) -> NotificationFact | None:
    """Return notification without an end, with its reviews."""
    if case.notification_from is None:
        return None
    reviews = tuple(
        (fact.on_date, date.fromisoformat(fact.data["next_on"]) if fact.data.get("next_on") else None)
        for fact in facts[FactKind.NOTIFICATION_REVIEW.value]
    )
    return NotificationFact(case.notification_from, case.notification_young, reviews)


def plan_causes(contacts: Iterable[Any], plans: Sequence[Any], facts: dict[str, list[Any]]) -> list[PlanCause]:
    """Return why the plan is to be written anew: people it names have changed, an event or a move was looked at.

    A version that was recorded before the news of somebody does not know of it, though it be of the same day.
    """
    named = [
        PlanCause(
            Subject("contact", row=row.id),
            row.known_on,
            "somebody it names has changed",
            tuple(plan.written_on for plan in plans if plan.recorded_at > row.recorded_at),
        )
        for row in contacts
    ]
    reviewed = [
        PlanCause(Subject("review", row=fact.id), fact.on_date, f"after event {fact.data['event']}")
        for fact in facts[FactKind.EVENT_REVIEW.value]
        if fact.data["plan"] == "to_be_updated"
    ]
    moved = [
        PlanCause(Subject("move", row=fact.id), fact.on_date, "after a move")
        for fact in facts[FactKind.NEIGHBOURHOOD_TOLD.value]
        if fact.data.get("plan") == "to_be_updated"
    ]
    return [*named, *reviewed, *moved]


def transfer_facts(rows: Iterable[Any]) -> list[TransferFact]:
    """Return proposals to hand the case to another area."""
    return [
        TransferFact(
            Subject(row=row.id),
            row.proposed_on,
            row.to_area,
            (row.receiver_email, row.receiver_name or ""),
            row.answered_on,
        )
        for row in rows
    ]
