"""Visits as a schedule from the plan: dates by hand, the source beside them.

Joint inspection 2015, 5.15 to 5.16 (who, how often, announced or not), 6.26 to 6.28. Rob (3.5) was visited three times,
each time announced. Released on Fri 12 March 2027; bank holidays: 26 and 29 March, 3 and 31 May 2027.
"""

from dataclasses import replace
from datetime import date

import pytest

from casework.facts.outside import schedules
from policy.custody import Stay
from policy.facts import CaseFacts
from policy.kinds import Community
from policy.outside import Outside, Schedule, VisitFact
from policy.vocabulary import Location
from tests.policy.test_meeting_dates_by_hand import came_of, days, facts, of_kind

SENTENCED, RELEASE, RECALLED = date(2023, 11, 12), date(2027, 3, 12), date(2027, 5, 4)
PLANNED = date(2027, 2, 1)
POLICE = Schedule("police", False, PLANNED, ((PLANNED, 14),))
OUT = facts(
    location=Location.COMMUNITY,
    stays=(Stay(Location.CUSTODY, SENTENCED, RELEASE), Stay(Location.COMMUNITY, RELEASE)),
    opened_on=SENTENCED,
)
BACK = replace(
    OUT,
    location=Location.CUSTODY,
    stays=(OUT.stays[0], Stay(Location.COMMUNITY, RELEASE, RECALLED), Stay(Location.CUSTODY, RECALLED)),
)


def visit(on: date, *, announced: bool = False, agency: str = "police", seen: bool = True) -> VisitFact:
    return VisitFact(on, agency, announced, seen)


def visited(case: CaseFacts, schedule: Schedule, *made: VisitFact) -> CaseFacts:
    return replace(case, outside=Outside(schedules=(schedule,), visits=made))


def told(case: CaseFacts) -> list[tuple[str, str, date | None]]:
    return [(due.isoformat(), *came_of(item)) for item, due, _ in of_kind(Community.VISIT, case)]


def test_a_visit_is_due_two_weeks_after_the_release_and_then_after_each_visit() -> None:
    """From Fri 12 March every two weeks: Fri 26, Good Friday. Nobody is reminded before Tue 30, the first
    working day after it, past Easter Monday; the tenth is Mon 12 April.
    """
    [(item, due, steps)] = of_kind(Community.VISIT, visited(OUT, POLICE))
    assert str(item.subject) == "un police:2027-03-12"
    assert (due, item.owner_role, item.label) == (date(2027, 3, 26), "police_offender_manager", "police, unannounced")
    assert days(steps) == [("+1W", "2027-03-30"), ("+10W", "2027-04-12")]
    assert steps[-1].to == ("line_manager", "coordinator"), "no unannounced visit in the period is told"
    first, second = date(2027, 3, 24), date(2027, 4, 9)
    assert told(visited(OUT, POLICE, visit(first), visit(second))) == [
        ("2027-03-26", "met", first), ("2027-04-07", "met", second), ("2027-04-23", "", None),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("made", "met"),
    [
        (visit(date(2027, 3, 24), announced=True), False),
        (visit(date(2027, 3, 24), seen=False), False),
        (visit(date(2027, 3, 24), agency="probation"), False),
        # Inside, before the release: not where they live.
        (visit(date(2027, 3, 2)), False),
        (visit(date(2027, 3, 24)), True),
    ],
)
def test_only_what_the_plan_promises_meets_it(made: VisitFact, met: bool) -> None:
    assert (told(visited(OUT, POLICE, made))[0][1] == "met") is met


def test_an_unannounced_visit_counts_where_the_plan_announces_them() -> None:
    announced = replace(POLICE, announced=True)
    assert told(visited(OUT, announced, visit(date(2027, 3, 24))))[0] == ("2027-03-26", "met", date(2027, 3, 24))


@pytest.mark.parametrize(
    ("case", "schedule", "expected"),
    [
        (BACK, POLICE, [("2027-03-26", "missed", RECALLED)]),
        # A later plan has it no more.
        (OUT, replace(POLICE, until=date(2027, 4, 20)), [("2027-03-26", "missed", date(2027, 4, 20))]),
        # A plan of 1 April: the visits begin with it, for an agency that leads or one that does not.
        (OUT, Schedule("probation", True, date(2027, 4, 1), ((date(2027, 4, 1), 7),)), [("2027-04-08", "", None)]),
        # Once a month from the newer version on: what is open follows it.
        (OUT, replace(POLICE, days=((PLANNED, 14), (date(2027, 3, 20), 30))), [("2027-04-11", "", None)]),
    ],
)
def test_the_plan_and_where_the_person_is_say_which_are_due(
    case: CaseFacts, schedule: Schedule, expected: list[tuple[str, str, date | None]]
) -> None:
    assert told(visited(case, schedule)) == expected


def planned(agency: str, how_often: str, announced: bool) -> dict[str, object]:
    return {"agency": agency, "by": "Priya", "how_often": how_often, "announced": announced}


def test_the_schedule_is_read_from_the_words_of_each_version_of_the_plan() -> None:
    first, second, third = date(2026, 10, 20), date(2027, 2, 1), date(2027, 5, 3)
    versions = [
        (first, [planned("police", "Every two weeks", False), planned("probation", "As needed", True)]),
        (second, [planned("police", "Once a month", False), planned("probation", "Weekly", True)]),
        (third, [planned("probation", "Weekly", True)]),
    ]
    assert list(schedules(versions)) == [
        Schedule("police", False, first, ((first, 14), (second, 30)), third),
        Schedule("probation", True, second, ((second, 7), (third, 7))),
    ]
