"""A command of an older version on a record that was upgraded: told in words, and nothing is touched."""

from sqlalchemy import text

from models.record import Record
from tests.support.command_line import Mappa


def test_an_older_program_that_is_started_says_so_without_a_traceback(mappa: Mappa, record: Record) -> None:
    with record.writing() as session:
        session.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    answer = mappa("tick", "--as-at", "2026-07-10T08:00")
    assert answer.code == 1
    assert "this program is older than the record: the record was upgraded to schema 9999" in answer.err
    assert "Install here the version of mappa that upgraded the record" in answer.err
    assert "Traceback" not in answer.err
    assert record.schema() == "9999"
