"""A table that anybody may see: small numbers, and those from which they could be worked out, are held back."""

from collections.abc import Sequence
from dataclasses import replace

from figures.board.work import HELD_BACK
from figures.tables import Table, Value
from policy.small_numbers import TOTAL, Name, Sum, held_back, sums_of_table

OF, SHARE, TARGET, REST = "of", "per_cent", "target", "rest"


def for_everybody(table: Table, counted: str, fewer_than: int) -> Table:
    """Return a table of shares without its small numbers: the numerator, the rest, or the whole of a share.

    ``counted``: the column of the numerator. A share goes with either of the numbers it is made of.
    """
    columns = [column for column in table.columns if column.name in (counted, OF, SHARE, TARGET)]
    cells: dict[str, dict[str, Value]] = {}
    for row in table.rows:
        number, of = table.value(row.name, counted), table.value(row.name, OF)
        values = {column.name: table.value(row.name, column.name) for column in columns}
        if isinstance(number, int) and isinstance(of, int):
            parts: dict[Name, int] = {("", counted): number, ("", REST): of - number, ("", OF): of}
            whole = Sum(("", OF), [("", counted), ("", REST)])
            held = {name for _, name in held_back(parts, [whole], fewer_than)}
            # The rest stands nowhere, and is worked out from the other two.
            gone = held & {counted, OF} | ({SHARE} if held else set())
            values |= dict.fromkeys(gone & values.keys(), HELD_BACK)
        cells[row.name] = values
    return replace(table, columns=columns, cells=cells, drawn=((), ()), checks=())


def of_sums(table: Table, fewer_than: int) -> Table:
    """Return a table with a row and a column of totals without its small numbers; no data stays no data."""
    rows, columns = (without_total([one.name for one in headings]) for headings in (table.rows, table.columns))
    numbers = {
        (row, column): value
        for row, cells in table.cells.items()
        for column, value in cells.items()
        if isinstance(value, int)
    }
    if len(numbers) < (len(rows) + 1) * (len(columns) + 1):
        return table
    held = held_back(numbers, list(sums_of_table(rows, columns)), fewer_than)
    cells: dict[str, dict[str, Value]] = {
        row: {column: HELD_BACK if (row, column) in held else value for column, value in values.items()}
        for row, values in table.cells.items()
    }
    return replace(table, cells=cells, drawn=((), ()), checks=())


def without_total(names: Sequence[str]) -> list[str]:
    """Return the names of rows or columns but for the total."""
    return [name for name in names if name != TOTAL]
