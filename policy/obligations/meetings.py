"""What meetings make due: that they are recorded, minutes and posting, reports of absent agencies, actions."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

from policy.agencies import RESPONSIBLE_AUTHORITY, Agency
from policy.custody import place_on
from policy.facts import AbsenceFact, CaseFacts, MeetingFact
from policy.kinds import Meetings, Reviews
from policy.obligations.owed import Owed, people
from policy.obligations.rules import makes_due
from policy.timescale_rules import VariantName
from policy.vocabulary import Level, Location
from policy.words import agency_inside


@makes_due(Meetings.MEETING, Meetings.MINUTES, Meetings.VISOR_POSTING, Meetings.ATTENDANCE)
def owed_on_meetings(facts: CaseFacts) -> Iterator[Owed]:
    """Yield what each meeting makes due."""
    for meeting in facts.meetings:
        yield from owed_on_meeting(meeting)


def owed_on_meeting(meeting: MeetingFact) -> Iterator[Owed]:
    """Yield what a meeting makes owed: that it takes place and is recorded; its minutes and their posting.

    The level at which it was held sets the clock of the minutes (our default).
    """
    floor = min(meeting.planned_on, meeting.on)
    named = people(invitee=meeting.invitees, chair=(meeting.chair,))
    held_on = meeting.on if meeting.held else None
    yield Owed(
        Meetings.MEETING, meeting.subject, meeting.on, floor, held_on, named=named, label=f"number {meeting.number}"
    )
    if not meeting.held:
        return
    variants: tuple[VariantName, ...] = ("level_3",) if meeting.level == Level.SENIOR_MULTI_AGENCY else ()
    chair = people(chair=(meeting.chair,))
    for kind, met_on in ((Meetings.MINUTES, meeting.minutes_on), (Meetings.VISOR_POSTING, meeting.posted_on)):
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
    """Return the report a required agency owes that neither came nor reported.

    Of one that was not invited itself the MAPPA unit finds out who speaks for it, before its managers hear of an
    absence (our default). Source: Joint inspection 2015, 5.4, 6.55, 7.24; its ladder: our default.
    """
    special: tuple[VariantName, ...] = ()
    if not absence.invited:
        special = ("not_invited",)
    elif absence.agency == Agency.GENERAL_PRACTICE:
        special = ("general_practice",)
    elif absence.agency in RESPONSIBLE_AUTHORITY:
        special = ("responsible_authority",)
    return Owed(
        Meetings.ATTENDANCE,
        replace(meeting.subject, agency=absence.agency),
        meeting.on,
        meeting.on,
        absence.settled_on,
        variants=special + by_level,
        agency=absence.agency,
        nth=absence.nth if absence.invited else 1,
        named=people(representative=(absence.contact,), chair=(meeting.chair,)),
        label=f"{agency_inside(absence.agency)}, meeting {meeting.number}"
        + ("" if absence.invited else ", nobody from it was invited"),
        never_owed=absence.withdrawn_because,
    )


@makes_due(Meetings.PRISON_REPORT)
def owed_by_the_prison(facts: CaseFacts) -> Iterator[Owed]:
    """Yield the prison's report (MAPPA F) before each meeting of a person who is in custody on its day.

    The prison may come instead, or send word with its apologies; where it did neither, its absence is followed up.
    Source: Joint inspection 2015, 6.40. A report belongs to the first meeting after it.
    """
    before = date.min
    for meeting in sorted(facts.meetings, key=lambda one: one.on):
        still_inside = facts.location is Location.CUSTODY and (facts.door is None or facts.door > meeting.on)
        inside = place_on(facts.where, meeting.on) is Location.CUSTODY if meeting.held else still_inside
        if inside:
            reported = [day for day in facts.prison_reported_on if before < day <= meeting.on]
            came = meeting.held and all(absence.agency != Agency.PRISON for absence in meeting.absences)
            over = meeting.on if meeting.held else None
            yield Owed(
                Meetings.PRISON_REPORT,
                meeting.subject,
                meeting.on,
                min(meeting.planned_on, meeting.on),
                min(reported, default=over if came else None),
                label=f"meeting {meeting.number}",
                missed_on=over,
                overtaken_by="the meeting was held",
            )
        before = meeting.on if meeting.held else before


@makes_due(Meetings.ACTION)
def owed_on_actions(facts: CaseFacts) -> Iterator[Owed]:
    """Yield each action, by its own date and its named owner (Joint inspection 2015, 5.11).

    One that a meeting carries on keeps its clock; with a new date its prompts count from there.
    """
    for action in facts.actions:
        yield Owed(
            Meetings.ACTION,
            action.subject,
            action.due_on,
            action.dated_on or action.set_on,
            action.closed_on,
            ("carried",) if action.dated_on else (),
            agency=action.agency,
            named=people(action_owner=(action.owner,), chair=(action.chair,)),
            label=f"number {action.number}",
        )


@makes_due(Reviews.URGENT_MEETING)
def owed_on_incidents(facts: CaseFacts) -> Iterator[Owed]:
    """Yield the urgent meeting that an incident asks for; the next meeting held meets it."""
    for incident in facts.urgent:
        held = [m.on for m in facts.meetings if m.held and m.on >= incident.on]
        yield Owed(Reviews.URGENT_MEETING, incident.subject, incident.on, incident.on, min(held, default=None))
