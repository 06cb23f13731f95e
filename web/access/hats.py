"""Who somebody is: the roles they hold today, by their e-mail address.

An address has a role because the directory says so, because a case names it (its offender manager), or because
something was asked of it (the owner of an action, somebody invited). An address with none gets nowhere.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from models.cases import Case
from models.directory import DirectoryEntry
from models.hand_overs import asked_of, deputies_on, in_force
from models.obligations import Prompt, Timescale
from policy.roles import Held, Role
from policy.vocabulary import State
from policy.words import role_name

OWED = (State.OPEN, State.PAUSED)
ON_CASES = (
    (Role.OFFENDER_MANAGER, Case.offender_manager_email, Case.offender_manager),
    (Role.POLICE_OFFENDER_MANAGER, Case.police_offender_manager_email, Case.police_offender_manager),
    (Role.LINE_MANAGER, Case.line_manager_email, None),
)
OF_FACTS = tuple(role.value for role in Role if role.spec.held is Held.FACTS)


@dataclass(frozen=True, slots=True)
class Hat:
    """A role that somebody holds.

    ``unit`` "" : of the whole agency. ``named``: cases or facts name them, not the directory; ``area`` and ``agency``
    are then "", as each case says its own. ``away``: the address of a colleague who holds the role and has handed it
    over for the time being; then ``area`` is that of the cases, and ``away_name`` and ``until`` say who and how long.
    """

    role: Role
    area: str = ""
    agency: str = ""
    unit: str = ""
    named: bool = False
    away: str = ""
    away_name: str = ""
    until: date | None = None

    @property
    def title(self) -> str:
        """Return the role as people call it."""
        return role_name(self.role) + (f" for {self.away_name}, who is away" if self.away else "")


@dataclass(frozen=True, slots=True)
class Reader:
    """Who reads: their address, their name, and the roles they hold.

    ``operator``: they run the program. ``machine``: it is another system, which has a token and is nobody.
    """

    email: str
    name: str
    hats: tuple[Hat, ...]
    operator: bool = False
    machine: bool = False

    @property
    def areas(self) -> tuple[str, ...]:
        """Return the areas in whose directory they stand."""
        return tuple(dict.fromkeys(hat.area for hat in self.hats if hat.area and not hat.away))

    def whose(self, hat: Hat) -> str:
        """Return the address that cases and prompts have for one of the hats: that of the colleague who is away."""
        return hat.away or self.email

    def holds(self, *roles: Role) -> bool:
        """Tell whether they hold one of some roles."""
        return any(hat.role in roles for hat in self.hats)


def reader_of(session: Session, email: str, on: date, operator_email: str | None = None) -> Reader | None:
    """Return whom an address belongs to on a day; None where it belongs to nobody the record knows."""
    own = list(own_hats(session, email, on))
    hats = [hat for hat, _ in own]
    names = [name for _, name in own]
    hats += handed_over(session, email, on)
    operator = operator_email is not None and email == operator_email
    if not hats and not operator:
        return None
    name = next((name for name in names if name), email.partition("@")[0])
    return Reader(email, name, tuple(dict.fromkeys(hats)), operator)


def own_hats(session: Session, email: str, on: date) -> Iterator[tuple[Hat, str]]:
    """Yield the roles that an address holds itself, each with the name that goes with it."""
    entries = session.scalars(
        select(DirectoryEntry)
        .where(DirectoryEntry.email == email)
        .where(or_(DirectoryEntry.valid_from.is_(None), DirectoryEntry.valid_from <= on))
        .where(or_(DirectoryEntry.valid_to.is_(None), DirectoryEntry.valid_to >= on))
        .order_by(DirectoryEntry.id)
    ).all()
    for one in entries:
        yield Hat(Role(one.role), one.area, one.agency, one.unit), one.name
    yield from named_on_cases(session, email)
    yield from named_by_facts(session, email)


def handed_over(session: Session, email: str, on: date) -> Iterator[Hat]:
    """Yield the roles that colleagues who are away have handed to an address: those in which it may stand in."""
    for one in in_force(session, on, to=email):
        deputies = deputies_on(session, on)
        areas = sorted(deputies.areas_of(one.email))
        for hat, _ in own_hats(session, one.email, on):
            for area in (hat.area,) if hat.area else areas:
                if deputies.instead_of(one.email, hat.role, area) is not None:
                    yield replace(hat, area=area, away=one.email, away_name=one.name, until=one.until)


def named_on_cases(session: Session, email: str) -> Iterator[tuple[Hat, str]]:
    """Yield the roles in which open cases name an address, with the name they give."""
    for role, address, name in ON_CASES:
        named = select(address if name is None else name).where(address == email, Case.closed_on.is_(None))
        found = session.execute(named.order_by(Case.id.desc()).limit(1)).first()
        if found is not None:
            yield Hat(role, named=True), "" if name is None else found[0] or ""


def named_by_facts(session: Session, email: str) -> Iterator[tuple[Hat, str]]:
    """Yield the roles in which something that is still to be done was asked of an address."""
    query = (
        select(Prompt.recipient_role)
        .join(Timescale, Timescale.id == Prompt.timescale_id)
        .where(asked_of(email), Timescale.state.in_(OWED), Prompt.recipient_role.in_(OF_FACTS))
        .distinct()
        .order_by(Prompt.recipient_role)
    )
    for role in session.scalars(query):
        yield Hat(Role(role), named=True), ""
