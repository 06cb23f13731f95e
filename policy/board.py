"""The numbers of the board's pack: how much of each list it shows, how it bands ages, and what it holds back."""

from datetime import date
from enum import StrEnum
from itertools import pairwise

from pydantic import Field, field_validator

from policy.calendar import add_months
from policy.parts import Part, Status
from policy.roles import Role

YEAR = 12


class TrainingGap(StrEnum):
    """What is missing of the training of a police offender manager."""

    UNTRAINED = "untrained"
    OVERDUE = "overdue"


def training_gap(trained_on: date | None, on: date, years: int) -> TrainingGap | None:
    """Return what is missing of a training on a day; None: it holds, up to the day ``years`` years after it.

    ``trained_on``: the last time; None: never. Source: joint inspection 2015, 6.37; the years: our default.
    """
    if trained_on is None:
        return TrainingGap.UNTRAINED
    return TrainingGap.OVERDUE if on > add_months(trained_on, years * YEAR) else None


class SmallNumbers(Part):
    """Which numbers are held back: those from 1 to below ``fewer_than``, and what they could be worked out from.

    In the lay adviser's version always; in the board's own where ``for_the_board`` says so.
    """

    fewer_than: int = Field(ge=2, le=100)
    for_the_board: bool
    source: str
    status: Status


class BoardNumbers(Part):
    """What the board is shown each quarter.

    ``level_1_sample``: how many level 1 cases of an area it checks. ``longest_lists``: how many cases a list shows.
    ``overdue_weeks``, ``review_weeks``: where the bands of ages end, in weeks. ``meetings_a_year``, ``lay_advisers``:
    how often the board meets and how many advise it. ``cases_per_officer``: how many open cases one offender manager
    has at most, by role. ``training_years``: for how many years the training of a police offender manager holds.
    """

    level_1_sample: int = Field(ge=1, le=200)
    longest_lists: int = Field(ge=1, le=200)
    overdue_weeks: tuple[int, ...] = Field(min_length=1, max_length=5)
    review_weeks: tuple[int, ...] = Field(min_length=1, max_length=5)
    small_numbers: SmallNumbers
    meetings_a_year: int = Field(ge=1, le=52)
    lay_advisers: int = Field(ge=0, le=20)
    cases_per_officer: dict[Role, int]
    training_years: int = Field(ge=1, le=40)
    source: str
    status: Status

    @field_validator("overdue_weeks", "review_weeks")
    @classmethod
    def bands_follow_each_other(cls, weeks: tuple[int, ...]) -> tuple[int, ...]:
        """Refuse bands that end where no band can: at or before the one before them, or before the first week."""
        if weeks[0] < 1 or any(later <= earlier for earlier, later in pairwise(weeks)):
            raise ValueError("each band ends later than the one before it, and the first not before week 1")
        return weeks
