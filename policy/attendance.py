"""Who must be at a meeting, worked out from the case (``domain.md`` 2.8), and at which grade."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from policy.calendar import age_on
from policy.numbers import AttendanceNumbers
from policy.vocabulary import Agency, Category, Level, Location


@dataclass(frozen=True, slots=True)
class Circumstances:
    """What is known of where and how the person lives, beyond the sentence; each is asked for in the referral."""

    approved_premises: bool = False
    tagged: bool = False
    children_at_risk: bool = False
    adult_at_risk: bool = False
    general_practice: bool = False
    immigration: bool = False
    employment_restrictions: bool = False
    registered_social_landlord: bool = False
    local_authority: str | None = None
    victim_contact: bool = False


@dataclass(frozen=True, slots=True)
class CaseForAttendance:
    """What the list of required agencies follows from."""

    category: Category | None
    lead_agency: str
    location: Location
    release_date: date | None
    date_of_birth: date
    circumstances: Circumstances
    wanted: Sequence[tuple[str, str]] = ()


@dataclass(frozen=True, slots=True)
class Required:
    """An agency that must be there, and why, in words for the one who is invited.

    ``place``: the local authority whose office is the right one, where that matters.
    """

    agency: Agency
    reason: str
    place: str | None = None


def required(case: CaseForAttendance, on: date, numbers: AttendanceNumbers) -> list[Required]:
    """Return the agencies that must be at a meeting on a day, each once, with the first reason that asks for it.

    Core members; the agencies the referral wants; victim liaison where there is victim contact; approved
    premises; electronic monitoring when tagged; social care for children or adults, of the right place; the
    prison while in custody; neighbourhood policing from shortly before release; the counter-terrorism unit for
    category 4; the general practice where health facts are wanted.
    """
    found: dict[Agency, Required] = {}
    for one in candidates(case, on, numbers):
        found.setdefault(one.agency, one)
    return list(found.values())


def candidates(case: CaseForAttendance, on: date, numbers: AttendanceNumbers) -> Iterator[Required]:
    """Yield every reason for an agency to be there, the weightiest first."""
    yield Required(Agency(case.lead_agency), "lead agency")
    for agency in numbers.core:
        yield Required(agency, "core member")
    for holds, agency, reason, place in by_circumstance(case, on, numbers):
        if holds:
            yield Required(agency, reason, place)
    for agency_name, why in case.wanted:
        yield Required(Agency(agency_name), f"asked for in the referral: {why}" if why else "asked for in the referral")


def by_circumstance(
    case: CaseForAttendance, on: date, numbers: AttendanceNumbers
) -> Iterator[tuple[bool, Agency, str, str | None]]:
    """Yield each circumstance that asks for an agency: whether it holds, the agency, why, and the place that counts."""
    about, place = case.circumstances, case.circumstances.local_authority
    young = age_on(case.date_of_birth, on) < numbers.adult_age
    where = case.location
    yield where is Location.CUSTODY, Agency.PRISON, "the person is in custody", None
    yield case.category == Category.TERRORIST, Agency.COUNTER_TERRORISM_UNIT, "category 4", None
    yield about.victim_contact, Agency.VICTIM_LIAISON, "there is victim contact", None
    yield (
        about.approved_premises,
        Agency.APPROVED_PREMISES,
        "the person lives, or is to live, in approved premises",
        None,
    )
    yield about.tagged, Agency.ELECTRONIC_MONITORING, "the person is, or is to be, tagged", None
    yield about.children_at_risk, Agency.CHILDRENS_SOCIAL_CARE, "a child may be at risk", place
    yield young, Agency.CHILDRENS_SOCIAL_CARE, "the person is under age", place
    yield young, Agency.YOT, "the person is under age", None
    yield about.adult_at_risk, Agency.ADULTS_SOCIAL_CARE, "an adult with care needs may be at risk", place
    yield where is Location.HOSPITAL, Agency.MENTAL_HEALTH, "the person is in hospital", None
    yield about.immigration, Agency.IMMIGRATION_ENFORCEMENT, "immigration matters", None
    yield (
        about.registered_social_landlord,
        Agency.REGISTERED_SOCIAL_LANDLORD,
        "the person is, or is to be, their tenant",
        place,
    )
    yield about.employment_restrictions, Agency.JOBCENTRE, "employment restrictions", None
    soon = near_release(case, on, numbers)
    yield soon, Agency.NEIGHBOURHOOD_POLICING, "the person is, or is soon to be, in the community", place
    yield about.general_practice, Agency.GENERAL_PRACTICE, "health facts are wanted of the general practice", None


def near_release(case: CaseForAttendance, on: date, numbers: AttendanceNumbers) -> bool:
    """Tell whether neighbourhood policing is concerned: in the community, or soon."""
    if case.location is Location.COMMUNITY:
        return True
    weeks = timedelta(weeks=numbers.neighbourhood_policing_weeks)
    return case.release_date is not None and case.release_date <= on + weeks


def below_minimum(agency: str, grade: str | None, level: int, numbers: AttendanceNumbers) -> str | None:
    """Return the minimum grade where somebody attends level 3 below it, else None.

    A grade that is not on the list, or none, is taken as below: somebody says why it will do.
    """
    if level != Level.SENIOR_MULTI_AGENCY or agency not in numbers.level_3_minimum:
        return None
    minimum = numbers.level_3_minimum[Agency(agency)]
    least, rank = rank_of(Agency(agency), minimum, numbers), rank_of(Agency(agency), grade, numbers)
    return minimum if rank is None or least is None or rank < least else None


def rank_of(agency: Agency, grade: str | None, numbers: AttendanceNumbers) -> int | None:
    """Return how high a grade stands in its agency, from 0; None where it is not on the list."""
    written = " ".join((grade or "").lower().replace(".", "").split())
    return next((rank for rank, names in enumerate(numbers.grades.get(agency, ())) if written in names), None)
