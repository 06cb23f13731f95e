"""A small drawing for each indicator: five quarters as bars with their numbers, and the target as a broken line.

It reads in black and white: each bar has its number and its quarter under it, and the line says what it is.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from figures.tables import Value, words_of

WIDTH, LEFT, TOP, ROOM, FOOT = 340, 52, 36, 76, 36
"""Of a drawing, in its own units: its width, what stands on the left of its bars, over 100% and under 0%, and how high
100% is."""
BAR = 36
HEAD = Markup(
    '<svg class="chart small" role="img" aria-label="{}" viewBox="0 0 {} {}" '
    'font-family="Arial, Helvetica, sans-serif" font-size="12" fill="#0b0c0c">'
)
TEXT = Markup('<text x="{}" y="{}" text-anchor="{}"{}>{}</text>')
BOLD, SMALL = Markup(' font-weight="bold"'), Markup(' font-weight="bold" font-size="10"')
LETTERS = 46
"""How many letters of a title fit; a longer one is written smaller."""


@dataclass(frozen=True, slots=True)
class Trend:
    """The shares of an indicator in some quarters, each with the name of its quarter."""

    title: str
    quarters: Sequence[tuple[str, Value]]
    target: float | None


def drawn(trend: Trend) -> Markup:
    """Return a trend as a drawing; a screen reader gets its numbers in a sentence."""
    slot = (WIDTH - LEFT) / len(trend.quarters)
    parts = [TEXT.format(0, 12, "start", BOLD if len(trend.title) <= LETTERS else SMALL, trend.title)]
    for place, (name, value) in enumerate(trend.quarters):
        middle = round(LEFT + slot * (place + 0.5), 1)
        parts.append(bar(middle, value))
        parts += [TEXT.format(middle, TOP + ROOM + down, "middle", "", words)
                  for down, words in ((15, words_of(value, "%")), (30, name))]  # fmt: skip
    parts.append(line(0, ""))
    if trend.target is not None:
        parts.append(line(trend.target, Markup(' stroke-dasharray="4 3"')))
        parts += [TEXT.format(0, round(level_of(trend.target) + down, 1), "start", "", words)
                  for down, words in ((-4, "Target"), (13, words_of(trend.target, "%")))]  # fmt: skip
    return HEAD.format(told(trend), WIDTH, TOP + ROOM + FOOT) + Markup("").join(parts) + Markup("</svg>")


def bar(middle: float, value: Value) -> Markup:
    """Return the bar of a quarter; nothing where there is no number."""
    if not isinstance(value, int | float) or not value:
        return Markup("")
    shape = Markup('<rect x="{}" y="{}" width="{}" height="{}" fill="#1d70b8"/>')
    return shape.format(round(middle - BAR / 2, 1), level_of(value), BAR, round(TOP + ROOM - level_of(value), 1))


def line(share: float, more: str) -> Markup:
    """Return a line across a drawing at a share: that of a target is broken."""
    y = level_of(share)
    return Markup('<line x1="0" x2="{}" y1="{}" y2="{}" stroke="#0b0c0c"{}/>').format(WIDTH, y, y, more)


def level_of(share: float) -> float:
    """Return how far down a share stands."""
    return round(TOP + ROOM * (1 - share / 100), 1)


def told(trend: Trend) -> str:
    """Return a trend as a sentence."""
    shares = ", ".join(f"{name} {words_of(value, '%')}" for name, value in trend.quarters)
    return f"{trend.title}: {shares}" + (f"; target {words_of(trend.target, '%')}" if trend.target is not None else "")
