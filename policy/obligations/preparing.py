"""What prepares a release: conditions that stand in the licence in time, and a place to live."""

from collections.abc import Iterator

from policy.facts import CaseFacts
from policy.kinds import Release
from policy.obligations.owed import Owed
from policy.obligations.release import RELEASED, overtaken
from policy.obligations.rules import makes_due
from policy.obligations.spells import first_within, floor_of, subject_of, with_release
from policy.vocabulary import Dwelling


@makes_due(Release.LICENCE_CONDITIONS, Release.RELEASE_HOUSING)
def owed_on_preparing(facts: CaseFacts) -> Iterator[Owed]:
    """Yield the licence conditions to be proposed and the housing to be found before each release.

    Conditions: where the person will be on licence after it (Durham annual report 2005-06). Housing: Joint inspection
    2015, 6.57 to 6.63; that none was found is no answer, and goes up the ladder. The weeks are our defaults.
    """
    if not facts.eligible:
        return
    housed = [home.told_on for home in facts.outside.homes if home.dwelling is not Dwelling.NONE_FOUND]
    for spell, release in with_release(facts):
        subject, floor = subject_of(spell), floor_of(facts, spell, release)
        if facts.licence_until is not None and facts.licence_until > release:
            proposed_on = first_within(spell, facts.licence_proposed_on)
            item = Owed(Release.LICENCE_CONDITIONS, subject, release, floor, proposed_on)
            yield overtaken(item, spell.until, RELEASED)
        door = spell.until or facts.door or release
        home = Owed(Release.RELEASE_HOUSING, subject, door, min(floor, door), first_within(spell, housed))
        yield overtaken(home, spell.until, RELEASED)
