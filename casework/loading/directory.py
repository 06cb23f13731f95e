"""The directory file: who holds which role, from when to when."""

from collections.abc import Collection, Iterable
from datetime import date, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from casework.loading.as_written import AREA, alike, areas_as_written
from casework.loading.cells import Words, email_address, iso_day, outside_limits, read_cells
from casework.loading.columns import Column, Columns, Reader, agency, one_of
from casework.loading.csvfile import Row, read_header
from casework.loading.reading import Check, good_rows, read_through
from casework.loading.report import LoadReport, Progress, Reject, RejectsFile
from models.audit import Change, append
from models.cases import Case
from models.directory import DirectoryEntry
from models.meetings import Meeting
from models.record import Record
from policy.addresses import normal
from policy.book import PolicyBook
from policy.calendar import london_date
from policy.dates import Ahead
from policy.roles import DIRECTORY_ROLES
from policy.telephones import telephone_number
from policy.texts import plain
from policy.vocabulary import MeetingState


def columns(agencies: Iterable[str], area: Reader = AREA) -> Columns:
    """Return the columns; ``agencies`` are those that the policies know, ``area`` reads the name of an area."""
    return Columns(
        Column("area", area, required=True),
        Column("agency", agency(agencies), required=True),
        Column("role", one_of(DIRECTORY_ROLES), required=True),
        Column("name", Words(120), required=True),
        Column("email", email_address, required=True),
        Column("unit", Words(80)),
        Column("grade", Words(60)),
        Column("telephone", telephone_number),
        Column("from", iso_day, ahead=Ahead.END),
        Column("to", iso_day, ahead=Ahead.END),
    )


Key = tuple[str, str, str, str, str]


def checker(book: PolicyBook, today: date, area: Reader) -> Check:
    """Return the check of one row: its values, and every reason against it."""
    wanted = columns(book.agencies, area)

    def check(row: Row) -> tuple[dict[str, Any], list[Reject]]:
        values, rejects = read_cells(row, wanted)
        if rejects:
            return values, rejects
        policy = book.for_area(values["area"], today)
        rejects += outside_limits(row.line, values, wanted, policy.dates, today)
        if values["from"] and values["to"] and values["to"] < values["from"]:
            rejects.append(Reject(row.line, "to", f"{values['to']} is before from, {values['from']}"))
        if values["agency"] not in policy.agencies:
            reason = f"{values['agency']!r} is not an agency of {values['area']}: add it to the policy of the area"
            rejects.append(Reject(row.line, "agency", reason))
        return values, rejects

    return check


def load_directory(
    record: Record,
    path: Path,
    *,
    as_at: datetime,
    actor: str,
    dry_run: bool = False,
    rejects: Path | None = None,
    progress: Progress | None = None,
    areas: Collection[str] | None = None,
) -> LoadReport:
    """Load a directory file; an entry is known by area, agency, unit, role and e-mail address, in any spelling.

    ``areas``: those for which whoever loads may load; None: every area.

    Entries the file does not name stay as they are: an entry ends by its ``to`` date. Raises
    ``FileRefusedError`` for a file that cannot be read whole.
    """
    header = read_header(path, columns(record.policies.agencies))
    read_through(path, header)
    report, check = LoadReport(), checker(record.policies, london_date(as_at), areas_as_written(record, areas))
    lines: dict[Key, int] = {}
    with RejectsFile(rejects, header) as rejects_file, record.writing() as session:
        entries = [(as_told(one), one) for one in session.scalars(select(DirectoryEntry).order_by(DirectoryEntry.id))]
        # An entry of before that is one with another is still known by its own spelling.
        known = {key_of(*told): entry for told, entry in entries} | dict(entries)
        changes: list[Change] = []
        met: set[str] = set()
        for row, values in good_rows(path, header, check, report, rejects_file, progress):
            if written := write(session, known, values, row.line, lines, report):
                changes += written
                met.add(values["area"])
        look_again(session, met, as_at)
        append(session, changes, actor=actor, at=as_at)
        session.flush()
        if dry_run:
            session.rollback()
    return report


def look_again(session: Session, areas: Collection[str], as_at: datetime) -> None:
    """Have the planned meetings of areas looked at: somebody else may now speak for an agency that must come."""
    of_areas = select(Case.id).where(Case.area.in_(areas), Case.closed_on.is_(None))
    session.execute(
        update(Meeting)
        .where(Meeting.state == MeetingState.PLANNED, Meeting.prepare_at.is_(None), Meeting.case_id.in_(of_areas))
        .values(prepare_at=as_at)
    )


def as_told(entry: DirectoryEntry) -> Key:
    """Return what tells one entry from another, as it is written."""
    return entry.area, entry.agency, entry.unit, entry.role, entry.email


def key_of(area: str, agency: str, unit: str, role: str, email: str) -> Key:
    """Return what tells one entry from another: names and addresses in their normal forms."""
    return plain(area), agency, plain(unit), role, normal(email)


def write(
    session: Session,
    known: dict[Key, DirectoryEntry],
    values: dict[str, Any],
    line: int,
    lines: dict[Key, int],
    report: LoadReport,
) -> list[Change]:
    """Insert or update one entry; return its audit entry, none where nothing differs."""
    content = {"valid_from": values["from"], "valid_to": values["to"]}
    content |= {name: values[name] for name in ("name", "grade", "telephone")}
    told = {name: values[name] or "" for name in ("area", "agency", "unit", "role", "email")}
    key = key_of(**told)
    chain, subject = f"directory/{values['area']}"[:80], f"{values['role']} of {values['agency']}"
    entry = known.get((told["area"], told["agency"], told["unit"], told["role"], told["email"])) or known.get(key)
    if entry is None:
        known[key] = DirectoryEntry(**told, **content)
        session.add(known[key])
        report.added += 1
        lines[key] = line
        return [Change(chain, "directory-entry-added", subject, after={"email": told["email"], **content})]
    before = {name: was for name, value in content.items() if not alike(was := getattr(entry, name), value)}
    if not before:
        report.unchanged += 1
        return []
    if key in lines:
        report.warnings.append(f"lines {lines[key]} and {line} tell the same entry differently; the later one stands")
    for name in before:
        setattr(entry, name, content[name])
    lines[key] = line
    report.change(
        f"line {line}: {subject} in {values['area']}: "
        + ", ".join(f"{n} {v or 'empty'} -> {content[n] or 'empty'}" for n, v in before.items())
    )
    return [Change(chain, "directory-entry-changed", subject, before, {n: content[n] for n in before})]
