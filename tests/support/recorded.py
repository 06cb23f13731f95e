"""A year of a caseload, simulated, and the prompts that an earlier program raised in it, to the day.

``python -m tests.support.recorded`` records the year with the present program. It is to be done where a change means
to change prompts, and its commit shows which: one line a prompt.
"""

import csv
import os
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

from sqlalchemy import select

from casework.loading import load_directory, load_sentences
from models.cases import Case
from models.obligations import Prompt, Timescale
from models.record import Record
from policy.calendar import london_date
from sample.answers import Answering
from sample.area import write_area
from sample.simulate import Span, simulate
from tests.conftest import prepared
from tests.support.opened import opened
from tests.support.story import at

RECORDED = Path(__file__).parent.parent / "lives" / "recorded"
YEAR = RECORDED / "year.csv"
COLUMNS = ("raised_on", "case", "kind", "subject", "revision", "rung", "rung_on", "recipient_role", "recipient")
FIRST, LAST = date(2026, 3, 2), date(2027, 3, 1)
PEOPLE, SEED = 120, 5


def live_a_year(record: Record, folder: Path) -> None:
    """Simulate a year of an invented area whose people answer; the record is empty before."""
    files = write_area(folder, today=FIRST, people=PEOPLE)
    load_directory(record, files.directory, as_at=at("2026-03-01", 18), actor="t")
    load_sentences(record, files.sentences, as_at=at("2026-03-01", 18), actor="t")
    with mail_below(folder):
        result = simulate(record, Span(FIRST, LAST), answering=Answering(record, SEED))
    assert not any(result.failed.values()), result.failed


@contextmanager
def mail_below(folder: Path) -> Iterator[None]:
    """Have e-mail written below a folder for a while."""
    before = os.environ.get("MAPPA_MAIL_FOLDER")
    os.environ["MAPPA_MAIL_FOLDER"] = str(folder / "mail")
    try:
        yield
    finally:
        if before is None:
            del os.environ["MAPPA_MAIL_FOLDER"]
        else:
            os.environ["MAPPA_MAIL_FOLDER"] = before


def prompts_of(record: Record, after: int = 0) -> list[str]:
    """Return the prompts with an id above one, a line each, by day and case. A recipient is named without a domain."""
    query = (
        select(
            Prompt.raised_at, Case.reference, Timescale.kind, Timescale.subject, Prompt.revision, Prompt.rung,
            Prompt.rung_on, Prompt.recipient_role, Prompt.recipient,
        )
        .join_from(Prompt, Timescale)
        .join(Case)
        .where(Prompt.id > after)
    )  # fmt: skip
    with record.reading() as session:
        found = session.execute(query).all()
    return sorted(
        ",".join(map(str, (london_date(raised), *rest, recipient.partition("@")[0])))
        for raised, *rest, recipient in found
    )


def read_prompts(path: Path) -> list[str]:
    """Return the prompts of a file, a line each."""
    head, *lines = path.read_text(encoding="utf-8").splitlines()
    assert head == ",".join(COLUMNS)
    return lines


def write_prompts(path: Path, prompts: Iterable[str]) -> None:
    """Write prompts to a file."""
    path.write_text("\n".join([",".join(COLUMNS), *prompts]) + "\n", encoding="utf-8")


def first_difference(found: list[str], recorded: list[str]) -> str | None:
    """Return a sentence on the first prompt that only one of two lists has; None where they are the same."""
    if found == recorded:
        return None
    common = next((n for n, pair in enumerate(zip(found, recorded, strict=False)) if pair[0] != pair[1]), None)
    n = min(len(found), len(recorded)) if common is None else common
    here = found[n] if n < len(found) else None
    there = recorded[n] if n < len(recorded) else None
    if there is None or (here is not None and here < there):
        told = f"this program alone raised {dict(zip(COLUMNS, next(csv.reader([here or ''])), strict=True))}"
    else:
        told = f"this program did not raise {dict(zip(COLUMNS, next(csv.reader([there])), strict=True))}"
    only_here, only_there = len(set(found) - set(recorded)), len(set(recorded) - set(found))
    return f"{told}; {only_here} prompts are only in this run, {only_there} only in the recording"


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as place:
        lived = opened(prepared(f"sqlite:///{place}/record.db"))
        live_a_year(lived, Path(place))
        write_prompts(YEAR, prompts_of(lived))
