"""Who must be at a meeting, from the case (Joint inspection 2015, 5.4 to 5.7), and which grade will do at level 3."""

from datetime import date

import pytest

from policy.attendance import CaseForAttendance, below_minimum, required
from policy.vocabulary import Category, Location
from tests.policy.test_dates_by_hand import POLICY

NUMBERS = POLICY.attendance
ON = date(2026, 10, 14)
BORN = date(1985, 3, 4)


def agencies(on: date = ON, **changes) -> list[str]:
    values = {"category": Category.VIOLENT_OR_OTHER_SEXUAL, "lead_agency": "probation", "location": Location.CUSTODY,
              "door_opens_on": date(2027, 3, 12), "date_of_birth": BORN, "circumstances": {}}  # fmt: skip
    return [one.agency for one in required(CaseForAttendance(**(values | changes)), on, NUMBERS)]


def test_the_core_and_the_prison_are_always_there_in_custody():
    assert agencies() == ["probation", "police", "prison"]


@pytest.mark.parametrize(
    ("changes", "agency", "source"),
    [
        ({"circumstances": {"victim_contact": True}}, "victim_liaison", "5.26, 6.23"),
        ({"circumstances": {"approved_premises": True}}, "approved_premises", "6.20"),
        ({"circumstances": {"tagged": True}}, "electronic_monitoring", "6.67: never invited"),
        ({"circumstances": {"children_at_risk": True}}, "childrens_social_care", "6.47"),
        ({"circumstances": {"adult_at_risk": True}}, "adults_social_care", "6.47"),
        ({"circumstances": {"general_practice": True}}, "general_practice", "6.54"),
        ({"circumstances": {"immigration": True}}, "immigration_enforcement", "2.3"),
        ({"circumstances": {"employment_restrictions": True}}, "jobcentre", "6.68"),
        ({"circumstances": {"registered_social_landlord": True}}, "registered_social_landlord", "6.62"),
        ({"circumstances": {"domestic_abuse": True}}, "domestic_abuse_service", "Durham 2005-06: MARAC"),
        ({"circumstances": {"personality_disorder": True}}, "psychology", "London 2013-14: the PD pathway"),
        ({"circumstances": {"drugs_or_alcohol": True}}, "drug_and_alcohol_service", "our default"),
        ({"category": Category.TERRORIST}, "counter_terrorism_unit", "6.32"),
        ({"date_of_birth": date(2009, 1, 1)}, "yot", "youth: YOT leads"),
        ({"date_of_birth": date(2009, 1, 1)}, "childrens_social_care", "youth"),
        ({"location": Location.HOSPITAL}, "mental_health", "mental health service"),
        ({"location": Location.COMMUNITY, "door_opens_on": None}, "neighbourhood_policing", "5.7"),
        ({"wanted": [("housing", "no home")]}, "housing", "4.8: each agency the referral wants"),
    ],
)
def test_each_circumstance_brings_its_agency(changes, agency, source):
    assert agency not in agencies()
    assert agency in agencies(**changes)


@pytest.mark.parametrize(
    ("on", "there"), [(date(2026, 12, 17), False), (date(2026, 12, 18), True)], ids=["85 days before", "twelve weeks"]
)
def test_neighbourhood_policing_comes_from_twelve_weeks_before_release(on, there):
    assert ("neighbourhood_policing" in agencies(on)) is there


def test_an_agency_is_required_once_whatever_asks_for_it():
    found = agencies(wanted=[("police", "visits"), ("prison", "conduct")], lead_agency="police")
    assert sorted(found) == ["police", "prison", "probation"]


def test_social_care_is_that_of_the_right_place():
    case = CaseForAttendance(
        Category.REGISTERED_SEXUAL_OFFENDER, "probation", Location.COMMUNITY, None, BORN,
        {"children_at_risk": True}, "Camden",
    )  # fmt: skip
    places = {one.agency: one.place for one in required(case, ON, NUMBERS)}
    assert places["childrens_social_care"] == "Camden"
    assert places["probation"] is None


@pytest.mark.parametrize(
    ("grade", "level", "minimum"),
    [
        ("Superintendent", 3, None),
        ("Chief Inspector", 3, None),
        ("DCI", 3, None),
        ("Det. Supt", 3, None),
        ("Detective Inspector", 3, "chief inspector"),
        ("PC", 3, "chief inspector"),
        (None, 3, "chief inspector"),
        ("Community liaison", 3, "chief inspector"),
        ("PC", 2, None),
    ],
)
def test_police_at_level_3_are_chief_inspector_or_above(grade, level, minimum):
    """Joint inspection 2015, 5.6; our default: Chief Inspector or above, lower with a recorded reason."""
    assert below_minimum("police", grade, level, NUMBERS) == minimum
    assert below_minimum("housing", grade, level, NUMBERS) is None
