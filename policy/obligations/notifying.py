"""What the police are told while somebody must notify them, and what is decided while nobody knows where they are."""

from collections.abc import Iterator
from datetime import date
from itertools import pairwise

from policy.calendar import add_months
from policy.events import EventKind
from policy.facts import CaseFacts
from policy.kinds import Community, Events
from policy.obligations.community import communities
from policy.obligations.owed import Owed
from policy.obligations.release import AWAY_AGAIN, NOTIFIES, arrivals, overtaken
from policy.obligations.rules import makes_due
from policy.subjects import Subject
from policy.vocabulary import Category
from policy.words import short_date

MONTHS_A_YEAR = 12


@makes_due(Community.YEARLY_NOTIFICATION, Community.WEEKLY_NOTIFICATION)
def owed_each_time(facts: CaseFacts) -> Iterator[Owed]:
    """Yield that the person confirms their details with the police within a year of the last notification, or a week.

    Sexual Offences Act 2003 s.85, Counter-Terrorism Act 2008 s.49. A week it is for a registered sexual offender who
    told of having no fixed home, until one is told (s.85(5)(a), (6)). Any notification begins the time anew. A time in
    custody or hospital overtakes it: after the release the first notification is asked for, and the time runs from
    that.
    """
    if not facts.eligible or NOTIFIES.isdisjoint(facts.categories):
        return
    notified = sorted({*facts.notified_on, *facts.outside.notified_again_on})
    first_asked = {stay.since: released for _, stay, released in arrivals(facts)}
    for stay in communities(facts):
        days = [day for day in notified if day >= stay.since and (stay.until is None or day <= stay.until)]
        earlier = any(day < stay.since for day in notified)
        began = stay.since if first_asked.get(stay.since) else date.min
        if first_asked.get(stay.since) is None or (earlier and not first_asked[stay.since]):
            days = sorted({last_anniversary(stay.since, facts.opened_on or stay.since), *days})
        for anchor, met_on in pairwise([*days, None]):
            assert anchor is not None, "only the last of the pairs ends in None"
            floor = max(anchor, min(facts.opened_on or anchor, met_on or date.max))
            weekly = Category.REGISTERED_SEXUAL_OFFENDER in facts.categories and no_fixed_home(facts, began, anchor)
            kind = Community.WEEKLY_NOTIFICATION if weekly else Community.YEARLY_NOTIFICATION
            item = Owed(kind, Subject(day=anchor), anchor, floor, met_on)
            yield overtaken(item, stay.until, AWAY_AGAIN)


def no_fixed_home(facts: CaseFacts, since: date, on: date) -> bool:
    """Tell whether the last home that the person told the police of, from a day on and by another, is none."""
    told = [has_one for day, has_one in facts.outside.homes_notified if since <= day <= on]
    return bool(told) and not told[-1]


def last_anniversary(since: date, by: date) -> date:
    """Return the last day by a day on which a number of whole years had gone by since another.

    Of whom the record learns late nobody knows when they last notified: their year is taken to run from the day on
    which they came to be outside.
    """
    years = 0
    while add_months(since, MONTHS_A_YEAR * (years + 1)) <= by:
        years += 1
    return add_months(since, MONTHS_A_YEAR * years)


@makes_due(Community.DETAILS_NOTIFIED)
def owed_on_details(facts: CaseFacts) -> Iterator[Owed]:
    """Yield that the person tells the police of details that have changed (Sexual Offences Act 2003 s.84)."""
    for change in facts.outside.details:
        told = [day for day in facts.outside.notified_again_on if day >= change.changed_on]
        item = Owed(
            Community.DETAILS_NOTIFIED,
            change.subject,
            change.changed_on,
            change.known_on,
            min(told, default=None),
            label=f"{change.what.replace('_', ' ')}, changed on {short_date(change.changed_on)}",
        )
        yield overtaken(item, taken_away_after(facts, change.changed_on), AWAY_AGAIN)


@makes_due(Community.NEW_ADDRESS)
def owed_on_moves(facts: CaseFacts) -> Iterator[Owed]:
    """Yield, of each new address that the police know of, that it is followed up (our default).

    Neighbourhood policing is told, and somebody looks at the plan. The next move overtakes it, and so does custody.
    """
    for move, following in pairwise([*facts.outside.moves, None]):
        assert move is not None, "only the last of the pairs ends in None"
        known, then = move.known_on, following.known_on if following else date.max
        item = Owed(
            Community.NEW_ADDRESS,
            move.subject,
            known,
            known,
            min((day for day in facts.outside.moves_followed_up_on if known <= day < then), default=None),
            label=f"moved on {short_date(move.changed_on)}",
        )
        inside = taken_away_after(facts, known)
        if following is not None and (inside is None or then <= inside):
            yield overtaken(item, then, "the person moved again")
        else:
            yield overtaken(item, inside, AWAY_AGAIN)


@makes_due(Community.TRAVEL_RETURN)
def owed_on_journeys(facts: CaseFacts) -> Iterator[Owed]:
    """Yield that somebody is back from each journey abroad that was notified (Sexual Offences Act 2003 s.86)."""
    for journey in facts.outside.journeys:
        item = Owed(
            Community.TRAVEL_RETURN,
            journey.subject,
            journey.returns_on,
            min(journey.told_on, journey.returns_on),
            journey.back_on,
            label=f"journey of {short_date(journey.leaves_on)}",
        )
        yield overtaken(item, taken_away_after(facts, journey.told_on), AWAY_AGAIN)


def taken_away_after(facts: CaseFacts, day: date) -> date | None:
    """Return when somebody who was in the community on a day next came into custody or hospital."""
    return min((stay.until for stay in communities(facts) if stay.until is not None and stay.until > day), default=None)


@makes_due(Events.MISSING_DECISION)
def owed_while_missing(facts: CaseFacts) -> Iterator[Owed]:
    """Yield a decision each week on somebody who absconded or is missing, until they are back (our default)."""
    over: date | None = date.min
    for event in facts.events:
        if event.kind is not EventKind.ABSCONDED or over is None or event.on < over:
            continue
        over = event.returned_on
        until = over or date.max
        decided = sorted({day for day in facts.outside.missing_decided_on if event.on < day <= until})
        for anchor, met_on in pairwise([event.on, *decided, None]):
            assert anchor is not None, "only the last of the pairs ends in None"
            yield Owed(
                Events.MISSING_DECISION,
                Subject("missing", day=anchor),
                anchor,
                max(anchor, min(event.known_on, met_on or over or date.max)),
                met_on or over,
                label=f"missing since {short_date(event.on)}"
                + (f", from {short_date(anchor)}" if anchor > event.on else ""),
            )
