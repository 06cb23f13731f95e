"""A record of the first release with live obligations is brought up to date, and nothing of it is lost."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from alembic import command
from sqlalchemy import select, text

from assurance.of_names import told_twice
from casework.loading.bank_holidays import ensure_calendar
from casework.loading.shipped_offences import ensure_offences
from models.cases import Case
from models.directory import DirectoryEntry
from models.obligations import Message, Prompt, Timescale
from models.record import alembic_config
from models.referrals import LevelSpell, Referral
from tasks.stage import run_stage
from tests.conftest import EPOCH
from tests.support.opened import opened
from tests.support.postgresql import drop_database, run_on_server, with_database
from tests.support.story import STAGES, at

MOMENT = "2026-09-01 07:00:00+00:00"
LADDER = [
    {"rung": "due", "on": "2026-09-11", "at": "2026-09-11T07:00:00+00:00", "to": ["offender_manager"],
     "weight": "reminder"},
    {"rung": "+1W", "on": "2026-09-14", "at": "2026-09-14T07:00:00+00:00", "to": ["line_manager"],
     "weight": "escalation"},
]  # fmt: skip
REFERRED = {"date": "2026-09-03", "referred_by": "Olive", "proposed_level": 2, "reason": "Two agencies are needed."}
LEVEL = {"date": "2026-09-10", "level": 2, "reason": "High risk; agencies must work together.", "category": None}


@pytest.fixture(params=["sqlite", "postgresql"])
def first_release(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The URL of a record at the first migration, filled as the first release left it."""
    if request.param == "sqlite":
        url = f"sqlite:///{tmp_path}/record.db"
    else:
        server = request.getfixturevalue("postgresql_server")
        run_on_server(server, "CREATE DATABASE first_release")
        url = with_database(server, "first_release")
    command.upgrade(alembic_config(url), "0001")
    record = opened(url)
    with record.engine.begin() as connection:
        for statement in filled():
            connection.execute(text(statement))
        if request.param == "postgresql":
            for table in ("person", '"case"', "timescale"):
                connection.execute(text(f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), 100)"))
    record.close()
    yield url
    if request.param == "postgresql":
        drop_database(server, "first_release")


def filled() -> Iterator[str]:
    """Yield the rows of three cases: referred, referred and at level 2, and one with a referral still owed."""
    no = "false"
    for n in (1, 2, 3):
        yield (
            f"INSERT INTO person (id, crn, surname, forenames, date_of_birth) VALUES ({n}, 'X10000{n}', 'Invented', "
            f"'Person', '1985-03-04')"
        )
        level = "2, '2026-09-10', 'managed'" if n == 2 else "NULL, NULL, 'pre_release'"
        yield (
            'INSERT INTO "case" (id, reference, person_id, area, lead_agency, offender_manager_email, location, '
            "victim_contact, restricted, category, categories, level, level_set_on, stage, release_date, opened_on) "
            f"VALUES ({n}, 'LON-2026-00000{n}', {n}, 'London', 'probation', 'om@probation.example', 'custody', "
            f"{no}, {no}, 2, '[2]', {level}, '2027-03-12', '2026-06-01')"
        )
        yield (
            "INSERT INTO sentence (person_id, case_id, area, lead_agency, offence_code, offence_date_key, disposal, "
            "restriction_order, sentence_date, conditional_release_date, victim_contact, notification_order, shpo, "
            f"loaded_at, identified_on, outcome) VALUES ({n}, {n}, 'London', 'probation', 'COML022', '', "
            f"'imprisonment', {no}, '2023-11-12', '2027-03-12', {no}, {no}, {no}, '{MOMENT}', '2026-06-01', 'eligible')"
        )
        state = "'open', NULL" if n == 3 else "'met', '2026-09-03'"
        due = "'2026-09-11 07:00:00+00:00'" if n == 3 else "NULL"
        yield (
            "INSERT INTO timescale (id, case_id, kind, subject, revision, anchor_on, due_on, owner_role, owner_agency, "
            "state, met_on, opened_at, next_prompt_at, next_rung, ladder, policy_version, calendar_version) VALUES "
            f"({n}, {n}, 'referral', '', 1, '2027-03-12', '2026-09-12', 'offender_manager', 'lead_agency', {state}, "
            f"'{MOMENT}', {due}, 0, '{json.dumps(LADDER).replace(':', chr(92) + ':')}', 'P2012', 'test')"
        )
        yield (
            "INSERT INTO message (id, kind, area, recipient, subject, header_id, state, tries, created_at, not_before) "
            f"VALUES ('m{n}', 'digest', 'London', 'om@probation.example', 'MAPPA', '<m{n}@mappa.local>', 'sent', 1, "
            f"'{MOMENT}', '{MOMENT}')"
        )
        yield (
            "INSERT INTO prompt (timescale_id, revision, rung, rung_on, due_on, weight, recipient, recipient_role, "
            f"raised_at, late_by_days, message_id) VALUES ({n}, 1, '-1 month', '2026-08-12', '2026-09-12', 'reminder', "
            f"'om@probation.example', 'offender_manager', '{MOMENT}', 0, 'm{n}')"
        )
    for case, kind, on, data in ((1, "referral", "2026-09-03", REFERRED), (2, "referral", "2026-09-03", REFERRED),
                                 (2, "level", "2026-09-10", LEVEL)):  # fmt: skip
        yield (
            "INSERT INTO fact (case_id, kind, on_date, recorded_at, recorded_by, data) VALUES "
            f"({case}, '{kind}', '{on}', '{MOMENT}', 'clerk', '{json.dumps(data).replace(':', chr(92) + ':')}')"
        )


ADDRESSED = {
    # Opal left under another spelling than she came; the newer row, which ends her entry, is the one that counts.
    "directory_entry": [
        (1, "'HMP Example'", "'opal@prison.example'", "NULL"),
        (2, "'HMP  EXAMPLE'", "'Opal@prison.example'", "'2026-06-11'"),
    ],
    "message": [
        ("'a'", "'Om@Probation.example'", "'pending'", "'digest|London|Om@Probation.example|2026-09-11'"),
        ("'b'", "'OM@probation.example'", "'pending'", "'digest|London|OM@probation.example|2026-09-11'"),
    ],
}  # fmt: skip


def in_other_letters() -> Iterator[str]:
    """Yield what a release left that told a mailbox from itself by the case of letters."""
    for number, unit, email, to in ADDRESSED["directory_entry"]:
        yield (
            "INSERT INTO directory_entry (id, area, agency, unit, role, name, email, valid_to) VALUES "
            f"({number}, 'London', 'prison', {unit}, 'representative', 'Opal', {email}, {to})"
        )
    for key, recipient, state, gathers in ADDRESSED["message"]:
        yield (
            "INSERT INTO message (id, kind, area, recipient, subject, header_id, state, tries, created_at, not_before, "
            f"gather_key) VALUES ({key}, 'digest', 'London', {recipient}, 'x', '<x@mappa.local>', {state}, 0, "
            f"'{MOMENT}', '{MOMENT}', {gathers})"
        )
        yield (
            "INSERT INTO prompt (timescale_id, revision, rung, rung_on, due_on, weight, recipient, recipient_role, "
            f"raised_at, late_by_days, message_id) VALUES (3, 1, 'due', '2026-09-11', '2026-09-12', 'reminder', "
            f"{recipient}, 'offender_manager', '{MOMENT}', 0, {key})"
        )
    yield """UPDATE "case" SET offender_manager_email = 'Om@Probation.example'"""
    named = json.dumps({"chair": [["Clare@Probation.example", "Clare"]]}).replace(":", chr(92) + ":")
    yield f"UPDATE timescale SET named = '{named}' WHERE id = 3"


def test_addresses_of_before_are_brought_to_one_normal_form(first_release):
    command.upgrade(alembic_config(first_release), "0015")
    record = opened(first_release)
    with record.engine.begin() as connection:
        for statement in in_other_letters():
            connection.execute(text(statement))
    record.migrate()
    om = "om@probation.example"
    with record.reading() as session:
        entries = session.execute(select(DirectoryEntry.email, DirectoryEntry.valid_to)).all()
        assert [(email, str(to)) for email, to in entries] == [("opal@prison.example", "2026-06-11")]
        assert set(session.scalars(select(Case.offender_manager_email))) == {om}
        assert set(session.scalars(select(Message.recipient))) == {om}
        keys = session.scalars(select(Message.gather_key).where(Message.state == "pending").order_by(Message.id)).all()
        # What waits already stays in two e-mails; what comes now joins the first.
        assert keys == [f"digest|London|{om}|2026-09-11", "digest|London|OM@probation.example|2026-09-11"]
        sent = session.scalars(select(Prompt.recipient).where(Prompt.rung == "due").order_by(Prompt.id)).all()
        assert sent == [om, "OM@probation.example"]
        assert session.get_one(Timescale, 3).named == {"chair": [["clare@probation.example", "Clare"]]}
        assert told_twice(session, EPOCH).total == 0
    record.close()


def test_what_was_recorded_and_owed_before_goes_on(first_release):
    record = opened(first_release)
    record.migrate()
    ensure_calendar(record, EPOCH)
    ensure_offences(record, EPOCH)
    with record.reading() as session:
        referrals = {
            r.case_id: (r.complete, r.decided_on and str(r.decided_on)) for r in session.scalars(select(Referral))
        }
        assert referrals == {1: (True, None), 2: (True, "2026-09-10")}
        assert [(s.case_id, s.level, str(s.since)) for s in session.scalars(select(LevelSpell))] == [
            (2, 2, "2026-09-10")
        ]
    for stage in STAGES:
        report = run_stage(record, stage, at("2026-09-14"))
        assert report.count("failed") == 0, report.outcomes
    with record.reading() as session:
        open_kinds = {(t.case_id, t.kind) for t in session.scalars(select(Timescale).where(Timescale.state == "open"))}
        # Case 1 waits for screening, case 2 for its first meeting; case 3 still owes the referral, and is chased.
        assert (1, "screening_decision") in open_kinds
        assert (2, "first_meeting") in open_kinds
        # What later versions ask for besides: the release and a home after it, the dates once a year, and an answer to
        # the open question.
        owed = {"referral", "prison_notice", "level_setting", "release", "release_housing", "dates_check", "question"}
        assert {kind for case, kind in open_kinds if case == 3} == owed
        assert not {(1, "referral"), (2, "referral")} & open_kinds
        chased = session.scalars(select(Prompt.rung).where(Prompt.timescale_id == 3).order_by(Prompt.id)).all()
        assert chased == ["-1 month", "due", "+1W"]
    record.close()
