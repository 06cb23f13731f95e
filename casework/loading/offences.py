"""The offences file: which code stands in which schedule."""

import re
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from casework.loading.cells import Words, read_cells
from casework.loading.columns import Column, Columns, one_of
from casework.loading.lines import Row
from casework.loading.mapping import FileMapping
from casework.loading.reading import good_rows, read_through
from casework.loading.report import LoadReport, Progress, Reject, RejectsFile
from casework.loading.table import open_table
from models.audit import Change, append
from models.bulk import insert_many
from models.offences import Offence
from models.people import Person, Sentence
from models.record import Record
from policy.identifiers import in_ascii
from policy.offences import base_of

# Sentences in one statement.
BATCH = 500
CODE = re.compile(r"[A-Z]{2}[A-Z0-9]{2}\d{3}[A-Z]?|COML\d{3}[A-Z]?", re.ASCII)


class Schedule(StrEnum):
    """Where an offence stands: Schedule 3 (SOA 2003), Schedule 15 (CJA 2003), or known to be in neither."""

    SOA_2003 = "3"
    CJA_2003 = "15"
    NONE = "none"


class Part(StrEnum):
    """The part of a schedule: of Schedule 15 violent (1), sexual (2) and terrorist offences (3)."""

    ONE = "1"
    TWO = "2"
    THREE = "3"


PARTS: dict[str, tuple[str, ...]] = {
    Schedule.SOA_2003: ("", Part.ONE),
    Schedule.CJA_2003: (Part.ONE, Part.TWO, Part.THREE),
    Schedule.NONE: ("",),
}
"""The parts of each schedule; "" where the column may be empty."""


def offence_code(text: str) -> str:
    """Return a CJS offence code such as SX03001."""
    value = in_ascii(text, "a CJS offence code")
    if not CODE.fullmatch(value):
        raise ValueError(f"{text!r} is not a CJS offence code, such as SX03001")
    return value


COLUMNS = Columns(
    Column("offence_code", offence_code, required=True, about="The code of the Criminal Justice System."),
    Column(
        "schedule",
        one_of(Schedule),
        required=True,
        about="Schedule 3 of the Sexual Offences Act 2003, 15 of the Criminal Justice Act 2003, or none.",
    ),
    Column("part", one_of(Part), about="The part of the schedule; Schedule 15 needs it."),
    Column("paragraph", Words(12), about="The paragraph of the schedule."),
    Column("description", Words(300), about="What the offence is."),
    Column("group", Words(60), about="Not read: for whoever keeps the file."),
)


def check(row: Row) -> tuple[dict[str, Any], list[Reject]]:
    """Return the values of one row and every reason against it."""
    values, rejects = read_cells(row, COLUMNS)
    if not rejects and (values["part"] or "") not in PARTS[values["schedule"]]:
        found = repr(values["part"]) if values["part"] else "an empty cell"
        parts = ", ".join(str(part) or "(empty)" for part in PARTS[values["schedule"]])
        rejects.append(Reject(row.line, "part", f"{found} is not one of {parts}, for schedule {values['schedule']}"))
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
    mapping: FileMapping | None = None,
) -> LoadReport:
    """Load an offences file on top of the table; sentences whose code it settles are identified anew.

    A row without a paragraph says nothing new of a code already known in that schedule, so it takes
    nothing away. Raises ``FileRefusedError`` for a file that cannot be read whole.
    """
    table = open_table(path, "offences", COLUMNS, mapping)
    read_through(table)
    report = LoadReport()
    with RejectsFile(rejects, table.header) as rejects_file, record.writing() as session:
        known = {(o.offence_code, o.schedule, o.part, o.paragraph) for o in session.scalars(select(Offence))}
        listed = {(code, number) for code, number, _, _ in known}
        new: list[dict[str, Any]] = []
        for _, values in good_rows(table, check, report, rejects_file, progress):
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
    """Have the sentences with these codes, attempts and the like too, identified anew: one more schedule may hold."""
    query = select(Sentence.id, Sentence.offence_code).join(Person).where(~Person.erased)
    again = [number for number, code in session.execute(query) if code in codes or base_of(code) in codes]
    for start in range(0, len(again), BATCH):
        these = Sentence.id.in_(again[start : start + BATCH])
        session.execute(update(Sentence).where(these).values(identify_at=as_at))
