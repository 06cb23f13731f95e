"""The page of events: what each event in custody, on leave or on licence asks for, changes, makes owed and tells."""

from datetime import date

from docs.markdown import code, codes, page, table
from policy.book import shipped_book
from policy.events import ANYWHERE, LEAVES, EventKind
from policy.facts import CaseFacts, EventFact
from policy.kinds import Events, Kind
from policy.numbers import Policy
from policy.obligations.events import owed_on_event
from policy.subjects import Subject
from policy.vocabulary import Location
from policy.words import role_name

INTRODUCTION = """
An event is recorded with `mappa record custody-event` ([its form](files.md#custody-event)); how to is told in
[events and orders](../how-to-events-and-orders.md). What is owed, by when and to whom stands among the
[timescales](timescales.md) of the shipped policy; an area may change it, event by event.
"""
OWED = """
`victim_update` is owed only where there is victim contact; the victim liaison officer hears of it at once, too. A
serious further offence that is charged at level 2 or 3 makes a `case_review` owed besides.
"""
DAY = date(2026, 11, 2)
EMPTY = CaseFacts(location=Location.CUSTODY, eligible=True, sentence_date=date(2026, 3, 2), release_date=None)


def page_of_events() -> str:
    """Return the page."""
    policy = shipped_book().policies[0]
    return page(
        "Events",
        INTRODUCTION,
        "## What each event asks for and changes",
        table(
            ("Event", "Of a person in", "Has to tell besides", "What it changes"),
            [(code(kind), places(kind), told(kind), kind.spec.changes) for kind in EventKind],
        ),
        "## What each event makes owed, and whom it tells",
        OWED,
        table(
            ("Event", "Owed", "To be looked at", "Told at once"),
            [(code(kind), codes(owed(kind, policy)), *looked_at(kind, policy)) for kind in EventKind],
        ),
    )


def places(kind: EventKind) -> str:
    """Return where the person has to be."""
    places = kind.spec.places
    return "anywhere" if places == ANYWHERE else " or ".join(place.value for place in places)


def told(kind: EventKind) -> str:
    """Return what a form has to tell beside the day, what happened, and who says so."""
    return "no form of its own" if kind.spec.by_itself else codes(kind.spec.asks)


def owed(kind: EventKind, policy: Policy) -> list[Kind]:
    """Return what the rules make owed on an event, with victim contact where a victim hears of it."""
    event = EventFact(
        subject=Subject(row=1),
        number=1,
        kind=kind,
        on=DAY,
        known_on=DAY,
        victim_contact=kind in policy.victims.told_of,
        until_on=DAY if kind in LEAVES else None,
    )
    return [one.kind for one in owed_on_event(EMPTY, event, None)]


def looked_at(kind: EventKind, policy: Policy) -> tuple[str, str]:
    """Return by when an event is to be looked at, and who hears of it at once."""
    if Events.EVENT_REVIEW not in owed(kind, policy):
        return "", ""
    rule = policy.timescales[Events.EVENT_REVIEW].for_variants((kind,))
    roles = [rule.owner if to == "owner" else to for rung in rule.rungs if rung.at == "at once" for to in rung.to]
    return code(rule.offset), ", ".join(role_name(role) for role in roles)
