"""SIGKILL at every named point of the sweep that makes the weekly list: each duty is on it once, in one e-mail."""

import signal
from collections import Counter

import pytest
from sqlalchemy import select

from models.audit_seals import verify
from models.checkpoints import SWEEP_POINTS
from models.obligations import Message, Prompt
from tests.support.killed import work
from tests.support.story import CHRIS, CORA, Story, at
from tests.tasks import test_killed
from tests.tasks.test_killed import PEOPLE

story = test_killed.story

# The prison notices are due on 12 July 2026, their last rung is of 24 July: the list of Monday 3 August is a month's.
LAST_RUNG, LIST = "2026-07-24", "2026-08-03"


@pytest.mark.parametrize("occurrence", [1, 2])
@pytest.mark.parametrize("point", SWEEP_POINTS)
def test_a_list_killed_anywhere_names_each_once_and_goes_out_once(
    story: Story,
    point: str,
    occurrence: int,
) -> None:
    record, moment = story.record, at(LIST)
    assert work(record.url, "prompts", at(LAST_RUNG)) == 0
    assert work(record.url, "prompts", moment, point, occurrence) == -signal.SIGKILL
    for _ in range(2):
        assert work(record.url, "prompts", moment) == 0
    with record.reading() as session:
        rows = session.execute(select(Prompt.timescale_id, Prompt.recipient).where(Prompt.rung.like("list %")))
        found = Counter(tuple(row) for row in rows)
        assert max(found.values()) == 1
        assert Counter(to for _, to in found) == {CORA: PEOPLE, CHRIS: PEOPLE}
        letters = select(Message.recipient).where(Message.kind == "stuck_list")
        assert sorted(session.scalars(letters)) == [CHRIS, CORA]
        assert list(verify(session)) == []
