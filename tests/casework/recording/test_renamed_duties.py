"""A duty that the program reads under another name than before is the same duty: nobody is asked a second time.

The records are made as the earlier program made them: whoever had left custody before the file came was known from that
day on, and the first check of the dates ran from the day of the file. Then this program goes on.
"""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from typing import Any

import pytest
from sqlalchemy import func, select

from casework.facts import whereabouts
from casework.recompute import recompute
from casework.timescales import refresh
from models.audit_seals import verify
from models.cases import Case
from models.obligations import Prompt, Timescale
from models.people import Sentence
from models.record import Record
from policy.calendar import WorkingCalendar
from policy.custody import TAKES_TO, Stay, stays
from policy.events import EventKind
from policy.obligations import release
from policy.release import left_by
from policy.vocabulary import CUSTODIAL, Location
from tests.support.story import DARREN, MEETING_DIRECTORY, Story, at, form

ABOUT_CUSTODY = ("prison_notice", "referral", "level_setting", "release", "dates_check", "first_notification")
# The date is Saturday 7 June 2025, so that the door opened on Friday 6 (Criminal Justice Act 1961 s.23).
LEFT = DARREN | {"sentence_date": "2024-06-03", "offence_code": "SX03001", "location": "community",
                 "conditional_release_date": "2025-06-07"}  # fmt: skip


def as_it_was(
    sentences: Sequence[Sentence], events: Iterable[Any], opened_on: date, now: Location, _calendar: WorkingCalendar
) -> tuple[Stay, ...]:
    """Return where somebody has been as the earlier program read it."""
    custodial = [s for s in sentences if s.disposal in CUSTODIAL]
    first = min((s.sentence_date for s in custodial or sentences), default=opened_on)
    latest = max((s.sentence_date for s in sentences), default=opened_on)
    rows = list(events)
    known = next((row for row in rows if EventKind(row.kind) in TAKES_TO), None)
    if known is None and now is not Location.CUSTODY:
        gone = [left_by(whereabouts.release_dates(s), opened_on) for s in custodial]
        first = max((day for day in gone if day is not None), default=latest)
    elif known is not None and known.kind == EventKind.RECALL and known.data.get(whereabouts.OUTSIDE_SINCE):
        first = date.fromisoformat(known.data[whereabouts.OUTSIDE_SINCE])
    return stays([(row.on_date, EventKind(row.kind)) for row in rows], min(first, opened_on), now, latest)


@contextmanager
def earlier_program() -> Iterator[None]:
    """Read moves and checks as the earlier program did."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(whereabouts, "whereabouts", as_it_was)
        patched.setattr(release, "MONTHS_OF_A_WORD", 0)
        yield


def raised(story: Story) -> int:
    with story.record.reading() as session:
        return session.scalar(select(func.count(Prompt.id))) or 0


def row_ids(story: Story, kind: str) -> dict[int, tuple[str, str, date]]:
    """Return subject, state and due date of the timescales of a kind that were not cancelled, by id."""
    return {one.id: (str(one.subject), one.state, one.due_on)
            for one in story.timescales(kind) if one.state != "cancelled"}  # fmt: skip


def looked_at(story: Story, day: str) -> None:
    """Have every duty derived by this program, the loud way and the quiet one, and the clock go round."""
    with story.record.writing() as session:
        refresh(session, session.scalars(select(Case).order_by(Case.id)).all(), at(day, 11), "operator")
    story.tick(day, 12)
    list(recompute(story.record, at(day, 13), "operator"))
    story.tick(day, 14)


def cancelled(story: Story) -> list[tuple[str, str]]:
    with story.record.reading() as session:
        query = select(Timescale).where(Timescale.kind.in_(ABOUT_CUSTODY), Timescale.state == "cancelled")
        return [(one.kind, str(one.subject)) for one in session.scalars(query.order_by(Timescale.id))]


def trail_holds(story: Story) -> None:
    with story.record.reading() as session:
        assert list(verify(session)) == []


def test_the_level_of_somebody_who_had_left_before_the_file_came_is_asked_for_once(record: Record, tmp_path) -> None:
    """Twenty working days from Saturday 7 June 2025, as from Friday 6, end on Friday 4 July 2025."""
    story = Story(record, tmp_path, MEETING_DIRECTORY)
    with earlier_program():
        story.load("2025-06-16", LEFT)
        story.every_day("2025-06-16", "2025-07-14")
    [(number, was)] = row_ids(story, "level_setting").items()
    assert was == ("start", "open", date(2025, 7, 4))
    asked = story.prompts("level_setting")
    assert [rung for rung, *_ in asked] == ["-10W", "due", "+5W"]
    looked_at(story, "2025-07-14")
    assert row_ids(story, "level_setting") == {number: ("outside 2025-06-06", "open", date(2025, 7, 4))}
    assert story.prompts("level_setting") == asked
    # The ladder goes on from where it stands: ten working days from 4 July end on Friday 18 July.
    story.every_day("2025-07-15", "2025-07-18")
    assert [(rung, day) for rung, _, _, day in story.prompts("level_setting")[3:]] == [("+10W", "2025-07-18")]
    assert cancelled(story) == []
    trail_holds(story)


def test_a_level_that_was_set_is_not_a_second_duty(record: Record, tmp_path) -> None:
    story = Story(record, tmp_path, MEETING_DIRECTORY)
    with earlier_program():
        story.load("2025-06-16", LEFT)
        story.tick("2025-06-16")
        story.record_fact("level", "2025-06-20", level=1, reason="Managed by one agency.")
    [(number, _)] = row_ids(story, "level_setting").items()
    looked_at(story, "2025-06-23")
    assert row_ids(story, "level_setting") == {number: ("outside 2025-06-06", "met", date(2025, 7, 4))}


@pytest.mark.parametrize("day", ["2025-09-02", "2025-09-16"])
def test_the_first_check_of_the_dates_keeps_the_day_by_which_it_was_asked(record: Record, tmp_path, day: str) -> None:
    """Sentenced on 12 November 2023, loaded on 2 September 2024: the prison was asked by 2 September 2025."""
    story = Story(record, tmp_path, MEETING_DIRECTORY)
    with earlier_program():
        story.load("2024-09-02", DARREN)
        story.every_day("2024-09-02", "2024-09-03")
        story.every_day("2025-07-30", day)
    [(number, was)] = row_ids(story, "dates_check").items()
    assert was == ("2024-09-02", "open", date(2025, 9, 2))
    before, all_of_them = story.prompts("dates_check"), raised(story)
    assert before
    looked_at(story, day)
    assert row_ids(story, "dates_check") == {number: was}
    assert (story.prompts("dates_check"), raised(story)) == (before, all_of_them)
    story.record_fact("dates-check", "2025-09-17", release_date="2027-03-12", by="Opal")
    assert row_ids(story, "dates_check")[number] == ("2024-09-02", "met", date(2025, 9, 2))
    assert [one for one in row_ids(story, "dates_check").values() if one[1] == "open"] == [
        ("2025-09-17", "open", date(2026, 9, 17))]  # fmt: skip
    looked_at(story, "2025-09-18")
    assert len(row_ids(story, "dates_check")) == 2
    trail_holds(story)


def test_what_a_recall_made_due_is_asked_for_once(record: Record, tmp_path) -> None:
    """Recalled on 4 May 2026 with the next release on 4 January 2027: it is now the second time in custody.

    Released again then, the person notifies the police within three days: by 6 January 2027.
    """
    story = Story(record, tmp_path, MEETING_DIRECTORY)
    with earlier_program():
        story.load("2025-06-16", LEFT)
        story.tick("2025-06-16")
        story.record_fact("custody-event", "2026-05-04", **form("custody-event", release_date="2027-01-04"))
        story.every_day("2026-05-04", "2026-05-19")
    kept = {kind: row_ids(story, kind) for kind in ABOUT_CUSTODY}
    before = story.prompts("prison_notice")
    assert before
    looked_at(story, "2026-05-19")
    assert story.prompts("prison_notice") == before
    for kind, rows in kept.items():
        now = {number: one[1:] for number, one in row_ids(story, kind).items() if number in rows}
        assert now == {number: one[1:] for number, one in rows.items()}, kind
    assert len(row_ids(story, "level_setting")) == len(kept["level_setting"]) == 2
    assert cancelled(story) == []
    assert [str(one.subject) for one in story.timescales("release") if one.state == "open"] == ["custody 2026-05-04"]
    trail_holds(story)


def test_a_name_that_another_duty_takes_over_is_given_up_first(record: Record, tmp_path) -> None:
    """The notification after the second release had the name that is now that of the first."""
    story = Story(record, tmp_path, MEETING_DIRECTORY)
    with earlier_program():
        story.load("2025-06-16", LEFT)
        story.tick("2025-06-16")
        story.record_fact("custody-event", "2026-05-04", **form("custody-event", release_date="2027-01-04"))
        released = form("custody-event", event="release", prison=None, release_date=None)
        story.record_fact("custody-event", "2027-01-04", **released)
        story.every_day("2027-01-04", "2027-01-08")
    [(number, was)] = row_ids(story, "first_notification").items()
    assert was == ("", "open", date(2027, 1, 6))
    before = story.prompts("first_notification")
    assert before
    looked_at(story, "2027-01-08")
    rows = row_ids(story, "first_notification")
    assert rows.pop(number) == ("custody 2026-05-04", "open", date(2027, 1, 6))
    # Three days beginning with the first release, Friday 6 June 2025; the recall overtook it.
    assert list(rows.values()) == [("", "missed", date(2025, 6, 8))]
    assert story.prompts("first_notification") == before
    trail_holds(story)
