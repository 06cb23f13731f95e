"""Each flow as Prefect runs it: name, chunks, tables, states, and nothing personal anywhere in Prefect."""

import json
import sqlite3
import time
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from assurance.invariants import INVARIANTS
from flows import FLOWS
from models.assurance import AssuranceRun
from models.cases import Problem
from models.people import Sentence
from models.record import Record
from service.prefect.runs import Runs
from tasks.registry import STAGES
from tasks.stage import Outcome
from tests.support import rows
from tests.support.toys import CRN, NAME, Toy

EIGHT = datetime(2026, 7, 10, 7, 0, tzinfo=UTC)
"""08:00 in Europe/London, in summer."""

Api = Callable[..., Any]


@pytest.fixture
def run(prefect_server: str, record: Record, api: Api) -> Callable[..., tuple[Any, dict[str, Any]]]:
    """Run a flow; return its final state and the flow run as the server has it."""

    def run_one(name: str, **parameters: Any) -> tuple[Any, dict[str, Any]]:
        state = FLOWS[name](**{"as_at": EIGHT, **parameters}, return_state=True)
        flow_run_id = str(state.state_details.flow_run_id)
        [flow_run] = api("flow_runs/filter", flow_runs={"id": {"any_": [flow_run_id]}})
        return state, flow_run

    return run_one


def tables(api: Api, flow_run: dict[str, Any]) -> dict[str, list[dict[str, Any]]]:
    """The tables of a flow run by their keys."""
    found = api("artifacts/filter", artifacts={"flow_run_id": {"any_": [flow_run["id"]]}})
    return {artifact["key"]: json.loads(artifact["data"]) for artifact in found}


def put(monkeypatch: pytest.MonkeyPatch, toy: Toy, name: str = "pre_release", chunk: int = 10) -> Toy:
    """Let a toy stand for a stage."""
    monkeypatch.setitem(STAGES, name, toy.stage(name, chunk))
    return toy


def test_stages_stand_in_the_order_of_a_tick_and_each_has_its_flow() -> None:
    assert list(STAGES) == [name for name in FLOWS if name in STAGES]
    assert list(STAGES) == [
        "identification",
        "pre_release",
        "screening",
        "replies",
        "meetings",
        "disclosure",
        "exit_planning",
        "prompts",
        "deliver",
        "reports",
        "assurance",
    ]
    assert all(stage.name == name for name, stage in STAGES.items())


@pytest.mark.parametrize("name", FLOWS)
def test_a_flow_has_a_description_and_a_form_that_explains_each_parameter(name: str) -> None:
    form = FLOWS[name].parameters.model_dump()["properties"]
    assert name not in STAGES or list(form) == ["as_at", "area", "dry_run"]
    assert all(parameter["description"] for parameter in form.values())
    assert FLOWS[name].description


@pytest.mark.parametrize("name", STAGES)
def test_a_real_stage_runs_under_prefect_where_nothing_waits(name: str, run: Any, record: Record, api: Api) -> None:
    with record.writing() as session:
        session.add(AssuranceRun(ran_at=EIGHT, ok=True, findings=[], counts={}))
    state, flow_run = run(name)
    assert state.name == "Completed"
    assert flow_run["name"] == f"{name} · all areas · 0 {STAGES[name].noun} · 2026-07-10 08:00"
    assert [row["count"] for row in tables(api, flow_run)[f"{name.replace('_', '-')}-outcome"]] == [0, 0, 0, 0]


def test_a_run_is_named_for_stage_area_count_and_moment(run: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    toy = put(monkeypatch, Toy(set(range(1, 38))))
    _, flow_run = run("pre_release")
    assert flow_run["name"] == "pre_release · all areas · 37 cases · 2026-07-10 08:00"
    _, flow_run = run("pre_release", area="London", dry_run=True)
    assert flow_run["name"] == "pre_release · London · 0 cases · 2026-07-10 08:00 · dry run"
    assert toy.areas[-1] == "London"


def test_each_chunk_is_a_task_run_named_for_its_place(run: Any, api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    toy = put(monkeypatch, Toy(set(range(1, 24))))
    _, flow_run = run("pre_release")
    assert [len(chunk) for chunk in toy.chunks] == [10, 10, 3]
    expected = {"pre_release 1-10", "pre_release 11-20", "pre_release 21-23"}

    def names() -> set[str]:
        return {t["name"] for t in api("task_runs/filter", flow_runs={"id": {"any_": [flow_run["id"]]}})}

    assert eventually(names, expected) == expected


def test_the_outcome_table_tells_what_waited_was_done_skipped_and_failed_and_why(
    run: Any, api: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(monkeypatch, Toy(set(range(1, 21)), poison={7}, skipped={3, 4}))
    _, flow_run = run("pre_release")
    found = tables(api, flow_run)
    assert found["pre-release-outcome"] == [
        {"outcome": "waited", "count": 20, "why": ""},
        {"outcome": "done", "count": 17, "why": ""},
        {"outcome": "skipped", "count": 2, "why": "a person must decide"},
        {"outcome": "failed", "count": 1, "why": "ValueError"},
    ]
    failed, *skipped = found["pre-release-not-done"]
    assert failed["subject"] == "7"
    assert failed["why"].startswith("ValueError; problem ")
    assert [row["subject"] for row in skipped] == ["LON-2026-000003", "LON-2026-000004"]
    done = [n for n in range(1, 21) if n not in (3, 4, 7)]
    assert [row["subject"] for row in found["pre-release-done"]] == [f"LON-2026-{n:06}" for n in done]


def test_a_table_of_cases_has_two_hundred_rows_at_most(run: Any, api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    put(monkeypatch, Toy(set(range(250)), skipped=set(range(250))), chunk=100)
    _, flow_run = run("pre_release")
    assert len(tables(api, flow_run)["pre-release-not-done"]) == 200


def test_a_failing_case_is_set_aside_and_the_run_completes_and_says_so(
    run: Any, record: Record, monkeypatch: pytest.MonkeyPatch
) -> None:
    toy = put(monkeypatch, Toy(set(range(1, 11)), poison={7}))
    state, flow_run = run("pre_release")
    assert (state.type.value, state.name) == ("COMPLETED", "CompletedWithFailures")
    assert flow_run["state"]["message"] == "10 cases waited: 9 done, 0 skipped, 1 failed"
    assert sorted(toy.handled) == [1, 2, 3, 4, 5, 6, 8, 9, 10]
    with record.reading() as session:
        assert [(p.stage, p.subject) for p in session.query(Problem)] == [("pre_release", "7")]


def test_a_stage_that_cannot_run_fails_and_tells_prefect_the_kind_of_error_only(
    run: Any, record: Record, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: Any, **__: Any) -> list[Any]:
        raise LookupError(f"{NAME} {CRN}")

    monkeypatch.setitem(STAGES, "pre_release", Toy(set()).stage("pre_release"))
    object.__setattr__(STAGES["pre_release"], "waiting", broken)
    state, flow_run = run("pre_release")
    assert state.type.value == "FAILED"
    assert "LookupError" in flow_run["state"]["message"]
    assert flow_run["name"] == "pre_release · all areas · unknown cases · 2026-07-10 08:00"
    assert NAME not in json.dumps(flow_run)


def test_a_dry_run_changes_nothing(run: Any, api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    def handle(session: Any, ids: Any, as_at: datetime) -> list[Outcome]:
        session.add(
            Problem(stage="x", subject="1", kind="failure", reason="", tries=0, first_seen_at=as_at, last_seen_at=as_at)
        )
        session.flush()
        return [Outcome("LON-2026-000001", "done")]

    monkeypatch.setitem(STAGES, "pre_release", Toy({1}).stage("pre_release"))
    object.__setattr__(STAGES["pre_release"], "handle", handle)
    _, flow_run = run("pre_release", dry_run=True)
    assert tables(api, flow_run)["pre-release-outcome"][2] == {"outcome": "skipped", "count": 1, "why": "dry run: done"}


def test_an_audit_ends_with_a_table_of_what_must_hold_what_was_found_and_what_to_do(
    run: Any, record: Record, api: Api
) -> None:
    with record.writing() as session:
        rows.timescale(session, rows.in_spells(session, rows.case(session, rows.person(session))), next_prompt_at=None)
    state, flow_run = run("assurance")
    assert flow_run["name"] == f"assurance · all areas · {len(INVARIANTS)} invariants · 2026-07-10 08:00"
    assert state.name == "CompletedWithFailures"
    found = tables(api, flow_run)
    assert found["assurance-outcome"][1]["count"] == len(INVARIANTS) - 1
    told = {row["invariant"]: row for row in found["assurance-all"]}
    assert list(told) == list(INVARIANTS)
    assert told["no-silence"]["found, and what to do"] == "it holds"
    unknown = INVARIANTS["coordinators-known"]
    assert told["coordinators-known"] == {
        "invariant": "coordinators-known",
        "what must hold": unknown.explanation,
        "outcome": "failed",
        "found, and what to do": f"1 found: London. {unknown.to_do}",
    }
    assert [row["subject"] for row in found["assurance-not-done"]] == ["coordinators-known"]
    with record.reading() as session:
        assert [(p.stage, p.subject, p.kind) for p in session.query(Problem)] == [
            ("assurance", "coordinators-known", "question")
        ]


def test_a_moment_without_an_offset_is_local(run: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    toy = put(monkeypatch, Toy({1}))
    run("pre_release", as_at=datetime(2026, 7, 10, 8, 0))  # noqa: DTZ001
    assert toy.moments == [EIGHT]


def test_the_program_starts_a_flow_in_its_own_process_and_gets_its_report(
    prefect_server: str, record: Record, api: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    toy = put(monkeypatch, Toy({1, 2, 3}))
    ran = Runs(record, prefect_server).run(STAGES["pre_release"], datetime(2026, 7, 13, 7, 0, tzinfo=UTC))
    assert (ran.recorded, ran.report.waited, ran.report.count("done"), toy.handled) == (True, 3, 3, [1, 2, 3])
    names = [r["name"] for r in api("flow_runs/filter", flow_runs={"name": {"like_": "3 cases · 2026-07-13"}})]
    assert names == ["pre_release · all areas · 3 cases · 2026-07-13 08:00"]


def test_nothing_is_asked_of_prefect_between_the_first_chunk_and_the_last(
    prefect_server: str, record: Record, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A server that hangs by then would keep what is due for minutes. Logs and the look for a cancel wait elsewhere."""
    from prefect.client.base import PrefectHttpxAsyncClient, PrefectHttpxSyncClient
    from prefect.concurrency.services import _no_limits_cache

    # What it was told of limits before, it does not ask again for some minutes.
    _no_limits_cache.clear()
    toy = put(monkeypatch, Toy(set(range(1, 31))))
    asked: list[str] = []

    def watched(send: Callable[..., Any]) -> Callable[..., Any]:
        def noted(client: Any, request: Any, *args: Any, **kwargs: Any) -> Any:
            if len(toy.areas) > 1 and len(toy.chunks) < 3:
                asked.append(request.url.path)
            return send(client, request, *args, **kwargs)

        return noted

    for kind in (PrefectHttpxAsyncClient, PrefectHttpxSyncClient):
        monkeypatch.setattr(kind, "send", watched(kind.send))
    ran = Runs(record, prefect_server).run(STAGES["pre_release"], EIGHT)
    assert (ran.recorded, len(toy.chunks)) == (True, 3)
    print("ASKED", asked)
    assert {path.rpartition("/api/")[2] for path in asked} <= {"logs/", "flow_runs/filter"}


def test_a_run_that_is_told_to_stop_leaves_the_rest_to_the_next_one(
    prefect_server: str, record: Record, monkeypatch: pytest.MonkeyPatch
) -> None:
    toy = put(monkeypatch, Toy(set(range(1, 31))))
    runs = Runs(record, prefect_server, halted=lambda: len(toy.chunks) >= 1)
    ran = runs.run(STAGES["pre_release"], EIGHT)
    assert (len(toy.handled), ran.left) == (10, 20)
    runs.halted = lambda: False
    assert runs.run(STAGES["pre_release"], EIGHT).report.count("done") == 20
    assert sorted(toy.handled) == list(range(1, 31))


def test_nothing_personal_reaches_prefect(run: Any, record: Record, monkeypatch: pytest.MonkeyPatch) -> None:
    from prefect.settings import PREFECT_SERVER_DATABASE_CONNECTION_URL

    with record.writing() as session:
        rows.sentence(session, rows.person(session, crn=CRN), outcome=None, outcome_reason=None, identify_at=EIGHT)
    run("identification")
    with record.reading() as session:
        assert session.query(Sentence).one().outcome is not None
    put(monkeypatch, Toy(set(range(1, 21)), poison={7}))
    run("pre_release")
    path = PREFECT_SERVER_DATABASE_CONNECTION_URL.value().partition(":///")[2]

    def stored() -> str:
        with sqlite3.connect(path) as connection:
            return "\n".join(connection.iterdump())

    # Logs and events arrive seconds after a run has ended; the last of each is waited for before names are looked for.
    endings = ["1 sentence waited: 1 done, 0 skipped, 0 failed", "Finished in state CompletedWithFailures"]
    assert eventually(lambda: [words for words in endings if words not in stored()], []) == []
    time.sleep(2)
    everything = stored()
    assert [word for word in (NAME, CRN, "Okonkwo", "Darren") if word in everything] == []


def eventually(look: Callable[[], Any], wanted: Any, seconds: float = 20) -> Any:
    """Look until it is as wanted; return what was seen last."""
    end = time.monotonic() + seconds
    while (seen := look()) != wanted and time.monotonic() < end:
        time.sleep(0.2)
    return seen
