"""Assurance: the auditor. Every invariant of the record is looked at; what is broken is put to a person.

It runs last in a tick, on what the other stages have left behind, and about the whole record: a run for one area
leaves it out.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from assurance.heartbeat import beat
from assurance.invariants import INVARIANTS, Examined, examine
from assurance.of_cases import size
from assurance.of_the_trail import check_when_due
from assurance.settings import AssuranceSettings
from casework import problems
from models.assurance import AssuranceRun
from models.audit_seals import seal
from models.base import Moment
from models.record import Record, settings_of
from tasks.stage import Id, Outcome, Stage
from tasks.trail_witness import bear_witness

NAME = "assurance"
# A run that lies ahead of the moment counts for nothing: time is being replayed.
RAN = select(
    select(AssuranceRun.id)
    .where(
        AssuranceRun.ran_at > bindparam("since", type_=Moment), AssuranceRun.ran_at <= bindparam("as_at", type_=Moment)
    )
    .exists()
)


def waiting(session: Session, as_at: datetime, area: str | None = None, limit: int | None = None) -> list[Id]:
    """Return the names of all invariants where the last run is longer ago than the settings want."""
    since = as_at - timedelta(hours=settings_of(session, AssuranceSettings).assurance_hours)
    if area is not None or session.scalar(RAN, {"since": since, "as_at": as_at}):
        return []
    names: list[Id] = [*INVARIANTS]
    return names[:limit]


def handle(session: Session, ids: Sequence[Id], as_at: datetime) -> list[Outcome]:
    """Look at invariants, put what is broken to a person, take back what is mended, and write the run down."""
    names = [str(i) for i in ids]
    check_when_due(session, as_at)
    examined = [examine(session, INVARIANTS[name], as_at) for name in names]
    asked = problems.open_questions(session, NAME, names)
    for one in examined:
        told = one.holds or one.invariant.told_already
        questions = [] if told else [f"{one.found}. {one.invariant.to_do}"]
        problems.ask(session, NAME, one.invariant.name, None, questions, as_at, asked.get(one.invariant.name), ())
    session.flush()
    write_down(session, examined, as_at)
    seal(session, as_at)
    return [outcome(one) for one in examined]


def write_down(session: Session, examined: Sequence[Examined], as_at: datetime) -> None:
    """Write the run."""
    ok = len(examined) == len(INVARIANTS) and not any(one.is_wrong for one in examined)
    counts = {"invariants": len(examined), "warnings": sum(not one.holds for one in examined)} | size(session)
    findings = [finding(one) for one in examined if not one.holds]
    session.add(AssuranceRun(ran_at=as_at, ok=ok, findings=findings, counts=counts))


def finding(one: Examined) -> dict[str, object]:
    """Return an invariant that did not hold, as the run keeps it."""
    return {
        "invariant": one.invariant.name,
        "severity": "wrong" if one.is_wrong else "warning",
        "found": one.found,
        "total": one.findings.total,
    }


def outcome(one: Examined) -> Outcome:
    """Return what came of one invariant; a warning is done too: it was looked at, and a person is told."""
    text = one.found if one.holds else f"{one.found}. {one.invariant.to_do}"
    if one.is_wrong:
        return Outcome(one.invariant.name, "failed", text)
    return Outcome(one.invariant.name, "done", text if one.holds else f"warning: {text}")


def afterwards(record: Record, as_at: datetime) -> None:
    """Give the sign of life where the run that has just been committed found nothing wrong."""
    witness = bear_witness(record, as_at)
    with record.reading() as session:
        newest = select(AssuranceRun).where(AssuranceRun.ran_at == as_at).order_by(AssuranceRun.id.desc()).limit(1)
        run = session.scalar(newest)
    if run is not None and run.ok:
        seal_told = None if witness is None else {"number": witness.number, "hash": witness.hash}
        beat(as_at, run.counts, record.settings(AssuranceSettings), seal_told)


STAGE = Stage(NAME, "invariants", waiting, handle, chunk=len(INVARIANTS), afterwards=afterwards, when_settled=True)
