"""What comes back of e-mails: how far the mailbox is read, what was in it, and who answered an invitation."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import BigInteger, ForeignKey, Index, String, UniqueConstraint, select, text
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship

from models.base import Base
from models.meetings import Meeting


class Mailbox(Base):
    """How far a mailbox is read: one row for each that the settings have named.

    ``uid_validity``: the generation of its numbers; with another one they mean other messages. ``last_uid``: the last
    message that was handled. ``read_at``: when it was last read without trouble.
    """

    __tablename__ = "mailbox"
    __table_args__ = (UniqueConstraint("name"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(300))
    # Numbers of 32 bits without a sign, as the server gives them.
    uid_validity: Mapped[int] = mapped_column(BigInteger, default=0)
    last_uid: Mapped[int] = mapped_column(BigInteger, default=0)
    read_at: Mapped[datetime | None]


class ReceivedMail(Base):
    """An e-mail that was read and handled, once for ever. Nothing of its text or its sender is kept.

    ``key``: a hash of its Message-ID, or of all of it where it has none. ``kind``: what it is. ``outcome``: what came
    of it.
    """

    __tablename__ = "received_mail"
    __table_args__ = (UniqueConstraint("key"), Index("ix_received_mail_outcome", "kind", "outcome"))

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(64))
    kind: Mapped[str] = mapped_column(String(20))
    outcome: Mapped[str] = mapped_column(String(20))
    read_at: Mapped[datetime]


class MeetingAnswer(Base):
    """What somebody who was invited to a meeting has answered by calendar, the last time they did.

    ``answer`` None: they have only sent an automatic reply. ``sequence``: the change of the meeting that they answered;
    an answer to an earlier time or place does not count any more. ``answered_at``: when their calendar made the answer.
    ``away_at``: when the last automatic reply came, such as that of somebody out of office.
    """

    __tablename__ = "meeting_answer"
    __table_args__ = (UniqueConstraint("meeting_id", "email"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    meeting_id: Mapped[int] = mapped_column(ForeignKey("meeting.id"))
    email: Mapped[str] = mapped_column(String(254))
    answer: Mapped[str | None] = mapped_column(String(12))
    sequence: Mapped[int] = mapped_column(default=0)
    answered_at: Mapped[datetime | None]
    away_at: Mapped[datetime | None]

    meeting: Mapped[Meeting] = relationship()


class ReturnedAddress(Base):
    """An address to which e-mail did not get through: nobody is asked by it until a person has confirmed it.

    ``why``: what the server of the address says, without a word of the address. ``message_id``, ``area``: the message
    that came back last, and its area. ``tell_at``: since when it waits that those further up hear of it; None once
    they have.
    """

    __tablename__ = "returned_address"
    __table_args__ = (
        UniqueConstraint("email"),
        Index(
            "ix_returned_address_tell_at",
            "tell_at",
            sqlite_where=text("tell_at IS NOT NULL"),
            postgresql_where=text("tell_at IS NOT NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(String(254))
    why: Mapped[str] = mapped_column(String(300))
    since: Mapped[datetime]
    message_id: Mapped[str] = mapped_column(String(32))
    area: Mapped[str] = mapped_column(String(60))
    tell_at: Mapped[datetime | None]


class CarriedMessage(Base):
    """A message that a carrier has taken which can be asked what became of it.

    ``carrier_id``: what the carrier calls it, of the last time it was handed over. ``state``: what it said last, in its
    own words. ``asks``: how often it was asked. ``ask_at``: when it is asked again; None where it has said all.
    """

    __tablename__ = "carried_message"
    __table_args__ = (
        UniqueConstraint("message_id"),
        Index(
            "ix_carried_message_ask_at",
            "ask_at",
            sqlite_where=text("ask_at IS NOT NULL"),
            postgresql_where=text("ask_at IS NOT NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    message_id: Mapped[str] = mapped_column(String(32))
    carrier_id: Mapped[str] = mapped_column(String(64))
    state: Mapped[str] = mapped_column(String(24))
    taken_at: Mapped[datetime]
    asks: Mapped[int] = mapped_column(default=0)
    ask_at: Mapped[datetime | None]


def returned_addresses(session: Session) -> frozenset[str]:
    """Return the addresses that send e-mail back and that nobody has confirmed since."""
    return frozenset(session.scalars(select(ReturnedAddress.email)))


@dataclass(frozen=True, slots=True)
class Told:
    """What is known of somebody who is invited: their answer to the meeting as it stands, and an automatic reply."""

    answer: str | None
    away_at: datetime | None


def answers_that_count(session: Session, meeting_ids: Collection[int]) -> dict[tuple[int, str], Told]:
    """Return what those invited to some meetings have told, by meeting and address.

    An answer to an earlier time or place counts no more.
    """
    query = (
        select(MeetingAnswer, Meeting.moved_at_sequence)
        .join(Meeting, Meeting.id == MeetingAnswer.meeting_id)
        .where(MeetingAnswer.meeting_id.in_(meeting_ids))
        .order_by(MeetingAnswer.id)
    )
    return {
        (one.meeting_id, one.email): Told(one.answer if one.sequence >= moved_at else None, one.away_at)
        for one, moved_at in session.execute(query)
    }
