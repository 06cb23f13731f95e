"""Hand-overs: who is away from when to when, and which colleague is asked instead."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, Index, String, and_, or_, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from models.base import Base
from models.cases import Case
from models.directory import DirectoryEntry
from models.obligations import Prompt
from policy.agencies import Agency
from policy.hand_overs import Works, may_stand_in
from policy.roles import Role


class HandOver(Base):
    """The duties of somebody who is away, in the hands of a colleague from a day to a day (both included).

    ``ended_on``: the day on which it was ended early; from then on it does not hold.
    """

    __tablename__ = "hand_over"
    __table_args__ = (
        Index("ix_hand_over_email", "email", "until"),
        Index("ix_hand_over_deputy", "deputy_email", "until"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(String(254))
    name: Mapped[str] = mapped_column(String(120))
    deputy_email: Mapped[str] = mapped_column(String(254))
    deputy_name: Mapped[str] = mapped_column(String(120))
    begins_on: Mapped[date]
    until: Mapped[date]
    made_at: Mapped[datetime]
    made_by: Mapped[str] = mapped_column(String(120))
    ended_on: Mapped[date | None]

    def holds_on(self, day: date) -> bool:
        """Tell whether it holds on a day."""
        return self.begins_on <= day <= self.until and (self.ended_on is None or day < self.ended_on)


NAMED_ON_CASES = (
    (Role.OFFENDER_MANAGER, Case.offender_manager_email, None),
    (Role.LINE_MANAGER, Case.line_manager_email, None),
    (Role.POLICE_OFFENDER_MANAGER, Case.police_offender_manager_email, Agency.POLICE),
)
"""Roles in which cases name people: the address, and the agency they work for where that is not the lead agency."""


def works_of(session: Session, addresses: Collection[str], on: date) -> dict[str, Works]:
    """Return where each of some addresses works on a day, by the directory and by the open cases that name it."""
    posts: dict[str, set[tuple[str, str, str]]] = defaultdict(set)
    named: dict[str, set[tuple[str, str, str]]] = defaultdict(set)
    entries = select(DirectoryEntry).where(DirectoryEntry.email.in_(addresses)).order_by(DirectoryEntry.id)
    for entry in session.scalars(entries):
        if (entry.valid_from or on) <= on <= (entry.valid_to or on):
            posts[entry.email].add((entry.area, entry.agency, entry.role))
    for role, address, agency in NAMED_ON_CASES:
        columns = select(address.label("email"), Case.area, Case.lead_agency)
        of_these = columns.where(address.in_(addresses), Case.closed_on.is_(None)).distinct()
        for row in session.execute(of_these.order_by(address, Case.area, Case.lead_agency)):
            named[row.email].add((row.area, str(agency or row.lead_agency), role.value))
    return {one: Works(frozenset(posts[one]), frozenset(named[one])) for one in addresses}


def asked_of(address: str) -> ColumnElement[bool]:
    """Return the condition that a prompt was for an address, whoever it went to while its reader was away."""
    theirs = select(HandOver.id).where(HandOver.email == address)
    return or_(and_(Prompt.recipient == address, Prompt.hand_over_id.is_(None)), Prompt.hand_over_id.in_(theirs))


def in_force(session: Session, on: date, *, of: str = "", to: str = "") -> list[HandOver]:
    """Return the hand-overs that hold on a day, the oldest first. ``of``: of whom, ``to``: to whom; "" is anybody."""
    not_ended = or_(HandOver.ended_on.is_(None), HandOver.ended_on > on)
    query = select(HandOver).where(HandOver.begins_on <= on, HandOver.until >= on, not_ended).order_by(HandOver.id)
    if of:
        query = query.where(HandOver.email == of)
    if to:
        query = query.where(HandOver.deputy_email == to)
    return list(session.scalars(query))


@dataclass(frozen=True, slots=True)
class Handed:
    """A hand-over that holds, as a plain row: it outlives the transaction."""

    id: int
    email: str
    deputy_email: str
    deputy_name: str


class Deputies:
    """Who is asked instead of whom on a day, read once.

    A colleague who is away too, who has left, or who does not hold the role, is not asked: whoever is away is.
    """

    def __init__(self, session: Session, on: date) -> None:
        """Read the hand-overs that hold on the day, and where those work whom they name."""
        found = [Handed(one.id, one.email, one.deputy_email, one.deputy_name) for one in in_force(session, on)]
        self._of = {one.email: one for one in reversed(found)}
        addresses = {address for one in self._of.values() for address in (one.email, one.deputy_email)}
        self._works = works_of(session, addresses, on) if addresses else {}

    def instead_of(self, email: str, role: str, area: str) -> Handed | None:
        """Return the hand-over by which what somebody is asked goes to a colleague; None where it stays with them."""
        found = self._of.get(email)
        if found is None or found.deputy_email in self._of:
            return None
        away, deputy = self._works[found.email], self._works[found.deputy_email]
        return found if may_stand_in(role, area, away, deputy) else None

    def areas_of(self, email: str) -> frozenset[str]:
        """Return the areas in which somebody works who is away."""
        return self._works[email].areas

    def away_by(self, hand_over: int) -> str:
        """Return the address of whoever is away by a hand-over that holds on the day."""
        return next(one.email for one in self._of.values() if one.id == hand_over)


def deputies_on(session: Session, on: date) -> Deputies:
    """Return who is asked instead of whom on a day, read once a session."""
    known: dict[date, Deputies] = session.info.setdefault("deputies", {})
    if on not in known:
        known[on] = Deputies(session, on)
    return known[on]
