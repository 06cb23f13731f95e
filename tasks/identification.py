"""Identification: new sentences become cases, or questions for a person."""

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from casework.identification import STAGE as NAME
from casework.identification import Identified, identify
from models.cases import Case
from models.obligations import Timescale
from models.people import Sentence
from models.take_on import begins_on
from notifications.prompts.notices import Notice, announce
from policy.announcements import Announcement
from policy.calendar import london_date
from policy.kinds import Identification
from policy.letters import MessageKind
from policy.roles import Role
from tasks.queue import Queue
from tasks.stage import Id, Outcome, Result, Stage

QUEUE = Queue(Sentence.id, Sentence.identify_at, area=Sentence.area)


def waiting(session: Session, as_at: datetime, area: str | None = None, limit: int | None = None) -> list[Id]:
    """Return the ids of sentences loaded or changed since they were last looked at."""
    return QUEUE.first(session, as_at, area, limit)


def handle(session: Session, ids: Sequence[Id], as_at: datetime) -> list[Outcome]:
    """Identify the people of these sentences, and tell the coordinator of each case that was opened."""
    results = identify(session, [int(i) for i in ids], as_at, NAME)
    opened = {result.case_id for result in results if result.opened and result.outcome == "eligible"}
    opened -= not_prompted_yet(session, opened, as_at)
    timescales = session.scalars(
        select(func.min(Timescale.id))
        .where(Timescale.case_id.in_(opened), Timescale.kind == Identification.IDENTIFICATION)
        .group_by(Timescale.case_id)
    ).all()
    notices = [
        Notice(i, Announcement.IDENTIFIED, MessageKind.DIGEST, (Role.COORDINATOR.value,))
        for i in timescales
        if i is not None
    ]
    announce(session, notices, as_at)
    return [outcome(result) for result in results]


def not_prompted_yet(session: Session, opened: Collection[int | None], as_at: datetime) -> set[int]:
    """Return those of some cases of whose area nobody is told yet: it is being taken on."""
    today = london_date(as_at)
    areas = session.execute(select(Case.id, Case.area).where(Case.id.in_(opened)))
    return {row.id for row in areas if (first := begins_on(session, row.area)) is not None and today < first}


def outcome(result: Identified) -> Outcome:
    """Return what came of a sentence; one that is not eligible is done too: it was looked at."""
    done: Result = "skipped" if result.outcome == "undecided" else "done"
    detail = "a person must decide" if result.outcome == "undecided" else result.outcome.replace("_", " ")
    return Outcome(result.subject, done, detail)


STAGE = Stage(NAME, "sentences", waiting, handle, chunk=200)
