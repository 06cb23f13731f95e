"""The commands that keep a record: ``backup``, ``restore``, ``metrics``, ``recompute``, and what is looked over."""

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cli.look import looking, show_views
from cli.options import Area, AsAt, By, DryRun, Json, Limit, actor_of, as_at_or_now, settings, wrong_usage
from policy.errors import WrongUsageError
from service.output import ROWS_SHOWN, print_view, say, show_table
from views.times import parse_time, spoken

if TYPE_CHECKING:
    from service.upkeep.backup import Contents

SentUntil = Annotated[
    datetime | None,
    typer.Option(
        "--sent-until",
        metavar="MOMENT",
        parser=wrong_usage(parse_time),
        show_default=False,
        help="The last time the lost record may have sent e-mail. Default: now.",
    ),
]
NothingSent = Annotated[
    bool,
    typer.Option("--nothing-sent", help="No e-mail was sent after the backup."),
]


def backup(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="The backup file to write. It must not exist yet.")],
    json: Json = False,
) -> None:
    """Back up the record while it is in use.

    SQLite only. For PostgreSQL it tells you which of its own commands to use. The copy is checked before it is kept.
    It contains names: keep it as safe as the record.
    """
    from service.documents import backup_view
    from service.open_record import tell_default
    from service.upkeep.backup import back_up

    tell_default(settings())
    contents = back_up(settings().record.database_url, file)
    if json:
        print_view(backup_view(file, contents))
        return
    print_contents(contents)
    say(f"backed up to {file}")


def restore(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A backup written by mappa backup.")],
    replace: Annotated[
        bool, typer.Option("--replace", help="Replace the record that is there. The old one is kept next to it.")
    ] = False,
    sent_until: SentUntil = None,
    nothing_sent: NothingSent = False,
    by: By = None,
    json: Json = False,
) -> None:
    """Restore the record from a backup.

    Stop mappa first: it is refused while a program has the record open. The backup does not know what was sent after
    it was made, so everything that may have been sent until --sent-until becomes uncertain. Escalations are then sent
    again and say that they may be a repeat. You decide about the rest.
    """
    from models.clock import now
    from service.documents import restore_view
    from service.open_record import tell_default
    from service.upkeep.backup import restore as put_back

    tell_default(settings())
    if nothing_sent and sent_until:
        raise WrongUsageError("--nothing-sent and --sent-until contradict each other")
    when = now()
    done = put_back(
        settings(),
        file,
        replace=replace,
        sent_until=None if nothing_sent else sent_until or when,
        as_at=when,
        actor=actor_of(by),
    )
    if json:
        print_view(restore_view(file, done))
        return
    print_contents(done.contents)
    say(f"restored from {file}", *([f"the old record is kept as {done.kept}"] if done.kept else []))
    tell_doubt(done.doubted.messages, done.doubted.until)


def print_contents(contents: "Contents") -> None:
    """Print what a backup holds."""
    show_table(("table", "rows"), [(name, f"{count:,}") for name, count in contents.rows.items() if count])
    say(f"sound; schema {contents.schema}", f"audit trail: {contents.chains:,} chains, head {contents.head}")


def tell_doubt(messages: int, until: datetime | None) -> None:
    """Print how many messages are in doubt, and where to look at them."""
    if until is None:
        return
    say(f"may have been sent until {spoken(until)}: {messages:,} messages, now uncertain")
    if messages:
        say("  to see them: mappa messages --state uncertain")


def metrics(as_at: AsAt = None) -> None:
    """Print metrics about the record, for Prometheus.

    mappa serve also offers them, with those of its clock, on the port MAPPA_METRICS_PORT.
    """
    from service.metrics import as_text
    from service.open_record import record_of

    say(as_text(record_of(settings()), as_at_or_now(as_at)).rstrip())


def recompute(
    dry_run: DryRun = False,
    by: By = None,
    as_at: AsAt = None,
    area: Area = None,
    limit: Limit = ROWS_SHOWN,
    json: Json = False,
) -> None:
    """Work out again what is due on every open case, by the rules and numbers in force.

    For a record that was kept before the program asked for something, and after a change of policy. Try it with
    --dry-run first. It sends nothing about the past: what is overdue by then goes on the list of what is stuck.
    """
    from casework.recompute import recompute as derive
    from service.open_record import record_of, refuse_unknown_area
    from views.recompute import RecomputedView

    record = record_of(settings())
    refuse_unknown_area(record, area)
    changed = derive(record, as_at_or_now(as_at), actor_of(by), area, dry_run=dry_run)
    found = [RecomputedView(case=one.case, changes=one.changes) for one in changed]
    show_views(found, RecomputedView, "nothing changes: every open case has what the rules ask for", json, limit)
    if dry_run and not json:
        say("nothing was changed: this was a dry run")


def data_quality(area: Area = None, limit: Limit = ROWS_SHOWN, json: Json = False) -> None:
    """List what does not fit: each case, what is wrong, since when and what to do.

    History that breaks today's rules, a category or level that differs from the registration, and cases without an
    offender manager or a police offender manager.
    """
    from views.data_quality import DataQualityView, what_does_not_fit

    with looking(area) as session:
        found = what_does_not_fit(session, area)
        show_views(found, DataQualityView, "everything fits", json, limit)


def published(area: Area = None, limit: Limit = ROWS_SHOWN, json: Json = False) -> None:
    """List the reports that are published on schedule: each with its folder, and those to come.

    Indicators each month and quarter, outcomes and the board's pack each quarter, the annual report each year.
    """
    from views.published import PublishedView
    from views.published import published as find

    with looking(area) as session:
        found = find(session, settings().figures.reports_dir, area)
        show_views(found, PublishedView, "no reports are planned yet: the next tick does it", json, limit)


def retention(
    erase: Annotated[bool, typer.Option("--erase", help="Erase their data. Asks first. You cannot undo it.")] = False,
    yes: Annotated[bool, typer.Option("--yes", help="With --erase: do not ask first.")] = False,
    by: By = None,
    as_at: AsAt = None,
    area: Area = None,
    json: Json = False,
) -> None:
    """List or erase people whose retention period has ended.

    All their cases are closed, and the last closed as long ago as the area's policy says. Nothing is erased without
    --erase. What the figures are counted from is kept.
    """
    from views.retention import PastRetentionView, past_retention

    if yes and not erase:
        raise WrongUsageError("--yes only works with --erase")
    when = as_at_or_now(as_at)
    with looking(area) as session:
        found = list(past_retention(session, when, area))
    if not erase:
        show_views(found, PastRetentionView, "nobody is past their retention period", json, limit=0)
        return
    if found and not yes:
        # The same person may have ended two cases on one day.
        people = len({one.crn for one in found})
        typer.confirm(f"Erase the data of {people:,} people? You cannot undo this.", abort=True, err=True)
    erase_now(when, area, actor_of(by), json)


def erase_now(when: datetime, area: str | None, actor: str, json: bool) -> None:
    """Erase who is past the retention, and print how many."""
    from casework.erasure.past_retention import erase_past
    from service.open_record import record_of
    from views.retention import ErasedView

    done = erase_past(record_of(settings()), when, area, actor)
    if json:
        print_view(ErasedView.model_validate(done))
        return
    say(f"erased: {done.people:,} people with {done.cases:,} cases")
    if done.people:
        say("  backups still contain them, and so does the database file until it is compacted: see docs/operations.md")
