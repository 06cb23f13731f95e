"""Somebody in custody, on leave or on licence, to whom something happens.

Bank holidays: 3 and 6 April, 25 May, 31 August, 25 and 28 December 2026; 1 January, 26 and 29 March, 3 and 31 May 2027.
"""

from collections import Counter
from email import message_from_bytes
from pathlib import Path
from typing import Any

from sqlalchemy import select

from models.events import CustodyEvent
from models.record import Record
from tasks import deliver
from tasks.stage import run_stage
from tests.support.opened import with_mail_in
from tests.support.story import (
    ADAM,
    CLARE,
    CORA,
    DARREN,
    LIONEL,
    MEETING_DIRECTORY,
    OLIVE,
    OPAL,
    PRIYA,
    Story,
    at,
    attended,
    post,
)
from tests.support.told_once import told_once

NORA, VIC = "nora@prison.example", "vic@victims.example"


DIRECTORY = [
    *MEETING_DIRECTORY,
    post("prison", "prison_offender_management", "Nora", NORA, "HMP North"),
    post("victim_liaison", "senior_manager", "Vic", VIC),
]


INSIDE = DARREN | {
    "police_offender_manager": "Priya",
    "police_offender_manager_email": PRIYA,
    "victim_contact": "yes",
}


OUTSIDE = INSIDE | {"location": "community", "prison": "", "conditional_release_date": "2026-01-12"}


ROWS = {"custody": INSIDE, "community": OUTSIDE, "hospital": OUTSIDE | {"location": "hospital"}}


# Everybody whom any case of these stories requires.
THERE = [
    attended("probation", "Olive"),
    attended("police", "Priya"),
    attended("prison", "Opal"),
    attended("victim_liaison", "Vera"),
    attended("neighbourhood_policing", "Nell"),
    attended("mental_health", "Max"),
]


LOOKED_AT = {"risk_changed": False, "plan": "unchanged", "meeting": "not_needed"}


# event: (where, day, what it tells, who hears at once, when it is looked at, when the victim has heard)
EVENTS: dict[str, tuple[str, str, dict[str, Any], set[str], str, str | None]] = {
    # Wed 23 Dec: five working days are 24, 29, 30, 31 Dec and 4 Jan. The new prison hears, not the old one.
    "transfer": ("custody", "2026-12-23", {"prison": "HMP North"}, {OLIVE, PRIYA, CORA, NORA}, "2027-01-04",
                 "2026-12-24"),
    # Fri 30 Apr: Mon 3 May is none, so 4, 5, 6, 7 and 10 May.
    "recall": ("community", "2027-04-30", {"prison": "HMP Example", "release_date": "2027-11-26"},
               {OLIVE, PRIYA, CORA, CLARE, OPAL}, "2027-05-10", "2027-05-04"),
    # Thu 24 Dec: 29, 30, 31 Dec, 4 and 5 Jan.
    "temporary_release": ("custody", "2026-12-24", {"until": "2026-12-28"}, {OLIVE, PRIYA, CORA}, "2027-01-05",
                          "2026-12-29"),
    # Wed 1 July: an ordinary week.
    "parole_outcome": ("custody", "2026-07-01", {"decision": "release_directed", "release_date": "2027-01-29"},
                       {OLIVE, PRIYA, CORA}, "2026-07-08", "2026-07-02"),
    # Fri 28 Aug: Mon 31 Aug is none, so 1, 2, 3, 4 and 7 Sep. Of charges victims do not hear by this way.
    "further_charge": ("community", "2026-08-28", {"offence": "Common assault", "serious": False},
                       {OLIVE, PRIYA, CORA, CLARE}, "2026-09-07", None),
    # Fri 22 May: Mon 25 May is none, so 26, 27, 28, 29 May and 1 June.
    "hospital_transfer": ("custody", "2026-05-22", {}, {OLIVE, PRIYA, CORA}, "2026-06-01", "2026-05-26"),
    # Wed 20 May: 21, 22, 26, 27, 28 May.
    "hospital_leave": ("hospital", "2026-05-20",
                       {"starts_on": "2026-05-22", "until": "2026-05-25", "coordinator_told_on": "2026-05-20"},
                       {OLIVE, PRIYA, CORA}, "2026-05-28", "2026-05-21"),
    # Somebody at large: the next working day. Thu 24 Dec, so Tue 29 Dec.
    "absconded": ("community", "2026-12-24", {}, {OLIVE, LIONEL, PRIYA, CORA, CLARE}, "2026-12-29", "2026-12-29"),
    # Fri 30 Oct: 2 to 6 Nov.
    "release": ("custody", "2026-10-30", {}, {OLIVE, PRIYA, CORA}, "2026-11-06", "2026-11-02"),
    # Thu 25 Mar: Easter, so 30, 31 Mar, 1, 2 and 5 Apr.
    "conditions_changed": ("community", "2027-03-25", {"conditions": "Not to enter Harehills, Leeds, at any time."},
                           {OLIVE, PRIYA, CORA}, "2027-04-05", "2027-03-30"),
    # Fri 28 Aug again.
    "death": ("community", "2026-08-28", {}, {OLIVE, PRIYA, CORA, CLARE, ADAM}, "2026-09-07", "2026-09-01"),
}  # fmt: skip


@told_once
def begun(record: Record, folder: Path, where: str = "custody", level: int | None = 2, **row: str) -> Story:
    """A case of category 2 with victim contact, at level 2 since Tuesday 3 March 2026."""
    story = Story(record, folder, DIRECTORY)
    story.load("2026-03-02", ROWS[where] | row)
    story.tick("2026-03-02")
    if level is not None:
        story.record_fact("level", "2026-03-03", level=level, reason="High risk; the agencies must work together.")
        story.tick("2026-03-03", hour=10)
    return story


def happens(story: Story, event: str, on: str, *, hour: int = 10, **data: Any) -> str:
    """An event is recorded on its day, and the clock goes round after it."""
    told = story.record_fact(
        "custody-event", on, event=event, what="As the prison told on the day.", by="Olive", **data
    )
    story.tick(on, hour)
    return told.summary


@told_once
def happened(record: Record, folder: Path, event: str) -> Story:
    where, on, data, *_ = EVENTS[event]
    story = begun(record, folder, where)
    happens(story, event, on, **data)
    return story


def events(story: Story) -> list[CustodyEvent]:
    with story.record.reading() as session:
        found = list(session.scalars(select(CustodyEvent).order_by(CustodyEvent.number)))
        session.expunge_all()
        return found


def told(story: Story, kind: str, since: str = "") -> list[tuple[str, str, str]]:
    """(rung, recipient, day raised) of a kind, each day's in the order of the addresses."""
    found = [(rung, to, on) for rung, _, to, on in story.prompts(kind) if on >= since]
    return sorted(found, key=lambda one: (one[2], found.index(one)))


def delivered(story: Story, day: str) -> Counter[str]:
    """Deliver what waits to a folder; return who got a letter about an event."""
    folder = story.folder / "mail"
    run_stage(with_mail_in(story.record, folder), deliver.STAGE, at(day, 11))
    kinds = {m.header_id: m.kind for m in story.messages()}
    mails = [message_from_bytes(path.read_bytes()) for path in folder.glob("*.eml")]
    return Counter(mail["To"] for mail in mails if kinds[mail["Message-ID"]] == "event")


def letters(story: Story) -> Counter[str]:
    """Recipients of the letters about events, one a letter."""
    return Counter(m.recipient for m in story.messages() if m.kind == "event")


def revisions(story: Story, *kinds: str) -> list[tuple[str, str, int]]:
    found = [one for kind in kinds for one in story.timescales(kind)]
    return [(str(one.due_on), one.state, one.revision) for one in found]
