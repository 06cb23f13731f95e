"""The flows, each thin: one a stage, by the name of its stage, and those that an operator or an event starts."""

from typing import Any

from tasks import quiet  # noqa: F401  before Prefect

# isort: split
from prefect import Flow

from flows.auditor import assurance
from flows.deliver import deliver
from flows.disclosure import disclosure
from flows.drive_case import drive_case
from flows.exit_planning import exit_planning
from flows.identification import identification
from flows.meetings import meetings
from flows.operators_notice import operators_notice
from flows.pre_release import pre_release
from flows.prompts import prompts
from flows.replies import replies
from flows.reports import reports
from flows.screening import screening

FLOWS: dict[str, Flow[Any, Any]] = {
    one.name: one
    for one in (
        identification,
        pre_release,
        screening,
        replies,
        meetings,
        disclosure,
        exit_planning,
        prompts,
        deliver,
        reports,
        assurance,
        drive_case,
        operators_notice,
    )
}

__all__ = [
    "FLOWS",
    "assurance",
    "deliver",
    "disclosure",
    "drive_case",
    "exit_planning",
    "identification",
    "meetings",
    "operators_notice",
    "pre_release",
    "prompts",
    "replies",
    "reports",
    "screening",
]
