"""A small drawing for each indicator: five quarters as bars with their numbers, and the target as a broken line.

It reads in black and white: each bar has its number over it and its quarter under it, and the line says what it is.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from figures.tables import Value, words_of

WIDTH, TOP, ROOM, FOOT = 300, 34, 80, 22
"""Of a drawing, in its own units: its width, what stands over 100%, how high 100% is, and what stands under 0%."""
BAR = 36
HEAD = Markup(
    '<svg class="chart small" role="img" aria-label="{}" viewBox="0 0 {} {}" '
    'font-family="Arial, Helvetica, sans-serif" font-size="12" fill="#0b0c0c">'
)
TEXT = Markup('<text x="{}" y="{}" text-anchor="{}"{}>{}</text>')
BOLD = Markup(' font-weight="bold"')


@dataclass(frozen=True, slots=True)
class Trend:
    """The shares of an indicator in some quarters, each with the name of its quarter."""

    title: str
    quarters: Sequence[tuple[str, Value]]
    target: float | None


def drawn(trend: Trend) -> Markup:
    """Return a trend as a drawing; a screen reader gets its numbers in a sentence."""
    slot = WIDTH / len(trend.quarters)
    parts = [TEXT.format(0, 12, "start", BOLD, trend.title)]
    for place, (name, value) in enumerate(trend.quarters):
        middle = round(slot * (place + 0.5), 1)
        parts.append(bar(middle, value))
        parts.append(TEXT.format(middle, TOP + ROOM + 16, "middle", "", name))
    if trend.target is not None:
        parts.append(line(trend.target))
    return HEAD.format(told(trend), WIDTH, TOP + ROOM + FOOT) + Markup("").join(parts) + Markup("</svg>")


def bar(middle: float, value: Value) -> Markup:
    """Return the bar of a quarter with its number over it; the words alone where there is no number."""
    height = round(ROOM * value / 100, 1) if isinstance(value, int | float) else 0
    top = round(TOP + ROOM - height, 1)
    shape = Markup('<rect x="{}" y="{}" width="{}" height="{}" fill="#1d70b8"/>').format(
        round(middle - BAR / 2, 1), top, BAR, height
    )
    return (shape if height else Markup("")) + TEXT.format(
        middle, round(top - 4, 1), "middle", "", words_of(value, "%")
    )


def line(target: float) -> Markup:
    """Return the broken line of a target."""
    y = round(TOP + ROOM * (1 - target / 100), 1)
    return Markup('<line x1="0" x2="{}" y1="{}" y2="{}" stroke="#0b0c0c" stroke-dasharray="4 3"/>').format(WIDTH, y, y)


def told(trend: Trend) -> str:
    """Return a trend as a sentence."""
    shares = ", ".join(f"{name} {words_of(value, '%')}" for name, value in trend.quarters)
    return f"{trend.title}: {shares}" + (f"; target {words_of(trend.target, '%')}" if trend.target is not None else "")
