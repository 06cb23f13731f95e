"""The desk over the record of one person, on either database, on a day that stands still."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import time_machine

from models.record import Record
from tests.support.story import DARREN, MEETING_DIRECTORY, Story, at
from tests.web.visiting import Desk

TODAY = "2026-09-21"


@pytest.fixture
def today() -> Iterator[None]:
    """It is a Monday, ten in the morning; Darren leaves prison half a year later."""
    with time_machine.travel(at(TODAY, 10), tick=False):
        yield


@pytest.fixture
def story(record: Record, tmp_path: Path, today: None) -> Story:
    """Darren, identified, with what is due prompted."""
    told = Story(record, tmp_path, MEETING_DIRECTORY)
    told.load("2026-06-01", DARREN | {"police_offender_manager_email": "priya@police.example"})
    told.tick("2026-06-01")
    told.tick(TODAY)
    return told


@pytest.fixture
def desk(story: Story, tmp_path: Path) -> Desk:
    """The desk, with nobody signed in."""
    return Desk(story.record, tmp_path)
