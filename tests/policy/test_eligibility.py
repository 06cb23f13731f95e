"""Eligibility as decidable rules (CJA 2003 s.327): each case with the reason the answer follows from."""

from datetime import date

import pytest

from policy.book import shipped_book
from policy.eligibility import Decision, SentenceFacts, assess
from policy.offences import Listing
from policy.vocabulary import Category, Disposal

POLICY = shipped_book().version("P2012")
BORN = date(1980, 5, 5)
TODAY = date(2026, 11, 22)
RAPE = (Listing("3", "1", "17"), Listing("15", "2", "102"))
GBH = (Listing("15", "1", "4"),)
TERROR = (Listing("15", "3", "69"),)
NEITHER = (Listing("none", "", ""),)


def sentence(listings, disposal, term=None, sentenced=date(2025, 4, 2), **more):
    code = more.pop("offence_code", "SX03001")
    return SentenceFacts("1", code, listings, Disposal(disposal), sentenced, term_months=term, **more)


def result(*sentences, today=TODAY, born=BORN):
    return assess(born, sentences, today, POLICY)


@pytest.mark.parametrize(
    ("disposal", "term", "more", "until"),
    [
        ("life", None, {}, None),
        ("ipp", None, {}, None),
        ("imprisonment", 30, {}, None),
        ("imprisonment", 29, {}, date(2035, 4, 1)),
        ("imprisonment", 7, {}, date(2035, 4, 1)),
        ("imprisonment", 6, {}, date(2032, 4, 1)),
        ("suspended", 18, {"order_end_date": date(2027, 4, 1)}, date(2035, 4, 1)),
        ("hospital_order", None, {"restriction_order": True}, None),
        ("hospital_order", None, {}, date(2032, 4, 1)),
        ("caution", None, {}, date(2027, 4, 1)),
        ("conditional_discharge", 24, {}, date(2027, 4, 1)),
        ("community_order", 36, {}, date(2030, 4, 1)),
        ("fine", None, {}, date(2030, 4, 1)),
    ],
)
def test_notification_lasts_as_section_82_says(disposal, term, more, until):
    """SOA 2003 s.82, from a relevant date of 2 April 2025."""
    found = result(sentence(RAPE, disposal, term, **more))
    hold = next(h for h in found.holds if h.category is Category.REGISTERED_SEXUAL_OFFENDER)
    assert hold.until == until
    assert hold.until_known


@pytest.mark.parametrize(
    ("disposal", "term", "until"),
    [
        # s.82(2): ten years become five.
        ("yoi_detention", 12, date(2030, 4, 1)),
        # s.131(a): of a detention and training order half is custody. Six months or less: 7 years become 3 1/2.
        ("dto", 12, date(2028, 10, 1)),
        # Seven months of custody are more than six: ten years become five.
        ("dto", 14, date(2030, 4, 1)),
        ("dto", 24, date(2030, 4, 1)),
    ],
)
def test_finite_notification_periods_halve_under_eighteen(disposal, term, until):
    """SOA 2003 s.82(2), s.131(a), from a relevant date of 2 April 2025."""
    found = result(sentence(RAPE, disposal, term), born=date(2008, 1, 1))
    assert found.holds[0].until == until


@pytest.mark.parametrize(
    ("term", "total", "until"),
    [
        (18, None, date(2035, 4, 1)),
        # 18 and 11 months one after another are 29: ten years still.
        (18, 29, date(2035, 4, 1)),
        # 18 and 12 are 30 months: no end.
        (18, 30, None),
        # 4 and 3 are 7 months: ten years, where each alone gives seven.
        (4, None, date(2032, 4, 1)),
        (4, 7, date(2035, 4, 1)),
    ],
)
def test_terms_that_run_one_after_another_count_together_for_notification(term, total, until):
    """SOA 2003 s.82(3)-(4), from a relevant date of 2 April 2025."""
    found = result(sentence(RAPE, "imprisonment", term, total_term_months=total, licence_expiry_date=date(2027, 1, 1)))
    assert next(h.until for h in found.holds if h.category is Category.REGISTERED_SEXUAL_OFFENDER) == until


def test_terms_together_do_not_meet_a_condition_on_one_offence():
    """SOA 2003 Sch 3 para 35A asks for two years "in respect of the offence": 20 and 10 months are not that."""
    extreme = (Listing("3", "1", "35A"),)
    assert result(sentence(extreme, "imprisonment", 20, total_term_months=30)).primary is None
    assert result(sentence(extreme, "imprisonment", 24, total_term_months=30)).eligible_until is None


def test_notification_that_has_run_out_no_longer_holds_anyone():
    found = result(sentence(RAPE, "caution", sentenced=date(2020, 1, 1)))
    assert found.primary is None
    assert not found.undecided


@pytest.mark.parametrize(
    ("disposal", "term", "held"),
    [
        ("imprisonment", 12, True),
        ("imprisonment", 11, False),
        ("suspended", 12, True),
        ("suspended", 11, False),
        ("yoi_detention", 12, True),
        ("dto", 12, True),
        ("extended", None, True),
        ("life", None, True),
        ("hospital_order", None, True),
        ("guardianship_order", None, True),
        ("community_order", 24, False),
        ("caution", None, False),
        ("fine", None, False),
        ("conditional_discharge", 12, False),
    ],
)
def test_category_2_takes_twelve_months_or_a_hospital_order(disposal, term, held):
    """CJA 2003 s.327(3)-(4); suspended sentences of twelve months or more count."""
    ends = {"licence_expiry_date": date(2030, 1, 1), "order_end_date": date(2030, 1, 1)}
    found = result(sentence(GBH, disposal, term, **ends))
    assert (Category.VIOLENT_OR_OTHER_SEXUAL in found.categories) is held
    assert not found.questions


def test_category_2_ends_with_the_licence():
    """Darren's eligibility ends after 2030-07-12."""
    darren = sentence(GBH, "imprisonment", 80, licence_expiry_date=date(2030, 7, 12))
    assert result(darren).eligible_until == date(2030, 7, 12)
    assert result(darren, today=date(2030, 7, 12)).primary is Category.VIOLENT_OR_OTHER_SEXUAL
    assert result(darren, today=date(2030, 7, 13)).primary is None


def test_post_sentence_supervision_does_not_extend_category_2_by_default():
    """Our default."""
    found = result(
        sentence(
            GBH,
            "imprisonment",
            18,
            licence_expiry_date=date(2026, 1, 1),
            top_up_supervision_expiry_date=date(2027, 1, 1),
        )
    )
    assert found.primary is None


def test_a_missing_end_is_a_question_and_holds_meanwhile():
    found = result(sentence(GBH, "imprisonment", 18))
    assert found.primary is Category.VIOLENT_OR_OTHER_SEXUAL
    assert found.eligible_until is None
    assert "licence_expiry_date" in found.questions[0]


def test_murder_is_category_2_although_in_neither_schedule():
    """CJA 2003 s.327(3) names murder itself."""
    found = result(sentence(NEITHER, "life", offence_code="COML025"))
    assert found.primary is Category.VIOLENT_OR_OTHER_SEXUAL


@pytest.mark.parametrize(("sentenced", "held"), [(date(2025, 2, 3), True), (date(2025, 2, 2), False)])
def test_coercive_control_counts_from_its_commencement(sentenced, held):
    """Victims and Prisoners Act 2024, in force from 2025-02-03; earlier sentences are for a person to decide."""
    found = result(
        sentence(
            NEITHER,
            "imprisonment",
            18,
            sentenced,
            offence_code="SC15004",
            licence_expiry_date=date(2028, 1, 1),
        )
    )
    assert (found.primary is Category.VIOLENT_OR_OTHER_SEXUAL) is held
    assert found.undecided is not held


def test_terrorism_is_category_4_and_primary_beside_category_1():
    found = result(sentence(TERROR, "imprisonment", 60), sentence(RAPE, "imprisonment", 60))
    assert found.primary is Category.TERRORIST
    assert found.categories == (1, 2, 4)


def test_terrorism_below_the_test_is_for_a_person():
    assert result(sentence(TERROR, "imprisonment", 6)).undecided


@pytest.mark.parametrize(
    ("disposal", "sentenced", "more", "held"),
    [
        # s.45(1)(b): a hospital order, no guardianship.
        ("hospital_order", date(2025, 4, 2), {}, True),
        ("guardianship_order", date(2025, 4, 2), {}, False),
        # s.43(1)(b): dealt with before 1 October 2009, in custody or on licence on that day.
        ("imprisonment", date(2009, 9, 30), {"licence_expiry_date": date(2009, 10, 1)}, True),
        ("imprisonment", date(2005, 4, 2), {"licence_expiry_date": date(2009, 9, 30)}, False),
        ("imprisonment", date(2005, 4, 2), {}, False),
        ("life", date(2005, 4, 2), {}, True),
        ("imprisonment", date(2009, 10, 1), {}, True),
    ],
)
def test_who_notifies_of_a_terrorist_offence(disposal, sentenced, more, held):
    """Counter-Terrorism Act 2008 ss.43 to 45; where it does not certainly apply, a person decides."""
    found = result(sentence(TERROR, disposal, 60, sentenced, **more))
    assert (found.categories == (Category.TERRORIST,), found.undecided) == (held, not held)


def test_before_category_4_terrorism_counted_to_category_2():
    """Rules are dated: Schedule 15 part 3 stood in category 2 until category 4 began."""
    old = sentence(TERROR, "imprisonment", 60, date(2015, 4, 2), licence_expiry_date=date(2020, 4, 2))
    assert result(old, today=date(2016, 1, 1)).primary is Category.VIOLENT_OR_OTHER_SEXUAL


def test_an_unknown_offence_code_goes_to_a_person_never_to_not_eligible():
    found = result(sentence(None, "imprisonment", 24, offence_code="ZZ99001"))
    assert found.undecided
    assert "ZZ99001" in found.questions[0]


def test_a_known_offence_in_neither_schedule_is_not_eligible():
    found = result(sentence(NEITHER, "imprisonment", 24, offence_code="TH68010"))
    assert found.primary is None
    assert not found.questions


def test_a_sexual_harm_prevention_order_keeps_category_1_alive():
    """Norfolk annual report 2018-19, note (f): the order keeps it alive for its duration."""
    found = result(sentence(RAPE, "caution", sentenced=date(2020, 1, 1), shpo=True, shpo_end_date=date(2030, 1, 1)))
    assert found.primary is Category.REGISTERED_SEXUAL_OFFENDER
    assert found.eligible_until == date(2030, 1, 1)


def test_an_order_makes_category_1_even_for_an_unknown_offence():
    found = result(sentence(None, "community_order", 12, offence_code="ZZ1", shpo=True))
    assert found.primary is Category.REGISTERED_SEXUAL_OFFENDER
    assert found.questions


def test_the_longest_hold_of_a_category_counts():
    short = sentence(RAPE, "caution", sentenced=date(2025, 12, 1))
    long = sentence(RAPE, "imprisonment", 36)
    assert result(short, long).eligible_until is None


@pytest.mark.parametrize("category", [Category.VIOLENT_OR_OTHER_SEXUAL, None])
def test_a_persons_decision_settles_a_sentence(category):
    decision = Decision(category, date(2028, 1, 1), "Schedule 15 by another name")
    found = result(sentence(None, "imprisonment", 24, offence_code="ZZ1", decisions=(decision,)))
    assert found.primary is category
    assert not found.questions


ASSAULT = (Listing("3", "1", "7"), Listing("15", "2", "80"))
ONE, TWO = Category.REGISTERED_SEXUAL_OFFENDER, Category.VIOLENT_OR_OTHER_SEXUAL
WHY = "The indictment tells the age."
LED = {"licence_expiry_date": date(2027, 4, 1)}


@pytest.mark.parametrize(
    ("decisions", "holds", "open_ones"),
    [
        ((), [(TWO, date(2027, 4, 1))], 1),
        # A yes without an end: ten years by s.82, beside category 2 as the rules have it.
        ((Decision(ONE, None, WHY),), [(ONE, date(2035, 4, 1)), (TWO, date(2027, 4, 1))], 0),
        ((Decision(ONE, date(2030, 1, 1), WHY),), [(ONE, date(2030, 1, 1)), (TWO, date(2027, 4, 1))], 0),
        ((Decision(ONE, None, WHY, no_end=True),), [(ONE, None), (TWO, date(2027, 4, 1))], 0),
        # A no to one category leaves the other.
        ((Decision(None, None, WHY, ONE),), [(TWO, date(2027, 4, 1))], 0),
        # A no to all of them was what "not eligible" meant.
        ((Decision(None, None, WHY),), [], 0),
        # What nobody decided on stays open.
        ((Decision(None, None, WHY, Category.TERRORIST),), [(TWO, date(2027, 4, 1))], 1),
        # The last word counts.
        ((Decision(None, None, WHY), Decision(ONE, None, WHY)), [(ONE, date(2035, 4, 1))], 0),
        ((Decision(ONE, None, WHY), Decision(None, None, WHY, ONE)), [(TWO, date(2027, 4, 1))], 0),
        ((Decision(ONE, None, WHY), Decision(ONE, date(2030, 1, 1), WHY)),
         [(ONE, date(2030, 1, 1)), (TWO, date(2027, 4, 1))], 0),
    ],
)  # fmt: skip
def test_a_decision_settles_its_own_category_and_no_other(decisions, holds, open_ones):
    """Indecent assault (Sch 3 para 7: a victim under 18, not recorded), 12 months from 2 April 2025."""
    found = result(sentence(ASSAULT, "imprisonment", 12, offence_code="SX56027", decisions=decisions, **LED))
    assert [(hold.category, hold.until) for hold in found.holds] == holds
    assert len(found.questions) == open_ones


def test_a_no_never_takes_away_what_an_order_gives():
    """A sexual harm prevention order makes its subject notify, whatever the offence (SOA 2003 s.103G)."""
    no = Decision(None, None, WHY)
    found = result(sentence(ASSAULT, "imprisonment", 12, offence_code="SX56027", decisions=(no,), shpo=True, **LED))
    assert (found.categories, found.questions) == ((ONE,), ())


def test_what_has_gone_by_whatever_the_answer_is_not_asked():
    """A caution of 1 June 2020 holds for two years at most (s.82): in 2026 nobody needs the victim's age."""
    assert not result(sentence(ASSAULT, "caution", sentenced=date(2020, 6, 1), offence_code="SX56027")).questions
    assert result(sentence(ASSAULT, "caution", sentenced=date(2025, 6, 1), offence_code="SX56027")).questions


@pytest.mark.parametrize(("code", "held"), [("COML025A", True), ("COML025I", True), ("TH68010A", False)])
def test_an_attempt_at_an_offence_in_neither_schedule(code, held):
    """CJA 2003 Sch 15 para 65 names attempted murder and the like; an attempted theft is in neither schedule."""
    found = result(sentence(NEITHER, "imprisonment", 60, offence_code=code, licence_expiry_date=date(2030, 1, 1)))
    assert ((found.primary is TWO), found.questions) == (held, ())


def test_whether_an_attempt_at_coercive_control_counts_is_asked():
    found = result(sentence(NEITHER, "imprisonment", 18, offence_code="SC15004A"))
    assert "does an attempt or the like count" in found.questions[0]


HELD_UNTIL_1998 = {"order_end_date": date(1998, 1, 1), "restriction_order": True}


@pytest.mark.parametrize(
    ("disposal", "sentenced", "more", "held", "asked"),
    [
        # s.81(3): serving it, or supervised after it, on 1 September 1997.
        ("imprisonment", date(1997, 8, 31), {"licence_expiry_date": date(1997, 9, 1)}, True, False),
        ("hospital_order", date(1990, 3, 1), HELD_UNTIL_1998, True, False),
        ("life", date(1990, 3, 1), {}, True, False),
        # The record does not tell: a person does.
        ("imprisonment", date(1997, 8, 31), {}, False, True),
        ("imprisonment", date(1990, 3, 1), {"licence_expiry_date": date(1997, 8, 31)}, False, True),
        # s.81(3)(a): not dealt with before that day.
        ("imprisonment", date(1997, 9, 1), {}, True, False),
        # s.81(5): a caution before that day never counts.
        ("caution", date(1997, 8, 31), {}, False, False),
    ],
)
def test_what_was_dealt_with_before_notification_began(disposal, sentenced, more, held, asked):
    """SOA 2003 s.81: 60 months are notified without an end."""
    found = result(sentence(RAPE[:1], disposal, 60, sentenced, **more))
    assert ((ONE in found.categories), bool(found.questions)) == (held, asked)


def test_a_sentence_that_does_not_tell_leaves_the_end_of_notification_to_a_person():
    """SOA 2003 s.82(1): the period follows the sentence, and "other" is none of those in the table."""
    found = result(sentence(RAPE, "other"))
    assert (found.primary, found.eligible_until) == (ONE, None)
    assert any("end of category 1" in words for words in found.questions)


def test_a_missing_term_is_a_question_not_a_no():
    found = result(sentence(GBH, "imprisonment", None))
    assert found.undecided
