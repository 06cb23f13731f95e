"""Files each of whose rows is one row of a table, known by some of its columns: a later file corrects it.

An empty cell takes nothing away that is on record: a file without the outcomes does not lose them. Where the file has
the column, a row with ``withdrawn`` yes takes a known one out: it was told in error.
"""

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any, Generic, TypeVar

from sqlalchemy import select
from sqlalchemy.orm import Session

from casework.loading.as_written import areas_as_written
from casework.loading.cells import outside_limits, read_cells
from casework.loading.columns import YES_NO, Column, Columns, Reader
from casework.loading.lines import Row
from casework.loading.mapping import FileMapping
from casework.loading.reading import Check, good_rows, read_through
from casework.loading.report import LoadReport, Progress, Reject, RejectsFile
from casework.loading.table import open_table
from models.audit import Change, append
from models.base import Base
from models.record import Record
from policy.calendar import london_date
from policy.numbers import Policy

WITHDRAWN = Column("withdrawn", YES_NO, about="yes: the row was loaded by mistake, and goes.")
Kept = TypeVar("Kept", bound=Base)
Key = tuple[Any, ...]
Wrong = Callable[[Row, Mapping[str, Any], Policy, date], Iterator[Reject]]
"""Yields the reasons against the values of a row by the policy of its area, on a day."""


def nothing_wrong(row: Row, values: Mapping[str, Any], policy: Policy, today: date) -> Iterator[Reject]:
    """Yield no reason: what the columns check is enough."""
    del row, values, policy, today
    yield from ()


@dataclass(frozen=True, slots=True)
class KindOfRow(Generic[Kept]):
    """A kind of row. ``file``: the word that loads it; ``what``: what a row is called.

    ``names``: the column of the table by that of the file. ``known_by``: those that tell one row from another, the area
    first. ``key``: their values in a normal form. ``chain``: the chain of the trail, before the area.
    """

    file: str
    what: str
    table: type[Kept]
    names: Mapping[str, str]
    known_by: tuple[str, ...]
    key: Callable[[Mapping[str, Any]], Key]
    chain: str
    columns: Callable[[Collection[str], Reader], Columns]
    wrong: Wrong = nothing_wrong

    def values_of(self, entry: Kept) -> dict[str, Any]:
        """Return what is on record of a row, by the columns of the file."""
        return {name: getattr(entry, column) for name, column in self.names.items()}

    def corrected(self, before: Mapping[str, Any], values: Mapping[str, Any]) -> dict[str, Any]:
        """Return what is on record of a row once a file has told it again."""
        return {name: before.get(name) if values[name] is None else values[name] for name in self.names}

    def beside_key(self, values: Mapping[str, Any] | None) -> dict[str, Any] | None:
        """Return what a row tells besides what it is known by; None where there is none."""
        if values is None:
            return None
        return {name: value for name, value in values.items() if name not in self.known_by}

    def told(self, values: Mapping[str, Any]) -> str:
        """Return which row is meant, in words."""
        return f"{self.what} {' '.join(str(values[name]) for name in self.known_by[1:])}"


@dataclass(slots=True)
class Rows(Generic[Kept]):
    """The rows of a kind that are on record, and what is changed of them."""

    session: Session
    kind: KindOfRow[Kept]
    as_at: datetime
    there: dict[Key, Kept]
    changes: list[Change]

    def take(self, values: Mapping[str, Any]) -> Change | None:
        """Write what a row tells; None where nothing differs."""
        kind, key = self.kind, self.kind.key(values)
        entry = self.there.get(key)
        before = None if entry is None else kind.values_of(entry)
        now = None if values.get(WITHDRAWN.name) else kind.corrected(before or {}, values)
        if kind.beside_key(before) == kind.beside_key(now):
            return None
        if now is None:
            self.session.delete(self.there.pop(key))
        elif entry is None:
            self.there[key] = kind.table(**self.columns_of(now))
            self.session.add(self.there[key])
        else:
            # What a row is known by stays as it was written first.
            for column, value in self.columns_of(kind.beside_key(now) or {}).items():
                setattr(entry, column, value)
        action = f"{kind.what.replace(' ', '-')}-{'withdrawn' if now is None else 'loaded'}"
        change = Change(f"{kind.chain}/{values['area']}", action, kind.told(values)[:80], before, now)
        self.changes.append(change)
        return change

    def columns_of(self, values: Mapping[str, Any]) -> dict[str, Any]:
        """Return the values of a row by the columns of the table, with when they were loaded."""
        return {self.kind.names[name]: value for name, value in values.items()} | {"loaded_at": self.as_at}


def checker(record: Record, kind: KindOfRow[Any], known: Columns, today: date) -> Check:
    """Return the check of one row by itself: its values, and every reason against it."""

    def check(row: Row) -> tuple[dict[str, Any], list[Reject]]:
        values, rejects = read_cells(row, known)
        if rejects:
            return values, rejects
        policy = record.policies.for_area(values["area"], today)
        rejects += outside_limits(row.line, values, known, policy.dates, today)
        agency = values.get("agency")
        if agency is not None and agency not in policy.agencies:
            reason = f"{agency!r} is not an agency of {values['area']}: add it to the policy of the area"
            rejects.append(Reject(row.line, "agency", reason))
        return values, [*rejects, *kind.wrong(row, values, policy, today)]

    return check


def load_rows(
    kind: KindOfRow[Kept],
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
    """Load a file of a kind; of two rows that tell one thing differently the later stands, with a warning.

    ``areas``: those for which whoever loads may load; None: every area. Raises ``FileRefusedError`` for a file that
    cannot be read whole.
    """
    known = kind.columns(record.policies.agencies, areas_as_written(record, areas))
    table = open_table(path, kind.file, known, mapping)
    read_through(table)
    check = checker(record, kind, known, london_date(as_at))
    report, lines = LoadReport(), dict[Key, int]()
    with RejectsFile(rejects, table.header) as rejects_file, record.writing() as session:
        on_record = session.scalars(select(kind.table))
        rows = Rows(session, kind, as_at, {kind.key(kind.values_of(one)): one for one in on_record}, [])
        for row, values in good_rows(table, check, report, rejects_file, progress):
            change = rows.take(values)
            earlier = lines.setdefault(kind.key(values), row.line)
            if change is None:
                report.unchanged += 1
            elif change.before is None:
                report.added += 1
            else:
                report.change(f"line {row.line}: {kind.told(values)} of {values['area']}: {what_changed(change)}")
            if change is not None and earlier != row.line:
                report.warnings.append(
                    f"lines {earlier} and {row.line} tell {kind.told(values)} differently; the later one stands"
                )
        append(session, rows.changes, actor=actor, at=as_at)
        session.flush()
        if dry_run:
            session.rollback()
    return report


def what_changed(change: Change) -> str:
    """Return what a change of a row that was known did, in words."""
    before, now = change.before or {}, change.after
    if now is None:
        return "withdrawn"
    return "; ".join(f"{name}: {before[name]} -> {value}" for name, value in now.items() if before[name] != value)
