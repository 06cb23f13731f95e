"""An operator's day with a full disk: under the record, under the mail folder, and under a program that runs."""

import errno
import re
import signal
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import psycopg
import pytest
from sqlalchemy.exc import OperationalError

from models.explain import reasons_of
from models.full_disk import full_disk
from tasks.registry import STAGES
from tests.operations.conftest import (
    ALL,
    BEFORE,
    THE_DAY,
    assert_nothing_lost_or_doubled,
    copied,
    letters,
    outbox,
    people,
    prompts,
    settle_area,
    states,
    tick,
)
from tests.operations.serving import area_of_today, begun_with, come_due, now
from tests.service.test_serve import serving
from tests.support.disks import Disk, empty_log, small_disk
from tests.support.program import Program, program_of
from tests.support.story import write_csv

KIB = 1024
DUE_IN, SEVERAL_BEATS = timedelta(seconds=6), timedelta(seconds=9)
SENTENCE = "the disk with the record is full ("
ADVICE = "What was being written is undone as a whole; nothing is lost. Make room there"
ROOM_AGAIN = "there is room for the record again: work goes on"


def stages_in(told: str) -> set[str]:
    """Return the stages that a program said could not run."""
    return {stage for line in told.splitlines() for stage in STAGES if re.search(rf"\b{stage}\b", line)}


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Disk]:
    """A disk of eight megabytes."""
    with small_disk(tmp_path / "disk") as disk:
        yield disk


def test_a_full_disk_under_the_record(disk: Disk, tmp_path: Path, settled: Path, undisturbed: Program) -> None:
    database = copied(settled, disk.folder / "record.db")
    mappa = program_of(tmp_path, database)
    before = prompts(mappa)
    empty_log(database)

    # 08:00: not a byte of room. The tick says what is wrong and what to do, and so does whoever records something.
    mappa.file_limit = disk.fill()
    answer = mappa("tick", "--as-at", f"{THE_DAY}T08:00")
    newcomers = write_csv(tmp_path / "newcomers.csv", people(1, crn="X999999"))
    loaded = mappa("load", "sentences", newcomers, "--as-at", THE_DAY)
    for refused in (answer, loaded):
        assert refused.code == 1
        assert f"{SENTENCE}{database}, " in refused.err
        assert ADVICE in refused.err
    assert "set aside" not in answer.err

    # With room it is as if nobody had tried.
    disk.make_room()
    mappa.file_limit = None
    assert prompts(mappa) == before
    assert "the audit trail is intact" in mappa("audit", "verify").out
    assert mappa("problems").out == "no problems\n"
    assert letters(tmp_path / "mail") == {}

    # A disk that has room for a little: the day comes to a stop somewhere, and never between a prompt and its message.
    stopped: set[str] = set()
    for minute, room in enumerate((32, 64, 128, 256, 320, 384)):
        empty_log(database)
        mappa.file_limit = disk.fill(leave=room * KIB, limit=room * KIB)
        answer = mappa("tick", "--as-at", f"{THE_DAY}T08:0{minute + 1}")
        stopped |= stages_in(answer.err)
        disk.make_room()
        mappa.file_limit = None
        assert "the audit trail is intact" in mappa("audit", "verify").out
        messages = {m["id"]: m for m in outbox(mappa)}
        assert {p["message"] for p in mappa("prompts", "--since", THE_DAY, "--json").document} <= set(messages)
        assert {i for i, m in messages.items() if m["state"] == "sent"} <= set(letters(tmp_path / "mail"))
    assert {"prompts", "deliver"} <= stopped <= {"prompts", "deliver", "assurance"}
    assert mappa("problems").out == "no problems\n"

    # Room is made for good. What a process had claimed is taken over when its lease ends; all goes out once.
    tick(mappa, f"{THE_DAY}T09:00")
    assert states(mappa) == {"sent": ALL}
    assert set(letters(tmp_path / "mail")) == {m["id"] for m in outbox(mappa)}
    assert_nothing_lost_or_doubled(mappa, undisturbed)
    assert "1 added" in mappa("load", "sentences", newcomers, "--as-at", THE_DAY).out


@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
def test_a_full_disk_under_the_mail_folder(database: str, disk: Disk, tmp_path: Path, undisturbed: Program) -> None:
    # The record stands on a database server: nothing but the mail folder is full.
    settle_area(database, tmp_path, people(), "2026-06-01")
    mappa = program_of(tmp_path, database)
    tick(mappa, *BEFORE)
    mappa.settings["MAPPA_MAIL_FOLDER"] = str(disk.folder / "mail")
    # 08:00: room for one message, perhaps two. What has not gone rests, and says why and what to do.
    folder = disk.folder / "mail"
    mappa.file_limit = disk.fill(leave=48 * KIB)
    answer = mappa("tick", "--as-at", f"{THE_DAY}T08:00")
    assert answer.code == 0
    assert "prompts: 12 waited, 12 done, 0 skipped, 0 failed" in answer.out
    sent = {m["id"] for m in outbox(mappa, "sent")}
    assert len(sent) < ALL
    assert set(letters(folder)) == sent
    resting = outbox(mappa, "retry")
    assert len(resting) == ALL - len(sent)
    assert {m["reason"].partition(": ")[0] for m in resting} == {"the mail folder cannot be written to"}
    assert all(m["reason"].endswith("; make room on its disk, and it will be sent") for m in resting)

    # 08:05, still full: it is tried again, and no try is held against a message.
    mappa("tick", "--as-at", f"{THE_DAY}T08:05")
    assert set(letters(folder)) == {m["id"] for m in outbox(mappa, "sent")}

    # Room is made: after a rest of 10 minutes all goes by itself, and what had gone does not go again.
    disk.make_room()
    mappa.file_limit = None
    tick(mappa, f"{THE_DAY}T08:15")
    assert states(mappa) == {"sent": ALL}
    assert set(letters(folder)) == {m["id"] for m in outbox(mappa)}
    assert_nothing_lost_or_doubled(mappa, undisturbed)


def all_sent(program: Program) -> bool:
    """Tell whether no message waits."""
    return {m["state"] for m in program("messages", "--json").document} <= {"sent"}


@pytest.mark.slow
def test_a_full_disk_under_the_running_program(
    disk: Disk, tmp_path: Path, sqlite_template: Path, prefect_database: Path
) -> None:
    database = disk.folder / "record.db"
    settings = area_of_today(tmp_path, sqlite_template, database)
    copied(database, tmp_path / "undisturbed" / "record.db")
    mappa = program_of(tmp_path, database)
    with serving(tmp_path, prefect_database, begin=begun_with(), **settings) as served:
        disk.processes = [served.process.pid]
        served.until(lambda: all_sent(mappa), 30)
        there = set(letters(tmp_path / "mail", at_rest=False))
        before = {m["id"] for m in mappa("messages", "--json").document}

        # The disk fills up; then something comes due. It is told once, however often the clock beats.
        come_due(database, range(1, 13), at=(due := now() + DUE_IN))
        empty_log(database)
        disk.fill(limit=16 * KIB)
        assert now() < due
        served.until(lambda: SENTENCE in served.out.read_text(), 30)
        served.until(lambda: now() > due + SEVERAL_BEATS, 30)
        printed = served.out.read_text()
        assert printed.count(SENTENCE) == 1
        assert ADVICE in printed
        assert ROOM_AGAIN not in printed
        assert set(letters(tmp_path / "mail")) == there

        # Room is made, and that is all that has to be done.
        disk.make_room()
        served.until(lambda: ROOM_AGAIN in served.out.read_text(), 30)
        served.until(lambda: all_sent(mappa), 30)
        assert "Traceback" not in served.out.read_text()
        served.process.send_signal(signal.SIGINT)
        assert served.process.wait(20) == 0
    sent = {m["id"] for m in mappa("messages", "--json").document} - before
    assert sent
    assert set(letters(tmp_path / "mail")) == there | sent
    undisturbed = program_of(tmp_path / "undisturbed", MAPPA_POLICY_DIR=settings["MAPPA_POLICY_DIR"])
    come_due(tmp_path / "undisturbed" / "record.db", range(1, 13))
    tick(undisturbed, now().isoformat())
    assert_nothing_lost_or_doubled(mappa, undisturbed)


def test_a_full_disk_of_a_database_server_is_told_too() -> None:
    url = "postgresql+psycopg://mappa:secret@db.agency.example/mappa"
    told = full_disk(OperationalError("INSERT", {"name": "Okonkwo"}, psycopg.errors.DiskFull("No space")), url)
    assert told is not None
    assert told.startswith(f"{SENTENCE}database mappa on db.agency.example). {ADVICE}")
    assert full_disk(OperationalError("INSERT", {}, psycopg.errors.LockNotAvailable("")), url) is None


def test_a_file_that_takes_no_more_is_told_too() -> None:
    assert reasons_of(OSError(errno.ENOSPC, "No space left on device")) == [
        "nothing more can be written (No space left on device): make room on the disk, then run it again"
    ]
    assert reasons_of(OSError(errno.EPIPE, "Broken pipe")) == []
