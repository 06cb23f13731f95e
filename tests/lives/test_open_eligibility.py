"""A question of eligibility is answered by a person, and nothing closes over it.

The worked life: an indecent assault before 2004 on a female of 16 or over (Sexual Offences Act 1956 s.14), 12 months.
SOA 2003 Sch 3 para 7: notification follows if the victim was under 18, which the record does not hold. CJA 2003
s.327(3): Schedule 15, 12 months, so category 2 until the licence ends. If the victim was 16 or 17: s.82, more than 6
and less than 30 months, ten years beginning with the sentence date, Monday 2 March 2026: the last day is 1 March 2036.
"""

from datetime import date, timedelta

import pytest

from assurance.invariants import ALL
from casework.errors import RefusedError
from tests.support.story import DARREN, Story, at, form

INDECENT_ASSAULT = DARREN | {
    "date_of_birth": "1970-03-04",
    "offence_code": "SX56027", "offence_date": "2001-05-01", "sentence_date": "2026-03-02", "term_months": "12",
    "conditional_release_date": "2026-09-01", "licence_expiry_date": "2027-03-01", "location": "community",
    "automatic_release_date": "",
}  # fmt: skip
CHECK = {"ends_on": "2027-03-01", "by": "Cora Example", "reason": "The licence ends and nothing else holds him."}
YES = {"decision": "eligible", "category": 1, "reason": "The indictment gives the age of the victim as 17."}
NO = {"decision": "not_eligible", "category": 1, "reason": "The indictment gives the age of the victim as 24."}


@pytest.fixture
def story(record, tmp_path):
    story = Story(record, tmp_path)
    story.load("2026-03-02", INDECENT_ASSAULT)
    story.tick("2026-03-02")
    return story


def broken(story: Story, day: str) -> dict[str, str]:
    """Return what the auditor finds wrong with questions."""
    ours = [one for one in ALL if one.name in ("questions-answerable", "eligibility-asked")]
    with story.record.reading() as session:
        found = {one.name: one.broken_by(session, at(day, 12)) for one in ours}
        return {name: str(findings) for name, findings in found.items() if findings.total}


def test_beside_category_2_the_question_of_category_1_is_answered_with_yes(story):
    assert (story.case().category, str(story.case().eligible_until)) == (2, "2027-03-01")
    [question] = story.problems()
    assert "SOA 2003 Sch 3 para 7" in question
    assert "whether a victim was under 18 is not recorded" in question
    assert broken(story, "2026-03-02") == {}
    told = story.record_fact("identification", "2026-03-09", **YES)
    assert told.summary == "1 sentence decided: eligible"
    case = story.case()
    assert (case.category, case.categories, str(case.eligible_until)) == (1, [1, 2], "2036-03-01")
    assert story.problems() == []
    # The licence ends; category 1 goes on, so the check keeps the case open under it.
    with pytest.raises(RefusedError, match="category 1 holds beyond 2027-03-01"):
        story.record_fact("end-of-sentence-check", "2027-03-01", outcome="deregistered", **CHECK)
    story.record_fact("end-of-sentence-check", "2027-03-01", outcome="stays_open", **CHECK)
    assert (story.case().category, story.case().closed_on) == (1, None)


def test_answered_with_no_the_case_ends_with_its_licence(story):
    story.record_fact("identification", "2026-03-09", **NO)
    assert (story.case().category, story.case().categories, story.problems()) == (2, [2], [])
    story.record_fact("end-of-sentence-check", "2027-03-01", outcome="deregistered", **CHECK)
    assert story.case().closed_on == date(2027, 3, 1)


@pytest.mark.parametrize(
    ("kind", "data"),
    [
        ("end-of-sentence-check", CHECK | {"outcome": "deregistered", "despite_open": "It is small: we go on anyway."}),
        ("end-of-sentence-check", CHECK | {"outcome": "handed_to_iom", "to_whom": "IOM team, Leeds"}),
        ("closure", {"why": "left_the_country", "reason": "He moved to Spain for good in May.", "by": "Cora Example"}),
        ("closure", {"why": "recorded_in_error", "reason": "Somebody took him for his brother.", "by": "Cora Example"}),
    ],
)
def test_nothing_closes_over_the_open_question(story, kind, data):
    story.tick("2027-03-01")
    with pytest.raises(RefusedError, match=r"answer the question first, with a decision on eligibility \(record ident"):
        story.record_fact(kind, "2027-03-01", **data)
    assert story.case().closed_on is None
    assert any("Sch 3 para 7" in question for question in story.problems())


def test_the_question_stays_when_the_other_category_has_ended(story):
    """Every day for two weeks after the licence: the question stands, and the auditor sees it can be answered."""
    day = date(2027, 2, 28)
    for _ in range(16):
        story.tick(day.isoformat())
        assert any("Sch 3 para 7" in question for question in story.problems()), day
        assert broken(story, day.isoformat()) == {}
        day += timedelta(days=1)
    story.record_fact("identification", "2027-03-16", **YES)
    assert (story.case().category, str(story.case().eligible_until)) == (1, "2036-03-01")


@pytest.mark.parametrize(
    ("kind", "data"),
    [
        ("closure", {"why": "died", "reason": "He died in hospital on 3 May.", "by": "Cora Example"}),
        ("custody-event", {"event": "death", "what": "He died in hospital on 3 May.", "by": "Olive Example"}),
    ],
)
def test_after_a_death_nobody_is_asked_any_more(story, kind, data):
    story.record_fact(kind, "2026-05-04", **data)
    assert (str(story.case().closed_on), story.problems()) == ("2026-05-04", [])
    story.load("2026-05-05", INDECENT_ASSAULT | {"unit": "South"})
    story.tick("2026-05-05")
    assert (str(story.case().closed_on), story.problems()) == ("2026-05-04", [])
    assert broken(story, "2026-05-05") == {}


def test_a_decision_can_be_changed_by_another(story):
    story.record_fact("identification", "2026-03-09", **NO)
    story.record_fact("identification", "2026-03-10", **YES)
    assert (story.case().category, str(story.case().eligible_until)) == (1, "2036-03-01")
    story.record_fact("identification", "2026-03-11", **YES, until="2031-03-01")
    assert str(story.case().eligible_until) == "2031-03-01"


def test_a_decision_on_what_nobody_asks_is_refused_with_what_is_asked(story):
    with pytest.raises(RefusedError, match=r"no open question on category 4 .*; open: SX56027: category 1: SOA 2003"):
        story.record_fact("identification", "2026-03-09", **form("identification", category=4))


def test_a_question_that_a_file_raises_on_a_closed_case_opens_one(story):
    """Closed as a person said: then the file tells another offence code on the same sentence's dates, unknown here."""
    story.record_fact("identification", "2026-03-09", **NO)
    story.record_fact("end-of-sentence-check", "2027-03-01", outcome="deregistered", **CHECK)
    story.load("2027-03-02", INDECENT_ASSAULT | {"offence_code": "ZZ99001"})
    story.tick("2027-03-02")
    case = story.case()
    assert (case.closed_on, case.category) == (None, None)
    assert story.problems() == ["offence code ZZ99001 is in no table: is the offence in Schedule 3 or 15?"]


def test_a_rejected_referral_to_category_3_leaves_the_case_open_for_the_question(record, tmp_path):
    """The code is unknown, so only the question keeps the case open; a no to category 3 is no answer to it."""
    story = Story(record, tmp_path)
    story.load("2026-03-02", INDECENT_ASSAULT | {"offence_code": "ZZ99001"})
    story.tick("2026-03-02")
    story.record_fact("referral", "2026-03-03", **form("referral", category=3))
    rejected = form("screening", decision="category_3_rejected", level=None)
    story.record_fact("screening", "2026-03-05", **rejected)
    assert (story.case().closed_on, len(story.problems())) == (None, 1)
    story.record_fact("identification", "2026-03-09", decision="not_eligible", reason="A local by-law: in neither.")
    assert str(story.case().closed_on) == "2026-03-09"


@pytest.mark.parametrize(
    ("code", "categories", "until"),
    [
        # Attempted rape, 60 months: para 94(a) takes para 17; s.82, 30 months or more: no end. CJA Sch 15 para 153.
        ("SX03001A", [1, 2], "None"),
        # Conspiracy to wound with intent: Sch 15 para 64 takes para 6; until the licence ends.
        ("OF61016C", [2], "2030-03-01"),
        # Attempted murder: Sch 15 para 65.
        ("COML025A", [2], "2030-03-01"),
    ],
)
def test_an_attempt_is_held_as_its_offence_is(record, tmp_path, code, categories, until):
    story = Story(record, tmp_path)
    story.load("2026-03-02", INDECENT_ASSAULT | {"offence_code": code, "term_months": "60",
                                                 "licence_expiry_date": "2030-03-01"})  # fmt: skip
    story.tick("2026-03-02")
    assert (story.case().categories, str(story.case().eligible_until), story.problems()) == (categories, until, [])


@pytest.mark.parametrize(("age", "categories"), [("17", [1, 2]), ("18", [2])])
def test_the_age_of_the_victim_in_the_file_settles_it(record, tmp_path, age, categories):
    story = Story(record, tmp_path)
    story.load("2026-03-02", INDECENT_ASSAULT | {"victim_age": age})
    story.tick("2026-03-02")
    assert (story.case().categories, story.problems()) == (categories, [])


def test_the_definition_of_the_offence_settles_it(record, tmp_path):
    """SX56026 is indecent assault on a female under 16: under 18 by definition, so nobody is asked; ten years."""
    story = Story(record, tmp_path)
    story.load("2026-03-02", INDECENT_ASSAULT | {"offence_code": "SX56026"})
    story.tick("2026-03-02")
    case = story.case()
    assert (case.category, str(case.eligible_until), story.problems()) == (1, "2036-03-01", [])
