"""Every row is as the program wrote it, or it shows: whatever way it was written, and whatever was done to it since."""

from pathlib import Path

import pytest
from sqlalchemy import String, delete, insert, select, text, update

from assurance.invariants import INVARIANTS, examine
from models import row_folds
from models.audit import AuditEntry
from models.audit_keys import AuditKeyError
from models.audit_seals import seal, verify
from models.base import table_of
from models.directory import DirectoryEntry
from models.people import Person
from models.record import Record
from models.row_checks import looked_at
from models.row_marks import NAMES_SOMEBODY, sealed_tables
from models.row_seals import NOTE, SEAL
from policy.book import shipped_book
from service.upkeep.trail import accept_rows, rotate_key
from tests.assurance.breaking import audit, past_the_program
from tests.support import rows
from tests.support.opened import opened
from tests.support.postgresql import copy_database, drop_database, with_database
from tests.support.story import at

DAY = at("2026-06-12", 9)
PERSON = table_of(Person)
RENAMED = "UPDATE person SET surname = 'Forged'"
BACK = "UPDATE person SET surname = 'Okonkwo'"


def faults(record: Record) -> list[str]:
    with record.reading() as session:
        return [fault.said for fault in looked_at(session)[0]]


def sealed(record: Record) -> None:
    with record.writing() as session:
        seal(session, DAY)


def a_person(record: Record) -> None:
    with record.writing() as session:
        rows.person(session)


def test_whatever_way_a_row_is_written_it_is_sealed(record: Record) -> None:
    one = {"crn": "X100009", "surname": "Bulk", "forenames": "B", "date_of_birth": DAY.date()}
    for step in (
        lambda session: rows.person(session),
        lambda session: session.execute(insert(PERSON), [one, one | {"crn": "X100008"}]),
        lambda session: session.execute(update(PERSON).values(surname=PERSON.c.surname + "x")),
        lambda session: session.execute(delete(PERSON).where(PERSON.c.crn == "X100008")),
    ):
        with record.writing() as session:
            step(session)
        assert faults(record) == []
    sealed(record)
    with record.reading() as session:
        held = session.scalars(select(SEAL.c.key).where(SEAL.c.name == "person").order_by(SEAL.c.key)).all()
        assert len(held) == session.query(Person).count() == 2
        assert list(verify(session)) == []
    assert faults(record) == []


def test_what_is_taken_back_is_not_noted(record: Record) -> None:
    for _twice in range(2):
        with record.writing() as session:
            rows.person(session, f"X10000{session.query(Person).count()}")
            for _ in range(2):
                part = session.begin_nested()
                rows.person(session, "X100007")
                session.execute(update(PERSON).values(surname="Gone"))
                part.rollback()
            with session.begin_nested():
                rows.person(session, f"X10000{session.query(Person).count()}")
        with record.writing() as session:
            rows.person(session, "X100008")
            session.rollback()
    assert faults(record) == []
    with record.reading() as session:
        assert session.query(Person).count() == 4


@pytest.mark.parametrize("when", ["noted", "sealed"])
def test_what_was_edited_is_not_made_right_by_the_next_change(record: Record, when: str) -> None:
    a_person(record)
    if when == "sealed":
        sealed(record)
    past_the_program(record, RENAMED)
    assert faults(record) == ["person 1 was changed"]
    with record.writing() as session:
        session.execute(update(PERSON).values(forenames="By the program"))
    sealed(record)
    assert faults(record) == ["person 1 was changed"]


def test_a_row_put_back_as_it_once_was_with_its_seal_is_noticed(record: Record) -> None:
    a_person(record)
    sealed(record)
    mine = (SEAL.c.name == "person", SEAL.c.key == "1")
    with record.reading() as session:
        [old] = session.execute(select(SEAL.c.hash).where(*mine)).scalars()
    with record.writing() as session:
        session.execute(update(PERSON).values(surname="Married"))
    sealed(record)
    past_the_program(record, BACK, f"UPDATE row_seal SET hash = '{old}' WHERE name = 'person' AND key = '1'")
    assert faults(record) == ["person: rows were put back as they once were"]
    past_the_program(record, "DELETE FROM person", "DELETE FROM row_seal WHERE name = 'person'")
    assert faults(record) == ["person: sealed rows: 1 expected, 0 found"]


def test_a_note_of_before_is_not_taken_a_second_time(record: Record) -> None:
    a_person(record)
    with record.writing() as session:
        note = dict(session.execute(select(NOTE).order_by(NOTE.c.id.desc()).limit(1)).mappings().one())
    sealed(record)
    with record.writing() as session:
        session.execute(delete(PERSON))
    sealed(record)
    values = f"'{note['touched']}', '{note['mac']}', '{note['key_id']}'"
    row = "INSERT INTO person (id, crn, surname, forenames, date_of_birth) " \
          "VALUES (1, 'X100001', 'Okonkwo', 'Darren', '1990-05-17')"  # fmt: skip
    past_the_program(record, row, f"INSERT INTO row_note (id, touched, mac, key_id) VALUES (999, {values})")
    assert faults(record)[0] == "note 999 of what was written was not made with the key of this record"
    assert "person 1 was added" in faults(record)


def test_notes_are_folded_in_their_order_however_they_lie(record: Record) -> None:
    a_person(record)
    for name in ("Married", "Divorced"):
        with record.writing() as session:
            session.execute(update(PERSON).values(surname=name))
    # PostgreSQL puts a row that is written again behind the others, and reads a small table as it lies.
    first = "SELECT min(id) FROM row_note WHERE touched LIKE '%person%'"
    again = f"UPDATE row_note SET key_id = key_id WHERE id = ({first})"
    past_the_program(record, again, "ANALYZE row_note")
    sealed(record)
    assert faults(record) == []


def test_seals_are_looked_up_by_how_many_there_are_now(postgresql_server: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A plan that the server keeps from when there were few would read all of them each time."""
    monkeypatch.setattr(row_folds, "BATCH", 2)
    name = "planned_anew"
    copy_database(postgresql_server, name)
    record = opened(with_database(postgresql_server, name))
    some = [
        {"crn": f"X{number:06d}", "surname": "Bulk", "forenames": "B", "date_of_birth": DAY.date()}
        for number in range(60)
    ]
    with record.writing() as session:
        session.execute(insert(PERSON), some)
    with record.writing() as session:
        seal(session, DAY)
        planned = session.execute(
            text("SELECT custom_plans, generic_plans FROM pg_prepared_statements WHERE statement LIKE :asked"),
            {"asked": "SELECT row_seal.key, row_seal.hash%"},
        ).all()
    assert any(one.custom_plans > 10 for one in planned)
    assert all(one.generic_plans == 0 for one in planned)
    record.close()
    drop_database(postgresql_server, name)


def test_what_is_said_of_a_row_names_nobody(record: Record) -> None:
    # What is said goes to problems, logs and e-mails. A key that is a text is an address in one table alone.
    texts = {table.name for table in sealed_tables() if any(isinstance(c.type, String) for c in table.primary_key)}
    assert texts - NAMES_SOMEBODY == {
        "bank_holiday", "calendar_version", "case_number", "message", "population", "take_on"
    }  # fmt: skip
    past_the_program(record, "INSERT INTO case_reader (case_id, email) VALUES (1, 'carl@council.example')")
    assert faults(record) == ["a row of case_reader was added"]


def test_another_key_seals_every_row_again_but_what_was_edited(record: Record, tmp_path: Path) -> None:
    path = tmp_path / "audit.key"
    path.write_bytes(record.audit_keys.path.read_bytes())
    path.chmod(0o600)
    mine = Record(record.url, shipped_book(), key_file=path)
    a_person(mine)
    with mine.writing() as session:
        rows.directory_entry(session)
    sealed(mine)
    past_the_program(record, RENAMED)
    rotate_key(mine, "operator", DAY)
    assert faults(mine) == ["person 1 was changed"]
    with mine.writing() as session:
        session.execute(update(table_of(DirectoryEntry)).values(name="Somebody else"))
    sealed(mine)
    assert faults(mine) == ["person 1 was changed"]
    mine.close()


def test_the_audit_checks_once_a_day_and_then_until_it_is_mended(record: Record) -> None:
    name = "rows-as-written"
    a_person(record)

    def found(hour: int) -> str:
        return next(one.detail for one in audit(record, at("2026-06-12", hour)).outcomes if one.subject == name)

    assert found(1) == "it holds"
    past_the_program(record, RENAMED)
    assert found(3) == "it holds"
    assert found(22).startswith("1 found: person 1 was changed. Somebody changed the record without this program")
    with record.reading() as session:
        assert examine(session, INVARIANTS[name], at("2026-06-12", 23)).found == "1 found: person 1 was changed"
    past_the_program(record, BACK)
    assert found(23) == "it holds"


def test_what_somebody_knows_of_may_stay_and_the_trail_says_why(record: Record) -> None:
    a_person(record)
    past_the_program(record, RENAMED, "DELETE FROM offence")
    assert accept_rows(record, "a repair", "operator", DAY)[-1] == "person 1 was changed"
    assert faults(record) == []
    with record.reading() as session:
        entry = session.scalars(select(AuditEntry).where(AuditEntry.action == "rows-accepted")).one()
        assert entry.after is not None
        assert (entry.actor, entry.after["reason"], entry.after["rows"][-1]) == (
            "operator", "a repair", "person 1 was changed",
        )  # fmt: skip
        assert list(verify(session)) == []
    assert accept_rows(record, "nothing", "operator", DAY) == []


def test_who_has_no_key_writes_no_row(record: Record, tmp_path: Path) -> None:
    without = Record(record.url, shipped_book(), key_file=tmp_path / "nowhere.key")
    with pytest.raises(AuditKeyError):
        a_person(without)
    without.close()
    with record.reading() as session:
        assert session.query(Person).count() == 0
    assert faults(record) == []
