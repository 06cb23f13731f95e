"""The commands that do the work: ``tick``, ``simulate``, ``run``, ``serve``, ``desk``, ``demo``."""

import re
from datetime import date, datetime
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from cli.errors import complain
from cli.options import Area, AsAt, DryRun, Json, as_at_or_now, settings, wrong_usage
from policy.errors import WrongUsageError
from policy.identifiers import looked_up
from service.output import print_view, print_views, progress, say, show_table
from views.times import parse_day

if TYPE_CHECKING:
    from collections.abc import Sequence

    from models.record import Record
    from sample.answers import Answering, Given
    from sample.simulate import Simulated, Span
    from tasks.stage import StageReport

FAILURES_SHOWN = 20
CASE_REFERENCE = re.compile(r"[A-Z0-9]{2,6}-\d{4}-\d{6,}", re.ASCII)


class Every(StrEnum):
    """How often a simulated clock ticks."""

    DAY = "day"
    HOUR = "hour"


def outage_span(text: str) -> "Span":
    """Return the days of ``FROM:TO``, both included; ``ValueError`` with a sentence if it is none."""
    from sample.simulate import Span

    first, separator, last = text.partition(":")
    if not separator:
        raise ValueError(f"{text!r} is no span of days: write it as 2026-08-01:2026-08-21")
    span = Span(parse_day(first), parse_day(last))
    if span.first > span.last:
        raise ValueError(f"an outage from {span.first} cannot end on {span.last}, before it")
    return span


def case_reference(text: str) -> str:
    """Return a case reference in its canonical form; ``ValueError`` with a sentence if it is none."""
    reference = looked_up(text)
    if not CASE_REFERENCE.fullmatch(reference):
        raise ValueError(f"{text!r} is not a case reference: write it as LON-2026-000123 (a CRN will not do)")
    return reference


EveryOption = Annotated[
    Every,
    typer.Option(
        "--every", help="One tick a day at 08:00 Europe/London (with --answers also at 16:15), or one every hour."
    ),
]
Outage = Annotated[
    Any,
    typer.Option(
        "--outage",
        metavar="FROM:TO",
        parser=wrong_usage(outage_span),
        show_default=False,
        help="The first and last day of an outage of the clock.",
    ),
]
Answers = Annotated[
    int | None,
    typer.Option(
        "--answers",
        metavar="SEED",
        show_default=False,
        help="Let invented people answer. The same seed on the same record gives the same facts.",
    ),
]
Case = Annotated[
    str | None,
    typer.Option(
        "--case",
        metavar="REFERENCE",
        parser=wrong_usage(case_reference),
        show_default=False,
        help="The case for drive_case, such as LON-2026-000123.",
    ),
]
RatesFile = Annotated[
    Path | None,
    typer.Option(
        "--rates",
        metavar="FILE",
        exists=True,
        dir_okay=False,
        show_default=False,
        help="A TOML file with your own rates for --answers.",
    ),
]


def tick(as_at: AsAt = None, area: Area = None, dry_run: DryRun = False, json: Json = False) -> None:
    """Do everything that is due, once.

    This is what the clock of mappa serve does, in this process and without Prefect. You can run it from cron.
    If a case fails, the rest goes on and that case is tried again later: mappa problems.
    """
    from service.open_record import open_for_work, refuse_unknown_area
    from service.tick import TickIncompleteError, tick_by_the_clock
    from service.tick import tick as tick_once

    when = as_at_or_now(as_at)
    record = open_for_work(settings(), when)
    refuse_unknown_area(record, area)
    try:
        if as_at is None:
            reports = tick_by_the_clock(settings(), record, when, area, dry_run)
        else:
            reports = tick_once(record, when, area, dry_run)
    except TickIncompleteError as error:
        # What the other stages did is told all the same.
        tell_reports(error.reports, dry_run, json)
        raise
    tell_reports(reports, dry_run, json)


def tell_reports(reports: "Sequence[StageReport]", dry_run: bool, as_json: bool) -> None:
    """Print what each stage did, and every failure."""
    if as_json:
        from service.documents import stage_run

        print_views(stage_run(report, dry_run) for report in reports)
        return
    for report in reports:
        waits = f"{report.waited:,} waited"
        if dry_run:
            say(f"{report.stage}: {waits} (dry run: nothing was changed)")
            continue
        say(
            f"{report.stage}: {waits}, {report.count('done'):,} done, {report.count('skipped'):,} skipped, "
            f"{report.count('failed'):,} failed"
        )
    failures = [(report.stage, o) for report in reports for o in report.outcomes if o.result == "failed"]
    complain(*(f"{stage}: {outcome.subject} failed: {outcome.detail}" for stage, outcome in failures[:FAILURES_SHOWN]))
    if len(failures) > FAILURES_SHOWN:
        complain(f"and {len(failures) - FAILURES_SHOWN:,} more failures: see mappa problems")


def simulate(
    start: Annotated[
        date, typer.Option("--from", metavar="DATE", parser=wrong_usage(parse_day), help="The first day.")
    ],
    end: Annotated[date, typer.Option("--to", metavar="DATE", parser=wrong_usage(parse_day), help="The last day.")],
    every: EveryOption = Every.DAY,
    outage: Outage = None,
    area: Area = None,
    answers: Answers = None,
    rates: RatesFile = None,
    json: Json = False,
) -> None:
    """Run the clock from one day to another.

    Changes the record: prompts are raised and e-mails are written to the mail folder (never sent by SMTP). With
    --answers, invented people do what is due, so that the record gets a history. Use it for demonstrations and
    tests, never on a record of real people. At the end it counts what was raised and the state of the e-mails.
    """
    from policy.dates import local_time
    from sample.documents import simulation_view
    from sample.simulate import Span
    from sample.simulate import simulate as run_clock
    from service.open_record import open_ready_record, refuse_unknown_area
    from views.times import PROMPT_HOUR

    refuse_impossible(start, end, answers, rates)
    span = Span(start, end)
    record = open_ready_record(settings(), local_time(end, PROMPT_HOUR))
    refuse_unknown_area(record, area)
    answering = answering_for(record, answers, rates, area)
    with progress("simulating", tick_count(span, every, outage, answers is not None)) as bar:

        def show(done: int, when: datetime) -> None:
            bar.note(f"{when:%Y-%m-%d}")
            bar.to(done)

        result = run_clock(record, span, every.value, outage, area, show, answering)
    if json:
        print_view(simulation_view(result, outage))
    else:
        tell_simulation(result)


def refuse_impossible(start: date, end: date, answers: int | None, rates: Path | None) -> None:
    """Raise ``WrongUsageError`` where a simulation cannot be meant, or would send mail."""
    if start > end:
        raise WrongUsageError(f"--from {start} is after --to {end}")
    if rates is not None and answers is None:
        raise WrongUsageError("--rates only works with --answers", to_do="add --answers SEED")
    if settings().mail.transport != "folder":
        raise WrongUsageError(
            "a simulation would e-mail real people about other days", to_do="set MAPPA_TRANSPORT=folder for it"
        )
    if settings().mail.imap_host:
        raise WrongUsageError(
            "a simulation would take what real people answer for answers of other days",
            to_do="set MAPPA_IMAP_HOST to nothing for it",
        )


def answering_for(record: "Record", seed: int | None, rates: Path | None, area: str | None) -> "Answering | None":
    """Return the invented people of a seed, None where nobody is to answer."""
    if seed is None:
        return None
    from sample.answers import Answering, read_rates, refuse_real_people

    refuse_real_people(record)
    return Answering(record, seed, read_rates(rates), area)


def tick_count(span: "Span", every: Every, outage: "Span | None", people_answer: bool) -> int:
    """Return how many ticks a simulation will have."""
    from sample.simulate import moments

    return sum(1 for _ in moments(span, every.value, outage, people_answer))


def tell_simulation(result: "Simulated") -> None:
    """Print what a simulation did."""
    say(
        f"{result.span.first} to {result.span.last}, every {result.every}: {result.ticks:,} ticks"
        + (f", {result.skipped:,} left out by the outage" if result.skipped else "")
    )
    say(f"prompts raised: {result.prompts:,}, late: {result.late:,}")
    if result.prompts_by_kind:
        show_table(("timescale", "prompts"), result.prompts_by_kind.items())
    say(
        "messages by state: "
        + (", ".join(f"{state} {number:,}" for state, number in result.messages.items()) or "none")
    )
    failed = {stage: number for stage, number in result.failed.items() if number}
    if failed:
        say("failed, see mappa problems: " + ", ".join(f"{stage} {number:,}" for stage, number in failed.items()))
    if result.answers:
        tell_answers(result.answers)


def tell_answers(given: "Given") -> None:
    """Print what invented people recorded."""
    say(
        f"facts recorded: {given.facts.total():,} (seed {given.seed}); meetings held: {given.meetings_held:,}, "
        f"absences: {given.absences:,}, escalations to the SMB Chair: {given.escalations_to_smb_chair:,}"
    )
    if given.facts:
        show_table(("fact", "recorded"), sorted(given.facts.items()))
    say(f"refused as expected: {given.refused_as_meant:,}; other refusals: {given.refused:,}")
    complain(*given.unexpected)


def run(
    flow: Annotated[
        str,
        typer.Argument(
            metavar="FLOW",
            help="The flow: identification, pre_release, screening, meetings, disclosure, exit_planning, prompts, "
            "deliver, assurance; or drive_case with --case.",
        ),
    ],
    case: Case = None,
    as_at: AsAt = None,
    area: Area = None,
    dry_run: DryRun = False,
    json: Json = False,
) -> None:
    """Run one flow now.

    Runs in this process, and reports to the Prefect server if one answers. drive_case does everything that is due
    for one case, and tries again at once what failed for it.
    """
    from service.open_record import open_for_work, refuse_unknown_area, refuse_unknown_case
    from service.serve import run_flow

    when = as_at_or_now(as_at)
    record = open_for_work(settings(), when)
    refuse_unknown_area(record, area)
    refuse_unknown_case(record, case)
    ran = run_flow(settings(), flow, as_at=when, area=area, dry_run=dry_run, case=case)
    tell_reports([ran.report], dry_run, json)
    complain("reported to Prefect" if ran.recorded else "done, but not reported: no Prefect server answered")


def serve() -> None:
    """Start everything.

    The desk, the Prefect server, the deployments and the clock. Press Ctrl-C to stop them all.
    """
    from service.serve import serve as serve_everything

    serve_everything(settings())


def desk() -> None:
    """Start the desk alone: the web pages, without Prefect and without the clock. Press Ctrl-C to stop it."""
    from service.desk import serve_alone

    serve_alone(settings())


def demo(
    check: Annotated[bool, typer.Option("--check", help="Do all but serving, check the result and stop.")] = False,
) -> None:
    """Show an invented area at work.

    Loads it, runs the first flows, tells you where to look, then serves it.
    """
    from sample.demo import demo as show_demo

    show_demo(settings(), check=check)
