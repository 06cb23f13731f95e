"""prefect.yaml: every flow is a deployment, and the file works as it is."""

import inspect
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import pytest
import yaml

from flows import FLOWS
from service.prefect.deployments import first_line, tags_of
from tasks.registry import STAGES
from tests.support.prefect import Prefect

ROOT = Path(__file__).parent.parent.parent
DEPLOYMENTS = yaml.safe_load((ROOT / "prefect.yaml").read_text())["deployments"]


def test_every_flow_has_its_deployment_that_says_what_the_flow_says() -> None:
    files = {name: str(Path(inspect.getfile(flow.fn)).relative_to(ROOT)) for name, flow in FLOWS.items()}
    assert [d["entrypoint"] for d in DEPLOYMENTS] == [f"{files[name]}:{name}" for name in FLOWS]
    for deployment, flow in zip(DEPLOYMENTS, FLOWS.values(), strict=True):
        assert deployment["description"] == first_line(flow.description)
        assert deployment["tags"] == tags_of(flow.name)
    assert tags_of("pre_release") == ["mappa", "stage", "pre-release"]
    assert tags_of("drive_case") == ["mappa", "drive-case"]


def test_no_file_of_a_flow_has_the_name_of_a_room() -> None:
    """Prefect puts the folder of a flow's file before everything else on the path: it would hide the room."""
    rooms = {path.parent.name for path in ROOT.glob("*/__init__.py")}
    assert {"policy", "assurance", "views"} <= rooms
    assert {path.stem for path in (ROOT / "flows").glob("*.py")} & rooms == set()


@pytest.mark.parametrize("deployment", DEPLOYMENTS, ids=lambda d: d["entrypoint"])
def test_a_deployment_gives_its_flow_parameters_that_it_has(deployment: dict[str, Any]) -> None:
    parameters = FLOWS[deployment["entrypoint"].partition(":")[2]].parameters.model_dump()
    given = deployment.get("parameters", {})
    assert given.keys() <= parameters["properties"].keys()
    assert given.keys() | set(parameters.get("required", [])) >= parameters["properties"].keys() - {"about"}


def test_runs_of_a_deployment_do_not_pile_up_and_no_schedule_is_on() -> None:
    """The clock asks first, so that a schedule is for a fleet without one; it is local time, through the year."""
    for deployment in DEPLOYMENTS:
        assert deployment["concurrency_limit"]["limit"] >= 1
        assert deployment["concurrency_limit"]["collision_strategy"] == "ENQUEUE"
        schedules = deployment.get("schedules", [])
        assert [(s["active"], s["timezone"]) for s in schedules] == [(False, "Europe/London")] * len(schedules)
    scheduled = {d["entrypoint"].partition(":")[2] for d in DEPLOYMENTS if d.get("schedules")}
    assert scheduled == set(STAGES)


@pytest.mark.slow
def test_prefect_deploys_the_file_as_it_is(prefect: Prefect, prefect_server: str, api: Callable[..., Any]) -> None:
    prefect("--no-prompt", "deploy", "--all")
    flows = {flow["id"]: flow["name"] for flow in api("flows/filter")}
    found = {flows[d["flow_id"]]: d for d in api("deployments/filter") if d["name"] == "fleet"}
    assert found.keys() == set(FLOWS)
    for deployment in found.values():
        assert deployment["work_pool_name"] == "mappa"
        assert deployment["job_variables"] == {"image": ""}
        assert deployment["enforce_parameter_schema"]
        assert deployment["global_concurrency_limit"]["limit"] >= 1
        assert deployment["pull_steps"] == [
            {"prefect.deployments.steps.set_working_directory": {"directory": str(ROOT)}}
        ]
        assert [s["active"] for s in deployment["schedules"]] in ([], [False])

    def ask(**parameters: Any) -> int:
        address = f"{prefect_server}/deployments/{found['drive_case']['id']}/create_flow_run"
        return httpx.post(address, json={"parameters": parameters}, timeout=30).status_code

    # A CRN, which names a person, is refused before Prefect keeps it.
    assert ask(case="X320741") == httpx.codes.CONFLICT
    assert ask() == httpx.codes.CONFLICT
    assert ask(case="LON-2026-000123") == httpx.codes.CREATED

    prefect("--no-prompt", "deploy", "--name", "deliver/fleet", MAPPA_IMAGE="registry.example/mappa:0.1.0")
    told = httpx.get(f"{prefect_server}/deployments/name/deliver/fleet", timeout=30).json()
    assert told["job_variables"] == {"image": "registry.example/mappa:0.1.0"}
