"""How often a case is met and reviewed (Joint inspection 2015, 4.9, 5.1): first meeting, level 2 and 3, level 1.

The history of levels is cut into stretches. In a stretch at level 2 or 3 every meeting held is the date from which
the next one is owed; a level that changed between two meetings restarts the clock on the day of the change.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from policy.agencies import Agency
from policy.facts import CaseFacts, LevelFact, MeetingFact
from policy.kinds import Release, Reviews
from policy.obligations.owed import Owed
from policy.obligations.rules import makes_due
from policy.roles import Role
from policy.subjects import Subject
from policy.vocabulary import Level, Location
from policy.words import short_date

LEVEL_CHANGED = "the level changed"
REVIEW_OF = {Level.MULTI_AGENCY: Reviews.LEVEL_2_REVIEW, Level.SENIOR_MULTI_AGENCY: Reviews.LEVEL_3_REVIEW}


@dataclass(frozen=True, slots=True)
class Stretch:
    """A time at one level: from a day until the day the next level began. ``came_from``: the level before."""

    level: Level
    since: date
    until: date | None
    came_from: Level | None


def stretches(levels: Sequence[LevelFact]) -> Iterator[Stretch]:
    """Yield the stretches of a history of levels; a level set anew unchanged only goes on."""
    distinct: list[LevelFact] = []
    for spell in levels:
        if not distinct or distinct[-1].level != spell.level:
            distinct.append(spell)
    for place, spell in enumerate(distinct):
        until = distinct[place + 1].since if place + 1 < len(distinct) else None
        yield Stretch(spell.level, spell.since, until, distinct[place - 1].level if place else None)


@makes_due(Reviews.FIRST_MEETING, Reviews.LEVEL_2_REVIEW, Reviews.LEVEL_3_REVIEW, Reviews.LEVEL_1_REVIEW)
def owed_on_reviews(facts: CaseFacts) -> Iterator[Owed]:
    """Yield the meetings and reviews owed by the levels of a case."""
    held = sorted((m for m in facts.meetings if m.held), key=lambda m: (m.on, m.subject.row_id))
    for stretch in stretches(facts.levels):
        if stretch.level is Level.LEAD_AGENCY:
            yield from level_1_reviews(facts, stretch)
        else:
            yield from meetings_owed(facts, stretch, held)


def meetings_owed(facts: CaseFacts, stretch: Stretch, held: Sequence[MeetingFact]) -> Iterator[Owed]:
    """Yield the first meeting and the reviews of a stretch at level 2 or 3.

    The first meeting is owed from acceptance, and before release. A level decided at a meeting is reviewed from
    that meeting. The end of the stretch overtakes what was not held by then.
    """
    within = [m for m in held if m.on >= stretch.since and (stretch.until is None or m.on < stretch.until)]
    decided_at_a_meeting = bool(within) and within[0].on == stretch.since
    # The meeting at which the stretch ended still meets what it was the review of.
    closing = [m for m in held if m.on == stretch.until]
    following = [*within, *closing]
    if not decided_at_a_meeting:
        yield opening(facts, stretch, following[0].on if following else None)
    kind = REVIEW_OF[stretch.level]
    for place, meeting in enumerate(within):
        next_on = following[place + 1].on if place + 1 < len(following) else None
        chair = {Role.CHAIR.value: [list(meeting.chair)]} if meeting.chair[0] else {}
        yield Owed(
            kind,
            meeting.subject,
            meeting.on,
            meeting.on,
            next_on,
            named=chair,
            missed_on=stretch.until,
            overtaken_by=LEVEL_CHANGED,
        )


def opening(facts: CaseFacts, stretch: Stretch, first: date | None) -> Owed:
    """Return what the beginning of a stretch makes owed: the first meeting, or a review from the change of level."""
    subject = Subject(day=stretch.since)
    kind, release = Reviews.FIRST_MEETING, None
    if stretch.came_from in REVIEW_OF:
        kind = REVIEW_OF[stretch.level]
    elif facts.location is Location.CUSTODY:
        release = facts.door
    return Owed(
        kind,
        subject,
        stretch.since,
        stretch.since,
        first,
        no_later_than=release,
        missed_on=stretch.until,
        overtaken_by=LEVEL_CHANGED,
    )


def referrals_asked_for(facts: CaseFacts) -> Iterator[Owed]:
    """Yield the referral that each level 1 review asked for: met by the next complete one (joint inspection 2015, 4.9).

    A later review, or level 2 or 3 without a referral, overtakes it.
    """
    received = [one.received_on for one in facts.referrals if one.complete and one.returned_on is None]
    for place, review in enumerate(facts.reviews):
        if not review.refers:
            continue
        overtaken = [one.on for one in facts.reviews[place + 1 :]]
        overtaken += [one.since for one in facts.levels if one.since > review.on and one.level in REVIEW_OF]
        over_on = min(overtaken, default=None)
        referred = [on for on in received if on >= review.on and (over_on is None or on <= over_on)]
        yield Owed(
            Release.REFERRAL,
            review.subject,
            review.on,
            review.on,
            min(referred, default=None),
            variants=("after_review",),
            label=f"asked for by the level 1 review of {short_date(review.on)}",
            missed_on=over_on,
            overtaken_by="it was reviewed again, or the level was raised",
        )


def level_1_reviews(facts: CaseFacts, stretch: Stretch) -> Iterator[Owed]:
    """Yield the reviews of a stretch at level 1, one chain for the lead agency and one for the police.

    Source: Joint inspection 2015, 4.9.

    Each is met by the next review in which that agency took part. Where the police lead there is one chain.
    """
    for agency in dict.fromkeys((facts.lead_agency, Agency.POLICE.value)):
        with_police = agency == Agency.POLICE
        owner = Role.POLICE_OFFENDER_MANAGER if with_police else Role.OFFENDER_MANAGER
        dates = sorted(r.on for r in facts.reviews if agency in r.agencies and r.on > stretch.since)
        dates = [on for on in dates if stretch.until is None or on <= stretch.until]
        for anchor, met_on in zip([stretch.since, *dates], [*dates, None], strict=True):
            subject = Subject(agency=agency, day=anchor)
            yield Owed(
                Reviews.LEVEL_1_REVIEW,
                subject,
                anchor,
                anchor,
                met_on,
                agency=agency,
                owner_role=owner.value,
                missed_on=stretch.until,
                overtaken_by=LEVEL_CHANGED,
            )
