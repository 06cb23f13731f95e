"""The page of events: what each event in custody, on leave or on licence asks for, changes, makes due and tells."""

from datetime import date

from docs.markdown import code, codes, page, table
from policy.book import shipped_book
from policy.events import ANYWHERE, LEAVES, EventKind
from policy.facts import CaseFacts, EventFact
from policy.kinds import Events, Kind
from policy.numbers import Policy
from policy.obligations.events import owed_on_event
from policy.roles import Role
from policy.subjects import Subject
from policy.vocabulary import Location
from policy.words import role_name

INTRODUCTION = """
An event is recorded with `mappa record custody-event` ([its form](files.md#custody-event)); read how in
[events and orders](../how-to-events-and-orders.md). What is due, by when and who does it is among the
[timescales](timescales.md) of the shipped policy; an area may change it, event by event.
"""
OWED = """
`victim_update` is due only where there is victim contact; the victim liaison officer hears of it at once, too. If a
serious further offence is charged at level 2 or 3, an `offence_report` and a `case_review` are also due; the
coordinator and the SMB Chair hear of that at once.
"""
CONCERNS = """
Only those whom an event concerns hear of it at once, by one letter a day for each case. The letter says which event it
is and when, what it changes for its reader, and what it asks of them by the record on that day: nothing, or what is
theirs to do. This is the table `concerns` of the shipped policy; an area may replace the rows of an event. A reader
hears of it where any of the conditions holds: `always`, a circumstance of the policy, or what case and event show: no
level yet (`no_level`), its level, its category, that it names a police offender manager (`police_offender_manager`),
that police and probation were consulted (`consulted`), that the charge is for a serious further offence (`serious`).
Two events of one kind on one day are told apart by their number and the hour at which they were recorded.
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
            ("Event", "Of a person in", "Must also say", "What it changes"),
            [(code(kind), places(kind), told(kind), kind.spec.changes) for kind in EventKind],
        ),
        "## What is due after each event",
        OWED,
        table(
            ("Event", "Due", "Reviewed"),
            [(code(kind), codes(owed(kind, policy)), looked_at(kind, policy)) for kind in EventKind],
        ),
        "## Whom each event concerns",
        CONCERNS,
        table(
            ("Event", "Reader", "When", "What it changes for them", "Why"),
            [row for kind in EventKind for row in concerned(kind, policy)],
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
    """Return what the rules make due on an event, with victim contact where a victim hears of it."""
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


def looked_at(kind: EventKind, policy: Policy) -> str:
    """Return by when an event is to be looked at."""
    if Events.EVENT_REVIEW not in owed(kind, policy):
        return ""
    return code(policy.timescales[Events.EVENT_REVIEW].for_variants((kind,)).offset)


def concerned(kind: EventKind, policy: Policy) -> list[tuple[str, ...]]:
    """Return whom an event concerns, when, and what it changes for them."""
    owner = policy.timescales[Events.EVENT_REVIEW].owner
    rows: list[tuple[str, ...]] = []
    for row in policy.concerns.get(kind, ()):
        of = f" ({policy.agency_name(row.agency)})" if row.role == Role.REPRESENTATIVE else ""
        reader = role_name(owner if row.role == "owner" else row.role) + of
        rows.append((code(kind), reader, codes(row.when), row.changes, row.source))
    return rows
