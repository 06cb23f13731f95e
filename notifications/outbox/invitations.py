"""Invitations that have gone out, and those that a change of the meeting overtook."""

from collections.abc import Mapping

from sqlalchemy import or_, select, update
from sqlalchemy.orm import Session

from models.obligations import Message, Prompt
from policy.announcements import Announcement
from policy.vocabulary import MessageState

# A message in one of these states has not gone, and asks again before it does whether it is needed; where one of
# its tries may have arrived all the same, it keeps the moment at which that began.
NOT_GONE = (MessageState.PENDING, MessageState.RETRY, MessageState.WITHHELD, MessageState.CANCELLED, MessageState.DEAD)
OVERTAKEN = "a later change of the meeting takes its place"


def take_back_earlier(session: Session, sequences: Mapping[int, int]) -> None:
    """Withdraw invitations that have not gone and tell of an earlier state of the meeting.

    ``sequences`` has the number of the event's present state by its timescale. One that is on its way stays: the
    next one is an update of the same event.
    """
    rows = session.execute(
        select(Prompt.id, Prompt.timescale_id, Prompt.rung)
        .join(Message)
        .where(
            Prompt.timescale_id.in_(sequences),
            Prompt.withdrawn.is_(None),
            Prompt.rung.startswith(f"{Announcement.INVITATION} "),
            Message.state.in_((MessageState.PENDING, MessageState.RETRY)),
        )
    ).all()
    overtaken = [row.id for row in rows if row.rung != f"{Announcement.INVITATION} {sequences[row.timescale_id]}"]
    if overtaken:
        session.execute(
            update(Prompt).where(Prompt.id.in_(overtaken)).values(withdrawn=OVERTAKEN),
            execution_options={"synchronize_session": False},
        )


def may_have_arrived(session: Session, timescale_id: int) -> set[str]:
    """Return the addresses that an invitation to a meeting may have reached: they hear of its cancellation."""
    query = (
        select(Prompt.recipient)
        .join(Message)
        .where(
            Prompt.timescale_id == timescale_id,
            Prompt.rung.startswith(f"{Announcement.INVITATION} "),
            or_(Message.state.not_in(NOT_GONE), Message.began_at.is_not(None)),
        )
    )
    return set(session.scalars(query))
