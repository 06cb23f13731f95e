"""After a full demo everything Prefect stored and all that was logged is searched for everybody in the record."""

import json
import re
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import httpx
import pytest
from sqlalchemy import select

from models.directory import DirectoryEntry
from models.people import Person, Sentence
from models.record import Record
from tasks.registry import STAGES
from tests.service.test_serve import ROOT, free_port
from tests.support.environment import without_settings
from tests.support.opened import opened
from tests.support.signed_in import signed_in_at

pytestmark = pytest.mark.slow

E_MAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
CASE = re.compile(r"\bWES-\d{4}-\d{6}\b")


def strings(value: Any) -> Iterator[str]:
    """Yield every string in a value as it is read: JSON is unpacked, also where it is text within JSON."""
    if isinstance(value, bytes):
        value = value.decode("utf-8", errors="replace")
    if isinstance(value, dict):
        for key, one in value.items():
            yield from strings(key)
            yield from strings(one)
    elif isinstance(value, list):
        for one in value:
            yield from strings(one)
    elif isinstance(value, str):
        try:
            inner = json.loads(value) if value.lstrip().startswith(("{", "[", '"')) else None
        except ValueError:
            inner = None
        yield from [value] if inner is None else strings(inner)


def cells(database: Path) -> Iterator[tuple[str, str]]:
    """Yield every string in every table of an SQLite database, with the name of table and column."""
    with closing(sqlite3.connect(database)) as connection:
        tables = [name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        for table in tables:
            rows = connection.execute(f'SELECT * FROM "{table}"')
            for row in rows:
                for column, value in zip(rows.description, row, strict=True):
                    for text in strings(value):
                        yield f"{table}.{column[0]}", text


def found_in(texts: Iterable[tuple[str, str]], wanted: set[str]) -> set[tuple[str, str]]:
    """Return which of the wanted words stand in the texts, and where: whole, whatever their case and spacing."""
    by_first = {}
    for word in wanted:
        first = re.search(r"\w+", word)
        assert first, word
        by_first.setdefault(first[0].casefold(), []).append(re.escape(word).replace(r"\ ", r"[\s,]+"))
    seen: dict[str, set[str]] = {}
    for place, text in texts:
        seen.setdefault(text, set()).add(place)
    found = set()
    for text, places in seen.items():
        for first in {one.casefold() for one in re.findall(r"\w+", text)} & by_first.keys():
            for pattern in by_first[first]:
                if hit := re.search(rf"(?<!\w){pattern}(?!\w)", text, re.IGNORECASE):
                    found |= {(place, hit[0]) for place in places}
    return found


def personal(record: Record, database: Path) -> set[str]:
    """Return every name, number and address there is: of people, of who works with them, and of any e-mail."""
    wanted: set[str | None] = set()
    with record.reading() as session:
        for person in session.scalars(select(Person)):
            wanted |= {person.crn, person.noms_number, person.pnc_number, person.surname}
            for forename in (person.forenames, person.forenames.split()[0]):
                wanted |= {f"{forename} {person.surname}", f"{person.surname} {forename}"}
        for sentence in session.scalars(select(Sentence)):
            wanted |= {sentence.offender_manager, sentence.police_offender_manager}
        wanted |= set(session.scalars(select(DirectoryEntry.name)))
        telephones = set(session.scalars(select(DirectoryEntry.telephone)))
    names_of_staff = {word for word in wanted if word and " " in word}
    wanted |= {name.split()[-1] for name in names_of_staff}
    wanted |= {address for _, text in cells(database) for address in E_MAIL.findall(text)}
    return {word for word in wanted | telephones if word and word.strip()}


def run_demo(folder: Path) -> tuple[str, str]:
    """Run ``mappa demo`` until Prefect has the last lines of its runs; return what it printed and what it logged."""
    port, out, err = free_port(), folder / "out.txt", folder / "err.txt"
    settings = {"PYTHONPATH": str(ROOT), "MAPPA_STATE_DIR": str(folder), "MAPPA_PREFECT_PORT": str(port)}
    settings |= {"MAPPA_DESK_PORT": str(free_port())}
    settings |= {"MAPPA_LOG_FORMAT": "json", "MAPPA_LOG_LEVEL": "DEBUG"}
    words = [
        sys.executable,
        "-c",
        # A fifth of its people: every flow still runs, and what each may show is the same.
        "from sample import demo; demo.PEOPLE = 100; "
        "from service.settings import read_settings; demo.demo(read_settings())",
    ]
    with out.open("w") as printed, err.open("w") as logged:
        program = subprocess.Popen(words, env=without_settings() | settings, cwd=folder, stdout=printed, stderr=logged)
    try:
        until(lambda: "ready after" in out.read_text() or program.poll() is not None, 300)
        assert program.poll() is None, err.read_text()
        until(lambda: ended_without_log(port, folder) == set(), 20)
        program.send_signal(signal.SIGINT)
        assert program.wait(20) == 0, err.read_text()
    finally:
        program.kill()
        program.wait()
    return out.read_text(), err.read_text()


def ended_without_log(port: int, folder: Path) -> set[str]:
    """Return the flow runs whose last line has not come to Prefect yet: lines arrive seconds after a run."""

    def ask(what: str) -> list[dict[str, Any]]:
        url, secret = f"http://127.0.0.1:{port}/api/{what}/filter", signed_in_at(folder / "demo" / "prefect")
        answer = httpx.post(url, json={}, auth=secret, timeout=30, trust_env=False)
        answer.raise_for_status()
        found: list[dict[str, Any]] = answer.json()
        return found

    last_lines = {line["flow_run_id"] for line in ask("logs") if line["message"].startswith("Finished in state")}
    return {run["id"] for run in ask("flow_runs")} - last_lines


def until(look: Any, seconds: float) -> None:
    """Look until something is so."""
    end = time.monotonic() + seconds
    while not look():
        assert time.monotonic() < end, f"not seen within {seconds} seconds"
        time.sleep(0.5)


def test_nothing_personal_is_in_prefect_or_a_log_after_a_full_demo(tmp_path: Path) -> None:
    printed, logged = run_demo(tmp_path)
    place = tmp_path / "demo"
    database, prefect = place / "mappa.db", place / "prefect" / "prefect.db"
    record = opened(f"sqlite:///{database}")
    wanted = personal(record, database)
    record.close()
    assert len(wanted) > 2000

    stored = list(cells(prefect))
    texts = {text for _, text in stored}
    # What Prefect stores is read: runs of the stages, their tables and log lines, and the events.
    assert {name for name in STAGES if any(text.startswith(f"{name} · ") for text in texts)} >= {"prompts", "deliver"}
    assert {"flow_run.name", "artifact.data", "log.message", "events.event"} <= {place for place, _ in stored}
    assert any(CASE.search(text) for text in texts)
    lines = [("log of the program", text) for line in logged.splitlines() for text in strings(line)]
    server = (place / "log" / "prefect-server.log").read_text(encoding="utf-8").splitlines()
    assert ("log of the program", "tasks.stage") in lines
    everything = [*stored, *lines, *(("log of the server", text) for line in server for text in strings(line))]
    assert found_in(everything, wanted) == set()

    # The search finds what is there: people in what the demo printed, and one who is put into Prefect.
    assert found_in([("printed", printed)], wanted)
    somebody = next(word for word in wanted if " " in word)
    with closing(sqlite3.connect(prefect)) as connection:
        connection.execute("UPDATE flow_run SET tags = ?", (json.dumps(["in-process", f"for {somebody.upper()}"]),))
        connection.commit()
    assert ("flow_run.tags", somebody.upper()) in found_in(cells(prefect), wanted)


@pytest.mark.parametrize(
    "stored",
    [
        "the referral of OKONKWO,  siân\tis late",
        json.dumps({"message": "\nOkonkwo Siân"}),
        json.dumps({"data": json.dumps([{"case": "Okonkwo Siân"}])}).encode(),
        json.dumps({"Okonkwo Siân": 1}),
    ],
)
def test_a_name_is_found_however_it_is_stored(stored: str | bytes) -> None:
    texts = [("a.b", text) for text in strings(stored)]
    assert {word.casefold().split()[-1] for _, word in found_in(texts, {"Okonkwo Siân"})} == {"siân"}


def test_a_part_of_a_word_is_no_name_and_an_address_is_whole() -> None:
    texts = [("a.b", "Larchmeres and xa.hazel@probation.example; a.hazel@police.example.")]
    assert found_in(texts, {"Larchmere", "a.hazel@probation.example"}) == set()
    assert found_in(texts, {"a.hazel@police.example"}) == {("a.b", "a.hazel@police.example")}
