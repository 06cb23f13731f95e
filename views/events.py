"""Events in custody, on leave or on licence, each with what was done about it."""

from collections.abc import Iterator
from datetime import date
from typing import Annotated

from pydantic import Field
from sqlalchemy.orm import Session

from casework.facts.querying import about, given
from models.cases import Case
from models.events import CustodyEvent
from policy.events import EventKind
from views.model import LEFT_OUT, Moment, OfCase, equal, filled, of_cases


class EventView(OfCase, title="Event"):
    """Something that happened in custody, on leave or on licence, without the words it was told in."""

    event: int = Field(description="The number of the event in its case.", examples=[1])
    kind: EventKind = Field(description="What happened.")
    on: date = Field(description="When.")
    recorded_at: Moment = Field(description="When it was recorded: tells it from another of its kind and day.")
    level: int | None = Field(description="The level at that moment; null where none was set.")
    category: Annotated[int | None, LEFT_OUT] = Field(
        description="The category at that moment; null where none was decided."
    )
    serious: bool = Field(description="Whether a serious further offence was charged.")
    until: date | None = Field(description="When a leave ends; null for any other event.")
    returned_on: date | None = Field(description="When the person came back.")
    reviewed_on: date | None = Field(description="When somebody recorded what it changes.")
    partnered_on: date | None = Field(description="When the prison became the partner on ViSOR.")
    victim_contact: Annotated[bool, LEFT_OUT] = Field(description="Whether a victim is to hear of it.")
    victim_told_on: date | None = Field(description="When the victim was told.")


def events(
    session: Session, *, crn: str | None = None, area: str | None = None, kind: str | None = None
) -> Iterator[EventView]:
    """Yield events by case reference and id."""
    query = given(
        of_cases(
            CustodyEvent,
            CustodyEvent.number.label("event"),
            CustodyEvent.kind,
            CustodyEvent.on_date.label("on"),
            CustodyEvent.recorded_at,
            CustodyEvent.level,
            CustodyEvent.category,
            CustodyEvent.serious,
            CustodyEvent.until_on.label("until"),
            CustodyEvent.returned_on,
            CustodyEvent.reviewed_on,
            CustodyEvent.partnered_on,
            CustodyEvent.victim_contact,
            CustodyEvent.victim_told_on,
        ).order_by(Case.reference, CustodyEvent.id),
        about(crn),
        equal(Case.area, area),
        equal(CustodyEvent.kind, kind),
    )
    return filled(session, query, EventView)
