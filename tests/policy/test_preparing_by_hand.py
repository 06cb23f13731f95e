"""What prepares meetings and releases, and what follows outside: dates by hand, the source beside each.

Darren (joint inspection 2015, 3.7) is to be released on Fri 12 March 2027. Bank holidays: 25 and 28 December 2026;
1 January, 26 and 29 March and 3 May 2027.
"""

from dataclasses import replace
from datetime import date

import pytest

from policy.custody import Stay
from policy.facts import AbsenceFact, CaseFacts, MeetingFact
from policy.kinds import Community, Kind, Meetings, Release
from policy.outside import HomeFact, Outside
from policy.subjects import Subject, row
from policy.vocabulary import Dwelling, Location
from tests.policy.test_meeting_dates_by_hand import came_of, days, facts, meeting, of_kind

SENTENCED, RELEASE = date(2023, 11, 12), date(2027, 3, 12)
INSIDE = facts(
    location=Location.CUSTODY,
    release_date=RELEASE,
    stays=(Stay(Location.CUSTODY, SENTENCED),),
    opened_on=SENTENCED,
    licence_until=date(2030, 7, 12),
)
OUT = replace(
    INSIDE,
    location=Location.COMMUNITY,
    release_date=None,
    stays=(Stay(Location.CUSTODY, SENTENCED, RELEASE), Stay(Location.COMMUNITY, RELEASE)),
)
RECALLED = date(2027, 5, 4)
BACK = replace(
    INSIDE,
    release_date=date(2027, 11, 26),
    stays=(*OUT.stays[:1], Stay(Location.COMMUNITY, RELEASE, RECALLED), Stay(Location.CUSTODY, RECALLED)),
)


def home(number: int, told_on: date, dwelling: Dwelling, since: date = RELEASE, until: date | None = None) -> HomeFact:
    return HomeFact(Subject("home", row=number), told_on, dwelling, since, until)


def with_homes(case: CaseFacts, *homes: HomeFact) -> CaseFacts:
    return replace(case, outside=replace(case.outside, homes=homes))


def only(kind: Kind, case: CaseFacts) -> tuple[str, list[tuple[str, str]], tuple[str, date | None]]:
    """Return the due day, the prompts and what came of the one duty of a kind."""
    [(item, due, steps)] = of_kind(kind, case)
    return due.isoformat(), days(steps), came_of(item)


def test_licence_conditions_are_proposed_eight_weeks_before_release() -> None:
    """12 March less 56 days is Fri 15 January; two weeks before it is New Year's Day, so Thu 31 December."""
    due, prompts, came = only(Release.LICENCE_CONDITIONS, INSIDE)
    assert (due, came) == ("2027-01-15", ("", None))
    assert prompts == [("-2 weeks", "2026-12-31"), ("due", "2027-01-15"), ("+5W", "2027-01-22")]


@pytest.mark.parametrize(
    ("case", "came"),
    [
        (replace(INSIDE, licence_proposed_on=(date(2027, 1, 11),)), [("met", date(2027, 1, 11))]),
        (replace(OUT, licence_proposed_on=(date(2027, 1, 11),)), [("met", date(2027, 1, 11))]),
        (OUT, [("missed", RELEASE)]),
        # What was proposed before the first release says nothing of the next one.
        (replace(BACK, licence_proposed_on=(date(2027, 1, 11),)), [("met", date(2027, 1, 11)), ("", None)]),
        # Jon (joint inspection 2015, 5.21): released at the end of his sentence, without a licence.
        (replace(INSIDE, licence_until=None), []),
        (replace(INSIDE, licence_until=RELEASE), []),
    ],
)
def test_they_belong_to_one_release_and_to_a_licence(case: CaseFacts, came: list[tuple[str, date | None]]) -> None:
    assert [came_of(item) for item, _, _ in of_kind(Release.LICENCE_CONDITIONS, case)] == came


def test_housing_is_found_four_weeks_before_release_or_told_up_the_ladder() -> None:
    """12 March less 28 days is Fri 12 February; asked four weeks before it, and told up from Mon 15 February on."""
    due, prompts, came = only(Release.RELEASE_HOUSING, INSIDE)
    assert (due, came) == ("2027-02-12", ("", None))
    assert prompts == [
        ("-4 weeks", "2027-01-15"), ("due", "2027-02-12"), ("+1W", "2027-02-15"), ("+10W", "2027-02-26"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("dwelling", "came"),
    [
        (Dwelling.APPROVED_PREMISES, ("met", date(2027, 2, 1))),
        (Dwelling.FAMILY_OR_FRIENDS, ("met", date(2027, 2, 1))),
        (Dwelling.NONE_FOUND, ("", None)),
    ],
)
def test_that_nothing_was_found_is_no_answer(dwelling: Dwelling, came: tuple[str, date | None]) -> None:
    assert only(Release.RELEASE_HOUSING, with_homes(INSIDE, home(1, date(2027, 2, 1), dwelling)))[2] == came


def test_the_move_from_approved_premises_is_planned_from_the_eighth_week() -> None:
    """Norfolk 2018-19: a place for twelve weeks. From Fri 12 March, eight weeks are Fri 7 May, twelve Fri 4 June."""
    stay = home(1, date(2027, 2, 1), Dwelling.APPROVED_PREMISES, until=date(2027, 6, 4))
    due, prompts, came = only(Community.MOVE_ON_PLAN, with_homes(OUT, stay))
    assert (due, came) == ("2027-05-07", ("", None))
    assert prompts == [
        ("-2 weeks", "2027-04-23"), ("due", "2027-05-07"), ("+5W", "2027-05-14"), ("+10W", "2027-05-21"),
    ]  # fmt: skip
    assert of_kind(Community.MOVE_ON_PLAN, with_homes(INSIDE, stay)) == [], "nobody moves on who has not come"


def test_a_short_stay_is_planned_for_before_its_end() -> None:
    """A stay that ends on Sat 1 May: by the day before, Fri 30 April, though eight weeks are 7 May."""
    stay = home(1, date(2027, 2, 1), Dwelling.APPROVED_PREMISES, until=date(2027, 5, 1))
    assert only(Community.MOVE_ON_PLAN, with_homes(OUT, stay))[0] == "2027-04-30"


@pytest.mark.parametrize(
    ("case", "homes", "came"),
    [
        (OUT, [(Dwelling.SOCIAL_LANDLORD, date(2027, 5, 20))], [("met", date(2027, 5, 20))]),
        (OUT, [(Dwelling.NONE_FOUND, date(2027, 5, 20))], [("", None)]),
        # Told again, with a later end: the same stay.
        (OUT, [(Dwelling.APPROVED_PREMISES, date(2027, 5, 20))], [("", None)]),
        (BACK, [], [("missed", RECALLED)]),
    ],
)
def test_the_next_home_meets_it_and_a_recall_overtakes_it(
    case: CaseFacts, homes: list[tuple[Dwelling, date]], came: list[tuple[str, date | None]]
) -> None:
    later = [home(place + 2, on, dwelling) for place, (dwelling, on) in enumerate(homes)]
    stay = home(1, date(2027, 2, 1), Dwelling.APPROVED_PREMISES, until=date(2027, 6, 4))
    found = of_kind(Community.MOVE_ON_PLAN, with_homes(case, stay, *later))
    assert [came_of(item) for item, _, _ in found] == came
    assert {item.subject for item, _, _ in found} == {stay.subject}


def restricted(case: CaseFacts, since: date | None, *told: date) -> CaseFacts:
    known = Outside(work_restricted_since=since, jobcentre_told_on=told)
    return replace(case, circumstances=frozenset({"employment_restrictions"}), outside=known)


def test_jobcentre_plus_is_told_in_the_first_working_days() -> None:
    """Joint inspection 2015, 6.68. Released on Fri 12 March: Fri 19; five working days on, over Easter: Tue 30."""
    due, prompts, came = only(Community.JOBCENTRE_NOTICE, restricted(OUT, date(2026, 9, 9)))
    assert (due, came) == ("2027-03-19", ("", None))
    assert prompts == [("due", "2027-03-19"), ("+5W", "2027-03-30")]


@pytest.mark.parametrize(
    ("case", "expected"),
    [
        # Known only on Thu 1 April: five working days on is Thu 8 April.
        (restricted(OUT, date(2027, 4, 1)), [("2027-04-08", "", None)]),
        # Told in the last weeks inside: not again at the release.
        (restricted(OUT, date(2026, 9, 9), date(2027, 3, 1)), [("2027-03-19", "met", date(2027, 3, 1))]),
        (restricted(BACK, date(2026, 9, 9)), [("2027-03-19", "missed", RECALLED)]),
        (restricted(INSIDE, date(2026, 9, 9)), []),
        (OUT, []),
    ],
)
def test_it_is_asked_once_each_time_outside(case: CaseFacts, expected: list[tuple[str, str, date | None]]) -> None:
    found = of_kind(Community.JOBCENTRE_NOTICE, case)
    assert [(due.isoformat(), *came_of(item)) for item, due, _ in found] == expected


MEETS = date(2027, 1, 27)


def meets(*, held: bool, **more) -> tuple[MeetingFact, ...]:
    return (meeting(2, MEETS, held=held, planned_on=date(2026, 10, 14), **more),)


def test_the_prison_reports_before_each_meeting_of_somebody_inside() -> None:
    """Joint inspection 2015, 6.40; met on Wed 27 January: five working days before is Wed 20, ten Wed 13."""
    due, prompts, came = only(Meetings.PRISON_REPORT, replace(INSIDE, meetings=meets(held=False)))
    assert (due, came) == ("2027-01-20", ("", None))
    assert prompts == [("-5W", "2027-01-13"), ("due", "2027-01-20"), ("+3W", "2027-01-25")]


@pytest.mark.parametrize(
    ("case", "came"),
    [
        (replace(INSIDE, meetings=meets(held=False), prison_reported_on=(date(2027, 1, 18),)),
         [("met", date(2027, 1, 18))]),
        # It came instead: nobody asks for a report any more. It stayed away: its absence is followed up.
        (replace(INSIDE, meetings=meets(held=True)), [("met", MEETS)]),
        (replace(INSIDE, meetings=meets(held=True, absences=(AbsenceFact("prison", 1, ("", "")),))),
         [("missed", MEETS)]),
        # A report to the meeting before is none to this one.
        (replace(INSIDE, meetings=(meeting(1, date(2026, 10, 14)), *meets(held=False)),
                 prison_reported_on=(date(2026, 10, 12),)), [("met", date(2026, 10, 12)), ("", None)]),
        # Released before the meeting, or to be: the prison holds the person no more.
        (replace(OUT, meetings=(meeting(2, date(2027, 3, 24), held=False),)), []),
        (replace(INSIDE, meetings=(meeting(2, date(2027, 3, 24), held=False),)), []),
    ],
)  # fmt: skip
def test_a_report_belongs_to_the_meeting_it_comes_before(case: CaseFacts, came: list[tuple[str, date | None]]) -> None:
    found = of_kind(Meetings.PRISON_REPORT, case)
    assert [came_of(item) for item, _, _ in found] == came
    assert {item.subject for item, _, _ in found} <= {row(1), row(2)}
