"""``mappa record``: one fact a person records on a case."""

import json as json_format
import sys
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from cli.options import AsAt, By, Json, actor_of, as_at_or_now, crn_of, settings, wrong_usage
from policy.errors import UnreadableError, WrongUsageError
from policy.vocabulary import FactKind
from service.output import print_json, print_view, say

if TYPE_CHECKING:
    from casework.recording import Recorded

Kind = Annotated[FactKind, typer.Argument(help="What is recorded.")]
FactFile = Annotated[
    Path | None,
    typer.Option(
        "--file",
        metavar="FILE.json",
        help="The fact as a JSON object; - reads standard input.",
    ),
]
CrnOption = Annotated[
    str | None,
    typer.Option(
        "--crn",
        metavar="CRN",
        parser=wrong_usage(crn_of),
        help="The person it is about: the CRN, or the reference of a case.",
    ),
]
Example = Annotated[bool, typer.Option("--example", help="Print an example of the file for KIND, and stop.")]


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

    Its timescales follow at once. mappa record KIND --example prints the form of the file for a KIND. What is
    refused is kept as a draft: mappa drafts.
    """
    if example:
        from casework import recording

        print_json(recording.example(kind.value))
        return
    missing = [name for name, value in (("--crn", crn), ("--file", file)) if value is None]
    if crn is None or file is None:
        raise WrongUsageError(
            f"{' and '.join(missing)} missing", to_do=f"mappa record {kind} --crn CRN --file FILE.json"
        )
    if str(file) != "-" and not file.is_file():
        raise WrongUsageError(f"there is no file {file}", where="--file")
    data = read_object(file)
    recorded, person = write_down(kind.value, crn, data, as_at_or_now(as_at), actor_of(by))
    if json:
        from views.recorded import RecordedView

        print_view(
            RecordedView(
                crn=person,
                case=recorded.case,
                kind=kind,
                summary=recorded.summary,
                changes=recorded.changes,
            )
        )
        return
    say(f"{recorded.case}: {recorded.summary}", *(f"  {change}" for change in recorded.changes))


def write_down(kind: str, crn: str, data: dict[str, Any], when: datetime, actor: str) -> "tuple[Recorded, str]":
    """Record the fact in one transaction; return what was recorded and the CRN of the person.

    What is refused is kept in a transaction of its own, and the refusal says where.
    """
    from casework.errors import RefusedError
    from casework.facts.querying import crn_of_case, find_person
    from casework.recording import keep_draft, record_fact
    from service.open_record import open_ready_record

    record = open_ready_record(settings(), when)
    try:
        with record.writing() as session:
            recorded = record_fact(session, kind, crn, data, as_at=when, actor=actor)
            return recorded, crn_of_case(session, recorded.case)
    except RefusedError as refusal:
        with record.writing() as session:
            person = find_person(session, crn)
            # By CRN where it is known: the next form of this kind for this person settles the draft.
            name = person.crn if person is not None else crn
            draft = keep_draft(session, kind, name, data, refusal.reasons, as_at=when, actor=actor)
        kept = f"what was typed is kept as draft {draft}: mappa drafts show {draft}"
        raise RefusedError([*refusal.reasons, kept]) from refusal


def read_object(file: Path) -> dict[str, Any]:
    """Return the JSON object of a file; ``UnreadableError`` says at which line and column it is none."""
    name = "standard input" if str(file) == "-" else str(file)
    try:
        raw = sys.stdin.buffer.read() if str(file) == "-" else file.read_bytes()
        data = json_format.loads(raw.decode("utf-8-sig"), object_pairs_hook=without_doubles)
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        raise UnreadableError("this is not UTF-8 text", where=f"{name}: line {line}") from error
    except json_format.JSONDecodeError as error:
        place = f"{name}: line {error.lineno}, column {error.colno}"
        raise UnreadableError(f"not JSON: {error.msg}", where=place) from error
    except (ValueError, RecursionError) as error:
        raise UnreadableError(str(error), where=name) from error
    if not isinstance(data, dict):
        raise UnreadableError("a JSON object is wanted, such as mappa record KIND --example prints", where=name)
    return data


def without_doubles(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Return an object's members; ``ValueError`` where a name stands twice, as nobody knows which is meant."""
    found: dict[str, Any] = {}
    for key, value in pairs:
        if key in found:
            raise ValueError(f"{key!r} stands twice in one object")
        found[key] = value
    return found
