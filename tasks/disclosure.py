"""Disclosure: a proposal is put to a second person, an approved one to who is to make it, each followed to its end."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from casework.disclosure import STAGE as NAME
from casework.disclosure import TakenUp, take_up
from models.disclosures import Disclosure
from notifications.prompts.notices import Notice, announce
from policy.announcements import Announcement
from policy.letters import MessageKind
from policy.roles import Role
from policy.vocabulary import DisclosureState
from tasks.queue import Queue
from tasks.stage import Id, Outcome, Stage

QUEUE = Queue(Disclosure.id, Disclosure.follow_at)


def waiting(session: Session, as_at: datetime, area: str | None = None, limit: int | None = None) -> list[Id]:
    """Return the ids of disclosures that were proposed, answered or closed, and nobody has been told."""
    return QUEUE.first(session, as_at, area, limit)


def handle(session: Session, ids: Sequence[Id], as_at: datetime) -> list[Outcome]:
    """Put proposals to a second person, and tell who is to make what was approved."""
    taken = take_up(session, [int(i) for i in ids], as_at)
    announce(session, [notice for one in taken for notice in notices(one)], as_at)
    return [Outcome(one.case.reference, "done", outcome_text(one)) for one in taken]


def notices(taken: TakenUp) -> Iterator[Notice]:
    """Yield what is to be told of a disclosure: who makes it hears that it is theirs."""
    disclosure = taken.disclosure
    if taken.timescale_id is None or disclosure.state != DisclosureState.APPROVED:
        return
    email = disclosure.discloser_email
    people = ((email, disclosure.discloser_name),) if email else ()
    yield Notice(taken.timescale_id, Announcement.APPROVED, MessageKind.DISCLOSURE, (Role.DISCLOSER.value,), people)


def outcome_text(taken: TakenUp) -> str:
    """Return what came of a disclosure, for an operator."""
    state, number = taken.disclosure.state, taken.disclosure.number
    if state == DisclosureState.PROPOSED:
        return f"disclosure {number}: put to a second person"
    told = ": put to who is to make it" if state == DisclosureState.APPROVED else ""
    return f"disclosure {number} {state.replace('_', ' ')}{told}"


STAGE = Stage(NAME, "disclosures", waiting, handle, chunk=100)
