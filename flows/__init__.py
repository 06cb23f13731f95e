"""The flows: one a stage, each thin. ``FLOWS`` has them all by the name of their stage."""

from typing import Any

from tasks import quiet  # noqa: F401  before Prefect

# isort: split
from prefect import Flow

from flows.deliver import deliver
from flows.identification import identification
from flows.pre_release import pre_release
from flows.prompts import prompts

FLOWS: dict[str, Flow[Any, Any]] = {one.name: one for one in (identification, pre_release, prompts, deliver)}

__all__ = ["FLOWS", "deliver", "identification", "pre_release", "prompts"]
