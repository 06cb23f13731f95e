"""Tell a story to a record: load rows, let days pass, see what was prompted. The cast is always the same.

Cora coordinates, Mona manages her, Simon sits on the SMB for probation and Chris chairs it; Olive is the
offender manager, Lionel her line manager, Opal works in the prison's offender management unit.
"""

import csv
from collections.abc import Sequence
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

from sqlalchemy import select

from casework.loading import LoadReport, load_directory, load_sentences
from casework.recording import Recorded, record_fact
from models.cases import Case
from models.obligations import Message, Prompt, Timescale
from models.people import Person
from models.record import Record
from policy.calendar import LONDON
from tasks import identification, pre_release, prompts
from tasks.stage import StageReport, run_stage

CORA = "cora@mappa.example"
MONA = "mona@mappa.example"
SIMON = "simon@probation.example"
CHRIS = "chris@smb.example"
OLIVE = "olive@probation.example"
LIONEL = "lionel@probation.example"
OPAL = "opal@prison.example"
STAGES = (identification.STAGE, pre_release.STAGE, prompts.STAGE)

DIRECTORY = [
    {"area": "London", "agency": "mappa_unit", "role": "coordinator", "name": "Cora", "email": CORA},
    {"area": "London", "agency": "mappa_unit", "role": "coordinator_manager", "name": "Mona", "email": MONA},
    {"area": "London", "agency": "probation", "role": "smb_member", "name": "Simon", "email": SIMON},
    {"area": "London", "agency": "smb", "role": "smb_chair", "name": "Chris", "email": CHRIS},
    {
        "area": "London",
        "agency": "prison",
        "unit": "HMP Example",
        "role": "prison_offender_management",
        "name": "Opal",
        "email": OPAL,
    },
]
# domain.md 7.1: manslaughter, conditional release on 2027-03-12, licence until 2030-07-12.
DARREN = {
    "crn": "X320741",
    "surname": "Invented",
    "forenames": "Darren",
    "date_of_birth": "1985-03-04",
    "area": "London",
    "unit": "North",
    "lead_agency": "probation",
    "offender_manager": "Olive",
    "offender_manager_email": OLIVE,
    "line_manager_email": LIONEL,
    "offence_code": "COML022",
    "offence_date": "2023-01-05",
    "disposal": "imprisonment",
    "term_months": "80",
    "sentence_date": "2023-11-12",
    "conditional_release_date": "2027-03-12",
    "licence_expiry_date": "2030-07-12",
    "location": "custody",
    "prison": "HMP Example",
}


def at(day: str, hour: int = 8) -> datetime:
    """Return an hour of a day in London."""
    return datetime.combine(date.fromisoformat(day), time(hour), tzinfo=LONDON)


def write_csv(path: Path, rows: Sequence[dict[str, str]]) -> Path:
    """Write rows with every column any of them has."""
    columns = list(dict.fromkeys(name for row in rows for name in row))
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, columns, restval="")
        writer.writeheader()
        writer.writerows(rows)
    return path


class Story:
    """A record with the cast in its directory."""

    def __init__(self, record: Record, folder: Path, directory: Sequence[dict[str, str]] = DIRECTORY) -> None:
        self.record = record
        self.folder = folder
        if directory:
            load_directory(record, write_csv(folder / "directory.csv", directory), as_at=at("2020-01-02"), actor="t")

    def load(self, day: str, *rows: dict[str, str]) -> LoadReport:
        path = write_csv(self.folder / "sentences.csv", rows)
        return load_sentences(self.record, path, as_at=at(day), actor="loader")

    def tick(self, day: str, hour: int = 8) -> list[StageReport]:
        return [run_stage(self.record, stage, at(day, hour)) for stage in STAGES]

    def record_fact(self, kind: str, day: str, *, crn: str = "X320741", **data: Any) -> Recorded:
        with self.record.writing() as session:
            return record_fact(session, kind, crn, {"date": day, **data}, as_at=at(day, 9), actor="clerk")

    def prompts(self, kind: str | None = None) -> list[tuple[str, int, str, str]]:
        """Return (rung, revision, recipient, day raised), in the order raised; announcements left out."""
        query = select(Prompt, Timescale.kind).join(Timescale).where(Prompt.rung != "identified").order_by(Prompt.id)
        with self.record.reading() as session:
            return [
                (p.rung, p.revision, p.recipient, p.raised_at.astimezone(LONDON).date().isoformat())
                for p, its_kind in session.execute(query)
                if kind in (None, its_kind)
            ]

    def timescale(self, kind: str, crn: str = "X320741") -> Timescale:
        query = select(Timescale).join(Case).join(Person).where(Timescale.kind == kind, Person.crn == crn)
        with self.record.reading() as session:
            found = session.scalars(query).one()
            session.expunge(found)
            return found

    def case(self, crn: str = "X320741") -> Case:
        query = select(Case).join(Person).where(Person.crn == crn).order_by(Case.id.desc())
        with self.record.reading() as session:
            found = session.scalars(query).first()
            assert found is not None
            session.expunge(found)
            return found

    def messages(self) -> list[Message]:
        with self.record.reading() as session:
            found = list(session.scalars(select(Message).order_by(Message.created_at, Message.recipient)))
            session.expunge_all()
            return found
