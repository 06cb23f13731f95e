"""``mappa load``: files in. Good rows go in, bad rows come back in a rejects file."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from functools import partial
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

app = group(
    "Load a file: a workbook (XLSX) or CSV.\n\nIts first row names the columns. You can load the same file twice: "
    "nothing changes."
)

LINES_SHOWN = 20
File = Annotated[
    Path,
    typer.Argument(
        metavar="FILE", help="The workbook (.xlsx) or CSV file.", exists=True, dir_okay=False, readable=True
    ),
]
Rejects = Annotated[
    Path | None,
    typer.Option(
        "--rejects",
        metavar="FILE",
        dir_okay=False,
        help="Write rejected rows and the reasons to this file. Default: NAME.rejects.csv, next to FILE.",
    ),
]
MappingFile = Annotated[
    Path | None,
    typer.Option(
        "--mapping",
        metavar="FILE",
        exists=True,
        dir_okay=False,
        readable=True,
        help="What this source calls its columns, and how it writes dates and codes (TOML). 'mappa load map FILE' "
        "proposes one.",
    ),
]


TABLES = {
    "directory": (
        "Load the directory: who holds which role.",
        "One row for each person and role: area, agency, role, name and e-mail address.",
    ),
    "sentences": (
        "Load sentences, orders and cautions.",
        "Load a later file to update dates. The command says what changed.",
    ),
    "offences": (
        "Load the table of offence codes.",
        "Schedule 3 of the Sexual Offences Act 2003, Schedule 15 of the Criminal Justice Act 2003.",
    ),
    "registrations": (
        "Load registrations: a caseload that already runs, with its history.",
        "One row for each time a person spent at a category and level. It opens the cases, or joins those on record.",
    ),
    "events": (
        "Load events that the annual report and the outcomes count.",
        "Such as a breach of notification, a recall or a reconviction. Load the registrations first.",
    ),
    "population": (
        "Load how many people aged ten and over live in each area.",
        "The annual report needs it for its rate per 100,000.",
    ),
    "board-meetings": (
        "Load meetings of the Strategic Management Board: who was invited, and who came.",
        "One row for each person or agency invited to a meeting. MAP008 is counted from them.",
    ),
    "board-agenda": (
        "Load the agenda of a meeting of the Strategic Management Board.",
        "One row for each item, before the meeting. Load it again with the decisions after it.",
    ),
    "board-actions": (
        "Load the actions of the Strategic Management Board: owner, due date and outcome.",
        "One row for each action. Load it again with done_on and outcome when it is done.",
    ),
    "training": (
        "Load which police offender managers have taken the MOSAVO course, or an equivalent, and when.",
        "One row for each officer and course.",
    ),
}
"""What each command that loads a table says of itself: what the table is, and what to know of it."""


def loading(kind: str, about: Sequence[str]) -> Callable[..., None]:
    """Return the command that loads one kind of table."""

    def load_table(
        file: File,
        mapping: MappingFile = None,
        rejects: Rejects = None,
        dry_run: DryRun = False,
        as_at: AsAt = None,
        by: By = None,
        json: Json = False,
    ) -> None:
        load(kind, file, mapping, rejects, dry_run, as_at, by, json)

    load_table.__doc__ = "\n\n".join(about)
    return load_table


for _kind, _about in TABLES.items():
    command(app, _kind)(loading(_kind, _about))


@command(app, "map")
def map_columns(
    file: File,
    kind: Annotated[
        str | None,
        typer.Option(
            "--kind", metavar="KIND", help="What the file holds, as the command that loads it. Default: the likeliest."
        ),
    ] = None,
    to: Annotated[
        Path | None,
        typer.Option("--to", metavar="FILE", dir_okay=False, help="Write it to this new file instead of the screen."),
    ] = None,
) -> None:
    """Propose a mapping file for a file that calls its columns something else.

    It looks at the header, the dates and the codes. Check each line before you load with --mapping.
    """
    from casework.loading.kinds_of_file import FILES
    from casework.loading.proposing import propose
    from models.clock import now
    from policy.calendar import london_date

    if kind is not None and kind not in FILES:
        raise WrongUsageError(f"{kind!r} is not a kind of file", where="--kind", to_do=f"use one of {', '.join(FILES)}")
    today = london_date(now())
    with at_hand(file) as copy:
        found, text = propose(copy, {name: one.columns(today) for name, one in FILES.items()}, kind)
    if to is None:
        say(text.rstrip("\n"))
        return
    write_new(to, text.encode())
    say(f"{file.name} looks like {found}; the mapping is in {to}: check each line of it")


@command(app)
def templates(
    folder: Annotated[
        Path, typer.Argument(metavar="FOLDER", help="The folder to write them to. It is made.", file_okay=False)
    ],
) -> None:
    """Write a blank workbook to fill in for each kind of file.

    Each has its choices as lists, and a sheet of notes that says what each column is.
    """
    from casework.loading.kinds_of_file import FILES
    from casework.loading.templates import template
    from models.clock import now
    from policy.calendar import london_date

    today = london_date(now())
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise WrongUsageError(f"cannot be made: {error.strerror}", where=str(folder)) from error
    there = [name for name in FILES if (folder / f"{name}.xlsx").exists()]
    if there:
        raise WrongUsageError(
            f"there is a file already: {', '.join(f'{name}.xlsx' for name in there)}",
            where=str(folder),
            to_do="choose another folder: somebody may have filled it in",
        )
    for name in FILES:
        write_new(folder / f"{name}.xlsx", template(name, today))
        say(f"{folder / name}.xlsx")


def write_new(path: Path, content: bytes) -> None:
    """Write a file that is not there yet."""
    try:
        with path.open("xb") as file:
            file.write(content)
    except FileExistsError:
        raise WrongUsageError("there is such a file already", where=str(path), to_do="choose another name") from None
    except OSError as error:
        raise WrongUsageError(f"cannot be written: {error.strerror}", where=str(path)) from error


def load(
    kind: str,
    file: Path,
    mapping: Path | None,
    rejects: Path | None,
    dry_run: bool,
    as_at: datetime | None,
    by: str | None,
    as_json: bool,
) -> None:
    """Load one file, say what came of it, and end with 3 where rows were rejected."""
    from casework.loading.kinds_of_file import FILES
    from casework.loading.mapping import read_mapping
    from service.open_record import open_ready_record

    when, loader = as_at_or_now(as_at), FILES[kind].load
    told = read_mapping(mapping) if mapping is not None else None
    target = rejects_file(file, rejects, dry_run)
    with at_hand(file) as copy:
        record = open_ready_record(settings(), when, make=True)
        report = read_in(record, partial(loader, mapping=told), copy, target, dry_run, when, actor_of(by))
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


def rejects_file(file: Path, asked: Path | None, dry_run: bool, ending: str = ".rejects.csv") -> Path | None:
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
    beside = file.with_suffix(ending)
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


def count_lines(file: Path) -> int | None:
    """Return the number of lines of a file, for the bar: quoted line ends make it a little too high.

    None for a workbook: nobody knows before it is read.
    """
    with file.open("rb") as stream:
        if stream.read(2) == b"PK":
            return None
        stream.seek(0)
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
