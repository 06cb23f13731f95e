"""One case, on an operator's demand: everything that is due for it now, by the steps of the stages themselves."""

from collections.abc import Iterable
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from casework.stage_cases import ids_of
from models.cases import Case
from models.record import Record
from policy.errors import NotFoundError
from tasks import pre_release, registry
from tasks.stage import ChunkRunner, Id, Outcome, Stage, StageReport, chunks, handle_chunk

NAME = "drive_case"


class UnknownCaseError(NotFoundError):
    """A case that the record does not have. The message holds the case reference, which may be shown anywhere."""

    def __init__(self, reference: str) -> None:
        """Say which."""
        super().__init__(f"the record has no case {reference}", to_do="mappa case list shows those it has")


def drive_case(
    record: Record, reference: str, as_at: datetime, dry_run: bool = False, run_chunk: ChunkRunner = handle_chunk
) -> list[StageReport]:
    """Run every stage, in order, on what waits in it for one case; return the report of each that had something.

    The case is brought in step with its facts whether or not that is due. What failed before and rests until its
    next try is tried now, and its problem is resolved where it worked.
    """
    reports = []
    for stage in registry.STAGES.values():
        with record.reading() as session:
            ids = what_waits_for(session, stage, reference, as_at)
        report = StageReport(stage.name, as_at, waited=len(ids))
        for part in chunks(ids, stage.chunk):
            report.outcomes += named(run_chunk(record, stage, part, as_at, dry_run), reference)
        if ids:
            reports.append(report)
    return reports


def case_of(session: Session, reference: str) -> tuple[int, date | None]:
    """Return the id of a case, and the day on which it was closed; ``UnknownCaseError`` where there is none."""
    case = session.execute(select(Case.id, Case.closed_on).where(Case.reference == reference)).one_or_none()
    if case is None:
        raise UnknownCaseError(reference)
    return case.id, case.closed_on


def what_waits_for(session: Session, stage: Stage, reference: str, as_at: datetime) -> list[Id]:
    """Return the ids of a stage that wait and are about one case."""
    case_id, closed_on = case_of(session, reference)
    if stage.name == pre_release.NAME:
        return [case_id] if closed_on is None else []
    its = ids_of(session, stage.name, case_id)
    return [one for one in stage.waiting(session, as_at) if one in its]


def named(outcomes: Iterable[Outcome], reference: str) -> Iterable[Outcome]:
    """Yield outcomes; one that failed is known by an id of its stage, and is told by the case."""
    for outcome in outcomes:
        yield Outcome(reference, outcome.result, outcome.detail) if outcome.result == "failed" else outcome


def as_one(reports: Iterable[StageReport], as_at: datetime) -> StageReport:
    """Return the reports of the stages as one; each outcome says in which stage it came about."""
    whole = StageReport(NAME, as_at)
    for report in reports:
        whole.waited += report.waited
        whole.outcomes += [Outcome(f"{report.stage}: {o.subject}", o.result, o.detail) for o in report.outcomes]
    return whole
