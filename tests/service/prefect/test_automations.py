"""The automations on a real server: installed once, and what each does when its event comes, or does not come."""

import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from prefect.client.orchestration import SyncPrefectClient
from prefect.events import emit_event
from prefect.events.worker import EventsWorker

from flows import FLOWS
from flows.happenings import emit
from service.prefect.automations import NOTICE, NoPrefectError, install
from service.prefect.worker_runs import DEPLOYMENT
from tasks.happenings import CASE_FAILED, OUTBOX_STUCK, Happening, of_the_case, of_the_stage

pytestmark = pytest.mark.slow

Api = Callable[..., Any]
NAMES = {
    "mappa: no sweep for 26 hours",
    "mappa: a run crashed or failed",
    "mappa: a case failed",
    "mappa: the outbox is stuck",
    "mappa: a worker died",
}


def until(look: Callable[[], Any], seconds: float = 40) -> Any:
    """Look until something is seen."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if seen := look():
            return seen
        time.sleep(0.3)
    raise AssertionError(f"not seen within {seconds} seconds")


@pytest.fixture
def clean(prefect_server: str) -> None:
    """No automation and no deployment of the notice is there."""
    with SyncPrefectClient(prefect_server) as client:
        for automation in client.read_automations():
            client.delete_automation(automation.id)
        for deployment in client.read_deployments():
            if deployment.name in (DEPLOYMENT, "embedded"):
                client.delete_deployment(deployment.id)


def deploy_notice(api_url: str) -> str:
    with SyncPrefectClient(api_url) as client:
        flow_id = client.create_flow(FLOWS[NOTICE])
        return str(client.create_deployment(flow_id, DEPLOYMENT))


def test_without_an_address_they_show_in_the_feed_and_a_second_install_leaves_no_second_one(
    clean: None, prefect_server: str, api: Api
) -> None:
    done = install(prefect_server, tell_by_mail=False)
    assert done.keys() == NAMES
    assert all(what.startswith("installed: ") for what in done.values())
    again = install(prefect_server, tell_by_mail=False)
    assert all(what.startswith("brought up to date: ") for what in again.values())
    assert sorted(a["name"] for a in api("automations/filter")) == sorted(NAMES)

    case = of_the_case(f"LON-2026-{uuid4().int % 10**6:06d}")
    emit(Happening(CASE_FAILED, case, {"stage": "prompts"}))
    EventsWorker.drain_all(timeout=5)

    def acted() -> list[dict[str, Any]]:
        found = api("events/filter", filter={"event": {"name": ["prefect.automation.action.executed"]}})["events"]
        return [event for event in found if event["resource"]["prefect.resource.name"] == "mappa: a case failed"]

    until(acted)


def test_where_the_operators_have_an_address_but_no_flow_tells_them_it_says_so(
    clean: None, prefect_server: str
) -> None:
    with pytest.raises(NoPrefectError, match="knows no deployment of operators_notice"):
        install(prefect_server, tell_by_mail=True)


def test_an_event_starts_one_notice_and_a_storm_of_them_no_more_and_absence_is_noticed_too(
    clean: None, prefect_server: str, api: Api
) -> None:
    deployment = deploy_notice(prefect_server)
    install(prefect_server, tell_by_mail=True, sweep_within=timedelta(seconds=10))
    for _ in range(5):
        emit(Happening(OUTBOX_STUCK, of_the_stage("deliver"), {"states": {"dead": 1}}))
    emit(Happening(CASE_FAILED, of_the_case("LON-2026-000007"), {"stage": "prompts"}))
    EventsWorker.drain_all(timeout=5)

    def notices() -> list[tuple[str, str]]:
        runs = api("flow_runs/filter", deployments={"id": {"any_": [deployment]}})
        return sorted((run["parameters"]["reason"], run["parameters"]["about"]) for run in runs)

    # Nobody has told of a sweep; after ten seconds that is noticed, and every ten seconds again.
    until(lambda: ("no sweep for 26 hours", "") in notices())
    assert [told for told in notices() if told[0] != "no sweep for 26 hours"] == [
        ("a case failed", "mappa.case.LON-2026-000007"),
        ("the outbox is stuck", "mappa.stage.deliver"),
    ]


def test_a_run_whose_heartbeat_stops_is_marked_as_crashed(clean: None, prefect_server: str, api: Api) -> None:
    from prefect.settings import PREFECT_FLOWS_HEARTBEAT_FREQUENCY, temporary_settings
    from prefect.states import Running

    import service.prefect.automations

    with SyncPrefectClient(prefect_server) as client:
        run = client.create_flow_run(FLOWS["prompts"], state=Running())
    before, service.prefect.automations.BEATS_MISSED = service.prefect.automations.BEATS_MISSED, 1 / 3
    try:
        with temporary_settings({PREFECT_FLOWS_HEARTBEAT_FREQUENCY: 30}):
            install(prefect_server, tell_by_mail=False)
    finally:
        service.prefect.automations.BEATS_MISSED = before
    flow = {
        "prefect.resource.id": "prefect.flow.x",
        "prefect.resource.role": "flow",
        "prefect.resource.name": "prompts",
    }
    emit_event("prefect.flow-run.heartbeat", {"prefect.resource.id": f"prefect.flow-run.{run.id}"}, related=[flow])
    EventsWorker.drain_all(timeout=5)

    def state() -> bool:
        [found] = api("flow_runs/filter", flow_runs={"id": {"any_": [str(run.id)]}})
        return bool(found["state"]["type"] == "CRASHED")

    until(state, 60)
