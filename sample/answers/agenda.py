"""Which answer is due on which day, in memory: fed from the record, and rebuilt from it when a simulation begins."""

import heapq
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from itertools import chain

from sqlalchemy.orm import Session

from sample.answers.life import lives
from sample.answers.open_things import (
    CATEGORY_3,
    INCIDENT,
    REVIEWS,
    Open,
    changed_since,
    newest_entry,
    open_things,
    without_case,
)
from sample.answers.plans import Planner, Step

Key = tuple[str, str, str]
MONDAY = 0


class Agenda:
    """Steps by day. A step stands as long as nothing has changed on its case; then the case is planned anew."""

    def __init__(self, planner: Planner, area: str | None = None) -> None:
        """Begin empty: the first look at the record fills it."""
        self._planner = planner
        self._area = area
        self._heap: list[tuple[date, Key]] = []
        self._standing: dict[Key, tuple[Open, Step]] = {}
        self._of_case: dict[int, set[Key]] = defaultdict(set)
        self._given_up: set[tuple[Key, date]] = set()
        self._seen: int | None = None

    def look(self, session: Session, today: date) -> None:
        """Take in what was opened, moved or settled since the last look."""
        newest = newest_entry(session)
        changed = None if self._seen is None else changed_since(session, self._seen)
        if changed is None:
            people = True
        else:
            for case_id in changed:
                for key in self._of_case.pop(case_id, ()):
                    self._standing.pop(key, None)
            people = today.weekday() == MONDAY
        self._seen = newest
        found = with_incidents(open_things(session, self._area, changed))
        for of in chain(found, lives(session, self._area, changed)):
            self._put(of, today)
        if people:
            for of in without_case(session, self._area):
                self._put(of, today)

    def _put(self, of: Open, from_day: date) -> None:
        step = self._planner.next_step(of, from_day)
        if step is None or (of.key, of.due) in self._given_up:
            return
        self._standing[of.key] = (of, step)
        if of.kind != CATEGORY_3:
            self._of_case[of.case_id].add(of.key)
        heapq.heappush(self._heap, (step.on, of.key))

    def take(self, today: date) -> list[tuple[Open, Step]]:
        """Return the steps of today, in a fixed order; the next step of each, if it has one, is put on the agenda."""
        found = []
        while self._heap and self._heap[0][0] <= today:
            on, key = heapq.heappop(self._heap)
            standing = self._standing.get(key)
            if standing is None or standing[1].on != on:
                continue
            del self._standing[key]
            found.append(standing)
        for of, step in found:
            if step.lapses:
                self._put(of, today + timedelta(days=1))
        return sorted(found, key=lambda item: item[0].key)

    def give_up(self, of: Open) -> None:
        """Put something off the agenda that was refused: until its date moves it is not tried again."""
        self._given_up.add((of.key, of.due))
        self._standing.pop(of.key, None)


def with_incidents(found: Iterator[Open]) -> Iterator[Open]:
    """Yield what waits, and beside each review of level 2 or 3 what may happen before it."""
    for of in found:
        yield of
        if of.kind in REVIEWS:
            yield replace(of, kind=INCIDENT)
