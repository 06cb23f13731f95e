"""The flows: one a stage, each thin. ``FLOWS`` has them all by the name of their stage."""

from typing import Any

from tasks import quiet  # noqa: F401  before Prefect

# isort: split
from prefect import Flow

from flows.assurance import assurance
from flows.deliver import deliver
from flows.exit_planning import exit_planning
from flows.identification import identification
from flows.meetings import meetings
from flows.pre_release import pre_release
from flows.prompts import prompts
from flows.screening import screening

FLOWS: dict[str, Flow[Any, Any]] = {
    one.name: one
    for one in (identification, pre_release, screening, meetings, exit_planning, prompts, deliver, assurance)
}

__all__ = [
    "FLOWS",
    "assurance",
    "deliver",
    "exit_planning",
    "identification",
    "meetings",
    "pre_release",
    "prompts",
    "screening",
]
