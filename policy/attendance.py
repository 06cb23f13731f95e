"""Who must be at a meeting, worked out from the case, and at which grade (Joint inspection 2015, 5.6, 5.7, 6.47)."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from policy.agencies import Agency
from policy.calendar import age_on
from policy.custody import Stay, place_on
from policy.numbers import AttendanceNumbers
from policy.vocabulary import Category, Level, Location

# The reason for an agency that a referral wants; the referrer's own words follow it.
ASKED_FOR = "asked for in the referral"


@dataclass(frozen=True, slots=True)
class CaseForAttendance:
    """What the list of required agencies follows from.

    ``circumstances``: what is known of how the person lives, by the names of the policy. ``wanted``: the agencies
    that the referral asks for, each with its reason. ``door_opens_on``: the day on which the person leaves custody.
    ``victim_area``: the area in which the victim lives, where that is another; ``other_area``: one that has a part.
    """

    category: Category | None
    lead_agency: str
    location: Location
    door_opens_on: date | None
    date_of_birth: date
    circumstances: Mapping[str, bool] = field(default_factory=dict)
    local_authority: str | None = None
    victim_area: str | None = None
    other_area: str | None = None
    wanted: Sequence[tuple[str, str]] = ()


@dataclass(frozen=True, slots=True)
class CaseOverTime:
    """What the list of required agencies follows from, with the days from which it held.

    ``undated`` is what the record keeps without a day. ``stays`` are where the person has been. ``told``: the
    circumstances told on a day, by the names of the policy, and the local authority; of two told on one day the later
    one stands. ``referrals``: the agencies that each complete
    referral asks for, by the day on which it was received.
    """

    undated: "Undated"
    stays: Sequence[Stay]
    date_of_birth: date
    told: Sequence[tuple[date, Mapping[str, Any]]] = ()
    referrals: Sequence[tuple[date, Sequence[tuple[str, str]]]] = ()


@dataclass(frozen=True, slots=True)
class Undated:
    """What the record keeps of a case without a day: category, lead agency, what a file tells of it.

    And ``door_opens_on``, the day on which the person is to leave custody.
    """

    category: Category | None
    lead_agency: str
    door_opens_on: date | None = None
    circumstances: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Required:
    """An agency that must be there, and why, in words for the one who is invited.

    ``place``: the local authority whose office is the right one, where that matters. ``area``: another area than the
    case's, whose people are the right ones.
    """

    agency: str
    reason: str
    place: str | None = None
    area: str | None = None


def required_on(known: CaseOverTime, day: date, numbers: AttendanceNumbers) -> list[Required]:
    """Return the agencies that must be at a meeting on a day: by what held on that day, whenever it was recorded."""
    return required(case_on(known, day), day, numbers)


def case_on(known: CaseOverTime, day: date) -> CaseForAttendance:
    """Return the case as it was, or is known to be, on a day."""
    circumstances = dict(known.undated.circumstances)
    for told_on, told in sorted(known.told, key=lambda one: one[0]):
        if told_on <= day:
            circumstances |= told
    received = [one for one in sorted(known.referrals, key=lambda one: one[0]) if one[0] <= day]
    return CaseForAttendance(
        category=known.undated.category,
        lead_agency=known.undated.lead_agency,
        location=place_on(known.stays, day),
        door_opens_on=release_ahead(known, day),
        date_of_birth=known.date_of_birth,
        circumstances={name: value for name, value in circumstances.items() if isinstance(value, bool)},
        local_authority=circumstances.get("local_authority"),
        victim_area=circumstances.get("victim_area"),
        other_area=circumstances.get("other_area"),
        wanted=received[-1][1] if received else (),
    )


def guest_area(known: CaseOverTime, day: date) -> str | None:
    """Return the other area that has a part in the case on a day: its coordinator is invited, and need not come."""
    return case_on(known, day).other_area


def release_ahead(known: CaseOverTime, day: date) -> date | None:
    """Return when the person, in custody on a day, was to leave it, as it was known; else when they did.

    None outside custody.
    """
    if place_on(known.stays, day) is not Location.CUSTODY:
        return None
    left = (stay.since for stay in known.stays if stay.since > day and stay.location is Location.COMMUNITY)
    return known.undated.door_opens_on or min(left, default=None)


def required(case: CaseForAttendance, on: date, numbers: AttendanceNumbers) -> list[Required]:
    """Return the agencies that must be at a meeting on a day, each once, with the first reason that asks for it.

    The lead agency; core members; those that the case or its circumstances ask for, in the order of the policy; the
    agencies the referral wants.
    """
    found: dict[str, Required] = {}
    for one in candidates(case, on, numbers):
        found.setdefault(one.agency, one)
    return list(found.values())


def candidates(case: CaseForAttendance, on: date, numbers: AttendanceNumbers) -> Iterator[Required]:
    """Yield every reason for an agency to be there, the weightiest first."""
    yield Required(case.lead_agency, "lead agency")
    for agency in numbers.core:
        yield Required(agency, "core member")
    holds = {**case.circumstances, **shown_by(case, on, numbers)}
    for rule in numbers.required.values():
        if holds.get(rule.when):
            place = case.local_authority if rule.by_local_authority else None
            # The victim liaison officer is that of the area in which the victim lives (joint inspection 2015, 6.24).
            elsewhere = case.victim_area if rule.agency == Agency.VICTIM_LIAISON else None
            yield Required(rule.agency, rule.because, place, elsewhere)
    for agency, why in case.wanted:
        yield Required(agency, f"{ASKED_FOR}: {why}" if why else ASKED_FOR)


def shown_by(case: CaseForAttendance, on: date, numbers: AttendanceNumbers) -> dict[str, bool]:
    """Return what the case itself shows, by the names of ``policy.numbers.SHOWN_BY_THE_CASE``."""
    return {
        "in_custody": case.location is Location.CUSTODY,
        "in_hospital": case.location is Location.HOSPITAL,
        "category_4": case.category == Category.TERRORIST,
        "under_age": age_on(case.date_of_birth, on) < numbers.adult_age,
        "near_release": near_release(case, on, numbers),
    }


def near_release(case: CaseForAttendance, on: date, numbers: AttendanceNumbers) -> bool:
    """Tell whether neighbourhood policing is concerned: in the community, or soon.

    The weeks before release count from the day on which the door opens (Criminal Justice Act 1961 s.23).
    """
    if case.location is Location.COMMUNITY:
        return True
    weeks = timedelta(weeks=numbers.neighbourhood_policing_weeks)
    return case.door_opens_on is not None and case.door_opens_on <= on + weeks


def below_minimum(agency: str, grade: str | None, level: int, numbers: AttendanceNumbers) -> str | None:
    """Return the minimum grade where somebody attends level 3 below it, else None.

    A grade that is not on the list, or none, is taken as below: somebody says why it will do.
    """
    if level != Level.SENIOR_MULTI_AGENCY or agency not in numbers.level_3_minimum:
        return None
    minimum = numbers.level_3_minimum[agency]
    least, rank = rank_of(agency, minimum, numbers), rank_of(agency, grade, numbers)
    return minimum if rank is None or least is None or rank < least else None


def rank_of(agency: str, grade: str | None, numbers: AttendanceNumbers) -> int | None:
    """Return how high a grade stands in its agency, from 0; None where it is not on the list."""
    written = " ".join((grade or "").lower().replace(".", "").split())
    return next((rank for rank, names in enumerate(numbers.grades.get(agency, ())) if written in names), None)
