"""What every object of the JSON contract shares: how it is filled, how it is written, how a table shows it.

A model is the one place where a field of an object has its name, its type and its meaning: the command line, the
reference page, the API and the desk all read it there. Days are ISO 8601; moments carry the offset of Europe/London.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import Annotated, Any, Generic, TypeVar

from pydantic import BaseModel, ConfigDict, Field, PlainSerializer, WithJsonSchema
from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from casework.facts.querying import BATCH, Query
from models.cases import Case
from models.people import Person
from views.times import iso

Moment = Annotated[
    datetime,
    PlainSerializer(iso, return_type=str, when_used="json"),
    WithJsonSchema({"type": "string", "format": "date-time"}),
]
"""A moment, written to the second with the offset of Europe/London."""


class InTables(Enum):
    """How a table for people treats a field that it does not just show."""

    COUNTED = "counted"
    LEFT_OUT = "left out"


COUNTED = InTables.COUNTED
"""A table says how many there are: the words themselves would fill it, or may name people."""
LEFT_OUT = InTables.LEFT_OUT
"""A table has no room for it, or its words may name people."""


class View(BaseModel):
    """One object that the program shows."""

    model_config = ConfigDict(frozen=True, from_attributes=True)


class OfCase(View):
    """An object that belongs to a case."""

    crn: str = Field(description="The CRN of the person.", examples=["X320741"])
    case: str = Field(description="The reference of the case.", examples=["LON-2026-000001"])


V = TypeVar("V", bound=View)


def of_cases(table: Any, *columns: Any) -> Query:
    """Return the query of columns of a table that hangs on cases, each row with the CRN and the case reference."""
    return (
        select(Person.crn, Case.reference.label("case"), *columns)
        .select_from(table)
        .join(Case, table.case_id == Case.id)
        .join(Person, Case.person_id == Person.id)
    )


def equal(column: InstrumentedAttribute[Any], value: object) -> ColumnElement[bool] | None:
    """Return the condition that a column has a value; None where any will do."""
    return None if value is None else column == value


class Found(Iterator[V], Generic[V]):
    """What a query finds, as views: all of it in batches, or its beginning with how many more there are.

    A list of the first two hundred of a million builds no view of the others, and counts them in the database.
    """

    def __init__(
        self,
        session: Session,
        query: Query,
        views: Callable[[Sequence[Any]], Iterable[V]],
        beginning: Callable[[int], ColumnElement[bool]] | None = None,
    ) -> None:
        """Take the query, in its order, and what makes views of some of its rows.

        ``beginning`` is a condition that so many first rows all meet, and few others: it finds them without the rest.
        """
        self._session, self._query, self._views, self._beginning = session, query, views, beginning
        self._all: Iterator[V] | None = None

    def __next__(self) -> V:
        """Return the next view."""
        if self._all is None:
            self._all = self._read()
        return next(self._all)

    def _read(self) -> Iterator[V]:
        for rows in self._session.execute(self._query.execution_options(yield_per=BATCH)).partitions():
            yield from self._views(rows)

    def first(self, limit: int) -> list[V]:
        """Return the first views, so many at most."""
        query = self._query if self._beginning is None else self._query.where(self._beginning(limit))
        return list(self._views(self._session.execute(query.limit(limit)).all()))

    def beyond(self, limit: int, most: int) -> int:
        """Return how many there are beyond the first so many; none is counted beyond ``most``."""
        others = self._query.order_by(None).limit(limit + most).subquery()
        counted = self._session.scalar(select(func.count()).select_from(others)) or 0
        return max(0, counted - limit)


def filled(
    session: Session, query: Query, model: type[V], beginning: Callable[[int], ColumnElement[bool]] | None = None
) -> Found[V]:
    """Return an object for each row of a query whose columns are called as the fields are; ``beginning``: as found."""
    return Found(session, query, lambda rows: map(model.model_validate, rows), beginning)


def of_first_cases(
    there_is: Select[Any], *conditions: ColumnElement[bool] | None
) -> Callable[[int], ColumnElement[bool]]:
    """Return the beginning of a list by case reference, of rows that hang on cases.

    The first so many rows are of no more cases than that: those first by reference of which ``there_is`` a row. So the
    database goes through the cases in order and stops, whatever it knows of how much there is; else it may read all
    rows and sort them. ``conditions``: on the cases.
    """
    having = [condition for condition in conditions if condition is not None]

    def beginning(limit: int) -> ColumnElement[bool]:
        cases = select(Case.id).where(there_is.correlate(Case).exists(), *having)
        return Case.id.in_(cases.order_by(Case.reference).limit(limit).correlate(None))

    return beginning


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table of views: its heading, the field it shows, and whether it shows how many there are."""

    heading: str
    field: str
    counted: bool

    def of(self, view: View) -> Any:
        """Return what stands in the column for a view."""
        value = getattr(view, self.field)
        return len(value) if self.counted else value


def columns(model: type[View], without: type[View] = View) -> list[Column]:
    """Return the columns of a table of views, in the order of the fields; ``without`` those of a model it extends."""
    return [
        Column(name.replace("_", " "), name, COUNTED in field.metadata)
        for name, field in model.model_fields.items()
        if LEFT_OUT not in field.metadata and name not in without.model_fields
    ]
