"""The rows that need no second database: rendering, a year, a national morning, flow runs, and what serves."""

import tempfile

from bench.databases import Databases
from bench.desk import FIRST_PAGE, SIGNING_IN
from bench.measuring import Scale, measure, repeat, repeat_on, say
from bench.on_records import DUE, NATION
from bench.table import Figure, Row

MESSAGES, FLOWS, FEWEST_FLOWS, MORNING = 10_000, 50, 5, 5_000
CASES, MANAGED, YEAR, YEAR_AT_MOST = 1_000, 80, 365, 15
"""A tenth of what the year is promised for, in a tenth of its 150 seconds: three whole ones would take two hours."""
AT_THE_DESK, IDLE_SECONDS = 100_000, 600
AT_THE_DESK_AT_MOST = {"form": 300.0, SIGNING_IN: 100.0, FIRST_PAGE: 100.0}
"""What is promised of the desk besides 150 ms a page: milliseconds, and kilobytes of the first page."""


def morning(its: Databases, scale: Scale) -> list[Row]:
    """Return the row of a morning of the whole country, shared by several processes as in a fleet."""
    say("08:00 in the whole country …")
    told = repeat_on(its, scale, "morning", scale.of(NATION), scale.of(MORNING))
    what = f"08:00 in the whole country: {told.last('cases'):,} cases, {told.last('prompts'):,} prompts due"
    figures = (Figure(told.of("seconds"), "s", 10), Figure(told.of("sweep"), "s", before="raised after "))
    return [Row("PostgreSQL", what, figures, f"{told.last('messages'):,} messages accepted")]


def alone(its: Databases, scale: Scale) -> list[Row]:
    """Return the rows of rendering, of a year, and of what a user of Prefect would write."""
    say("rendering …")
    rendered = repeat(scale, "render", scale.of(MESSAGES))
    cases, managed = scale.of(CASES), scale.of(MANAGED)
    say(f"a year of {cases:,} cases whose people answer …")
    year = repeat_on(its, scale, "year", cases, managed, YEAR)
    counted = ", ".join(f"{year.last(what):,} {what}" for what in ("facts", "meetings", "prompts", "messages"))
    say("one Prefect flow run a case …")
    runs = max(FEWEST_FLOWS, scale.of(FLOWS))
    flows = repeat(scale, "prefect", runs).of("seconds_a_case")
    due = scale.of(DUE)
    minutes = Figure([each * due / 60 for each in flows], "min", digits=0, before=f"for {due:,} ")
    return [
        Row("SQLite", f"render {scale.of(MESSAGES):,} messages",
            (Figure(rendered.of("seconds"), "s", 4),), profile="render"),
        Row("SQLite", f"a year of {cases:,} cases, {managed} at level 2 or 3, with answers",
            (Figure(year.of("seconds"), "s", scale.of(YEAR_AT_MOST), digits=0),), counted, profile="year"),
        Row("SQLite", f"instead: one Prefect flow run a case, {runs} measured",
            (Figure(flows, "s each", digits=2), minutes)),
    ]  # fmt: skip


def serving(scale: Scale) -> list[Row]:
    """Return the rows of the desk and of ``mappa serve`` itself."""
    return [*at_the_desk(scale), *idle(scale)]


def at_the_desk(scale: Scale) -> list[Row]:
    """Return how long ten people at once wait for a page."""
    say("mappa desk, ten people at once …")
    found = []
    for _ in range(scale.rounds):
        with tempfile.TemporaryDirectory(prefix="mappa-bench-desk-") as folder:
            found.append(measure("desk", f"sqlite:///{folder}/record.db", scale.of(AT_THE_DESK)))
    return [
        Row(
            "SQLite",
            f"mappa desk, {scale.of(AT_THE_DESK):,} cases, ten people at once: {what}",
            (Figure([one[what] for one in found], unit_of(what), AT_THE_DESK_AT_MOST.get(what, 150), digits=0),),
        )
        for what in found[0]
    ]


def unit_of(what: str) -> str:
    """Return in what a figure of the desk is given."""
    return "kB" if "kB" in what else "ms for 95 of 100"


def idle(scale: Scale) -> list[Row]:
    """Return how soon ``mappa serve`` is ready, and what it costs where there is nothing to do."""
    seconds = scale.of(IDLE_SECONDS)
    say(f"mappa serve, {seconds} seconds with nothing to do …")
    served = repeat(scale, "serve", seconds)
    return [
        Row("SQLite", "mappa serve ready: first start, later start",
            (Figure(served.of("first"), "s", 40), Figure(served.of("again"), "s", 15))),
        Row("SQLite", f"mappa serve with nothing to do, {seconds} seconds",
            (Figure(served.of("percent"), "% of one core", 5), Figure(served.of("mb"), "MB", 600, digits=0))),
        Row("SQLite", "from a new sentence to the begin of its flow run", (Figure(served.of("fact"), "s", 15),)),
    ]  # fmt: skip
