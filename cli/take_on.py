"""``mappa take-on``: an area whose caseload already runs begins quietly; ``taken-on`` decides on what was overdue."""

from datetime import date
from typing import Annotated

import typer

from cli.look import DueBefore, KindOption
from cli.options import Area, AsAt, By, DryRun, Json, actor_of, as_at_or_now, settings, wrong_usage
from policy.errors import SOME_REJECTED
from policy.vocabulary import TakenOnDecision
from service.output import print_view, say
from views.times import parse_day

TheArea = Annotated[str, typer.Option("--area", metavar="AREA", help="The MAPPA area, in capitals or small letters.")]
FirstDay = Annotated[
    date,
    typer.Option(
        "--from", metavar="DATE", parser=wrong_usage(parse_day),
        help="The first day on which the area is prompted: a working day within the next four weeks.",
    ),
]  # fmt: skip


def take_on(
    area: TheArea, begins_on: FirstDay, dry_run: DryRun = False, by: By = None, as_at: AsAt = None, json: Json = False
) -> None:
    """Take on an area whose caseload already runs, without reminders about the past.

    Do this before mappa sends its first reminder for the area. What is overdue by that day is sent once, as one list,
    to the MAPPA coordinator on the working day before. Each line of it then waits for a decision: somebody does it, or
    records taken-on to adopt it or to put it down.
    """
    from policy.words import long_date
    from service.open_record import area_as_written, record_of, refuse_unknown_area
    from tasks.clock_gate import let_in
    from tasks.take_on import take_on as begin
    from views.taken_on import TakenOnView

    record, when = record_of(settings()), as_at_or_now(as_at)
    area = area_as_written(record, area)
    refuse_unknown_area(record, area)
    if as_at is None:
        let_in(record, when, dry_run)
    done = begin(record, area, begins_on, when, actor_of(by), dry_run=dry_run)
    if json:
        print_view(TakenOnView.model_validate(done))
        return
    say(
        f"{area} is prompted from {long_date(begins_on)}.",
        f"{done.listed:,} duties on {done.cases:,} open cases are overdue by then. They go to the MAPPA coordinator "
        f"as one list on {long_date(done.list_on)}.",
        f"The other {done.prompted:,} open duties have their reminders from the first day on.",
        f"To see the list: mappa timescales --taken-on --area '{area}'",
    )
    if done.unidentified:
        say(f"{done.unidentified:,} sentences still wait to be identified: what they make due is not counted.")
    if dry_run:
        say("nothing was changed: this was a dry run")


def taken_on(
    decision: Annotated[TakenOnDecision, typer.Argument(help="Adopt what is listed, or put it down.")],
    reason: Annotated[str, typer.Option("--reason", metavar="TEXT", help="Why: it is kept with each of them.")],
    kind: KindOption = None,
    due_before: DueBefore = None,
    dry_run: DryRun = False,
    by: By = None,
    as_at: AsAt = None,
    area: Area = None,
    json: Json = False,
) -> None:
    """Decide on many duties at once that were overdue when their area was taken on.

    Choose them by area, kind and due date; see them first with mappa timescales --taken-on. What is adopted is prompted
    from today on; what is put down counts as missed. A case about which nobody would be asked any more is left out, and
    named. For one duty: mappa record taken-on.
    """
    from casework.recording import Actor, Through
    from casework.taken_on_decisions import Decided, decide, waiting
    from service.open_record import open_ready_record, refuse_unknown_area
    from views.taken_on import DecidedView, RefusedDecisionView

    when = as_at_or_now(as_at)
    record = open_ready_record(settings(), when)
    refuse_unknown_area(record, area)
    with record.reading() as session:
        duties = waiting(session, area, kind, due_before)
    actor = Actor(id=actor_of(None), name=actor_of(by), through=Through.CLI)
    done = Decided() if dry_run else decide(record, duties, decision, reason, actor, when)
    if json:
        print_view(DecidedView(
            listed=len(duties), decided=done.decided,
            refused=[RefusedDecisionView(case=case, reasons=list(reasons)) for case, reasons in done.refused],
        ))  # fmt: skip
    else:
        say(f"listed: {len(duties):,}", *([] if dry_run else [f"decided: {done.decided:,}"]))
        say(*(f"  {case}: {reason}" for case, reasons in done.refused for reason in reasons))
        if dry_run:
            say("nothing was changed: this was a dry run")
    if done.refused:
        raise typer.Exit(SOME_REJECTED)
