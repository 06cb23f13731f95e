"""What is due while a person lives in the community: a plan to move on, and what Jobcentre Plus has to know."""

from collections.abc import Iterator, Sequence
from datetime import date

from policy.custody import Stay
from policy.facts import CaseFacts
from policy.kinds import Community
from policy.obligations.owed import Owed
from policy.obligations.release import AWAY_AGAIN, overtaken
from policy.obligations.rules import makes_due
from policy.outside import HomeFact
from policy.subjects import Subject
from policy.vocabulary import Dwelling, Location
from policy.words import short_date

RESTRICTED_WORK = "employment_restrictions"


@makes_due(Community.MOVE_ON_PLAN)
def owed_on_homes(facts: CaseFacts) -> Iterator[Owed]:
    """Yield the plan to move on from each stay in approved premises, from its eighth week and before its end.

    The next place to live meets it, once that is told; a stay that is told of again (a new end, another house) is still
    the same stay. Norfolk annual report 2018-19: twelve weeks, and nowhere to move on to; the weeks are our default.
    """
    for stay, moved_on in stays_in_approved_premises(facts.outside.homes):
        lived = next((one for one in communities(facts) if one.until is None or one.until > stay.since), None)
        if lived is None:
            continue
        since = max(stay.since, lived.since)
        item = Owed(
            Community.MOVE_ON_PLAN,
            stay.subject,
            since,
            since,
            moved_on,
            no_later_than=stay.until,
            label=f"stay from {short_date(since)}",
        )
        yield overtaken(item, lived.until, AWAY_AGAIN)


def stays_in_approved_premises(homes: Sequence[HomeFact]) -> Iterator[tuple[HomeFact, date | None]]:
    """Yield each stay in approved premises as it was last told, and the day on which the next place was told."""
    last: HomeFact | None = None
    for home in homes:
        if home.dwelling is Dwelling.APPROVED_PREMISES:
            subject = home.subject if last is None else last.subject
            last = HomeFact(subject, home.told_on, home.dwelling, home.since, home.until)
        elif last is not None and home.dwelling is not Dwelling.NONE_FOUND:
            yield last, home.told_on
            last = None
    if last is not None:
        yield last, None


def communities(facts: CaseFacts) -> Iterator[Stay]:
    """Yield the times in the community, the oldest first."""
    return (stay for stay in facts.where if stay.location is Location.COMMUNITY)


@makes_due(Community.JOBCENTRE_NOTICE)
def owed_to_the_jobcentre(facts: CaseFacts) -> Iterator[Owed]:
    """Yield the notice to Jobcentre Plus of restrictions on employment, in each time outside.

    Joint inspection 2015, 6.68. It runs from the release, or from the day on which the restrictions came to be known
    where that is later; whoever told it while the person was inside need not tell it again at the release.
    """
    if not facts.eligible or RESTRICTED_WORK not in facts.circumstances:
        return
    told = facts.outside.work_restricted_since or facts.opened_on or date.min
    before = date.min
    for stay in communities(facts):
        if stay.until is None or stay.until > told:
            since = max(stay.since, told)
            days = [day for day in facts.outside.jobcentre_told_on if day >= before]
            known = min((day for day in days if stay.until is None or day <= stay.until), default=None)
            item = Owed(Community.JOBCENTRE_NOTICE, Subject("outside", day=stay.since), since, since, known)
            yield overtaken(item, stay.until, AWAY_AGAIN)
        before = stay.until or before
