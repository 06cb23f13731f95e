"""A fact that comes late makes no difference in what is owed: it is open, prompted at once, and due since its day.

Sentenced on Monday 2 June 2025; the file comes on that day, the day after, or a year and five days later.
"""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.record import Record
from policy.release import DATE_NAMES, ReleaseDates, release_date
from tests.support.story import DARREN, MEETING_DIRECTORY, Story, form

SENTENCED = date(2025, 6, 2)
SERVED = DARREN | {
    "sentence_date": "2025-06-02",
    "offence_date": "2024-01-05",
    "conditional_release_date": "2025-06-02",
}
LAGS = pytest.mark.parametrize("lag", [0, 1, 370])
RELEASING = st.sampled_from([name for name in DATE_NAMES if name != "parole_eligibility_date"])
DAYS = st.dates(date(2020, 1, 1), date(2035, 1, 1))


def loaded_late(record: Record, tmp_path, row: dict[str, str], lag: int) -> tuple[Story, str]:
    """Load a row so many days after the sentence; return the story and the day."""
    story, day = Story(record, tmp_path, MEETING_DIRECTORY), str(SENTENCED + timedelta(days=lag))
    story.load(day, row)
    story.tick(day)
    # What came on a Saturday is asked for on Monday.
    story.tick(str(SENTENCED + timedelta(days=lag + 3)))
    return story, day


@LAGS
def test_a_release_on_the_day_of_the_sentence_is_owed_all_the_same(record: Record, tmp_path, lag: int) -> None:
    """In custody, and released by law on the day: no mark lies before the sentence, so everything is due on that day.

    The file of the day after found no date to come: notice, referral, level and release were lost in a question.
    """
    story, _ = loaded_late(record, tmp_path, SERVED, lag)
    for kind in ("prison_notice", "referral", "level_setting", "release"):
        assert story.owed(kind) == [("2025-06-02", "open", None)]
        assert [rung for rung, *_ in story.prompts(kind)], "it is prompted at once"
    assert story.problems() == []


@LAGS
@pytest.mark.parametrize("release", ["2025-06-02", "2025-05-20"])
def test_time_served_walks_out_of_the_court(record: Record, tmp_path, lag: int, release: str) -> None:
    """Without a word on where they are; time on remand may bring the date before the sentence (CJA 2003 s.240ZA).

    The level is due twenty working days on (our default): from Monday 2 June 2025 Monday 30 June.
    """
    story, _ = loaded_late(record, tmp_path, SERVED | {"location": "", "conditional_release_date": release}, lag)
    assert story.case().location == "community"
    assert story.owed("level_setting") == [("2025-06-30", "open", None)]
    assert not story.owed("referral")


@LAGS
def test_a_conviction_found_late_has_its_level_due_since_then(record: Record, tmp_path, lag: int) -> None:
    suspended = {"disposal": "suspended", "term_months": "24", "location": "community", "conditional_release_date": ""}
    story, _ = loaded_late(record, tmp_path, SERVED | suspended, lag)
    assert story.owed("level_setting") == [("2025-06-30", "open", None)]
    assert story.owed("identification")[0][0] == "2025-06-05"


def test_a_date_that_went_by_before_a_recall_is_none_of_the_next_release(record: Record, tmp_path) -> None:
    """Recalled on 4 May 2026 with no date known: the release of 2025 is behind, and the next one is asked for."""
    story, _ = loaded_late(record, tmp_path, SERVED, 1)
    released = form("custody-event", event="release", prison=None, release_date=None)
    story.record_fact("custody-event", "2025-06-04", **released)
    story.record_fact("custody-event", "2026-05-04", **form("custody-event", release_date=None))
    assert story.case().release_date is None
    assert [problem for problem in story.problems() if "no release date" in problem]


@given(RELEASING, DAYS, st.integers(0, 4000))
def test_whatever_the_date_and_the_lag_it_is_the_release_date(name: str, release: date, lag: int) -> None:
    """Loaded on its day or any number of days later, the one date there is stands until somebody says otherwise."""
    dates = ReleaseDates(**{name: release})
    assert release_date(dates, release + timedelta(days=lag)) == release_date(dates, release) == release


@given(RELEASING, DAYS, DAYS, st.integers(0, 4000))
def test_but_no_date_before_a_recall_is(name: str, release: date, recalled: date, lag: int) -> None:
    dates = ReleaseDates(**{name: release})
    found = release_date(dates, max(release, recalled) + timedelta(days=lag + 1), since=recalled)
    assert found == (release if release >= recalled else None)


def test_time_served_is_recorded_though_the_date_lies_before_the_sentence(record: Record, tmp_path) -> None:
    """Time on remand brings the release before the sentence of 2 June 2025: everything is due on the day of it."""
    story, _ = loaded_late(record, tmp_path, SERVED | {"conditional_release_date": "2026-05-29"}, 1)
    assert story.case().release_date == date(2026, 5, 29)
    story.record_fact("release-date", "2025-06-05", which="conditional_release_date", release_date="2025-05-20",
                      reason="Time on remand counts.")  # fmt: skip
    assert story.case().release_date == SENTENCED
    assert story.owed("release") == [("2025-06-02", "open", None)]


OUTSIDE = {"disposal": "community_order", "term_months": "", "location": "community", "conditional_release_date": "",
           "licence_expiry_date": "", "order_end_date": "2028-06-01"}  # fmt: skip


@pytest.mark.parametrize("lag", [0, 1, 370])
def test_who_was_never_in_custody_notifies_the_police_within_three_days_of_the_sentence(
    record: Record, tmp_path, lag: int
) -> None:
    """Sexual Offences Act 2003 s.83: three days beginning with Monday 2 June 2025 end on Wednesday 4 June."""
    story, _ = loaded_late(record, tmp_path, SERVED | OUTSIDE | {"offence_code": "SX03001"}, lag)
    assert story.owed("first_notification") == [("2025-06-04", "open", None)]
    assert story.owed("neighbourhood_told") == [], "nobody was released"
    told = story.record_fact("first-notification", str(SENTENCED + timedelta(days=lag + 3)), station="Hove", by="Priya")
    assert told.summary.startswith("notified the police on")
    assert story.owed("first_notification")[0][1] == "met"


@pytest.mark.parametrize("lag", [0, 1, 370])
def test_who_had_left_custody_before_the_file_came_owes_what_follows_a_release(
    record: Record, tmp_path, lag: int
) -> None:
    """The date is Saturday 7 June 2025, so that the door opened on Friday 6 (Criminal Justice Act 1961 s.23).

    Three days beginning with Friday end on Sunday 8; one working day on is Monday 9; twenty are Friday 4 July.
    """
    row = SERVED | {"offence_code": "SX03001", "conditional_release_date": "2025-06-07", "location": "community"}
    story, _ = loaded_late(record, tmp_path, row, lag + 5)
    assert story.owed("first_notification") == [("2025-06-08", "open", None)]
    assert story.owed("neighbourhood_told") == [("2025-06-09", "open", None)]
    assert story.owed("level_setting") == [("2025-07-04", "open", None)]
    assert [rung for rung, *_ in story.prompts("first_notification")], "it is prompted at once"
