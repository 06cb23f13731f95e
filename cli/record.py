"""``mappa record``: one fact a person records on a case."""

import json as json_format
import sys
from pathlib import Path
from typing import Annotated, Any

import typer

from cli.options import AsAt, By, Json, actor_of, as_at_or_now, crn_of, settings, wrong_usage
from policy.errors import UnreadableError, WrongUsageError
from policy.vocabulary import FactKind
from service.output import print_json, print_view, say

MOST_DIGITS = 1000
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

    entry, when = recording.Entry(kind.value, crn, read_object(file)), as_at_or_now(as_at)
    actor = recording.Actor(id=actor_of(None), name=actor_of(by), through=recording.Through.CLI)
    result = recording.submit(open_ready_record(settings(), when), entry, actor=actor, as_at=when)
    if isinstance(result, recording.Refused):
        raise RefusedError([*result.reasons, result.kept])
    if json:
        from views.recorded import RecordedView

        changes = list(result.changes)
        print_view(RecordedView(crn=result.crn, case=result.case, kind=kind, summary=result.summary, changes=changes))
        return
    say(f"{result.case}: {result.summary}", *(f"  {change}" for change in result.changes))


def read_object(file: Path) -> dict[str, Any]:
    """Return the JSON object of a file; ``UnreadableError`` says at which line and column it is none."""
    name = "standard input" if str(file) == "-" else str(file)
    try:
        raw = sys.stdin.buffer.read() if str(file) == "-" else file.read_bytes()
        data = json_format.loads(raw.decode("utf-8-sig"), object_pairs_hook=without_doubles, parse_int=whole_number)
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        raise UnreadableError("this is not UTF-8 text", where=f"{name}: line {line}") from error
    except json_format.JSONDecodeError as error:
        place = f"{name}: line {error.lineno}, column {error.colno}"
        raise UnreadableError(f"not JSON: {error.msg}", where=place) from error
    except (ValueError, RecursionError) as error:
        raise UnreadableError(str(error), where=name) from error
    if not isinstance(data, dict):
        raise UnreadableError("this is not a JSON object; for an example: mappa record KIND --example", where=name)
    return data


def whole_number(digits: str) -> int | str:
    """Return a whole number; one with more digits than any field has stays text, for its field to refuse."""
    return int(digits) if len(digits) < MOST_DIGITS else digits


def without_doubles(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Return an object's members; ``ValueError`` where a name appears twice: nobody knows which is meant."""
    found: dict[str, Any] = {}
    for key, value in pairs:
        if key in found:
            raise ValueError(f"{key!r} appears twice in one object")
        found[key] = value
    return found
