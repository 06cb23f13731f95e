"""An order made on application may be what makes somebody a registered sexual offender: it opens their case."""

from sqlalchemy import func, select

from models.cases import Case
from models.record import Record
from tests.support.story import DARREN, MEETING_DIRECTORY, Story, form

# A fine for an offence in neither schedule: nobody of whom MAPPA would know.
FINED = DARREN | {"offence_code": "TH68010", "disposal": "fine", "term_months": "", "location": "community",
                  "conditional_release_date": "", "licence_expiry_date": "", "sentence_expiry_date": ""}  # fmt: skip


def test_a_harm_prevention_order_opens_a_case_of_category_1_until_its_end(record: Record, tmp_path) -> None:
    story = Story(record, tmp_path, MEETING_DIRECTORY)
    story.load("2026-03-03", FINED)
    story.tick("2026-03-03")
    with story.record.reading() as session:
        assert session.scalar(select(func.count()).select_from(Case)) == 0
    story.record_fact("order", "2026-04-03", **form("order"))
    case = story.case()
    assert (case.category, case.categories, str(case.eligible_until)) == (1, [1], "2031-04-01")
    story.tick("2026-04-03")
    assert story.owed("order_end") == [("2031-04-01", "open", None)]
    assert story.owed("end_of_sentence_check") == [("2031-04-01", "open", None)]
    # The sentences told again change nothing of it.
    story.load("2026-04-10", FINED)
    story.tick("2026-04-10")
    assert story.case().category == 1
    with story.record.reading() as session:
        assert session.scalar(select(func.count()).select_from(Case)) == 1


def test_an_order_outlasts_a_case_and_is_prompted_for_in_the_next(record: Record, tmp_path) -> None:
    story = Story(record, tmp_path, MEETING_DIRECTORY)
    story.load("2026-03-03", DARREN)
    story.tick("2026-03-03")
    story.record_fact("order", "2026-04-03", **form("order", order="violent_offender_order"))
    story.record_fact("closure", "2026-05-04", why="recorded_in_error", reason="Another person of that name.",
                      victims_told="Nobody was told anything yet.", by="Cora")  # fmt: skip
    assert story.owed("order_end") == [("2031-04-01", "cancelled", None)]
    story.load("2027-03-03", DARREN | {"sentence_date": "2027-02-26", "offence_date": "2026-12-24"})
    story.tick("2027-03-03")
    assert [(due, state) for due, state, _ in story.owed("order_end")] == [
        ("2031-04-01", "cancelled"),
        ("2031-04-01", "open"),
    ]
    story.record_fact("order-review", "2031-01-10", **form("order-review"))
    assert story.owed("order_end")[1] == ("2031-04-01", "met", "2031-01-10")
