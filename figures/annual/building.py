"""The tables of the annual report, made of the counts: headings, cells, totals and the checks they are held to."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from figures.annual.counting import Asked
from figures.annual.layouts import LEVELS, MANAGED, NUMBER
from figures.annual.places import LEFT_OUT, RSO, TOTAL, Place
from figures.places import NONE
from figures.tables import Cells, Check, Heading, Table, Value, adds_up, sum_of
from policy.words import listed

EVENTS_AND_PEOPLE = {"returned_licence": "returned_licence_people", "returned_order": "returned_order_people"}
ONE_EACH = "Each person once, at the highest level at which they were returned in the year."
AS_EVENTS = "Returns are events: somebody returned twice counts twice."


def by_level(asked: Asked, name: str, found: Mapping[Place, int], *, known: bool) -> Table:
    """Return a table of levels and categories, with its totals and the checks that it adds up."""
    rows, columns = (LEVELS if name == "eligible" else MANAGED), asked.layout.category_columns
    parts = [row.name for row in rows if row.name != TOTAL]
    categories = [column.name for column in columns if column.name != TOTAL]
    cells = crossed(name, found, parts, categories) if known else nothing(rows, columns)
    return Table(
        id=name,
        title=title_of(asked, name),
        rows=rows,
        columns=columns,
        cells=cells,
        checks=adds_up(cells, parts, categories),
        notes=notes_of(name),
        cannot_be=frozenset(impossible(name, parts, categories)),
        drawn=((), ()) if name in EVENTS_AND_PEOPLE.values() else (parts, categories),
    )


def title_of(asked: Asked, name: str) -> str:
    """Return the title of a table of levels and categories, as the reports of the year have it."""
    returned = "Level 2 and 3 offenders returned to custody"
    order = asked.layout.order_breached
    return {
        "eligible": f"MAPPA-eligible offenders on 31 March {asked.year.last.year}",
        "yearly": "MAPPA-eligible offenders in Levels 2 and 3 by category (yearly total)",
        "returned_licence": f"{returned}: breach of licence",
        "returned_licence_people": f"{returned}: breach of licence, people",
        "returned_order": f"{returned}: breach of {order}",
        "returned_order_people": f"{returned}: breach of {order}, people",
        "serious_further_offences": "Level 2 and 3 offenders charged with a serious further offence",
    }[name]


def notes_of(name: str) -> list[str]:
    """Return what a reader must know of a table of levels and categories."""
    if name in EVENTS_AND_PEOPLE:
        return [AS_EVENTS]
    return [ONE_EACH] if name in EVENTS_AND_PEOPLE.values() else []


def impossible(name: str, rows: Sequence[str], columns: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Yield the cells that are zero by rule: category 3 is never at level 1; orders are of category 1 alone."""
    if name == "eligible":
        yield "level_1", "category_3"
    if name.startswith("returned_order"):
        yield from ((row, column) for row in (*rows, TOTAL) for column in columns if column != "category_1")


def crossed(name: str, found: Mapping[Place, int], rows: Sequence[str], columns: Sequence[str]) -> Cells:
    """Return the cells of a table with totals: each total counts what its row or column counts."""
    cells: dict[str, Counter[str]] = {row: Counter() for row in (*rows, TOTAL)}
    for place, number in found.items():
        if place.table == name:
            for row in (place.row, TOTAL):
                cells[row].update({place.column: number, TOTAL: number})
    return {row: {column: cells[row][column] for column in (*columns, TOTAL)} for row in cells}


def nothing(rows: Sequence[Heading], columns: Sequence[Heading]) -> Cells:
    """Return cells without data."""
    return {row.name: {column.name: None for column in columns} for row in rows}


def listing(name: str, title: str, rows: Sequence[Heading], found: Mapping[Place, int], *, known: bool) -> Table:
    """Return a table of numbers, one a row."""
    cells = {row.name: {TOTAL: found.get(Place(name, row.name, TOTAL), 0) if known else None} for row in rows}
    return Table(name, title, rows, NUMBER, cells, drawn=([row.name for row in rows], [TOTAL]))


def units(found: Mapping[Place, int], names: Sequence[str], registered: Value) -> Table:
    """Return the registered sexual offenders by unit. ``names``: the units; ``registered``: how many there are in all.

    Those without a unit have a row of their own.
    """
    counted = {place.row for place in found if place.table == "units"}
    names = [*names, *sorted(counted.difference(names))]
    rows = [Heading(name, "No unit recorded" if name == NONE else name) for name in names]
    cells = {name: {RSO: found.get(Place("units", name, RSO), 0)} for name in names}
    check = sum_of("units", [cells[name][RSO] for name in names], registered) if names else None
    return Table(
        id="units",
        title="Registered sexual offenders by unit",
        rows=rows,
        columns=(Heading(RSO, "Registered sexual offenders"),),
        cells=cells,
        checks=[check] if check is not None else [],
        drawn=(names, [RSO]),
        stub="Unit",
    )


def data(found: Mapping[Place, int], lacking: Mapping[str, Sequence[str]]) -> Table:
    """Return what no cell counts. ``lacking``: the areas of which there is no data, by what is lacking."""
    rows = [Heading(name, words) for name, words in LEFT_OUT.items()]
    cells = {name: {"number": found.get(Place("data", name, "number"), 0)} for name in LEFT_OUT}
    checks = [
        Check(f"{words}: {cells[name]['number']:,}, in no other table", holds=False)
        for name, words in LEFT_OUT.items()
        if cells[name]["number"]
    ]
    checks += [Check(f"no {what} on record in the year: {listed(areas)}", holds=False)
               for what, areas in lacking.items() if areas]  # fmt: skip
    return Table("data", "Left out of the tables above", rows, (Heading("number", "Number"),), cells, checks or
                 [Check("nothing is left out of the tables", holds=True)])  # fmt: skip


def across(tables: Mapping[str, Table]) -> dict[str, list[Check]]:
    """Return the checks of a table against another, by the table they belong to."""
    eligible, yearly = tables["eligible"], tables["yearly"]
    found: dict[str, list[Check]] = {"eligible": [], "yearly": []}
    stray = eligible.value("level_1", "category_3")
    if isinstance(stray, int) and stray:
        found["eligible"].append(
            Check(f"category 3 is never at level 1: {stray:,} on record (CJA 2003 s.325(2)(b))", holds=False)
        )
    now = [eligible.value(row, TOTAL) for row in ("level_2", "level_3")]
    year = yearly.value(TOTAL, TOTAL)
    if isinstance(year, int):
        standing = sum(one for one in now if isinstance(one, int))
        words = f"{standing:,} at level 2 or 3 on 31 March, among {year:,} in the year"
        found["yearly"].append(Check(words, holds=standing <= year))
    for events, people in EVENTS_AND_PEOPLE.items():
        returns, returned = tables[events].value(TOTAL, TOTAL), tables[people].value(TOTAL, TOTAL)
        if isinstance(returns, int) and isinstance(returned, int):
            found[people] = [Check(f"people: {returned:,}, returns: {returns:,}", holds=returned <= returns)]
    return found
