"""What a meeting lacked though it was held, and who came again (joint inspection 2015, 5.4, 5.5, 5.7, 6.32)."""

import pytest

from policy.at_the_table import Seat, came_again, must_inform_at, not_informed_by, without_practitioner
from policy.vocabulary import Attendance
from tests.policy.test_dates_by_hand import POLICY

CAME, REPORTED, SORRY, ABSENT = Attendance
CTU = "counter_terrorism_unit"


def seat(agency: str, name: str = "Somebody", status: Attendance | None = CAME, *, required: bool = True) -> Seat:
    return Seat(agency, name, required, status)


@pytest.mark.parametrize(
    ("seats", "silent"),
    [
        ([seat(CTU, status=ABSENT)], [CTU]),
        ([seat(CTU, status=SORRY), seat(CTU, "Another", ABSENT)], [CTU]),
        ([seat(CTU, status=REPORTED)], []),
        ([seat(CTU), seat(CTU, "Another", SORRY)], []),
        ([seat(CTU, status=ABSENT, required=False)], []),
        ([seat("housing", status=ABSENT)], []),
        ([seat(CTU, status=None)], []),
        ([], []),
    ],
    ids=["absent", "apologies of all", "an update", "one of two came", "not required", "another agency", "not known",
         "nobody listed"],
)  # fmt: skip
def test_without_the_counter_terrorism_unit_a_meeting_is_not_fully_informed(seats, silent) -> None:
    assert not_informed_by(seats, [CTU]) == silent


@pytest.mark.parametrize(("level", "silent"), [(2, []), (3, ["psychology"])])
def test_at_level_3_the_psychologist_of_the_pathway_must_inform_it_too(level: int, silent) -> None:
    """A level 3 meeting on somebody on the pathway has the psychologist's report (London annual report 2013-14)."""
    seats = [seat("psychology", status=ABSENT)]
    assert not_informed_by(seats, must_inform_at(level, POLICY.attendance)) == silent


@pytest.mark.parametrize(
    ("seats", "without"),
    [
        ([seat("police", "Rae")], [("police", "Priya Example")]),
        ([seat("police", "Rae"), seat("police", "PRIYA  EXAMPLE")], []),
        ([seat("police", "Rae"), seat("police", "Priya Example", REPORTED)], []),
        ([seat("police", "Rae"), seat("police", "Priya Example", SORRY)], [("police", "Priya Example")]),
        ([seat("police", "Priya Example", ABSENT)], []),
        ([seat("housing", "Hana")], []),
    ],
    ids=["the manager alone", "both", "and a report", "and apologies", "the agency stayed away", "not of these"],
)
def test_the_practitioner_comes_or_reports_not_only_the_manager(seats, without) -> None:
    assert list(without_practitioner(seats, {"police": "Priya Example"})) == without


def test_an_agency_that_names_nobody_is_told() -> None:
    """Some police forces had no named offender manager for violent offenders (5.5)."""
    assert list(without_practitioner([seat("police", "Rae")], {"police": ""})) == [("police", "")]


def test_the_same_person_came_again_or_another_did() -> None:
    before = [seat("police", "Priya"), seat("housing", "Hana"), seat("health", "Holger"), seat("prison", "Opal", SORRY)]
    now = [seat("police", "Rae"), seat("police", "priya"), seat("housing", "Hugo"), seat("prison", "Opal"),
           seat("health", "Holger", ABSENT)]  # fmt: skip
    assert came_again(now, before) == {"police": True, "housing": False}
    assert came_again(now, []) == {}
