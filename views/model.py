"""What every object of the JSON contract shares: how it is filled, how it is written, how a table shows it.

A model is the one place where a field of an object has its name, its type and its meaning: the command line, the
reference page, the API and the desk all read it there. Days are ISO 8601; moments carry the offset of Europe/London.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import Annotated, Any, TypeVar

from pydantic import BaseModel, ConfigDict, Field, PlainSerializer, WithJsonSchema
from sqlalchemy import ColumnElement, select
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


def filled(session: Session, query: Query, model: type[V]) -> Iterator[V]:
    """Yield an object for each row of a query whose columns are called as the fields are; reads in batches."""
    for row in session.execute(query.execution_options(yield_per=BATCH)):
        yield model.model_validate(row)


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
