"""Every column of every file with every odd cell: each row goes in, or comes back with its line and its column."""

import csv
import io
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path

from bench.attack.counted import LOST, TRACEBACK, UNEXPLAINED, UNNAMED, Counts
from casework.errors import FileRefusedError
from casework.loading import (
    LoadReport,
    load_board_actions,
    load_board_agenda,
    load_board_meetings,
    load_directory,
    load_events,
    load_offences,
    load_population,
    load_registrations,
    load_sentences,
    load_training,
)
from models.record import Record
from policy.characters import TIDY, unwritten
from policy.texts import BEGINS_A_FORMULA
from tests.support.story import DARREN, DIRECTORY
from tests.support.taken_on import spell

NOW = datetime(2026, 12, 1, 10, tzinfo=UTC)
CELLS = (
    "0001-01-01", "1899-12-31", "1984-01-01", "2026-02-30", "2199-01-01", "9999-12-30", "9999-12-31", "0", "-1", "1.5",
    "1e400", "NaN", str(2**63), "9" * 400, "9" * 5_000, "yes", "true", "on", "\x1b[31mred", "\x07", "a\x85b",
    "\u202eabc", "\u2066abc", "a\u2028b", "\uffff", "\U000e0041", "\u200b" * 11, "\u2800" * 3, "\u3164", "a\nb",
    "a\rb", "a\tb", "=HYPERLINK(1,2)", "+1+1", "-1+1", "@SUM(1)", "<script>", "'; DROP TABLE person; --",
    "\u0661\u0662", "x" * 50_000, "\U0001f600", "\ufffd", "\u00c3\u00a9",
)  # fmt: skip
WORD = "a text that somebody may write, or its tidied form"
BYTES: tuple[bytes, ...] = (
    b"", b"\n\n", b"\x00", b"crn\n\x00", b"\xff\xfe", b"caf\xe9\n", b"{}", b"PK\x03\x04", b'crn,"surname\n',
    b"crn;surname\n", b"a," * 60_000, b"crn,crn\n1,2\n",
)  # fmt: skip
"""What is loaded instead of a file."""
Loader = Callable[..., LoadReport]
FILES: dict[str, tuple[Loader, dict[str, str]]] = {
    "directory": (load_directory, DIRECTORY[0] | {"unit": "", "grade": "", "telephone": "", "from": "", "to": ""}),
    "sentences": (load_sentences, DARREN | {"noms_number": "", "sex": "", "term_months": "80", "rosh_level": ""}),
    "offences": (load_offences, {"offence_code": "XX01", "schedule": "15", "part": "1", "paragraph": "",
                                 "description": "", "group": ""}),
    "registrations": (load_registrations, spell("2020-01-01")),
    "events": (load_events, {"crn": "X320741", "kind": "licence_recall", "date": "2026-01-01", "category": "",
                             "level": "", "detail": ""}),
    "board meetings": (load_board_meetings, {"area": "London", "date": "2026-06-10", "agency": "housing",
                                             "attendance": "attended", "name": "Harriet Example"}),
    "board agenda": (load_board_agenda, {"area": "London", "date": "2026-06-10", "number": "1", "item": "Sample",
                                         "decision": "", "withdrawn": ""}),
    "board actions": (load_board_actions, {"area": "London", "date": "2026-06-10", "number": "1", "owner": "Harriet",
                                           "action": "Report the voids", "agency": "housing", "done_on": "",
                                           "due_date": "2026-09-09", "outcome": "", "withdrawn": ""}),
    "training": (load_training, {"area": "London", "date": "2026-06-10", "email": "priya@police.example",
                                 "name": "Priya", "course": "", "withdrawn": ""}),
    "population": (load_population, {"area": "London", "year": "2013", "aged_10_and_over": "7326800"}),
}  # fmt: skip


def attack(record: Record, folder: Path) -> Counts:
    """Load every file with every odd cell in every column, and what is no file; count what came of it."""
    counts = Counts()
    for what, (loader, row) in FILES.items():
        for column in row:
            tried = [row | {column: cell} for cell in CELLS]
            load(record, folder, (what, loader), tried, column, counts)
        for content in BYTES:
            counts.tried += 1
            path = folder / "no.csv"
            path.write_bytes(content)
            try:
                loader(record, path, as_at=NOW, actor="attack", dry_run=True)
                counts.fault(UNEXPLAINED, f"{what}: {content[:30]!r} was loaded")
            except FileRefusedError:
                counts.no_form += 1
            except Exception as error:  # noqa: BLE001  it is what the attack looks for
                counts.fault(TRACEBACK, f"{what}: {content[:30]!r}: {error!r}"[:300])
    return counts


def load(
    record: Record,
    folder: Path,
    kind: tuple[str, Loader],
    rows: Sequence[dict[str, str]],
    column: str,
    counts: Counts,
) -> None:
    """Load each row as a file of its own, for a rehearsal: rows that disagree would hide one another."""
    what, loader = kind
    for row in rows:
        counts.tried += 1
        cell, path, back = row[column], folder / "attack.csv", folder / "back.csv"
        path.write_text(file_of(row), encoding="utf-8", newline="")
        back.unlink(missing_ok=True)
        where = f"{what}, {column}, {cell[:20]!r}"
        try:
            report = loader(record, path, as_at=NOW, actor="attack", dry_run=True, rejects=back)
        except FileRefusedError:
            counts.no_form += 1
            continue
        except Exception as error:  # noqa: BLE001  it is what the attack looks for
            counts.fault(TRACEBACK, f"{where}: {error!r}"[:300])
            continue
        if not report.rejected:
            tidy = cell.translate(TIDY).strip()
            if unwritten(tidy, lines=False):
                counts.fault(UNEXPLAINED, where)
            else:
                counts.accepted[WORD] += 1
            continue
        came_back(back, cell, where, counts)
        if any(one.line == 2 and one.column for one in report.rejects):
            counts.named += 1
        else:
            counts.fault(UNNAMED, f"{where}: {report.rejects[:1]}")


def came_back(back: Path, cell: str, where: str, counts: Counts) -> None:
    """Count a row as lost unless its cell is in the file of rejected rows, where it starts no formula."""
    with back.open(encoding="utf-8-sig", newline="") as file:
        cells = [one for line in list(csv.reader(file))[1:] for one in line]
    if not any(one in (cell, f"'{cell}") for one in cells):
        counts.fault(LOST, where)
    if any(one[:1] and one[0] in BEGINS_A_FORMULA.replace("\\", "") for one in cells):
        counts.fault("cells that start a formula", where)


def file_of(row: dict[str, str]) -> str:
    """Return a file of one row, with its cells as they are."""
    text = io.StringIO()
    writer = csv.DictWriter(text, list(row), lineterminator="\n", quoting=csv.QUOTE_ALL)
    writer.writeheader()
    writer.writerow(row)
    return text.getvalue()
