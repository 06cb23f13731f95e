"""A release date moved by a form, a file or the Parole Board: what it re-dates, who is consulted.

Source: Durham annual report 2005-06.
"""

from collections import Counter
from typing import Any

import pytest

from tests.support.custody import (
    INSIDE,
    VIC,
    begun,
    events,
    happens,
    letters,
    revisions,
    told,
)
from tests.support.story import (
    CORA,
    LIONEL,
    MONA,
    OLIVE,
    OPAL,
    PRIYA,
    VERA,
    Story,
    form,
)

# The release date


def by_form(story: Story, on: str, release: str | None, **more: Any) -> None:
    story.record_fact("release-date", on, which="conditional_release_date", release_date=release,
                      reason="Added days after an adjudication.", **more)  # fmt: skip


def by_file(story: Story, on: str, release: str, **_: Any) -> None:
    story.load(on, INSIDE | {"conditional_release_date": release})


@pytest.mark.parametrize("change", [by_form, by_file])
def test_a_changed_release_date_moves_everything_before_it_and_asks_for_consultation(record, tmp_path, change):
    story = begun(record, tmp_path, level=None)
    before = ("prison_notice", "referral", "level_setting")
    # Friday 12 March 2027 less eight, six and six months.
    assert revisions(story, *before) == [
        ("2026-07-12", "open", 1), ("2026-09-12", "open", 1), ("2026-09-12", "open", 1)]  # fmt: skip
    change(story, "2026-04-02", "2027-05-31")
    # Monday 31 May 2027: 31 September and 31 November are none, so the last day of the month.
    assert revisions(story, *before) == [
        ("2026-09-30", "open", 2), ("2026-11-30", "open", 2), ("2026-11-30", "open", 2)]  # fmt: skip
    story.every_day("2026-04-02", "2026-04-15")
    # Thursday before Easter: one working day on is Tuesday 7 April, five are Monday 13 April.
    assert told(story, "consultation") == [
        ("at once", OPAL, "2026-04-02"), ("due", OPAL, "2026-04-07"), ("+1W", CORA, "2026-04-08")]  # fmt: skip
    assert told(story, "event_review") == [
        *[("at once", to, "2026-04-02") for to in (OLIVE, PRIYA, CORA)],
        ("due", OLIVE, "2026-04-13"), ("+1W", LIONEL, "2026-04-14"), ("+1W", CORA, "2026-04-14")]  # fmt: skip
    assert told(story, "victim_update") == [
        ("at once", VERA, "2026-04-02"), ("due", VERA, "2026-04-07"),
        ("+2W", VIC, "2026-04-09"), ("+2W", CORA, "2026-04-09"), ("+5W", MONA, "2026-04-14")]  # fmt: skip
    # The prison is asked to consult, and needs no second e-mail that says the same.
    assert letters(story) == Counter([OLIVE, PRIYA, CORA, VERA])
    [event] = events(story)
    assert (event.kind, event.data) == ("release_date_changed", {"from": "2027-03-12", "to": "2027-05-31"})
    story.record_fact("consultation", "2026-04-16", **form("consultation", release_date="2027-05-31"))
    assert story.owed("consultation") == [("2026-04-07", "met", "2026-04-16")]


def test_police_and_probation_consulted_before_are_not_asked_for_again(record, tmp_path):
    story = begun(record, tmp_path)
    by_form(story, "2026-04-02", "2027-05-31", consulted={"police": "Priya", "probation": "Olive"})
    story.every_day("2026-04-02", "2026-04-10")
    assert story.owed("consultation") == [("2026-04-07", "met", "2026-04-02")]
    assert told(story, "consultation") == []


def test_a_file_that_tells_the_same_date_again_changes_nothing_and_another_is_another_event(record, tmp_path):
    story = begun(record, tmp_path, level=None)
    for on in ("2026-04-02", "2026-04-07", "2026-04-08"):
        by_file(story, on, "2027-05-31")
        story.tick(on)
    assert len(events(story)) == 1
    by_file(story, "2026-04-09", "2027-06-11")
    assert [event.data["to"] for event in events(story)] == ["2027-05-31", "2027-06-11"]
    # Friday 11 June 2027 less eight and six months.
    assert revisions(story, "prison_notice", "referral") == [("2026-10-11", "open", 3), ("2026-12-11", "open", 3)]
    assert [due for due, *_ in story.owed("consultation")] == ["2026-04-07", "2026-04-10"]


def test_a_date_that_comes_back_is_consulted_about_anew(record, tmp_path):
    """Consulted about a date once says nothing of a later change that leads to the same date again."""
    story = begun(record, tmp_path)
    by_form(story, "2026-04-02", "2027-05-31", consulted={"police": "Priya", "probation": "Olive"})
    by_form(story, "2026-04-16", "2027-03-12")
    by_form(story, "2026-04-23", "2027-05-31")
    assert story.owed("consultation")[-1] == ("2026-04-24", "open", None)


def test_a_date_taken_away_asks_for_the_next_one_and_for_consultation(record, tmp_path):
    story = begun(record, tmp_path, level=None)
    by_form(story, "2026-04-02", None)
    assert story.case().release_date is None
    assert [state for _, state, _ in revisions(story, "prison_notice", "referral", "level_setting")] == [
        "cancelled"
    ] * 3
    assert story.problems() == [
        "in custody, and no release date still to come is on record: record the next one with 'release-date'"
    ]
    assert story.owed("consultation") == [("2026-04-07", "open", None)]
    story.record_fact("consultation", "2026-04-07", date="2026-04-07", release_date=None,
                      consulted={"police": "Priya", "probation": "Olive"})  # fmt: skip
    assert story.owed("consultation") == [("2026-04-07", "met", "2026-04-07")]
    by_form(story, "2026-04-08", "2027-05-31")
    assert revisions(story, "referral") == [("2026-11-30", "open", 2)]
    assert story.problems() == []


def test_a_parole_date_taken_away_with_consultation_is_consulted_about(record, tmp_path):
    """The date that is left is another than the form tells: it tells none. Both were consulted all the same."""
    story = begun(record, tmp_path, approved_parole_date="2027-01-29")
    assert str(story.case().release_date) == "2027-01-29"
    story.record_fact("release-date", "2026-04-02", which="approved_parole_date", release_date=None,
                      reason="The direction was set aside.",
                      consulted={"police": "Priya", "probation": "Olive"})  # fmt: skip
    assert str(story.case().release_date) == "2027-03-12"
    assert story.owed("consultation") == [("2026-04-07", "met", "2026-04-02")]


# Parole


@pytest.mark.parametrize(
    ("outcome", "release", "notice", "referral"),
    [
        # The directed day, Friday 29 January 2027: eight months before is 29 May 2026, six 29 July.
        ({"decision": "release_directed", "release_date": "2027-01-29"}, "2027-01-29", "2026-05-29", "2026-07-29"),
        # Refused, and heard again on 1 September 2027.
        ({"decision": "refused", "next_review_on": "2027-09-01"}, "2027-09-01", "2027-01-01", "2027-03-01"),
        # Refused without another hearing: the conditional release date is next.
        ({"decision": "refused"}, "2028-03-12", "2027-07-12", "2027-09-12"),
        ({"decision": "adjourned", "next_review_on": "2027-05-14"}, "2027-05-14", "2026-09-14", "2026-11-14"),
    ],
)
def test_what_the_parole_board_decides_re_dates_the_way_to_release(
    record, tmp_path, outcome, release, notice, referral
):
    story = begun(record, tmp_path, level=None, parole_eligibility_date="2027-03-12",
                  conditional_release_date="2028-03-12")  # fmt: skip
    assert revisions(story, "prison_notice", "referral") == [("2026-07-12", "open", 1), ("2026-09-12", "open", 1)]
    happens(story, "parole_outcome", "2026-04-02", **outcome)
    assert str(story.case().release_date) == release
    assert revisions(story, "prison_notice", "referral", "level_setting") == [
        (notice, "open", 2), (referral, "open", 2), (referral, "open", 2)]  # fmt: skip
    assert [event.kind for event in events(story)] == ["parole_outcome"], "the outcome itself tells of the new date"
    assert story.owed("consultation") == []
