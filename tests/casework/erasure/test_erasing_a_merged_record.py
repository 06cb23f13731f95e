"""A record that was found to be another person's is kept as long as that person's, and erased with it."""

from sqlalchemy import select

from casework.erasure.past_retention import Erased, erase_past
from models.cases import Case
from models.people import Person
from models.record import Record
from policy.book import compile_book
from tests.casework.erasure.test_erasure import cells
from tests.support.lifetime import ONE_YEAR
from tests.support.story import DARREN, Story, at

NUMBERS = {"noms_number": "G5555TT"}
MERGE = {"other": "X999999", "decision": "one_person", "reason": "The prison has one person.", "by": "Cora"}


def test_both_records_are_kept_together_and_erased_together(record: Record, tmp_path) -> None:
    record.policies = compile_book([("london.toml", ONE_YEAR)])
    story = Story(record, tmp_path)
    story.load("2026-06-01", DARREN | NUMBERS, DARREN | NUMBERS | {"crn": "X999999"})
    story.tick("2026-06-01")
    story.record_fact("merge", "2026-06-02", **MERGE)
    # A year after the other case was closed into this one, which is open: nobody is erased.
    assert erase_past(record, at("2027-06-03"), None, "keeper") == Erased(0, 0)
    story.record_fact("custody-event", "2027-06-10", event="death", what="He died in his sleep.", by="Olive")
    assert erase_past(record, at("2028-06-10"), None, "keeper") == Erased(1, 2)
    with record.reading() as session:
        assert {person.surname for person in session.scalars(select(Person))} == {"erased"}
        assert len(session.scalars(select(Case.closed_on)).all()) == 2
    secrets = ("Invented", "X320741", "X999999", "G5555TT")
    assert [(where, word) for where, value in cells(record) for word in secrets if word in value] == []
