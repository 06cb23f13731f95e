"""One person under two CRNs, and a sentence that was told twice.

Joint inspection 2015, 4.3: a person has one open episode; registrations told twice stayed open. Our default: a question
in five working days, so one of Monday 1 June 2026 by Monday 8. Darren is released on 12 March 2027: the referral is due
six months before, on 12 September 2026 (Joint inspection 2015, 3.9).
"""

import pytest
from sqlalchemy import select

from assurance.of_cases import people_told_twice
from casework.errors import RefusedError
from models.cases import Problem
from models.meetings import Meeting
from models.obligations import Prompt, Timescale
from models.record import Record
from tests.support.story import DARREN, MEETING_DIRECTORY, OLIVE, Story, at, form
from tests.support.told_once import told_once

NUMBERS = {"noms_number": "G5555TT", "pnc_number": "2021/0000001V"}
KEPT, OTHER = DARREN | NUMBERS, DARREN | NUMBERS | {"crn": "X999999"}
ASKED = "the same NOMIS number stands under two CRNs, X320741 (LON-2026-000001) and X999999 (LON-2026-000002)"
ONE = {"other": "X999999", "decision": "one_person", "reason": "The prison has one person.", "by": "Cora"}
APART = {"other": "X999999", "reason": "The fingerprints differ.", "by": "Cora"}


@pytest.fixture
@told_once
def twice(record: Record, tmp_path) -> Story:
    story = Story(record, tmp_path, MEETING_DIRECTORY)
    story.load("2026-06-01", KEPT)
    story.tick("2026-06-01")
    story.load("2026-06-01", OTHER)
    story.tick("2026-06-01", 9)
    return story


def by_case(story: Story, kind: str) -> list[tuple[str, str]]:
    """Return (rung, CRN) of what was raised of a kind."""
    query = select(Prompt.rung, Timescale.case_id).join(Timescale).where(Timescale.kind == kind).order_by(Prompt.id)
    crns = {story.case(crn).id: crn for crn in ("X320741", "X999999")}
    with story.record.reading() as session:
        return [(rung, crns[case_id]) for rung, case_id in session.execute(query)]


def untold(story: Story) -> list[str]:
    with story.record.reading() as session:
        return list(people_told_twice(session, at("2026-06-02")).subjects)


def test_the_same_number_under_another_crn_is_a_question_that_names_both(twice: Story) -> None:
    assert twice.problems() == [f"{ASKED}: decide whether they are one person"]
    assert twice.owed("question", "X999999") == [("2026-06-08", "open", None)]
    assert untold(twice) == []


def test_the_auditor_sees_two_cases_of_one_number_of_which_nobody_was_asked(twice: Story) -> None:
    with twice.record.writing() as session:
        for problem in session.scalars(select(Problem)):
            session.delete(problem)
    assert untold(twice) == ["LON-2026-000001 LON-2026-000002"]


@pytest.mark.parametrize(
    ("changes", "asked"),
    [
        ({"noms_number": "", "pnc_number": ""}, True),
        ({"noms_number": "", "pnc_number": "", "surname": "INVENTED"}, True),
        ({"noms_number": "", "pnc_number": "", "area": "Kent"}, False),
        ({"noms_number": "", "pnc_number": "", "date_of_birth": "1985-03-05"}, False),
        ({"noms_number": "", "surname": "Other", "area": "Kent"}, True),
        ({"noms_number": "A1234BC", "pnc_number": "", "surname": "Other"}, False),
    ],
)
def test_a_number_anywhere_or_name_and_birth_in_one_area_is_asked_about(
    record: Record, tmp_path, changes: dict[str, str], asked: bool
) -> None:
    story = Story(record, tmp_path)
    story.load("2026-06-01", KEPT, OTHER | changes)
    story.tick("2026-06-01")
    assert any("decide whether they are one person" in words for words in story.problems()) is asked


def test_one_case_is_kept_and_nothing_is_prompted_twice(twice: Story) -> None:
    told = twice.record_fact("merge", "2026-06-02", **ONE)
    assert told.summary == "X999999 is the person of LON-2026-000001; LON-2026-000002 is closed into it"
    closed = twice.case("X999999")
    assert (str(closed.closed_on), closed.closed_reason) == ("2026-06-02", "merged into LON-2026-000001")
    assert twice.problems() == []
    assert twice.owed("question") == [("2026-06-08", "met", "2026-06-02")]
    assert {t.state for t in twice.timescales("referral", "X999999")} == {"cancelled"}
    assert twice.owed("referral") == [("2026-09-12", "open", None)]
    twice.every_day("2026-06-03", "2026-09-14")
    raised = by_case(twice, "referral")
    assert raised
    assert {crn for _, crn in raised} == {"X320741"}
    assert len(set(raised)) == len({(rung, crn) for rung, crn in raised})


def test_a_file_that_goes_on_telling_both_opens_nothing(twice: Story) -> None:
    twice.record_fact("merge", "2026-06-02", **ONE)
    later = {"offence_code": "SX03001", "sentence_date": "2026-06-03", "offence_date": "2026-01-06"}
    report = twice.load("2026-06-04", KEPT, OTHER, KEPT | later, OTHER | later)
    twice.tick("2026-06-04")
    assert (report.added, report.unchanged) == (1, 3)
    assert twice.case("X999999").closed_on is not None
    assert twice.case().category == 1


def test_what_was_recorded_on_the_other_goes_on_under_the_one_that_is_kept(twice: Story) -> None:
    twice.record_fact("level", "2026-06-01", crn="X999999", level=2, reason="High risk; agencies must work together.")
    plan = form("meeting-plan", starts_at="2026-06-15T10:00", next_meeting=None)
    twice.record_fact("meeting-plan", "2026-06-01", crn="X999999", **plan)
    twice.tick("2026-06-01", 10)
    invited = [p for p in twice.prompts("meeting") if p[2] == OLIVE]
    twice.record_fact("merge", "2026-06-02", **ONE)
    kept = twice.case()
    assert (kept.level, str(kept.level_set_on)) == (2, "2026-06-01")
    with twice.record.reading() as session:
        assert session.scalars(select(Meeting.case_id)).all() == [kept.id]
    twice.every_day("2026-06-03", "2026-06-04")
    assert [p for p in twice.prompts("meeting") if p[2] == OLIVE] == invited
    # What is recorded under the CRN of before is recorded on the case that is kept.
    recorded = twice.record_fact("meeting-cancel", "2026-06-04", crn="X999999", **form("meeting-cancel", meeting=None))
    assert recorded.case == "LON-2026-000001"


def test_the_higher_level_of_two_stands(twice: Story) -> None:
    twice.record_fact("level", "2026-06-01", crn="X999999", level=2, reason="High risk; agencies must work together.")
    twice.record_fact("level", "2026-06-02", level=1, reason="One agency can manage the risk by itself.")
    twice.record_fact("merge", "2026-06-03", **ONE)
    assert (twice.case().level, str(twice.case().level_set_on)) == (2, "2026-06-03")
    twice.record_fact("split", "2026-06-09", **APART)
    assert (twice.case().level, twice.case("X999999").level) == (1, 2)


def standing(story: Story) -> dict[str, list[tuple[object, ...]]]:
    """Return what each of the two cases says of itself and owes."""
    found = {}
    for crn in ("X320741", "X999999"):
        case = story.case(crn)
        said = (case.category, case.categories, case.level, case.stage, case.closed_on, case.eligible_until, case.holds)
        query = select(Timescale).where(Timescale.case_id == case.id, Timescale.kind != "question")
        with story.record.reading() as session:
            rows = session.scalars(query.order_by(Timescale.id))
            found[crn] = [said, *((t.kind, str(t.subject), t.state, t.due_on, t.next_rung) for t in rows)]
    return found


def test_two_records_are_parted_again_as_they_were(twice: Story) -> None:
    twice.record_fact("level", "2026-06-01", crn="X999999", level=2, reason="High risk; agencies must work together.")
    twice.record_fact("incident", "2026-06-01", crn="X999999", **form("incident"))
    twice.tick("2026-06-01", 10)
    before, prompted = standing(twice), twice.prompts()
    twice.record_fact("merge", "2026-06-02", **ONE)
    assert standing(twice) != before
    told = twice.record_fact("split", "2026-06-02", **APART)
    assert told.summary == "X999999 and LON-2026-000001 are parted; LON-2026-000002 is open again"
    twice.tick("2026-06-02", 10)
    assert standing(twice) == before
    assert twice.prompts() == prompted
    # It was decided: nobody is asked again.
    assert [words for words in twice.problems() if "one person" in words] == []


def test_a_restriction_made_since_the_merge_holds_for_both_after_a_split(twice: Story) -> None:
    twice.record_fact("merge", "2026-06-02", **ONE)
    twice.record_fact("restriction", "2026-06-03", **form("restriction", restricted=True))
    twice.record_fact("split", "2026-06-09", **APART)
    assert (twice.case().restricted, twice.case("X999999").restricted) == (True, True)


def test_a_merge_is_undone_within_the_days_of_the_policy(twice: Story) -> None:
    twice.record_fact("merge", "2026-06-02", **ONE)
    # Ninety days after 2 June: 31 August.
    with pytest.raises(RefusedError, match="can be undone until 2026-08-31"):
        twice.record_fact("split", "2026-09-01", **APART)
    twice.record_fact("split", "2026-08-31", **APART)
    with pytest.raises(RefusedError, match="was not merged into LON-2026-000001"):
        twice.record_fact("split", "2026-08-31", **APART | {"by": "Mona"})


def test_two_people_are_not_asked_about_again(twice: Story) -> None:
    twice.record_fact("merge", "2026-06-02", **ONE | {"decision": "two_people"})
    twice.tick("2026-06-02", 10)
    assert twice.owed("question", "X999999") == [("2026-06-08", "met", "2026-06-02")]
    twice.load("2026-06-04", KEPT | {"unit": "South"}, OTHER | {"unit": "South"})
    twice.tick("2026-06-04")
    assert twice.problems() == []
    assert twice.case("X999999").closed_on is None


def test_a_case_with_questions_of_its_own_is_not_folded_over_them(twice: Story) -> None:
    incident = {"date": "2026-06-01", "kind": "breach", "what": "A neighbour heard him shout at a woman at the door."}
    twice.record_fact("incident", "2026-06-01", crn="X999999", **incident)
    with pytest.raises(RefusedError, match="answer the open questions of LON-2026-000002 first"):
        twice.record_fact("merge", "2026-06-02", **ONE)
    assert twice.case("X999999").closed_on is None


# -- a sentence told in error ------------------------------------------------------------------------------------------
CORRECTED = DARREN | {"sentence_date": "2023-11-21", "licence_expiry_date": "2029-07-12"}
WRONG = {
    "offence_code": "COML022", "sentence_date": "2023-11-12", "decision": "withdrawn", "by": "Cora",
    "reason": "The court's register has 21 November.",
}  # fmt: skip


@pytest.fixture
@told_once
def corrected(record: Record, tmp_path) -> Story:
    story = Story(record, tmp_path)
    story.load("2026-06-01", DARREN)
    story.tick("2026-06-01")
    story.load("2026-06-02", CORRECTED)
    story.tick("2026-06-02")
    return story


def test_a_corrected_sentence_is_a_question_that_names_both_rows(corrected: Story) -> None:
    assert corrected.problems() == [
        "offence COML022 of 2023-01-05 has two sentences, of 2023-11-12 and of 2023-11-21: decide whether one was "
        "told in error"
    ]
    # Asked on Tuesday 2 June: five working days are Tuesday 9.
    assert corrected.owed("question") == [("2026-06-09", "open", None)]
    assert str(corrected.case().eligible_until) == "2030-07-12"


def test_the_wrong_row_is_withdrawn_and_no_longer_rules_the_end(corrected: Story) -> None:
    corrected.record_fact("withdraw-sentence", "2026-06-03", **WRONG)
    assert str(corrected.case().eligible_until) == "2029-07-12"
    assert corrected.owed("question") == [("2026-06-09", "met", "2026-06-03")]
    assert corrected.owed("referral") == [("2026-09-12", "open", None)]
    # The wrong row comes again with the next file: it stays withdrawn, and the reader is told.
    report = corrected.load("2026-06-04", DARREN, CORRECTED)
    corrected.tick("2026-06-04")
    assert [w for w in report.warnings if "withdrawn on 2026-06-03" in w]
    assert str(corrected.case().eligible_until) == "2029-07-12"
    assert corrected.problems() == []


def test_both_may_stand(corrected: Story) -> None:
    corrected.record_fact("withdraw-sentence", "2026-06-03", **WRONG | {"decision": "stands"})
    corrected.tick("2026-06-04")
    assert corrected.problems() == []
    assert str(corrected.case().eligible_until) == "2030-07-12"


def test_a_case_that_rested_on_the_sentence_alone_is_closed_and_owed_nothing(record: Record, tmp_path) -> None:
    story = Story(record, tmp_path)
    story.load("2026-06-01", DARREN)
    story.tick("2026-06-01")
    story.record_fact("withdraw-sentence", "2026-06-03", **WRONG)
    case = story.case()
    assert str(case.closed_on) == "2026-06-03"
    with story.record.reading() as session:
        states = set(session.scalars(select(Timescale.state)))
    # Nothing that it made due was ever owed: cancelled, not missed.
    assert states <= {"cancelled", "met"}
    story.load("2026-06-04", DARREN)
    story.tick("2026-06-04")
    assert story.case().id == case.id


def test_what_does_not_fit_is_refused_with_what_there_is(corrected: Story) -> None:
    with pytest.raises(RefusedError, match="no sentence fits; on record: COML022 of 2023-11-12; COML022 of 2023-11-21"):
        corrected.record_fact("withdraw-sentence", "2026-06-03", **WRONG | {"sentence_date": "2023-11-13"})
