"""Edits past the program: each is made in a transaction of its own, the record is checked, and it is taken back.

Whoever makes them can write the whole database and knows this program, but has neither the key of the trail nor the
file in which its seals are told.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlalchemy import Engine, create_engine, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from assurance.settings import AssuranceSettings
from bench.attack.of_the_tables import edits_of_the_seals, edits_of_the_tables
from bench.attack.of_the_trail import Edit, edits_of_the_trail
from bench.databases import databases
from casework.loading.bank_holidays import ensure_calendar
from casework.loading.shipped_offences import ensure_offences
from models.audit_seals import seal, verify
from models.audit_witness import bear, contradicted, present_witness, told
from models.bulk import to_json
from models.record import Record
from models.row_checks import looked_at
from models.settings import shipped
from notifications.settings import MailSettings
from policy.book import shipped_book
from tests.support.every_table import filled_up
from tests.support.story import DARREN, MEETING_DIRECTORY, Story, at


@dataclass(frozen=True, slots=True)
class Tried:
    """One edit and what came of it: refused by the database itself, noticed with a sentence, or neither."""

    edit: Edit
    refused: bool = False
    said: str = ""

    @property
    def unseen(self) -> bool:
        """Tell whether the edit was made and nothing was said."""
        return not (self.refused or self.said)


def attacked(record: Record, folder: Path) -> None:
    """Make a record worth an attack: a case with its history, sealed three times, each seal told in a file."""
    ensure_calendar(record, at("2026-06-01"))
    ensure_offences(record, at("2026-06-01"))
    story = Story(record, folder, MEETING_DIRECTORY)
    story.load("2026-06-01", DARREN)
    story.tick("2026-06-01")
    for day in ("2026-06-11", "2026-06-12"):
        story.tick(day)
        with record.writing() as session:
            seal(session, at(day, 20))
            witness = present_witness(session)
        assert witness is not None
        bear(folder / "witness.jsonl", witness)


def tried(record: Record, witness: Path, edits: list[Edit]) -> Iterator[Tried]:
    """Make each edit, check the record, and take the edit back."""
    engine = create_engine(record.url, json_serializer=to_json)
    with record.writing() as session:
        assert not noticed(session, witness), "the record is not sound before the attack"
    for edit in edits:
        yield attempt(engine, record, witness, edit)
    engine.dispose()


def attempt(engine: Engine, record: Record, witness: Path, edit: Edit) -> Tried:
    """Make one edit, check the record, and take the edit back."""
    with engine.connect() as connection, connection.begin() as transaction:
        if engine.dialect.name == "postgresql":
            connection.execute(text("SET LOCAL session_replication_role = replica"))
        try:
            edit.do(connection)
        except DBAPIError:
            transaction.rollback()
            return Tried(edit, refused=True)
        with Session(connection, info=record.session_info()) as session:
            said = noticed(session, witness)
        transaction.rollback()
    return Tried(edit, said=said)


def noticed(session: Session, witness: Path) -> str:
    """Return the first sentence of a check of the whole record; empty where nothing is said."""
    for said in chain(verify(session), contradicted(session, told(witness))):
        return said
    found, _ = looked_at(session)
    return found[0].said if found else ""


def filled(record: Record) -> list[Edit]:
    """Give every empty table a row, half of them sealed and half only noted, and return the edits of the tables."""
    with record.writing() as session:
        rows = filled_up(session.connection())
        for _ in range(8):
            next(rows, None)
    with record.writing() as session:
        seal(session, at("2026-06-12", 21))
    with record.writing() as session:
        for _ in filled_up(session.connection()):
            pass
    with record.reading() as session:
        return [*edits_of_the_tables(session.connection()), *edits_of_the_seals()]


def main() -> bool:
    """Try every edit on both databases, and print what was noticed; tell whether all was."""
    unseen = 0
    with databases() as kinds:
        for name, its in kinds.items():
            with TemporaryDirectory() as folder:
                url = its.fresh()
                record = Record(
                    url,
                    shipped_book(),
                    shipped(MailSettings),
                    shipped(AssuranceSettings),
                    key_file=Path(folder) / "audit.key",
                )
                record.migrate()
                attacked(record, Path(folder))
                edits = [*edits_of_the_trail(), *filled(record)]
                unseen += told_of(name, list(tried(record, Path(folder) / "witness.jsonl", edits)))
                record.close()
    return unseen == 0


def told_of(name: str, results: list[Tried]) -> int:
    """Print what came of the edits of one database; return how many went by unseen."""
    made = [one for one in results if not one.refused]
    seen = sum(not one.unseen for one in made)
    print(f"{name}: {len(results)} edits tried, {len(results) - len(made)} refused by the database, "
          f"{seen} of {len(made)} made were noticed")  # fmt: skip
    for table, count in sorted(Counter(one.edit.table for one in made).items()):
        print(f"  {table}: {count}")
    missed = [one for one in made if one.unseen]
    for one in missed:
        print(f"  NOT NOTICED  {one.edit.table}: {one.edit.what}")
    return len(missed)
