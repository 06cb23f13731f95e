"""What an automation tells the operators, as an e-mail."""

from typing import Annotated, Any

from prefect import flow
from prefect.client.schemas.objects import State
from prefect.runtime import flow_run
from prefect.states import Completed, Failed
from pydantic import Field

from tasks.operators_notice import Reason, notify

RESOURCE = r"^[A-Za-z0-9._\- ]*$"
"""The id of something in Prefect: a case reference, a stage, a flow run."""

About = Annotated[str, Field(pattern=RESOURCE, max_length=100)]


def run_name() -> str:
    """Return what names a run: 'operators_notice · a case failed'."""
    return f"operators_notice · {flow_run.parameters['reason']}"


@flow(name="operators_notice", flow_run_name=run_name, persist_result=False)
def operators_notice(reason: Reason, about: About = "") -> State[Any]:
    """Tell the operators by e-mail (MAPPA_OPERATOR_EMAIL) what an automation has seen.

    Args:
        reason: What was seen.
        about: What it is about, as Prefect knows it: a case by its reference, a stage or a flow run.

    """
    sent, told = notify(reason, about)
    return Completed(message=told) if sent else Failed(message=told)
