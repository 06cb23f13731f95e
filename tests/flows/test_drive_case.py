"""drive_case: everything due for one case now, a failed step tried again, other cases left alone; never a CRN."""

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from casework.stage_cases import OF_A_STAGE
from flows import FLOWS
from models.cases import Case, Problem
from models.obligations import Message, Prompt, Timescale
from models.record import Record
from service.prefect.runs import Runs
from tasks.drive_case import UnknownCaseError, drive_case
from tasks.registry import STAGES
from tests.support.story import DARREN, Story, at
from tests.support.told_once import told_once

SWEEP_DAY = at("2026-09-14")


@pytest.fixture
@told_once
def story(record: Record, tmp_path: Path) -> Story:
    """Three people like Darren, identified in June; by September four rungs of each referral are due."""
    story = Story(record, tmp_path)
    story.load("2026-06-01", *({**DARREN, "crn": f"X32070{n}", "forenames": f"Darren {n}"} for n in range(3)))
    story.tick("2026-06-01")
    return story


def references(record: Record) -> list[str]:
    with record.reading() as session:
        return list(session.scalars(select(Case.reference).order_by(Case.id)))


def raised(record: Record) -> dict[str, int]:
    """How many prompts of the ladders were raised, by case."""
    with record.reading() as session:
        query = select(Case.reference).join(Timescale).join(Prompt).where(Prompt.rung != "identified")
        found = list(session.scalars(query))
        return {reference: found.count(reference) for reference in found}


def test_it_raises_and_sends_what_is_due_for_its_case_and_leaves_the_others_alone(story: Story) -> None:
    one, *others = references(story.record)
    reports = drive_case(story.record, one, SWEEP_DAY)
    assert [r.stage for r in reports] == ["pre_release", "prompts", "deliver"]
    assert raised(story.record) == {one: 9}
    with story.record.reading() as session:
        sent = session.scalars(select(Message.id).where(Message.state == "sent")).all()
        about = set(
            session.scalars(select(Case.reference).join(Timescale).join(Prompt).where(Prompt.message_id.in_(sent)))
        )
        assert sent
        # A digest of June may carry what was said of all three; every one of them has something of this case.
        assert one in about
    story.tick("2026-09-14")
    assert raised(story.record) == dict.fromkeys([one, *others], 9)


def test_a_second_time_it_finds_nothing_but_the_look_at_the_dates(story: Story) -> None:
    one = references(story.record)[0]
    drive_case(story.record, one, SWEEP_DAY)
    [again] = drive_case(story.record, one, SWEEP_DAY)
    assert (again.stage, [o.detail for o in again.outcomes]) == ("pre_release", ["nothing changed"])


def test_a_dry_run_changes_nothing(story: Story) -> None:
    one = references(story.record)[0]
    reports = drive_case(story.record, one, SWEEP_DAY, dry_run=True)
    assert {o.result for r in reports for o in r.outcomes} == {"skipped"}
    assert raised(story.record) == {}


def test_what_failed_and_rests_is_tried_now_and_its_problem_resolved(
    story: Story, monkeypatch: pytest.MonkeyPatch
) -> None:
    sound = STAGES["prompts"]
    one = references(story.record)[0]

    def broken(*_: Any, **__: Any) -> Any:
        raise LookupError(DARREN["crn"])

    monkeypatch.setitem(STAGES, "prompts", replace(sound, handle=broken))
    failed = drive_case(story.record, one, SWEEP_DAY)
    outcomes = [o for r in failed for o in r.outcomes if o.result == "failed"]
    assert {o.subject for o in outcomes} == {one}
    assert all(o.detail.startswith("LookupError; problem ") for o in outcomes)

    def open_problems() -> int:
        with story.record.reading() as session:
            return len(session.scalars(select(Problem).where(Problem.resolved_at.is_(None))).all())

    assert open_problems() == len(outcomes)
    monkeypatch.setitem(STAGES, "prompts", sound)
    # It rests for five minutes: the sweep leaves it alone, the operator need not.
    drive_case(story.record, one, SWEEP_DAY)
    assert raised(story.record) == {one: 9}
    assert open_problems() == 0


def test_a_case_that_is_not_there_is_told(story: Story) -> None:
    with pytest.raises(UnknownCaseError, match="the record has no case LON-2026-999999"):
        drive_case(story.record, "LON-2026-999999", SWEEP_DAY)


def test_the_flow_is_named_for_the_case_and_shows_each_step_in_a_table(
    prefect_server: str, story: Story, api: Callable[..., Any]
) -> None:
    one = references(story.record)[0]
    ran = Runs(story.record, prefect_server).run_case(one, SWEEP_DAY)
    assert ran.recorded
    assert ran.report.count("done") == ran.report.waited > 0
    [run] = api("flow_runs/filter", flow_runs={"name": {"like_": f"{one} · 2026-09-14"}})
    assert run["name"] == f"drive_case · {one} · 2026-09-14 08:00"
    assert run["state"]["message"] == f"{ran.report.waited} steps waited: {ran.report.waited} done, 0 skipped, 0 failed"
    tables = api("artifacts/filter", artifacts={"flow_run_id": {"any_": [run["id"]]}})
    [table] = [json.loads(t["data"]) for t in tables if t["key"] == "drive-case-all"]
    assert {row["subject"].partition(":")[0] for row in table} == {"pre_release", "prompts", "deliver"}


def test_the_parameter_is_a_case_reference_and_nothing_else() -> None:
    form = FLOWS["drive_case"].parameters.model_dump()
    assert form["required"] == ["case"]
    assert "CRN" in form["properties"]["case"]["description"]
    validate = FLOWS["drive_case"].validate_parameters
    assert validate({"case": "LON-2026-000123"})["case"] == "LON-2026-000123"
    for wrong in ("X320741", "lon-2026-000123", "LON-2026-000123; DROP", ""):
        with pytest.raises(Exception, match="case"):
            validate({"case": wrong})


def test_every_stage_that_is_about_cases_can_be_driven() -> None:
    # The audit is about the record as a whole, and a report about an area.
    assert set(OF_A_STAGE) == set(STAGES) - {"assurance", "replies", "reports"}
