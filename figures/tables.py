"""A table of figures: rows and columns by name, what stands in each cell, and the checks that it was held to.

Everything that is published is a list of these, whatever counted it. A cell is a number, a word where policy keeps the
number back, or None: no data.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from markupsafe import Markup

from policy.errors import NotFoundError
from policy.words import listed

Value = int | float | str | None
Cells = Mapping[str, Mapping[str, Value]]
NO_DATA = "no data"
FEW = 8
"""How many numbers of a sum are written out."""
DASH = "\N{EN DASH}"


@dataclass(frozen=True, slots=True)
class Heading:
    """A row or a column: the name by which programs know it, its words, and what follows its numbers (``%``).

    ``words``: a column of words, which stand at the left. ``whole``: a row whose name stays on one line.
    """

    name: str
    label: str
    suffix: str = ""
    words: bool = False
    whole: bool = False


@dataclass(frozen=True, slots=True)
class Check:
    """Something that must hold of a table, in a sentence with its numbers, and whether it does."""

    what: str
    holds: bool


@dataclass(frozen=True, slots=True)
class Table:
    """One table. ``cells``: by row, then by column, each pair there.

    ``cannot_be``: cells (row, column) that are zero by rule; shown as a dash unless they are not. ``drawn``: the rows
    and the columns of the chart that stands beside the table; none where there is no chart. ``stub``: the heading of
    the names of the rows. ``pictures``: small drawings made for the table, which stand beside it.
    """

    id: str
    title: str
    rows: Sequence[Heading]
    columns: Sequence[Heading]
    cells: Cells
    checks: Sequence[Check] = ()
    notes: Sequence[str] = ()
    cannot_be: frozenset[tuple[str, str]] = frozenset()
    drawn: tuple[Sequence[str], Sequence[str]] = ((), ())
    stub: str = ""
    pictures: Sequence[Markup] = ()

    def value(self, row: str, column: str) -> Value:
        """Return what stands in a cell; ``KeyError`` where the table has no such cell."""
        return self.cells[row][column]

    def shown(self, row: Heading, column: Heading) -> str:
        """Return a cell as people read it."""
        value = self.value(row.name, column.name)
        if value == 0 and (row.name, column.name) in self.cannot_be:
            return DASH
        return words_of(value, column.suffix or row.suffix)


def words_of(value: Value, suffix: str = "") -> str:
    """Return a number as people read it: ``10,229``, ``90.5%``, ``no data``."""
    if value is None:
        return NO_DATA
    return value if isinstance(value, str) else f"{value:,}{suffix}"


class NoSuchCellError(NotFoundError):
    """A cell is asked about that a report does not have."""


def parts_of(cell: str) -> tuple[str, str, str]:
    """Return the names of table, row and column in that of a cell, ``TABLE.ROW.COLUMN``: a row may have dots in it."""
    table, _, rest = cell.partition(".")
    row, _, column = rest.rpartition(".")
    return table, row, column


def known(what: str, name: str, names: Iterable[str], where: str) -> str:
    """Return a name that there is; ``NoSuchCellError`` lists those there are. ``where``: the cell that was asked."""
    if name not in (there := list(names)):
        raise NoSuchCellError(f"there is no {what} {name!r}; there are {listed(there)}", where=where)
    return name


def cell_of(tables: Sequence[Table], cell: str) -> tuple[str, str, str]:
    """Return table, row and column of a cell that one of some tables has; ``NoSuchCellError`` says what there is."""
    name, row, column = parts_of(cell)
    table = next((one for one in tables if one.id == name), None)
    if table is None:
        there = listed(one.id for one in tables)
        raise NoSuchCellError(f"the report has no table {name!r}; it has {there}", where="--explain")
    if column not in table.cells.get(row, ()):
        rows, columns = (listed(one.name for one in headings) for headings in (table.rows, table.columns))
        raise NoSuchCellError(
            f"the table {name!r} has no cell {row}.{column}: its rows are {rows}, its columns {columns}",
            where="--explain",
        )
    return name, row, column


@dataclass(frozen=True, slots=True)
class Page:
    """What is published as one page: a title, what it is about, and tables under it.

    ``facts``: figures that stand alone, each with its name. ``notes``: how it was counted. ``points``: what to know
    first, a sentence each.
    """

    title: str
    about: str
    tables: Sequence[Table]
    facts: Sequence[tuple[str, str]] = ()
    notes: Sequence[str] = field(default=())
    points: Sequence[str] = ()


def in_parts(table: Table, most: int = 6) -> list[Table]:
    """Return a table as several, none with more columns than fit on a sheet of paper; one that fits as it is."""
    if len(table.columns) <= most + 2:
        return [table]
    count = -(-len(table.columns) // most)
    return [
        replace(table, id=f"{table.id}-{part + 1}", title=f"{table.title} ({part + 1} of {count})",
                columns=table.columns[part * most : (part + 1) * most])
        for part in range(count)
    ]  # fmt: skip


def adds_up(table_cells: Cells, rows: Iterable[str], columns: Iterable[str], total: str = "total") -> list[Check]:
    """Return the checks of a table with a row and a column of totals: each is the sum of what it is the total of.

    ``rows``, ``columns``: those that are added up. A table without numbers has nothing to check.
    """
    rows, columns = list(rows), list(columns)
    across = [sum_of(f"row {row}", [table_cells[row][c] for c in columns], table_cells[row][total])
              for row in [*rows, total]]  # fmt: skip
    down = [sum_of(f"column {column}", [table_cells[r][column] for r in rows], table_cells[total][column])
            for column in [*columns, total]]  # fmt: skip
    return [check for check in [*across, *down] if check is not None]


def sum_of(where: str, parts: Sequence[Value], total: Value) -> Check | None:
    """Return the check that numbers add up to a total; none where one of them is no number."""
    numbers = [part for part in parts if isinstance(part, int | float)]
    if len(numbers) < len(parts) or not isinstance(total, int | float):
        return None
    found = sum(numbers)
    added = " + ".join(f"{number:,}" for number in numbers) if len(numbers) <= FEW else f"sum of {len(numbers)} numbers"
    sentence = f"{where.replace('_', ' ')}: {added} = {found:,}"
    return Check(sentence if found == total else f"{sentence}, not {total:,}", holds=found == total)
