"""The events file: what the annual report and the outcomes count, each with the category and level of its day."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from casework.facts.between_meetings import by
from casework.facts.querying import now_known_as
from casework.loading.cells import Words, outside_limits, read_cells
from casework.loading.columns import Closed, Column, Columns, one_of
from casework.loading.lines import Row
from casework.loading.mapping import FileMapping
from casework.loading.reading import beside_others, first_reading, good_rows
from casework.loading.report import LoadReport, Progress, Reject, RejectsFile
from casework.loading.sentence_columns import day
from casework.loading.table import open_table
from casework.loading.together import Rows, people_of
from models.audit import Change, append
from models.bulk import insert_many
from models.cases import Case
from models.people import Person, Sentence
from models.record import Record
from models.registrations import ReportedEvent, Spell
from policy import identifiers
from policy.book import PolicyBook
from policy.calendar import london_date
from policy.vocabulary import Category, Level, ReportedKind

ASKED_AT_ONCE = 500
# What an event takes from how the case stood on its day.
OF_THE_DAY = ("case_id", "area", "unit", "category", "level")


COLUMNS = Columns(
    Column("crn", identifiers.crn, required=True, about="The case reference number of probation (Delius)."),
    Column("kind", one_of(ReportedKind), required=True, about="What happened."),
    Column("date", day, required=True, about="The day on which it happened."),
    Column(
        "category",
        Closed({str(one.value): one.value for one in Category}),
        about="The category on that day; empty: by the record.",
    ),
    Column(
        "level",
        Closed({str(one.value): one.value for one in Level}),
        about="The level on that day; empty: by the record.",
    ),
    Column("detail", Words(500), about="A note. It names nobody who need not be named."),
)


def check(row: Row, book: PolicyBook, today: date) -> tuple[dict[str, Any], list[Reject]]:
    """Return the values of one row and every reason against it."""
    values, rejects = read_cells(row, COLUMNS)
    if not rejects:
        rejects = list(outside_limits(row.line, values, COLUMNS, book.for_area("", today).dates, today))
    return values, rejects


def load_events(
    record: Record,
    path: Path,
    *,
    as_at: datetime,
    actor: str,
    dry_run: bool = False,
    rejects: Path | None = None,
    progress: Progress | None = None,
    mapping: FileMapping | None = None,
    areas: Collection[str] | None = None,
) -> LoadReport:
    """Load an events file: each row is one event; several of one kind and day are told apart by their order.

    ``areas``: those for which whoever loads may load; None: every area. Category and level that the file leaves out are
    those of the person on that day, by what is known now. Raises ``FileRefusedError`` for a file that cannot be read
    whole; nothing of it is loaded then.
    """
    today = london_date(as_at)
    table = open_table(path, "events", COLUMNS, mapping)

    def check_alone(row: Row) -> tuple[dict[str, Any], list[Reject]]:
        return check(row, record.policies, today)

    expected = Counter(values["crn"] for _, values in first_reading(table, check_alone))
    refused = refused_people(record, sorted(expected), areas)

    def against(row: Row, values: dict[str, Any]) -> list[Reject]:
        reason = refused.get(values["crn"])
        return [] if reason is None else [Reject(row.line, "crn", reason)]

    report = LoadReport()
    with RejectsFile(rejects, table.header) as rejects_file:
        rows = good_rows(table, beside_others(check_alone, against), report, rejects_file, progress)
        for people in people_of(rows, expected):
            with record.writing() as session:
                write_events(session, people, report, as_at, actor)
                if dry_run:
                    session.rollback()
    return report


def refused_people(record: Record, crns: Sequence[str], areas: Collection[str] | None) -> dict[str, str]:
    """Return why the events of people cannot go in, by CRN: nobody knows them, or they are another area's."""
    known: dict[str, set[str]] = {}
    with record.reading() as session:
        for start in range(0, len(crns), ASKED_AT_ONCE):
            query = select(Person).where(Person.crn.in_(crns[start : start + ASKED_AT_ONCE])).order_by(Person.id)
            for crn, person in [(one.crn, now_known_as(session, one)) for one in session.scalars(query)]:
                known[crn] = {one.area for one in (*person.cases, *person.sentences)} if areas is not None else set()
            session.expire_all()
    unknown = "is not on record: load the registrations or the sentences of this person first"
    refused = {crn: f"{crn} {unknown}" for crn in crns if crn not in known}
    if areas is not None:
        elsewhere = {crn for crn, found in known.items() if found.isdisjoint(areas)}
        refused |= {crn: f"{crn} is not of an area for which you may load" for crn in sorted(elsewhere)}
    return refused


@dataclass(frozen=True, slots=True)
class Then:
    """What tells how a person stood on a day: their cases, spells and sentences, the oldest first."""

    cases: Sequence[Case]
    spells: Sequence[Spell]
    sentences: Sequence[Sentence]

    def on(self, day: date) -> dict[str, Any]:
        """Return case, area, unit, category and level on a day; without a spell of that day, the place alone."""
        spell = next((one for one in self.spells if one.starts_on <= day <= (one.ends_on or date.max)), None)
        if spell is not None:
            return {name: getattr(spell, name) for name in OF_THE_DAY}
        where = self.cases[-1] if self.cases else self.sentences[-1]
        case_id = self.cases[-1].id if self.cases else None
        return {"case_id": case_id, "area": where.area, "unit": where.unit, "category": None, "level": None}


def write_events(session: Session, people: Sequence[Rows], report: LoadReport, as_at: datetime, actor: str) -> None:
    """Write the events of whole people, with an audit entry a person."""
    crns = [rows[0][1]["crn"] for rows in people]
    query = select(Person).where(Person.crn.in_(crns)).order_by(Person.id)
    keys = {one.crn: now_known_as(session, one).id for one in session.scalars(query)}
    of_key: dict[int, Rows] = defaultdict(list)
    for rows in people:
        of_key[keys[rows[0][1]["crn"]]] += rows
    found = [by(read(session, model, list(of_key)), of_person) for model in (Case, Spell, Sentence)]
    there: dict[tuple[int, str, date], list[ReportedEvent]] = defaultdict(list)
    for row in read(session, ReportedEvent, list(of_key)):
        there[row.person_id, row.kind, row.on_date].append(row)
    new: list[dict[str, Any]] = []
    changes: list[Change] = []
    for key, rows in of_key.items():
        then = Then(*(rows_by_person[key] for rows_by_person in found))
        before: list[dict[str, Any]] = []
        after: list[dict[str, Any]] = []
        for (kind, on), told in by_day(rows).items():
            events = Events(key, kind, on, there[key, kind, on], new, report, as_at)
            events.take_in(told, then, before, after)
        if after:
            case = then.cases[-1] if then.cases else None
            chain, about = (f"case/{case.id}", case.reference) if case else (f"person/{key}", f"person {key}")
            changes.append(Change(chain, "events-loaded", about, {"events": before} if before else None,
                                  {"events": after}))  # fmt: skip
    insert_many(session, ReportedEvent, new)
    session.flush()
    append(session, changes, actor=actor, at=as_at)


def read(session: Session, model: Any, person_ids: Sequence[int]) -> Iterator[Any]:
    """Return the rows of people, the oldest first."""
    found: Iterator[Any] = session.scalars(select(model).where(model.person_id.in_(person_ids)).order_by(*ORDER[model]))
    return found


ORDER: dict[Any, tuple[Any, ...]] = {
    Case: (Case.id,),
    Spell: (Spell.starts_on, Spell.id),
    Sentence: (Sentence.sentence_date, Sentence.id),
    ReportedEvent: (ReportedEvent.number, ReportedEvent.id),
}


def of_person(row: Any) -> int:
    """Return the key of the person of a row."""
    return int(row.person_id)


def by_day(rows: Rows) -> dict[tuple[str, date], Rows]:
    """Return the rows of a person by kind and day."""
    found: dict[tuple[str, date], Rows] = defaultdict(list)
    for line, values in rows:
        found[values["kind"], values["date"]].append((line, values))
    return found


@dataclass(slots=True)
class Events:
    """The events of one kind and day of a person: those on record, and where new ones and counts go."""

    person_id: int
    kind: str
    on: date
    there: list[ReportedEvent]
    new: list[dict[str, Any]]
    report: LoadReport
    as_at: datetime

    def take_in(self, rows: Rows, then: Then, before: list[dict[str, Any]], after: list[dict[str, Any]]) -> None:
        """Bring the events on record up to the rows: what is told alike first, then what is told otherwise."""
        says = [(line, event_of(values, then)) for line, values in rows]
        self.tell_of_doubles(says)
        left = list(self.there)
        other = []
        for line, event in says:
            same = next((one for one in left if not differing(one, event)), None)
            if same is not None:
                left.remove(same)
                self.report.unchanged += 1
            else:
                other.append((line, event))
        number = max((one.number for one in self.there), default=0)
        for line, event in other:
            if left:
                known = left.pop(0)
                was = {name: getattr(known, name) for name in differing(known, event)}
                self.change(line, known, event, was)
                before.append({"kind": self.kind, "on_date": self.on, "number": known.number, **was})
                after.append({"kind": self.kind, "on_date": self.on, "number": known.number,
                              **{name: event[name] for name in was}})  # fmt: skip
                continue
            number += 1
            self.new.append({"person_id": self.person_id, "kind": self.kind, "on_date": self.on, "number": number,
                             "loaded_at": self.as_at, **event})  # fmt: skip
            after.append({"kind": self.kind, "on_date": self.on, "number": number, **event})
            self.report.added += 1

    def change(self, line: int, known: ReportedEvent, event: dict[str, Any], was: dict[str, Any]) -> None:
        """Bring an event on record up to a row."""
        for name in was:
            setattr(known, name, event[name])
        known.loaded_at = self.as_at
        # What somebody wrote of an event may name people.
        texts = [
            f"{n} {v or 'empty'} -> {event[n] or 'empty'}" for n, v in was.items() if n not in ("case_id", "detail")
        ]
        texts += ["detail"] if "detail" in was else []
        self.report.change(f"line {line}: {self.kind} of {self.on}: {', '.join(texts) or 'its case'}")

    def tell_of_doubles(self, says: Sequence[tuple[int, dict[str, Any]]]) -> None:
        """Warn of rows that tell the very same: each counts, and one may be there twice by mistake."""
        lines: dict[str, int] = {}
        for line, event in says:
            first = lines.setdefault(repr(event), line)
            if first != line:
                self.report.warnings.append(
                    f"lines {first} and {line} tell the same event ({self.kind} of {self.on}); both count"
                )


def event_of(values: dict[str, Any], then: Then) -> dict[str, Any]:
    """Return what is kept of an event: as the file tells it, else as the person stood on that day."""
    standing = then.on(values["date"])
    told = {name: values[name] for name in ("category", "level") if values[name] is not None}
    return {**standing, **told, "detail": values["detail"]}


def differing(event: ReportedEvent, says: dict[str, Any]) -> list[str]:
    """Return what a row tells otherwise than the record. An empty cell takes no detail away."""
    return [
        name
        for name, value in says.items()
        if getattr(event, name) != value and not (name == "detail" and value is None)
    ]
