"""What of a run is worth an event of its own: escalations raised, cases that failed, an outbox that is stuck.

A happening carries counts and case references, and nothing else: it is shown wherever events are.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from casework.stage_cases import references
from models.record import Record
from tasks import deliver, prompts
from tasks.stage import Id, Outcome, StageReport

ESCALATION_RAISED = "mappa.escalation.raised"
CASE_FAILED = "mappa.case.failed"
OUTBOX_STUCK = "mappa.outbox.stuck"
SWEEP_COMPLETED = "mappa.sweep.completed"
CASES_NAMED = 100
"""Case references in one event at most."""
CASES_TOLD = 20
"""Events of failed cases a run at most: where more fail, it is not the cases; the run's table has them all."""
STUCK = ("uncertain", "dead", "not tried")
"""How the outcome of a message begins of which nobody knows whether it went, that never will, or that none took."""


@dataclass(frozen=True, slots=True)
class Happening:
    """One event: its name, the resource it is about, and what it tells."""

    event: str
    resource: str
    told: dict[str, Any] = field(default_factory=dict)


def of_the_case(reference: str) -> str:
    """Return the id under which a case is known to Prefect."""
    return f"mappa.case.{reference}"


def of_the_stage(name: str) -> str:
    """Return the id under which a stage is known to Prefect."""
    return f"mappa.stage.{name}"


def happenings(record: Record, report: StageReport) -> Iterator[Happening]:
    """Yield what a run of a stage is to tell."""
    if report.stage == prompts.NAME:
        yield from escalations(report)
    if report.stage == deliver.NAME:
        yield from stuck(report)
    else:
        yield from failures(record, report)


def escalations(report: StageReport) -> Iterator[Happening]:
    """Yield one event for all escalations of a run: how many in each area, and about which cases."""
    raised = [outcome for outcome in report.outcomes if outcome.escalations]
    if not raised:
        return
    areas: Counter[str] = Counter()
    for outcome in raised:
        areas[outcome.area] += outcome.escalations
    cases = list(dict.fromkeys(outcome.subject for outcome in raised))
    told = {"escalations": areas.total(), "areas": dict(areas), "cases": cases[:CASES_NAMED], "of_cases": len(cases)}
    yield Happening(ESCALATION_RAISED, of_the_stage(report.stage), told)


def failures(record: Record, report: StageReport) -> Iterator[Happening]:
    """Yield an event for each case that was set aside; a sentence that has no case yet is told of by its stage."""
    failed = [outcome for outcome in report.outcomes if outcome.result == "failed"]
    if not failed:
        return
    known = names_of(record, report.stage, failed[:CASES_TOLD])
    for outcome in failed[:CASES_TOLD]:
        reference = known.get(outcome.subject)
        resource = of_the_case(reference) if reference else of_the_stage(report.stage)
        yield Happening(CASE_FAILED, resource, {"stage": report.stage, "why": outcome.detail, "failed": len(failed)})


def names_of(record: Record, stage: str, failed: list[Outcome]) -> dict[str, str]:
    """Return the case reference by what a failure calls its subject: an id of the stage, or the reference itself."""
    ids: list[Id] = [int(outcome.subject) for outcome in failed if outcome.subject.isdecimal()]
    with record.reading() as session:
        found = references(session, stage, ids)
    named = {outcome.subject: outcome.subject for outcome in failed if not outcome.subject.isdecimal()}
    return named | {str(one): reference for one, reference in found.items()}


def stuck(report: StageReport) -> Iterator[Happening]:
    """Yield one event where messages of a run are of unknown fate or given up, or where none of them got out."""
    failed = [outcome for outcome in report.outcomes if outcome.result == "failed"]
    states = Counter(outcome.detail.partition(":")[0] for outcome in failed)
    none_got_out = bool(failed) and not report.count("done")
    if none_got_out or any(states[state] for state in STUCK):
        yield Happening(
            OUTBOX_STUCK, of_the_stage(report.stage), {"states": dict(states), "sent": report.count("done")}
        )
