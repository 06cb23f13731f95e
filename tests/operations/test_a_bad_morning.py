"""An operator's morning that goes wrong: the clock, the file of the record, its pages, its log, its rights.

Each is broken for real, on a machine whose clock says what the test says. What is told, how the tick ends, and that
after mending nothing is lost and nothing comes twice; the handbook has the same days (docs/handbook.md).
"""

import json
import shutil
import sqlite3
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy.engine import make_url

from service.known_record import note
from service.settings import read_settings
from tests.conftest import run_on_server
from tests.operations.conftest import (
    ALL,
    THE_DAY,
    assert_nothing_lost_or_doubled,
    copied,
    letters,
    outbox,
    people,
    prompts,
    states,
    tick,
)
from tests.support.opened import opened
from tests.support.program import Answer, Program, program_of
from tests.support.story import write_csv

EVENING = datetime(2026, 9, 13, 19, 0, tzinfo=UTC)
EIGHT = datetime(2026, 9, 14, 7, 0, tzinfo=UTC)
"""08:00 of the day, in summer time."""
HOUR, DAY, YEAR = timedelta(hours=1), timedelta(days=1), timedelta(days=365)
TEN_YEARS = timedelta(days=3653)
PAGE = 4096


class Machine:
    """A machine with a record, ticked from cron, and somebody who watches its sign of life."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.record, self.heartbeat = folder, folder / "record.db", folder / "heartbeat.json"
        self.mappa: Program = program_of(folder, MAPPA_HEARTBEAT_FILE=str(self.heartbeat))

    def cron(self, at: datetime, *arguments: str, dies_at: tuple[str, int] | None = None) -> Answer:
        """Tick, or run another command, while the clock says a moment."""
        self.mappa.clock = at
        try:
            return self.mappa(*(arguments or ("tick",)), dies_at=dies_at)
        finally:
            self.mappa.clock = None

    def beaten(self) -> str | None:
        """Return the moment of the last sign of life."""
        return str(json.loads(self.heartbeat.read_text())["at"]) if self.heartbeat.exists() else None

    def stands_still(self, at: datetime, *said: str) -> Answer:
        """Tick, and see that it says what is wrong, ends with 1, sends nothing and gives no sign of life."""
        before = set(letters(self.folder / "mail")), self.beaten()
        answer = self.cron(at)
        assert answer.code == 1, answer
        for part in said:
            assert part in answer.err, answer.err
        assert (set(letters(self.folder / "mail")), self.beaten()) == before
        return answer

    def works(self, at: datetime) -> None:
        """Tick, and see that all goes well, and that there is a sign of life."""
        answer = self.cron(at)
        assert (answer.code, answer.err) == (0, ""), answer
        assert self.beaten() == at.isoformat()

    def examined(self, at: datetime, check: str) -> str:
        """Return how something stands by the doctor."""
        found = json.loads(self.cron(at, "doctor", "--json").out)["checks"]
        return next(str(one["state"]) for one in found if one["check"] == check)


@pytest.fixture(scope="module")
def evening(tmp_path_factory: pytest.TempPathFactory, settled: Path) -> Path:
    """The folder of a machine on the evening before the day, after a tick."""
    folder = tmp_path_factory.mktemp("evening")
    copied(settled, folder / "record.db")
    Machine(folder).works(EVENING)
    return folder


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory: pytest.TempPathFactory, settled: Path) -> Program:
    """The program on a machine on which nothing broke on the day; it is only looked at."""
    folder = tmp_path_factory.mktemp("undisturbed")
    copied(settled, folder / "record.db")
    tick(program_of(folder), THE_DAY)
    return program_of(folder)


@pytest.fixture
def machine(tmp_path: Path, evening: Path, monkeypatch: pytest.MonkeyPatch) -> Machine:
    """The machine on that evening: it knows its record."""
    shutil.copy(evening / "heartbeat.json", tmp_path / "heartbeat.json")
    copied(evening / "record.db", tmp_path / "record.db")
    machine = Machine(tmp_path)
    for name, value in machine.mappa.settings.items():
        monkeypatch.setenv(name, value)
    record = opened(machine.mappa.settings["MAPPA_DATABASE_URL"])
    note(read_settings(), record)
    record.close()
    return machine


def about_the_clock(mappa: Program) -> list[str]:
    """Return the open problems about the clock."""
    found = mappa("problems", "--open", "--json").document
    return [one["reason"] for one in found if one["subject"] == "clock"]


def test_a_clock_that_is_ahead_and_one_that_is_set_back(machine: Machine, undisturbed: Program) -> None:
    mappa = machine.mappa
    before = prompts(mappa), states(mappa)
    # 13 September 2026 to 13 September 2036: ten years, of which three are leap years.
    answer = machine.stands_still(
        EVENING + TEN_YEARS,
        "the clock of this machine says 2036-09-13 20:00, and the last tick was at 2026-09-13 20:00, 3,653 days before",
        "If the clock is wrong, set it: the work goes on by itself.",
    )
    assert answer.out == ""
    assert (prompts(mappa), states(mappa)) == before
    assert len(about_the_clock(mappa)) == 1
    assert machine.cron(EVENING + TEN_YEARS, "run", "prompts").code == 1
    assert machine.examined(EVENING + TEN_YEARS, "clock") == "wrong"

    # It is set, and that is all that has to be done.
    machine.works(EIGHT)
    assert about_the_clock(mappa) == []
    assert_nothing_lost_or_doubled(mappa, undisturbed)

    # It goes back by an hour, and by a year; then it is set again.
    machine.stands_still(
        EIGHT - HOUR, "says 2026-09-14 07:00, and the last tick was at 2026-09-14 08:00, 1 h 0 min later"
    )
    machine.stands_still(
        EIGHT - YEAR, "says 2025-09-14 08:00, and the last tick was at 2026-09-14 08:00, 365 days later"
    )
    assert len(about_the_clock(mappa)) == 1
    machine.works(EIGHT + HOUR)
    assert about_the_clock(mappa) == []
    assert states(mappa) == {"sent": ALL}
    assert_nothing_lost_or_doubled(mappa, undisturbed)


def test_an_outage_of_ninety_days_is_confirmed_and_caught_up_once(machine: Machine, undisturbed: Program) -> None:
    mappa, back = machine.mappa, EVENING + 90 * DAY
    machine.stands_still(back, "90 days before", "If nothing really ran for so long, confirm it: mappa confirm clock")
    done = machine.cron(back, "confirm", "clock", "--reason", "The server was in repair", "--by", "Opal")
    assert (done.code, done.out) == (0, "confirmed: it is 2026-12-12 19:00. The next tick does what is due by then.\n")
    machine.cron(back + HOUR)
    again = machine.cron(back + 2 * HOUR)
    assert "prompts: 0 waited" in again.out
    assert "nothing had to be confirmed" in machine.cron(back + 2 * HOUR, "confirm", "clock", "--reason", "Again").out
    assert "the audit trail is intact" in mappa("audit", "verify").out

    # Each rung went once to each, and what is late says so.
    raised = mappa("prompts", "--json").document
    once = {
        (one["case"], one["kind"], one["revision"], one["rung"], one["recipient"], one["raised_at"]) for one in raised
    }
    assert len(once) == len(raised) > len(prompts(undisturbed))
    assert max(one["late_by_days"] for one in raised) >= 80


def test_the_last_page_torn_off(machine: Machine, undisturbed: Program) -> None:
    kept = machine.folder / "kept.db"
    assert machine.mappa("backup", kept).code == 0
    with closing(sqlite3.connect(machine.record)) as at_hand:
        # The last page must hold something, and nothing of it may still be in the log.
        at_hand.execute("VACUUM")
        assert at_hand.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0] == 0
    with machine.record.open("r+b") as file:
        file.truncate(machine.record.stat().st_size - PAGE // 2)
    machine.stands_still(EIGHT, "The record is damaged (", "restore the last backup", "The database says: ")
    # An operator does what the sentence says.
    restored = machine.cron(EIGHT, "restore", str(kept), "--replace", "--nothing-sent")
    assert restored.code == 0, restored.err
    machine.works(EIGHT + timedelta(minutes=1))
    assert_nothing_lost_or_doubled(machine.mappa, undisturbed)


def test_a_file_that_is_no_database_any_more(machine: Machine) -> None:
    for path in machine.folder.glob("record.db-*"):
        path.unlink()
    machine.record.write_bytes(b"\0" * 8 * PAGE)
    answer = machine.stands_still(EIGHT, "The record is damaged (")
    assert "set aside" not in answer.err


def test_a_record_that_nobody_may_write(machine: Machine, undisturbed: Program) -> None:
    machine.record.chmod(0o400)
    machine.mappa.as_anybody = True
    answer = machine.stands_still(
        EIGHT, "The record cannot be written (", "Nothing was raised or sent, and nothing is lost"
    )
    assert "set aside" not in answer.err
    # What SQLite keeps beside it has the mode of the record.
    for path in machine.folder.glob("record.db*"):
        path.chmod(0o600)
    machine.works(EIGHT + timedelta(minutes=1))
    assert_nothing_lost_or_doubled(machine.mappa, undisturbed)


def test_the_log_of_a_killed_tick_taken_away(machine: Machine, undisturbed: Program) -> None:
    # The tick is killed as it sends: what it has raised stands in the write-ahead log alone.
    killed = machine.cron(EIGHT, dies_at=("delivery.recorded", 1))
    assert killed.code < 0
    for end in ("-wal", "-shm"):
        (machine.folder / f"record.db{end}").unlink()
    machine.stands_still(EIGHT + HOUR, "has gone back", "mappa messages doubt --sent-until MOMENT")
    assert machine.examined(EIGHT + HOUR, "record") == "wrong"

    # What may have left is doubted first, as after any restore; then a person says that this is the record.
    doubted = machine.cron(EIGHT + HOUR, "messages", "doubt", "--sent-until", f"{THE_DAY}T08:01")
    assert doubted.code == 0, doubted.err
    assert machine.cron(EIGHT + HOUR, "confirm", "record", "--reason", "The log was lost").code == 0
    assert machine.cron(EIGHT + HOUR).code == 0
    assert prompts(machine.mappa) == prompts(undisturbed)
    # Escalations have gone again, and say so; the rest waits for a person, and nothing for nobody.
    assert set(states(machine.mappa)) == {"sent", "uncertain"}
    assert len(outbox(machine.mappa)) == ALL


@pytest.mark.parametrize("how", ["empty", "new"])
def test_a_record_that_is_gone_or_new(machine: Machine, undisturbed: Program, how: str, empty: Path) -> None:
    kept = machine.folder / "kept.db"
    assert machine.mappa("backup", kept).code == 0
    machine.record.unlink()
    if how == "empty":
        # Gone altogether, and then there with nothing in it.
        machine.stands_still(EIGHT, "there is no record in ")
        machine.record.touch()
    else:
        shutil.copy(empty, machine.record)
    machine.stands_still(EIGHT, "is another record than the one" if how == "new" else "there is no record in ")
    if how != "new":
        # A load would make one; where one was it does not.
        loaded = machine.mappa("load", "sentences", write_csv(machine.folder / "new.csv", people(1)))
        assert loaded.code == 1
        assert "the record is gone from " in loaded.err
        assert machine.record.stat().st_size == 0
        assert machine.examined(EIGHT, "database") == "wrong"
    restored = machine.cron(EIGHT, "restore", str(kept), "--replace", "--nothing-sent")
    assert restored.code == 0, restored.err
    machine.works(EIGHT + timedelta(minutes=1))
    assert_nothing_lost_or_doubled(machine.mappa, undisturbed)


@pytest.fixture
def empty(tmp_path: Path) -> Path:
    """The file of a record that somebody has just made."""
    made = opened(f"sqlite:///{tmp_path}/other.db")
    made.migrate()
    made.close()
    return copied(tmp_path / "other.db", tmp_path / "empty.db")


@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
def test_a_database_server_that_takes_no_writes(database: str, tmp_path: Path, postgresql_server: str) -> None:
    mappa = program_of(tmp_path, database)
    name = make_url(database).database
    assert mappa("load", "sentences", write_csv(tmp_path / "people.csv", people(1))).code == 0
    run_on_server(postgresql_server, f"ALTER DATABASE {name} SET default_transaction_read_only = on")
    answer = mappa("tick")
    assert answer.code == 1
    assert "The record cannot be written (" in answer.err
    assert letters(tmp_path / "mail") == {}
    run_on_server(postgresql_server, f"ALTER DATABASE {name} RESET default_transaction_read_only")
    assert mappa("tick", "--as-at", "2026-06-01").code == 0
