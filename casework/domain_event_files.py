"""A file of domain events, one JSON object a line: handled in the order in which they happened.

Lines that cannot be read, and those whose event fails, come back in a file of rejects, each with its reason and as it
was; that file loads again.
"""

import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from casework.domain_events import Handled, Outcome, handle
from casework.errors import FileRefusedError
from casework.loading import LoadReport, Reject
from casework.loading.report import KEPT, OWN_COLUMNS, Progress
from casework.recording import Actor
from models.record import Record
from policy.domain_events import DomainEvent, read_event

LONGEST_LINE = 200_000
GIVEN = "given"
"""In a line of rejects, the line as it was."""


@dataclass(frozen=True, slots=True)
class Given:
    """A line of the file: its number, how it stands there, and the event in it or why there is none."""

    number: int
    text: str
    event: DomainEvent | None = None
    wrong: str = ""


def load_domain_events(
    record: Record,
    path: Path,
    *,
    as_at: datetime,
    actor: Actor,
    dry_run: bool = False,
    rejects: Path | None = None,
    progress: Progress | None = None,
) -> LoadReport:
    """Load a file of domain events, each in a transaction of its own; a later loading handles only what is new.

    Of the report, ``added`` are events that were recorded, ``in_question`` those that a person is asked about,
    ``unchanged`` those that change nothing here, with the reasons among the warnings. Raises ``FileRefusedError`` for a
    file that is not JSON lines, before anything of it is handled.
    """
    lines = list(read_lines(path))
    report, nothing = LoadReport(read=len(lines)), Counter[str]()
    bad = [(one, one.wrong) for one in lines if one.event is None]
    events = [(one, one.event) for one in lines if one.event is not None]
    for done, (line, event) in enumerate(sorted(events, key=when), start=1):
        if progress is not None:
            progress(done)
        handled = handle(record, event, actor=actor, as_at=as_at, dry_run=dry_run)
        count(report, line, handled, nothing)
    for line, wrong in bad:
        report.reject([Reject(line.number, "event", wrong)])
    report.warnings += [f"{number:,} events changed nothing: {why}" for why, number in sorted(nothing.items())]
    if rejects is not None and bad:
        write_rejects(rejects, bad)
    return report


def when(line: tuple[Given, DomainEvent]) -> tuple[datetime, int]:
    """Return by what the events of a file are put in order: when they happened, then where they stand."""
    return line[1].occurred_at, line[0].number


def count(report: LoadReport, line: Given, handled: Handled, nothing: "Counter[str]") -> None:
    """Count an event by what came of it, and say so; nothing of it names a person."""
    where = f"line {line.number}: {handled.case}: {handled.words}"
    if handled.outcome is Outcome.RECORDED:
        report.added += 1
        report.changes += [where] if len(report.changes) < KEPT else []
    elif handled.outcome is Outcome.ASKED:
        report.in_question += 1
        report.warnings += [where] if len(report.warnings) < KEPT else []
    else:
        report.unchanged += 1
        nothing["it was handled before" if handled.outcome is Outcome.KNOWN else handled.words] += 1


def read_lines(path: Path) -> Iterator[Given]:
    """Yield the lines that are not blank; ``FileRefusedError`` where the file is no text, or its first line no JSON."""
    number, seen = 0, False
    try:
        with path.open(encoding="utf-8-sig", newline="\n") as file:
            while text := file.readline(LONGEST_LINE + 1):
                number += 1
                if len(text) > LONGEST_LINE:
                    raise FileRefusedError(
                        f"the line is longer than {LONGEST_LINE:,} characters", where=f"{path}, line {number}"
                    )
                if not text.strip():
                    continue
                if not seen and not text.lstrip().startswith("{"):
                    raise FileRefusedError(
                        "this is not JSON lines", where=f"{path}, line {number}", to_do="one event a line is wanted"
                    )
                seen = True
                yield given(number, text.rstrip("\r\n"))
    except UnicodeDecodeError as error:
        raise FileRefusedError(
            "this is not UTF-8", where=f"{path}, after line {number}", to_do="save the file with the encoding UTF-8"
        ) from error
    except OSError as error:
        raise FileRefusedError(f"cannot be read: {error.strerror}", where=str(path)) from error
    if not seen:
        raise FileRefusedError("the file is empty", where=str(path))


def given(number: int, text: str) -> Given:
    """Return a line with its event, or with why it has none. A line of rejects holds another line."""
    try:
        told = json.loads(text)
        if isinstance(told, dict) and isinstance(told.get(GIVEN), str) and OWN_COLUMNS[1] in told:
            text = told[GIVEN]
            told = json.loads(text)
        return Given(number, text, read_event(told))
    except json.JSONDecodeError as error:
        return Given(number, text, wrong=f"this is not JSON: {error.msg}, at character {error.pos + 1}")
    except RecursionError:
        return Given(number, text, wrong="this is not JSON that can be read: lists in lists without end")
    except ValueError as error:
        return Given(number, text, wrong=str(error))


def write_rejects(path: Path, bad: list[tuple[Given, str]]) -> None:
    """Write the lines that were rejected, with the reasons."""
    with path.open("w", encoding="utf-8") as file:
        for line, wrong in bad:
            told: dict[str, Any] = {OWN_COLUMNS[0]: line.number, OWN_COLUMNS[1]: wrong, GIVEN: line.text}
            file.write(json.dumps(told, ensure_ascii=False) + "\n")
