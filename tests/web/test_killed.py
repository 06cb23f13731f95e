"""The desk is killed while forms are sent: each fact is there once or not at all, and what was typed is there."""

import multiprocessing
import os
import signal
import time
from datetime import UTC, datetime
from pathlib import Path

import pytest
import time_machine
from sqlalchemy import select

from models.audit_seals import verify
from models.cases import Draft, Fact
from tests.support.opened import opened
from tests.support.story import ADAM, CORA, DARREN, MEETING_DIRECTORY, Story, at
from tests.web.meeting_room import FIRST, Typist, with_meeting
from tests.web.visiting import Desk

FORMS, KILLS = 12, 3


def send_forms(url: str, folder: Path, number: int, told: Path) -> None:
    """Fill in and send forms, one after the other; each is told to a file before it goes."""
    desk = Desk(opened(url), folder).sign_in(CORA, datetime.now(UTC))
    for one in range(FORMS):
        page = desk.get("/cases/LON-2026-000001/record/prison-notice")
        words = f"form {number}.{one}"
        # Not a queue: whoever is killed while writing to one keeps its lock for ever.
        with told.open("a", encoding="utf-8") as file:
            file.write(f"{words}\n")
        desk.press(page, contact=words)


def lines_of(told: Path, count: int = 1) -> None:
    """Wait until so many forms have been told."""
    for _ in range(1200):
        if told.is_file() and told.read_text(encoding="utf-8").count("\n") >= count:
            return
        time.sleep(0.05)
    raise AssertionError("no form was sent in a minute")


@pytest.mark.slow
def test_killed_in_the_middle_of_many_forms(database: str, tmp_path: Path) -> None:
    record = opened(database)
    story = Story(record, tmp_path, MEETING_DIRECTORY)
    story.load("2026-06-01", DARREN)
    story.tick("2026-06-01")
    context = multiprocessing.get_context("spawn")
    told: list[str] = []
    for number in range(KILLS):
        file = tmp_path / f"told {number}"
        sender = context.Process(target=send_forms, args=(database, tmp_path, number, file))
        sender.start()
        lines_of(file)
        time.sleep(0.5 * number)
        assert sender.pid is not None
        os.kill(sender.pid, signal.SIGKILL)
        sender.join()
        told += file.read_text(encoding="utf-8").split("\n")[:-1]
    with record.reading() as session:
        recorded = [one["contact"] for one in session.scalars(select(Fact.data).where(Fact.kind == "prison-notice"))]
        kept = [row.data["contact"] for row in session.scalars(select(Draft).where(Draft.ticket.is_not(None)))]
        in_hand = [row.data["contact"] for row in session.scalars(select(Draft).where(Draft.settled_at.is_(None)))]
        assert len(recorded) == len(set(recorded))
        assert len(kept) == len(set(kept))
        # Whatever is a fact was kept before; what is kept and no fact still waits in the hand of whoever typed it.
        assert sorted([*recorded, *in_hand]) == sorted(kept)
        # Of those that were told, only the last of each process may not have arrived at all.
        assert len(set(told) - set(kept)) <= KILLS
        assert list(verify(session)) == []
    record.close()
    assert recorded


def type_steps(url: str, folder: Path, number: int, told: Path) -> None:
    """Save one step of the room of a meeting after another; each is told to a file before it goes."""
    desk = Desk(opened(url), folder)
    with time_machine.travel(at(FIRST, 10), tick=True):
        room = Typist(desk.sign_in(ADAM, at(FIRST, 10)))
        for one in range(FORMS):
            words = f"The sister said for the record in step {number}.{one} that she wants to be told."
            with told.open("a", encoding="utf-8") as file:
                file.write(f"{words}\n")
            for step in (room.steps[4], room.steps[5]):
                room.type(step, {"victims": words, "offender_views": words})


@pytest.mark.slow
def test_killed_in_the_middle_of_a_meeting(database: str, tmp_path: Path) -> None:
    """Each step that was answered is there whole; the record goes on where it stopped."""
    record = opened(database)
    with time_machine.travel(at(FIRST, 9), tick=True):
        with_meeting(Story(record, tmp_path, MEETING_DIRECTORY))
    context = multiprocessing.get_context("spawn")
    for number in range(KILLS):
        file = tmp_path / f"told {number}"
        typist = context.Process(target=type_steps, args=(database, tmp_path, number, file))
        typist.start()
        lines_of(file, number + 1)
        time.sleep(0.1 * number)
        assert typist.pid is not None
        os.kill(typist.pid, signal.SIGKILL)
        typist.join()
        told = file.read_text(encoding="utf-8").split("\n")[:-1]
        with record.reading() as session:
            kept = session.scalars(select(Draft).where(Draft.ticket.like("room-%"))).one_or_none()
            assert list(verify(session)) == []
            if number:
                # The last of those told may not have arrived; the one before it was answered.
                assert kept is not None
                assert kept.data["victims"] in told[-2:]
            assert session.scalars(select(Fact).where(Fact.kind == "meeting")).all() == []
    record.close()
