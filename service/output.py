"""Output for people (tables, bars) and for programs (one JSON document)."""

import codecs
import json
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from io import TextIOWrapper
from itertools import islice
from time import monotonic
from typing import IO, TYPE_CHECKING, Any

from views.times import spoken

if TYPE_CHECKING:
    from pydantic import BaseModel
    from rich.console import Console
    from rich.progress import Progress

WIDE = 240
ROWS_SHOWN = 200
MOST_COUNTED = 10_000
"""Up to how many rows that are not shown are counted: whether 300,000 or 400,000 wait below helps nobody."""
SECONDS_BETWEEN = 0.1


def escaped(error: UnicodeError) -> tuple[str | bytes, int]:
    """Return what an encoding lacks as JSON escapes it, which any reader can bring back."""
    if not isinstance(error, UnicodeEncodeError):
        raise error
    return json.dumps(error.object[error.start : error.end])[1:-1], error.end


def write_any_name() -> None:
    """Have standard output take every name, whatever its encoding: a name that it lacks is no reason to stop."""
    codecs.register_error("escaped", escaped)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="escaped")


def console(stream: IO[str] | None = None) -> "Console":
    """Return a console; away from a terminal it is wide, so that nothing is cut, and plain."""
    from rich.console import Console

    stream = stream or sys.stdout
    return Console(file=stream, width=None if stream.isatty() else WIDE, highlight=False, markup=False, emoji=False)


def say(*lines: str) -> None:
    """Print lines as they are."""
    for line in lines:
        sys.stdout.write(f"{line}\n")


def show_table(
    columns: Sequence[str],
    rows: Iterable[Sequence[Any]],
    *,
    title: str = "",
    nothing: str = "nothing",
    limit: int = 0,
    more: Callable[[], int] | None = None,
) -> None:
    """Print rows under their columns; ``nothing`` where there are none, and what a limit left out.

    ``more`` counts what the limit left out, where the rows end with it.
    """
    from rich import box
    from rich.table import Table
    from rich.text import Text

    source = iter(rows)
    shown = list(islice(source, limit)) if limit else list(source)
    if not shown:
        say(nothing)
        return
    table = Table(*columns, title=title or None, title_justify="left", box=box.SIMPLE_HEAD, pad_edge=False)
    for column in table.columns:
        column.overflow = "fold"
    for row in shown:
        table.add_row(*(Text(cell(value)) for value in row))
    console().print(table)
    left_out = (sum(1 for _ in source) if more is None else more()) if len(shown) == limit else 0
    if left_out:
        how_many = f"{left_out:,}" if left_out <= MOST_COUNTED else f"more than {MOST_COUNTED:,}"
        say(f"and {how_many} more; --limit 0 shows all, a filter shows fewer")


def cell(value: Any) -> str:
    """Return a value as a cell shows it; a moment to the minute in Europe/London."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list | tuple):
        return ", ".join(cell(item) for item in value)
    return spoken(value) if isinstance(value, datetime) else str(value)


def print_json(form: Any) -> None:
    """Print a form that people fill in, or filled in, as JSON."""
    say(json.dumps(form, indent=2, ensure_ascii=False, default=str))


def print_view(view: "BaseModel") -> None:
    """Print one object as a JSON document."""
    say(view.model_dump_json(indent=2, by_alias=True))


def print_views(views: "Iterable[BaseModel]") -> None:
    """Print a JSON list, an object a line, as they come: a whole caseload need not stand in memory."""
    opened = False
    for view in views:
        sys.stdout.write(("," if opened else "[") + "\n" + view.model_dump_json(by_alias=True))
        opened = True
    say("\n]" if opened else "[]")


@contextmanager
def progress(noun: str, total: int | None) -> Iterator["ProgressBar"]:
    """Yield a bar on standard error; where that is no terminal it shows nothing."""
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console(sys.stderr), disable=not sys.stderr.isatty(), transient=True) as bar:
        yield ProgressBar(bar, noun, total)


class ProgressBar:
    """How far long work has come."""

    def __init__(self, bar: "Progress", noun: str, total: int | None) -> None:
        """Begin at nothing done."""
        self.bar = bar
        self.next_at = 0.0
        self.task = bar.add_task(noun, total=total)

    def to(self, done: int) -> None:
        """Say how much is done in all. Drawn ten times a second at most: it may be said for every row."""
        if not self.bar.disable and monotonic() >= self.next_at:
            self.bar.update(self.task, completed=done)
            self.next_at = monotonic() + SECONDS_BETWEEN

    def note(self, noun: str) -> None:
        """Change the words beside the bar."""
        if not self.bar.disable:
            self.bar.update(self.task, description=noun)
