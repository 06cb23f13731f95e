"""How somebody stands to a case: each relation is one condition, asked of one case or used to find all of them."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import ColumnElement, and_, exists, false, literal, or_, select
from sqlalchemy.orm import Session, aliased

from models.cases import Case, CaseReader
from models.hand_overs import asked_of
from models.obligations import Prompt, Timescale
from policy.agencies import Agency
from policy.roles import Role
from policy.vocabulary import Location
from views.duties import LEAD_AGENCY
from web.access.hats import ON_CASES, OWED, Hat, Reader

# Beside the case that is asked about. Made once: to make them takes longer than the query.
ANY_TIMESCALE, ANY_CASE = aliased(Timescale), aliased(Case)
ASKED_DAYS = 182
"""Whoever was asked for something may look at the case for half a year: minutes and actions follow a meeting."""


class Relation(StrEnum):
    """How somebody stands to a case."""

    AREA = "works in the MAPPA unit of its area"
    MANAGES = "manages it"
    SUPERVISES = "is the line manager of its unit"
    HOLDS = "works in the prison that holds the person"
    ASKED = "was asked for something on it"
    VICTIM = "works with its victim"


AREA_ROLES = (Role.COORDINATOR, Role.ADMINISTRATOR, Role.COORDINATOR_MANAGER, Role.CHAIR)
AGENCY_ROLES = (Role.REPRESENTATIVE, Role.SENIOR_MANAGER, Role.SMB_MEMBER, Role.SMB_CHAIR)
# Who may read a restricted case for which no readers are listed: its coordinators, and those who manage it.
READ_RESTRICTED = (Role.COORDINATOR, Role.COORDINATOR_MANAGER, *(role for role, _, _ in ON_CASES))


@dataclass(frozen=True, slots=True)
class Standing:
    """A role in which somebody stands in a relation to cases, and the condition that finds those cases."""

    hat: Hat
    relation: Relation
    condition: ColumnElement[bool]


def standings(reader: Reader, as_at: datetime) -> Iterator[Standing]:
    """Yield every way in which somebody may stand to a case."""
    for hat in reader.hats:
        of_area = [Case.area == hat.area] if hat.away else []
        for way in standings_of(hat, reader.whose(hat), as_at):
            yield Standing(hat, way.relation, and_(way.condition, *of_area))


def standings_of(hat: Hat, email: str, as_at: datetime) -> Iterator[Standing]:
    """Yield the ways in which the holder of one role may stand to a case."""
    for role, address, _ in ON_CASES:
        if hat.named and hat.role is role:
            yield Standing(hat, Relation.MANAGES, address == email)
    if hat.role in AREA_ROLES:
        yield Standing(hat, Relation.AREA, Case.area == hat.area)
    elif hat.role is Role.LINE_MANAGER and not hat.named:
        of_unit = and_(Case.area == hat.area, Case.lead_agency == hat.agency, unit_is(hat))
        yield Standing(hat, Relation.SUPERVISES, of_unit)
    elif hat.role is Role.PRISON_OFFENDER_MANAGEMENT:
        held = and_(Case.area == hat.area, Case.prison == hat.unit, Case.location == Location.CUSTODY)
        yield Standing(hat, Relation.HOLDS, held)
    if hat.agency == Agency.VICTIM_LIAISON:
        yield Standing(hat, Relation.VICTIM, and_(Case.area == hat.area, Case.victim_contact))
    yield Standing(hat, Relation.ASKED, asked(hat, email, as_at))


def unit_is(hat: Hat) -> ColumnElement[bool]:
    """Return the condition that a case belongs to the unit of a hat; one without a unit has all of its agency."""
    return Case.unit == hat.unit if hat.unit else literal(True)


def asked(hat: Hat, email: str, as_at: datetime) -> ColumnElement[bool]:
    """Return the condition that something was asked of an address in a role, or is owed by its agency in that role."""
    # Found by the few prompts of an address, or duties of a role, not by a look at every case.
    owed = ANY_TIMESCALE
    prompted = Case.id.in_(
        select(owed.case_id)
        .join(Prompt, Prompt.timescale_id == owed.id)
        .where(
            asked_of(email),
            Prompt.recipient_role == hat.role.value,
            Prompt.raised_at > as_at - timedelta(days=ASKED_DAYS),
        )
    )
    if hat.named or hat.role not in AGENCY_ROLES or hat.role is Role.SMB_CHAIR:
        return prompted
    of_case = ANY_CASE
    owes = Case.id.in_(
        select(owed.case_id)
        .join(of_case, of_case.id == owed.case_id)
        .where(
            of_case.area == hat.area,
            owed.owner_role == hat.role.value,
            or_(
                owed.owner_agency == hat.agency,
                and_(owed.owner_agency == LEAD_AGENCY, of_case.lead_agency == hat.agency),
            ),
            owed.state.in_(OWED),
        )
    )
    return or_(prompted, owes)


def open_to(reader: Reader, ways: list[Standing]) -> ColumnElement[bool]:
    """Return the condition that a case, restricted or not, is open to somebody who stands to it in one of some ways.

    A list of readers overrides every role.
    """
    if not ways:
        return false()
    related = or_(*(way.condition for way in ways))
    return and_(related, or_(Case.restricted.is_(False), may_read_restricted(reader, ways)))


def may_read_restricted(reader: Reader, ways: list[Standing]) -> ColumnElement[bool]:
    """Return the condition that somebody may read a restricted case; another system only where it is listed."""
    listed = exists().where(CaseReader.case_id == Case.id, CaseReader.email == reader.email)
    if reader.machine:
        return listed
    has_list = exists().where(CaseReader.case_id == Case.id)
    # Whoever stands in for somebody has not their trust: a restricted case is not handed over.
    by_role = [way.condition for way in ways if way.hat.role in READ_RESTRICTED and not way.hat.away]
    return or_(listed, and_(~has_list, or_(*by_role) if by_role else false()))


def listed_for(reader: Reader) -> ColumnElement[bool]:
    """Return the condition that somebody is on the list of readers of a restricted case."""
    return and_(
        Case.restricted.is_(True), exists().where(CaseReader.case_id == Case.id, CaseReader.email == reader.email)
    )


@dataclass(frozen=True, slots=True)
class CaseAccess:
    """How somebody stands to one case. ``open``: they may read it; else it is masked, if they stand to it at all."""

    ways: tuple[Standing, ...]
    open: bool
    listed: bool


def access_to(session: Session, reader: Reader, case_id: int, as_at: datetime) -> CaseAccess:
    """Return how somebody stands to a case, asked in one query."""
    ways = list(standings(reader, as_at))
    asks = [way.condition.label(f"way{number}") for number, way in enumerate(ways)]
    listed = listed_for(reader)
    query = select(or_(open_to(reader, ways), listed).label("open"), listed.label("listed"), *asks)
    row = session.execute(query.where(Case.id == case_id)).one()
    return CaseAccess(
        ways=tuple(way for number, way in enumerate(ways) if row[number + 2]), open=bool(row.open),
        listed=bool(row.listed),
    )  # fmt: skip


def readable(reader: Reader, as_at: datetime) -> ColumnElement[bool]:
    """Return the condition that somebody may read a case."""
    return or_(open_to(reader, list(standings(reader, as_at))), listed_for(reader))


def known_to(reader: Reader, as_at: datetime) -> ColumnElement[bool]:
    """Return the condition that somebody stands to a case in some way: it may still be masked for them."""
    ways = [way.condition for way in standings(reader, as_at)]
    return or_(false(), *ways, listed_for(reader))
