"""The project's own table of common offences, and the conditions of Schedule 3 (SOA 2003).

Schedule 3 to the Sexual Offences Act 2003 lists the offences that bring the notification requirements; some of
its paragraphs ask for an age or a sentence as well. Lengths are calendar months, ages are whole years.
"""

import csv
import tomllib
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cache
from importlib.resources import files
from typing import Any, Final, Literal

# How CJS codes mark an attempt, aiding and abetting, a conspiracy and an incitement: a letter after the base code.
SUFFIXES: Final = "ABCI"
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


Hospital = Literal["no", "any", "restricted"]


@dataclass(frozen=True, slots=True)
class Beside:
    """What is known of an offence beside its paragraph; ages in whole years at the offence, None: not recorded.

    ``victim_age`` is that of the youngest victim, or of the youngest person in indecent photographs. ``sentenced_on``:
    the day of the sentence or caution; the conviction is no later.
    """

    offence_code: str = ""
    age_at_offence: int | None = None
    victim_age: int | None = None
    restriction_order: bool = False
    sentenced_on: date | None = None

    def victim_under(self, limit: int) -> bool | None:
        """Tell whether a victim was under an age, by the record or by the offence's own definition; None: not known."""
        if self.victim_age is not None:
            return self.victim_age < limit
        defined: int | None = _policy()["victim_under_by_definition"].get(base_of(self.offence_code))
        return True if defined is not None and defined <= limit else None


@dataclass(frozen=True, slots=True)
class Threshold:
    """A condition word: least months of custody, which hospital order meets it, and whether a victim under 18 does."""

    words: str
    months: int
    hospital: Hospital = "no"
    community: bool = False
    victim: bool = False


SENTENCE: Final = "a term of imprisonment, detention in a hospital or a community order of at least 12 months"
OLD_SENTENCE: Final = "a victim under 18, imprisonment for at least 30 months, or hospital with a restriction order"
TESTS: Final[dict[str, Threshold]] = {
    "sentenced_12_months": Threshold("imprisonment for at least 12 months", 12),
    "sentenced_24_months": Threshold("imprisonment for at least 2 years", 24),
    "imprisonment_or_hospital": Threshold("a term of imprisonment or detention in a hospital", 0, "any"),
    "imprisonment": Threshold(SENTENCE, 0, "any", True),
    "victim_or_sentence": Threshold(f"a victim under 18, or {SENTENCE}", 0, "any", True, victim=True),
    "victim_or_30_months": Threshold(OLD_SENTENCE, 30, "restricted", victim=True),
}
VICTIM: Final = 18
FIXED: Final = {"always": Verdict.YES, "never": Verdict.NO, "person_decides": Verdict.PERSON_DECIDES}


def shipped() -> list[dict[str, str]]:
    """Return the rows of the shipped table: offence_code, schedule, part, paragraph, description, group."""
    text = files("policy").joinpath("data/offences.csv").read_text("utf-8")
    return list(csv.DictReader(text.splitlines()))


@cache
def _policy() -> dict[str, Any]:
    return tomllib.loads(files("policy").joinpath("data/schedule3_conditions.toml").read_text("utf-8"))


def base_of(code: str) -> str:
    """Return the code of the offence itself: without the letter of an attempt, aiding, conspiracy or incitement."""
    return code[:-1] if len(code) > 1 and code[-1] in SUFFIXES and code[-2].isdigit() else code


def with_base(own: tuple[Listing, ...] | None, base: tuple[Listing, ...] | None) -> tuple[Listing, ...] | None:
    """Return where an attempt, conspiracy, incitement or aiding is listed: where its base offence is, and on its own.

    Source: SOA 2003 Sch 3 para 94; CJA 2003 Sch 15 paras 64, 153. An entry that names no paragraph says less than
    the base's entry in the same schedule. A code known to be in neither schedule stays there.
    """
    if not own or not base or any(one.schedule == "none" for one in own):
        return own or base
    told = {one.schedule for one in base if one.paragraph}
    kept = [one for one in own if one.paragraph or one.schedule not in told]
    return tuple(dict.fromkeys([*kept, *(one for one in base if one.schedule != "none")]))


def custodial_months(disposal: str, months: int) -> float:
    """Return the part of a term that counts: half of a detention and training order (SOA 2003 s.131(a))."""
    return months / 2 if disposal == "dto" else months


def _sentence(word: str, disposal: str, months: int | None, beside: Beside) -> Verdict:
    """Apply one condition word to a sentence (meanings: head of ``schedule3_conditions.toml``)."""
    if word in FIXED:
        return FIXED[word]
    test = TESTS[word]
    victim = beside.victim_under(VICTIM) if test.victim else False
    otherwise = {True: Verdict.YES, False: Verdict.NO, None: Verdict.PERSON_DECIDES}[victim]
    if victim or disposal in {"life", "ipp"}:
        return Verdict.YES
    if disposal in CUSTODY:
        if months is None and test.months:
            return Verdict.PERSON_DECIDES
        return Verdict.YES if custodial_months(disposal, months or 0) >= test.months else otherwise
    if disposal not in ORDERS | LESSER:
        return Verdict.PERSON_DECIDES
    if disposal == "hospital_order" and (
        test.hospital == "any" or (test.hospital == "restricted" and beside.restriction_order)
    ):
        return Verdict.YES
    if disposal == "community_order" and test.community:
        if months is None:
            return Verdict.PERSON_DECIDES
        return Verdict.YES if months >= COMMUNITY_MONTHS else otherwise
    return otherwise


def schedule_3_verdict(
    paragraph: str,
    disposal: str,
    term_months: int | None,
    age_at_sentence: int | None,
    beside: Beside | None = None,
) -> tuple[Verdict, str]:
    """Say whether a Schedule 3 offence brings the notification requirements, and why in one sentence.

    Source: SOA 2003 s.80 and Sch 3 paras 1-35C. The Act looks at the age at the offence (para 95(b)): that
    decides when given. Otherwise the age at sentence stands in for it, and a person decides near the limit.
    A paragraph that is empty, or in none of our tables, is an unknown one, and goes to a person.
    """
    beside = beside or Beside()
    if not paragraph:
        return Verdict.PERSON_DECIDES, "The paragraph of Schedule 3 is not recorded, so its conditions are not known."
    if paragraph in _policy()["without_condition"]:
        return Verdict.YES, f"SOA 2003 Sch 3 para {paragraph} sets no condition of age or sentence."
    found = next((each for each in _policy()["condition"] if each["paragraph"] == paragraph), None)
    if found is None:
        return Verdict.PERSON_DECIDES, f"The conditions of SOA 2003 Sch 3 para {paragraph} are not on record here."
    before: date | None = found.get("convicted_before")
    if before and beside.sentenced_on and beside.sentenced_on < before:
        verdict, fact = _by_the_rest(found, Verdict.YES, "met", beside)
        return verdict, f"{found['source']} asks for no age or sentence of a conviction before {before}; {fact}."
    verdict, side, limit, fact = _by_age(found, disposal, term_months, age_at_sentence, beside)
    if verdict is not Verdict.NO:
        verdict, fact = _by_the_rest(found, verdict, fact, beside)
    return verdict, _reason(found, side, limit, fact)


def _by_age(
    found: dict[str, Any], disposal: str, months: int | None, age_at_sentence: int | None, beside: Beside
) -> tuple[Verdict, str, int, str]:
    """Apply the side of a condition that the offender's age asks for: the verdict, the side, the age, and how it fell.

    Where the sides differ and the age at the offence is not known, a person decides near the limit.
    """
    limit: int = found.get("adult_from", 18)
    younger, older = (_sentence(found[side], disposal, months, beside) for side in ("under_18", "adult"))
    age = age_at_sentence if beside.age_at_offence is None else beside.age_at_offence
    near = beside.age_at_offence is None and age is not None and limit <= age < limit + _policy()["age_margin_years"]
    if younger is not older and (age is None or near):
        fact = f"it turns on whether the offender was under {limit} at the offence, and that is not recorded"
        return Verdict.PERSON_DECIDES, "adult", limit, fact
    side = "under_18" if age is not None and age < limit else "adult"
    verdict = younger if side == "under_18" else older
    fact = {Verdict.YES: "met", Verdict.NO: "not met"}.get(verdict) or _unsettled(found[side], beside)
    fact += ", going by the age at sentence" if younger is not older and beside.age_at_offence is None else ""
    return verdict, side, limit, fact


def _unsettled(word: str, beside: Beside) -> str:
    """Say what is missing where the record does not settle a condition."""
    test = TESTS.get(word)
    if test is not None and test.victim and beside.victim_under(VICTIM) is None:
        return "whether a victim was under 18 is not recorded"
    return "the record does not settle it"


def _by_the_rest(found: dict[str, Any], verdict: Verdict, fact: str, beside: Beside) -> tuple[Verdict, str]:
    """Apply what a condition asks beside age and sentence: the victim's age, and what no record holds."""
    if (under := found.get("victim_under")) is not None:
        young = beside.victim_under(under)
        asked = f"the victim, or the other party, was under {under}"
        if young is False:
            return Verdict.NO, f"it also asks that {asked}, which is not so"
        if young is None:
            verdict, fact = Verdict.PERSON_DECIDES, f"it also asks that {asked}, which is not recorded"
    if "and_unrecorded" in found:
        return Verdict.PERSON_DECIDES, f"it also asks that {found['and_unrecorded']}, which is not recorded"
    return verdict, fact


def _reason(found: dict[str, Any], side: str, limit: int, fact: str) -> str:
    """Name the source, whom it speaks of, what it asks, and how it fell."""
    who = f"an offender under {limit}" if side == "under_18" else f"an offender of {limit} or over"
    word = found[side]
    asks = TESTS[word].words if word in TESTS else {"always": "nothing more", "never": "a higher age"}.get(word, word)
    return f"{found['source']} asks of {who}: {asks}; {fact}."
