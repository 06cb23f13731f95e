"""What the commands that look show: exact JSON fields, stable order, filters, and no names."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import event

from casework.loading.bank_holidays import ensure_calendar
from models.record import Record
from tests.conftest import EPOCH
from tests.support import rows
from tests.support.command_line import Mappa

# Whether it was met, missed, paused or is stuck, since when, and why.
AND_WHY = ("met_on", "missed_on", "reason", "stuck_since", "paused_until", "pause_reason", "pause_authority")
TIMESCALE = {"crn", "case", "kind", "due_on", "next_prompt_at", "state", "revision", "owner_role", "policy"} | set(
    AND_WHY
)
PROMPT = {
    "crn",
    "case",
    "kind",
    "revision",
    "rung",
    "due_on",
    "recipient",
    "first_recipient",
    "recipient_role",
    "raised_at",
    "late_by_days",
    "message",
}
MESSAGE = {"id", "kind", "recipient", "subject", "state", "reason", "created_at", "sent_at", "prompts"}
CASE = {
    "crn",
    "case",
    "category",
    "categories",
    "level",
    "stage",
    "area",
    "unit",
    "lead_agency",
    "release_date",
    "door_opens_on",
    "eligible_until",
    "timescales",
}
PROBLEM = {
    "id", "stage", "subject", "case", "kind", "reason", "answered_by", "answer", "tries", "first_seen_at",
    "next_try_at", "resolved_at",
}  # fmt: skip
LISTS = ("timescales", "prompts", "messages", "problems", "case list")


@pytest.fixture
def record(record: Record) -> Record:
    """The record with its calendar, which whatever opens a case stores first: the day of the door needs it."""
    ensure_calendar(record, EPOCH)
    return record


@pytest.fixture
def caseload(record: Record) -> Record:
    """Two people of London and one of Kent, each with a case; Darren's has two timescales and two prompts."""
    with record.writing() as session:
        darren = rows.person(session, "X320741")
        rows.sentence(session, darren)
        case = rows.case(session, darren, "LON-2026-000002")
        level = rows.timescale(session, case, "level_setting", due_on=date(2026, 5, 30), owner_role="coordinator")
        referral = rows.timescale(session, case, "referral", due_on=date(2026, 4, 30))
        digest = rows.message(session, "m1")
        rows.prompt(session, referral, digest)
        rows.prompt(session, level, digest, "due", late_by_days=3, raised_at=rows.MORNING + timedelta(days=3))
        other = rows.person(session, "A000001", surname="Abernathy")
        rows.timescale(
            session,
            rows.case(session, other, "LON-2026-000001", category=2, stage="managed", level=2),
            state="met",
            next_prompt_at=None,
        )
        kent = rows.person(session, "B000001")
        rows.case(session, kent, "KEN-2026-000001", area="Kent", closed_on=date(2026, 3, 1), stage="closed")
        rows.message(
            session,
            "m2",
            recipient="Chair@Police.example",
            kind="escalation",
            state="uncertain",
            reason="time-out after DATA",
            created_at=rows.MORNING + timedelta(hours=1),
        )
        rows.problem(session, case_id=case.id, reason="IntegrityError: first line\n[parameters: ('Okonkwo', 'Darren')]")
        rows.problem(session, "13", kind="question", resolved_at=rows.MORNING, next_try_at=None)
    return record


@pytest.mark.parametrize("what", LISTS)
def test_an_empty_record_gives_an_empty_list_and_a_sentence(mappa: Mappa, what: str) -> None:
    listed = mappa(*what.split(), "--json")
    assert (listed.code, listed.document) == (0, [])
    told = mappa(*what.split())
    assert (told.code, told.out.strip()) == (0, f"no {what.split()[0].rstrip('s')}s")


@pytest.mark.parametrize(
    ("what", "fields"),
    [("timescales", TIMESCALE), ("prompts", PROMPT), ("messages", MESSAGE), ("problems", PROBLEM), ("case list", CASE)],
)
def test_json_objects_have_exactly_the_fields_of_the_contract(
    mappa: Mappa, caseload: Record, what: str, fields: set[str]
) -> None:
    document = mappa(*what.split(), "--json").document
    assert document
    assert all(set(item) == fields for item in document)


def test_the_parts_of_a_message_and_of_a_case_have_the_same_fields(mappa: Mappa, caseload: Record) -> None:
    assert [set(p) for p in mappa("messages", "--json").document[0]["prompts"]] == [PROMPT, PROMPT]
    shown = mappa("case", "show", "X320741", "--json").document
    assert set(shown) == CASE
    assert [set(t) for t in shown["timescales"]] == [TIMESCALE, TIMESCALE]


def test_values_are_written_as_the_contract_says(mappa: Mappa, caseload: Record) -> None:
    assert mappa("timescales", "--crn", "x320741", "--kind", "referral", "--json").document == [
        {
            "crn": "X320741",
            "case": "LON-2026-000002",
            "kind": "referral",
            "due_on": "2026-04-30",
            "next_prompt_at": "2026-03-30T08:00:00+01:00",
            "state": "open",
            "revision": 1,
            "owner_role": "offender_manager",
            "policy": "P2012",
            **dict.fromkeys(AND_WHY),
        }
    ]
    assert mappa("prompts", "--kind", "level_setting", "--json").document == [
        {
            "crn": "X320741",
            "case": "LON-2026-000002",
            "kind": "level_setting",
            "revision": 1,
            "rung": "due",
            "due_on": "2026-05-30",
            "recipient": "om@probation.example",
            "first_recipient": None,
            "recipient_role": "offender_manager",
            "raised_at": "2026-04-02T08:00:00+01:00",
            "late_by_days": 3,
            "message": "m1",
        }
    ]


def test_lists_are_in_the_order_of_case_due_date_and_id(mappa: Mappa, caseload: Record) -> None:
    timescales = mappa("timescales", "--json").document
    assert [(t["case"], t["due_on"]) for t in timescales] == [
        ("LON-2026-000001", "2026-05-30"),
        ("LON-2026-000002", "2026-04-30"),
        ("LON-2026-000002", "2026-05-30"),
    ]
    assert [c["case"] for c in mappa("case", "list", "--json").document] == [
        "KEN-2026-000001",
        "LON-2026-000001",
        "LON-2026-000002",
    ]
    assert [m["id"] for m in mappa("messages", "--json").document] == ["m1", "m2"]


@pytest.mark.parametrize(
    ("arguments", "count"),
    [
        ("timescales --state met", 1),
        ("timescales --state missed", 0),
        ("timescales --area London", 3),
        ("timescales --area Kent", 0),
        ("timescales --due-before 2026-05-30", 1),
        ("timescales --kind level_setting", 1),
        ("prompts --crn X320741", 2),
        ("prompts --crn A000001", 0),
        ("prompts --since 2026-03-31", 1),
        ("prompts --until 2026-03-30", 1),
        ("prompts --until 2026-04-02", 2),
        ("prompts --until 2026-04-02T07:59", 1),
        ("prompts --area London", 2),
        ("messages --state uncertain", 1),
        ("messages --recipient chair@police.example", 1),
        ("case list --area Kent", 1),
        ("case list --stage closed", 1),
        ("case list --category 2", 1),
        ("problems --open", 1),
        ("problems --stage deliver", 0),
    ],
)
def test_filters(mappa: Mappa, caseload: Record, arguments: str, count: int) -> None:
    assert len(mappa(*arguments.split(), "--json").document) == count


@pytest.mark.parametrize("what", LISTS)
def test_tables_and_lists_hold_no_name(mappa: Mappa, caseload: Record, what: str) -> None:
    for output in (mappa(*what.split()), mappa(*what.split(), "--json")):
        assert output.out
        assert not any(name in output.out + output.err for name in ("Okonkwo", "Darren", "Abernathy"))


def test_a_table_says_how_much_it_left_out(mappa: Mappa, caseload: Record) -> None:
    assert "and 2 more; --limit 0 shows all" in mappa("timescales", "--limit", "1").out
    assert "more" not in mappa("timescales", "--limit", "0").out


def test_an_area_nobody_has_heard_of_is_wrong_usage(mappa: Mappa, caseload: Record) -> None:
    answer = mappa("timescales", "--area", "Londn", "--json")
    assert (answer.code, answer.out) == (2, "")
    assert answer.err.strip() == "--area: the record knows no area 'Londn'; it knows Kent, London"


def test_the_number_of_queries_does_not_grow_with_the_caseload(mappa: Mappa, record: Record) -> None:
    with record.writing() as session:
        for number in range(40):
            case = rows.case(session, rows.person(session, f"C{number:06d}"), f"LON-2026-{number:06d}")
            note = rows.message(session, f"m{number}")
            rows.prompt(session, rows.timescale(session, case), note)
    from views.cases import cases
    from views.messages import messages

    statements: list[Any] = []
    event.listen(record.engine, "before_cursor_execute", lambda *call: statements.append(call[2]))
    with record.reading() as session:
        assert len(list(cases(session))) == len(list(messages(session))) == 40
    # Cases, what they owe, releases brought forward, the calendar and its holidays; messages and their prompts.
    assert len([statement for statement in statements if statement.startswith("SELECT")]) == 7


def test_case_show_is_the_page_with_everything_on_it(mappa: Mappa, caseload: Record) -> None:
    page = mappa("case", "show", "X320741").out
    for part in (
        "Okonkwo, Darren",
        "LON-2026-000002",
        "to be confirmed",
        "level_setting",
        "referral",
        "-1 month",
        "category 1: convicted of a Schedule 3 offence",
    ):
        assert part in page
    assert mappa("case", "show", "lon-2026-000002").out == page


def test_case_show_prefers_the_open_episode_and_names_the_others(mappa: Mappa, record: Record) -> None:
    with record.writing() as session:
        someone = rows.person(session, "X100001")
        rows.case(session, someone, "LON-2024-000009", closed_on=date(2025, 1, 1), opened_on=date(2024, 1, 1))
        rows.case(session, someone, "LON-2023-000003", opened_on=date(2023, 1, 1))
    assert mappa("case", "show", "X100001", "--json").document["case"] == "LON-2023-000003"
    assert "LON-2024-000009 (closed 2025-01-01)" in mappa("case", "show", "X100001").out
    assert mappa("case", "show", "LON-2024-000009", "--json").document["case"] == "LON-2024-000009"


def test_case_show_takes_the_newest_of_closed_episodes(mappa: Mappa, record: Record) -> None:
    with record.writing() as session:
        someone = rows.person(session, "X100001")
        for year in (2024, 2023):
            rows.case(session, someone, f"LON-{year}-000001", opened_on=date(year, 1, 1), closed_on=date(year, 9, 1))
    assert mappa("case", "show", "X100001", "--json").document["case"] == "LON-2024-000001"


def test_a_person_who_is_not_eligible_is_shown_with_the_reason_of_each_sentence(mappa: Mappa, record: Record) -> None:
    with record.writing() as session:
        rows.sentence(
            session,
            rows.person(session, "X100001"),
            outcome="not_eligible",
            offence_code="TH68010",
            outcome_reason="in neither schedule",
        )
    shown = mappa("case", "show", "X100001", "--json")
    assert (shown.code, set(shown.document)) == (0, CASE)
    assert shown.document | {"area": None} == {
        "crn": "X100001",
        "case": None,
        "category": None,
        "categories": [],
        "level": None,
        "stage": "not_eligible",
        "area": None,
        "unit": "Camden",
        "lead_agency": "probation",
        "release_date": None,
        "door_opens_on": None,
        "eligible_until": None,
        "timescales": [],
    }
    page = mappa("case", "show", "X100001").out
    assert "no case: no sentence makes this person eligible" in page
    assert "TH68010" in page
    assert "in neither schedule" in page


def test_a_person_whose_sentence_waits_stands_at_identification(mappa: Mappa, record: Record) -> None:
    with record.writing() as session:
        rows.sentence(
            session, rows.person(session, "X100001"), outcome=None, identify_at=datetime(2026, 3, 1, tzinfo=UTC)
        )
    assert mappa("case", "show", "X100001", "--json").document["stage"] == "identification"
    assert "1 of 1 sentences are not checked for eligibility yet" in mappa("case", "show", "X100001").out


def test_an_unknown_crn_is_a_failure_with_a_sentence(mappa: Mappa) -> None:
    answer = mappa("case", "show", "X999999", "--json")
    assert (answer.code, answer.out) == (1, "")
    assert answer.err.strip() == "X999999: nobody on record has this CRN, and no case this reference"
