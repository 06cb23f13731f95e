"""prefect.yaml: every flow is a deployment, and the file works as it is."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from flows import FLOWS

pytestmark = pytest.mark.xdist_group("prefect")

ROOT = Path(__file__).parent.parent.parent
DEPLOYMENTS = yaml.safe_load((ROOT / "prefect.yaml").read_text())["deployments"]


def test_every_flow_has_its_deployment() -> None:
    assert [d["entrypoint"] for d in DEPLOYMENTS] == [f"flows/{name}.py:{name}" for name in FLOWS]
    assert all(
        d["description"] and d["tags"] and d["parameters"].keys() == {"as_at", "area", "dry_run"} for d in DEPLOYMENTS
    )


@pytest.mark.slow
def test_prefect_deploys_the_file_as_it_is(prefect_server: str, api: Callable[..., Any], tmp_path: Path) -> None:
    environment = {**os.environ, "PREFECT_API_URL": prefect_server, "PREFECT_HOME": str(tmp_path), "DO_NOT_TRACK": "1"}

    def prefect(*words: str) -> None:
        done = subprocess.run(
            [sys.executable, "-m", "prefect", *words],
            cwd=ROOT,
            env=environment,
            text=True,
            stdin=subprocess.DEVNULL,
            capture_output=True,
        )
        assert done.returncode == 0, done.stdout + done.stderr

    prefect("work-pool", "create", "mappa-process", "--type", "process")
    prefect("--no-prompt", "deploy", "--all")
    flows = {flow["id"]: flow["name"] for flow in api("flows/filter")}
    found = [d for d in api("deployments/filter") if d["name"] == "fleet"]
    assert {flows[d["flow_id"]] for d in found} == set(FLOWS)
    assert all(d["work_pool_name"] == "mappa-process" for d in found)
    assert all(
        d["pull_steps"] == [{"prefect.deployments.steps.set_working_directory": {"directory": str(ROOT)}}]
        for d in found
    )
