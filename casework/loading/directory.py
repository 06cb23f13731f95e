"""The directory file: who holds which role, from when to when."""

from collections.abc import Collection
from datetime import datetime
from pathlib import Path
from typing import Any

from casework.loading.as_written import areas_as_written
from casework.loading.directory_entries import (
    Entries,
    Guard,
    Key,
    Written,
    checker,
    columns,
    differing,
    key_of,
    put_down,
    told_by,
    write,
)
from casework.loading.lines import Row
from casework.loading.mapping import FileMapping
from casework.loading.reading import Check, good_rows, read_through
from casework.loading.report import LoadReport, Progress, Reject, RejectsFile
from casework.loading.table import open_table
from models.record import Record
from policy.calendar import london_date


def load_directory(
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
    guard: Guard | None = None,
) -> LoadReport:
    """Load a directory file; an entry is known by area, agency, unit, role and e-mail address, in any spelling.

    ``areas``: those for which whoever loads may load; None: every area. ``guard``: says what else they may not write.

    Entries the file does not name stay as they are: an entry ends by its ``to`` date. Raises
    ``FileRefusedError`` for a file that cannot be read whole.
    """
    table = open_table(path, "directory", columns(record.policies.agencies), mapping)
    read_through(table)
    report, check = LoadReport(), checker(record.policies, london_date(as_at), areas_as_written(record, areas))
    lines: dict[Key, int] = {}
    with RejectsFile(rejects, table.header) as rejects_file, record.writing() as session:
        entries = Entries(session)
        allowed = check if guard is None else guarded(check, entries, guard)
        changes: list[Written] = []
        for row, values in good_rows(table, allowed, report, rejects_file, progress):
            entry = entries.find(values)
            written = write(session, entry, values)
            if written is None:
                report.unchanged += 1
                continue
            entries.add(written.entry)
            tell(report, written, row.line, lines, key_of(*told_by(values)))
            changes.append(written)
        put_down(session, changes, as_at=as_at, actor=actor)
        if dry_run:
            session.rollback()
    return report


def guarded(check: Check, entries: Entries, guard: Guard) -> Check:
    """Return the check of one row that refuses, too, what whoever loads the file may not write."""

    def check_both(row: Row) -> tuple[dict[str, Any], list[Reject]]:
        values, rejects = check(row)
        if not rejects:
            entry = entries.find(values)
            if (entry is None or differing(entry, values)) and (reason := guard(entry, values)):
                rejects.append(Reject(row.line, "role", reason))
        return values, rejects

    return check_both


def tell(report: LoadReport, written: Written, line: int, lines: dict[Key, int], key: Key) -> None:
    """Count an entry that was added or changed, and say so; two lines that tell one entry differently are a warning."""
    before, entry = written.before, written.entry
    if before is None:
        report.added += 1
    else:
        if key in lines:
            report.warnings.append(
                f"lines {lines[key]} and {line} tell the same entry differently; the later one stands"
            )
        what = ", ".join(f"{n} {v or 'empty'} -> {written.after[n] or 'empty'}" for n, v in before.items())
        report.change(f"line {line}: {entry.role} of {entry.agency} in {entry.area}: {what}")
    lines[key] = line
