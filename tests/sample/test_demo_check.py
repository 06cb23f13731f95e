"""The check of the demo fails where something in its record, its mail or Prefect is not as it should be."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest

from models.record import Record
from notifications.outbox.returned import HELD
from sample.demo_check import NOT_EVERY_DAY, wrong_in_prefect, wrong_in_the_mail, wrong_in_the_record
from sample.mail_index import write_index
from tasks.registry import STAGES
from tests.support import rows

THURSDAY = datetime(2026, 3, 26, 8, 0, tzinfo=UTC)
SATURDAY = datetime(2026, 3, 28, 8, 0, tzinfo=UTC)


@pytest.fixture
def record(sqlite_record: Record) -> Record:
    """A record with its calendar: a demo has no other kind."""
    return sqlite_record


@pytest.fixture
def wrong(record: Record, monkeypatch: pytest.MonkeyPatch) -> Callable[[], list[str]]:
    """What is wrong with the record, apart from what waits in its stages."""
    monkeypatch.setattr("sample.demo_check.what_waits", lambda *_args, **_more: [])
    return lambda: list(wrong_in_the_record(record, THURSDAY))


def test_a_record_whose_e_mails_went_on_working_days_is_right(record: Record, wrong: Callable[[], list[str]]) -> None:
    with record.writing() as session:
        rows.message(session, "a", state="sent", sent_at=THURSDAY)
        rows.message(session, "b", state="cancelled", reason="no longer needed")
        rows.message(session, "c", state="pending", not_before=THURSDAY + timedelta(days=1))
    assert wrong() == []


@pytest.mark.parametrize("state", ["pending", "claimed", "retry", "uncertain", "dead", "withheld"])
def test_an_e_mail_that_did_not_get_out_is_told_with_its_reason(
    record: Record, wrong: Callable[[], list[str]], state: str
) -> None:
    with record.writing() as session:
        rows.message(session, "a", state=state, reason="it could not be written", not_before=THURSDAY)
        rows.message(session, "b", state=state, reason="it could not be written", not_before=THURSDAY)
    assert wrong() == [f"2 e-mails are {state}: it could not be written"]


def test_an_e_mail_that_came_back_and_what_waits_for_its_address_are_as_the_demo_means_them(
    record: Record, wrong: Callable[[], list[str]]
) -> None:
    with record.writing() as session:
        rows.message(session, "a", state="dead", reason="it came back: 5.1.1", sent_at=THURSDAY)
        rows.message(session, "b", state="withheld", reason=HELD, not_before=THURSDAY)
    assert wrong() == []


def test_an_e_mail_on_a_day_of_rest_is_told(record: Record, wrong: Callable[[], list[str]]) -> None:
    with record.writing() as session:
        rows.message(session, "a", state="sent", sent_at=SATURDAY)
    assert wrong() == ["1 e-mails went on Saturday 2026-03-28, no working day"]


def test_work_that_failed_is_told_also_where_it_was_done_later_and_a_question_is_not(
    record: Record, wrong: Callable[[], list[str]]
) -> None:
    with record.writing() as session:
        rows.problem(session, "1", stage="deliver", kind="failure", reason="KeyError: 'x'", resolved_at=THURSDAY)
        rows.problem(session, "2", stage="identification", kind="question", reason="a person decides")
    assert wrong() == ["1 failed in deliver, the first with KeyError: 'x'"]


@pytest.mark.parametrize(
    ("rung_on", "told"),
    [
        # The duty came on record on Thursday 26 March: what was to go on that day or after it was not in time.
        (date(2026, 3, 26), ["1 prompts referral -1 month are wrongly called late"]),
        # What was to go out before it was known is late, and nobody could help it.
        (date(2026, 3, 25), []),
    ],
)
def test_a_prompt_is_late_only_where_its_duty_was_known_late(
    record: Record, wrong: Callable[[], list[str]], rung_on: date, told: list[str]
) -> None:
    with record.writing() as session:
        duty = rows.timescale(session, rows.case(session, rows.person(session)), opened_at=THURSDAY)
        carried = rows.message(session, "a", state="sent", sent_at=THURSDAY)
        rows.prompt(session, duty, carried, rung_on=rung_on, late_by_days=1)
    assert wrong() == told


def test_work_that_waits_is_told(record: Record) -> None:
    with record.writing() as session:
        rows.sentence(session, rows.person(session), outcome=None, outcome_reason=None, identify_at=THURSDAY)
    assert "sentences still wait for identification" in list(wrong_in_the_record(record, THURSDAY + timedelta(days=1)))


def test_folder_and_index_hold_what_was_sent(record: Record, tmp_path: Path) -> None:
    assert list(wrong_in_the_mail(record, tmp_path)) == ["no e-mail was sent"]
    with record.writing() as session:
        rows.message(session, "a", state="sent", sent_at=THURSDAY)
        rows.message(session, "b", state="sent", sent_at=THURSDAY)
    (tmp_path / "a.eml").write_text("Subject: x\n\nText")
    index = tmp_path / "index.html"
    assert list(wrong_in_the_mail(record, tmp_path)) == [
        f"2 e-mails were sent, and {tmp_path} holds 1",
        f"{index} lists 0 of 1 e-mails",
    ]
    (tmp_path / "b.eml").write_text("Subject: x\n\nText")
    write_index(record, tmp_path, THURSDAY)
    assert list(wrong_in_the_mail(record, tmp_path)) == []


@pytest.fixture
def prefect_shows(monkeypatch: pytest.MonkeyPatch) -> dict[str, list[dict[str, Any]]]:
    """What Prefect's server has: all that a demo should leave there."""
    stages = set(STAGES) - NOT_EVERY_DAY
    shows: dict[str, list[dict[str, Any]]] = {
        "flow_runs": [{"name": f"{name} · all areas", "state": {"name": "Completed"}} for name in sorted(stages)],
        "artifacts": [{"key": f"{name.replace('_', '-')}-outcome"} for name in stages],
        "automations": [{"name": "mappa: a case failed"}],
    }

    def post(url: str, **_more: Any) -> httpx.Response:
        return httpx.Response(200, json=shows[url.split("/")[-2]], request=httpx.Request("POST", url))

    monkeypatch.setattr(httpx, "post", post)
    return shows


def test_prefect_has_every_run_table_and_automation(prefect_shows: dict[str, list[dict[str, Any]]]) -> None:
    assert list(wrong_in_prefect("http://127.0.0.1/api")) == []
    prefect_shows["flow_runs"][0]["state"]["name"] = "CompletedWithFailures"
    prefect_shows["flow_runs"].pop()
    prefect_shows["artifacts"] = [one for one in prefect_shows["artifacts"] if one["key"] != "deliver-outcome"]
    prefect_shows["automations"].clear()
    assert list(wrong_in_prefect("http://127.0.0.1/api")) == [
        "Prefect shows a run that is CompletedWithFailures: assurance · all areas",
        "Prefect shows no run of screening",
        "Prefect shows no artifact deliver-outcome",
        "Prefect has no automations",
    ]
