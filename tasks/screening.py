"""Screening: referrals that came in are put to the panel or sent back, and answers reach who referred."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from casework.screening import TakenUp, asks_for_a_letter, take_up
from models.referrals import Referral
from notifications.prompts.notices import Notice, announce
from policy.announcements import Announcement
from policy.letters import MessageKind
from policy.roles import Role
from tasks.queue import Queue
from tasks.stage import Id, Outcome, Stage

NAME = "screening"

QUEUE = Queue(Referral.id, Referral.letter_at)


def waiting(session: Session, as_at: datetime, area: str | None = None, limit: int | None = None) -> list[Id]:
    """Return the ids of referrals that came in or were answered, and of which nobody has been told."""
    return QUEUE.first(session, as_at, area, limit)


def handle(session: Session, ids: Sequence[Id], as_at: datetime) -> list[Outcome]:
    """Tell the coordinator of what waits for screening, and the referrer of the answer.

    What was sent back is told by the ladder of its resubmission, at once.
    """
    taken = take_up(session, [int(i) for i in ids])
    announce(session, [notice for one in taken for notice in notices(one)], as_at)
    return [Outcome(one.case.reference, "done", one.outcome_text) for one in taken]


def notices(taken: TakenUp) -> Iterator[Notice]:
    """Yield what is to be told of a referral."""
    if taken.timescale_id is None:
        return
    if taken.what == "received":
        yield Notice(taken.timescale_id, Announcement.RECEIVED, MessageKind.DIGEST, (Role.COORDINATOR.value,))
    elif asks_for_a_letter(taken):
        referral = taken.referral
        people = ((referral.referrer_email, referral.referred_by),) if referral.referrer_email else ()
        role = Role.REFERRER if people else Role.OFFENDER_MANAGER
        yield Notice(taken.timescale_id, Announcement.OUTCOME, MessageKind.SCREENING_OUTCOME, (role.value,), people)


STAGE = Stage(NAME, "referrals", waiting, handle, chunk=100)
