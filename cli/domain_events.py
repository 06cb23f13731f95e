"""``mappa load domain-events``: what the prison and probation services publish, handled once each."""

import typer

from cli.load import File, Rejects, at_hand, count_lines, print_report, rejects_file
from cli.options import AsAt, By, DryRun, Json, actor_of, as_at_or_now, settings
from policy.errors import SOME_REJECTED
from service.output import print_view, progress


def domain_events(
    file: File,
    rejects: Rejects = None,
    dry_run: DryRun = False,
    as_at: AsAt = None,
    by: By = None,
    json: Json = False,
) -> None:
    """Load domain events of the prison and probation services: JSON, one event a line.

    Releases, recalls, transfers, and changes of a MAPPA registration. Each is handled once, in whatever order it comes.
    """
    from casework.domain_event_files import load_domain_events
    from casework.recording import Actor, Through
    from service.open_record import open_ready_record

    when, name = as_at_or_now(as_at), actor_of(by)
    target = rejects_file(file, rejects, dry_run, ending=".rejects.jsonl")
    actor = Actor(id=name, name=name, through=Through.CLI)
    with at_hand(file) as copy:
        record = open_ready_record(settings(), when)
        with progress(f"reading {file.name}", count_lines(copy)) as bar:
            report = load_domain_events(
                record, copy, as_at=when, actor=actor, dry_run=dry_run, rejects=target, progress=bar.to
            )
    written = target if report.rejected and target is not None else None
    if json:
        from views.loads import load_view

        print_view(load_view("domain-events", file, report, dry_run, written))
    else:
        print_report("domain-events", file, report, dry_run, written)
    if report.rejected:
        raise typer.Exit(SOME_REJECTED)
