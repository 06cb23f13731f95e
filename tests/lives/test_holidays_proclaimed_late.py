"""A bank holiday is proclaimed when prompts are dated already: they go on the working day before; what is due stands.

Darren's prison notice is due on Sunday 12 July 2026 and so prompted on Friday 10 July. On 1 July that Friday is made a
bank holiday (as 19 September 2022 was, nine days ahead): the prompt goes on Thursday 9 July.
"""

import json
from pathlib import Path

import pytest
from sqlalchemy import select

from casework.loading.bank_holidays import ensure_calendar
from models.audit import AuditEntry
from models.record import Record, working_calendar
from tests.support.story import CORA, DARREN, OPAL, Story, at

DAYS = ("2026-01-01", "2026-04-03", "2026-04-06", "2026-05-04", "2026-05-25", "2026-07-10", "2026-08-31", "2026-09-11",
        "2026-12-25", "2026-12-28")  # fmt: skip


@pytest.fixture
def story(record: Record, tmp_path: Path) -> Story:
    story = Story(record, tmp_path)
    story.load("2026-06-01", DARREN)
    story.every_day("2026-06-01", "2026-06-15")
    return story


def proclaimed(story: Story, day: str) -> None:
    """Store the calendar anew with the days of a file, as the program does when it starts."""
    events = [{"date": one, "title": "x"} for one in DAYS]
    path = story.folder / "bh.json"
    path.write_text(json.dumps({"england-and-wales": {"events": events}}), encoding="utf-8")
    ensure_calendar(story.record, at(day), path)


def audited(story: Story) -> list[str]:
    with story.record.reading() as session:
        entries = session.scalars(select(AuditEntry).where(AuditEntry.action == "timescales-refreshed"))
        return [told for entry in entries for told in entry.after["timescales"] if "bank holidays" in told]


def test_prompts_to_come_go_on_the_working_day_before_and_the_due_date_stands(story: Story) -> None:
    proclaimed(story, "2026-07-01")
    story.every_day("2026-07-01", "2026-07-20")
    assert story.owed("prison_notice") == [("2026-07-12", "open", None)]
    assert story.timescale("prison_notice").revision == 1
    # Five working days after Sunday 12 July: Friday 17 July, as before.
    assert [one for one in story.prompts("prison_notice") if one[0] != "-1 month"] == [
        ("due", 1, OPAL, "2026-07-09"),
        ("+5W", 1, CORA, "2026-07-17"),
    ]


def test_so_do_those_of_a_later_duty(story: Story) -> None:
    """The referral is due on Saturday 12 September, prompted on Friday 11: that is a holiday now, so Thursday 10."""
    proclaimed(story, "2026-07-01")
    story.tick("2026-07-01")
    steps = {step["rung"]: step["on"] for step in story.timescale("referral").ladder}
    assert steps["due"] == "2026-09-10"
    assert story.timescale("referral").due_on.isoformat() == "2026-09-12"


def test_it_is_written_down_once(story: Story) -> None:
    proclaimed(story, "2026-07-01")
    story.tick("2026-07-01")
    first = audited(story)
    assert [told for told in first if told.startswith("prison_notice")] == [
        "prison_notice, due 2026-07-12, is prompted on other days, as the bank holidays changed: "
        "due from 2026-07-10 to 2026-07-09"
    ]
    proclaimed(story, "2026-07-02")
    story.every_day("2026-07-02", "2026-07-03")
    assert audited(story) == first


def test_no_waiting_rung_of_an_open_duty_stands_on_a_day_without_work(story: Story) -> None:
    """What holds after every change of the calendar, whatever the duty."""
    proclaimed(story, "2026-07-01")
    story.tick("2026-07-01")
    with story.record.reading() as session:
        calendar = working_calendar(session)
    for kind in ("prison_notice", "referral", "level_setting", "release", "dates_check"):
        timescale = story.timescale(kind)
        assert timescale.calendar_version == calendar.version
        for step in timescale.ladder[timescale.next_rung :]:
            assert step["on"] not in DAYS, (kind, step)
