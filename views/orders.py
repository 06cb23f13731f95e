"""Court orders on a person, each with its end and its breaches."""

from collections.abc import Iterator
from datetime import date
from typing import Annotated

from pydantic import Field
from sqlalchemy.orm import Session

from casework.facts.querying import about, given
from models.cases import Case
from models.orders import CourtOrder
from policy.vocabulary import OrderKind
from views.model import COUNTED, OfCase, equal, filled, of_cases


class OrderView(OfCase, title="Order"):
    """A court order, without what it forbids."""

    order: int = Field(description="The number of the order in its case.", examples=[1])
    kind: OrderKind = Field(description="What it is.")
    court: str = Field(description="The court that made it.")
    starts_on: date = Field(description="From when.")
    ends_on: date | None = Field(description="Until when; null until further order.")
    breaches: Annotated[list[date], COUNTED] = Field(description="The days on which it was breached.")
    reviewed_on: date | None = Field(description="When it was decided what comes after it.")


def orders(session: Session, *, crn: str | None = None, area: str | None = None) -> Iterator[OrderView]:
    """Yield court orders by case reference and id."""
    query = given(
        of_cases(
            CourtOrder,
            CourtOrder.number.label("order"),
            CourtOrder.kind,
            CourtOrder.court,
            CourtOrder.starts_on,
            CourtOrder.ends_on,
            CourtOrder.breaches,
            CourtOrder.reviewed_on,
        ).order_by(Case.reference, CourtOrder.id),
        about(crn),
        equal(Case.area, area),
    )
    return filled(session, query, OrderView)
