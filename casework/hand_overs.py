"""Duties are handed to a colleague for a time, and taken back early. Either is for whoever is away to say."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import func, literal, or_, select
from sqlalchemy.orm import Session

from casework.errors import RefusedError
from models.audit import Change, append
from models.cases import Case
from models.directory import DirectoryEntry
from models.hand_overs import NAMED_ON_CASES, HandOver, works_of
from models.record import policies, working_calendar
from policy.calendar import london_date
from policy.errors import NotFoundError
from policy.hand_overs import Works, may_stand_in
from policy.offsets import shift
from policy.roles import Role
from policy.words import near_date

CHAIN = "hand-overs"
NAMES = {Role.OFFENDER_MANAGER: Case.offender_manager, Role.POLICE_OFFENDER_MANAGER: Case.police_offender_manager}
"""Where a case gives the name to an address that it names in a role."""


@dataclass(frozen=True, slots=True)
class Colleague:
    """Somebody who may stand in for another, and the roles in which they may."""

    email: str
    name: str
    roles: tuple[str, ...]


def colleagues(session: Session, email: str, on: date) -> list[Colleague]:
    """Return who may stand in for somebody on a day, by name."""
    away = works_of(session, [email], on)[email]
    known: dict[str, str] = {}
    for address, name in candidates(session, away):
        known[address] = known.get(address) or name
    known.pop(email, None)
    works = works_of(session, list(known), on)
    held = sorted({(area, role) for area, _, role in away.posts | away.named})
    found = []
    for address, name in known.items():
        roles = [role for area, role in held if may_stand_in(role, area, away, works[address])]
        if roles:
            found.append(Colleague(address, name or address, tuple(dict.fromkeys(roles))))
    return sorted(found, key=lambda one: (one.name.casefold(), one.email))


def candidates(session: Session, away: Works) -> Iterator[tuple[str, str]]:
    """Yield the addresses, with names, of the directory of somebody's areas, and of cases that are like theirs."""
    entries = select(DirectoryEntry.email, DirectoryEntry.name).where(DirectoryEntry.area.in_(away.areas))
    yield from ((one.email, one.name) for one in session.execute(entries.order_by(DirectoryEntry.id)))
    columns: dict[Role, Any] = {role: column for role, column, _ in NAMED_ON_CASES}
    for area, agency, role in sorted(away.named):
        column = columns[Role(role)]
        known_as: Any = func.max(NAMES[Role(role)]) if Role(role) in NAMES else literal("")
        alike: Any = select(column, known_as).where(Case.area == area, Case.closed_on.is_(None), column.is_not(None))
        if Role(role).spec.only_agency is None:
            alike = alike.where(Case.lead_agency == agency)
        for other, name_there in session.execute(alike.group_by(column).order_by(column)):
            yield other, name_there or ""


def hand_over(
    session: Session, email: str, name: str, deputy: str, begins_on: date | None, until: date | None, *,
    as_at: datetime,
) -> HandOver:  # fmt: skip
    """Hand somebody's duties to a colleague from a day to a day; ``RefusedError`` names the field and says why not."""
    today = london_date(as_at)
    # First of all, as the chain lets one at a time through: two that overlap do not pass each other.
    entry = Change(CHAIN, "handed-over", "hand-over", None, {
        "email": email, "to": deputy, "begins_on": str(begins_on), "until": str(until)})  # fmt: skip
    append(session, [entry], actor=name, at=as_at)
    known = {one.email: one for one in colleagues(session, email, today)}
    reasons = list(wrong_period(session, email, begins_on, until, today))
    if deputy not in known:
        reasons.append("deputy: choose a colleague from the list")
    elif begins_on and until and overlapping(session, deputy, begins_on, until):
        reasons.append(f"deputy: {known[deputy].name} is away in that time, too")
    if reasons or begins_on is None or until is None:
        raise RefusedError(reasons)
    row = HandOver(
        email=email, name=name, deputy_email=deputy, deputy_name=known[deputy].name, begins_on=begins_on, until=until,
        made_at=as_at, made_by=name,
    )  # fmt: skip
    session.add(row)
    session.flush()
    return row


def wrong_period(
    session: Session, email: str, begins_on: date | None, until: date | None, today: date
) -> Iterator[str]:
    """Yield what is wrong with the days of a hand-over."""
    if begins_on is None:
        yield "begins_on: enter the first day"
    if until is None:
        yield "until: enter the last day"
    if begins_on is None or until is None:
        return
    if begins_on < today:
        yield "begins_on: this day has passed"
    areas = works_of(session, [email], today)[email].areas or {""}
    limits = [policies(session).for_area(area, today).handing_over.longest for area in sorted(areas)]
    last = min(shift(begins_on, limit, working_calendar(session)) for limit in limits)
    if until < begins_on:
        yield "until: this is before the first day"
    elif until > last:
        yield f"until: {near_date(last, today)} is the last day possible; for longer, change the directory or the case"
    if (other := overlapping(session, email, begins_on, until)) is not None:
        yield (f"begins_on: you have handed over to {other.deputy_name} from {near_date(other.begins_on, today)} to "
               f"{near_date(other.until, today)} already")  # fmt: skip


def overlapping(session: Session, email: str, begins_on: date, until: date) -> HandOver | None:
    """Return a hand-over of somebody that holds on a day of a time; None where there is none."""
    query = select(HandOver).where(
        HandOver.email == email, HandOver.begins_on <= until, HandOver.until >= begins_on,
        or_(HandOver.ended_on.is_(None), HandOver.ended_on > begins_on),
    )  # fmt: skip
    found = session.scalars(query.order_by(HandOver.id))
    return next((one for one in found if one.ended_on is None or one.ended_on > max(one.begins_on, begins_on)), None)


def take_back(session: Session, number: int, email: str, name: str, *, as_at: datetime) -> None:
    """End one of somebody's own hand-overs today; one that has not begun never holds."""
    row = session.get(HandOver, number, with_for_update=True)
    if row is None or row.email != email:
        raise NotFoundError("there is no such hand-over of yours")
    if row.ended_on is None:
        row.ended_on = london_date(as_at)
        told: dict[str, Any] = {"email": email, "to": row.deputy_email, "ended_on": str(row.ended_on)}
        append(session, [Change(CHAIN, "taken-back", "hand-over", None, told)], actor=name, at=as_at)
