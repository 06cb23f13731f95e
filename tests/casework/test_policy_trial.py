"""A change of policy, seen before it is made: which duties move, by how much, and what goes out in the next 30 days.

Darren is released on Friday 12 March 2027. By the shipped policy his referral is due on 12 September 2026, and its
first reminder a month before, on Wednesday 12 August; on Monday 15 June what goes out within 30 days is one prompt: the
prison notice, due on Sunday 12 July, on the Friday before. Seven months before release is 12 August, with its first
reminder due on Sunday 12 July, so on Friday 10 July.
"""

from datetime import date
from pathlib import Path

import pytest

from casework.policy_trial import in_force_now, try_policy
from models.record import Record
from policy.book import PolicyBook, compile_book
from tests.support.story import DARREN, Story, at
from tests.support.told_once import told_once

TODAY = "2026-06-15"
EARLIER = """
version = "LONDON-2"
in_force_from = {begins}
base = "P2012"
area = "{area}"

[timescales.referral]
offset = "-7 months"
source = "London SMB, decision of 4 March 2026"
"""


def book(area: str = "London", begins: str = "2026-04-01") -> PolicyBook:
    return compile_book([("london.toml", EARLIER.format(area=area, begins=begins))])


@pytest.fixture
@told_once
def story(record: Record, tmp_path: Path) -> Story:
    story = Story(record, tmp_path)
    story.load("2026-06-01", DARREN)
    story.tick("2026-06-01")
    story.tick(TODAY)
    return story


def test_a_trial_tells_what_moves_and_what_goes_out(story: Story) -> None:
    trial = try_policy(story.record, book(), at(TODAY, 9), "t", "London")
    [one] = trial.changed
    assert one.was is not None
    assert (one.now.case, one.now.kind, str(one.was.due_on), str(one.now.due_on), one.days) == (
        "LON-2026-000001", "referral", "2026-09-12", "2026-08-12", -31,
    )  # fmt: skip
    assert (one.was.prompts, one.now.prompts) == (0, 1)
    assert (trial.cases, trial.prompts_before, trial.prompts_after) == (1, 1, 2)


def test_a_trial_changes_nothing(story: Story) -> None:
    before = [(one.kind, one.due_on, one.revision, one.ladder) for one in story.timescales("referral")]
    try_policy(story.record, book(), at(TODAY, 9), "t", "London")
    assert [(one.kind, one.due_on, one.revision, one.ladder) for one in story.timescales("referral")] == before
    # By what is in force, the same look finds nothing to change.
    assert not try_policy(story.record, story.record.policies, at(TODAY, 9), "t", "London").changed


def test_a_policy_of_next_year_is_tried_as_if_it_were_in_force(story: Story) -> None:
    later = book(begins="2027-04-01")
    assert not try_policy(story.record, later, at(TODAY, 9), "t", "London").changed
    now = in_force_now(later, later.policies[-1], date.fromisoformat(TODAY))
    assert len(try_policy(story.record, now, at(TODAY, 9), "t", "London").changed) == 1


def test_the_policy_of_another_area_changes_nothing_here(story: Story) -> None:
    assert not try_policy(story.record, book("Essex"), at(TODAY, 9), "t").changed
