"""What an event in custody, on leave or on licence makes owed (our defaults; victims: Durham annual report 2005-06)."""

from collections.abc import Iterator
from datetime import date

from policy.agencies import Agency
from policy.events import PARTNERED, EventKind, label_of
from policy.facts import CaseFacts, EventFact
from policy.kinds import Events
from policy.obligations.owed import Owed
from policy.obligations.rules import makes_due
from policy.vocabulary import Category, Level
from policy.words import short_date


@makes_due(Events.EVENT_REVIEW, Events.CONSULTATION, Events.VISOR_PARTNER, Events.RETURN_DUE, Events.VICTIM_UPDATE)
def owed_on_events(facts: CaseFacts) -> Iterator[Owed]:
    """Yield what the events of a case make due."""
    for place, event in enumerate(facts.events):
        left = (later.on for later in facts.events[place + 1 :] if later.kind in (*PARTNERED, EventKind.RELEASE))
        yield from owed_on_event(facts, event, next(left, None))


@makes_due(Events.PRISON_ACTIONS)
def owed_after_transfers(facts: CaseFacts) -> Iterator[Owed]:
    """Yield that the new prison takes over what the old one had to do, after each transfer that leaves it something.

    Joint inspection 2015, 6.41. It is done once each of those actions has a new owner, or is closed.
    """
    for place, event in enumerate(facts.events):
        if event.kind is not EventKind.TRANSFER:
            continue
        left = [
            action
            for action in facts.actions
            if action.agency == Agency.PRISON
            and action.set_on <= event.on
            and (action.closed_on is None or action.closed_on > event.on)
        ]
        taken = [min((day for day in (*one.passed_on, one.closed_on) if day and day >= event.on), default=None)
                 for one in left]  # fmt: skip
        if left:
            days = [day for day in taken if day is not None]
            gone = (one.on for one in facts.events[place + 1 :] if one.kind in (*PARTNERED, EventKind.RELEASE))
            yield Owed(
                Events.PRISON_ACTIONS,
                event.subject,
                event.on,
                event.on,
                max(days) if len(days) == len(left) else None,
                label=label_of(event.kind, event.on, apart(facts, event)),
                missed_on=next(gone, None),
                overtaken_by="the person left that prison",
            )


@makes_due(Events.OFFENCE_REPORT, Events.CASE_REVIEW)
def owed_on_charges(facts: CaseFacts) -> Iterator[Owed]:
    """Yield the report on each serious further offence, and the decision on a case review (MAPPA guidance 2012, forms).

    Whoever decides has the report: a decision answers both.
    """
    for charge in facts.charges:
        label = f"charge on {short_date(charge.on)}"
        reported = min((day for day in (charge.reported_on, charge.considered_on) if day is not None), default=None)
        yield Owed(Events.OFFENCE_REPORT, charge.subject, charge.on, charge.on, reported, label=label)
        yield Owed(Events.CASE_REVIEW, charge.subject, charge.on, charge.on, charge.considered_on, label=label)


def owed_on_event(facts: CaseFacts, event: EventFact, left_on: date | None) -> Iterator[Owed]:
    """Yield what one event makes owed. ``left_on``: the prison it is about holds the person no more."""
    subject, on, label = event.subject, event.on, label_of(event.kind, event.on, apart(facts, event))
    # That somebody came back is no event to be looked at: it answers the leave. Nor is a test that found nothing.
    if event.kind.spec.reviewed and not event.clear:
        looked_at = looked_at_on(facts, event)
        yield Owed(
            Events.EVENT_REVIEW, subject, on, on, looked_at,
            variants=(event.kind,), label=label, event=event.kind, holds=conditions(facts, event),
        )  # fmt: skip
    if event.kind is EventKind.RELEASE_DATE_CHANGED:
        yield Owed(Events.CONSULTATION, subject, on, on, event.consulted_on, label=label)
    # What was over before anybody knew of it was nobody's to do.
    known_in_time = left_on is None or left_on >= event.known_on
    if event.kind in PARTNERED and (event.partnered_on is not None or known_in_time):
        yield Owed(
            Events.VISOR_PARTNER,
            subject,
            on,
            on,
            event.partnered_on,
            label=label,
            missed_on=left_on,
            overtaken_by="the person left that prison",
        )
    if event.victim_contact:
        yield Owed(Events.VICTIM_UPDATE, subject, on, on, event.victim_told_on, label=label)
    if event.until_on is not None:
        yield Owed(Events.RETURN_DUE, subject, event.until_on, on, event.returned_on, label=label)


def looked_at_on(facts: CaseFacts, event: EventFact) -> date | None:
    """Return when an event was looked at: by a review of its own or at the next meeting; a death at none."""
    days = [event.reviewed_on] if event.reviewed_on is not None else []
    if event.kind is not EventKind.DEATH:
        days += [m.on for m in facts.meetings if m.held and m.on > event.on and m.on >= event.known_on]
    return min(days, default=None)


def apart(facts: CaseFacts, event: EventFact) -> str:
    """Return what tells an event from another of its kind and day, its number and hour; nothing where it is alone."""
    alike = [one for one in facts.events if (one.kind, one.on) == (event.kind, event.on)]
    return f"event {event.number}, {event.recorded_at}".removesuffix(", ") if len(alike) > 1 else ""


def conditions(facts: CaseFacts, event: EventFact) -> frozenset[str]:
    """Return the conditions that hold of an event, by which the policy says whom it concerns."""
    level = facts.level
    shown = {
        "no_level": level is None,
        "level_1": level is Level.LEAD_AGENCY,
        "level_2_or_3": level in (Level.MULTI_AGENCY, Level.SENIOR_MULTI_AGENCY),
        "category_1": Category.REGISTERED_SEXUAL_OFFENDER in facts.categories,
        "category_4": Category.TERRORIST in facts.categories,
        "police_offender_manager": facts.police_named,
        "consulted": event.consulted_on is not None,
        "serious": event.serious,
    }
    return facts.circumstances | {name for name, holds in shown.items() if holds}
