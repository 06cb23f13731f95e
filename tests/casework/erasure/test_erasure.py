"""Erasing: nothing that was said of the person is left in any table, the trail holds, and nobody else is touched."""

import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import JSON, String, event, func, select, text

from assurance.of_the_trail import altered_entries
from casework.erasure.columns import COLUMNS, OF_NOBODY, Fate
from casework.erasure.erase import erase_person
from casework.erasure.past_retention import Erased, erase_past
from casework.errors import RefusedError
from casework.loading.offences import look_again
from models.audit import AuditEntry
from models.audit_seals import verify
from models.base import Base, table_of
from models.cases import Case, CaseReader, Draft, Fact
from models.domain_events import HandledEvent
from models.obligations import Message, Prompt, Timescale
from models.people import Person, Sentence
from models.record import Record
from models.registrations import Registration, ReportedEvent, Spell
from models.replies import MeetingAnswer
from tests.support.lifetime import CASE, CRN, NUMBERS, one_of_everything
from tests.support.story import DARREN, Story, at, form

SECRETS = ("Darren", "Invented", "1985-03-04", CRN, *NUMBERS.values(), "Olive", "Lionel", "Uma", "Chapeltown", "uncle")
PAST = "2027-12-10"
OF_CASE = "WHERE chain = 'case/1'"


@pytest.fixture
def story(record: Record, tmp_path: Path) -> Story:
    told = one_of_everything(record, tmp_path)
    with record.writing() as session:
        # Who may read it, were it restricted: a fact would keep back the e-mails that these tests look at.
        case = session.scalars(select(Case).order_by(Case.id)).first()
        assert case is not None
        session.add(CaseReader(case_id=case.id, email="clare@probation.example"))
        session.add_all(as_another_system_had_it(case))
    return told


def as_another_system_had_it(case: Case) -> Iterator[Base]:
    """Yield rows of a caseload that was taken on."""
    place = {"person_id": case.person_id, "case_id": case.id, "area": case.area}
    managed = place | {"lead_agency": "probation", "location": "community", "category": 2, "level": 2}
    loaded = {"loaded_at": at("2026-06-01")}
    yield MeetingAnswer(meeting_id=1, email="rae@police.example", answer="declined", answered_at=at("2026-09-21"))
    yield Registration(starts_on=date(2026, 6, 1), **managed, **loaded)
    yield Spell(starts_on=date(2026, 6, 1), **managed)
    handled = {"occurred_at": at("2026-07-01"), "handled_at": at("2026-07-01"), "case_id": case.id}
    yield HandledEvent(event_id="e-1", kind="prisoner.released", outcome="asked", note="Uma saw him", **handled)
    yield ReportedEvent(kind="licence_recall", on_date=date(2026, 7, 1), detail="Uma saw him", **place, **loaded)


def erase(story: Story, day: str = PAST) -> Erased:
    return erase_past(story.record, at(day), None, "keeper")


def cells(record: Record) -> Iterator[tuple[str, str]]:
    """Yield every value of every table as text, but what is kept of professionals in the directory."""
    with record.engine.connect() as connection:
        for table in Base.metadata.sorted_tables:
            for row in connection.execute(select(table)).mappings():
                if table.name == "directory_entry" or str(row.get("chain", "")).startswith("directory/"):
                    continue
                for name, value in row.items():
                    told = (
                        json.dumps(value, default=str, ensure_ascii=False) if isinstance(value, dict | list) else value
                    )
                    yield f"{table.name}.{name}", str(told)


def whole(record: Record) -> list[tuple[str, str]]:
    return sorted(cells(record))


def sentences_of(value: Any) -> Iterator[str]:
    """Yield the texts of several words in a form."""
    if isinstance(value, dict | list):
        for one in value.values() if isinstance(value, dict) else value:
            yield from sentences_of(one)
    elif isinstance(value, str) and value.count(" ") > 1:
        yield value


def counts(record: Record) -> dict[str, int]:
    with record.reading() as session:
        tables = Base.metadata.sorted_tables
        return {table.name: session.scalar(select(func.count()).select_from(table)) or 0 for table in tables}


def skeleton(record: Record) -> list[tuple[Any, ...]]:
    """Return what figures are counted from."""
    with record.reading() as session:
        of_cases = (Case.reference, Case.area, Case.category, Case.level, Case.opened_on, Case.closed_on, Case.stage)
        of_times = (Timescale.kind, Timescale.subject, Timescale.due_on, Timescale.state, Timescale.met_on)
        of_prompts = (Prompt.rung, Prompt.recipient, Prompt.raised_at, Prompt.message_id)
        of_facts = (Fact.kind, Fact.on_date, Fact.recorded_by)
        return [tuple(row) for columns in (of_cases, of_times, of_prompts, of_facts)
                for row in session.execute(select(*columns).order_by(*columns))]  # fmt: skip


def breaks(record: Record) -> list[str]:
    """Return what the walk of the trail finds; the hourly look must find something exactly where it does."""
    with record.reading() as session:
        found = list(verify(session))
        assert bool(altered_entries(session).total) == bool(found)
        return found


def test_the_case_has_a_row_in_every_table_that_is_erased(story):
    held = counts(story.record)
    # A record that was merged has a test of its own.
    assert [model.__name__ for model in COLUMNS if not held[table_of(model).name]] == ["Merge"]


def test_nothing_that_was_said_of_the_person_is_left_in_any_table(story):
    with story.record.reading() as session:
        said = {told for fact in session.scalars(select(Fact)) for told in sentences_of(fact.data)}
    assert len(said) > 60
    before = list(cells(story.record))
    assert {word for word in SECRETS if any(word in value for _, value in before)} == set(SECRETS)
    assert erase(story) == Erased(1, 1)
    left = list(cells(story.record))
    assert [(where, word) for where, value in left for word in (*SECRETS, *said) if word in value] == []


def test_the_trail_holds_and_says_who_erased(story):
    erase(story)
    assert breaks(story.record) == []
    with story.record.reading() as session:
        [entry] = session.scalars(select(AuditEntry).where(AuditEntry.chain == "erasures"))
        assert (entry.actor, entry.subject) == ("keeper", "person 1")
        assert sorted(entry.after["chains"]) == ["case/1", "person/1"]
        erased = select(func.count()).where(AuditEntry.chain == "case/1", AuditEntry.erased_at.is_not(None))
        assert entry.after["chains"]["case/1"]["entries"] == session.scalar(erased) > 20


def test_what_figures_are_counted_from_stays(story):
    rows, before = counts(story.record), skeleton(story.record)
    erase(story)
    assert skeleton(story.record) == before
    # One entry of the trail more, in a chain of its own, and one note of the rows that were touched.
    more = ("audit_entry", "audit_chain", "row_note")
    assert counts(story.record) == rows | {name: rows[name] + 1 for name in more}
    assert erased_case(story).closed_reason == "died"


def erased_case(story: Story) -> Case:
    with story.record.reading() as session:
        case = session.scalars(select(Case).where(Case.reference == CASE)).one()
        assert (case.person.crn, case.person.erased) == ("-000001", True)
        drafts = session.execute(select(Draft.crn, Draft.data, Draft.reasons, Draft.settled_at.is_not(None))).all()
        assert [tuple(draft) for draft in drafts] == [("-000001", {}, [], True)] * 2
        session.expunge(case)
        return case


def test_a_message_that_is_about_somebody_else_too_keeps_its_recipient(story):
    erase(story)
    strangers = select(Prompt.message_id).join(Timescale).where(Timescale.case_id == 2)
    with story.record.reading() as session:
        theirs = set(session.scalars(strangers))
        named = set(session.scalars(select(Message.id).where(Message.recipient_name.is_not(None))))
        shared = set(session.scalars(select(Prompt.message_id).join(Timescale).where(Timescale.case_id == 1))) & theirs
    assert shared, "a digest tells of both"
    assert shared <= named <= theirs


@pytest.mark.parametrize(
    "tampering",
    [
        f"UPDATE audit_entry SET actor = 'nobody' {OF_CASE} AND seq = 3",
        f"UPDATE audit_entry SET hash = '{'0' * 64}' {OF_CASE} AND seq = 3",
        f"UPDATE audit_entry SET after = '{{}}' {OF_CASE} AND seq = 3",
        f"UPDATE audit_entry SET erased_at = '2030-01-01 00:00:00+00:00' {OF_CASE} AND seq = 3",
        f"UPDATE audit_entry SET erased_at = NULL {OF_CASE} AND seq = 3",
        # Somebody empties an entry of a person whose data are kept.
        "UPDATE audit_entry SET before = NULL, after = NULL, erased_at = '2027-12-10 08:00:00+00:00' "
        "WHERE chain = 'case/2' AND seq = 1",
        "UPDATE audit_entry SET after = NULL, erased_at = '2027-12-10 08:00:00+00:00' WHERE chain = 'erasures'",
    ],
    ids=["actor", "hash", "content", "moment", "mark", "another", "seal"],
)
def test_tampering_with_an_erased_entry_is_found_and_so_is_emptying_another(story, tampering):
    erase(story)
    past_the_program(story, tampering)
    assert breaks(story.record) != []


def test_the_entries_of_an_erased_chain_cannot_go_unnoticed(story):
    erase(story)
    past_the_program(story, f"DELETE FROM audit_entry {OF_CASE}", f"DELETE FROM audit_chain {OF_CASE}")
    with story.record.reading() as session:
        assert list(verify(session)) == ["case/1: its entries were erased, and now there are none"]


def past_the_program(story: Story, *statements: str) -> None:
    with story.record.engine.begin() as connection:
        for statement in statements:
            connection.execute(text(statement))


def test_nobody_is_erased_a_day_too_early_nor_with_an_open_case(story):
    before = whole(story.record)
    assert erase(story, "2027-12-09") == Erased(0, 0)
    assert whole(story.record) == before
    with pytest.raises(RefusedError, match="open case"), story.record.writing() as session:
        erase_person(session, 2, at(PAST), "keeper")
    assert whole(story.record) == before
    erase(story)
    assert sum("Stays" in value for _, value in cells(story.record)) > 0
    assert erase(story, "2090-01-01") == Erased(0, 0)


def test_a_sentence_that_is_still_to_be_looked_at_keeps_a_person(story):
    past_the_program(story, "UPDATE sentence SET identify_at = '2027-12-01 08:00:00+00:00' WHERE person_id = 1")
    assert erase(story) == Erased(0, 0)


def test_erasing_again_changes_nothing(story):
    erase(story)
    before = whole(story.record)
    assert erase(story, "2028-12-10") == Erased(0, 0)
    with story.record.writing() as session:
        assert erase_person(session, 1, at("2028-12-10"), "keeper") == 0
    assert whole(story.record) == before


@pytest.mark.parametrize("at_table", ["person", "message", "audit_entry"])
def test_a_failure_in_the_middle_leaves_everything(story, at_table):
    before = whole(story.record)

    def fail(_connection, _cursor, statement, *_more):
        if statement.startswith(f"UPDATE {at_table} "):
            raise ConnectionError("cut off")

    event.listen(story.record.engine, "before_cursor_execute", fail)
    with pytest.raises(ConnectionError):
        erase(story)
    event.remove(story.record.engine, "before_cursor_execute", fail)
    assert whole(story.record) == before
    assert erase(story) == Erased(1, 1)


def test_no_stage_finds_anything_to_do_about_an_erased_person(story):
    query = select(Timescale.id).where(Timescale.case_id == 1, Timescale.next_prompt_at.is_not(None))
    with story.record.reading() as session:
        assert session.scalars(query).all(), "prompts were still to come"
    # What the other cases still ask has been asked by then.
    story.tick("2028-01-10")
    erase(story, "2028-01-10")
    before = counts(story.record)
    reports = story.tick("2028-01-10")
    assert [report.count("failed") for report in reports] == [0] * len(reports)
    assert counts(story.record) == before
    # A code that becomes known later has sentences looked at again: not this one.
    past_the_program(story, "UPDATE sentence SET outcome = 'not_eligible'")
    with story.record.writing() as session:
        look_again(session, {DARREN["offence_code"]}, at("2028-01-11"))
    with story.record.reading() as session:
        waiting = select(Sentence.person_id).where(Sentence.identify_at.is_not(None))
        assert session.scalars(waiting).all() == [2]


def test_nothing_is_added_to_an_erased_person_and_a_file_that_tells_of_the_crn_tells_of_somebody_new(story):
    erase(story)
    with pytest.raises(RefusedError, match="were erased"):
        story.record_fact("action-outcome", "2027-12-13", crn=CASE, **form("action-outcome", action=1))
    story.load("2027-12-13", DARREN)
    with story.record.reading() as session:
        assert session.scalars(select(Person.crn).order_by(Person.id)).all() == ["-000001", "X320742", CRN]


def test_every_text_list_and_form_of_every_table_is_decided_on():
    """A new column or table fails here until somebody has decided what erasing does to it."""
    models = {mapper.class_ for mapper in Base.registry.mappers}
    assert models == COLUMNS.keys() | OF_NOBODY
    assert not COLUMNS.keys() & OF_NOBODY
    for model, decided in COLUMNS.items():
        columns = table_of(model).c
        worded = {column.name for column in columns if isinstance(column.type, String | JSON)}
        assert worded - decided.keys() == set(), model
        assert decided.keys() - set(columns.keys()) == set(), model
        for name, value in decided.items():
            assert isinstance(value, Fate) or value is not None or columns[name].nullable, (model, name)
    for model in OF_NOBODY:
        known = {key.column.table.name for column in table_of(model).c for key in column.foreign_keys}
        assert known <= {table_of(one).name for one in OF_NOBODY}, model
