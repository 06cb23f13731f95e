"""How long a terrorist offender notifies (Counter-Terrorism Act 2008 s.53): dates worked out by hand.

A period of years ends on the day before its anniversary; the day of a release counts, the day of a recall does not.
"""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policy.book import shipped_book
from policy.categories import Decision, SentenceFacts
from policy.custody import Stay, away
from policy.eligibility import Assessment, assess
from policy.notification import outside_for
from policy.offences import Listing
from policy.vocabulary import Category, Disposal, Location

POLICY = shipped_book().version("P2012")
SENTENCED = date(2025, 4, 2)
ADULT, YOUNG = date(1980, 5, 5), date(2008, 1, 1)
TERROR = (Listing("15", "3", "168"),)
IN, OUT, WARD = Location.CUSTODY, Location.COMMUNITY, Location.HOSPITAL


def been(*places: tuple[Location, date]) -> tuple[Stay, ...]:
    """Return stays that follow each other; the last one goes on."""
    ends = [since for _, since in places[1:]]
    return tuple(Stay(where, since, until) for (where, since), until in zip(places, [*ends, None], strict=True))


def found(
    stays: tuple[Stay, ...],
    disposal: str = "imprisonment",
    term: int | None = 36,
    born: date = ADULT,
    decisions: tuple[Decision, ...] = (),
    **more: int | bool,
) -> Assessment:
    facts = SentenceFacts(
        "1", "TR06007", TERROR, Disposal(disposal), SENTENCED, term_months=term, decisions=decisions, **more
    )
    return assess(born, [facts], date(2026, 11, 22), POLICY, stays=stays)


def served(released: date) -> tuple[Stay, ...]:
    return been((IN, SENTENCED), (OUT, released))


@pytest.mark.parametrize(
    ("stays", "disposal", "term", "born", "until"),
    [
        # s.53(1)(c): 10 years; they run from the day of the release on (s.53(7), explanatory note 140).
        (served(date(2027, 10, 1)), "imprisonment", 59, ADULT, date(2037, 9, 30)),
        # s.53(1)(b), (3)(a): 15 years for five years or more.
        (served(date(2028, 10, 1)), "imprisonment", 60, ADULT, date(2043, 9, 30)),
        (served(date(2031, 12, 2)), "imprisonment", 119, ADULT, date(2046, 12, 1)),
        # s.53(1)(a), (2)(a): 30 years for ten years or more, and for life.
        (served(date(2032, 4, 2)), "imprisonment", 120, ADULT, date(2062, 4, 1)),
        (served(date(2040, 4, 2)), "life", None, ADULT, date(2070, 4, 1)),
        (served(date(2034, 2, 28)), "extended", 144, ADULT, date(2064, 2, 27)),
        # s.53(1): 10 years for whoever was under 18.
        (served(date(2030, 4, 2)), "yoi_detention", 120, YOUNG, date(2040, 4, 1)),
        # A suspended sentence takes nobody away: from the day of the sentence on (s.53(4)).
        (been((OUT, SENTENCED)), "suspended", 18, ADULT, date(2035, 4, 1)),
        # s.53(7)(c): time in hospital does not count either, after a hospital order or from prison.
        (been((WARD, SENTENCED), (OUT, date(2026, 7, 14))), "hospital_order", None, ADULT, date(2036, 7, 13)),
        (been((IN, SENTENCED), (WARD, date(2026, 1, 5)), (OUT, date(2027, 3, 1))), "imprisonment", 36, ADULT,
         date(2037, 2, 28)),
        # Known only from the release on: away until then.
        (been((OUT, date(2027, 10, 1))), "imprisonment", 36, ADULT, date(2037, 9, 30)),
        # From 29 February on: ten years later there is none.
        (served(date(2028, 2, 29)), "imprisonment", 36, ADULT, date(2038, 2, 27)),
    ],
)  # fmt: skip
def test_the_period_runs_outside_custody_only(stays, disposal, term, born, until):
    hold = found(stays, disposal, term, born).holds[0]
    assert (hold.category, hold.until, hold.until_known) == (Category.TERRORIST, until, True)


RELEASED = date(2027, 10, 1)  # ten years: until 30 September 2037


@pytest.mark.parametrize(
    ("recalled", "released", "until"),
    [
        # 1 to 10 March 2028: ten days.
        (date(2028, 3, 1), date(2028, 3, 11), date(2037, 10, 10)),
        # All of 2030.
        (date(2030, 1, 1), date(2031, 1, 1), date(2038, 9, 30)),
        # On the last day: the 61 days to 30 November, which is then the last.
        (date(2037, 9, 30), date(2037, 11, 30), date(2037, 11, 30)),
        # A day too late.
        (date(2037, 10, 1), date(2037, 12, 1), date(2037, 9, 30)),
        # Not free again: nothing has ended, and nothing is asked.
        (date(2028, 3, 1), None, None),
    ],
)
def test_a_recall_puts_the_end_off(recalled, released, until):
    """CTA 2008 s.53(7)(b): no period when the person was serving a sentence counts."""
    back = [(OUT, released)] if released else []
    result = found(been((IN, SENTENCED), (OUT, RELEASED), (IN, recalled), *back))
    assert (result.holds[0].until, result.questions) == (until, ())


def test_each_later_recall_puts_it_off_again():
    """Ten days in March 2028 and 31 in January 2029: 41 days after 30 September 2037."""
    first = (IN, date(2028, 3, 1)), (OUT, date(2028, 3, 11))
    second = (IN, date(2029, 1, 1)), (OUT, date(2029, 2, 1))
    assert found(been((IN, SENTENCED), (OUT, RELEASED), *first, *second)).eligible_until == date(2037, 11, 10)


def test_while_in_custody_it_does_not_end():
    result = found(been((IN, SENTENCED)))
    assert (result.categories, result.eligible_until, result.questions) == ((Category.TERRORIST,), None, ())


def test_terms_one_after_another_count_together():
    """CTA 2008 s.53(6)(a): five years and five are ten; 30 years from the release."""
    assert found(served(date(2032, 4, 2)), term=60, total_term_months=120).eligible_until == date(2062, 4, 1)


@pytest.mark.parametrize(
    ("stays", "more"),
    [
        # Nothing is known of where they were.
        ((), {}),
        # Sent to prison, and known from that day on as outside.
        (been((OUT, SENTENCED)), {}),
        (been((OUT, SENTENCED), (IN, date(2026, 3, 1)), (OUT, date(2026, 5, 1))), {}),
        # Released and back before the record of them began.
        (served(RELEASED), {"moves_known": False}),
        # An extended sentence whose length nobody told.
        (served(RELEASED), {"disposal": "extended", "term": None}),
    ],
)
def test_what_the_record_does_not_tell_is_asked_and_holds_meanwhile(stays, more):
    result = found(stays, **more)
    assert (result.primary, result.eligible_until) == (Category.TERRORIST, None)
    assert result.questions[0].startswith("end of category 4: ")


@pytest.mark.parametrize(
    ("decided_on", "until"),
    [
        # The person who decided on 1 January 2028 knew nothing of March: ten days more.
        (date(2028, 1, 1), date(2037, 12, 11)),
        # One who decided after it did.
        (date(2028, 6, 1), date(2037, 12, 1)),
    ],
)
def test_an_end_that_a_person_named_is_put_off_by_a_later_recall(decided_on, until):
    """CTA 2008 s.53(7)."""
    named = Decision(Category.TERRORIST, date(2037, 12, 1), "The licence tells the release.", on=decided_on)
    stays = been((OUT, SENTENCED), (IN, date(2028, 3, 1)), (OUT, date(2028, 3, 11)))
    result = found(stays, decisions=(named,))
    assert (result.eligible_until, result.questions) == (until, ())


def test_a_terrorist_risk_offender_who_does_not_notify_has_no_end_by_law():
    """CTA 2008 s.45: six months make nobody notify, so s.53 gives no period; a person names the end."""
    yes = Decision(Category.TERRORIST, None, "Terrorist risk.")
    assert found(been((OUT, SENTENCED)), term=6, decisions=(yes,)).eligible_until is None


DAYS = st.integers(0, 6000)
TIMES = st.lists(st.tuples(DAYS, st.integers(1, 900)), max_size=5)


def stays_of(times: list[tuple[int, int]]) -> tuple[Stay, ...]:
    """Return where somebody has been who was in custody for so many days from some days after the sentence on."""
    inside = {SENTENCED + timedelta(days=first + n) for first, length in times for n in range(length)}
    last = max(inside, default=SENTENCED) + timedelta(days=1)
    days = [SENTENCED + timedelta(days=n) for n in range((last - SENTENCED).days + 1)]
    places = [(IN if day in inside else OUT, day) for day in days]
    return been(*(one for n, one in enumerate(places) if n == 0 or one[0] is not places[n - 1][0]))


@given(TIMES, TIMES, st.sampled_from([120, 180, 360]))
def test_more_custody_never_ends_earlier(some, more, months):
    """And never counts a day of it: so many days outside at least as the years have."""
    less_end = outside_for(SENTENCED, months, away(stays_of(some), SENTENCED, put_away=False)).on
    more_end = outside_for(SENTENCED, months, away(stays_of(some + more), SENTENCED, put_away=False)).on
    assert less_end is not None
    assert more_end is not None
    assert less_end <= more_end


@given(TIMES, st.sampled_from([120, 180, 360]))
def test_the_days_outside_make_up_the_years(times, months):
    """Whatever lies between: within two leap days of the years themselves."""
    stays = stays_of(times)
    end = outside_for(SENTENCED, months, away(stays, SENTENCED, put_away=False)).on
    assert end is not None
    gone = sum(
        (min(until, end + timedelta(days=1)) - since).days
        for since, until in away(stays, SENTENCED, put_away=False)
        if until is not None and since <= end
    )
    counted = (end - SENTENCED).days + 1 - gone
    assert abs(counted - months // 12 * 365.25) <= 2
