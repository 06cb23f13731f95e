"""A simulated year of an invented area, and the e-mails it sends, counted: ``python -m bench.mails_by_kind``.

By kind of e-mail and role of the reader; by event and role; on days that are no working days; and as pairs that say
the same to one reader on one day. The same seed gives the same year, so that two states of the program can be
compared. ``--full`` takes the area of the recorded year twice over; ``--mails FOLDER`` keeps the e-mails to be read.
"""

import argparse
import json
import tempfile
from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table
from sqlalchemy import select
from sqlalchemy.orm import Session

from casework.loading import load_directory, load_sentences
from models.cases import Case
from models.obligations import Message, Prompt, Timescale
from models.record import Record, working_calendar
from policy.calendar import london_date
from policy.events import told_by
from policy.letters import MessageKind
from policy.vocabulary import MessageState
from sample.answers import Answering
from sample.area import write_area
from sample.simulate import Span, simulate
from tests.conftest import prepared
from tests.support.opened import opened, with_mail_in
from tests.support.story import at

FIRST = date(2026, 3, 2)
QUICK, FULL = (60, 364), (240, 364)
SEED = 5
Counts = dict[str, Counter[str]]


def live(folder: Path, mails: Path, people: int, days: int) -> Record:
    """Return the record of an invented area whose people have answered for so many days."""
    record = with_mail_in(opened(prepared(f"sqlite:///{folder}/record.db")), mails)
    files = write_area(folder, today=FIRST, people=people)
    before = at("2026-03-01", 18)
    load_directory(record, files.directory, as_at=before, actor="bench")
    load_sentences(record, files.sentences, as_at=before, actor="bench")
    simulate(record, Span(FIRST, FIRST + timedelta(days=days)), answering=Answering(record, SEED))
    return record


def carried(session: Session) -> Iterator[Any]:
    """Yield what each e-mail that went out carries: message, prompt and timescale side by side."""
    query = (
        select(
            Message.id, Message.kind, Message.recipient, Message.subject, Message.sent_at, Prompt.rung,
            Prompt.recipient_role, Timescale.kind.label("about"), Timescale.label, Case.reference,
        )
        .join(Prompt, Prompt.message_id == Message.id)
        .join(Timescale, Timescale.id == Prompt.timescale_id)
        .join(Case, Case.id == Timescale.case_id)
        .where(Message.state == MessageState.SENT, Prompt.withdrawn.is_(None))
        .order_by(Message.sent_at, Message.id, Prompt.id)
    )  # fmt: skip
    return iter(session.execute(query).all())


def counted(session: Session) -> Counts:
    """Return the counts, by what they are of."""
    rows = list(carried(session))
    first = {row.id: row for row in reversed(rows)}
    calendar = working_calendar(session)
    events = [row for row in rows if row.kind == MessageKind.EVENT]
    return {
        "kind": Counter(row.kind for row in first.values()),
        "kind and reader": Counter(f"{row.kind}, {row.recipient_role}" for row in first.values()),
        "event and reader": Counter(f"{event_of(row)}, {row.about}, {row.recipient_role}" for row in events),
        "timescale and rung": Counter(f"{row.about}, {row.rung.partition(' ')[0]}" for row in rows),
        "sent on a day that is no working day": Counter(
            row.kind for row in first.values() if not calendar.is_working_day(london_date(row.sent_at))
        ),
        "the same to one reader on one day": Counter(same_to_one_reader(first.values())),
    }


def event_of(row: Any) -> str:
    """Return the event of a letter, from the label of its timescale."""
    kind, _ = told_by(row.label or "")
    return kind.spec.title if kind is not None else "Serious further offence"


def same_to_one_reader(messages: Iterable[Any]) -> Iterator[str]:
    """Yield the kind of each e-mail beyond the first that has one subject, reader and day with another."""
    seen: set[tuple[str, str, date]] = set()
    for row in messages:
        key = (row.recipient, row.subject, london_date(row.sent_at))
        if key in seen:
            yield row.kind
        seen.add(key)


def show(counts: Counts) -> None:
    """Print a table for each count."""
    for what, found in counts.items():
        table = Table(what, "e-mails", title=f"{sum(found.values()):,} by {what}")
        for name, number in sorted(found.items()):
            table.add_row(name, f"{number:,}")
        Console(width=120).print(table)


def main() -> None:
    """Live the year and print the counts."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--full", action="store_true", help="more people")
    parser.add_argument("--mails", type=Path, help="keep the e-mails in this folder")
    parser.add_argument("--json", type=Path, help="write the counts to this file too")
    options = parser.parse_args()
    people, days = FULL if options.full else QUICK
    with tempfile.TemporaryDirectory(prefix="mappa-bench-") as place:
        record = live(Path(place), options.mails or Path(place) / "mail", people, days)
        with record.reading() as session:
            counts = counted(session)
        record.close()
    show(counts)
    if options.json:
        options.json.write_text(json.dumps(counts, indent=2, sort_keys=True) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
