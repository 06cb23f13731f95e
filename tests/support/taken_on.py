"""A caseload that is taken on: rows of a registrations file, and what the record made of them."""

from typing import Any

from sqlalchemy import select

from casework.loading import LoadReport, load_events, load_population, load_registrations
from models.cases import Case
from models.people import Person
from models.registrations import Registration, ReportedEvent, Spell
from tests.support.story import Story, at, write_csv

BO = {"surname": "Invented", "forenames": "Bo", "date_of_birth": "1970-02-03"}
NEVER = "-"
COLUMNS = ("crn", "area", "unit", "category", "level", "start_date", "end_date", "lead_agency", "location")


def spell(start: str, end: str = "", category: int = 1, level: int | str = 1, **more: str) -> dict[str, str]:
    """Return a row of Bo (X500001), in London, led by the police."""
    row = dict.fromkeys(COLUMNS, "") | {"crn": "X500001", "area": "London", "lead_agency": "police"}
    return row | {"category": str(category), "level": str(level), "start_date": start, "end_date": end} | BO | more


def taken_on(story: Story, day: str, *rows: dict[str, str], **options: Any) -> LoadReport:
    """Load rows of a registrations file."""
    path = write_csv(story.folder / "registrations.csv", rows)
    return load_registrations(story.record, path, as_at=at(day), actor="loader", **options)


def happened(story: Story, day: str, *rows: dict[str, str]) -> LoadReport:
    """Load rows of an events file."""
    path = write_csv(story.folder / "events.csv", rows)
    return load_events(story.record, path, as_at=at(day), actor="loader")


def counted(story: Story, day: str, *rows: dict[str, str], **options: Any) -> LoadReport:
    """Load rows of a population file."""
    path = write_csv(story.folder / "population.csv", rows)
    return load_population(story.record, path, as_at=at(day), actor="loader", **options)


def cases(story: Story, crn: str = "X500001") -> list[Case]:
    """Return the cases of a person, by the day on which they were opened."""
    with story.record.reading() as session:
        found = list(session.scalars(select(Case).join(Person).where(Person.crn == crn).order_by(Case.opened_on)))
        session.expunge_all()
    return found


def spells(story: Story, *columns: str, crn: str = "X500001") -> list[tuple[Any, ...]]:
    """Return (from, to, columns …) of the stored spells of a person; a spell that runs ends in a dash."""
    query = select(Spell).join(Person, Person.id == Spell.person_id).where(Person.crn == crn)
    with story.record.reading() as session:
        return [
            (str(row.starts_on), str(row.ends_on or NEVER), *(getattr(row, name) for name in columns))
            for row in session.scalars(query.order_by(Spell.starts_on, Spell.id))
        ]


def registrations(story: Story, *columns: str) -> list[tuple[Any, ...]]:
    """Return (from, to, columns …) of every registration on record."""
    with story.record.reading() as session:
        return [
            (str(row.starts_on), str(row.ends_on or NEVER), *(getattr(row, name) for name in columns))
            for row in session.scalars(select(Registration).order_by(Registration.starts_on, Registration.id))
        ]


def events(story: Story, *columns: str) -> list[tuple[Any, ...]]:
    """Return columns of every event on record."""
    with story.record.reading() as session:
        query = select(ReportedEvent).order_by(ReportedEvent.on_date, ReportedEvent.number, ReportedEvent.id)
        return [tuple(getattr(row, name) for name in columns) for row in session.scalars(query)]
