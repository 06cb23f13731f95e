"""Each invariant broken for real, past the program; seen, put to a person, mended, and the question closed again."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from assurance import of_cases as cases
from assurance.invariants import INVARIANTS
from models.assurance import AssuranceRun
from models.base import table_of
from models.cases import Case
from models.registrations import Spell
from tests.assurance.breaking import (
    CASE,
    MORNING,
    OF_REFERRAL,
    Change,
    audit,
    broken,
    failing,
    letter,
    questions,
    sql,
    without_its_key,
)
from tests.support.story import Story

ASKED = (
    "INSERT INTO problem (stage, subject, case_id, kind, reason, answered_by, tries, first_seen_at, last_seen_at) "
    "VALUES ('identification', 'person 1', 1, 'question', 'what?', "
)
ANSWERED = "UPDATE problem SET resolved_at = last_seen_at WHERE subject = 'person 1'"
DIGEST = "WHERE kind = 'digest' AND id = (SELECT min(message_id) FROM prompt WHERE rung = '-1 month')"
OF_CASE = "WHERE chain = 'case/1'"
LAST_ENTRY = f"{OF_CASE} AND seq = (SELECT seq FROM audit_chain WHERE chain = 'case/1')"
AS_IT_IS = ", ".join(c.name for c in table_of(Case).c if c.name not in ("id", "reference", "person_id"))


def meeting_row(state: str) -> str:
    """Return the statement that writes a meeting of Darren's case on 12 July 2026."""
    return (
        "INSERT INTO meeting (id, case_id, number, uid, sequence, moved_at_sequence, state, level, starts_at, "
        f"minutes_long, place, papers, planned_on) VALUES (1, 1, 1, 'u', 0, 0, '{state}', 2, "
        "'2026-07-12 07:00:00+00:00', 60, 'here', '[]', '2026-06-12')"
    )


def required_row(agency: str) -> str:
    """Return the statement that puts a required agency on the list of that meeting."""
    return f"INSERT INTO participant (meeting_id, agency, required) VALUES (1, '{agency}', true)"


def absence_row(agency: str) -> str:
    """Return the statement that writes down that an agency stayed away from it."""
    return (
        "INSERT INTO absence (case_id, meeting_id, agency, nth, status, invited, history) "
        f"VALUES (1, 1, '{agency}', 1, 'absent', true, '[]')"
    )


OF_SPELL = "WHERE case_id = 1"
RUNS = sql("UPDATE spell SET ends_on = NULL")
NO_OTHER_SPELL = sql("DELETE FROM spell WHERE starts_on = '2020-01-01'")
AS_A_SPELL = ", ".join(c.name for c in table_of(Spell).c if c.name not in ("id", "starts_on", "ends_on"))


def spell_until(day: str) -> Change:
    """Return the change by which the case has another spell, from 2020 until a day."""
    return sql(
        f"INSERT INTO spell (id, starts_on, ends_on, {AS_A_SPELL}) SELECT 1000, '2020-01-01', '{day}', {AS_A_SPELL} "
        "FROM spell"
    )


BROKEN: list[tuple[str, Change, Change, str]] = [
    (
        "no-silence",
        # A year and a day from the morning of the audit: a day more than the longest silence in custody.
        sql("UPDATE timescale SET next_prompt_at = '2027-06-14 07:00:00+00:00' WHERE state = 'open'"),
        sql(f"UPDATE timescale SET next_prompt_at = '2027-06-11 07:00:00+00:00' {OF_REFERRAL}"),
        CASE,
    ),
    (
        "taken-on-listed",
        # As if its area had been taken on after the marks before release, whose ladders go on all the same.
        sql("INSERT INTO take_on VALUES ('London', '2026-10-01', '2026-06-01 07:00:00+00:00', 'Cora')"),
        sql("DELETE FROM take_on"),
        f"{CASE} level_setting",
    ),
    (
        "reports-published",
        sql("UPDATE publication SET due_on = '2026-06-11' WHERE period = '2026-06'"),
        sql("UPDATE publication SET due_on = '2026-07-14' WHERE period = '2026-06'"),
        "2 found: London indicators 2026-06, London indicators: next",
    ),
    (
        "reports-published",
        sql("UPDATE publication SET report = 'elsewhere' WHERE report = 'annual'"),
        sql("UPDATE publication SET report = 'annual' WHERE report = 'elsewhere'"),
        "1 found: London annual: next",
    ),
    (
        "level-awaited",
        sql(
            "UPDATE \"case\" SET review_at = NULL, location = 'community'",
            "UPDATE spell SET location = 'community'",
            "UPDATE timescale SET state = 'met', next_prompt_at = NULL WHERE kind = 'level_setting'",
        ),
        sql("UPDATE timescale SET state = 'open' WHERE kind = 'level_setting'"),
        CASE,
    ),
    (
        "rungs-raised",
        sql(f"UPDATE timescale SET next_prompt_at = '2026-06-12 07:00:00+00:00' {OF_REFERRAL}"),
        sql(f"UPDATE timescale SET next_prompt_at = '2026-08-12 07:00:00+00:00' {OF_REFERRAL}"),
        f"{CASE} referral",
    ),
    (
        "no-rung-passed-over",
        sql(f"UPDATE timescale SET next_rung = 1 {OF_REFERRAL}"),
        sql(f"UPDATE timescale SET next_rung = 0 {OF_REFERRAL}"),
        f"{CASE} referral",
    ),
    (
        "stages-run",
        sql("UPDATE sentence SET identify_at = '2026-06-12 07:00:00+00:00'"),
        sql("UPDATE sentence SET identify_at = NULL"),
        "sentence 1",
    ),
    (
        "stages-run",
        sql("UPDATE \"case\" SET review_at = '2026-06-12 07:00:00+00:00'"),
        sql("UPDATE \"case\" SET review_at = '2027-03-13 00:00:00+00:00'"),
        f"{CASE} pre_release",
    ),
    (
        "stages-run",
        sql("UPDATE \"case\" SET end_at = '2026-06-12 07:00:00+00:00'"),
        sql('UPDATE "case" SET end_at = NULL'),
        f"{CASE} exit_planning",
    ),
    (
        "stages-run",
        sql(
            "INSERT INTO referral (case_id, received_on, referred_by, proposed_level, category_3, complete, missing, "
            "data, letter_at) VALUES (1, '2026-06-01', 'Olive', 2, false, false, '[]', '{}', "
            "'2026-06-12 07:00:00+00:00')"
        ),
        sql("UPDATE referral SET letter_at = NULL"),
        f"{CASE} screening",
    ),
    (
        "stages-run",
        sql(
            meeting_row("planned"), "UPDATE meeting SET prepare_at = '2026-06-12 07:00:00+00:00'",
        ),
        sql("DELETE FROM meeting"),
        f"{CASE} meetings",
    ),
    (
        "questions-answerable",
        sql(ASKED + "'[]', 1, '2026-06-12', '2026-06-12')"),
        sql(ANSWERED),
        "identification person 1",
    ),
    (
        "questions-answerable",
        sql(ASKED + "'[\"identification\"]', 1, '2026-06-12', '2026-06-12')"),
        sql(ANSWERED),
        "1 found: identification person 1",
    ),
    (
        "eligibility-asked",
        sql("UPDATE sentence SET questions = '[[1, \"what?\"]]'"),
        sql("UPDATE sentence SET questions = NULL"),
        CASE,
    ),
    (
        "attendance-in-step",
        # Nobody is on its list, and it does not wait to be looked at.
        sql(meeting_row("planned")),
        sql("UPDATE meeting SET prepare_at = '2026-06-12 12:30:00+00:00'"),
        f"1 found: {CASE} meeting 1",
    ),
    (
        "attendance-in-step",
        sql(meeting_row("planned"), *(required_row(agency) for agency in ("probation", "police", "housing"))),
        sql("UPDATE participant SET agency = 'prison' WHERE agency = 'housing'"),
        f"1 found: {CASE} meeting 1",
    ),
    (
        "absences-required",
        # Darren is in custody: the prison is required at his meeting, and housing is not.
        sql(meeting_row("held"), absence_row("prison"), absence_row("housing")),
        sql("UPDATE absence SET withdrawn_on = '2026-06-12' WHERE agency = 'housing'"),
        f"1 found: {CASE} meeting 1 housing",
    ),
    ("failures-mended", failing(5), sql("DELETE FROM problem WHERE stage = 'pre_release'"), "pre_release 7"),
    (
        "outbox-moves",
        sql(f"UPDATE message SET state = 'pending' {DIGEST}"),
        sql(f"UPDATE message SET state = 'sent' {DIGEST}"),
        "1 found",
    ),
    (
        "outbox-moves",
        sql(f"UPDATE message SET state = 'claimed', lease_until = '2026-06-12 07:15:00+00:00' {DIGEST}"),
        sql(f"UPDATE message SET lease_until = '2026-06-12 18:00:00+00:00', state = 'claimed' {DIGEST}"),
        "1 found",
    ),
    (
        "mail-leaves",
        sql(
            "UPDATE message SET state = 'retry', refused_since = '2026-06-10 07:00:00+00:00', "
            f"not_before = '2026-06-12 23:00:00+00:00' {DIGEST}"
        ),
        # It is written days before it leaves; what counts is since when it was refused.
        sql(f"UPDATE message SET created_at = '2026-06-01 07:00:00+00:00', refused_since = NULL {DIGEST}"),
        "1 found",
    ),
    (
        "mail-route",
        failing(1, stage="deliver", subject="the mail server mail.example:25"),
        # A message that cannot be delivered is none of the route.
        sql("UPDATE problem SET subject = 'm1' WHERE stage = 'deliver'"),
        "1 found: the mail server mail.example:25",
    ),
    (
        "messages-decided",
        sql(f"UPDATE message SET state = 'uncertain', tries = 1 {DIGEST}"),
        sql(f"UPDATE message SET state = 'sent' {DIGEST}"),
        "1 found",
    ),
    (
        "messages-decided",
        sql(f"UPDATE message SET state = 'dead' {DIGEST}"),
        # An escalation of unknown fate is sent again by itself.
        sql(f"UPDATE message SET state = 'uncertain', tries = 1, kind = 'escalation' {DIGEST}"),
        "1 found",
    ),
    (
        "prompts-carried",
        sql("UPDATE prompt SET message_id = '?' || substr(message_id, 2) WHERE rung = '-1 month'"),
        sql(
            "UPDATE prompt SET message_id = (SELECT id FROM message WHERE substr(id, 2) = substr(message_id, 2)) "
            "WHERE rung = '-1 month'"
        ),
        f"{CASE} prison_notice rung -1 month",
    ),
    ("messages-carry", letter("sent"), sql("UPDATE message SET state = 'withheld' WHERE id = 'm1'"), "m1"),
    (
        "prompts-unique",
        without_its_key,
        sql("DELETE FROM prompt WHERE id = 1000"),
        f"{CASE} prison_notice rung -1 month",
    ),
    (
        "audit-whole",
        sql("UPDATE audit_entry SET chain = 'elsewhere', seq = 1 WHERE chain = 'calendar' AND seq = 1"),
        sql("UPDATE audit_entry SET chain = 'calendar' WHERE chain = 'elsewhere'"),
        "2 found: calendar, elsewhere",
    ),
    (
        "audit-whole",
        sql(f"UPDATE audit_entry SET seq = seq + 1 {LAST_ENTRY}", f"UPDATE audit_chain SET seq = seq + 1 {OF_CASE}"),
        sql(f"UPDATE audit_entry SET seq = seq - 1 {LAST_ENTRY}", f"UPDATE audit_chain SET seq = seq - 1 {OF_CASE}"),
        "1 found: case/1",
    ),
    (
        "audit-unaltered",
        sql(f"UPDATE audit_entry SET actor = actor || '?' {LAST_ENTRY}"),
        sql(f"UPDATE audit_entry SET actor = replace(actor, '?', '') {LAST_ENTRY}"),
        "1 found: case/1 entry ",
    ),
    (
        "audit-sealed",
        sql("UPDATE audit_seal SET entries = entries + 1 WHERE number = 1"),
        sql("UPDATE audit_seal SET entries = entries - 1 WHERE number = 1"),
        "2 found: seal 1 of ",
    ),
    ("calendar-covers", sql("UPDATE calendar_version SET last = '2027-06-11'"),
     sql("UPDATE calendar_version SET last = '2027-06-12'"), "ends on 2027-06-11"),
    (
        "nothing-from-the-future",
        sql("UPDATE message SET created_at = '2199-01-01 07:00:00+00:00' " + DIGEST),
        sql("UPDATE message SET created_at = '2026-06-12 07:00:00+00:00' " + DIGEST),
        "1 found: message ",
    ),
    (
        "one-normal-form",
        sql("UPDATE sentence SET line_manager_email = 'Lionel@probation.example'"),
        sql("UPDATE sentence SET line_manager_email = 'lionel@probation.example'"),
        "1 found: sentence 1",
    ),
    (
        "one-normal-form",
        sql(
            "INSERT INTO directory_entry (id, area, agency, unit, role, name, email) SELECT 1000, area, agency, "
            "'HMP  EXAMPLE', role, 'OPAL', email FROM directory_entry WHERE role = 'prison_offender_management'"
        ),
        sql("DELETE FROM directory_entry WHERE id = 1000"),
        "2 found: directory_entry ",
    ),
    (
        "one-case-a-person",
        sql(
            "INSERT INTO person (id, crn, surname, forenames, date_of_birth) SELECT 1000, 'X999999', surname, "
            "forenames, date_of_birth FROM person",
            f'INSERT INTO "case" (id, reference, person_id, {AS_IT_IS}) SELECT 1000, \'LON-2026-001000\', 1000, '
            f'{AS_IT_IS} FROM "case"',
            "UPDATE person SET noms_number = 'A1234BC'",
        ),
        sql(
            'DELETE FROM "case" WHERE id = 1000',
            "DELETE FROM person WHERE id = 1000",
            "UPDATE person SET noms_number = NULL",
        ),
        "1 found: LON-2026-000001 LON-2026-001000",
    ),
    # Darren's one spell began with his sentence, on 12 November 2023, and runs.
    ("spells-in-step", sql(f"UPDATE spell SET ends_on = '2026-06-10' {OF_SPELL}"), RUNS, f"1 found: {CASE}"),
    ("spells-in-step", sql(f"UPDATE spell SET level = 2 {OF_SPELL}"), sql("UPDATE spell SET level = NULL"), CASE),
    ("spells-in-step", spell_until("2023-11-10"), NO_OTHER_SPELL, CASE),
    ("spells-in-step", spell_until("2023-11-12"), NO_OTHER_SPELL, CASE),
    ("spells-in-step", sql("UPDATE spell SET case_id = 1000"), sql("UPDATE spell SET case_id = 1"), CASE),
    (
        "coordinators-known",
        sql("UPDATE directory_entry SET valid_to = '2026-06-11' WHERE role = 'coordinator'"),
        sql("UPDATE directory_entry SET valid_to = '2026-06-12' WHERE role = 'coordinator'"),
        "1 found: London",
    ),
]  # fmt: skip


# A number that was changed is a content that was changed, too; a message that lost its one prompt carries none.
# A case that came past the program owes nothing.
BESIDE = {
    "audit-whole": {"audit-unaltered", "audit-sealed"},
    "prompts-carried": {"messages-carry"},
    "one-case-a-person": {"no-silence", "level-awaited", "spells-in-step"},
}


def test_every_invariant_but_those_of_clocks_pages_and_rows_is_broken_here() -> None:
    """What is looked at once a day has a test of its own, beside the seals of the rows."""
    assert {name for name, *_ in BROKEN} | {"clocks-agree", "pages-whole", "rows-as-written"} == set(INVARIANTS)


@pytest.mark.parametrize(("name", "breaks", "mends", "found"), BROKEN, ids=[f"{b[0]}: {b[3]}" for b in BROKEN])
def test_what_is_broken_is_found_and_asked_about_until_it_is_mended(
    story: Story, name: str, breaks: Change, mends: Change, found: str
) -> None:
    record = story.record
    breaks(record)
    told = broken(audit(record, MORNING + timedelta(hours=2)))
    assert set(told) - {name} <= BESIDE.get(name, set())
    assert found in told[name]
    assert INVARIANTS[name].to_do in told[name]
    assert (name in questions(record)) is not INVARIANTS[name].told_already
    mends(record)
    assert broken(audit(record, MORNING + timedelta(hours=4))) == {}
    assert questions(record) == []
    with record.reading() as session:
        runs = session.scalars(select(AssuranceRun).order_by(AssuranceRun.id)).all()
        assert [run.ok for run in runs] == [True, INVARIANTS[name].severity == "warning", True]
        assert name in [finding["invariant"] for finding in runs[1].findings]


def test_a_clock_that_is_apart_from_that_of_the_database_is_found(
    story: Story, monkeypatch: pytest.MonkeyPatch
) -> None:
    present = cases.now()
    monkeypatch.setattr(cases, "now", lambda: present + timedelta(seconds=90))
    told = broken(audit(story.record, MORNING + timedelta(hours=2)))
    if story.record.engine.dialect.name == "postgresql":
        assert "the database is 90 seconds behind" in told["clocks-agree"]
        monkeypatch.undo()
    assert broken(audit(story.record, MORNING + timedelta(hours=4))) == {}
