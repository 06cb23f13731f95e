"""Invitations that have gone out, and those that a change of the meeting, or of its list, overtook."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from sqlalchemy import or_, select, update
from sqlalchemy.orm import Session

from models.obligations import Message, Prompt
from policy.addresses import normal
from policy.announcements import Announcement, announcement_of
from policy.vocabulary import MessageState

# A message in one of these states has not gone, and asks again before it does whether it is needed; where one of
# its tries may have arrived all the same, it keeps the moment at which that began.
NOT_GONE = (MessageState.PENDING, MessageState.RETRY, MessageState.WITHHELD, MessageState.CANCELLED, MessageState.DEAD)
OVERTAKEN = "a later change of the meeting takes its place"
NOT_WANTED = "no longer invited to the meeting"
OF_THE_EVENT = (Announcement.INVITATION, Announcement.TAKEN_BACK, Announcement.CANCELLATION)


@dataclass(frozen=True, slots=True)
class Standing:
    """An event as it stands: the change that last concerned everybody, and the addresses on its list."""

    moved_at: int
    listed: frozenset[str]


@dataclass(frozen=True, slots=True)
class Told:
    """The last that an address was told of an event: what, at which change, and whether it may have arrived."""

    what: Announcement
    change: int
    name: str
    arrived: bool


def take_back_earlier(session: Session, standing: Mapping[int, Standing]) -> None:
    """Withdraw what has not gone and is not true any more of planned meetings, by the id of their timescale.

    That is an invitation that tells of an earlier time or place, anything to somebody who is not on the list any more,
    and the word to somebody that they need not come who is on it again. One that is on its way stays: the next one is
    an update of the same event.
    """
    rows = session.execute(
        select(Prompt.id, Prompt.timescale_id, Prompt.rung, Prompt.recipient)
        .join(Message)
        .where(
            Prompt.timescale_id.in_(standing),
            Prompt.withdrawn.is_(None),
            Prompt.recipient_role == Announcement.INVITATION.spec.to,
            Message.state.in_((MessageState.PENDING, MessageState.RETRY)),
        )
    ).all()
    reasons: dict[str, list[int]] = {OVERTAKEN: [], NOT_WANTED: []}
    for row in rows:
        if reason := overtaken_by(row.rung, row.recipient, standing[row.timescale_id]):
            reasons[reason].append(row.id)
    for reason, ids in reasons.items():
        if ids:
            session.execute(
                update(Prompt).where(Prompt.id.in_(ids)).values(withdrawn=reason),
                execution_options={"synchronize_session": False},
            )


def overtaken_by(rung: str, recipient: str, now: Standing) -> str | None:
    """Return why a prompt to an invitee is not true any more; None where it is."""
    what = announcement_of(rung)
    if what is Announcement.TAKEN_BACK:
        return OVERTAKEN if recipient in now.listed else None
    if what is Announcement.INVITATION and change_in(rung) < now.moved_at:
        return OVERTAKEN
    return None if recipient in now.listed else NOT_WANTED


def change_in(rung: str) -> int:
    """Return the number of the change that a rung about an event tells of."""
    return int(rung.partition(" ")[2])


def last_told(session: Session, timescale_ids: Collection[int]) -> dict[int, dict[str, Told]]:
    """Return the last that each address was told of some events, by the id of the timescale; withdrawn is untold."""
    arrived = or_(Message.state.not_in(NOT_GONE), Message.began_at.is_not(None)).label("arrived")
    query = (
        select(Prompt.timescale_id, Prompt.recipient, Prompt.rung, Message.recipient_name, arrived)
        .join(Message)
        .where(
            Prompt.timescale_id.in_(timescale_ids),
            or_(*(Prompt.rung.startswith(f"{one} ") for one in OF_THE_EVENT)),
            or_(Prompt.withdrawn.is_(None), Message.began_at.is_not(None)),
        )
        .order_by(Prompt.id)
    )
    found: dict[int, dict[str, Told]] = {timescale_id: {} for timescale_id in timescale_ids}
    for timescale_id, address, rung, name, has_arrived in session.execute(query):
        recipient = normal(address)
        what = announcement_of(rung)
        assert what is not None
        before = found[timescale_id].get(recipient)
        # One that has not gone takes nothing back from one that has.
        reached = has_arrived or (before is not None and before.arrived and what is before.what)
        found[timescale_id][recipient] = Told(what, change_in(rung), name or "", reached)
    return found
