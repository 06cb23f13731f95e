"""``mappa load``: files in. Good rows go in, bad rows come back in a rejects file."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from shutil import copyfileobj
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Annotated

import typer

from cli.errors import complain
from cli.options import AsAt, By, DryRun, Json, actor_of, as_at_or_now, command, group, settings
from policy.errors import SOME_REJECTED, UnreadableError, WrongUsageError
from service.output import print_view, progress, say

if TYPE_CHECKING:
    from casework.loading import LoadReport
    from models.record import Record

    Loader = Callable[..., LoadReport]

app = group("Load a CSV file.\n\nUTF-8, with a header row. You can load the same file twice: nothing changes.")

LINES_SHOWN = 20
File = Annotated[Path, typer.Argument(metavar="FILE", help="The CSV file.", exists=True, dir_okay=False, readable=True)]
Rejects = Annotated[
    Path | None,
    typer.Option(
        "--rejects",
        metavar="FILE",
        dir_okay=False,
        help="Write rejected rows and the reasons to this file. Default: NAME.rejects.csv, next to FILE.",
    ),
]


@command(app)
def directory(
    file: File,
    rejects: Rejects = None,
    dry_run: DryRun = False,
    as_at: AsAt = None,
    by: By = None,
    json: Json = False,
) -> None:
    """Load the directory: who holds which role.

    One row for each person and role: area, agency, role, name and e-mail address.
    """
    from casework.loading import load_directory

    load("directory", load_directory, file, rejects, dry_run, as_at, by, json)


@command(app)
def sentences(
    file: File,
    rejects: Rejects = None,
    dry_run: DryRun = False,
    as_at: AsAt = None,
    by: By = None,
    json: Json = False,
) -> None:
    """Load sentences, orders and cautions.

    Load a later file to update dates. The command says what changed.
    """
    from casework.loading import load_sentences

    load("sentences", load_sentences, file, rejects, dry_run, as_at, by, json)


@command(app)
def offences(
    file: File,
    rejects: Rejects = None,
    dry_run: DryRun = False,
    as_at: AsAt = None,
    by: By = None,
    json: Json = False,
) -> None:
    """Load the table of offence codes.

    Schedule 3 of the Sexual Offences Act 2003, Schedule 15 of the Criminal Justice Act 2003.
    """
    from casework.loading import load_offences

    load("offences", load_offences, file, rejects, dry_run, as_at, by, json)


@command(app)
def registrations(
    file: File,
    rejects: Rejects = None,
    dry_run: DryRun = False,
    as_at: AsAt = None,
    by: By = None,
    json: Json = False,
) -> None:
    """Load registrations: a caseload that already runs, with its history.

    One row for each time a person spent at a category and level. It opens the cases, or joins those on record.
    """
    from casework.loading import load_registrations

    load("registrations", load_registrations, file, rejects, dry_run, as_at, by, json)


@command(app)
def events(
    file: File,
    rejects: Rejects = None,
    dry_run: DryRun = False,
    as_at: AsAt = None,
    by: By = None,
    json: Json = False,
) -> None:
    """Load events that the annual report and the outcomes count.

    Such as a breach of notification, a recall or a reconviction. Load the registrations first.
    """
    from casework.loading import load_events

    load("events", load_events, file, rejects, dry_run, as_at, by, json)


@command(app)
def population(
    file: File,
    rejects: Rejects = None,
    dry_run: DryRun = False,
    as_at: AsAt = None,
    by: By = None,
    json: Json = False,
) -> None:
    """Load how many people aged ten and over live in each area.

    The annual report needs it for its rate per 100,000.
    """
    from casework.loading import load_population

    load("population", load_population, file, rejects, dry_run, as_at, by, json)


@command(app)
def board_meetings(
    file: File,
    rejects: Rejects = None,
    dry_run: DryRun = False,
    as_at: AsAt = None,
    by: By = None,
    json: Json = False,
) -> None:
    """Load meetings of the Strategic Management Board: who was invited, and who came.

    One row for each person or agency invited to a meeting. MAP008 is counted from them.
    """
    from casework.loading import load_board_meetings

    load("board-meetings", load_board_meetings, file, rejects, dry_run, as_at, by, json)


def load(
    kind: str,
    loader: "Loader",
    file: Path,
    rejects: Path | None,
    dry_run: bool,
    as_at: datetime | None,
    by: str | None,
    as_json: bool,
) -> None:
    """Load one file, say what came of it, and end with 3 where rows were rejected."""
    from service.open_record import open_ready_record

    when = as_at_or_now(as_at)
    target = rejects_file(file, rejects, dry_run)
    with at_hand(file) as copy:
        record = open_ready_record(settings(), when, make=True)
        report = read_in(record, loader, copy, target, dry_run, when, actor_of(by))
    written = target if report.rejected and target is not None else None
    if as_json:
        from views.loads import load_view

        print_view(load_view(kind, file, report, dry_run, written))
    else:
        print_report(kind, file, report, dry_run, written)
    if report.rejected:
        raise typer.Exit(SOME_REJECTED)


@contextmanager
def at_hand(file: Path) -> Iterator[Path]:
    """Yield a file that can be read more than once: a pipe gives what it has a single time, so that is kept."""
    if file.is_file():
        yield file
        return
    with TemporaryDirectory() as folder:
        copy = Path(folder, file.name)
        with file.open("rb") as given, copy.open("wb") as kept:
            copyfileobj(given, kept)
        try:
            yield copy
        except UnreadableError as error:
            where = error.where.replace(str(copy), str(file))
            raise UnreadableError(error.what, where=where, to_do=error.to_do) from error


def read_in(
    record: "Record", loader: "Loader", file: Path, target: Path | None, dry_run: bool, when: datetime, actor: str
) -> "LoadReport":
    """Run the loader under a progress bar."""
    with progress(f"reading {file.name}", count_lines(file)) as bar:
        return loader(record, file, as_at=when, actor=actor, dry_run=dry_run, rejects=target, progress=bar.to)


def rejects_file(file: Path, asked: Path | None, dry_run: bool) -> Path | None:
    """Return where rejected rows go: as asked, else beside the file; a rehearsal writes only where asked."""
    if asked is not None:
        if asked.resolve() == file.resolve():
            raise WrongUsageError(
                "this is the file you are loading", where="--rejects", to_do="choose another file for rejected rows"
            )
        if not asked.parent.is_dir():
            raise WrongUsageError(f"there is no folder {asked.parent}", where="--rejects")
        return asked
    if dry_run:
        return None
    beside = file.with_suffix(".rejects.csv")
    if writable(beside):
        return beside
    complain(f"{beside} cannot be written, so rejected rows are not saved: choose another file with --rejects")
    return None


def writable(path: Path) -> bool:
    """Tell whether a file can be written there, leaving what is there as it is."""
    existed = path.exists()
    try:
        with path.open("a", encoding="utf-8"):
            pass
    except OSError:
        return False
    if not existed:
        path.unlink()
    return True


def count_lines(file: Path) -> int:
    """Return the number of lines of a file, for the bar: quoted line ends make it a little too high."""
    with file.open("rb") as stream:
        return sum(part.count(b"\n") for part in iter(lambda: stream.read(1 << 20), b""))


def print_report(kind: str, file: Path, report: "LoadReport", dry_run: bool, written: Path | None) -> None:
    """Print what came of a load."""
    asked = f"{report.in_question:,} in question, " if report.in_question else ""
    opening = "checked (dry run: nothing was loaded)" if dry_run else "loaded"
    say(
        f"{kind}: {file.name} {opening}: {report.read:,} rows read, {report.added:,} added, "
        f"{report.changed:,} changed, {report.unchanged:,} unchanged, {asked}{report.rejected:,} rejected"
    )
    say(*(f"warning: {warning}" for warning in report.warnings[:LINES_SHOWN]))
    say_first("changed", list(report.changes), report.changed)
    say_first("rejected", [f"line {r.line}, column {r.column}: {r.reason}" for r in report.rejects], report.rejected)
    if written:
        say(f"rejected rows, with reasons: {written}")


def say_first(heading: str, lines: list[str], total: int) -> None:
    """Print the first lines under a heading, and how many more there are."""
    if not lines:
        return
    say(f"{heading}:", *(f"  {line}" for line in lines[:LINES_SHOWN]))
    if total > min(len(lines), LINES_SHOWN):
        say(f"  and {total - min(len(lines), LINES_SHOWN):,} more")
