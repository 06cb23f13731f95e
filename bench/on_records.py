"""The rows of one database: loads, sweeps, an empty tick, the auditor, lists, meetings, the figures of a nation."""

from typing import Any

from bench.databases import Databases
from bench.growth import rows_of
from bench.measuring import Runs, Scale, measure, repeat, repeat_on, say
from bench.table import Figure, Row

LOAD, TIMESCALES, DUE = 100_000, 500_000, 10_000
CASES, MANAGED, MEETINGS = 10_000, 800, 100
PROMPTS_EACH, ONE_BY_ONE = 2, 200
NATION = 90_000


def loads(kind: str, its: Databases, scale: Scale) -> list[Row]:
    """Return the rows of files that are loaded."""
    count = scale.of(LOAD)
    say(f"{kind}: load …")
    loaded = repeat_on(its, scale, "load", count)
    say(f"{kind}: a caseload is taken on …")
    taken = repeat_on(its, scale, "registrations", count, ONE_BY_ONE)
    minutes = [seconds / 60 for seconds in taken.of("one_by_one")]
    return [
        Row(kind, f"load {count:,} sentences", (Figure(loaded.of("seconds"), "s", 30), memory(loaded)), profile="load"),
        Row(kind, "the same file again", (Figure(loaded.of("again"), "s"),)),
        Row(kind, f"take on {count:,} registrations", (Figure(taken.of("seconds"), "s", 60), memory(taken))),
        Row(kind, "  instead: a loop with one transaction a row",
            (Figure(minutes, "min"),), f"from {ONE_BY_ONE} of them"),
    ]  # fmt: skip


def memory(runs: Runs, limit: float | None = None) -> Figure:
    """Return what a process took at its peak."""
    return Figure(runs.of("mb"), "MB", limit, digits=0)


def sweeps(kind: str, its: Databases, scale: Scale) -> list[Row]:
    """Return the rows of the sweep, beside its rows written in other ways, and of what looks at a large caseload."""
    size, due = scale.of(TIMESCALES), scale.of(DUE)
    say(f"{kind}: two caseloads are made …")
    once, twice = its.fresh(), its.fresh()
    measure("build", once, size, due)
    measure("build", twice, 2 * size, due)
    say(f"{kind}: sweeps …")
    rounds = [one_round(its, once, twice, due) for _ in range(scale.rounds)]
    swept, bare, more, loop = (Runs(list(found)) for found in zip(*rounds, strict=True))
    say(f"{kind}: an empty tick, the auditor, metrics, lists and commands …")
    empty = repeat_on(its, scale, "empty_tick", of=once)
    audited = Runs([audit_of_a_swept(its, once, due) for _ in range(scale.rounds)])
    scraped = repeat_on(its, scale, "scrape", PROMPTS_EACH, of=once)
    looked = repeat(scale, "looks", twice)
    ran = measure("commands", twice, looked.last("reference"))
    for url in (once, twice):
        its.drop(url)
    return [
        Row(kind, f"sweep: {due:,} due among {size:,}",
            (Figure(swept.of("seconds"), "s", 15, digits=2), memory(swept, 300)), profile="sweep"),
        Row(kind, "  beside bare SQL of the same rows",
            (Figure(swept.ratio("seconds", bare), "times", 2),
             Figure(bare.of("seconds"), "s", digits=2, before="bare SQL ")), profile="sweep"),
        Row(kind, "  instead: a plain loop, a transaction a prompt",
            (Figure(loop.of("seconds"), "s", digits=2),), "for the same rows"),
        Row(kind, "  with twice the caseload", (Figure(more.ratio("seconds", swept), "times", 1.05, digits=2),)),
        Row(kind, "empty tick, in the record",
            (Figure(empty.of("milliseconds"), "ms", 2, digits=2),
             Figure(empty.of("of_the_processor"), "ms", digits=2, before="of its processor ")), profile="tick"),
        Row(kind, f"audit of {size:,} timescales, after the sweep", (Figure(audited.of("seconds"), "s", 60),)),
        Row(kind, f"metrics: {size:,} timescales, {PROMPTS_EACH * size:,} prompts",
            (Figure(scraped.of("seconds"), "s", 1, digits=2),
             Figure(scraped.of("first"), "s", digits=2, before="first "))),
        *rows_of(kind, 2 * size, looked, ran),
    ]  # fmt: skip


def one_round(its: Databases, once: str, twice: str, due: int) -> tuple[dict[str, Any], ...]:
    """Return what was found of a sweep, of its rows as bare SQL, of a sweep in twice the caseload, and of a loop.

    Each works on a copy of its own: none finds warm what another has read or written.
    """
    rows = its.folder / "rows.pickle"
    copies = [its.fresh(of) for of in (once, once, twice, once)]
    found = (
        measure("sweep", copies[0], due, rows),
        measure("bare_sql", copies[1], rows, once),
        measure("sweep", copies[2], due, its.folder / "more.pickle"),
        measure("plain_loop", copies[3], rows, once),
    )
    for url in copies:
        its.drop(url)
    return found


def audit_of_a_swept(its: Databases, url: str, due: int) -> dict[str, Any]:
    """Return how long the auditor looks at a copy on which everything due was raised: there is a trail to look at."""
    copy = its.fresh(url)
    measure("sweep", copy, due, its.folder / "swept.pickle")
    found = measure("audit", copy)
    its.drop(copy)
    return found


def meetings(kind: str, its: Databases, scale: Scale) -> list[Row]:
    """Return the row of the meetings that are prepared."""
    say(f"{kind}: meetings …")
    met = repeat_on(its, scale, "meetings", scale.of(CASES), scale.of(MANAGED), scale.of(MEETINGS))
    what = f"prepare {scale.of(MEETINGS)} meetings, {met.last('invited'):,} invitations"
    delivering = Figure(met.of("delivering"), "s", before="to write and send them ")
    return [Row(kind, what, (Figure(met.of("seconds"), "s", 20), delivering))]


def reports(kind: str, its: Databases, scale: Scale) -> list[Row]:
    """Return the rows of the annual report: of London 2013-14 with its year, and of the nation on 31 March 2014."""
    say(f"{kind}: annual reports …")
    london, nation = repeat_on(its, scale, "london"), repeat_on(its, scale, "nation", scale.part)
    people = london.last("people")
    return [
        Row(kind, f"annual report of {people:,} people with a year of history",
            (Figure(london.of("seconds"), "s", 5, digits=2),
             Figure(london.of("page"), "s", digits=2, before="its page "), memory(london))),
        Row(kind, "  beside its first table alone, in plain Python over all rows",
            (Figure(london.of("plain"), "s", digits=2),)),
        Row(kind, f"  the {people:,} cases of one of its numbers, each with its reason",
            (Figure(london.of("explain"), "s", digits=2),)),
        Row(kind, f"annual report of {nation.last('people'):,} people in three areas",
            (Figure(nation.of("seconds"), "s", digits=2),
             Figure(nation.of("loading"), "s", digits=0, before="loaded in "), memory(nation))),
    ]  # fmt: skip


def nation(kind: str, its: Databases, scale: Scale) -> list[Row]:
    """Return the rows of the figures of a whole nation for a year."""
    say(f"{kind}: the figures of the whole country …")
    url = its.fresh()
    made = measure("history", url, scale.of(NATION))
    bare = Figure(repeat(scale, "bare_count", url).of("seconds"), "s", before="timescales counted by one statement ")
    rows = []
    for name in ("indicators", "outcomes"):
        told = repeat(scale, name, url)
        what = f"all {name} of a year: {made['cases']:,} cases, {made['timescales']:,} timescales"
        rows.append(Row(kind, what, (Figure(told.of("seconds"), "s", 60), memory(told, 1000), bare)))
    pack = repeat(scale, "board", url)
    figures = (Figure(pack.of("one"), "s"), Figure(pack.of("all"), "s", before="of all areas added up "), memory(pack))
    rows.append(Row(kind, "the board's pack of one area, with its five quarters", figures))
    its.drop(url)
    return rows
