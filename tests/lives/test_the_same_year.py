"""A year of an invented area raises, day by day, the prompts that were raised in it when it was recorded."""

from pathlib import Path

import pytest
from sqlalchemy import select

from models.cases import Fact
from models.record import Record
from tests.support.recorded import COLUMNS, YEAR, first_difference, live_a_year, prompts_of, read_prompts

A, B, C = (f"2026-03-0{n},WES-2026-000001,referral,,1,due,2026-03-0{n},offender_manager,olive" for n in (2, 3, 4))


@pytest.mark.slow
def test_a_year_gives_the_same_prompts_to_the_day(sqlite_record: Record, tmp_path: Path) -> None:
    live_a_year(sqlite_record, tmp_path)
    recorded = read_prompts(YEAR)
    assert len(recorded) > 2000
    assert first_difference(prompts_of(sqlite_record), recorded) is None
    with sqlite_record.reading() as session:
        kinds = set(session.scalars(select(Fact.kind).distinct()))
    # What is too rare for the half-year of a small area (tests/sample) is lived here.
    assert {"police-notification", "details-change", "notification-review", "consultation"} <= kinds


@pytest.mark.parametrize(
    ("found", "recorded", "told"),
    [
        ([A, B, C], [A, B, C], None),
        ([A, C], [A, B, C], "this program did not raise {'raised_on': '2026-03-03'"),
        ([A, B, C], [A, C], "this program alone raised {'raised_on': '2026-03-03'"),
        ([A], [A, B], "this program did not raise {'raised_on': '2026-03-03'"),
        ([A, B], [A], "this program alone raised {'raised_on': '2026-03-03'"),
        ([A, A], [A], "this program alone raised {'raised_on': '2026-03-02'"),
    ],
)
def test_the_first_difference_is_named(found: list[str], recorded: list[str], told: str | None) -> None:
    difference = first_difference(found, recorded)
    assert (difference is None) == (told is None)
    assert told is None or (difference or "").startswith(told)
    assert told is None or all(f"'{name}'" in (difference or "") for name in COLUMNS)
