"""Rows of one person together, wherever in the file they stand: what they say is one history."""

from collections import Counter, defaultdict
from collections.abc import Iterator
from typing import Any

from casework.loading.lines import Row

CHUNK = 1000
Rows = list[tuple[int, dict[str, Any]]]
"""The rows of one person: (line, values)."""


def people_of(rows: Iterator[tuple[Row, dict[str, Any]]], expected: Counter[str]) -> Iterator[list[Rows]]:
    """Yield people with all their rows, in chunks of about a thousand rows.

    ``expected``: how many rows of each CRN there are at most. A row waits for the others of its person alone: of a file
    in the order of its people hardly any does.
    """
    waiting: dict[str, Rows] = defaultdict(list)
    ready: list[Rows] = []
    count = 0
    for row, values in rows:
        crn = values["crn"]
        waiting[crn].append((row.line, values))
        if len(waiting[crn]) == expected[crn]:
            ready.append(waiting.pop(crn))
            count += len(ready[-1])
        if count >= CHUNK:
            yield ready
            ready, count = [], 0
    for crn in sorted(waiting):
        ready.append(waiting[crn])
        count += len(ready[-1])
        if count >= CHUNK:
            yield ready
            ready, count = [], 0
    if ready:
        yield ready
