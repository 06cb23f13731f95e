"""What a pack is asked about: which areas, which quarter, by which numbers, for whom."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from sqlalchemy.orm import Session

from figures.periods import QUARTER, Period, PeriodError, cut_off
from models.record import policies
from policy.board import BoardNumbers
from policy.calendar import london_time
from policy.numbers import Policy

DAY = timedelta(days=1)
SEEDS = 10**8
"""How many seeds there are: each has eight digits at most, so that people can read it out."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A pack for some areas on a quarter, as far as that has gone.

    ``general``: the policy of an area by itself; of several, that of every area without its own. ``by_area``: those in
    force on the last day of the quarter. ``seed``: given by whoever asks; None: each area has its own.
    """

    areas: Sequence[str]
    quarter: Period
    until: Period
    general: Policy
    by_area: dict[str, Policy]
    lay_adviser: bool = False
    seed: int | None = None

    @property
    def on(self) -> date:
        """Return the day at whose end everything is seen: the last of the quarter, or the last that has ended."""
        return self.until.last

    @property
    def after(self) -> date:
        """Return the day after that."""
        return self.on + DAY

    @property
    def midnight(self) -> datetime:
        """Return the moment at which that day has ended in Europe/London."""
        return london_time(self.after, time(0))

    @property
    def numbers(self) -> BoardNumbers:
        """Return how much is shown, and in which bands."""
        return self.general.board

    @property
    def fewer_than(self) -> int:
        """Return below which number one is held back, the strictest of the areas; 0: none is."""
        rules = [policy.board.small_numbers for policy in self.by_area.values()]
        return max((one.fewer_than for one in rules if self.lay_adviser or one.for_the_board), default=0)

    def seed_of(self, area: str) -> int:
        """Return the seed of the sample of an area: the same whenever and wherever it is drawn."""
        if self.seed is not None:
            return self.seed
        return int.from_bytes(hashlib.sha256(f"{area}|{self.quarter.name}".encode()).digest()) % SEEDS


def asked_for(
    session: Session,
    areas: Sequence[str],
    quarter: Period,
    today: date,
    *,
    lay_adviser: bool = False,
    seed: int | None = None,
) -> Asked:
    """Return what a pack is asked about; ``PeriodError`` where it is no quarter, or none of its days has ended."""
    if QUARTER.fullmatch(quarter.name) is None:
        raise PeriodError(f"the board's pack is of a quarter, and {quarter.name!r} is none", where="--quarter")
    book = policies(session)
    by_area = {area: book.for_area(area, quarter.last) for area in areas}
    general = by_area[areas[0]] if len(areas) == 1 else book.for_area("", quarter.last)
    return Asked(list(areas), quarter, cut_off(quarter, today), general, by_area, lay_adviser, seed)
