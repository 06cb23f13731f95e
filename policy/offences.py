"""The project's own table of common offences, and the conditions of Schedule 3 (SOA 2003).

Schedule 3 to the Sexual Offences Act 2003 lists the offences that bring the notification requirements; some of
its paragraphs ask for an age or a sentence as well. Lengths are calendar months, ages are whole years.
"""

import csv
import tomllib
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib.resources import files
from typing import Any, Final

CUSTODY: Final = frozenset({"imprisonment", "yoi_detention", "dto", "extended", "suspended"})
ORDERS: Final = frozenset({"community_order", "hospital_order", "guardianship_order"})
LESSER: Final = frozenset({"caution", "conditional_discharge", "fine"})
COMMUNITY_MONTHS: Final = 12


@dataclass(frozen=True, slots=True)
class Listing:
    """Where an offence stands: ``schedule`` is '3', '15' or 'none'; part and paragraph are empty for 'none'."""

    schedule: str
    part: str
    paragraph: str


class Verdict(StrEnum):
    """Whether the notification requirements follow, or a person has to say."""

    YES = "yes"
    NO = "no"
    PERSON_DECIDES = "person_decides"


@dataclass(frozen=True, slots=True)
class Threshold:
    """A condition word: least months of custody, what a hospital order gives, and the answer if nothing meets it."""

    words: str
    months: int
    hospital: Verdict = Verdict.NO
    community: bool = False
    otherwise: Verdict = Verdict.NO


SENTENCE: Final = "a term of imprisonment, detention in a hospital or a community order of at least 12 months"
OLD_SENTENCE: Final = "a victim under 18, imprisonment for at least 30 months, or hospital with a restriction order"
TESTS: Final[dict[str, Threshold]] = {
    "sentenced_12_months": Threshold("imprisonment for at least 12 months", 12),
    "sentenced_24_months": Threshold("imprisonment for at least 2 years", 24),
    "imprisonment_or_hospital": Threshold("a term of imprisonment or detention in a hospital", 0, Verdict.YES),
    "imprisonment": Threshold(SENTENCE, 0, Verdict.YES, True),
    "victim_or_sentence": Threshold(f"a victim under 18, or {SENTENCE}", 0, Verdict.YES, True, Verdict.PERSON_DECIDES),
    "victim_or_30_months": Threshold(OLD_SENTENCE, 30, otherwise=Verdict.PERSON_DECIDES),
}
FIXED: Final = {"always": Verdict.YES, "never": Verdict.NO, "person_decides": Verdict.PERSON_DECIDES}


def shipped() -> list[dict[str, str]]:
    """Return the rows of the shipped table: offence_code, schedule, part, paragraph, description, group."""
    text = files("policy").joinpath("data/offences.csv").read_text("utf-8")
    return list(csv.DictReader(text.splitlines()))


@cache
def _policy() -> dict[str, Any]:
    return tomllib.loads(files("policy").joinpath("data/schedule3_conditions.toml").read_text("utf-8"))


def _custody(test: Threshold, disposal: str, months: int | None) -> Verdict:
    """Compare a term with the length asked for. A DTO counts for its detention part (SOA 2003 s.131(a))."""
    if test.months == 0:
        return Verdict.YES
    if months is None:
        return Verdict.PERSON_DECIDES
    if months < test.months:
        return test.otherwise
    if disposal == "dto" and months < 2 * test.months:
        return Verdict.PERSON_DECIDES
    return Verdict.YES


def _sentence(word: str, disposal: str, months: int | None) -> Verdict:
    """Apply one condition word to a sentence (meanings: head of ``schedule3_conditions.toml``)."""
    if word in FIXED:
        return FIXED[word]
    test = TESTS[word]
    if disposal in {"life", "ipp"}:
        return Verdict.YES
    if disposal in CUSTODY:
        return _custody(test, disposal, months)
    if disposal not in ORDERS | LESSER:
        return Verdict.PERSON_DECIDES
    if disposal == "hospital_order" and test.hospital is Verdict.YES:
        return Verdict.YES
    if disposal == "community_order" and test.community and months is None:
        return Verdict.PERSON_DECIDES
    if disposal == "community_order" and test.community and (months or 0) >= COMMUNITY_MONTHS:
        return Verdict.YES
    return test.otherwise


def schedule_3_verdict(
    paragraph: str,
    disposal: str,
    term_months: int | None,
    age_at_sentence: int | None,
    *,
    age_at_offence: int | None = None,
) -> tuple[Verdict, str]:
    """Say whether a Schedule 3 offence brings the notification requirements, and why in one sentence.

    Source: SOA 2003 s.80 and Sch 3 paras 1-35C. The Act looks at the age at the offence (para 95(b)):
    ``age_at_offence`` decides when given. Otherwise the age at sentence stands in for it, and a person decides
    near the limit. An empty paragraph is an unknown one, and goes to a person.
    """
    if not paragraph:
        return Verdict.PERSON_DECIDES, "The paragraph of Schedule 3 is not recorded, so its conditions are not known."
    found = next((each for each in _policy()["condition"] if each["paragraph"] == paragraph), None)
    if found is None:
        return Verdict.YES, f"SOA 2003 Sch 3 para {paragraph} sets no condition of age or sentence."
    limit: int = found.get("adult_from", 18)
    younger, older = (_sentence(found[side], disposal, term_months) for side in ("under_18", "adult"))
    age = age_at_sentence if age_at_offence is None else age_at_offence
    near = age_at_offence is None and age is not None and limit <= age < limit + _policy()["age_margin_years"]
    if younger is not older and (age is None or near):
        verdict, side = Verdict.PERSON_DECIDES, "adult"
        fact = f"it turns on whether the offender was under {limit} at the offence, and that is not recorded"
    else:
        side = "under_18" if age is not None and age < limit else "adult"
        verdict = younger if side == "under_18" else older
        fact = {Verdict.YES: "met", Verdict.NO: "not met"}.get(verdict, "the record does not settle it")
        fact += ", going by the age at sentence" if younger is not older and age_at_offence is None else ""
    if verdict is Verdict.YES and "and_unrecorded" in found:
        verdict, fact = Verdict.PERSON_DECIDES, f"it also asks that {found['and_unrecorded']}, which is not recorded"
    return verdict, _reason(found, side, limit, fact)


def _reason(found: dict[str, Any], side: str, limit: int, fact: str) -> str:
    """Name the source, whom it speaks of, what it asks, and whether the wording is still unchecked."""
    who = f"an offender under {limit}" if side == "under_18" else f"an offender of {limit} or over"
    word = found[side]
    asks = TESTS[word].words if word in TESTS else {"always": "nothing more", "never": "a higher age"}.get(word, word)
    unchecked = "" if found["status"] == "confirmed" else " (as recalled, not yet checked against the Act)"
    return f"{found['source']}{unchecked} asks of {who}: {asks}; {fact}."
