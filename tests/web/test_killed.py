"""The desk is killed while forms are sent: each fact is there once or not at all, and what was typed is there."""

import multiprocessing
import os
import signal
import time
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import select

from models.audit import verify
from models.cases import Draft, Fact
from tests.support.opened import opened
from tests.support.story import CORA, DARREN, MEETING_DIRECTORY, Story
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


def first_line_of(told: Path) -> None:
    """Wait until the first form has been told."""
    for _ in range(1200):
        if told.is_file() and told.read_text(encoding="utf-8"):
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
        first_line_of(file)
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
