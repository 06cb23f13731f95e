"""What is held back cannot be worked out: for each such number the reader's own sums allow another value.

The reader knows every published number, that a number held back is at least 1 (zeros are published), and that what is
published nowhere is at least 0. Here they try every change of the cells by one, up or down, that leaves all of that
true: by adding up, without the program's own way of finding out.
"""

from collections.abc import Collection, Iterator, Sequence
from itertools import product

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from policy.small_numbers import TOTAL, Sum, held_back, sums_of_table

Table = dict[tuple[str, str], int]
FEWER_THAN = 5
NUMBERS = st.one_of(st.integers(0, 6), st.integers(0, 60))
TABLES = st.integers(1, 3).flatmap(
    lambda width: st.lists(st.lists(NUMBERS, min_size=width, max_size=width), min_size=1, max_size=3)
)


def table_of(rows: Sequence[Sequence[int]]) -> Table:
    """A table with its totals; rows are a, b, c and columns x, y, z."""
    cells = {(row, column): value
             for row, values in zip("abc", rows, strict=False)
             for column, value in zip("xyz", values, strict=False)}  # fmt: skip
    return with_totals(cells)


def with_totals(cells: Table) -> Table:
    """The same cells with a row and a column of totals."""
    rows, columns = sides_of(cells)
    full = dict(cells)
    full |= {(row, TOTAL): sum(cells[row, column] for column in columns) for row in rows}
    return full | {(TOTAL, column): sum(full[row, column] for row in rows) for column in (*columns, TOTAL)}


def sides_of(cells: Table) -> tuple[list[str], list[str]]:
    """The names of rows and columns, without totals."""
    rows, columns = (dict.fromkeys(name[side] for name in cells if name[side] != TOTAL) for side in (0, 1))
    return list(rows), list(columns)


def other_tables(
    table: Table, hidden: Collection[tuple[str, str]], unpublished: Collection[tuple[str, str]] = ()
) -> Iterator[Table]:
    """Yield the tables that a reader cannot tell from this one, among those whose cells differ by one at most."""
    rows, columns = sides_of(table)
    unknown = {*hidden, *unpublished}
    body = [(row, column) for row in rows for column in columns]
    for change in product(*((-1, 0, 1) if name in unknown else (0,) for name in body)):
        other = with_totals({name: table[name] + more for name, more in zip(body, change, strict=True)})
        same = all(other[name] == table[name] for name in table if name not in unknown)
        if same and all(other[name] >= (0 if name in unpublished else 1) for name in unknown):
            yield other


def worked_out(
    table: Table, hidden: Collection[tuple[str, str]], unpublished: Collection[tuple[str, str]] = ()
) -> set[tuple[str, str]]:
    """The numbers held back that have one value alone in every table a reader might have before them."""
    left = set(hidden)
    for other in other_tables(table, hidden, unpublished):
        left = {name for name in left if other[name] == table[name]}
        if not left:
            break
    return left


@settings(max_examples=150, deadline=None)
@given(TABLES)
@example([[1, 1], [1, 1]])
@example([[1, 0], [0, 1]])
@example([[1, 0, 0], [0, 0, 0], [0, 0, 9]])
@example([[4, 50], [60, 70]])
@example([[1]])
def test_no_number_held_back_can_be_worked_out(rows: list[list[int]]) -> None:
    table = table_of(rows)
    held = held_back(table, list(sums_of_table(*sides_of(table))), FEWER_THAN)
    assert {name for name, number in table.items() if 0 < number < FEWER_THAN} <= held
    assert not [name for name in held if not table[name]], "zeros are published"
    assert worked_out(table, held) == set()


@settings(max_examples=100, deadline=None)
@given(st.lists(st.tuples(NUMBERS, NUMBERS), min_size=1, max_size=4))
@example([(7, 0), (1, 9)])
@example([(1, 0), (1, 0)])
def test_what_did_not_count_is_published_nowhere_and_does_not_give_the_rest_away(shares: list[tuple[int, int]]) -> None:
    """The share of an indicator: so many that counted, so many that did not, and their sum, for each agency."""
    table = with_totals({
        (row, column): number
        for row, share in zip("abcd", shares, strict=False)
        for column, number in zip(("counted", "missed"), share, strict=True)
    })  # fmt: skip
    rows, columns = sides_of(table)
    unpublished = [(row, "missed") for row in (*rows, TOTAL)]
    held = held_back(table, list(sums_of_table(rows, columns)), FEWER_THAN, unpublished)
    assert not held & set(unpublished)
    assert worked_out(table, held, unpublished) == set()


@given(TABLES)
def test_a_table_without_a_small_number_is_published_as_it_is(rows: list[list[int]]) -> None:
    table = table_of([[number and number + FEWER_THAN for number in row] for row in rows])
    assert held_back(table, list(sums_of_table(*sides_of(table))), FEWER_THAN) == frozenset()
    assert held_back(table_of(rows), list(sums_of_table(*sides_of(table))), 0) == frozenset()


def test_as_little_as_there_need_be_goes_with_a_small_number() -> None:
    """By hand: with (a, x) go the smallest other of its row, the smallest of its column, and where these two cross."""
    table = table_of([[2, 10, 30], [20, 9, 40], [50, 60, 70]])
    held = held_back(table, list(sums_of_table(*sides_of(table))), FEWER_THAN)
    assert held == {("a", "x"), ("a", "y"), ("b", "x"), ("b", "y")}


def test_the_reader_of_these_tests_finds_what_was_held_back_alone() -> None:
    """Their way of working out works: of a row without its other number, and of two that can only both be 1."""
    table = table_of([[2, 10], [20, 30]])
    assert worked_out(table, {("a", "x")}) == {("a", "x")}
    assert worked_out(table, {("a", "x"), ("a", "y")}) == {("a", "x"), ("a", "y")}
    line = table_of([[1, 1, 9]])
    pair = {("a", "x"), ("a", "y"), (TOTAL, "x"), (TOTAL, "y")}
    assert worked_out(line, pair) == pair


def test_a_list_with_a_total() -> None:
    numbers = {("a", "n"): 3, ("b", "n"): 8, ("c", "n"): 6, ("d", "n"): 0, (TOTAL, "n"): 17}
    one_sum = Sum((TOTAL, "n"), [(row, "n") for row in "abcd"])
    assert held_back(numbers, [one_sum], FEWER_THAN) == {("a", "n"), ("c", "n")}
    # Where there is no other, the total goes.
    alone = {("a", "n"): 3, ("d", "n"): 0, (TOTAL, "n"): 3}
    assert held_back(alone, [Sum((TOTAL, "n"), [("a", "n"), ("d", "n")])], 3) == frozenset()
    assert held_back(alone, [Sum((TOTAL, "n"), [("a", "n"), ("d", "n")])], 4) == {("a", "n"), (TOTAL, "n")}


def test_sums_that_no_table_has_are_refused() -> None:
    numbers = dict.fromkeys([("a", "n"), ("b", "n"), ("c", "n"), ("d", "n")], 3)
    thrice = [Sum((name, "n"), [("a", "n")]) for name in "bcd"]
    with pytest.raises(ValueError, match="in two sums at most"):
        held_back(numbers, thrice, FEWER_THAN)
    # a is the sum of b and c, and b that of a and c: it would go up and down at once.
    round_about = [Sum(("a", "n"), [("b", "n"), ("c", "n")]), Sum(("d", "n"), [("b", "n"), ("c", "n")])]
    odd = [*round_about[:1], Sum(("b", "n"), [("a", "n"), ("c", "n")])]
    held_back(numbers, round_about, FEWER_THAN)
    with pytest.raises(ValueError, match="go round"):
        held_back(numbers, odd, FEWER_THAN)
