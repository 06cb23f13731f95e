"""What is said at a meeting: each section in the next words of its ring, so that nothing is copied forward.

The record refuses words that stand as they did at the last meeting (Joint inspection 2015, 5.14, 5.23), unless
somebody confirms them: of the licence conditions somebody now and then does.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

from models.cases import Case
from policy.vocabulary import RoshLevel
from sample.answers.dice import Dice
from sample.answers.people import Somebody
from sample.answers.rates import Deciding
from sample.answers.wording import (
    AT_RISK,
    CONDITIONS,
    CRITICAL,
    INFORMATION,
    LEVEL_DOWN,
    LEVEL_STAYS,
    LEVEL_UP,
    LINKS,
    MEDIA,
    OFFENDER_VIEWS,
    OTHER_INFORMATION,
    PLAN,
    RISK_VIEWS,
    VICTIMS,
    pronouns,
)

T = TypeVar("T")
AS_ON_RECORD = 0.8


@dataclass(slots=True)
class Book:
    """The words of one meeting of a case. ``turn`` counts the meetings held before it."""

    seed: int
    crn: str
    sex: str | None
    turn: int
    dice: Dice
    words: dict[str, str] = field(init=False)

    def __post_init__(self) -> None:
        """Choose the pronouns."""
        self.words = pronouns(self.sex)

    def next_of(self, ring: Sequence[T], section: str) -> T:
        """Return what the ring of a section has for this meeting: never what it had for the last."""
        start = Dice(self.seed, self.crn, "ring", section).between(0, len(ring) - 1)
        return ring[(start + self.turn) % len(ring)]

    def text(self, ring: Sequence[str], section: str) -> str:
        """Return the sentence of a section."""
        return self.next_of(ring, section).format(**self.words)

    def words_of_the_meeting(self, there: Sequence[str], case: Case) -> dict[str, Any]:
        """Return the sections that every meeting has; ``there`` are the agencies that came."""
        present = [agency for agency in dict.fromkeys(there) if agency != "mappa_unit"] or [case.lead_agency]
        who, of_what, when, evidence = self.next_of(AT_RISK, "at_risk")
        plan = {name: self.text(ring, f"plan.{name}") for name, ring in PLAN.items()}
        plan["licence_conditions"] = self.text(CONDITIONS, "plan.licence_conditions")
        return {
            "information": [{"agency": agency, "text": self.text(INFORMATION.get(agency, OTHER_INFORMATION), agency)}
                            for agency in present],
            "risk_views": [{"agency": agency, "level": self.risk(case.rosh_level),
                            "reason": self.text(RISK_VIEWS, f"risk.{agency}")} for agency in present],
            "at_risk": [{"who": who.format(**self.words), "of_what": of_what, "when": when, "evidence": evidence}],
            "victims": self.text(VICTIMS, "victims"),
            "offender_views": self.text(OFFENDER_VIEWS, "offender_views"),
            "plan": plan,
            "links": self.text(LINKS, "links"),
        }  # fmt: skip

    def risk(self, known: str | None) -> str:
        """Return how an agency sees the risk: mostly as it is on record."""
        if known in set(RoshLevel) and self.dice.share() < AS_ON_RECORD:
            return str(known)
        return self.dice.one((RoshLevel.MEDIUM, RoshLevel.HIGH, RoshLevel.VERY_HIGH)).value

    def level_reason(self, decided: int, before: int) -> str:
        """Return why the level is what it is from now on."""
        if decided == before:
            return self.text(LEVEL_STAYS, "level_stays")
        return self.text(LEVEL_DOWN if decided < before else LEVEL_UP, "level_changes")

    def critical(self, rates: Deciding) -> dict[str, Any]:
        """Return the answer to the question that level 3 asks every time (Joint inspection 2015, 7.5)."""
        yes = self.dice.says(rates.critical_public_protection_case)
        return {"decision": "yes" if yes else "no", "reason": self.text(CRITICAL, "critical")}

    def media(self) -> str:
        """Return what is said to the press."""
        return self.text(MEDIA, "media")

    def confirm_conditions(
        self, form: dict[str, Any], previous: dict[str, Any], manager: Somebody, rates: Deciding
    ) -> None:
        """Let the licence conditions stand as they did, where somebody confirms that they do."""
        before = (previous.get("plan") or {}).get("licence_conditions")
        confirmed = self.dice.says(rates.conditions_confirmed)
        if before == form["plan"]["licence_conditions"] and not confirmed:
            # After conditions that stood, the ring has come round to them.
            form["plan"]["licence_conditions"] = next(text for text in CONDITIONS if text != before)
        if before and confirmed:
            form["plan"]["licence_conditions"] = before
            form["carried_forward"] = {
                "plan.licence_conditions": {
                    "confirmed_by": manager.name,
                    "because": "The licence was read again this week, and no condition has been added or taken off.",
                }
            }
