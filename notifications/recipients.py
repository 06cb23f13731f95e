"""Who a prompt goes to: by role, from the case and the directory, and up the line where a role has nobody."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Protocol

from sqlalchemy import Row, select
from sqlalchemy.orm import Session

from models.base import table_of
from models.directory import DirectoryEntry
from models.hand_overs import Deputies
from models.replies import returned_addresses
from policy.addresses import normal
from policy.agencies import Agency
from policy.roles import Reach, Role
from policy.texts import plain

RESTRICTED = "the case is restricted: nothing is sent about it by e-mail"
# Roles that the case itself names; all others stand in the directory.
ON_THE_CASE = {
    Role.OFFENDER_MANAGER: ("offender_manager_email", "offender_manager"),
    Role.POLICE_OFFENDER_MANAGER: ("police_offender_manager_email", "police_offender_manager"),
    Role.LINE_MANAGER: ("line_manager_email", None),
}


# Who answers for the MAPPA unit of an area, the first that it has.
UNIT_ROLES = (Role.COORDINATOR, Role.ADMINISTRATOR, Role.COORDINATOR_MANAGER)


class CaseLike(Protocol):
    """What the directory needs to know of a case."""

    area: str
    unit: str | None
    lead_agency: str
    prison: str | None
    offender_manager: str | None
    offender_manager_email: str | None
    line_manager_email: str | None
    police_offender_manager: str | None
    police_offender_manager_email: str | None


@dataclass(slots=True)
class CaseElsewhere:
    """A case as another area's directory sees it: nobody whom the case itself names is meant there."""

    area: str
    lead_agency: str
    unit: str | None = None
    prison: str | None = None
    offender_manager: str | None = None
    offender_manager_email: str | None = None
    line_manager_email: str | None = None
    police_offender_manager: str | None = None
    police_offender_manager_email: str | None = None


@dataclass(frozen=True, slots=True)
class Recipient:
    """An address and the role it answers for; ``stands_in_for`` is the role that had nobody.

    ``hand_over``: by which it was asked instead of somebody who is away.
    """

    email: str
    name: str | None
    role: str
    stands_in_for: str | None = None
    hand_over: int | None = None


class Directory:
    """The directory of some areas on a day, read once."""

    def __init__(self, session: Session, areas: Collection[str], on: date) -> None:
        """Read the entries that hold on the day, as plain rows: they outlive the transaction."""
        # Each with the name of its unit in its normal form: the case may write it in other letters.
        self._entries: Mapping[tuple[str, str], list[tuple[str, Row[Any]]]] = defaultdict(list)
        query = select(*table_of(DirectoryEntry).columns).where(DirectoryEntry.area.in_(areas))
        # An address that sends e-mail back is none, until a person has confirmed it.
        self._returned = returned_addresses(session)
        for entry in sorted(session.execute(query), key=newest_start_first):
            if entry.email not in self._returned and (entry.valid_from or on) <= on <= (entry.valid_to or on):
                self._entries[entry.area, entry.role].append((plain(entry.unit), entry))

    def holder(self, case: CaseLike, role: str, agency: str, place: str | None = None) -> tuple[str, str | None] | None:
        """Return (address, name) of who holds a role for a case, None where nobody does.

        The case's own named people come first; then the entry of the case's unit (for a prison, that
        prison; ``place`` where the right office is that of a local authority), then one of the agency as a whole,
        then, unless the role belongs to one unit, any.
        """
        # The case names people of its lead agency: their line manager is nobody to a prison.
        if role in ON_THE_CASE and (role != Role.LINE_MANAGER or agency == case.lead_agency):
            email_field, name_field = ON_THE_CASE[Role(role)]
            email = getattr(case, email_field)
            if email and normal(email) not in self._returned:
                return email, getattr(case, name_field) if name_field else None
        reach = Role(role).spec.reach
        entries = self._entries.get((case.area, role), [])
        if reach is not Reach.AREA:
            entries = [(of, entry) for of, entry in entries if entry.agency == agency]
        in_prison = agency == Agency.PRISON and reach is not Reach.AREA
        unit = case.prison if in_prison or role == Role.PRISON_OFFENDER_MANAGEMENT else place or case.unit
        for wanted in (plain(unit or ""), ""):
            for of, entry in entries:
                if of == wanted:
                    return entry.email, entry.name
        if entries and reach is not Reach.UNIT:
            return entries[0][1].email, entries[0][1].name
        return None

    def unit_contact(self, area: str, besides: str = "") -> Recipient | None:
        """Return who answers for the MAPPA unit of an area: its coordinator, else its administrator, else its manager.

        ``besides``: an address that asks; nobody is told to write to themselves.
        """
        for entry in self.unit_entries(area, besides):
            return Recipient(entry.email, entry.name, entry.role)
        return None

    def unit_telephone(self, area: str, besides: str = "") -> tuple[str, str]:
        """Return the telephone number of the MAPPA unit of an area and the role of whoever has it, "" where none has.

        It is that of the first in the order of ``unit_contact`` who has one.
        """
        for entry in self.unit_entries(area, besides):
            if entry.telephone:
                return entry.telephone, entry.role
        return "", ""

    def unit_entries(self, area: str, besides: str) -> Iterator[Row[Any]]:
        """Yield who answers for the MAPPA unit of an area, in their order, without the address ``besides``."""
        for role in UNIT_ROLES:
            for _, entry in self._entries.get((area, role), []):
                if entry.agency == Agency.MAPPA_UNIT and entry.email != normal(besides):
                    yield entry

    def resolve(
        self,
        case: CaseLike,
        role: str,
        agency: str,
        fallback: Mapping[Role, tuple[Role, ...]],
        place: str | None = None,
    ) -> Recipient | None:
        """Return who gets a prompt for ``role``; None where nobody on the whole line has an address."""
        # Whatever agency the duty is, a case's offender manager works for its lead agency: those above them do too.
        of_agency = case.lead_agency if role == Role.OFFENDER_MANAGER else Role(role).spec.only_agency or agency
        for candidate in line(role, fallback):
            if found := self.holder(case, candidate, of_agency, place):
                return Recipient(found[0], found[1], candidate, None if candidate == role else role)
        return None


def newest_start_first(entry: Row[Any]) -> tuple[bool, int, str]:
    """Return the place of an entry among those that hold: whoever began last has the role now; no start comes last.

    It is sorted here, as two databases put an empty start and the letters of an address in different orders.
    """
    start: date | None = entry.valid_from
    return start is None, 0 if start is None else -start.toordinal(), entry.email


def directory_of(session: Session, area: str, on: date) -> Directory:
    """Return the directory of an area on a day, read once a session."""
    known: dict[tuple[str, date], Directory] = session.info.setdefault("directories", {})
    if (area, on) not in known:
        known[area, on] = Directory(session, [area], on)
    return known[area, on]


def or_colleague(found: Recipient | None, area: str, deputies: Deputies) -> Recipient | None:
    """Return who is asked: the colleague to whom somebody has handed their duties while they are away."""
    handed = None if found is None else deputies.instead_of(normal(found.email), found.role, area)
    if found is None or handed is None:
        return found
    return replace(found, email=handed.deputy_email, name=handed.deputy_name, hand_over=handed.id)


def line(role: str, fallback: Mapping[Role, tuple[Role, ...]]) -> Iterator[str]:
    """Yield a role and then the roles above it, each once: first its own line, then the lines of those."""
    seen = [role]
    for current in seen:
        yield current
        seen.extend(above for above in fallback.get(Role(current), ()) if above not in seen)
