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


def send_forms(url: str, folder: Path, number: int, sent: "multiprocessing.Queue[str]") -> None:
    """Fill in and send forms, one after the other, each told before it goes."""
    desk = Desk(opened(url), folder).sign_in(CORA, datetime.now(UTC))
    for one in range(FORMS):
        page = desk.get("/cases/LON-2026-000001/record/prison-notice")
        words = f"form {number}.{one}"
        sent.put(words)
        desk.press(page, contact=words)


@pytest.mark.slow
def test_killed_in_the_middle_of_many_forms(database: str, tmp_path: Path) -> None:
    record = opened(database)
    story = Story(record, tmp_path, MEETING_DIRECTORY)
    story.load("2026-06-01", DARREN)
    story.tick("2026-06-01")
    context = multiprocessing.get_context("spawn")
    sent = context.Queue()
    told: list[str] = []
    for number in range(KILLS):
        sender = context.Process(target=send_forms, args=(database, tmp_path, number, sent))
        sender.start()
        told.append(sent.get(timeout=60))
        time.sleep(0.5 * number)
        assert sender.pid is not None
        os.kill(sender.pid, signal.SIGKILL)
        sender.join()
        while not sent.empty():
            told.append(sent.get())
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
