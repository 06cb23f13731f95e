"""A case that ran in the record, from the sentence to the recall, counts by what people recorded of it."""

from datetime import date
from pathlib import Path

from figures.annual.report import Report, annual_report, asked_for, explain
from models.record import Record
from tests.figures.annual.caseload import grid
from tests.support.story import DARREN, MEETING_DIRECTORY, Story, form
from tests.support.taken_on import happened, spell, taken_on

BY_THE_PRISON = {"what": "As the prison told on the day.", "by": "Opal"}
ASKED = asked_for(["London"], 2028, date(2028, 6, 1))
"""1 April 2027 to 31 March 2028."""


def report_of(story: Story) -> Report:
    with story.record.reading() as session:
        return annual_report(session, ASKED)


def test_it_counts_at_the_level_of_the_day_and_a_file_tells_nothing_twice(record: Record, tmp_path: Path) -> None:
    """Darren (category 2): released on 12 March 2027 at level 2, recalled on 4 May, released again on 1 December."""
    story = Story(record, tmp_path, MEETING_DIRECTORY)
    story.load("2026-06-01", DARREN)
    story.tick("2026-06-01")
    story.record_fact("level", "2026-08-03", **form("level", level=2))
    story.record_fact("custody-event", "2027-03-12", event="release", **BY_THE_PRISON)
    charge = {
        "event": "further_charge",
        "offence": "Wounding",
        "serious": True,
        "what": "He was charged.",
        "by": "Olive",
    }
    story.record_fact("custody-event", "2027-05-03", **charge)
    story.record_fact("custody-event", "2027-05-04", event="recall", prison="HMP Example", release_date="2027-12-01",
                      **BY_THE_PRISON)  # fmt: skip
    story.record_fact("level", "2027-11-01", **form("level", level=1))
    story.record_fact("custody-event", "2027-12-01", event="release", **BY_THE_PRISON)
    report = report_of(story)
    # On 31 March 2028 at level 1, in the community.
    assert grid(report.table("eligible")) == [[0, 1, 0, 0, 1], [0] * 5, [0] * 5, [0, 1, 0, 0, 1]]
    # At level 2 outside from 1 April to 3 May 2027.
    assert grid(report.table("yearly")) == [[0, 1, 0, 0, 1], [0] * 5, [0, 1, 0, 0, 1]]
    for table in ("returned_licence", "returned_licence_people", "serious_further_offences"):
        assert grid(report.table(table)) == [[0, 1, 0, 0, 1], [0] * 5, [0, 1, 0, 0, 1]]
    with record.reading() as session:
        [year] = explain(session, ASKED, "yearly.level_2.category_2")
        [recall] = explain(session, ASKED, "returned_licence.level_2.category_2")
    assert (year.case, year.why) == (
        "LON-2026-000001", "managed in the community at level 2 in category 2, 12 March 2027 to 3 May 2027",
    )  # fmt: skip
    assert recall.why == (
        "returned to custody for a breach of licence on 4 May 2027 at level 2 in category 2, by the record of the case"
    )
    # A file tells of the same recall, and of one that the record does not have.
    told = {"crn": "X320741", "kind": "licence_recall"}
    loaded = happened(story, "2028-05-01", told | {"date": "2027-05-04"}, told | {"date": "2028-01-10", "level": "2"})
    assert loaded.added == 2
    assert report_of(story).table("returned_licence").value("level_2", "category_2") == 2
    # Made again later, after a tick that looked at the case anew.
    before = report_of(story)
    story.tick("2028-09-01")
    assert report_of(story) == before


def test_history_that_todays_rules_forbid_counts_where_it_stands_and_is_told(record: Record, tmp_path: Path) -> None:
    """Category 3 at level 1, as the printed table of Lancashire 2014-15 has it: it loads, and a check fails."""
    story = Story(record, tmp_path, MEETING_DIRECTORY)
    taken_on(
        story, "2028-06-01", spell("2026-01-01", category=3, level=1), spell("2025-01-01", "2025-12-31", category=2)
    )
    eligible = report_of(story).table("eligible")
    assert grid(eligible) == [[0, 0, 1, 0, 1], [0] * 5, [0] * 5, [0, 0, 1, 0, 1]]
    assert [check.what for check in eligible.checks if not check.holds] == [
        "category 3 is never at level 1: 1 on record (CJA 2003 s.325(2)(b))",
    ]  # fmt: skip
