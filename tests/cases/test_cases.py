"""That each row has its test, on both databases; and the tests of rows that have none elsewhere."""

import os
import subprocess
import sys
from collections import defaultdict
from pathlib import Path
from threading import Thread

import pytest
import vobject
from sqlalchemy import select
from typer.testing import CliRunner

from assurance.settings import AssuranceSettings
from cli.app import app
from models.directory import DirectoryEntry
from models.people import Sentence
from models.record import Record
from models.settings import read
from tasks import deliver
from tasks.stage import run_stage
from tests.cases import ROWS
from tests.conftest import DATABASES
from tests.notifications.letters.reading import calendar_part
from tests.support.opened import opened
from tests.support.smtp_sink import SmtpSink
from tests.support.story import DARREN, MEETING_DIRECTORY, OLIVE, Story, at, form, post, write_csv

TESTS = Path(__file__).parents[1]
START = "from cli.app import main; main()"


def test_each_row_has_its_test() -> None:
    """Collected as pytest would run them: a name that is gone, or runs on one database alone, is found."""
    wanted = [name for names in ROWS.values() for name in names]
    words = [
        sys.executable,
        "-m",
        "pytest",
        "-o",
        "addopts=",
        "-q",
        "--collect-only",
        "-p",
        "no:cacheprovider",
        "-n",
        "0",
        *wanted,
    ]
    done = subprocess.run(words, cwd=TESTS, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-2000:]
    databases = defaultdict(set)
    for line in done.stdout.splitlines():
        name, _, case = line.removeprefix("tests/").partition("[")
        databases[name] |= {one for one in DATABASES if one in case.rstrip("]").split("-")}
    assert {name: databases[name] for name in wanted} == {name: set(DATABASES) for name in wanted}


@pytest.mark.parametrize(
    ("term", "months"), [("80", 80), ("0000000080", 80), ("000012000", None), ("00000199999999", None)]
)
def test_zeros_in_front_are_no_other_term(record: Record, tmp_path: Path, term: str, months: int | None) -> None:
    """A term is at most a hundred years, 1,200 months, however it is written."""
    report = Story(record, tmp_path).load("2026-06-01", DARREN | {"term_months": term})
    with record.reading() as session:
        assert session.scalars(select(Sentence.term_months)).all() == ([] if months is None else [months])
    assert [(one.column, one.reason) for one in report.rejects] == (
        [("term_months", f"{term!r} is not a number of months, such as 18")] if months is None else []
    )


def test_a_pipe_is_read_once_and_whole(database: str, tmp_path: Path) -> None:
    """Read a second time it would be empty, or never end."""
    rows = write_csv(tmp_path / "directory.csv", [post("mappa_unit", "coordinator", "Cora", "cora@mappa.example")])
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    writer = Thread(target=pipe.write_bytes, args=(rows.read_bytes(),))
    writer.start()
    answer = CliRunner().invoke(app, ["load", "directory", str(pipe), "--database", database])
    writer.join()
    assert (answer.exit_code, answer.stderr) == (0, "")
    record = opened(database)
    with record.reading() as session:
        assert session.scalars(select(DirectoryEntry.email)).all() == ["cora@mappa.example"]
    record.close()


@pytest.mark.parametrize("place", ["END:VEVENT", "Room 2\r\nEND:VEVENT\r\nEND:VCALENDAR"])
def test_a_place_does_not_end_the_event_of_an_invitation(record: Record, tmp_path: Path, place: str) -> None:
    """RFC 5545, 3.1: what a property holds is no line of its own. Read here as the calendar of a reader reads it."""
    story = Story(record, tmp_path, MEETING_DIRECTORY)
    story.load("2026-06-01", DARREN)
    story.tick("2026-06-01")
    story.record_fact("level", "2026-09-18", level=2, reason="High risk; agencies must work together.")
    story.record_fact("meeting-plan", "2026-09-21", **form("meeting-plan") | {"place": place})
    story.tick("2026-09-21", hour=9)
    with SmtpSink() as sink:
        run_stage(record.with_settings(sink.settings(), read(AssuranceSettings)), deliver.STAGE, at("2026-09-21", 10))
        [invited] = [one.message for one in sink.received if one.recipient == OLIVE and one.message.is_multipart()
                     and any(part.get_content_type() == "text/calendar" for part in one.message.walk())]  # fmt: skip
    calendar = vobject.readOne(calendar_part(invited).get_content())
    assert [one.location.value for one in calendar.vevent_list] == [place.replace("\r\n", "\n")]
    assert calendar.vevent.attendee.value == f"mailto:{OLIVE}"


def test_a_name_is_printed_where_the_terminal_lacks_a_letter(record: Record, tmp_path: Path) -> None:
    Story(record, tmp_path).load("2026-06-01", DARREN | {"forenames": "Łukasz"})
    environment = os.environ | {
        "MAPPA_DATABASE_URL": record.url,
        "PYTHONIOENCODING": "ascii",
        "PYTHONPATH": str(TESTS.parent),
    }
    done = subprocess.run(
        [sys.executable, "-c", START, "case", "show", "X320741"],
        env=environment, cwd=tmp_path, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (0, "")
    assert "\\u0141ukasz" in done.stdout
