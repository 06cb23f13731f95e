"""Metrics: what the record says, to the number; what the clock has done; and that nothing personal is in them."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any

import httpx
import pytest
from prometheus_client.parser import text_string_to_metric_families as read
from sqlalchemy import text

from models.record import Record
from models.replies import ReceivedMail
from service.clock import Clock
from service.metrics import Metrics, OfTheRecord, as_text
from service.prefect.runs import Runs
from tests.conftest import DATABASES
from tests.support import rows
from tests.support.command_line import Mappa
from tests.support.opened import opened
from tests.support.postgresql import copy_database, drop_database, with_database
from tests.support.rows import MORNING
from tests.support.toys import Toy

NOW = MORNING + timedelta(hours=2)
Samples = dict[tuple[str, tuple[str, ...]], float]


@pytest.fixture(params=DATABASES)
def either(request: pytest.FixtureRequest) -> Record:
    """A record on either database."""
    if request.param == "sqlite":
        return request.getfixturevalue("record")
    return request.getfixturevalue("postgresql_record")


@pytest.fixture
def postgresql_record(postgresql_server: str) -> Iterator[Record]:
    """A record on PostgreSQL."""

    copy_database(postgresql_server, "metrics")
    at_hand = opened(with_database(postgresql_server, "metrics"))
    yield at_hand
    at_hand.close()
    drop_database(postgresql_server, "metrics")


def samples(exposition: str) -> Samples:
    """Every number, by its name and the values of its labels."""
    return {
        (sample.name, tuple(sample.labels.values())): sample.value for m in read(exposition) for sample in m.samples
    }


def fill(record: Record) -> None:
    """Three timescales of two cases, a late prompt, messages in three states, a problem; a closed case besides."""
    with record.writing() as session:
        first = rows.case(session, rows.person(session), level=2)
        second = rows.case(session, rows.person(session, "X100002"), "KEN-2026-000001", area="Kent")
        rows.case(session, rows.person(session, "X100003"), "KEN-2026-000002", area="Kent", closed_on=date(2026, 3, 1))
        owed = rows.timescale(session, first, due_on=date(2026, 3, 29))
        rows.timescale(session, first, "prison_notice", due_on=date(2026, 3, 30), next_prompt_at=NOW + timedelta(1))
        rows.timescale(session, second, due_on=date(2026, 3, 1), state="met")
        for key, state, leaves in (("m1", "sent", MORNING), ("m2", "retry", NOW - timedelta(minutes=5)),
                                   ("m3", "pending", NOW + timedelta(days=1))):  # fmt: skip
            message = rows.message(session, key, state=state, not_before=leaves)
            rows.prompt(session, owed, message, key, late_by_days=3 if key == "m1" else 0)
        for key in ("a", "b"):
            session.add(ReceivedMail(key=key, kind="answer", outcome="recorded", read_at=MORNING))
        rows.problem(session)
        rows.problem(session, "13", resolved_at=MORNING)


def test_the_record_is_told_to_the_number(either: Record) -> None:
    fill(either)
    found = samples(as_text(either, NOW))
    assert found.pop(("mappa_record_ask_seconds", ())) < 10
    assert found == {
        ("mappa_record_up", ()): 1,
        ("mappa_timescales_due", ()): 1,
        ("mappa_sweep_lag_seconds", ()): 7200,
        ("mappa_timescales_open", ("prison_notice",)): 1,
        ("mappa_timescales_open", ("referral",)): 1,
        ("mappa_timescales_overdue", ("prison_notice",)): 0,
        ("mappa_timescales_overdue", ("referral",)): 1,
        ("mappa_prompts_raised_total", ()): 3,
        ("mappa_late_prompts_total", ()): 1,
        ("mappa_messages", ("pending",)): 1,
        ("mappa_messages", ("retry",)): 1,
        ("mappa_messages", ("sent",)): 1,
        ("mappa_messages_oldest_pending_age_seconds", ()): 300,
        ("mappa_mail_route_up", ()): 1,
        ("mappa_mail_route_down_seconds", ()): 0,
        ("mappa_mail_received", ("answer", "recorded")): 2,
        ("mappa_addresses_returned", ()): 0,
        ("mappa_problems_open", ("failure", "prompts")): 1,
        ("mappa_cases_open", ("Kent", "none")): 1,
        ("mappa_cases_open", ("London", "2")): 1,
    }


def test_the_record_is_asked_once_in_some_seconds(record: Record) -> None:
    collector = OfTheRecord(record, lambda: NOW, kept_seconds=60)
    first = collector.collect()
    fill(record)
    assert collector.collect() is first
    assert OfTheRecord(record, lambda: NOW).collect() != first


def test_a_record_that_is_away_is_told_and_nothing_of_its_error(
    record: Record, caplog: pytest.LogCaptureFixture
) -> None:
    with record.writing() as session:
        session.execute(text("ALTER TABLE prompt RENAME TO secret"))
    found = samples(as_text(record, NOW))
    assert {name for name, _ in found} == {"mappa_record_up", "mappa_record_ask_seconds"}
    assert found["mappa_record_up", ()] == 0
    assert [r.message for r in caplog.records] == ["the record cannot be asked for metrics (OperationalError)"]


def test_the_clock_takes_down_its_runs_and_its_beats_and_serves_them(record: Record) -> None:
    def broken(*_arguments: Any, **_options: Any) -> Any:
        raise LookupError

    metrics = Metrics(record, lambda: NOW)
    toy, never = Toy({1, 2, 3}, poison={2}, skipped={3}), Toy(set())
    stuck = Toy({1}).stage("meetings")
    stages = [toy.stage("prompts"), type(stuck)("meetings", "meetings", broken, stuck.handle), never.stage("deliver")]
    Clock(record, stages, Runs(record, None), lambda: NOW, metrics=metrics).beat()
    port = metrics.listen("127.0.0.1", 0)
    found = samples(httpx.get(f"http://127.0.0.1:{port}/metrics", trust_env=False).text)
    assert found["mappa_clock_last_beat_timestamp_seconds", ()] == NOW.timestamp()
    assert found["mappa_stage_run_seconds_count", ("prompts",)] == 1
    assert {key: value for key, value in found.items() if key[0] == "mappa_stage_outcomes_total"} == {
        ("mappa_stage_outcomes_total", (result, "prompts")): 1 for result in ("done", "skipped", "failed")
    }
    assert found["mappa_record_up", ()] == 1


def test_the_command_prints_what_the_record_says_at_a_moment(mappa: Mappa, record: Record) -> None:
    fill(record)

    def due(moment: datetime) -> float:
        return samples(mappa("metrics", "--as-at", moment.isoformat()).out)["mappa_timescales_due", ()]

    assert (due(MORNING - timedelta(hours=1)), due(NOW), due(NOW + timedelta(days=2))) == (0, 1, 2)
