"""Who works in the demonstration area: officers and their managers, and the posts of the directory with their holders.

Every agency that a meeting may require has a representative, a senior manager and a member of the board
(Joint inspection 2015, 5.4), so that a ladder has somebody on each rung; a vacancy is there on purpose.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random

from sample.names import (
    DIRECTORY_COLUMNS,
    FORENAMES,
    PRISON_WITHOUT_POST_HOLDER,
    PRISONS,
    crn_of,
    forename_of,
    pnc_of,
    surname_of,
)

# Cases may go to the area next door, and none comes from there.
NEIGHBOUR = "Eastmere"
UNIT_SUFFIXES = ("North", "South", "East", "Coast")
# Agencies that sit at a meeting, with the grade of their representative, senior manager and board member.
# A general practice sits on no board.
AGENCY_GRADES: dict[str, tuple[str, str, str]] = {
    "police": ("Detective Inspector", "Detective Superintendent", "Assistant Chief Constable"),
    "probation": ("Senior Probation Officer", "Head of Delivery Unit", "Regional Probation Director"),
    "prison": ("Head of Offender Management", "Prison Governor", "Prison Group Director"),
    "yot": ("Operations Manager", "Head of Youth Justice", "Director of Children's Services"),
    "mental_health": ("Forensic Service Manager", "Clinical Director", "Trust Medical Director"),
    "childrens_social_care": ("Safeguarding Manager", "Head of Safeguarding", "Assistant Director, Children"),
    "adults_social_care": ("Team Manager", "Head of Adult Safeguarding", "Assistant Director, Adults"),
    "housing": ("Housing Options Manager", "Head of Housing Needs", "Director of Housing"),
    "health": ("Named Nurse", "Head of Safeguarding, Health", "Chief Nurse"),
    "education": ("Education Welfare Manager", "Head of Inclusion", "Director of Education"),
    "immigration_enforcement": ("Immigration Officer", "Chief Immigration Officer", "Assistant Director"),
    "jobcentre": ("Work Coach Team Leader", "Customer Service Leader", "District Manager"),
    "electronic_monitoring": ("Liaison Officer", "Area Manager", "Contract Director"),
    "approved_premises": ("Premises Manager", "Area Manager, Premises", "Head of Residential Services"),
    "victim_liaison": ("Victim Liaison Officer", "Victim Unit Manager", "Head of Victim Services"),
    "registered_social_landlord": ("Neighbourhood Manager", "Head of Tenancies", "Director of Operations"),
    "counter_terrorism_unit": ("Detective Sergeant", "Detective Chief Inspector", "Head of Counter Terrorism"),
    "general_practice": ("Practice Manager", "Head of Primary Care", ""),
    "neighbourhood_policing": ("Neighbourhood Sergeant", "Neighbourhood Inspector", "Superintendent, Communities"),
}

# Agencies that came later; they are hired last, so that whoever was there before keeps name and address.
LATER_GRADES: dict[str, tuple[str, str, str]] = {
    "domestic_abuse_service": ("Service Manager", "Director of the Service", "Chair of Trustees"),
    "psychology": ("Forensic Psychologist", "Head of the Pathway", "Regional Lead for Psychology"),
}

LOCAL_AUTHORITIES = ("Fallowdyke Council", "Otterhithe Council", "Larchmere Council")
# Agencies that know one place only: the right office is that of the local authority somebody lives in
# (Joint inspection 2015, 6.47-6.48).
BY_AUTHORITY = (
    "childrens_social_care",
    "adults_social_care",
    "housing",
    "registered_social_landlord",
    "neighbourhood_policing",
)

LINE_MANAGER_GRADES = {
    "probation": "Senior Probation Officer",
    "police": "Detective Sergeant",
    "yot": "Team Manager",
    "mental_health": "Ward and Community Manager",
}

# People to one offender manager; the police also share in cases that others lead.
CASELOAD = 35
OFFICER_SHARES = {"probation": 0.7, "police": 0.5, "yot": 0.08, "mental_health": 0.07}

# The area's own unit: role, grade, and how many hold it.
POSTS = (
    ("coordinator", "MAPPA Coordinator", 2),
    ("coordinator_manager", "MAPPA Manager", 1),
    ("administrator", "MAPPA Administrator", 2),
    ("chair", "Detective Chief Inspector", 2),
)
# The telephone of its office, and of the one next door: of the numbers that Ofcom sets aside for drama.
OFFICE_TELEPHONE, NEIGHBOUR_TELEPHONE = "01632 960100", "01632 960200"
# Those who have left; nobody followed at one prison.
LEFT = (
    ("mappa_unit", "", "coordinator", "MAPPA Coordinator"),
    ("probation", "", "representative", "Senior Probation Officer"),
    ("housing", "", "representative", "Housing Options Manager"),
    ("prison", PRISON_WITHOUT_POST_HOLDER, "prison_offender_management", "Custodial Manager"),
)


@dataclass(frozen=True, slots=True)
class Staff:
    """Somebody who works in the area."""

    name: str
    email: str


@dataclass(slots=True)
class Payroll:
    """Everybody who works in the area; hands out each e-mail address once."""

    rng: Random
    domain: str
    taken: dict[str, int] = field(default_factory=dict)
    managers: dict[tuple[str, str], Staff] = field(default_factory=dict)
    officers: dict[tuple[str, str], list[Staff]] = field(default_factory=dict)

    def hire(self, agency: str) -> Staff:
        """Return a new member of an agency's staff, with an address that cannot exist (RFC 2606)."""
        forename, surname = forename_of(self.rng, self.rng.choice(("female", "male"))), surname_of(self.rng)
        local = f"{forename[0]}.{surname}".lower()
        address = f"{agency.replace('_', '-')}.{self.domain}.example"
        seen = self.taken[f"{local}@{address}"] = self.taken.get(f"{local}@{address}", 0) + 1
        return Staff(f"{forename} {surname}", f"{local}{seen if seen > 1 else ''}@{address}")


def payroll_of(area: str, people: int, seed: int) -> Payroll:
    """Return the line managers and offender managers of an area; as many officers as the caseload needs."""
    payroll = Payroll(Random(seed), re.sub(r"[^a-z0-9]+", "-", area.lower()).strip("-"))
    units = units_of(area)
    for agency, share in OFFICER_SHARES.items():
        for unit in units:
            payroll.managers[agency, unit] = payroll.hire(agency)
            posts = max(2, round(people * share / len(units) / CASELOAD))
            payroll.officers[agency, unit] = [payroll.hire(agency) for _ in range(posts)]
    return payroll


def units_of(area: str) -> tuple[str, ...]:
    """Return the local units of an area."""
    return tuple(f"{area} {suffix}" for suffix in UNIT_SUFFIXES)


def offices(agency: str, units: tuple[str, ...]) -> tuple[str, ...]:
    """Return the units an agency sends a representative from; "" is the agency as a whole."""
    if agency in ("police", "probation"):
        # The two agencies of the Responsible Authority with local teams.
        return units
    return LOCAL_AUTHORITIES if agency in BY_AUTHORITY else ("",)


def directory_rows(
    *, today: date, people: int = 600, seed: int = 2026, area: str = "Westmarch"
) -> Iterator[dict[str, str]]:
    """Yield the rows of the directory. Line managers are those whom ``sentence_rows`` of the same seed names."""
    payroll = payroll_of(area, people, seed)
    units = units_of(area)

    def entry(
        agency: str, unit: str, role: str, grade: str, known: Staff | None = None, ended: bool = False
    ) -> dict[str, str]:
        who = known or payroll.hire(agency)
        to = today - timedelta(days=payroll.rng.randint(20, 300)) if ended else None
        start = (to or today) - timedelta(days=payroll.rng.randint(200, 2400))
        until = to.isoformat() if to else ""
        telephone = OFFICE_TELEPHONE if agency == "mappa_unit" else ""
        values = (area, agency, unit, role, who.name, who.email, grade, telephone, start.isoformat(), until)
        return dict(zip(DIRECTORY_COLUMNS, values, strict=True))

    for role, grade, posts in POSTS:
        for _ in range(posts):
            yield entry("mappa_unit", "", role, grade)
    yield entry("smb", "", "smb_chair", "Chief Superintendent")
    for _ in range(2):
        yield entry("smb", "", "lay_adviser", "Lay Adviser")

    yield from (entry(*post) for post in posts_of(AGENCY_GRADES, units))
    for (agency, unit), manager in payroll.managers.items():
        yield entry(agency, unit, "line_manager", LINE_MANAGER_GRADES[agency], manager)
    for prison in PRISONS:
        if prison != PRISON_WITHOUT_POST_HOLDER:
            yield entry("prison", prison, "prison_offender_management", "Head of Offender Management")
    for agency, unit, role, grade in LEFT:
        yield entry(agency, units[0] if agency == "probation" else unit, role, grade, ended=True)
    yield from neighbour_rows(payroll, today)
    yield from (entry(*post) for post in posts_of(LATER_GRADES, units))


def posts_of(grades: dict[str, tuple[str, str, str]], units: tuple[str, ...]) -> Iterator[tuple[str, str, str, str]]:
    """Yield agency, unit, role and grade of each post of agencies that sit at a meeting."""
    for agency, (representative, senior, member) in grades.items():
        yield from ((agency, unit, "representative", representative) for unit in offices(agency, units))
        yield agency, "", "senior_manager", senior
        if member:
            yield agency, "", "smb_member", member


def neighbour_rows(payroll: Payroll, today: date) -> Iterator[dict[str, str]]:
    """Yield whom the directory knows of the area next door: its unit, and who would manage a case that goes there."""
    held = [("mappa_unit", role, grade) for role, grade, _ in POSTS]
    held += [(agency, "line_manager", grade) for agency, grade in LINE_MANAGER_GRADES.items()]
    # The victims of some cases live there.
    held.append(("victim_liaison", "representative", "Victim Liaison Officer"))
    for agency, role, grade in held:
        # Their addresses are told apart by the name of the area.
        who = payroll.hire(f"{agency}_{NEIGHBOUR.lower()}")
        start = today - timedelta(days=payroll.rng.randint(200, 2400))
        telephone = NEIGHBOUR_TELEPHONE if agency == "mappa_unit" else ""
        values = (NEIGHBOUR, agency, "", role, who.name, who.email, grade, telephone, start.isoformat(), "")
        yield dict(zip(DIRECTORY_COLUMNS, values, strict=True))


def person_columns(
    rng: Random, payroll: Payroll, area: str, number: int, agency: str, with_police: bool, born: date, known: int
) -> dict[str, str]:
    """Return the columns that say who somebody is and who manages them; ``known`` is the year of the PNC number."""
    unit = f"{area} {rng.choice(UNIT_SUFFIXES)}"
    manager = rng.choice(payroll.officers[agency, unit])
    police = manager if agency == "police" else rng.choice(payroll.officers["police", unit])
    sex = "male" if rng.random() < 0.93 else "female"
    forenames = " ".join(rng.sample(FORENAMES[sex], 2 if rng.random() < 0.3 else 1))
    return {
        "crn": crn_of(number),
        "pnc_number": pnc_of(number, known),
        "surname": surname_of(rng),
        "forenames": forenames,
        "date_of_birth": born.isoformat(),
        "sex": sex,
        "area": area,
        "unit": unit,
        "lead_agency": agency,
        "offender_manager": manager.name,
        "offender_manager_email": manager.email,
        "line_manager_email": payroll.managers[agency, unit].email,
        "police_offender_manager": police.name if with_police else "",
        "police_offender_manager_email": police.email if with_police else "",
    }
