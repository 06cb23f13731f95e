"""The API is killed while another system records: it sends all of it again, and each fact is there once."""

import multiprocessing
import os
import signal
from pathlib import Path

import pytest
from sqlalchemy import select

from models.audit_seals import verify
from models.cases import Draft, Fact
from models.record import Record
from tests.support.opened import opened
from tests.support.story import DARREN, MEETING_DIRECTORY, Story
from tests.web.calling import Api
from tests.web.test_killed import lines_of

CALLS, KILLS = 40, 4
NOTICE = {"date": "2026-06-02"}


def send(url: str, folder: Path, token: str, number: int, told: Path) -> None:
    """Record facts, one after the other, each under a key of its own that is told to a file before it goes."""
    api = Api(opened(url), folder)
    api.client.headers["Authorization"] = token
    for one in range(CALLS):
        key = f"{number}.{one}"
        with told.open("a", encoding="utf-8") as file:
            file.write(f"{key}\n")
        api.post("prison-notice", NOTICE | {"contact": f"call {key}"}, Idempotency_Key=key)


@pytest.mark.slow
def test_killed_in_the_middle_of_many_calls(database: str, tmp_path: Path) -> None:
    record = opened(database)
    story = Story(record, tmp_path, MEETING_DIRECTORY)
    story.load("2026-06-01", DARREN)
    story.tick("2026-06-01")
    api = Api(record, tmp_path)
    token = api.client.headers["Authorization"]
    context = multiprocessing.get_context("spawn")
    told: list[str] = []
    for number in range(KILLS):
        file = tmp_path / f"told {number}"
        sender = context.Process(target=send, args=(database, tmp_path, token, number, file))
        sender.start()
        lines_of(file, 1 + 8 * number)
        assert sender.pid is not None
        os.kill(sender.pid, signal.SIGKILL)
        sender.join()
        told += file.read_text(encoding="utf-8").split("\n")[:-1]
    before = recorded(record)
    assert len(before) == len(set(before))
    for _ in range(2):
        for key in told:
            answer = api.post("prison-notice", NOTICE | {"contact": f"call {key}"}, Idempotency_Key=key)
            assert answer.status_code == 201, answer.text
            assert answer.json()["summary"] == "prison notice given on 2026-06-02"
    assert sorted(recorded(record)) == sorted(f"call {key}" for key in told)
    with record.reading() as session:
        assert session.scalars(select(Draft.id).where(Draft.settled_at.is_(None)).order_by(Draft.id)).all() == []
        assert list(verify(session)) == []
    record.close()
    assert before


def recorded(record: Record) -> list[str]:
    with record.reading() as session:
        query = select(Fact.data).where(Fact.kind == "prison-notice").order_by(Fact.id)
        return [one["contact"] for one in session.scalars(query)]
