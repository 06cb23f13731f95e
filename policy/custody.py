"""Where a person has been over time, and the spells in custody that follow from it.

A spell lasts from the sentence, or from a recall, until the release. What is prepared before a release belongs to its
spell: what was done before one release says nothing of the next.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

from policy.events import EventKind
from policy.vocabulary import Location

# Where each move takes a person. A transfer keeps them in custody, or brings them back from hospital.
TAKES_TO = {
    EventKind.TRANSFER: Location.CUSTODY,
    EventKind.RECALL: Location.CUSTODY,
    EventKind.HOSPITAL_TRANSFER: Location.HOSPITAL,
    EventKind.RELEASE: Location.COMMUNITY,
}


@dataclass(frozen=True, slots=True)
class Stay:
    """A time in one place: from a day until the day of the next move; the last one has no end."""

    location: Location
    since: date
    until: date | None = None


@dataclass(frozen=True, slots=True)
class Spell:
    """A spell in custody. ``nth`` counts from 0; ``until``: the day of the release; None: it goes on.

    ``paused``: the person is in hospital meanwhile, and no release is prepared.
    """

    nth: int
    since: date
    until: date | None
    paused: bool = False

    def holds(self, day: date) -> bool:
        """Tell whether a day lies in the spell; what was done before the first one belongs to it too."""
        return (self.nth == 0 or day >= self.since) and (self.until is None or day <= self.until)


def stays(moves: Iterable[tuple[date, EventKind]], start: date, now: Location, moved_on: date) -> tuple[Stay, ...]:
    """Return the stays of a person, the oldest first.

    ``moves`` are (day, kind) in the order in which they happened, ``start`` is the day from which the person is known,
    ``now`` is where the record has them today. Where the last move says otherwise, a file has moved them:
    on ``moved_on``, or on the day of that move where that is later.
    """
    known = [(day, kind) for day, kind in moves if kind in TAKES_TO]
    places: list[tuple[Location, date]] = [(came_from(known[0][1]) if known else now, start)]
    places += [(TAKES_TO[kind], max(day, start)) for day, kind in known]
    if places[-1][0] is not now:
        places.append((now, max(moved_on, places[-1][1])))
    merged: list[tuple[Location, date]] = []
    for location, since in places:
        if not merged or merged[-1][0] is not location:
            merged.append((location, since))
    ends: list[date | None] = [since for _, since in merged[1:]]
    return tuple(Stay(where, since, until) for (where, since), until in zip(merged, [*ends, None], strict=True))


def came_from(move: EventKind) -> Location:
    """Return where a person was before the first move that is on record."""
    return Location.COMMUNITY if move is EventKind.RECALL else Location.CUSTODY


def spells(known: Sequence[Stay]) -> Iterator[Spell]:
    """Yield the spells in custody. A time in hospital in between does not end one: only a release does."""
    since: date | None = None
    nth = 0
    for stay in known:
        if stay.location is Location.COMMUNITY:
            if since is not None:
                yield Spell(nth, since, stay.since)
                since, nth = None, nth + 1
        elif since is None and stay.location is Location.CUSTODY:
            since = stay.since
    if since is not None:
        yield Spell(nth, since, None, paused=known[-1].location is not Location.CUSTODY)


def outside(known: Sequence[Stay]) -> Iterator[Stay]:
    """Yield the times outside custody. Hospital is outside custody: who moves on from there is still outside."""
    begun: Stay | None = None
    for stay in known:
        if stay.location is Location.CUSTODY:
            if begun is not None:
                yield replace(begun, until=stay.since)
            begun = None
        elif begun is None:
            begun = stay
    if begun is not None:
        yield replace(begun, until=None)


def place_on(known: Sequence[Stay], day: date) -> Location:
    """Return where the person was on a day; on the day of a move, where it took them."""
    found = known[0].location
    for stay in known:
        if stay.since <= day:
            found = stay.location
    return found


def away(known: Sequence[Stay], start: date, *, put_away: bool) -> Iterator[tuple[date, date | None]]:
    """Yield the times from ``start`` on when the person was in custody or hospital: (since, until), the oldest first.

    Leave does not end one; a release does, and its day is spent outside. ``put_away``: the sentence of ``start``
    took the person away, so that they were away too until the first day that is known.
    """
    begun: date | None = start if put_away and known[0].since > start else None
    for stay in known:
        if stay.until is not None and stay.until <= start:
            continue
        if stay.location is not Location.COMMUNITY:
            begun = begun or max(stay.since, start)
        elif begun is not None:
            yield begun, stay.since
            begun = None
    if begun is not None:
        yield begun, None
