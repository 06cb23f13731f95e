"""The indicators of a quarter and of the four before it, by indicator and agency, and what of them is held back."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy.orm import Session

from figures.board.asked import Asked
from figures.indicators.count import Share, groups, shares
from figures.indicators.report import target_of
from figures.periods import Period, quarter, quarter_name, span
from figures.tables import Value
from policy.indicators import Indicator, Reads
from policy.indicators import Share as Way
from policy.small_numbers import TOTAL, held_back, sums_of_table

QUARTERS = 5
COUNTED, MISSED = "counted", "missed"
HELD_BACK = "held back"
"""What stands in a cell instead of a number that is held back."""


@dataclass(frozen=True, slots=True)
class Worked:
    """What was counted in a quarter: each indicator in all (agency ``total``) and of each agency.

    ``held``: the numbers that are held back, by indicator, agency and column (``counted`` or ``total``).
    """

    quarter: Period
    shares: Mapping[tuple[str, ...], Share]
    held: frozenset[tuple[str, str, str]]

    def share(self, indicator: Indicator, agency: str = TOTAL) -> Share:
        """Return so many of so many; nothing of nothing where nothing was due."""
        return self.shares.get((indicator.value, agency), Share())

    def agencies(self, indicator: Indicator) -> list[str]:
        """Return the agencies that an indicator was counted of."""
        return sorted(agency for name, agency in self.shares if name == indicator and agency != TOTAL)

    def counted(self, indicator: Indicator, agency: str = TOTAL) -> Value:
        """Return how many counted; None: no data."""
        share = self.share(indicator, agency)
        return self.shown(indicator, agency, COUNTED, share.counted if share.of else None)

    def of(self, indicator: Indicator, agency: str = TOTAL) -> Value:
        """Return of how many."""
        return self.shown(indicator, agency, TOTAL, self.share(indicator, agency).of)

    def per_cent(self, indicator: Indicator, agency: str = TOTAL) -> Value:
        """Return the share in per cent; None: no data. Either of its two numbers held back holds it back."""
        if any((indicator.value, agency, column) in self.held for column in (COUNTED, TOTAL)):
            return HELD_BACK
        return self.share(indicator, agency).per_cent

    def shown(self, indicator: Indicator, agency: str, column: str, value: Value) -> Value:
        """Return a number, or the words that stand instead."""
        return HELD_BACK if (indicator.value, agency, column) in self.held else value


def quarters_to(last: Period) -> list[Period]:
    """Return a quarter after the four before it."""
    found = [last]
    while len(found) < QUARTERS:
        found.insert(0, quarter(quarter_name(found[0].first - timedelta(days=1))))
    return found


def worked(session: Session, asked: Asked) -> list[Worked]:
    """Return what was counted in a quarter after the four before it; the quarter itself as far as it has gone.

    All five are read at once. What is due after the day of the pack is not counted yet.
    """
    quarters = quarters_to(asked.quarter)
    by_quarter = {one.name: shares() for one in quarters}
    for group in groups(session, span(quarters[0].first, asked.on), asked.after, asked.areas, list(Indicator)):
        found = by_quarter[quarter_name(group.month.first)]
        for agency in (TOTAL, group.agency):
            found[group.indicator, agency].add(group.counted, group.of)
    return [
        Worked(one, by_quarter[one.name], frozenset(held_in(by_quarter[one.name], asked.fewer_than)))
        for one in (*quarters[:-1], asked.until)
    ]


def held_in(found: Mapping[tuple[str, ...], Share], fewer_than: int) -> Iterator[tuple[str, str, str]]:
    """Yield the numbers of a quarter that are held back, by indicator, agency and column.

    What an indicator did not count is published nowhere and can be worked out from what it counted: it is a column of
    each sum. The indicator of one agency at meetings is a row of the attendance of all: the two go together. Who came
    to a meeting of the board tells of no case and is never held back.
    """
    for one in Indicator:
        if (one.value, TOTAL) not in found or row_of_attendance(one) or one.spec.reads is Reads.BOARD:
            continue
        agencies = sorted(agency for name, agency in found if name == one and agency != TOTAL)
        numbers = {
            (agency, column): number
            for agency in (*agencies, TOTAL)
            for column, number in columns_of(found[one.value, agency]).items()
        }
        unpublished = [(agency, MISSED) for agency in (*agencies, TOTAL)]
        sums = list(sums_of_table(agencies, (COUNTED, MISSED)))
        for agency, column in sorted(held_back(numbers, sums, fewer_than, unpublished)):
            yield one.value, agency, column
            if one is Indicator.ATTENDANCE:
                for alike in (other for other in Indicator if row_of_attendance(other) == agency):
                    yield alike.value, TOTAL, column
                    yield alike.value, agency, column


def columns_of(share: Share) -> dict[str, int]:
    """Return what counted, what did not, and both."""
    return {COUNTED: share.counted, MISSED: share.of - share.counted, TOTAL: share.of}


def row_of_attendance(indicator: Indicator) -> str:
    """Return of which agency at meetings an indicator is the attendance; "" for any other."""
    spec = indicator.spec
    return spec.of_agency if spec.reads is Reads.ATTENDANCE and spec.share is Way.ATTENDED_OF_REQUIRED else ""


def targets(asked: Asked) -> dict[Indicator, float]:
    """Return the targets that the areas have in common."""
    found = {}
    for one in Indicator:
        common = {target_of(policy, one) for policy in asked.by_area.values()}
        if len(common) == 1 and (target := common.pop()) is not None:
            found[one] = target
    return found


def is_below(value: Value, target: float | None) -> bool:
    """Tell whether a share is below its target; what is no number is not."""
    return isinstance(value, int | float) and target is not None and value < target


def below(found: Worked, goals: Mapping[Indicator, float]) -> Sequence[tuple[str, Indicator]]:
    """Return the agencies whose share is below a target, each with the indicator: attendance first, then the lowest."""
    there = [
        (agency, one)
        for one, target in goals.items()
        for agency in found.agencies(one)
        if is_below(found.per_cent(one, agency), target)
    ]
    return sorted(there, key=lambda pair: (pair[1] is not Indicator.ATTENDANCE, lowest(found, pair), pair[0], pair[1]))


def lowest(found: Worked, pair: tuple[str, Indicator]) -> float:
    """Return by what an agency below its target is put into order."""
    agency, indicator = pair
    return found.share(indicator, agency).per_cent or 0
