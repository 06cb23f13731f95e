"""People with spells and events, written straight into a record: one call a person."""

from collections.abc import Sequence
from datetime import UTC, date, datetime
from itertools import count
from typing import Any

from sqlalchemy.orm import Session

from models.cases import Case
from models.registrations import Population, ReportedEvent, Spell
from tests.support import rows

LOADED = datetime(2014, 6, 1, 9, tzinfo=UTC)
_numbers = count(1)
_events = count(1)
Stretch = tuple[Any, ...]
"""First day, last day ("" while it runs), category, level; then, where they matter, place, unit and area."""


def someone(session: Session, name: str, *stretches: Stretch, area: str = "Westmarch", unit: str = "North") -> Case:
    """Add a person whose case is called by a name, and its spells."""
    person = rows.person(session, f"X{next(_numbers):06d}")
    case = rows.case(session, person, name, area=area, unit=unit, opened_on=date.fromisoformat(stretches[0][0]))
    for first, last, category, level, *more in stretches:
        place, its_unit, its_area = [*more, *("community", unit, area)[len(more) :]]
        session.add(
            Spell(
                case_id=case.id,
                person_id=person.id,
                area=its_area,
                unit=its_unit,
                lead_agency="probation",
                location=place,
                category=category,
                categories=[category] if category else [],
                level=level,
                starts_on=date.fromisoformat(first),
                ends_on=date.fromisoformat(last) if last else None,
            )
        )
    session.flush()
    return case


def event(
    session: Session, case: Case, kind: str, on: str, category: int | None, level: int | None, **more: Any
) -> None:
    """Add a row of an events file about somebody's case."""
    told = {"area": case.area, "unit": case.unit, "person_id": case.person_id, "case_id": case.id} | more
    session.add(
        ReportedEvent(
            kind=kind, on_date=date.fromisoformat(on), category=category, level=level, number=next(_events),
            loaded_at=LOADED, **told,
        )
    )  # fmt: skip


def population(session: Session, area: str, year: int, aged_10_and_over: int) -> None:
    """Add an estimate of the population."""
    session.add(Population(area=area, year=year, aged_10_and_over=aged_10_and_over, loaded_at=LOADED))


def grid(table: Any, columns: Sequence[str] = ()) -> list[list[Any]]:
    """Return the cells of a table, row by row."""
    return [[table.value(row.name, column.name) for column in table.columns] for row in table.rows]
