"""From the facts of a case to what is owed (the design's table of timescales; ``domain.md`` 2)."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from policy.calendar import WorkingCalendar
from policy.ladders import Step, due_on, ladder
from policy.numbers import Policy
from policy.vocabulary import Kind, Level, Location


@dataclass(frozen=True, slots=True)
class IdentificationFact:
    """One sentence to be identified: its key in the record, its date, and when it was decided."""

    subject: str
    sentence_date: date
    identified_on: date | None


@dataclass(frozen=True, slots=True)
class CaseFacts:
    """What the rules need to know of one open case.

    ``eligible`` is False while a person must still decide. ``sentence_date`` is the date of the sentence
    that keeps the person in custody: no mark lies before it. ``release_date`` is None where nobody knows it
    or the person is not in custody.
    """

    location: Location
    eligible: bool
    sentence_date: date
    release_date: date | None
    identifications: tuple[IdentificationFact, ...] = ()
    prison_notified_on: date | None = None
    referred_on: date | None = None
    level: Level | None = None
    level_set_on: date | None = None


@dataclass(frozen=True, slots=True)
class Owed:
    """One obligation: its kind, what it is about, the date it runs from, and when it was met."""

    kind: Kind
    subject: str
    anchor: date
    floor: date
    met_on: date | None


def owed(facts: CaseFacts) -> Iterator[Owed]:
    """Yield everything the facts make owed, met or not.

    Identification: each sentence, within three days (domain.md 2.1).
    Prison notice, referral, level: a person in custody with a release date (2.4, 2.5, 2.7). A referral
    is a request for level 2 or 3 and no longer owed once level 1 has been set; at level 2 or 3 it still is.
    """
    for item in facts.identifications:
        yield Owed(Kind.IDENTIFICATION, item.subject, item.sentence_date, item.sentence_date, item.identified_on)
    release = facts.release_date
    if not facts.eligible or facts.location is not Location.CUSTODY or release is None:
        return
    floor = facts.sentence_date
    yield Owed(Kind.PRISON_NOTICE, "", release, floor, facts.prison_notified_on)
    if facts.referred_on is not None or facts.level != Level.LEAD_AGENCY:
        yield Owed(Kind.REFERRAL, "", release, floor, facts.referred_on)
    yield Owed(Kind.LEVEL_SETTING, "", release, floor, facts.level_set_on)


def due_and_ladder(item: Owed, policy: Policy, calendar: WorkingCalendar) -> tuple[date, tuple[Step, ...]]:
    """Return the due date of an obligation and its rungs under a policy."""
    rule = policy.timescales[item.kind]
    due = due_on(rule, item.anchor, item.floor, calendar)
    return due, ladder(rule, due, item.floor, policy, calendar)
