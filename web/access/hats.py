"""Who somebody is: the roles they hold today, by their e-mail address.

An address has a role because the directory says so, because a case names it (its offender manager), or because
something was asked of it (the owner of an action, somebody invited). An address with none gets nowhere.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from models.cases import Case
from models.directory import DirectoryEntry
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
    are then "", as each case says its own.
    """

    role: Role
    area: str = ""
    agency: str = ""
    unit: str = ""
    named: bool = False

    @property
    def title(self) -> str:
        """Return the role as people call it."""
        return role_name(self.role)


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
        return tuple(dict.fromkeys(hat.area for hat in self.hats if hat.area))

    def holds(self, *roles: Role) -> bool:
        """Tell whether they hold one of some roles."""
        return any(hat.role in roles for hat in self.hats)


def reader_of(session: Session, email: str, on: date, operator_email: str | None = None) -> Reader | None:
    """Return whom an address belongs to on a day; None where it belongs to nobody the record knows."""
    entries = session.scalars(
        select(DirectoryEntry)
        .where(DirectoryEntry.email == email)
        .where(or_(DirectoryEntry.valid_from.is_(None), DirectoryEntry.valid_from <= on))
        .where(or_(DirectoryEntry.valid_to.is_(None), DirectoryEntry.valid_to >= on))
        .order_by(DirectoryEntry.id)
    ).all()
    hats = [Hat(Role(one.role), one.area, one.agency, one.unit) for one in entries]
    names = [one.name for one in entries]
    for hat, name in [*named_on_cases(session, email), *named_by_facts(session, email)]:
        hats.append(hat)
        names.append(name)
    operator = operator_email is not None and email == operator_email
    if not hats and not operator:
        return None
    name = next((name for name in names if name), email.partition("@")[0])
    return Reader(email, name, tuple(dict.fromkeys(hats)), operator)


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
        .where(Prompt.recipient == email, Timescale.state.in_(OWED), Prompt.recipient_role.in_(OF_FACTS))
        .distinct()
        .order_by(Prompt.recipient_role)
    )
    for role in session.scalars(query):
        yield Hat(Role(role), named=True), ""
