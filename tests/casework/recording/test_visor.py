"""The record on ViSOR is said to be right only where it has the lead agency and the level of the case."""

from pathlib import Path

from sqlalchemy import update

from casework.timescales import refresh
from models.cases import Case
from models.record import Record
from policy.book import compile_book
from tests.casework.recording.test_refusals import refused
from tests.support.story import DARREN, MEETING_DIRECTORY, Story, at, form

CATEGORY_2_TOO = """
version = "LON-VISOR"
in_force_from = 2026-01-01
base = "P2012"
area = "London"
[visor]
category_2 = true
source = "decided by the Strategic Management Board of London"
"""


def test_a_case_at_level_2_has_its_record_within_ten_working_days(story: Story) -> None:
    """Accepted on Fri 18 September 2026: Fri 2 October (joint inspection 2015, 2.12; our days)."""
    assert story.owed("visor_record") == [("2026-10-02", "open", None)]
    wrong = form("visor-record", lead_agency="police", level=None)
    assert refused(story, "visor-record", "2026-09-24", **wrong) == (
        "lead_agency: probation leads, and ViSOR has police: put ViSOR right first\n"
        "level: the case is at level 2, and ViSOR has none: put ViSOR right first"
    )
    story.record_fact("visor-record", "2026-09-24", **form("visor-record"))
    assert story.owed("visor_record") == [("2026-10-02", "met", "2026-09-24")]


def test_another_level_and_another_lead_agency_are_put_right_there(story: Story) -> None:
    """Level 1 from Mon 2 November 2026: Mon 16. The hospital leads then: ten working days from the last word, Thu 8."""
    story.record_fact("visor-record", "2026-09-24", **form("visor-record"))
    story.record_fact("level", "2026-11-02", **form("level", level=1))
    assert story.owed("visor_record")[1:] == [("2026-11-16", "open", None)]
    with story.record.writing() as session:
        session.execute(update(Case).values(lead_agency="mental_health"))
        refresh(session, [session.get_one(Case, story.case().id)], at("2026-11-03"), "t")
    assert story.owed("visor_record")[1:] == [("2026-10-08", "open", None), ("2026-11-16", "open", None)]
    story.record_fact("visor-record", "2026-11-04", **form("visor-record", lead_agency="mental_health", level=1))
    assert {state for _, state, _ in story.owed("visor_record")} == {"met"}


def test_category_2_at_any_level_only_where_the_area_asks_for_it(record: Record, tmp_path: Path) -> None:
    """Not a national requirement, and better (4.10, 4.25): the case was opened on Mon 1 June 2026; Mon 15."""
    plain = Story(record, tmp_path, MEETING_DIRECTORY)
    plain.load("2026-06-01", DARREN)
    plain.tick("2026-06-01")
    assert plain.owed("visor_record") == []
    record.policies = compile_book([("london.toml", CATEGORY_2_TOO)])
    with record.writing() as session:
        refresh(session, [session.get_one(Case, plain.case().id)], at("2026-06-02"), "t")
    assert plain.owed("visor_record") == [("2026-06-15", "open", None)]
