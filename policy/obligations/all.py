"""From the facts of a case to what is owed (the design's table of timescales; ``domain.md`` 2)."""

from collections.abc import Iterator
from datetime import date, timedelta

from policy.calendar import WorkingCalendar
from policy.facts import AbsenceFact, CaseFacts, MeetingFact
from policy.ladders import Step, due_on, ladder
from policy.numbers import Policy, VariantName
from policy.obligations import between_meetings, events, reviews
from policy.obligations.owed import Owed, people
from policy.vocabulary import RESPONSIBLE_AUTHORITY, Agency, Kind, Level, Location

# What meetings and events leave to do is owed whatever has become of the case.
GOES_ON_AFTER_CLOSING = (
    Kind.MINUTES,
    Kind.VISOR_POSTING,
    Kind.ACTION,
    Kind.ATTENDANCE,
    Kind.DISCLOSURE,
    Kind.EVENT_REVIEW,
    Kind.VICTIM_UPDATE,
    Kind.CASE_REVIEW,
)
__all__ = ["Owed", "due_and_ladder", "owed"]


def owed(facts: CaseFacts) -> Iterator[Owed]:
    """Yield everything the facts make owed, met or not.

    Of a closed case what was settled stands, and what meetings and events left to do goes on; every next step ends.
    """
    for item in whatever_is_owed(facts):
        if not facts.closed or item.met_on is not None or item.kind in GOES_ON_AFTER_CLOSING:
            yield item


def whatever_is_owed(facts: CaseFacts) -> Iterator[Owed]:
    """Yield what the facts make owed, stage by stage."""
    yield from owed_on_identification(facts)
    yield from owed_before_release(facts)
    yield from owed_on_referrals(facts)
    yield from reviews.owed_on_reviews(facts)
    for meeting in facts.meetings:
        yield from owed_on_meeting(meeting)
    yield from owed_on_actions(facts)
    yield from owed_on_incidents(facts)
    yield from between_meetings.owed_on_measures(facts)
    yield from events.owed_on_events(facts)
    yield from owed_at_the_end(facts)


def owed_on_identification(facts: CaseFacts) -> Iterator[Owed]:
    """Yield the identification of each sentence, within three days (``domain.md`` 2.1)."""
    for item in facts.identifications:
        yield Owed(Kind.IDENTIFICATION, item.subject, item.sentence_date, item.sentence_date, item.identified_on)


def owed_before_release(facts: CaseFacts) -> Iterator[Owed]:
    """Yield prison notice, referral and level of a person in custody with a release date (2.4, 2.5, 2.7).

    A referral is a request for level 2 or 3 and no longer owed once level 1 has been set; at level 2 or 3 it
    still is. One that is incomplete, or was sent back, does not meet it.
    """
    release = facts.release_date
    if not facts.eligible or facts.location is not Location.CUSTODY or release is None:
        return
    floor = facts.sentence_date
    yield Owed(Kind.PRISON_NOTICE, "", release, floor, facts.prison_notified_on)
    if facts.referred or facts.level != Level.LEAD_AGENCY:
        received = [r.received_on for r in facts.referrals if r.complete and r.returned_on is None]
        yield Owed(Kind.REFERRAL, "", release, floor, min(received, default=None))
    yield Owed(Kind.LEVEL_SETTING, "", release, floor, facts.level_set_on)


def owed_on_referrals(facts: CaseFacts) -> Iterator[Owed]:
    """Yield the answer to a complete referral within ten days (2.6), and the completion of one sent back.

    A newer referral takes the place of one that nobody has answered. One sent back is to come again, unless the
    level was decided meanwhile.
    """
    last = len(facts.referrals) - 1
    for place, referral in enumerate(facts.referrals):
        later = facts.referrals[place + 1].received_on if place < last else None
        if referral.complete and (referral.decided_on is not None or later is None):
            yield Owed(
                Kind.SCREENING_DECISION,
                referral.subject,
                referral.received_on,
                referral.received_on,
                referral.decided_on,
            )
        returned = referral.returned_on
        if returned is not None and not (later is None and any(spell.since >= returned for spell in facts.levels)):
            yield Owed(Kind.RESUBMISSION, referral.subject, returned, returned, later)


def owed_on_meeting(meeting: MeetingFact) -> Iterator[Owed]:
    """Yield what a meeting makes owed: that it takes place and is recorded; its minutes and their posting (2.9).

    The level at which it was held sets the clock of the minutes (``domain.md`` 8).
    """
    floor = min(meeting.planned_on, meeting.on)
    named = people(invitee=meeting.invitees, chair=(meeting.chair,))
    held_on = meeting.on if meeting.held else None
    yield Owed(Kind.MEETING, meeting.subject, meeting.on, floor, held_on, named=named, label=f"number {meeting.number}")
    if not meeting.held:
        return
    variants: tuple[VariantName, ...] = ("level_3",) if meeting.level == Level.SENIOR_MULTI_AGENCY else ()
    chair = people(chair=(meeting.chair,))
    for kind, met_on in ((Kind.MINUTES, meeting.minutes_on), (Kind.VISOR_POSTING, meeting.posted_on)):
        yield Owed(
            kind,
            meeting.subject,
            meeting.on,
            meeting.on,
            met_on,
            variants=variants,
            named=chair,
            label=f"meeting {meeting.number}",
        )
    for absence in meeting.absences:
        yield owed_on_absence(meeting, absence, variants)


def owed_on_absence(meeting: MeetingFact, absence: AbsenceFact, by_level: tuple[VariantName, ...]) -> Owed:
    """Return the report a required agency owes that neither came nor reported (the design's ladder, 2.8)."""
    special: tuple[VariantName, ...] = ()
    if absence.agency == Agency.GENERAL_PRACTICE:
        special = ("general_practice",)
    elif absence.agency in RESPONSIBLE_AUTHORITY:
        special = ("responsible_authority",)
    return Owed(
        Kind.ATTENDANCE,
        f"{meeting.subject}:{absence.agency}",
        meeting.on,
        meeting.on,
        absence.settled_on,
        variants=special + by_level,
        agency=absence.agency,
        nth=absence.nth,
        named=people(representative=(absence.contact,), chair=(meeting.chair,)),
        label=f"{absence.agency.replace('_', ' ')}, meeting {meeting.number}",
    )


def owed_on_actions(facts: CaseFacts) -> Iterator[Owed]:
    """Yield each action, by its own date and its named owner (2.10)."""
    for action in facts.actions:
        yield Owed(
            Kind.ACTION,
            action.subject,
            action.due_on,
            action.set_on,
            action.closed_on,
            agency=action.agency,
            named=people(action_owner=(action.owner,), chair=(action.chair,)),
            label=f"number {action.number}",
        )


def owed_on_incidents(facts: CaseFacts) -> Iterator[Owed]:
    """Yield the urgent meeting that an incident asks for; the next meeting held meets it (2.14)."""
    for incident in facts.urgent:
        held = [m.on for m in facts.meetings if m.held and m.on >= incident.on]
        yield Owed(Kind.URGENT_MEETING, incident.subject, incident.on, incident.on, min(held, default=None))


def owed_at_the_end(facts: CaseFacts) -> Iterator[Owed]:
    """Yield, for each end, the plan for what comes after it, and the check of what is still open (2.16).

    Nothing ends by itself: the check is owed until a person has decided, category 3 included. One that ended
    before the case was opened is history.
    """
    for ending in facts.endings:
        floor = min(facts.opened_on or ending.on, ending.on)
        label = ending.what.replace("_", " ")
        planned_on = ending.planned_on or ending.checked_on
        yield Owed(Kind.EXIT_PLAN, ending.what, ending.on, floor, planned_on, label=label)
        yield Owed(Kind.END_OF_SENTENCE_CHECK, ending.what, ending.on, floor, ending.checked_on, label=label)


def due_and_ladder(item: Owed, policy: Policy, calendar: WorkingCalendar) -> tuple[date, tuple[Step, ...]]:
    """Return the due date of an obligation and its rungs under a policy."""
    rule = policy.timescales[item.kind].for_variants(item.variants)
    due = due_on(rule, item.anchor, item.floor, calendar)
    if item.no_later_than is not None:
        # "Before" is the day before; what is owed after that date has gone by is owed at once.
        due = max(min(due, item.no_later_than - timedelta(days=1)), item.floor)
    return due, ladder(rule, due, item.floor, policy, calendar, anchor=item.anchor, owner=item.owner_role, nth=item.nth)
