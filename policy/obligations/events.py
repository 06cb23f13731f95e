"""What an event in custody, on leave or on licence makes owed (``domain.md`` 2.14, 2.17; Durham on victims)."""

from collections.abc import Iterator
from datetime import date

from policy.calendar import spelt
from policy.facts import CaseFacts, EventFact
from policy.obligations.owed import Owed
from policy.vocabulary import EventKind, Kind

# The person is held by another prison from then on, which is to be the partner on ViSOR (5.35).
PARTNERED = (EventKind.TRANSFER, EventKind.RECALL)


def owed_on_events(facts: CaseFacts) -> Iterator[Owed]:
    """Yield what the events of a case make owed, and the reviews of serious further offences."""
    for place, event in enumerate(facts.events):
        moved_on = any(later.kind in (*PARTNERED, EventKind.RELEASE) for later in facts.events[place + 1 :])
        yield from owed_on_event(facts, event, moved_on=moved_on)
    for charge in facts.charges:
        label = f"charge on {spelt(charge.on)}"
        yield Owed(Kind.CASE_REVIEW, charge.subject, charge.on, charge.on, charge.considered_on, label=label)


def owed_on_event(facts: CaseFacts, event: EventFact, *, moved_on: bool) -> Iterator[Owed]:
    """Yield what one event makes owed. ``moved_on``: the prison it is about holds the person no more."""
    subject, on, label = event.subject, event.on, f"{event.kind.replace('_', ' ')} on {spelt(event.on)}"
    # That somebody came back is no event to be looked at: it answers the leave.
    if event.kind is not EventKind.RETURNED:
        looked_at = looked_at_on(facts, event)
        yield Owed(Kind.EVENT_REVIEW, subject, on, on, looked_at, variants=(event.kind,), label=label)
    if event.kind is EventKind.RELEASE_DATE_CHANGED:
        yield Owed(Kind.CONSULTATION, subject, on, on, event.consulted_on, label=label)
    if event.kind in PARTNERED and (event.partnered_on is not None or not moved_on):
        yield Owed(Kind.VISOR_PARTNER, subject, on, on, event.partnered_on, label=label)
    if event.victim_contact:
        yield Owed(Kind.VICTIM_UPDATE, subject, on, on, event.victim_told_on, label=label)
    if event.until_on is not None:
        yield Owed(Kind.RETURN_DUE, subject, event.until_on, on, event.returned_on, label=label)


def looked_at_on(facts: CaseFacts, event: EventFact) -> date | None:
    """Return when an event was looked at: by a review of its own or at the next meeting; a death at none."""
    days = [event.reviewed_on] if event.reviewed_on is not None else []
    if event.kind is not EventKind.DEATH:
        days += [m.on for m in facts.meetings if m.held and m.on > event.on and m.on >= event.known_on]
    return min(days, default=None)
