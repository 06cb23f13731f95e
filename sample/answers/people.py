"""Who answers: the people whom the case names, and those of the directory."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.cases import Case
from models.directory import DirectoryEntry
from policy.agencies import Agency
from policy.roles import Role
from sample.answers.dice import Dice

# Practitioners, of whom the directory says nothing.
GRADES = {
    Agency.POLICE: "Detective Constable",
    Agency.PROBATION: "Probation Officer",
    Agency.YOT: "Case Manager",
    Agency.MENTAL_HEALTH: "Care Co-ordinator",
}


@dataclass(frozen=True, slots=True)
class Somebody:
    """A person in a role, with address and grade as far as they are known."""

    name: str
    role: str
    email: str | None = None
    grade: str | None = None

    def as_owner(self) -> dict[str, str | None]:
        """Return what a form says of the owner of an action."""
        return {"name": self.name, "email": self.email, "grade": self.grade}


STANDS_IN = "Stands in"
NOBODY = Somebody("Nobody named", "Representative")


class People:
    """The directory of some areas on a day."""

    def __init__(self, session: Session, areas: Collection[str], on: date) -> None:
        """Read the entries that hold on the day."""
        self._session, self._on = session, on
        self._held: dict[tuple[str, str, str], list[tuple[str, Somebody]]] = defaultdict(list)
        columns = (
            DirectoryEntry.area, DirectoryEntry.agency, DirectoryEntry.role, DirectoryEntry.unit, DirectoryEntry.name,
            DirectoryEntry.email, DirectoryEntry.grade, DirectoryEntry.valid_from, DirectoryEntry.valid_to,
        )  # fmt: skip
        query = select(*columns).where(DirectoryEntry.area.in_(areas)).order_by(DirectoryEntry.email, DirectoryEntry.id)
        for area, agency, role, unit, name, email, grade, since, until in session.execute(query):
            if (since or on) <= on <= (until or on):
                self._held[area, agency, role].append((unit, Somebody(name, role, email, grade)))

    def all_of(self, area: str, agency: str, role: str) -> list[Somebody]:
        """Return everybody who holds a role of an agency."""
        return [somebody for _, somebody in self._held.get((area, agency, role), ())]

    def areas(self) -> list[str]:
        """Return the areas that have a coordinator: only they can be asked to take a case over."""
        query = select(DirectoryEntry.area, DirectoryEntry.valid_from, DirectoryEntry.valid_to)
        query = query.where(DirectoryEntry.role == Role.COORDINATOR)
        on = self._on
        return sorted({area for area, since, until in self._session.execute(query)
                       if (since or on) <= on <= (until or on)})  # fmt: skip

    def holder(self, case: Case, agency: str, role: str, place: str | None = None) -> Somebody | None:
        """Return who holds a role for a case: of the place, the unit, the whole agency, else anybody."""
        held = self._held.get((case.area, agency, role), [])
        for wanted in (place, case.unit, ""):
            for unit, somebody in held:
                if unit == wanted:
                    return somebody
        return held[0][1] if held else None

    def coordinator(self, case: Case) -> Somebody:
        """Return the coordinator of a case's area."""
        return self.holder(case, Agency.MAPPA_UNIT, Role.COORDINATOR) or Somebody("The coordinator", Role.COORDINATOR)

    def administrator(self, case: Case) -> Somebody:
        """Return the administrator of a case's area."""
        known = self.holder(case, Agency.MAPPA_UNIT, Role.ADMINISTRATOR)
        return known or Somebody("The administrator", Role.ADMINISTRATOR)

    def chair(self, case: Case, dice: Dice) -> Somebody:
        """Return who chairs the meetings of a case: the same at each, not the same for all."""
        chairs = self.all_of(case.area, Agency.MAPPA_UNIT, Role.CHAIR)
        return dice.one(chairs) if chairs else self.coordinator(case)

    def line_manager(self, case: Case) -> Somebody:
        """Return the line manager of the offender manager."""
        for somebody in self.all_of(case.area, case.lead_agency, Role.LINE_MANAGER):
            if somebody.email == case.line_manager_email:
                return somebody
        return Somebody("The line manager", Role.LINE_MANAGER, case.line_manager_email)

    def offender_manager(self, case: Case) -> Somebody:
        """Return the offender manager, or whoever stands in."""
        if case.offender_manager:
            grade = GRADES.get(Agency(case.lead_agency))
            return Somebody(case.offender_manager, "Offender manager", case.offender_manager_email, grade)
        return self.representative(case, case.lead_agency) or self.line_manager(case)

    def police_manager(self, case: Case) -> Somebody | None:
        """Return the named police offender manager."""
        if not case.police_offender_manager:
            return None
        return Somebody(
            case.police_offender_manager, "Police offender manager", case.police_offender_manager_email,
            GRADES[Agency.POLICE],
        )  # fmt: skip

    def representative(self, case: Case, agency: str, place: str | None = None) -> Somebody | None:
        """Return who represents an agency."""
        return self.holder(case, agency, Role.REPRESENTATIVE, place)

    def of_area(self, area: str, agency: str) -> Somebody | None:
        """Return who represents an agency in another area."""
        held = self.all_of(area, agency, Role.REPRESENTATIVE)
        return held[0] if held else None

    def who_comes(
        self, case: Case, agency: str, wanted: dict[str, str] | None, elsewhere: str | None = None
    ) -> Somebody:
        """Return who of an agency is expected at a meeting: who manages the case, who was asked for, who represents.

        ``elsewhere``: the other area whose people are the right ones.
        """
        if elsewhere is not None:
            return self.of_area(elsewhere, agency) or NOBODY
        if agency == case.lead_agency:
            return self.offender_manager(case)
        if agency == Agency.POLICE and (manager := self.police_manager(case)):
            return manager
        if wanted:
            return Somebody(wanted["name"], wanted["role"], wanted["contact"])
        return self.representative(case, agency, place_of(case)) or NOBODY

    def prisons(self, area: str) -> list[str]:
        """Return the prisons of an area whose offender management is known."""
        held = self._held.get((area, Agency.PRISON, Role.PRISON_OFFENDER_MANAGEMENT), ())
        return sorted({unit for unit, _ in held if unit})

    def authorities(self, area: str) -> Sequence[str]:
        """Return the local authorities of an area, as the offices of children's social care tell them."""
        held = self._held.get((area, Agency.CHILDRENS_SOCIAL_CARE, Role.REPRESENTATIVE), ())
        return sorted({unit for unit, _ in held if unit})

    def police_officer(self, case: Case) -> Somebody | None:
        """Return whom the police name where nobody was named for a case: their representative of the unit."""
        return self.representative(case, Agency.POLICE)


def place_of(case: Case) -> str | None:
    """Return the local authority somebody lives in, where it is known."""
    return (case.circumstances or {}).get("local_authority")
