"""Bar charts as SVG that stands inside a page: no script, nothing fetched, and no colour that says anything.

Each bar has its name on its left and its number on its right, so that a chart reads in black and white. It stands
beside the table that it is drawn from, and screen readers are sent there.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from figures.tables import Table

WIDTH, NAMES, NUMBERS = 640, 270, 70
"""Of a drawing, of what stands on the left of its bars, and on the right, in its own units."""
BAR, STEP, HEAD, GAP = 16, 22, 24, 10
LETTERS = 40
"""How many letters of a name fit on the left of a bar."""


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar: its name, how long it is (None: no data, no bar), and the number beside it."""

    name: str
    length: float | None
    shown: str


@dataclass(frozen=True, slots=True)
class Group:
    """Bars under one heading; without a heading where there is one group alone."""

    heading: str
    bars: Sequence[Bar]


def chart_of(table: Table) -> Markup:
    """Return the chart that a table asks for; nothing where there is nothing to compare."""
    rows = [row for row in table.rows if row.name in table.drawn[0]]
    columns = [column for column in table.columns if column.name in table.drawn[1]]
    if not rows or not columns:
        return Markup("")
    if len(columns) == 1:
        groups = [Group("", [bar(table, row.label, row.name, columns[0].name) for row in rows])]
    else:
        groups = [Group(row.label, [bar(table, c.label, row.name, c.name) for c in columns]) for row in rows]
    bars = [one for group in groups for one in group.bars]
    return bar_chart(table.title, groups) if len(bars) > 1 and any(one.length for one in bars) else Markup("")


def bar(table: Table, name: str, row_name: str, column_name: str) -> Bar:
    """Return the bar of one cell; a word in a cell has no length."""
    value = table.value(row_name, column_name)
    row = next(row for row in table.rows if row.name == row_name)
    column = next(column for column in table.columns if column.name == column_name)
    return Bar(name, value if isinstance(value, int | float) else None, table.shown(row, column))


def bar_chart(title: str, groups: Sequence[Group]) -> Markup:
    """Return bars, a group under the other, as one drawing; the longest fills the room."""
    longest = max((one.length or 0 for group in groups for one in group.bars), default=0)
    parts: list[Markup] = []
    y = 0
    for group in groups:
        if group.heading:
            parts.append(Markup('<text x="0" y="{}" font-weight="bold">{}</text>').format(y + 16, group.heading))
            y += HEAD
        for one in group.bars:
            parts.append(drawn(one, y, longest))
            y += STEP
        y += GAP
    head = Markup(
        '<svg class="chart" role="img" aria-label="{}: bar chart of the table" viewBox="0 0 {} {}" '
        'font-family="Arial, Helvetica, sans-serif" font-size="13" fill="#0b0c0c">'
    ).format(title, WIDTH, max(y - GAP, 1))
    return head + Markup("").join(parts) + Markup("</svg>")


def drawn(one: Bar, y: int, longest: float) -> Markup:
    """Return one bar with its name and its number."""
    room = WIDTH - NAMES - NUMBERS
    length = max(round(room * one.length / longest, 1), 1) if one.length else 0
    line = y + BAR - 3
    name = one.name if len(one.name) <= LETTERS else f"{one.name[: LETTERS - 1]}\N{HORIZONTAL ELLIPSIS}"
    words = Markup('<text x="{}" y="{}"{}>{}</text>')
    rectangle = Markup('<rect x="{}" y="{}" width="{}" height="{}" fill="#1d70b8"/>').format(NAMES, y, length, BAR)
    return Markup("").join(
        (
            words.format(NAMES - 8, line, Markup(' text-anchor="end"'), name),
            rectangle if length else Markup(""),
            words.format(NAMES + length + 6, line, "", one.shown),
        )
    )
