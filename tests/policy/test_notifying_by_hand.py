"""What the police are told of who must notify them, and what is decided of the missing: dates by hand, with the source.

Darren, here a registered sexual offender, left prison on Fri 12 March 2027. Bank holidays: 26 and 29 March, 3 and
31 May, 30 August, 27 and 28 December 2027.
"""

from dataclasses import replace
from datetime import date

import pytest

from policy.custody import Stay
from policy.events import EventKind
from policy.facts import ActionFact, CaseFacts, EventFact
from policy.kinds import Community, Events, Kind
from policy.outside import DetailsFact, JourneyFact, Outside
from policy.subjects import Subject, row
from policy.vocabulary import Category, Location
from tests.policy.test_meeting_dates_by_hand import came_of, days, facts, of_kind

SENTENCED, RELEASE, RECALLED = date(2023, 11, 12), date(2027, 3, 12), date(2028, 1, 20)
SEXUAL = frozenset({Category.REGISTERED_SEXUAL_OFFENDER})
OUT = facts(
    location=Location.COMMUNITY,
    stays=(Stay(Location.CUSTODY, SENTENCED, RELEASE), Stay(Location.COMMUNITY, RELEASE)),
    opened_on=SENTENCED,
    categories=SEXUAL,
    notified_on=(date(2027, 3, 13),),
)
BACK = replace(
    OUT,
    location=Location.CUSTODY,
    stays=(OUT.stays[0], Stay(Location.COMMUNITY, RELEASE, RECALLED), Stay(Location.CUSTODY, RECALLED)),
)


def told(kind: Kind, case: CaseFacts) -> list[tuple[str, str, date | None]]:
    """Return (due, what came of it, when) of the duties of a kind."""
    return [(due.isoformat(), *came_of(item)) for item, due, _ in of_kind(kind, case)]


def again(case: CaseFacts, *on: date) -> CaseFacts:
    return replace(case, outside=replace(case.outside, notified_again_on=on))


def test_details_are_confirmed_within_a_year_of_the_last_notification() -> None:
    """SOA 2003 s.85: notified on Sat 13 March 2027, again by Mon 13 March 2028; asked for from 14 February on."""
    [(_, due, steps)] = of_kind(Community.YEARLY_NOTIFICATION, OUT)
    assert due == date(2028, 3, 13)
    assert days(steps) == [("-4 weeks", "2028-02-14"), ("+1W", "2028-03-14"), ("+5W", "2028-03-20")]


@pytest.mark.parametrize(
    ("case", "expected"),
    [
        # A change that was notified on 8 November begins the year anew (s.85(1)).
        (again(OUT, date(2027, 11, 8)), [("2028-03-13", "met", date(2027, 11, 8)), ("2028-11-08", "", None)]),
        # Time in custody is not counted: after the release the first notification is asked for again.
        (BACK, [("2028-03-13", "missed", RECALLED)]),
        # Nothing to confirm before the first time.
        (replace(OUT, notified_on=()), []),
        (replace(OUT, categories=frozenset({Category.VIOLENT_OR_OTHER_SEXUAL})), []),
        # Taken on in September 2027, long after: nobody knows of a first time; the year runs from the stay outside.
        (replace(OUT, stays=(Stay(Location.COMMUNITY, date(2019, 6, 3)),), opened_on=date(2027, 9, 1), notified_on=()),
         [("2028-06-03", "", None)]),
    ],
)  # fmt: skip
def test_the_year_runs_from_the_last_word(case: CaseFacts, expected: list[tuple[str, str, date | None]]) -> None:
    assert told(Community.YEARLY_NOTIFICATION, case) == expected


def homes(case: CaseFacts, *told: tuple[date, bool]) -> CaseFacts:
    return replace(case, outside=replace(case.outside, homes_notified=told))


FIRST, SECOND, THIRD = date(2027, 3, 13), date(2027, 3, 20), date(2027, 3, 26)
HOMELESS = homes(OUT, (FIRST, False))


def test_without_a_fixed_home_details_are_confirmed_each_week() -> None:
    """SOA 2003 s.85(5)(a), (6) and the Regulations of 2012: from Sat 13 March 2027 by Sat 20, asked on Fri 19.

    A working day after Sat 20 is Mon 22, five are Tue 30: Fri 26 and Mon 29 are Easter.
    """
    [(item, due, steps)] = of_kind(Community.WEEKLY_NOTIFICATION, HOMELESS)
    assert (due, came_of(item)) == (date(2027, 3, 20), ("", None))
    assert days(steps) == [("due", "2027-03-19"), ("+1W", "2027-03-22"), ("+5W", "2027-03-30")]
    assert of_kind(Community.YEARLY_NOTIFICATION, HOMELESS) == []


@pytest.mark.parametrize(
    ("case", "weekly", "yearly"),
    [
        # Each time begins the week anew, until a fixed home is told: then the year runs from that day.
        (again(HOMELESS, SECOND), [("2027-03-20", "met", SECOND), ("2027-03-27", "", None)], []),
        (again(homes(OUT, (FIRST, False), (SECOND, True)), SECOND, THIRD),
         [("2027-03-20", "met", SECOND)], [("2028-03-20", "met", THIRD), ("2028-03-26", "", None)]),
        # Had a home, and lost it.
        (again(homes(OUT, (SECOND, False)), SECOND), [("2027-03-27", "", None)], [("2028-03-13", "met", SECOND)]),
        # Recalled: the week is over, and after the next release it is asked again whether there is a home.
        (homes(BACK, (FIRST, False)), [("2027-03-20", "missed", RECALLED)], []),
        # The Act of 2008 has a year (s.49).
        (replace(HOMELESS, categories=frozenset({Category.TERRORIST})), [], [("2028-03-13", "", None)]),
    ],
)  # fmt: skip
def test_the_week_runs_while_there_is_no_fixed_home(case: CaseFacts, weekly: list, yearly: list) -> None:
    assert told(Community.WEEKLY_NOTIFICATION, case) == weekly
    assert told(Community.YEARLY_NOTIFICATION, case) == yearly


def test_a_home_told_before_prison_says_nothing_of_the_time_after() -> None:
    out_again = date(2028, 6, 1)
    stays = (*BACK.stays[:2], Stay(Location.CUSTODY, RECALLED, out_again), Stay(Location.COMMUNITY, out_again))
    case = replace(homes(OUT, (FIRST, False)), stays=stays, notified_on=(FIRST, date(2028, 6, 2)))
    assert told(Community.YEARLY_NOTIFICATION, case) == [("2029-06-02", "", None)]


MOVED = DetailsFact(Subject("details", row=1), "address", date(2027, 11, 2), date(2027, 11, 3))


@pytest.mark.parametrize(
    ("known_on", "notified", "expected"),
    [
        # SOA 2003 s.84: three days beginning with Tue 2 November end on Thu 4.
        (date(2027, 11, 3), (), ("2027-11-04", "", None)),
        (date(2027, 11, 3), (date(2027, 11, 4),), ("2027-11-04", "met", date(2027, 11, 4))),
        # What was told before the change says nothing of it.
        (date(2027, 11, 3), (date(2027, 11, 1),), ("2027-11-04", "", None)),
        # Learnt of a month later: at once.
        (date(2027, 12, 1), (), ("2027-12-01", "", None)),
    ],
)
def test_changed_details_are_told_in_three_days(
    known_on: date, notified: tuple[date, ...], expected: tuple[str, str, date | None]
) -> None:
    known = Outside(details=(replace(MOVED, known_on=known_on),), notified_again_on=notified)
    assert told(Community.DETAILS_NOTIFIED, replace(OUT, outside=known)) == [expected]


AGAIN = DetailsFact(Subject("details", row=2), "address", date(2027, 11, 5), date(2027, 11, 8))


def test_a_new_address_is_followed_up_in_five_working_days() -> None:
    """Our default. Known on Wed 3 November 2027: by Wed 10; five working days after that, Wed 17."""
    [(item, due, steps)] = of_kind(Community.NEW_ADDRESS, replace(OUT, outside=Outside(moves=(MOVED,))))
    assert (due, item.label) == (date(2027, 11, 10), "moved on 2 November 2027")
    assert days(steps) == [("due", "2027-11-10"), ("+5W", "2027-11-17")]


@pytest.mark.parametrize(
    ("case", "moves", "followed_up", "expected"),
    [
        (OUT, (MOVED,), (date(2027, 11, 9),), [("2027-11-10", "met", date(2027, 11, 9))]),
        # What was told before anybody knew of it says nothing of it.
        (OUT, (MOVED,), (date(2027, 11, 1),), [("2027-11-10", "", None)]),
        # The next move overtakes it, so that one answer is asked for. Mon 8 November and five working days: Mon 15.
        (OUT, (MOVED, AGAIN), (), [("2027-11-10", "missed", date(2027, 11, 8)), ("2027-11-15", "", None)]),
        (OUT, (MOVED, AGAIN), (date(2027, 11, 4),),
         [("2027-11-10", "met", date(2027, 11, 4)), ("2027-11-15", "", None)]),
        (BACK, (MOVED,), (), [("2027-11-10", "missed", RECALLED)]),
    ],
)  # fmt: skip
def test_an_answer_the_next_move_or_a_recall_ends_it(
    case: CaseFacts, moves: tuple, followed_up: tuple, expected: list
) -> None:
    known = Outside(moves=moves, moves_followed_up_on=followed_up)
    assert told(Community.NEW_ADDRESS, replace(case, outside=known)) == expected


JOURNEY = JourneyFact(Subject("journey", row=1), date(2027, 7, 1), date(2027, 7, 12), date(2027, 7, 26))


def test_whoever_went_abroad_is_asked_after_three_days_after_the_return() -> None:
    """Back on Mon 26 July: by Thu 29 (SOA 2003 s.86); a working day on, Fri 30; five on, Thu 5 August."""
    [(item, due, steps)] = of_kind(Community.TRAVEL_RETURN, replace(OUT, outside=Outside(journeys=(JOURNEY,))))
    assert (due, item.label) == (date(2027, 7, 29), "journey of 12 July 2027")
    assert days(steps) == [("due", "2027-07-29"), ("+1W", "2027-07-30"), ("+5W", "2027-08-05")]


@pytest.mark.parametrize(
    ("case", "back_on", "came"),
    [
        (OUT, date(2027, 7, 27), ("met", date(2027, 7, 27))),
        # Did not go after all, told before the day.
        (OUT, date(2027, 7, 10), ("met", date(2027, 7, 10))),
        (BACK, None, ("missed", RECALLED)),
    ],
)
def test_the_return_or_a_recall_answers_it(case: CaseFacts, back_on: date | None, came: tuple[str, date]) -> None:
    known = Outside(journeys=(replace(JOURNEY, back_on=back_on),))
    [(item, _, _)] = of_kind(Community.TRAVEL_RETURN, replace(case, outside=known))
    assert came_of(item) == came


def missing(*decided: date, returned_on: date | None = None) -> CaseFacts:
    gone = EventFact(row(4), 2, EventKind.ABSCONDED, date(2027, 11, 3), date(2027, 11, 4), returned_on=returned_on)
    return replace(OUT, events=(gone,), outside=Outside(missing_decided_on=decided))


def test_a_missing_person_is_decided_on_each_week_until_found() -> None:
    """Missing since Wed 3 November: by Wed 10, then a week from each decision, until the day on which he is back."""
    [(_, due, steps)] = of_kind(Events.MISSING_DECISION, missing())
    assert due == date(2027, 11, 10)
    assert days(steps) == [("due", "2027-11-10"), ("+1W", "2027-11-11"), ("+3W", "2027-11-15")]
    first, second = date(2027, 11, 10), date(2027, 11, 16)
    assert told(Events.MISSING_DECISION, missing(first, second)) == [
        ("2027-11-10", "met", first), ("2027-11-17", "met", second), ("2027-11-23", "", None),
    ]  # fmt: skip
    found = date(2027, 11, 19)
    assert told(Events.MISSING_DECISION, missing(first, second, returned_on=found))[-1] == ("2027-11-23", "met", found)
    assert told(Events.MISSING_DECISION, missing(returned_on=found)) == [("2027-11-10", "met", found)]


MOVED_ON = date(2026, 12, 14)


def moved(*actions: ActionFact, later: tuple[EventFact, ...] = ()) -> CaseFacts:
    transfer = EventFact(row(7), 3, EventKind.TRANSFER, MOVED_ON, MOVED_ON)
    return facts(
        location=Location.CUSTODY,
        stays=(Stay(Location.CUSTODY, SENTENCED),),
        actions=actions,
        events=(transfer, *later),
    )


def action(number: int, agency: str = "prison", **more) -> ActionFact:
    return ActionFact(row(number), number, date(2026, 10, 14), date(2027, 1, 20), agency, ("", "Opal"), **more)


AWAY = EventFact(row(8), 4, EventKind.RELEASE, date(2027, 3, 12), date(2027, 3, 12))


@pytest.mark.parametrize(
    ("case", "expected"),
    [
        # Joint inspection 2015, 6.41. Five working days from Mon 14 December 2026: Mon 21.
        (moved(action(1)), [("2026-12-21", "", None)]),
        (moved(action(1, passed_on=(date(2026, 12, 16),)), action(2)), [("2026-12-21", "", None)]),
        (moved(action(1, passed_on=(date(2026, 12, 16),)), action(2, closed_on=date(2026, 12, 18))),
         [("2026-12-21", "met", date(2026, 12, 18))]),
        # Closed before, or of another agency: nothing to take over. Passed on before says nothing of this move.
        (moved(action(1, closed_on=date(2026, 11, 2)), action(2, "police")), []),
        (moved(action(1, passed_on=(date(2026, 11, 2),))), [("2026-12-21", "", None)]),
        (moved(action(1), later=(AWAY,)), [("2026-12-21", "missed", AWAY.on)]),
    ],
)  # fmt: skip
def test_the_new_prison_takes_over_each_action_of_the_old(
    case: CaseFacts, expected: list[tuple[str, str, date | None]]
) -> None:
    assert told(Events.PRISON_ACTIONS, case) == expected
