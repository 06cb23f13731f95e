"""The days of the list of what is stuck: every Monday, or the working day after it; its readers, and those of a month.

Bank holidays of 2026: Easter Monday 6 April, 4 and 25 May, 31 August, 25 and 28 December.
"""

from datetime import date

import pytest

from policy.roles import Role
from policy.stuck import next_list_day, readers
from tests.policy.test_dates_by_hand import CALENDAR, POLICY

WEEKLY, BOTH = (Role.COORDINATOR,), (Role.COORDINATOR, Role.SMB_CHAIR)


@pytest.mark.parametrize(
    ("after", "day"),
    [
        ("2026-07-24", "2026-07-27"),
        ("2026-07-26", "2026-07-27"),
        ("2026-07-27", "2026-08-03"),
        # Monday 31 August is a bank holiday.
        ("2026-08-24", "2026-09-01"),
        ("2026-08-31", "2026-09-01"),
        ("2026-09-01", "2026-09-07"),
        ("2026-12-21", "2026-12-29"),
    ],
)
def test_the_next_list_is_on_a_monday_or_the_working_day_after_it(after: str, day: str) -> None:
    assert next_list_day(date.fromisoformat(after), POLICY.stuck_list, CALENDAR) == date.fromisoformat(day)


@pytest.mark.parametrize(
    ("first", "today", "who"),
    [
        ("2026-07-27", "2026-07-27", WEEKLY),
        ("2026-08-03", "2026-08-03", BOTH),
        ("2026-08-10", "2026-08-10", WEEKLY),
        ("2026-09-01", "2026-09-01", BOTH),
        ("2026-09-07", "2026-09-07", WEEKLY),
        # Nothing ran from July on: the one list that is sent stands for that of 3 August too.
        ("2026-07-27", "2026-08-20", BOTH),
        ("2026-08-10", "2026-08-28", WEEKLY),
    ],
)
def test_the_first_list_of_a_month_goes_to_the_smb_chair_too(first: str, today: str, who: tuple[Role, ...]) -> None:
    found = readers(date.fromisoformat(first), date.fromisoformat(today), POLICY.stuck_list, CALENDAR)
    assert found == who
