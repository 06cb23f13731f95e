"""Which numbers of a publication are held back, so that nobody can be recognised by a small one, or work it out.

A number that is small is held back. One that could be worked out from totals takes others with it, until it cannot.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from heapq import heappop, heappush
from itertools import count

Name = tuple[str, str]
"""How a number is known: by its row and its column."""
OUTSIDE = -1
"""Where a number leads that is part of one sum alone."""
TOTAL = "total"


@dataclass(frozen=True, slots=True)
class Sum:
    """A number that is published as the sum of others."""

    total: Name
    parts: Sequence[Name]


@dataclass(frozen=True, slots=True)
class Link:
    """A number as a way between two sums: one more of it leaves ``begins`` one short and ``ends`` one over.

    ``fewer``: there could be one fewer of it, for all that a reader knows. ``cost``: what is lost if it is held back.
    """

    name: Name
    begins: int
    ends: int
    fewer: bool
    cost: int


def sums_of_table(rows: Sequence[str], columns: Sequence[str]) -> Iterator[Sum]:
    """Yield the sums of a table whose cells are known by row and column, with a row and a column ``total``."""
    for row in (*rows, TOTAL):
        yield Sum((row, TOTAL), [(row, column) for column in columns])
    for column in (*columns, TOTAL):
        yield Sum((TOTAL, column), [(row, column) for row in rows])


def held_back(
    numbers: Mapping[Name, int], sums: Sequence[Sum], fewer_than: int, unpublished: Collection[Name] = ()
) -> frozenset[Name]:
    """Return the numbers to hold back: those from 1 to below ``fewer_than``, and what they could be worked out from.

    A number is in two sums at most, as in a table with totals. Of each that is held back the published numbers allow
    another value, though a reader knows that it is not zero: zeros are always published. ``unpublished``: numbers of
    the sums that stand nowhere; they may be zero. What is held back beyond the small ones is as little as there need
    be for each, one after the other.
    """
    links = list(links_of(numbers, sums, unpublished))
    small = {name for name, number in numbers.items() if 0 < number < fewer_than and name not in unpublished}
    held = set(small)
    for link in sorted((one for one in links if one.name in small), key=lambda one: one.cost):
        held |= cheapest_round(link, links, held) - set(unpublished)
    return frozenset(held)


def links_of(numbers: Mapping[Name, int], sums: Sequence[Sum], unpublished: Collection[Name]) -> Iterator[Link]:
    """Yield each number that is in a sum and may differ from what it is, as a way between the sums that it is in.

    A zero is published and cannot differ.
    """
    signs = dict(signs_of(sums))
    ends: dict[Name, list[tuple[int, int]]] = {}
    for place, one in enumerate(sums):
        for part in one.parts:
            ends.setdefault(part, []).append((signs[place], place))
        ends.setdefault(one.total, []).append((-signs[place], place))
    for name, found in ends.items():
        hidden, number = name in unpublished, numbers[name]
        if not number and not hidden:
            continue
        over = next((place for sign, place in found if sign > 0), OUTSIDE)
        short = next((place for sign, place in found if sign < 0), OUTSIDE)
        yield Link(name, short, over, number > (0 if hidden else 1), 0 if hidden else number)


def signs_of(sums: Sequence[Sum]) -> Iterator[tuple[int, int]]:
    """Yield a sign for each sum, such that a number in two sums adds to one of them and takes from the other."""
    inside: dict[Name, list[tuple[int, int]]] = {}
    for place, one in enumerate(sums):
        for name, side in ((one.total, -1), *((part, 1) for part in one.parts)):
            inside.setdefault(name, []).append((place, side))
    if crowded := [name for name, places in inside.items() if len(places) > 2]:
        raise ValueError(f"a number is in two sums at most: {crowded}")
    signs: dict[int, int] = {}
    for first in range(len(sums)):
        waiting = [(first, 1)] if first not in signs else []
        while waiting:
            place, sign = waiting.pop()
            if place in signs:
                if signs[place] != sign:
                    raise ValueError(f"the sums go round in a way that no table does, at {sums[place].total}")
                continue
            signs[place] = sign
            for name in (sums[place].total, *sums[place].parts):
                here = next(side for where, side in inside[name] if where == place)
                waiting += [(where, -sign * here * side) for where, side in inside[name] if where != place]
    yield from signs.items()


def cheapest_round(link: Link, links: Iterable[Link], held: Collection[Name]) -> set[Name]:
    """Return the numbers of the cheapest round on which one more or one fewer of a number leaves every sum right."""
    ways: dict[int, list[tuple[int, Link]]] = {}
    for one in links:
        if one.name != link.name:
            ways.setdefault(one.begins, []).append((one.ends, one))
            if one.fewer:
                ways.setdefault(one.ends, []).append((one.begins, one))
    rounds = [cheapest_way(link.ends, link.begins, ways, held)]
    if link.fewer:
        rounds.append(cheapest_way(link.begins, link.ends, ways, held))
    found = min((one for one in rounds if one is not None), key=lambda one: one[0], default=(0, set()))
    return found[1]


def cheapest_way(
    begins: int, ends: int, ways: Mapping[int, Sequence[tuple[int, Link]]], held: Collection[Name]
) -> tuple[int, set[Name]] | None:
    """Return the cost and the numbers of the cheapest way from one sum to another; None where there is none."""
    order = count()
    waiting: list[tuple[int, int, int, frozenset[Name]]] = [(0, next(order), begins, frozenset())]
    seen: set[int] = set()
    while waiting:
        cost, _, place, names = heappop(waiting)
        if place == ends:
            return cost, set(names)
        if place in seen:
            continue
        seen.add(place)
        for there, link in ways.get(place, ()):
            if there not in seen:
                more = 0 if link.name in held else link.cost
                heappush(waiting, (cost + more, next(order), there, names | {link.name}))
    return None
