"""The page of events: what each event in custody, on leave or on licence asks for, changes, makes owed and tells."""

from datetime import date

from casework.recording.custody_events import FROM, WANTED
from docs.markdown import code, codes, page, table
from notifications.wording import role_name
from policy.book import shipped_book
from policy.facts import CaseFacts, EventFact
from policy.numbers import Policy
from policy.obligations.events import owed_on_event
from policy.vocabulary import LEAVES, EventKind, Kind, Location

INTRODUCTION = """
An event is recorded with `mappa record custody-event` ([its form](files.md#custody-event)); how to is told in
[events and orders](../how-to-events-and-orders.md). What is owed, by when and to whom stands among the
[timescales](timescales.md) of the shipped policy; an area may change it, event by event.
"""
OWED = """
`victim_update` is owed only where there is victim contact; the victim liaison officer hears of it at once, too. A
serious further offence that is charged at level 2 or 3 makes a `case_review` owed besides.
"""
# What an event does to the case beside what it makes owed.
CHANGES: dict[EventKind, str] = {
    EventKind.RELEASE_DATE_CHANGED: "Noted by itself whenever the date of a person in custody was moved, by "
    "`release-date` or by a file; what is owed before release moves with it",
    EventKind.TRANSFER: "The prison: the new one owes the prison notice",
    EventKind.RECALL: "Into custody, at the level the case has; release is prepared anew from `release_date`",
    EventKind.TEMPORARY_RELEASE: "Nothing; the person is to be back by `until`",
    EventKind.RETURNED: "Ends every leave and every absconding that is open",
    EventKind.PAROLE_OUTCOME: "A release that was directed: the release date. Else an approved date falls away, and "
    "`next_review_on` is the next one",
    EventKind.FURTHER_CHARGE: "Nothing; `serious` says whether it is a serious further offence",
    EventKind.HOSPITAL_TRANSFER: "Into hospital; what is owed before release is cancelled",
    EventKind.HOSPITAL_LEAVE: "Nothing; refused where the coordinator was not told before it begins",
    EventKind.ABSCONDED: "Nothing; it lasts until `returned` is recorded",
    EventKind.RELEASE: "Into the community; what is owed before release, and the partner on ViSOR, are cancelled",
    EventKind.CONDITIONS_CHANGED: "Nothing; the review says whether the plan is to be updated",
    EventKind.DEATH: "Closes the case: every next step and every planned meeting is cancelled",
}
BY_ITSELF = (EventKind.RELEASE_DATE_CHANGED,)
DAY = date(2026, 11, 2)
EMPTY = CaseFacts(location=Location.CUSTODY, eligible=True, sentence_date=date(2026, 3, 2), release_date=None)


def page_of_events() -> str:
    """Return the page."""
    assert set(CHANGES) == set(EventKind), "every event needs its words"
    policy = shipped_book().policies[0]
    return page(
        "Events",
        INTRODUCTION,
        "## What each event asks for and changes",
        table(
            ("Event", "Of a person in", "Has to tell besides", "What it changes"),
            [(code(kind), places(kind), told(kind), CHANGES[kind]) for kind in EventKind],
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
    return " or ".join(place.value for place in FROM[kind]) if kind in FROM else "anywhere"


def told(kind: EventKind) -> str:
    """Return what a form has to tell beside the day, what happened, and who says so."""
    return "no form of its own" if kind in BY_ITSELF else codes(WANTED.get(kind, ()))


def owed(kind: EventKind, policy: Policy) -> list[Kind]:
    """Return what the rules make owed on an event, with victim contact where a victim hears of it."""
    event = EventFact(
        subject="1",
        number=1,
        kind=kind,
        on=DAY,
        known_on=DAY,
        victim_contact=kind in policy.victims.told_of,
        until_on=DAY if kind in LEAVES else None,
    )
    return [one.kind for one in owed_on_event(EMPTY, event, moved_on=False)]


def looked_at(kind: EventKind, policy: Policy) -> tuple[str, str]:
    """Return by when an event is to be looked at, and who hears of it at once."""
    if Kind.EVENT_REVIEW not in owed(kind, policy):
        return "", ""
    rule = policy.timescales[Kind.EVENT_REVIEW].for_variants((kind,))
    roles = [rule.owner if to == "owner" else to for rung in rule.rungs if rung.at == "at once" for to in rung.to]
    return code(rule.offset), ", ".join(role_name(role) for role in roles)
