"""Deliver: every message that waits in the outbox."""

import time
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.cases import Case
from models.obligations import Message, Prompt, Timescale
from models.record import settings_of
from notifications.outbox import claims
from notifications.outbox.deliver import deliver
from notifications.outbox.route import fault_of, rests
from notifications.outbox.transports import open_transport
from notifications.settings import MailSettings
from tasks.stage import Id, Outcome, Stage

NAME = "deliver"
RUNS_KEPT = 32

_begun: dict[datetime, float] = {}


def begun(as_at: datetime) -> float:
    """Return the reading of the monotonic clock when this process first worked as at this moment.

    A run keeps its ``as_at`` however long it takes; a lease that ran from there would be over before a late
    chunk is sent, and another process would take the claim from one that lives.
    """
    if as_at not in _begun:
        while len(_begun) >= RUNS_KEPT:
            _begun.pop(next(iter(_begun)), None)
        _begun[as_at] = time.monotonic()
    return _begun[as_at]


def waiting(session: Session, as_at: datetime, area: str | None = None, limit: int | None = None) -> list[Id]:
    """Return the ids of messages that are due to be sent, sent again, or taken over from a process that died.

    None is while the way out rests: the next try shows for all of them whether it works again.
    """
    begun(as_at)
    settings = settings_of(session, MailSettings)
    if rests(fault_of(session, settings), as_at):
        return []
    return list(claims.waiting(session, as_at, area, limit, settings.max_tries))


def handle(session: Session, ids: Sequence[Id], as_at: datetime) -> list[Outcome]:
    """Deliver a chunk over one connection. Each step commits by itself: what has been sent stays sent."""
    settings = settings_of(session, MailSettings)
    since = begun(as_at)
    with open_transport(settings) as transport:
        done = deliver(session, [str(i) for i in ids], as_at, transport, settings, since)
    about = subjects(session, [one.message_id for one in done if one.result == "done"])
    return [Outcome(one.message_id, one.result, about.get(one.message_id, one.detail)) for one in done]


def subjects(session: Session, sent: Sequence[str]) -> dict[str, str]:
    """Return what stands over each message that went, with the references of the cases it names in its text."""
    query = select(Message.id, Message.subject, Case.reference).outerjoin(Message.prompts).outerjoin(Prompt.timescale)
    query = query.outerjoin(Timescale.case).where(Message.id.in_(sent)).order_by(Message.id, Case.reference)
    found: dict[str, str] = {}
    for key, subject, reference in session.execute(query.distinct()):
        text = found.setdefault(key, subject)
        if reference and reference not in text:
            found[key] = f"{text}, {reference}"
    return found


# A rehearsal would reach real people: a dry run only says what waits.
STAGE = Stage(NAME, "messages", waiting, handle, chunk=200, rehearses=False)
