"""What of a run becomes an event: counts and case references, one event a run or a case, and nothing personal."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import select

import flows.happenings
from models.cases import Case
from models.obligations import Prompt, Timescale
from models.record import Record
from tasks.happenings import CASES_NAMED, CASES_TOLD, Happening, happenings
from tasks.registry import STAGES
from tasks.stage import Outcome, StageReport, run_stage
from tests.support.story import DARREN, Story, at

EIGHT = datetime(2026, 7, 10, 7, 0, tzinfo=UTC)


def report(stage: str, *outcomes: Outcome) -> StageReport:
    return StageReport(stage, EIGHT, waited=len(outcomes), outcomes=list(outcomes))


def test_escalations_are_one_event_a_run_with_counts_by_area_and_case_references(
    sqlite_record: Record, tmp_path: Any
) -> None:
    story = Story(sqlite_record, tmp_path)
    story.load("2026-06-01", *({**DARREN, "crn": f"X32070{n}", "forenames": f"Darren {n}"} for n in range(3)))
    story.tick("2026-06-01")
    swept = run_stage(sqlite_record, STAGES["prompts"], at("2026-09-14"))
    [event] = happenings(sqlite_record, swept)
    with sqlite_record.reading() as session:
        cases = set(session.scalars(select(Case.reference)))
        raised = session.scalars(
            select(Prompt.id).where(Prompt.weight == "escalation", Prompt.raised_at == at("2026-09-14"))
        ).all()
    assert (event.event, event.resource) == ("mappa.escalation.raised", "mappa.stage.prompts")
    assert event.told["areas"] == {"London": len(raised)}
    assert event.told["escalations"] == len(raised) > 0
    assert set(event.told["cases"]) == cases
    assert [name for name in ("X32070", "Darren", "example") if name in json.dumps(event.told)] == []


def timescales(record: Record) -> list[Timescale]:
    with record.reading() as session:
        found = list(session.scalars(select(Timescale)))
        session.expunge_all()
        return found


def test_a_run_that_raises_reminders_only_is_no_event(sqlite_record: Record) -> None:
    assert list(happenings(sqlite_record, report("prompts", Outcome("LON-2026-000001", "done", "1", "London")))) == []


def test_an_event_names_a_hundred_cases_at_most(sqlite_record: Record) -> None:
    many = [Outcome(f"LON-2026-{n:06d}", "done", "1", "London", 1) for n in range(CASES_NAMED + 50)]
    [event] = happenings(sqlite_record, report("prompts", *many))
    assert (len(event.told["cases"]), event.told["of_cases"]) == (CASES_NAMED, CASES_NAMED + 50)


def test_a_case_that_failed_is_told_by_its_reference(sqlite_record: Record, tmp_path: Any) -> None:
    story = Story(sqlite_record, tmp_path)
    story.load("2026-06-01", DARREN)
    story.tick("2026-06-01")
    case = story.case()
    [timescale, *_] = timescales(sqlite_record)
    for stage, subject in (("pre_release", str(case.id)), ("prompts", str(timescale.id)), ("meetings", case.reference)):
        [event] = happenings(sqlite_record, report(stage, Outcome(subject, "failed", "ValueError; problem 7")))
        assert event.event == "mappa.case.failed"
        assert event.resource == f"mappa.case.{case.reference}"
        assert event.told == {"stage": stage, "why": "ValueError; problem 7", "failed": 1}


def test_a_sentence_without_a_case_is_told_by_its_stage(sqlite_record: Record) -> None:
    [event] = happenings(sqlite_record, report("identification", Outcome("999", "failed", "ValueError")))
    assert event.resource == "mappa.stage.identification"


def test_where_everything_fails_twenty_cases_are_told_and_the_number_of_all(sqlite_record: Record) -> None:
    failed = [Outcome(f"LON-2026-{n:06d}", "failed", "OperationalError") for n in range(300)]
    events = list(happenings(sqlite_record, report("pre_release", *failed)))
    assert len(events) == CASES_TOLD
    assert events[0].told["failed"] == 300


@pytest.mark.parametrize(
    ("outcomes", "states"),
    [
        ([("done", "sent"), ("failed", "uncertain: no answer; a person decides")], {"uncertain": 1}),
        ([("done", "sent"), ("failed", "dead: 550")], {"dead": 1}),
        ([("failed", "retry: refused"), ("failed", "not tried: refused")], {"retry": 1, "not tried": 1}),
        ([("failed", "retry: 451")], {"retry": 1}),
        ([("done", "sent"), ("failed", "retry: 451")], None),
        ([("done", "sent"), ("skipped", "withheld: restricted")], None),
        ([], None),
    ],
)
def test_the_outbox_is_stuck_where_messages_are_lost_or_none_gets_out(
    sqlite_record: Record, outcomes: list[tuple[Any, str]], states: dict[str, int] | None
) -> None:
    told = report("deliver", *(Outcome(f"m{n}", result, detail) for n, (result, detail) in enumerate(outcomes)))
    found = list(happenings(sqlite_record, told))
    assert [event.told["states"] for event in found] == ([] if states is None else [states])
    assert {event.event for event in found} <= {"mappa.outbox.stuck"}


def test_the_completed_sweep_is_told_once_an_hour(monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[Happening] = []
    moment = [1000.0]
    monkeypatch.setattr(flows.happenings, "emit", told.append)
    monkeypatch.setattr(flows.happenings, "_swept", [])
    monkeypatch.setattr(flows.happenings.time, "monotonic", lambda: moment[0])
    for seconds in (0, 10, 3589, 3):
        moment[0] += seconds
        flows.happenings.sweep_completed()
    assert [(one.event, one.resource) for one in told] == [("mappa.sweep.completed", "mappa.stage.prompts")] * 2


def test_an_event_that_cannot_be_sent_stops_nothing(
    record: Record, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(*_: Any, **__: Any) -> None:
        raise ConnectionError("LON-2026-000001 was not heard")

    monkeypatch.setattr(flows.happenings, "emit_event", broken)
    flows.happenings.emit_events(report("deliver", Outcome("m1", "failed", "dead: 550")))
    assert [r.message for r in caplog.records] == ["events of deliver could not be sent (ConnectionError)"]
