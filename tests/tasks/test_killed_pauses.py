"""SIGKILL at every named point of the sweep in which pauses end: each goes on once, and is told of once."""

import signal
from collections import Counter

import pytest
from sqlalchemy import func, select

from models.audit_seals import verify
from models.checkpoints import SWEEP_POINTS
from models.obligations import Prompt, Timescale
from models.pauses import Pause
from tests.support.killed import work
from tests.support.story import OLIVE, Story, at
from tests.tasks import test_killed
from tests.tasks.test_killed import PEOPLE, SWEEP_DAY

story = test_killed.story

RUNGS = {"-1 month", "-2 weeks", "due", "+1W"}


@pytest.fixture
def paused(story: Story) -> Story:
    """The referrals of twelve people, paused from July until the day of the sweep."""
    for n in range(PEOPLE):
        story.record_fact("pause", "2026-07-20", crn=f"X3207{n:02d}", kind="referral", way="stop_clock",
                          until=SWEEP_DAY, reason="The court is to put the sentence right.",
                          authority="Cora Example", by="Olive", by_email=OLIVE)  # fmt: skip
    story.record.close()
    return story


@pytest.mark.parametrize("point", SWEEP_POINTS)
def test_pauses_that_end_in_a_killed_sweep_go_on_once(paused: Story, point: str) -> None:
    record, moment = paused.record, at(SWEEP_DAY)
    assert work(record.url, "prompts", moment, point, 1) == -signal.SIGKILL
    assert work(record.url, "prompts", moment) == 0
    assert work(record.url, "prompts", moment) == 0
    with record.reading() as session:
        of_referrals = select(Timescale.id, Prompt.rung).join(Timescale).where(Timescale.kind == "referral")
        found = Counter((one, rung.partition(" ")[0] if "resumed" in rung else rung)
                        for one, rung in session.execute(of_referrals))  # fmt: skip
        ids = {one for one, _ in found}
        assert len(ids) == PEOPLE
        assert found == Counter(
            {(one, rung): 1 for one in ids for rung in RUNGS} | {(one, "resumed"): 2 for one in ids}
        )
        states = select(Timescale.state).where(Timescale.kind == "referral").distinct()
        assert list(session.scalars(states)) == ["open"]
        assert not session.scalar(select(func.count()).select_from(Pause).where(Pause.ended_on.is_(None)))
        assert list(verify(session)) == []
