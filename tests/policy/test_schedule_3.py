"""The conditions of Schedule 3 for notification, worked by hand from the Act."""

import re
import tomllib
from datetime import date
from importlib.resources import files
from typing import Any

import pytest

from policy.offences import FIXED, TESTS, Beside, Verdict, schedule_3_verdict, shipped

YES, NO, ASK = Verdict.YES, Verdict.NO, Verdict.PERSON_DECIDES

ROWS = shipped()
CONDITIONS = tomllib.loads(files("policy").joinpath("data/schedule3_conditions.toml").read_text("utf-8"))["condition"]


# paragraph, disposal, term in months, age at sentence, verdict; the words of SOA 2003 Sch 3 beside each group
CASES = [
    # para 17: ss.1 and 2 without condition (rape, assault by penetration)
    ("17", "imprisonment", 96, 40, YES),
    ("17", "caution", None, 15, YES),
    ("17", "imprisonment", None, None, YES),
    # para 18(a): under 18, sentenced to imprisonment for at least 12 months
    ("18", "yoi_detention", 12, 17, YES),
    ("18", "yoi_detention", 11, 17, NO),
    ("18", "yoi_detention", None, 17, ASK),
    ("18", "community_order", 24, 17, NO),
    ("18", "hospital_order", None, 16, NO),
    ("18", "caution", None, 16, NO),
    # para 18(b)(ii)(a): any term of imprisonment; a suspended sentence is one
    ("18", "imprisonment", 2, 40, YES),
    ("18", "imprisonment", None, 40, YES),
    ("18", "suspended", 6, 40, YES),
    ("18", "life", None, 40, YES),
    # para 18(b)(ii)(b): detained in a hospital; guardianship detains nobody
    ("18", "hospital_order", None, 40, YES),
    ("18", "guardianship_order", None, 40, ASK),
    # para 18(b)(ii)(c): community sentence of at least 12 months (R v Davison [2008] EWCA Crim 2795)
    ("18", "community_order", 12, 40, YES),
    ("18", "community_order", 11, 40, ASK),
    ("18", "community_order", None, 40, ASK),
    # para 18(b)(i): the victim was under 18, which the record does not hold
    ("18", "fine", None, 40, ASK),
    ("18", "conditional_discharge", 12, 40, ASK),
    ("18", "caution", None, 40, ASK),
    # s.131(a), R v Slocombe: only the detention part of a detention and training order counts
    ("18", "dto", 24, 16, YES),
    ("18", "dto", 23, 16, NO),
    ("18", "dto", 12, 16, NO),
    ("18", "dto", 10, 16, NO),
    # para 33: exposure, the form of para 18 (facts of R v Rawlinson [2018] EWCA Crim 2825)
    ("33", "conditional_discharge", 36, 40, ASK),
    ("33", "imprisonment", 2, 40, YES),
    # para 20: s.7, 18 or over, or imprisonment for at least 12 months
    ("20", "caution", None, 40, YES),
    ("20", "yoi_detention", 12, 16, YES),
    ("20", "caution", None, 16, NO),
    # para 95(b): the age at the offence; 18 to 20 at sentence may have been 17 at the offence
    ("20", "community_order", 12, 18, ASK),
    ("20", "community_order", 12, 20, ASK),
    ("20", "community_order", 12, 21, YES),
    ("20", "imprisonment", 12, 18, YES),
    ("20", "caution", None, None, ASK),
    ("20", "imprisonment", 12, None, YES),
    # para 22: s.13, imprisonment for at least 12 months whatever the age now
    ("22", "dto", 24, 16, YES),
    ("22", "community_order", 36, 16, NO),
    ("22", "imprisonment", 12, 35, YES),
    # para 25: ss.16 to 19, by sentence alone
    ("25", "imprisonment", 1, 40, YES),
    ("25", "community_order", 12, 40, YES),
    ("25", "community_order", 11, 40, NO),
    ("25", "hospital_order", None, 40, YES),
    ("25", "fine", None, None, NO),
    # paras 29A to 29C: 18 or over, or imprisonment for at least 12 months (S.I. 2007/296 art 2)
    ("29A", "fine", None, 40, YES),
    ("29B", "yoi_detention", 11, 17, NO),
    ("29C", "yoi_detention", 12, 17, YES),
    # para 32: ss.64 and 65, imprisonment or hospital, no community limb
    ("32", "imprisonment", 1, 40, YES),
    ("32", "hospital_order", None, 40, YES),
    ("32", "community_order", 24, 40, NO),
    # para 35A: 18 or over and imprisonment for at least 2 years
    ("35A", "imprisonment", 24, 40, YES),
    ("35A", "imprisonment", 23, 40, NO),
    ("35A", "imprisonment", None, 40, ASK),
    ("35A", "yoi_detention", 36, 17, NO),
    # para 35C: 18 or over, or imprisonment for at least 12 months
    ("35C", "fine", None, 40, YES),
    ("35C", "yoi_detention", 6, 17, NO),
    # para 3: 1956 s.6, 20 or over
    ("3", "fine", None, 19, NO),
    ("3", "imprisonment", 36, 19, NO),
    ("3", "fine", None, 20, ASK),
    ("3", "fine", None, 60, YES),
    # para 4: incest by a man, the other party under 18
    ("4", "imprisonment", 60, 60, ASK),
    # para 5: buggery, 20 or over and the other party under 18
    ("5", "imprisonment", 60, 60, ASK),
    ("5", "imprisonment", 60, 19, NO),
    # paras 7 and 8: the victim under 18, or at least 30 months, or hospital with a restriction order
    ("7", "imprisonment", 30, 60, YES),
    ("7", "imprisonment", 29, 60, ASK),
    ("8", "hospital_order", None, 60, ASK),
    ("8", "fine", None, 15, ASK),
    # paras 13 and 15: persons under 16 shown, which the record does not hold
    ("13", "suspended", 10, 40, ASK),
    ("15", "caution", None, 16, NO),
    # para 34A: for sexual gratification, which the record does not hold
    ("34A", "imprisonment", 3, 40, ASK),
    ("34A", "caution", None, 16, NO),
    # a disposal that says nothing about the sentence
    ("25", "other", None, 40, ASK),
    ("25", "absent from the list", 12, 40, ASK),
]


@pytest.mark.parametrize(("paragraph", "disposal", "months", "age", "wanted"), CASES)
def test_notification_follows_the_words_of_the_paragraph(
    paragraph: str, disposal: str, months: int | None, age: int | None, wanted: Verdict
) -> None:
    verdict, reason = schedule_3_verdict(paragraph, disposal, months, age)
    assert verdict is wanted, reason
    assert f"SOA 2003 Sch 3 para {paragraph}" in reason
    assert reason.endswith(".")


def test_the_age_at_the_offence_decides_when_it_is_known() -> None:
    """SOA 2003 Sch 3 para 95(b)."""
    assert schedule_3_verdict("20", "community_order", 12, 45, Beside(age_at_offence=17))[0] is NO
    assert schedule_3_verdict("20", "community_order", 12, 18, Beside(age_at_offence=18))[0] is YES
    assert schedule_3_verdict("20", "community_order", 12, None, Beside(age_at_offence=30))[0] is YES


@pytest.mark.parametrize("paragraph", ["", "33A", "36", "94", "99Z"])
def test_an_unknown_paragraph_is_never_taken_as_unconditional(paragraph: str) -> None:
    assert schedule_3_verdict(paragraph, "imprisonment", 60, 40)[0] is ASK


# paragraph, disposal, term, age of the victim, code, verdict for an offender of 40
VICTIMS = [
    # para 18(b)(i): a victim under 18; else the sentence decides
    ("18", "fine", None, 17, "", YES),
    ("18", "fine", None, 18, "", NO),
    ("18", "community_order", 11, 18, "", NO),
    ("18", "community_order", 12, 18, "", YES),
    # paras 7(a), 8(a): a victim under 18, or 30 months
    ("7", "imprisonment", 12, 17, "", YES),
    ("7", "imprisonment", 29, 18, "", NO),
    ("7", "imprisonment", 30, 18, "", YES),
    ("8", "hospital_order", None, 30, "", NO),
    # the offence's own definition: SX56026 is against a female under 16, SX56028 against a male under 14
    ("7", "imprisonment", 12, None, "SX56026", YES),
    ("7", "fine", None, None, "SX56026A", YES),
    ("8", "caution", None, None, "SX56028", YES),
    ("7", "imprisonment", 12, None, "SX56027", ASK),
    # paras 4, 5: the other party under 18
    ("4", "imprisonment", 60, 17, "", YES),
    ("4", "imprisonment", 60, 18, "", NO),
    ("5", "fine", None, None, "SX56014", YES),
    # paras 13, 15: a photograph of somebody under 16
    ("13", "suspended", 10, 15, "", YES),
    ("15", "fine", None, 16, "", NO),
    # para 29: s.47, a victim under 16; SX03106 is against a girl of 13 to 15
    ("29", "fine", None, 15, "", YES),
    ("29", "fine", None, 16, "", NO),
    ("29", "fine", None, None, "SX03106", YES),
    # para 34A asks for the purpose as well, which no record holds
    ("34A", "fine", None, 15, "", ASK),
    ("34A", "fine", None, 40, "", NO),
]


@pytest.mark.parametrize(("paragraph", "disposal", "months", "victim", "code", "wanted"), VICTIMS)
def test_the_age_of_the_victim_decides_where_the_paragraph_asks_for_it(
    paragraph: str, disposal: str, months: int | None, victim: int | None, code: str, wanted: Verdict
) -> None:
    verdict, reason = schedule_3_verdict(paragraph, disposal, months, 40, Beside(code, 40, victim))
    assert verdict is wanted, reason


def test_a_restriction_order_meets_paragraphs_7_and_8() -> None:
    """SOA 2003 Sch 3 para 7(b)(ii): admitted to a hospital subject to a restriction order."""
    assert schedule_3_verdict("7", "hospital_order", None, 40, Beside(restriction_order=True))[0] is YES
    assert schedule_3_verdict("7", "hospital_order", None, 40, Beside())[0] is ASK


SENTENCED = "is or has been sentenced in respect of the offence to imprisonment for a term of at least 12 months"
OTHER_PARTY = "the victim or (as the case may be) other party was under 18"
HOSPITAL = "(i) sentenced to a term of imprisonment or (ii) detained in a hospital"
COMMUNITY = (
    "sentenced to a term of imprisonment ({b}) detained in a hospital or ({c}) made the subject of a community "
    "sentence of at least 12 months"
)
# What the Act asks, in its words without commas, and what the program asks: under 18, 18 or over.
SHAPES = {
    "if the offender was 20 or over": ("never", "always"),
    f"if (a) the offender was 20 or over and (b) {OTHER_PARTY}": ("never", "always"),
    f"if {OTHER_PARTY}": ("always", "always"),
    f"if (a) {OTHER_PARTY} or (b) the offender in respect of the offence or finding is or has been (i) sentenced to "
    "imprisonment for a term of at least 30 months; or (ii) admitted to a hospital subject to a restriction order":
        ("victim_or_30_months", "victim_or_30_months"),
    f"if the offender (a) was 18 or over or (b) {SENTENCED}": ("sentenced_12_months", "always"),
    "if the offender (a) was 18 or over or (b) is sentenced in respect of the offence to imprisonment for a term of at "
    "least 12 months": ("sentenced_12_months", "always"),
    "if the offender (a) was 18 or over and (b) is sentenced in respect of the offence to imprisonment for a term of "
    "at least 2 years": ("never", "sentenced_24_months"),
    f"if the offender {SENTENCED}": ("sentenced_12_months", "sentenced_12_months"),
    f"if the offender in respect of the offence is or has been (a) {COMMUNITY.format(b='b', c='c')}":
        ("imprisonment", "imprisonment"),
    f"if (a) where the offender was under 18 he {SENTENCED}; (b) in any other case the offender in respect of the "
    f"offence or finding is or has been {HOSPITAL}": ("sentenced_12_months", "imprisonment_or_hospital"),
    f"if (a) where the offender was under 18 he {SENTENCED}; (b) in any other case the offender in respect of the "
    f"offence or finding is or has been (i) {COMMUNITY.format(b='ii', c='iii')}":
        ("sentenced_12_months", "imprisonment"),
    f"if (a) where the offender was under 18 he {SENTENCED}; (b) in any other case (i) the victim was under 18 or (ii) "
    f"the offender in respect of the offence or finding is or has been (a) {COMMUNITY.format(b='b', c='c')}":
        ("sentenced_12_months", "victim_or_sentence"),
    "if (a) the offence was committed for the purpose mentioned in section 67A(3)(a) (sexual gratification) and (b) "
    "the relevant condition is met. Where the offender was under 18 the relevant condition is that the offender "
    f"{SENTENCED}. In any other case the relevant condition is that (a) the victim was under 18 or (b) the offender in "
    f"respect of the offence or finding is or has been (i) {COMMUNITY.format(b='ii', c='iii')}":
        ("sentenced_12_months", "victim_or_sentence"),
}  # fmt: skip
PHOTOGRAPHS = (
    " and (a) the conviction finding or caution was before the commencement of this Part or (b) the offender (i) was "
    "18 or over or (ii) is sentenced in respect of the offence to imprisonment for a term of at least 12 months"
)
SHAPES |= {
    f"if {shown} persons under 16{PHOTOGRAPHS}": ("sentenced_12_months", "always")
    for shown in (
        "the indecent photographs or pseudo-photographs showed",
        "the prohibited goods included indecent photographs of",
    )
}
# Paragraph 29 asks for a victim under 16 (``victim_under``), paragraph 31 speaks of the intended victim.
PARTICULAR = {
    "the victim or (as the case may be) other party was under 16 and the offender (a)": "the offender (a)",
    "the intended offence was an offence against a person under 18": "the victim was under 18",
}


@pytest.mark.parametrize("each", CONDITIONS, ids=lambda each: each["paragraph"])
def test_each_condition_is_what_the_act_says(each: dict[str, Any]) -> None:
    """SOA 2003 Sch 3 paras 3 to 35C: no condition is answered from memory; the ages beside it are the Act's too."""
    words = " ".join(each["words"].replace(",", "").split())
    for particular, usual in PARTICULAR.items():
        words = words.replace(particular, usual)
    assert SHAPES[words] == (each["under_18"], each["adult"])
    assert (each.get("adult_from", 18) == 20) is ("20 or over" in each["words"])
    # A victim's age that nothing else outweighs stands apart; an alternative to the sentence is part of the condition.
    under = re.search(r"(?:victim or \(as the case may be\) other party was|persons) under (\d+)", each["words"])
    alone = under is not None and each["adult"] != "victim_or_30_months"
    in_one = each.get("victim_under", 16 if each["paragraph"] == "14" else None)
    assert in_one == (int(under[1]) if under is not None and alone else None)
    assert (each.get("convicted_before") is not None) is ("before the commencement of this Part" in each["words"])


# paragraph, disposal, sentenced on, verdict for an offender of 16 whose photographs showed a child of 10
FORMERLY = [
    # paras 13(a), 14(a), 15(a): a conviction before the commencement of Part 2 asks for no age or sentence
    ("13", "hospital_order", date(2004, 4, 30), YES),
    ("13", "hospital_order", date(2004, 5, 1), NO),
    ("15", "caution", date(2003, 2, 3), YES),
    ("15", "caution", date(2005, 2, 3), NO),
    # what the goods were is on no record
    ("14", "caution", date(2003, 2, 3), ASK),
    # para 20 makes no such difference
    ("20", "caution", date(2003, 2, 3), NO),
]


@pytest.mark.parametrize(("paragraph", "disposal", "sentenced", "wanted"), FORMERLY)
def test_a_conviction_before_part_2_began_asks_for_no_age_or_sentence(
    paragraph: str, disposal: str, sentenced: date, wanted: Verdict
) -> None:
    beside = Beside("", 16, 10, restriction_order=True, sentenced_on=sentenced)
    verdict, reason = schedule_3_verdict(paragraph, disposal, None, 16, beside)
    assert verdict is wanted, reason


def test_the_younger_side_is_never_wider_than_the_adult_one() -> None:
    """Every condition of Schedule 3 asks at least as much of an offender under 18."""
    order = {NO: 0, ASK: 1, YES: 2}
    sentences = [(d, m) for d in ("imprisonment", "community_order", "hospital_order", "fine") for m in (6, 12, 30)]
    for each in CONDITIONS:
        for disposal, months in sentences:
            young = schedule_3_verdict(each["paragraph"], disposal, months, 16, Beside("", 16))[0]
            old = schedule_3_verdict(each["paragraph"], disposal, months, 40, Beside("", 40))[0]
            assert order[young] <= order[old], (each["paragraph"], disposal, months)


def test_the_conditions_use_the_closed_vocabulary() -> None:
    words = set(TESTS) | set(FIXED)
    keys = {
        "paragraph",
        "section",
        "under_18",
        "adult",
        "adult_from",
        "victim_under",
        "and_unrecorded",
        "convicted_before",
        "words",
        "source",
    }
    for each in CONDITIONS:
        assert {each["under_18"], each["adult"]} <= words
        assert set(each) <= keys
        assert each["source"].startswith(f"SOA 2003 Sch 3 para {each['paragraph']}")
    assert len({each["paragraph"] for each in CONDITIONS}) == len(CONDITIONS)


def test_every_condition_has_an_offence_that_meets_it() -> None:
    """Paragraph 14, customs offences, is left to tables loaded later."""
    paragraphs = {r["paragraph"] for r in ROWS if r["schedule"] == "3"}
    assert {each["paragraph"] for each in CONDITIONS} - paragraphs == {"14"}
