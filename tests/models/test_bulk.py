"""Many rows at once: what goes wrong is told as of any other statement, whichever way the rows went."""

import pytest
from sqlalchemy.exc import DataError, IntegrityError, OperationalError, StatementError

from models.bulk import insert_many
from models.people import Person
from models.record import Record
from tests.support.story import at

ONE = {"crn": "X100009", "surname": "Okonkwo", "forenames": "Bulk", "date_of_birth": at("1990-06-12").date()}


def test_a_row_that_is_there_already_is_a_conflict_which_may_be_tried_again(record: Record) -> None:
    with record.writing() as session:
        insert_many(session, Person, [ONE])
    with pytest.raises(IntegrityError), record.writing() as session:
        insert_many(session, Person, [ONE])


@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
def test_a_value_that_the_database_cannot_hold_is_an_error_of_the_data(record: Record) -> None:
    with pytest.raises(DataError), record.writing() as session:
        insert_many(session, Person, [ONE | {"crn": "X" * 200}])


@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
def test_a_connection_that_ends_meanwhile_is_an_error_of_operation(record: Record) -> None:
    def write_over_a_connection_that_ended() -> None:
        with record.writing() as session:
            driver = session.connection().connection.driver_connection
            assert driver is not None
            driver.pgconn.finish()
            insert_many(session, Person, [ONE])

    with pytest.raises(OperationalError):
        write_over_a_connection_that_ended()
    with record.writing() as session:
        insert_many(session, Person, [ONE])


def test_no_value_stands_in_what_is_said(record: Record) -> None:
    with pytest.raises(StatementError) as told, record.writing() as session:
        insert_many(session, Person, [ONE, ONE])
    assert "Okonkwo" not in str(told.value)
