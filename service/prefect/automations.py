"""Automations of Prefect's open-source server that watch over mappa: ``mappa automations install``.

An operator finds them under Automations in the UI, may switch them off there, and may add a notification of his
own. Installing them again brings them up to date and leaves no second one.
"""

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from policy.errors import UnavailableError
from service.prefect.client import client_at
from service.prefect.deployments import NAME as EMBEDDED
from service.prefect.worker_runs import DEPLOYMENT as FLEET
from tasks.drive_case import NAME as ONE_CASE
from tasks.happenings import CASE_FAILED, OUTBOX_STUCK, SWEEP_COMPLETED, of_the_stage
from tasks.registry import STAGES

if TYPE_CHECKING:
    from uuid import UUID

    from prefect.client.orchestration import SyncPrefectClient
    from prefect.events.schemas.automations import AutomationCore

    from tasks.operators_notice import Reason

NOTICE = "operators_notice"
ABSENCE = timedelta(hours=26)
AT_MOST_EVERY = timedelta(hours=1)
"""After one firing an automation rests for so long: a storm of failures is one notice an hour."""
BEATS_MISSED = 3
DEFAULT_HEARTBEAT_SECONDS = 180


# The notice itself is left out: one that failed would be told of by another.
OF_OUR_FLOWS: dict[str, str | list[str]] = {
    "prefect.resource.role": "flow",
    "prefect.resource.name": [*STAGES, ONE_CASE],
}


class NoPrefectError(UnavailableError):
    """No Prefect server to install anything on."""


def install(api_url: str, tell_by_mail: bool, sweep_within: timedelta = ABSENCE) -> dict[str, str]:
    """Install the automations, or bring them up to date; return what each does, by name."""
    done = {}
    with client_at(api_url) as client:
        notice = notice_deployment(client) if tell_by_mail else None
        for wanted in wanted_automations(notice, sweep_within):
            standing = client.read_automations_by_name(wanted.name)
            if standing:
                client.update_automation(standing[0].id, wanted)
            else:
                client.create_automation(wanted)
            done[wanted.name] = f"{'brought up to date' if standing else 'installed'}: {wanted.actions[0].type}"
    return done


def notice_deployment(client: "SyncPrefectClient") -> "UUID":
    """Return the deployment of the notice to the operators: the fleet's, else that of ``mappa serve``."""
    from prefect.exceptions import ObjectNotFound

    for name in (FLEET, EMBEDDED):
        try:
            return client.read_deployment_by_name(f"{NOTICE}/{name}").id
        except ObjectNotFound:
            continue
    raise NoPrefectError(
        f"Prefect knows no deployment of {NOTICE}", to_do="run prefect --no-prompt deploy --all, or mappa serve, first"
    )


def wanted_automations(notice: "UUID | None", sweep_within: timedelta = ABSENCE) -> "list[AutomationCore]":
    """Return every automation; ``notice`` is the deployment that tells the operators, where they are told by e-mail."""
    from prefect.events.schemas.automations import AutomationCore

    return [
        AutomationCore(
            name="mappa: no sweep for 26 hours",
            description="No clock has said for 26 hours that everything due was raised.",
            trigger=absent(SWEEP_COMPLETED, of_the_stage("prompts"), sweep_within),
            actions=[action("no sweep for 26 hours", notice, about="")],
        ),
        AutomationCore(
            name="mappa: a run crashed or failed",
            description="A flow run of a stage ended as crashed, or could not run at all. At most once an hour.",
            trigger=seen({"prefect.flow-run.Crashed", "prefect.flow-run.Failed"}, "prefect.flow-run.*", OF_OUR_FLOWS),
            actions=[action("a run crashed or failed", notice)],
        ),
        AutomationCore(
            name="mappa: a case failed",
            description="A case was set aside with its next try. At most once an hour; mappa problems has them all.",
            trigger=seen({CASE_FAILED}, "mappa.*"),
            actions=[action("a case failed", notice)],
        ),
        AutomationCore(
            name="mappa: the outbox is stuck",
            description="Messages are of unknown fate, given up, or do not get out. At most once an hour.",
            trigger=seen({OUTBOX_STUCK}, of_the_stage("deliver")),
            actions=[action("the outbox is stuck", notice)],
        ),
        dead_workers(),
    ]


def seen(events: set[str], resource: str, related: dict[str, Any] | None = None) -> Any:
    """Return the trigger of events that came."""
    from prefect.events.schemas.automations import EventTrigger, Posture
    from prefect.events.schemas.events import ResourceSpecification

    return EventTrigger(
        expect=events,
        match=ResourceSpecification({"prefect.resource.id": resource}),
        match_related=ResourceSpecification(related or {}),
        posture=Posture.Reactive,
        threshold=1,
        within=AT_MOST_EVERY,
    )


def absent(event: str, resource: str, within: timedelta) -> Any:
    """Return the trigger of an event that did not come."""
    from prefect.events.schemas.automations import EventTrigger, Posture
    from prefect.events.schemas.events import ResourceSpecification

    return EventTrigger(
        expect={event},
        match=ResourceSpecification({"prefect.resource.id": resource}),
        posture=Posture.Proactive,
        threshold=1,
        within=within,
    )


def action(reason: "Reason", notice: "UUID | None", about: str = "{{ event.resource.id }}") -> Any:
    """Return what an automation does: an e-mail to the operators, or nothing but a line in the feed of events."""
    from prefect.events.actions import DoNothing, RunDeployment

    if notice is None:
        return DoNothing()
    shown: Any = {"__prefect_kind": "jinja", "template": about} if about else about
    return RunDeployment(
        source="selected", deployment_id=notice, parameters={"reason": reason, "about": shown}, job_variables=None
    )


def dead_workers() -> "AutomationCore":
    """Return the automation that marks a run as crashed whose worker died, as Prefect's documentation tells it.

    Heartbeats come as often as the settings of the workers say; this takes them to be those of this process.
    """
    from prefect.client.schemas.objects import StateType
    from prefect.events.actions import ChangeFlowRunState
    from prefect.events.schemas.automations import AutomationCore, EventTrigger, Posture
    from prefect.events.schemas.events import ResourceSpecification
    from prefect.settings import get_current_settings

    beat = get_current_settings().flows.heartbeat_frequency or DEFAULT_HEARTBEAT_SECONDS
    ends = {f"prefect.flow-run.{name}" for name in ("Completed", "Failed", "Cancelled", "Crashed")}
    # A state of ours has a name of its own, and its event is named for it.
    ends |= {"prefect.flow-run.CompletedWithFailures", "prefect.flow-run.StoppedEarly"}
    return AutomationCore(
        name="mappa: a worker died",
        description="A run whose heartbeat stops is marked as crashed; what it had not done waits for the next.",
        trigger=EventTrigger(
            after={"prefect.flow-run.heartbeat"},
            expect={"prefect.flow-run.heartbeat", *ends},
            match=ResourceSpecification({"prefect.resource.id": "prefect.flow-run.*"}),
            match_related=ResourceSpecification(OF_OUR_FLOWS),
            for_each={"prefect.resource.id"},
            posture=Posture.Proactive,
            threshold=1,
            within=timedelta(seconds=BEATS_MISSED * beat),
        ),
        actions=[
            ChangeFlowRunState(
                name=None, state=StateType.CRASHED, message="Its worker stopped giving signs of life.", force=False
            )
        ],
    )
