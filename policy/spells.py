"""The spells of a case: stretches of days at one category and level, in one place, area and unit, without a gap.

Level and place are what the facts say of a day, whenever they were recorded. Categories are those that the sentences, a
registration or a decision gave; one that the case has dropped, or has beyond its end, follows the case. Area, unit and
lead agency have no history of their own: what stands of the days before today stays, and a change begins today.
"""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from policy.custody import Stay, place_on
from policy.facts import LevelFact
from policy.registrations import FOREVER, Stretch
from policy.vocabulary import Category

DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Span:
    """A category from a day on. ``until``: the last day; None: it goes on."""

    category: int
    since: date
    until: date | None


@dataclass(frozen=True, slots=True)
class Values:
    """How a case stood: what all days of a spell share."""

    category: int | None
    categories: tuple[int, ...]
    level: int | None
    location: str
    area: str
    unit: str | None
    lead_agency: str


@dataclass(frozen=True, slots=True)
class CaseSpell:
    """A stretch of days with the same values. ``ends_on``: the last day; None while it runs."""

    starts_on: date
    ends_on: date | None
    values: Values

    def holds(self, day: date) -> bool:
        """Tell whether a day lies in the spell."""
        return self.starts_on <= day <= (self.ends_on or FOREVER)


@dataclass(frozen=True, slots=True)
class History:
    """What is known of a case over time. ``ends``: the day on which it was closed.

    ``kept_since``: the day from which the record itself saw what happened. ``moves_known``: a move is on record.
    ``told``: spells of the case that stand, the oldest first. ``primary_order``: the order of the primary category.
    """

    begins: date
    ends: date | None
    today: date
    kept_since: date
    now: Values
    spans: Sequence[Span]
    levels: Sequence[LevelFact]
    stays: Sequence[Stay]
    moves_known: bool
    registered: Sequence[Stretch]
    told: Sequence[CaseSpell]
    primary_order: Sequence[int]


def spells_of(history: History) -> list[CaseSpell]:
    """Return the spells of a case, the oldest first, from its first day until it was closed."""
    if history.ends is not None:
        if history.ends < history.begins:
            return []
        history = replace(history, today=min(history.today, history.ends))
    history = replace(history, spans=tuple(spans_as_the_case_has_them(history)))
    found: list[CaseSpell] = []
    for day in days_of_change(history):
        before = found[-1].values if found else None
        values = values_on(history, day, before)
        if before == values:
            continue
        if found:
            found[-1] = replace(found[-1], ends_on=day - DAY)
        found.append(CaseSpell(day, history.ends, values))
    return found


def days_of_change(history: History) -> list[date]:
    """Return the days on which anything may change, from the first day on and until today."""
    last = max(history.today, history.begins)
    days = {history.begins, last, history.kept_since}
    days.update(one.since for one in history.levels)
    days.update(one.since for one in history.stays)
    for span in history.spans:
        days.update({span.since, next_day(span.until)})
    for stretch in history.registered:
        days.update({stretch.starts_on, next_day(stretch.ends_on)})
    for spell in history.told:
        days.update({spell.starts_on, next_day(spell.ends_on)})
    return sorted(day for day in days if history.begins <= day <= last)


def next_day(day: date | None) -> date:
    """Return the day after a last day; without one, the end of all days."""
    return FOREVER if day is None else day + DAY


def values_on(history: History, day: date, before: Values | None) -> Values:
    """Return how the case stood on a day. ``before``: how it stood until then."""
    told = next((spell.values for spell in history.told if spell.holds(day)), None)
    stretch = next((one for one in history.registered if one.starts_on <= day <= (one.ends_on or FOREVER)), None)
    categories = categories_on(history, day)
    if not categories and before is not None and day < history.today and (told is None or told.categories):
        # That nothing holds any more ends nothing: a decision does.
        categories = before.categories
    area, unit, lead_agency = particulars_on(history, day, told, stretch)
    return Values(
        category=primary(history, categories),
        categories=categories,
        level=next((int(one.level) for one in reversed(history.levels) if one.since <= day), None),
        location=location_on(history, day, told, stretch),
        area=area,
        unit=unit,
        lead_agency=lead_agency,
    )


def categories_on(history: History, day: date) -> tuple[int, ...]:
    """Return every category that held on a day."""
    return tuple(sorted({one.category for one in history.spans if one.since <= day <= (one.until or FOREVER)}))


def primary(history: History, categories: Collection[int]) -> int | None:
    """Return the primary one of some categories; of those that the case has, the one that it has as such."""
    if set(categories) == set(history.now.categories):
        return history.now.category
    return min(categories, key=list(history.primary_order).index, default=None)


def location_on(history: History, day: date, told: Values | None, stretch: Stretch | None) -> str:
    """Return where the person was on a day.

    Before the record began, a registration that says so knows best. From then on the moves say where; where none is on
    record, what stands of a day stays, and another place begins today.
    """
    if day < history.kept_since and stretch is not None and stretch.counts.location:
        return stretch.counts.location
    if told is not None and day >= history.kept_since and not history.moves_known and day < history.today:
        return told.location
    return str(place_on(history.stays, day).value) if history.stays else history.now.location


Particulars = tuple[str, str | None, str]


def particulars_on(history: History, day: date, told: Values | None, stretch: Stretch | None) -> Particulars:
    """Return the area, unit and lead agency of a case on a day."""
    if told is not None and (day < history.today or history.ends is not None):
        return told.area, told.unit, told.lead_agency
    if stretch is not None and day < history.today:
        return stretch.counts.area, stretch.counts.unit, stretch.counts.lead_agency
    if history.told and day < history.told[0].starts_on:
        first = history.told[0].values
        return first.area, first.unit, first.lead_agency
    return history.now.area, history.now.unit, history.now.lead_agency


def spans_as_the_case_has_them(history: History) -> Iterator[Span]:
    """Yield the categories over time so that today's are those of the case.

    A category that the case has dropped ended when it was dropped; one whose end nobody has decided on goes on.
    """
    now, today = set(history.now.categories), history.today
    for span in history.spans:
        if span.since <= today:
            yield span if span.category in now else replace(span, until=dropped_by(history, span))
    for category in sorted(now - {s.category for s in history.spans if s.since <= today <= (s.until or FOREVER)}):
        yield Span(category, since_when(history, category), None)


def dropped_by(history: History, span: Span) -> date | None:
    """Return the last day of a category that the case has no more: its own, or the one before it was dropped.

    In the spells that stand it was dropped where those begin that are without it.
    """
    runs = span.until is None or span.until >= history.today
    if not any(span.category in spell.values.categories for spell in history.told):
        first = history.told[0].starts_on if history.told else history.today
        return first - DAY if runs else span.until
    dropped = history.today
    for spell in reversed(history.told):
        if span.category in spell.values.categories:
            break
        dropped = min(dropped, spell.starts_on)
    return min(span.until or FOREVER, dropped - DAY)


def since_when(history: History, category: int) -> date:
    """Return the day from which the case has a category that no fact gives today.

    It may go on beyond its end, which waits for a decision, or stand in the spells already; else it is new today.
    """
    past = [span.since for span in history.spans if span.category == category and span.since <= history.today]
    if past:
        return max(past)
    since: date | None = None
    for spell in reversed(history.told):
        if category not in spell.values.categories:
            break
        since = spell.starts_on
    if since is not None:
        return since
    return history.begins if not history.told else history.today


def of_category_3(levels: Sequence[tuple[date, int | None]]) -> Iterator[Span]:
    """Yield category 3 as people decided on it: (day, category) of each level that was set, the oldest first."""
    since: date | None = None
    for day, category in levels:
        is_3 = category == Category.OTHER_DANGEROUS
        if is_3 and since is None:
            since = day
        elif not is_3 and since is not None:
            yield Span(int(Category.OTHER_DANGEROUS), since, day - DAY)
            since = None
    if since is not None:
        yield Span(int(Category.OTHER_DANGEROUS), since, None)
