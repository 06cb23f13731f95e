"""What is due when somebody has been sentenced, in custody, and on the day of release and after it."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from itertools import pairwise

from policy.calendar import add_months
from policy.custody import Stay, outside, spells
from policy.facts import CaseFacts
from policy.kinds import Identification, Release
from policy.obligations.owed import Owed
from policy.obligations.reviews import LEVEL_CHANGED, referrals_asked_for
from policy.obligations.rules import makes_due
from policy.obligations.spells import MULTI_AGENCY, first_within, floor_of, level_before, subject_of, with_release
from policy.subjects import Subject
from policy.vocabulary import Category, Level, Location

# Whose subject must notify the police of where they live: by the Acts of 2003 and 2008.
NOTIFIES = frozenset({Category.REGISTERED_SEXUAL_OFFENDER, Category.TERRORIST})
RELEASED, INSIDE_AGAIN = "the person was released", "the person came into custody"
# How long what a file tells of the release dates may be the only word on them.
MONTHS_OF_A_WORD = 12
AWAY_AGAIN = "the person came into custody or hospital"


@makes_due(Identification.IDENTIFICATION)
def owed_on_identification(facts: CaseFacts) -> Iterator[Owed]:
    """Yield the identification of each sentence, within three days (joint inspection 2015, 4.1)."""
    for item in facts.identifications:
        yield Owed(
            Identification.IDENTIFICATION,
            item.subject,
            item.sentence_date,
            item.sentence_date,
            item.identified_on,
            agency=item.agency,
        )


@makes_due(Release.PRISON_NOTICE, Release.REFERRAL, Release.RELEASE_MEETING, Release.RELEASE)
def owed_before_release(facts: CaseFacts) -> Iterator[Owed]:
    """Yield prison notice, referral or meeting, and the release itself (joint inspection 2015, 4.11, 6.39).

    A referral is a request for level 2 or 3 and no longer owed once level 1 has been set in the spell; one that is
    incomplete, or was sent back, does not meet it. A case that comes back at level 2 or 3 owes a meeting instead. The
    release is confirmed on the day on which the door opens, and the meeting counts from it; marks of months count from
    the release date itself.
    """
    if not facts.eligible:
        return
    yield from referrals_asked_for(facts)
    received = [r.received_on for r in facts.referrals if r.complete and r.returned_on is None]
    held = [meeting.on for meeting in facts.meetings if meeting.held]
    for spell, release in with_release(facts):
        subject, floor = subject_of(spell), floor_of(facts, spell, release)
        door = spell.until or facts.door or release
        found = [Owed(Release.PRISON_NOTICE, subject, release, floor, first_within(spell, facts.prison_notices))]
        levels = [one.level for one in facts.levels if spell.holds(one.since)]
        referred_on = first_within(spell, received)
        if spell.nth and level_before(facts, spell) in MULTI_AGENCY:
            found.append(Owed(Release.RELEASE_MEETING, subject, door, min(floor, door), first_within(spell, held)))
        elif referred_on is not None or not levels or levels[-1] is not Level.LEAD_AGENCY:
            found.append(Owed(Release.REFERRAL, subject, release, floor, referred_on))
        found.append(Owed(Release.RELEASE, subject, door, min(floor, door), spell.until))
        yield from (overtaken(item, spell.until, RELEASED) for item in found)


@makes_due(Release.LEVEL_SETTING)
def owed_levels(facts: CaseFacts) -> Iterator[Owed]:
    """Yield the level, by six months before each release (joint inspection 2015, 4.10), and outside custody.

    A meeting decides on the level, though it leaves it as it is. Outside custody the level is owed from the start where
    there is none: a suspended sentence, an order, a caution, hospital, a case moved here, a release without one. Twenty
    working days are our default.
    """
    if not facts.eligible:
        return
    decided = [one.since for one in facts.levels] + [meeting.on for meeting in facts.meetings if meeting.held]
    for spell, release in with_release(facts):
        set_on = first_within(spell, decided)
        item = Owed(Release.LEVEL_SETTING, subject_of(spell), release, floor_of(facts, spell, release), set_on)
        yield overtaken(item, spell.until, RELEASED)
    for stay in outside(facts.where):
        since = stay.since
        if any(one.since < since for one in facts.levels):
            continue
        subject = Subject("start") if since == facts.where[0].since else Subject("outside", day=since)
        days = [one.since for one in facts.levels if stay.until is None or one.since <= stay.until]
        item = Owed(
            Release.LEVEL_SETTING, subject, since, since, min(days, default=None), variants=("outside_custody",)
        )
        yield overtaken(item, stay.until, INSIDE_AGAIN)


def overtaken(item: Owed, on: date | None, by: str) -> Owed:
    """Return an obligation that was missed where something overtook it before it was met."""
    return item if on is None or item.met_on is not None else replace(item, missed_on=on, overtaken_by=by)


@makes_due(Release.DATES_CHECK)
def owed_on_dates(facts: CaseFacts) -> Iterator[Owed]:
    """Yield the prison's yearly word that the dates still stand: from the last word on.

    The first came with the sentence, or with the recall, though the file came later; after more than a year the file
    that opened the case is itself the newest word. The release overtakes the last. Our default: in custody nobody is
    left unasked for longer than twelve months.
    """
    for spell in spells(facts.where):
        if not facts.eligible or spell.paused:
            continue
        opened_on = facts.opened_on or spell.since
        since = opened_on if opened_on > add_months(spell.since, MONTHS_OF_A_WORD) else spell.since
        told = sorted({day for day in facts.dates_told if day > since and spell.holds(day)})
        for anchor, met_on in pairwise([since, *told, None]):
            assert anchor is not None, "only the last of the pairs ends in None"
            item = Owed(Release.DATES_CHECK, Subject(day=anchor), anchor, anchor, met_on)
            yield overtaken(item, spell.until, RELEASED)


@makes_due(Release.FIRST_NOTIFICATION, Release.NEIGHBOURHOOD_TOLD)
def owed_after_release(facts: CaseFacts) -> Iterator[Owed]:
    """Yield what follows a release: notification to the police in three days, and that neighbourhood policing knows.

    Notification: Sexual Offences Act 2003 s.83, Counter-Terrorism Act 2008 s.47; the three days begin with the day of
    release, or of the sentence of somebody whom it left outside: time in custody and in hospital is not counted.
    Neighbourhood policing: joint inspection 2015, 5.7, and its recommendation on registered sexual offenders.
    A recall overtakes both; a level at which the police have no part any more overtakes the second.
    """
    if not facts.eligible:
        return
    for subject, stay, released in arrivals(facts):
        lowered = None if police_have_a_part(facts) else level_lowered(facts, stay.since)
        asked = released and (police_have_a_part(facts) or lowered is not None)
        for kind, is_asked, told, over in (
            (Release.FIRST_NOTIFICATION, not NOTIFIES.isdisjoint(facts.categories), facts.notified_on, None),
            (Release.NEIGHBOURHOOD_TOLD, asked, facts.neighbourhood_told_on, lowered),
        ):
            # Who had notified the police before a further sentence need not do it again (s.83(2)).
            days = [day for day in told if day >= stay.since or not released]
            days = [day for day in days if stay.until is None or day <= stay.until]
            if is_asked:
                item = Owed(kind, subject, stay.since, stay.since, min(days, default=None))
                by_level = over is not None and (stay.until is None or over < stay.until)
                yield overtaken(item, over if by_level else stay.until, LEVEL_CHANGED if by_level else AWAY_AGAIN)


def arrivals(facts: CaseFacts) -> Iterator[tuple[Subject, Stay, bool]]:
    """Yield each time in the community: what its duties are about, the stay, and whether a release began it.

    The first stay counts where it began with a sentence: of a case that was taken over, or that an order opened, the
    record does not tell when the person came to be outside.
    """
    ended = {spell.until: subject_of(spell) for spell in spells(facts.where)}
    for place, stay in enumerate(facts.where):
        if stay.location is not Location.COMMUNITY:
            continue
        if stay.since in ended:
            yield ended[stay.since], stay, True
        elif place:
            yield Subject("outside", day=stay.since), stay, True
        elif any(one.sentence_date == stay.since for one in facts.identifications):
            yield Subject("start"), stay, False


def police_have_a_part(facts: CaseFacts) -> bool:
    """Tell whether the police help to manage the person: a registered sexual offender, or level 2 or 3."""
    return Category.REGISTERED_SEXUAL_OFFENDER in facts.categories or facts.level in MULTI_AGENCY


def level_lowered(facts: CaseFacts, released: date) -> date | None:
    """Return when a case that was at level 2 or 3 on the day of a release, or later, was taken down to level 1."""
    down = [
        after.since
        for before, after in pairwise(facts.levels)
        if before.level in MULTI_AGENCY and after.level is Level.LEAD_AGENCY and after.since > released
    ]
    return min(down, default=None)
