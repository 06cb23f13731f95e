"""``mappa record``: one fact a person records on a case."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from cli.options import AsAt, By, Json, actor_of, as_at_or_now, crn_of, settings, wrong_usage
from policy.errors import UnreadableError, WrongUsageError
from policy.vocabulary import FactKind
from service.output import print_json, print_view, say

Kind = Annotated[FactKind, typer.Argument(help="What you want to record.")]
FactFile = Annotated[
    Path | None,
    typer.Option(
        "--file",
        metavar="FILE.json",
        help="The form, as JSON. Use - to read standard input.",
    ),
]
CrnOption = Annotated[
    str | None,
    typer.Option(
        "--crn",
        metavar="CRN",
        parser=wrong_usage(crn_of),
        help="The person's CRN or case reference.",
    ),
]
Example = Annotated[bool, typer.Option("--example", help="Print an example form for KIND and stop.")]


def record(
    kind: Kind,
    crn: CrnOption = None,
    file: FactFile = None,
    example: Example = False,
    as_at: AsAt = None,
    by: By = None,
    json: Json = False,
) -> None:
    """Record a fact on a person's case.

    What is due on the case is updated at once. To see the form for a KIND: mappa record KIND --example. If your form is
    refused, it is kept as a draft: mappa drafts.
    """
    from casework import recording
    from casework.recording.as_typed import form_of

    if example:
        print_json(recording.example(kind.value))
        return
    missing = [name for name, value in (("--crn", crn), ("--file", file)) if value is None]
    if crn is None or file is None:
        raise WrongUsageError(
            f"{' and '.join(missing)} missing", to_do=f"mappa record {kind} --crn CRN --file FILE.json"
        )
    if str(file) != "-" and not file.is_file():
        raise WrongUsageError(f"there is no file {file}", where="--file")
    from casework.errors import RefusedError
    from service.open_record import open_ready_record

    typed, when = read_bytes(file), as_at_or_now(as_at)
    actor = recording.Actor(id=actor_of(None), name=actor_of(by), through=recording.Through.CLI)
    store = open_ready_record(settings(), when)
    result: recording.Recorded | recording.Refused
    try:
        entry = recording.Entry(kind.value, crn, form_of(typed), typed)
    except (UnreadableError, RefusedError) as error:
        unread = recording.Entry(kind.value, crn, {}, typed)
        reasons = [f"{named(file)}: {reason}" for reason in error.reasons]
        result = recording.keep_unread(store, unread, reasons, actor=actor, as_at=when)
    else:
        result = recording.submit(store, entry, actor=actor, as_at=when)
    if isinstance(result, recording.Refused):
        raise RefusedError([*result.reasons, result.kept])
    if json:
        from views.recorded import RecordedView

        changes = list(result.changes)
        print_view(RecordedView(crn=result.crn, case=result.case, kind=kind, summary=result.summary, changes=changes))
        return
    say(f"{result.case}: {result.summary}", *(f"  {change}" for change in result.changes))


def read_bytes(file: Path) -> bytes:
    """Return what a file, or standard input, holds; ``UnreadableError`` for more than any form."""
    from casework.recording.as_typed import LARGEST_FORM

    if str(file) == "-":
        typed = sys.stdin.buffer.read(LARGEST_FORM + 1)
    else:
        with file.open("rb") as opened:
            typed = opened.read(LARGEST_FORM + 1)
    if len(typed) > LARGEST_FORM:
        raise UnreadableError(f"a form has {LARGEST_FORM:,} bytes at most", where=named(file))
    return typed


def named(file: Path) -> str:
    """Return how a message calls a file."""
    return "standard input" if str(file) == "-" else str(file)
