"""Where a person has been, and when they leave custody: from their sentences and their moves."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from models.cases import Case
from models.people import Sentence
from policy.calendar import WorkingCalendar
from policy.custody import TAKES_TO, Stay, place_on, stays
from policy.events import EventKind
from policy.release import DATE_NAMES, ReleaseDates, door_opens, left_by, release_date
from policy.vocabulary import CUSTODIAL, Location

# What a recall keeps of the dates that it moves: since when the person was outside.
OUTSIDE_SINCE = "outside_since"


def where_over_time(
    case: Case, sentences: Sequence[Sentence], events: Iterable[Any], calendar: WorkingCalendar
) -> tuple[Stay, ...]:
    """Return where the person has been: from the moves on record, and where the case has them now."""
    return whereabouts(sentences, events, case.opened_on, Location(case.location), calendar)


def whereabouts(
    sentences: Sequence[Sentence], events: Iterable[Any], opened_on: date, now: Location, calendar: WorkingCalendar
) -> tuple[Stay, ...]:
    """Return where somebody has been of whom the record knows since a day: from their moves, and where they are now.

    Who had left custody by then, where the dates of the sentence tell when, was there from the sentence until that day.
    """
    custodial = [s for s in sentences if s.disposal in CUSTODIAL]
    first = min((s.sentence_date for s in custodial or sentences), default=opened_on)
    latest = max((s.sentence_date for s in sentences), default=opened_on)
    rows = list(events)
    moves = [(row.on_date, EventKind(row.kind)) for row in rows]
    known = next((row for row in rows if EventKind(row.kind) in TAKES_TO), None)
    left = None
    if known is None and now is Location.COMMUNITY:
        left = left_custody(custodial, opened_on, calendar)
    elif known is not None and known.kind == EventKind.RECALL and known.data.get(OUTSIDE_SINCE):
        left = date.fromisoformat(known.data[OUTSIDE_SINCE])
    if left is not None:
        moves = [(left, EventKind.RELEASE), *moves]
    elif known is None and now is not Location.CUSTODY:
        first = latest
    return stays(moves, min(first, opened_on), now, latest)


def left_custody(custodial: Sequence[Sentence], opened_on: date, calendar: WorkingCalendar) -> date | None:
    """Return the day on which the door had opened for somebody who was outside by a day, if it is known."""
    dates = [left_by(release_dates(sentence), opened_on) for sentence in custodial]
    last = max((day for day in dates if day is not None), default=None)
    return None if last is None else max(door_opens(last, calendar), min(s.sentence_date for s in custodial))


def moves_are_known(sentence: Sentence, stays_known: Sequence[Stay], opened_on: date) -> bool:
    """Tell whether the record, which began on a day, tells each move of a person since a sentence.

    Who had been released by then and was back, or was released, recalled and released again, moved before it began.
    """
    left = left_by(release_dates(sentence), opened_on)
    if left is None or left <= sentence.sentence_date:
        return True
    back = any(place_on(stays_known, day) is not Location.COMMUNITY for day in (left, opened_on))
    recalled = sentence.post_recall_release_date is not None and sentence.post_recall_release_date <= opened_on
    return not back and not recalled


def last_recall(events: Iterable[Any]) -> date:
    """Return the day of the last recall among events; the first of all days where there is none."""
    return max((row.on_date for row in events if row.kind == EventKind.RECALL), default=date.min)


def release_and_floor(
    case: Case, sentences: Sequence[Sentence], today: date, recalled_on: date
) -> tuple[date | None, date]:
    """Return the release date of a case, and the day before which no mark lies.

    Of several custodial sentences the one that ends custody last governs: its release date, its floor.
    """
    custodial = [s for s in sentences if s.disposal in CUSTODIAL] or list(sentences)
    floor = max((s.sentence_date for s in custodial), default=case.opened_on)
    if case.location != Location.CUSTODY:
        return None, floor
    dated = [
        (release_date(release_dates(s), today, case.release_date, recalled_on), s.sentence_date) for s in custodial
    ]
    known = [(on, sentenced) for on, sentenced in dated if on is not None]
    return max(known) if known else (None, floor)


def release_dates(sentence: Sentence) -> ReleaseDates:
    """Return the release dates of a sentence as the rules see them.

    Where time served on remand has brought a date before the sentence, the release was on the day of the sentence.
    """
    told = {name: getattr(sentence, name) for name in DATE_NAMES}
    return ReleaseDates(**{name: day and max(day, sentence.sentence_date) for name, day in told.items()})
