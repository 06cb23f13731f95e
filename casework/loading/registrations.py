"""The registrations file: a caseload that already runs, with its history of categories and levels."""

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import select

from casework.loading.as_written import alike, areas_as_written
from casework.loading.lines import Row
from casework.loading.mapping import FileMapping
from casework.loading.reading import beside_others, first_reading, good_rows
from casework.loading.registration_columns import IDENTITY, Key, check, columns, key_of, said
from casework.loading.registration_rows import write_people
from casework.loading.report import LoadReport, Progress, Reject, RejectsFile
from casework.loading.sentences import warn_of_unknown_areas
from casework.loading.table import open_table
from casework.loading.together import people_of
from models.people import Person
from models.record import Record
from policy.calendar import london_date

ASKED_AT_ONCE = 500
Told = tuple[Any, ...]


@dataclass(slots=True)
class Seen:
    """What the first reading keeps: how many rows a person has and who they are, and what each registration says."""

    rows: Counter[str] = field(default_factory=Counter)
    people: dict[str, tuple[int, list[Any]]] = field(default_factory=dict)
    registrations: dict[Key, tuple[int, Told]] = field(default_factory=dict)
    bad_people: dict[str, str] = field(default_factory=dict)
    bad_registrations: dict[Key, str] = field(default_factory=dict)
    repeats: set[int] = field(default_factory=set)

    def see(self, line: int, values: dict[str, Any]) -> None:
        """Take in one good row."""
        crn = values["crn"]
        self.rows[crn] += 1
        first_line, identity = self.people.setdefault(crn, (line, [None] * len(IDENTITY)))
        for place, name in enumerate(IDENTITY):
            told = values[name]
            if identity[place] is None:
                identity[place] = told
            elif told is not None and not alike(identity[place], told):
                reason = f"lines {first_line} and {line} disagree on the {name} of {crn}; neither went in"
                self.bad_people.setdefault(crn, reason)
        key, told = key_of(values), tuple(said(values).values())
        first_line, first = self.registrations.setdefault(key, (line, told))
        if first_line == line:
            return
        if first == told:
            self.repeats.add(line)
        else:
            reason = f"lines {first_line} and {line} tell the same registration differently; neither went in"
            self.bad_registrations.setdefault(key, reason)

    def refuse_unknown(self, record: Record) -> None:
        """Note whoever is neither on record nor named by the file."""
        nameless = sorted(crn for crn, (_, identity) in self.people.items() if None in identity)
        known: set[str] = set()
        with record.reading() as session:
            for start in range(0, len(nameless), ASKED_AT_ONCE):
                batch = nameless[start : start + ASKED_AT_ONCE]
                known.update(session.scalars(select(Person.crn).where(Person.crn.in_(batch))))
        for crn in nameless:
            if crn not in known:
                self.bad_people.setdefault(
                    crn, f"{crn} is not on record: give surname, forenames and date_of_birth, or load the sentences"
                )

    def against(self, row: Row, values: dict[str, Any]) -> list[Reject]:
        """Return the reason why a good row cannot go in beside the others."""
        if reason := self.bad_people.get(values["crn"]):
            return [Reject(row.line, "crn", reason)]
        if reason := self.bad_registrations.get(key_of(values)):
            return [Reject(row.line, "start_date", reason)]
        return []


def load_registrations(
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
    """Load a registrations file: people, their cases, and the levels over time; the order of its rows does not matter.

    ``areas``: those for which whoever loads may load; None: every area. A later file with other particulars of a known
    registration (CRN, start date, category, level) updates it; a registration it does not name stays. Raises
    ``FileRefusedError`` for a file that cannot be read whole; nothing of it is loaded then.
    """
    today = london_date(as_at)
    known = columns(areas_as_written(record, areas))
    table = open_table(path, "registrations", known, mapping)

    def check_alone(row: Row) -> tuple[dict[str, Any], list[Reject]]:
        return check(row, known, record.policies, today)

    seen = Seen()
    for row, values in first_reading(table, check_alone):
        seen.see(row.line, values)
    seen.refuse_unknown(record)

    report, met = LoadReport(), set[str]()
    with RejectsFile(rejects, table.header) as rejects_file:
        rows = good_rows(table, beside_others(check_alone, seen.against), report, rejects_file, progress)
        for people in people_of(rows, seen.rows):
            met.update(values["area"] for person in people for _, values in person)
            new = [[one for one in person if one[0] not in seen.repeats] for person in people]
            report.unchanged += sum(map(len, people)) - sum(map(len, new))
            with record.writing() as session:
                write_people(session, new, report, as_at, actor)
                if dry_run:
                    session.rollback()
    warn_of_unknown_areas(record, report, met)
    return report
