"""The sentences file: checked row by row, told apart by person and sentence, updated when it comes again."""

import hashlib
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import select

from casework.loading.as_written import alike, areas_as_written
from casework.loading.lines import Row
from casework.loading.mapping import FileMapping
from casework.loading.reading import beside_others, first_reading, good_rows
from casework.loading.report import LoadReport, Progress, Reject, RejectsFile
from casework.loading.sentence_columns import SENTENCE_FIELDS, Key, check, columns, key_of
from casework.loading.sentence_rows import write_rows
from casework.loading.table import open_table
from models.directory import DirectoryEntry
from models.record import Record
from policy.calendar import london_date
from policy.characters import folded

# Rows of one person must not tell these differently: it is then nobody's to say which is right.
IDENTITY_FIELDS = ("surname", "forenames", "date_of_birth", "noms_number", "pnc_number")
CHUNK = 1000


@dataclass(slots=True)
class Disagreements:
    """What the first reading keeps: per person and per sentence, the first line and what it said."""

    people: dict[str, tuple[int, tuple[Any, ...]]] = field(default_factory=dict)
    sentences: dict[Key, tuple[int, bytes]] = field(default_factory=dict)
    bad_people: dict[str, str] = field(default_factory=dict)
    bad_sentences: dict[Key, str] = field(default_factory=dict)
    repeats: set[int] = field(default_factory=set)

    def see(self, row: Row, values: dict[str, Any]) -> None:
        """Take in one good row."""
        crn, told = values["crn"], tuple(values[name] for name in IDENTITY_FIELDS)
        first_line, first = self.people.setdefault(crn, (row.line, told))
        for name, one, other in zip(IDENTITY_FIELDS, first, told, strict=True):
            if one is not None and other is not None and not alike(one, other):
                self.bad_people.setdefault(
                    crn, f"lines {first_line} and {row.line} disagree on the {name} of {crn}; neither went in"
                )
        key = key_of(values)
        written = " ".join(folded(repr([values[n] for n in SENTENCE_FIELDS])).split())
        digest = hashlib.blake2b(written.encode(), digest_size=16).digest()
        first_line, first_digest = self.sentences.setdefault(key, (row.line, digest))
        if first_line != row.line:
            if first_digest != digest:
                self.bad_sentences.setdefault(
                    key,
                    f"lines {first_line} and {row.line} tell the same sentence (offence {key[1]} of {key[2]}) "
                    "differently; neither went in",
                )
            else:
                self.repeats.add(row.line)

    def against(self, row: Row, values: dict[str, Any]) -> list[Reject]:
        """Return the reason why a good row cannot go in, if another row speaks against it."""
        if reason := self.bad_people.get(values["crn"]):
            return [Reject(row.line, "crn", reason)]
        if reason := self.bad_sentences.get(key_of(values)):
            return [Reject(row.line, "offence_code", reason)]
        return []


def load_sentences(
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
    """Load a sentences file: good rows in, bad rows back; loading the same file twice changes nothing.

    ``areas``: those for which whoever loads may load; None: every area.

    A later file with other particulars of a known sentence updates it and says what changed. Raises
    ``FileRefusedError`` for a file that cannot be read whole; nothing of it is loaded then.
    """
    today = london_date(as_at)
    known = columns(today, areas_as_written(record, areas))
    table = open_table(path, "sentences", known, mapping)

    def check_alone(row: Row) -> tuple[dict[str, Any], list[Reject]]:
        return check(row, known, record.policies, today)

    seen = Disagreements()
    for row, values in first_reading(table, check_alone):
        seen.see(row, values)

    report, met = LoadReport(), set()
    with RejectsFile(rejects, table.header) as rejects_file:
        good: list[tuple[int, dict[str, Any]]] = []
        for row, values in good_rows(table, beside_others(check_alone, seen.against), report, rejects_file, progress):
            met.add(values["area"])
            if row.line in seen.repeats:
                report.unchanged += 1
            else:
                good.append((row.line, values))
            if len(good) >= CHUNK:
                write(record, good, report, as_at, actor, dry_run)
                good.clear()
        write(record, good, report, as_at, actor, dry_run)
    warn_of_unknown_areas(record, report, met)
    return report


def warn_of_unknown_areas(record: Record, report: LoadReport, areas: set[str]) -> None:
    """Warn of areas for which the directory has nobody: prompts there would have no recipient."""
    with record.reading() as session:
        known = set(session.scalars(select(DirectoryEntry.area).distinct()))
    report.warnings.extend(
        f"area {area!r} has nobody in the directory: prompts there have no recipient until it is loaded"
        for area in sorted(areas - known)
    )


def write(
    record: Record,
    rows: Sequence[tuple[int, dict[str, Any]]],
    report: LoadReport,
    as_at: datetime,
    actor: str,
    dry_run: bool,
) -> None:
    """Write good rows in one transaction; a dry run rolls it back and keeps the counts."""
    if not rows:
        return
    with record.writing() as session:
        write_rows(session, rows, report, as_at, actor)
        if dry_run:
            session.rollback()
