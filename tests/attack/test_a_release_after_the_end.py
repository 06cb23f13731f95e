"""A release after its sentence has ended is refused by every door, with both dates: nobody would be prompted about it.

Darren's licence ends on 12 July 2030: on the day after nobody is released from this sentence.
"""

import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
import time_machine
from typer.testing import CliRunner

from bench.attack.api import api_of
from casework.recording import Entry, Refused, submit
from cli.app import app
from models.record import Record
from tests.support.story import CLERK, DARREN, Story, at, form

NOW = datetime(2026, 7, 9, 11, tzinfo=UTC)
AFTER, BOTH = "2030-07-13", "2030-07-13 is after the sentence ends on 2030-07-12"
CHANGE = form("release-date", release_date=AFTER, consulted=None) | {"date": "2026-07-09"}


@pytest.fixture
def story(record: Record, tmp_path: Path) -> Iterator[Story]:
    story = Story(record, tmp_path)
    with time_machine.travel(NOW):
        story.load("2026-06-01", DARREN)
        story.tick("2026-06-01")
        yield story


def by_the_file(story: Story) -> str:
    [reject] = story.load("2026-07-09", DARREN | {"conditional_release_date": AFTER}).rejects
    return f"{reject.column}: {reject.reason}"


def by_the_command(story: Story) -> str:
    file = story.folder / "form.json"
    file.write_text(json.dumps(CHANGE), encoding="utf-8")
    url = story.record.engine.url.render_as_string(hide_password=False)
    answer = CliRunner().invoke(
        app, ["record", "release-date", "--crn", "X320741", "--file", str(file), "--database", url]
    )
    assert answer.exit_code == 1
    assert "what was typed is kept as draft 1" in answer.stderr
    return answer.stderr


def by_the_api(story: Story) -> str:
    answer = api_of(story.record, story.folder).post("/cases/LON-2026-000001/facts/release-date", json=CHANGE)
    assert answer.status_code == 422
    [error] = answer.json()["errors"]
    assert error["pointer"] == "#/release_date"
    return f"release_date: {error['detail']}"


def after_it_has_ended(story: Story) -> str:
    """Somebody moves a date to a day to come, when the licence has already ended."""
    typed = CHANGE | {"date": "2030-08-01", "release_date": "2030-09-02"}
    result = submit(story.record, Entry("release-date", "X320741", typed), actor=CLERK, as_at=at("2030-08-01", 12))
    assert isinstance(result, Refused)
    return "; ".join(result.reasons).replace("2030-09-02", AFTER)


@pytest.mark.parametrize("door", [by_the_file, by_the_command, by_the_api, after_it_has_ended])
def test_it_is_refused_by_its_field_and_the_record_stays(story: Story, door: Callable[[Story], str]) -> None:
    assert f"release_date: {BOTH}" in door(story)
    assert str(story.case().release_date) == "2027-03-12"
