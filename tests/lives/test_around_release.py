"""What is asked before, on and after a release, and of who was never in custody: dates by hand, the source beside them.

Bank holidays: 3 and 6 April, 4 and 25 May, 31 August, 25 and 28 December 2026; 1 January, 26 and 29 March 2027.
"""

from pathlib import Path

import pytest

from models.record import Record
from tests.support.story import (
    CHRIS,
    CORA,
    DARREN,
    MEETING_DIRECTORY,
    MONA,
    OLIVE,
    OPAL,
    PRIYA,
    SID,
    Story,
    form,
)

REGISTERED = DARREN | {
    "offence_code": "SX03001",
    "police_offender_manager": "Priya",
    "police_offender_manager_email": PRIYA,
}
BY_THE_PRISON = {"what": "As the prison told on the day.", "by": "Opal"}


def told(story: Story, kind: str) -> list[tuple[str, str, str]]:
    """Return (rung, who, day) of the prompts of a kind."""
    return [(rung, who, day) for rung, _, who, day in story.prompts(kind)]


def released(story: Story, day: str) -> None:
    story.record_fact("custody-event", day, event="release", **BY_THE_PRISON)
    story.tick(day, 10)


@pytest.fixture
def darren(record: Record, tmp_path: Path) -> Story:
    """Inside since 12 November 2023, to be released on Friday 12 March 2027."""
    story = Story(record, tmp_path, MEETING_DIRECTORY)
    story.load("2026-06-01", DARREN)
    story.tick("2026-06-01")
    return story


def test_a_second_release_is_prepared_as_the_first_was(darren: Story) -> None:
    """Prison notice eight, referral and level six months before (joint inspection 2015, 6.39, 4.11, 4.10)."""
    darren.record_fact("prison-notice", "2026-07-09", release_date="2027-03-12")
    darren.record_fact("level", "2026-08-03", **form("level", level=1))
    released(darren, "2027-03-12")
    darren.record_fact("custody-event", "2027-05-04", event="recall", prison="HMP Example", release_date="2028-05-12",
                       **BY_THE_PRISON)  # fmt: skip
    darren.tick("2027-05-04", 10)
    # 12 May 2028 less eight months is 12 September 2027, less six is 12 November.
    assert ("2027-09-12", "open", None) in darren.owed("prison_notice")
    assert ("2027-11-12", "open", None) in darren.owed("referral")
    assert ("2027-11-12", "open", None) in darren.owed("level_setting")
    assert ("2028-05-12", "open", None) in darren.owed("release")
    # What was done for the first stays done.
    assert ("2026-07-12", "met", "2026-07-09") in darren.owed("prison_notice")


def test_a_recall_of_four_weeks_owes_everything_at_once_and_each_once(darren: Story) -> None:
    """Marks that lie before the recall fall on its day (our default); Tuesday 4 May, release on Tuesday 1 June."""
    released(darren, "2027-03-12")
    darren.record_fact("custody-event", "2027-05-04", event="recall", prison="HMP Example", release_date="2027-06-01",
                       **BY_THE_PRISON)  # fmt: skip
    darren.every_day("2027-05-04", "2027-05-31")
    of_the_recall = [one for one in darren.prompts("referral") if one[3] >= "2027-05-04"]
    assert ("2027-05-04", "open", None) in darren.owed("referral")
    assert sorted(rung for rung, *_ in of_the_recall) == ["+10W", "+1W", "+5W", "-1 month", "-2 weeks", "due"]


def test_nobody_leaves_unasked_and_the_question_comes_each_working_day(darren: Story) -> None:
    """Our default: prison and offender manager on the day, the coordinator from the next working day on."""
    darren.every_day("2027-03-11", "2027-03-17")
    # Friday 12 March; Monday 15, Tuesday 16 and Wednesday 17.
    assert told(darren, "release") == [
        ("due", OPAL, "2027-03-12"),
        ("due", OLIVE, "2027-03-12"),
        ("+1W", CORA, "2027-03-15"),
        ("again 2027-03-16", CORA, "2027-03-16"),
        ("again 2027-03-17", CORA, "2027-03-17"),
    ]
    released(darren, "2027-03-18")
    darren.every_day("2027-03-18", "2027-03-24")
    assert len(told(darren, "release")) == 5
    assert darren.owed("release") == [("2027-03-12", "met", "2027-03-18")]


def test_after_an_outage_of_weeks_the_repeated_question_comes_once(darren: Story) -> None:
    darren.tick("2027-03-15")
    darren.tick("2027-04-12")
    darren.tick("2027-04-12", 12)
    assert [day for rung, _, day in told(darren, "release") if rung.startswith("again")] == ["2027-04-12"]
    darren.tick("2027-04-13")
    assert [day for rung, _, day in told(darren, "release") if rung.startswith("again")] == ["2027-04-12", "2027-04-13"]


def test_who_must_notify_the_police_is_asked_after_in_three_days(record: Record, tmp_path: Path) -> None:
    """Sexual Offences Act 2003 s.83: three days beginning with the day, so from Friday 12 March to Sunday 14 March."""
    story = Story(record, tmp_path, MEETING_DIRECTORY)
    story.load("2026-06-01", REGISTERED)
    story.tick("2026-06-01")
    released(story, "2027-03-12")
    assert story.owed("first_notification") == [("2027-03-14", "open", None)]
    story.every_day("2027-03-13", "2027-03-19")
    # The due day is a Sunday: asked on the working day before; then on Monday, and five working days on: Friday 19.
    assert told(story, "first_notification") == [
        ("due", PRIYA, "2027-03-12"),
        ("+1W", PRIYA, "2027-03-15"),
        ("+1W", CORA, "2027-03-15"),
        ("+5W", SID, "2027-03-19"),
    ]
    # Neighbourhood policing is told within a working day (joint inspection 2015, 5.7; the day is our default).
    assert story.owed("neighbourhood_told") == [("2027-03-15", "open", None)]
    story.record_fact("first-notification", "2027-03-20", station="Brixton", by="Priya")
    story.record_fact("neighbourhood-told", "2027-03-20", team="Coldharbour", by="Priya")
    assert story.owed("first_notification") == [("2027-03-14", "met", "2027-03-20")]
    assert story.owed("neighbourhood_told") == [("2027-03-15", "met", "2027-03-20")]


@pytest.mark.parametrize(
    "row",
    [
        {"disposal": "suspended", "term_months": "24", "licence_expiry_date": "2029-06-01"},
        {"disposal": "community_order", "offence_code": "SX03001", "order_end_date": "2028-06-01", "term_months": ""},
        {"disposal": "caution", "offence_code": "SX03001", "term_months": "", "licence_expiry_date": ""},
        {"disposal": "hospital_order", "restriction_order": "yes", "location": "hospital", "term_months": ""},
    ],
    ids=["suspended sentence", "community order", "caution", "hospital order"],
)
def test_who_was_never_in_custody_gets_a_level(record: Record, tmp_path: Path, row: dict[str, str]) -> None:
    """Our default: 20 working days. From Monday 1 June 2026 that is Monday 29 June."""
    story = Story(record, tmp_path, MEETING_DIRECTORY)
    there = {"location": "community", "prison": "", "conditional_release_date": "", "sentence_date": "2026-06-01"}
    story.load("2026-06-01", DARREN | there | row)
    story.every_day("2026-06-01", "2026-07-13")
    assert story.owed("level_setting") == [("2026-06-29", "open", None)]
    # Ten working days before: 15 June. Five after: 6 July; ten: 13 July.
    assert told(story, "level_setting") == [
        ("-10W", CORA, "2026-06-15"),
        ("due", CORA, "2026-06-29"),
        ("+5W", MONA, "2026-07-06"),
        ("+10W", CHRIS, "2026-07-13"),
    ]
    story.record_fact("level", "2026-07-14", **form("level", level=1))
    assert story.owed("level_setting") == [("2026-06-29", "met", "2026-07-14")]


def test_a_release_without_a_level_asks_for_one_outside(darren: Story) -> None:
    """From Friday 12 March 2027 twenty working days, Good Friday and Easter Monday between: Tuesday 13 April."""
    released(darren, "2027-03-12")
    assert darren.owed("level_setting") == [("2026-09-12", "missed", None), ("2027-04-13", "open", None)]


def test_in_custody_the_prison_confirms_the_dates_once_a_year(darren: Story) -> None:
    """Our default. The case was opened on 1 June 2026; what the prison says of the dates begins another year."""
    assert darren.owed("dates_check") == [("2027-06-01", "open", None)]
    darren.record_fact("dates-check", "2026-11-12", release_date="2027-03-12", by="Opal")
    assert darren.owed("dates_check") == [("2027-06-01", "met", "2026-11-12"), ("2027-11-12", "open", None)]


def test_a_date_that_moves_and_leaves_what_is_due_raises_nothing_anew(darren: Story) -> None:
    """The first meeting is due 20 working days from acceptance; a release far off does not move that (our default)."""
    darren.record_fact("level", "2026-06-02", **form("level", level=2))
    darren.every_day("2026-06-02", "2026-06-30")
    before = darren.prompts("first_meeting")
    assert [rung for rung, *_ in before] == ["-10W", "-5W", "due"]
    darren.record_fact("release-date", "2026-07-01", which="conditional_release_date", release_date="2027-05-14",
                       reason="Added days")  # fmt: skip
    darren.every_day("2026-07-01", "2026-07-03")
    assert [one for one in darren.prompts("first_meeting") if one[0] in ("-10W", "-5W", "due")] == before
