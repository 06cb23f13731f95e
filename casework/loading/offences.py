"""The offences file: which code stands in which schedule."""

import re
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from casework.loading.cells import Reader, read_cells, words
from casework.loading.csvfile import Columns, Row, read_header
from casework.loading.reading import good_rows, read_through
from casework.loading.report import LoadReport, Progress, Reject, RejectsFile
from models.audit import Change, append
from models.bulk import insert_many
from models.offences import Offence
from models.people import Person, Sentence
from models.record import Record

COLUMNS = Columns(required=("offence_code", "schedule"), optional=("part", "paragraph", "description", "group"))
CODE = re.compile(r"[A-Z]{2}[A-Z0-9]{2}\d{3}[A-Z]?|COML\d{3}[A-Z]?")
PARTS = {"3": ("", "1"), "15": ("1", "2", "3"), "none": ("",)}


def offence_code(text: str) -> str:
    """Return a CJS offence code such as SX03001."""
    value = text.upper()
    if not CODE.fullmatch(value):
        raise ValueError(f"{text!r} is not a CJS offence code, such as SX03001")
    return value


def schedule(text: str) -> str:
    """Return the schedule: 3 (SOA 2003), 15 (CJA 2003) or none (known to be in neither)."""
    if text.lower() not in PARTS:
        raise ValueError(f"{text!r} is none of 3, 15 and none")
    return text.lower()


READERS: dict[str, Reader] = {
    "offence_code": offence_code,
    "schedule": schedule,
    "part": words(4),
    "paragraph": words(12),
    "description": words(300),
    "group": words(60),
}


def check(row: Row) -> tuple[dict[str, Any], list[Reject]]:
    """Return the values of one row and every reason against it."""
    values, rejects = read_cells(row, COLUMNS, READERS)
    if not rejects and (values["part"] or "") not in PARTS[values["schedule"]]:
        parts = " or ".join(repr(part) for part in PARTS[values["schedule"]])
        rejects.append(Reject(row.line, "part", f"schedule {values['schedule']} has the part {parts}"))
    return values, rejects


def load_offences(
    record: Record,
    path: Path,
    *,
    as_at: datetime,
    actor: str,
    dry_run: bool = False,
    rejects: Path | None = None,
    progress: Progress | None = None,
) -> LoadReport:
    """Load an offences file on top of the table; sentences whose code it settles are identified anew.

    A row without a paragraph says nothing new of a code already known in that schedule, so it takes
    nothing away. Raises ``FileRefusedError`` for a file that cannot be read whole.
    """
    header = read_header(path, COLUMNS)
    read_through(path, header)
    report = LoadReport()
    with RejectsFile(rejects, header) as rejects_file, record.writing() as session:
        known = {(o.offence_code, o.schedule, o.part, o.paragraph) for o in session.scalars(select(Offence))}
        listed = {(code, number) for code, number, _, _ in known}
        new: list[dict[str, Any]] = []
        for _, values in good_rows(path, header, check, report, rejects_file, progress):
            entry = (values["offence_code"], values["schedule"], values["part"] or "", values["paragraph"] or "")
            if entry in known or (not entry[3] and entry[:2] in listed):
                report.unchanged += 1
                continue
            known.add(entry)
            listed.add(entry[:2])
            new.append(
                dict(zip(("offence_code", "schedule", "part", "paragraph"), entry, strict=True))
                | {"description": values["description"]}
            )
            report.added += 1
        if new:
            insert_many(session, Offence, new)
            append(
                session,
                [Change("offences", "offences-loaded", path.name, after={"added": len(new)})],
                actor=actor,
                at=as_at,
            )
            look_again(session, {row["offence_code"] for row in new}, as_at)
        session.flush()
        if dry_run:
            session.rollback()
    return report


def look_again(session: Session, codes: set[str], as_at: datetime) -> None:
    """Have the sentences with these codes identified anew, where the table did not settle them before."""
    query = select(Sentence).join(Person).where(~Person.erased, Sentence.outcome.in_(("undecided", "not_eligible")))
    for sentence in session.scalars(query):
        if sentence.offence_code in codes:
            sentence.identify_at = as_at
