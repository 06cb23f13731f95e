"""Invented people whose spells and events come to the numbers of a printed report.

Each number is met by people of whom some would trap a careless count: two levels in one year, back from custody twice,
moved between units, at level 3 in another area. Others count nowhere: in custody or hospital on 31 March, ended before
it, begun after it, managed in custody alone, of another area.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from random import Random

from policy.errors import InvalidError
from sample.published.reports import Grid, Published

DAY = timedelta(days=1)
CUSTODY, COMMUNITY, HOSPITAL = "custody", "community", "hospital"
ELSEWHERE = "Elsewhere"
SMALL_UNITS = ("Central", "East", "West")
"""Where a report was printed without units."""
ONE_IN = 200
"""Of each trap that counts nowhere there is one for so many people."""


class CannotBeMadeError(InvalidError):
    """The numbers of a report contradict each other, so that no caseload has them."""


@dataclass(frozen=True, slots=True)
class Stretch:
    """Some days at one category and level, in one place. ``last``: None while it runs."""

    category: int
    level: int
    first: date
    last: date | None
    location: str = COMMUNITY
    area: str = ""
    unit: str = ""


@dataclass(slots=True)
class Made:
    """An invented person. ``events``: (kind, day, category, level), None where the file leaves them out.

    ``counted``: in category 1, one of those whom the units count.
    """

    stretches: list[Stretch]
    events: list[tuple[str, date, int | None, int | None]] = field(default_factory=list)
    counted: bool = False


@dataclass(slots=True)
class Numbers:
    """What is still to be made of one category: at each level on the day, and managed in the year alone."""

    category: int
    level_1: int
    level_2: int
    level_3: int
    year_2: int
    year_3: int
    from_another: int = 0


class Maker:
    """Makes the people of one report, the same for the same seed."""

    def __init__(self, report: Published, seed: int) -> None:
        """Take the report as a caseload can be made to it."""
        self.report, self.rng = report.made(), Random(seed)
        self.first, self.last = date(report.year - 1, 4, 1), date(report.year, 3, 31)

    def people(self) -> list[Made]:
        """Return everybody, in no order that says anything."""
        numbers = by_category(self.report.numbers("eligible"), self.report)
        lent = lend(numbers)
        found = [one for each in numbers for one in self.of_category(each, lent)]
        self.returns(found)
        self.tell_more(found)
        found += self.nowhere(len(found))
        self.rng.shuffle(found)
        self.place(found)
        return found

    def day(self, first: date, last: date) -> date:
        """Return some day among those from one to another."""
        return first + DAY * self.rng.randint(0, (last - first).days)

    def long_ago(self) -> date:
        """Return some day before the year."""
        return self.day(self.first - 2000 * DAY, self.first - 5 * DAY)

    def in_autumn(self) -> date:
        """Return some day from October to February: whoever was managed until then was so all summer."""
        return self.day(self.first + 183 * DAY, self.last - 40 * DAY)

    def of_category(self, numbers: Numbers, lent: int) -> Iterator[Made]:
        """Yield the people of one category. ``lent``: the category that lends somebody who is at level 3 now."""
        category = numbers.category
        both = min(numbers.year_3 // 3, numbers.level_2)
        numbers.year_3, numbers.year_2 = numbers.year_3 - both, numbers.year_2 + both
        for place in range(numbers.level_3):
            if place < numbers.from_another:
                yield self.risen(lent, 3, category, 3)
            else:
                yield self.risen(category, 2, category, 3) if place % 3 == 2 else self.standing(category, 3)
        for place in range(numbers.level_2):
            yield self.risen(category, 3, category, 2) if place < both else self.standing(category, 2)
        for level, count in ((3, numbers.year_3), (2, numbers.year_2)):
            for place in range(count):
                yield self.managed_before(numbers, level, place)
        for place in range(numbers.level_1):
            made = Made([Stretch(category, 1, self.long_ago(), None)], counted=category == 1)
            if place % 40 == 7:
                there = Stretch(category, 2, self.long_ago(), self.in_autumn(), area=ELSEWHERE)
                made.stretches = [there, Stretch(category, 1, (there.last or self.last) + DAY, None)]
            yield made

    def standing(self, category: int, level: int) -> Made:
        """Return somebody who is at a level, for years or since some day of the year."""
        first = self.long_ago() if self.rng.random() < 0.7 else self.day(self.first, self.last)
        return Made([Stretch(category, level, first, None)], counted=category == 1)

    def risen(self, category: int, level: int, category_now: int, level_now: int) -> Made:
        """Return somebody who changed level or category in the year."""
        change = self.in_autumn()
        before = Stretch(category, level, self.long_ago(), change - DAY)
        return Made([before, Stretch(category_now, level_now, change, None)], counted=category_now == 1)

    def managed_before(self, numbers: Numbers, level: int, place: int) -> Made:
        """Return somebody who was managed at a level in the year and is no more: at level 1, in custody, or gone."""
        category, end = numbers.category, self.in_autumn()
        made = Made([Stretch(category, level, self.long_ago(), end - DAY)])
        if place % 3 == 0 and numbers.level_1 > 0:
            numbers.level_1 -= 1
            made.stretches.append(Stretch(category, 1, end, None))
            made.counted = category == 1
        elif place % 3 == 1:
            made.stretches.append(Stretch(category, level, end, None, CUSTODY))
        return made

    def returns(self, people: Sequence[Made]) -> None:
        """Return people to custody, by the numbers of the report; every fourth of them twice in the year."""
        used: set[int] = set()
        for table, kind in (("returned_licence", "licence_recall"), ("returned_order", "order_breach_custody")):
            grid = self.report.numbers(table) if getattr(self.report, table) else ()
            for level, row in enumerate(grid, 2):
                for category, count in enumerate(row, 1):
                    pool = [one for one in people if id(one) not in used and self.all_summer(one, category, level)]
                    while count > 0:
                        if not pool:
                            raise CannotBeMadeError(f"{table}: too few people at level {level} in category {category}")
                        one = pool.pop()
                        used.add(id(one))
                        times = 2 if count > 1 and len(used) % 4 == 0 else 1
                        for nth in range(times):
                            self.back(one, kind, nth)
                        count -= times

    def all_summer(self, one: Made, category: int, level: int) -> bool:
        """Tell whether somebody was at a level in a category from April to September."""
        until = self.first + 180 * DAY
        return any(
            (stretch.category, stretch.level, stretch.location, stretch.area) == (category, level, COMMUNITY, "")
            and stretch.first < self.first
            and (stretch.last or self.last) >= until
            for stretch in one.stretches
        )

    def back(self, one: Made, kind: str, nth: int) -> None:
        """Return somebody to custody for four weeks, in spring or in late summer."""
        on = self.day(self.first + (10 + 100 * nth) * DAY, self.first + (60 + 80 * nth) * DAY)
        at = next(s for s in one.stretches if s.first <= on <= (s.last or self.last))
        place = one.stretches.index(at)
        inside = replace(at, first=on, last=on + 27 * DAY, location=CUSTODY)
        one.stretches[place : place + 1] = [replace(at, last=on - DAY), inside, replace(at, first=on + 28 * DAY)]
        told = nth == 0 and self.rng.random() < 0.5
        one.events.append((kind, on, *((at.category, at.level) if told else (None, None))))

    def tell_more(self, people: Sequence[Made]) -> None:
        """Add the other events of the report, and as many that are of no table or of another year."""
        registered = [one for one in people if one.counted]
        wanted = {"notification_breach": self.report.notification_breaches, **self.report.orders}
        for kind, count in wanted.items():
            for one in self.rng.sample(registered, count):
                # In the area that the report is of: some of them came from another.
                one.events.append((kind, self.day(max(self.first, one.stretches[-1].first), self.last), 1, None))
        for one in self.rng.sample(registered, min(12, len(registered))):
            one.events.append(("notification_breach", self.first - DAY, 1, None))
            one.events.append(("order_sopo", self.last + DAY, 1, None))
        at_level_1 = [
            one for one in registered if [s.level for s in one.stretches] == [1] and not one.stretches[0].area
        ]
        for one in self.rng.sample(at_level_1, min(12, len(at_level_1))):
            one.events.append(("licence_recall", self.day(self.first, self.last), 1, 1))

    def nowhere(self, people: int) -> Iterator[Made]:
        """Yield people whom no table counts."""
        for _ in range(max(2, people // ONE_IN)):
            yield Made([Stretch(1, 1, self.long_ago(), self.last - DAY), Stretch(1, 1, self.last, None, CUSTODY)])
            yield Made([Stretch(2, 2, self.long_ago(), None, CUSTODY)])
            yield Made([Stretch(2, 1, self.long_ago(), None, HOSPITAL)])
            yield Made([Stretch(1, 1, self.long_ago(), self.day(self.first, self.last - DAY))])
            yield Made([Stretch(2, 3, self.first - 400 * DAY, self.first - DAY)])
            yield Made([Stretch(1, 2, self.last + DAY, None)])
            away = Made([Stretch(1, 2, self.long_ago(), None, area=ELSEWHERE)])
            away.events.append(("licence_recall", self.day(self.first, self.last), 1, 2))
            yield away

    def place(self, people: Sequence[Made]) -> None:
        """Give everybody a unit: those whom the units count as the report has them; every 25th moved there."""
        names = list(self.report.units) or list(SMALL_UNITS)
        counted = [name for name, number in self.report.units.items() for _ in range(number)]
        for place, one in enumerate(people):
            unit = counted.pop() if one.counted and counted else self.rng.choice(names)
            one.stretches = [replace(s, unit=unit if not s.area else ELSEWHERE) for s in one.stretches]
            last = one.stretches[-1]
            if place % 25 == 3 and last.last is None and last.first < self.first and not last.area:
                moved = self.day(self.first, self.last)
                other = replace(last, last=moved - DAY, unit=self.rng.choice(names))
                one.stretches[-1:] = [other, replace(last, first=moved)]


def by_category(eligible: Grid, report: Published) -> list[Numbers]:
    """Return what is to be made of each category. A report without a yearly table: only those at a level on the day."""
    yearly = report.numbers("yearly") if report.yearly else eligible[1:]
    found = []
    for category, (on_the_day, in_the_year) in enumerate(zip(zip(*eligible, strict=True), zip(*yearly, strict=True),
                                                             strict=True), 1):  # fmt: skip
        level_1, level_2, level_3 = on_the_day
        year_2, year_3 = in_the_year
        found.append(Numbers(category, level_1, level_2, level_3, year_2 - level_2, year_3 - level_3))
    return found


def lend(numbers: Sequence[Numbers]) -> int:
    """Let a category that has more people at level 3 than in the year take them from one that has fewer; return it.

    London 2013-14: 12 people of category 3 are at level 3, and 11 were so in the year: one came to it in category 2.
    """
    short = [one for one in numbers if one.year_3 < 0]
    if not short:
        return 0
    missing = -sum(one.year_3 for one in short)
    lenders = [one for one in numbers if one.year_3 >= missing]
    if not lenders:
        raise CannotBeMadeError("yearly: more people are at level 3 on the day than were in the year")
    for one in short:
        one.from_another, one.year_3 = -one.year_3, 0
    lenders[-1].year_3 -= missing
    return lenders[-1].category
