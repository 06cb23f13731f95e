"""The spells in custody of a case, as the rules on releases and levels read them."""

from collections.abc import Iterable, Iterator
from datetime import date

from policy.custody import Spell, spells
from policy.facts import CaseFacts
from policy.subjects import THE_CASE, Subject
from policy.vocabulary import Level

MULTI_AGENCY = (Level.MULTI_AGENCY, Level.SENIOR_MULTI_AGENCY)


def with_release(facts: CaseFacts) -> Iterator[tuple[Spell, date]]:
    """Yield each spell with its release: the day that is planned, or the day on which the person left.

    While the person is in hospital, and where no date is known, no release is prepared.
    """
    for spell in spells(facts.where):
        release = spell.until or (None if spell.paused else facts.release_date)
        if release is not None:
            yield spell, release


def subject_of(spell: Spell) -> Subject:
    """Return what the duties of a spell are about: the case for the first, then the day on which the spell began."""
    return THE_CASE if spell.nth == 0 else Subject("custody", day=spell.since)


def floor_of(facts: CaseFacts, spell: Spell, release: date) -> date:
    """Return the day before which no mark of a spell lies: the sentence, or the recall."""
    return min(release, max(facts.sentence_date, spell.since) if spell.nth else facts.sentence_date)


def first_within(spell: Spell, days: Iterable[date]) -> date | None:
    """Return the first of some days that lies in a spell."""
    return min((day for day in days if spell.holds(day)), default=None)


def level_before(facts: CaseFacts, spell: Spell) -> Level | None:
    """Return the level at which the case was when a spell began."""
    before = [one.level for one in facts.levels if one.since < spell.since]
    return before[-1] if before else None
