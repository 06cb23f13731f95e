"""The commands that keep a record: ``backup``, ``restore``, ``metrics``, ``retention``."""

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cli.look import looking, show_views
from cli.options import Area, AsAt, By, Json, actor_of, as_at_or_now, settings, wrong_usage
from policy.errors import WrongUsageError
from service.output import print_view, say, show_table
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
        help="The last moment at which the record that was lost may have sent mail. Default: now.",
    ),
]
NothingSent = Annotated[
    bool,
    typer.Option("--nothing-sent", help="No mail has left since the backup: nothing is in doubt."),
]


def backup(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="The backup to write; it must not exist.")],
    json: Json = False,
) -> None:
    """Back up the record while it is in use.

    SQLite only: for PostgreSQL it says which command of its own does it. The copy is checked before it gets its
    name. It holds names: keep it as safe as the record.
    """
    from service.documents import backup_view
    from service.upkeep.backup import back_up

    contents = back_up(settings().record.database_url, file)
    if json:
        print_view(backup_view(file, contents))
        return
    print_contents(contents)
    say(f"backed up to {file}")


def restore(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="The backup, as mappa backup wrote it.")],
    replace: Annotated[
        bool, typer.Option("--replace", help="Put it in the place of a record that is there; that is kept beside.")
    ] = False,
    sent_until: SentUntil = None,
    nothing_sent: NothingSent = False,
    by: By = None,
    json: Json = False,
) -> None:
    """Put a backup in the place of the record.

    Refused while a program has the record open. The backup does not know what was sent after it was made: what
    may have left until --sent-until becomes uncertain. Escalations are then sent again and say that they may be a
    repeat; the rest waits for a person.
    """
    from models.clock import now
    from service.documents import restore_view
    from service.upkeep.backup import restore as put_back

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
    say(f"restored from {file}", *([f"the record that stood there is kept as {done.kept}"] if done.kept else []))
    tell_doubt(done.doubted.messages, done.doubted.until)


def print_contents(contents: "Contents") -> None:
    """Print what a backup holds."""
    show_table(("table", "rows"), [(name, f"{count:,}") for name, count in contents.rows.items() if count])
    say(f"sound; schema {contents.schema}", f"audit trail: {contents.chains:,} chains, head {contents.head}")


def tell_doubt(messages: int, until: datetime | None) -> None:
    """Print how many messages are in doubt, and where to look at them."""
    if until is None:
        return
    say(f"may have left until {spoken(until)}: {messages:,} messages, now uncertain")
    if messages:
        say("  mappa messages --state uncertain lists them")


def metrics(as_at: AsAt = None) -> None:
    """Print the metrics of the record.

    As Prometheus reads them; mappa serve serves them, with those of its clock, at MAPPA_METRICS_PORT.
    """
    from service.metrics import as_text
    from service.open_record import record_of

    say(as_text(record_of(settings()), as_at_or_now(as_at)).rstrip())


def retention(
    erase: Annotated[
        bool, typer.Option("--erase", help="Erase their data, after a question. It cannot be taken back.")
    ] = False,
    yes: Annotated[bool, typer.Option("--yes", help="With --erase: do not ask.")] = False,
    by: By = None,
    as_at: AsAt = None,
    area: Area = None,
    json: Json = False,
) -> None:
    """List people whose data need not be kept any longer, or erase them.

    All their cases are closed, the last for as long as the policy of its area says. Nothing is erased without
    --erase. What figures are counted from stays.
    """
    from views.retention import PastRetentionView, past_retention

    if yes and not erase:
        raise WrongUsageError("--yes answers the question of --erase, which was not given")
    when = as_at_or_now(as_at)
    with looking(area) as session:
        found = list(past_retention(session, when, area))
    if not erase:
        show_views(found, PastRetentionView, "nobody is past the retention of the policy", json, limit=0)
        return
    if found and not yes:
        # The same person may have ended two cases on one day.
        people = len({one.crn for one in found})
        typer.confirm(f"erase the data of {people:,} people for ever?", abort=True, err=True)
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
        say("  backups, and the file of the database until it is tidied, still hold them: docs/operations.md")
