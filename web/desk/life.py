"""A picture of the life of a case: a line of time with its sentence, custody, marks, meetings and end."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from casework.facts.querying import now_known_as
from models.cases import Case
from models.meetings import Meeting
from models.obligations import Timescale
from policy.calendar import london_date
from policy.kinds.words import kind_words
from policy.vocabulary import Location, MeetingState, State

WIDTH, LEFT, ROW, TOP = 900, 10, 46, 24
"""The picture's units: its width, its margin, the height of a row and of the heading."""
SHORTEST = timedelta(days=120)
MOST_MARKS = 24


@dataclass(frozen=True, slots=True)
class Bar:
    """A time: what it is, from when to when (None: no known end), and where it stands in the picture."""

    what: str
    begins: date
    ends: date | None
    x: float
    width: float


@dataclass(frozen=True, slots=True)
class Mark:
    """A day: what happened or is due on it, and where it stands in the picture. ``kind``: held, planned or due."""

    what: str
    on: date
    kind: str
    x: float


@dataclass(frozen=True, slots=True)
class Life:
    """The picture, and all that it shows as a table would."""

    bars: tuple[Bar, ...]
    marks: tuple[Mark, ...]
    today: float
    years: tuple[tuple[int, float], ...]

    @property
    def height(self) -> int:
        """Return the height of the picture, in its own units."""
        return TOP + ROW * (len(self.bars) + 1) + 30


def life_of(session: Session, case: Case, today: date) -> Life:
    """Return the picture of a case as it stands."""
    times = list(times_of(session, case))
    days = sorted(marks_of(session, case), key=lambda mark: (mark[1], mark[0]))[-MOST_MARKS:]
    known = [begins for _, begins, _ in times] + [on for _, on, _ in days] + [today]
    ends = [end for _, _, end in times if end is not None]
    first = min(known)
    last = max([*known, *ends, first + SHORTEST]) + timedelta(days=30)

    def x(on: date) -> float:
        return round(LEFT + (WIDTH - 2 * LEFT) * (on - first).days / (last - first).days, 1)

    bars = tuple(Bar(what, begins, end, x(begins), max(x(end or last) - x(begins), 2)) for what, begins, end in times)
    marks = tuple(Mark(what, on, kind, x(on)) for what, on, kind in days)
    step = max(1, (last.year - first.year) // 10)
    years = tuple(
        (year, x(date(year, 1, 1)))
        for year in range(first.year + 1, last.year + 1, step)
        if x(date(year, 1, 1)) < WIDTH - 40
    )
    return Life(bars, marks, x(today), years)


def times_of(session: Session, case: Case) -> Iterator[tuple[str, date, date | None]]:
    """Yield the times of a case: each sentence, the custody that still runs, and how long the person is eligible."""
    person = now_known_as(session, case.person)
    for sentence in person.standing:
        if sentence.case_id == case.id:
            ends = [sentence.sentence_expiry_date, sentence.licence_expiry_date, sentence.order_end_date]
            known = [end for end in ends if end is not None]
            what = f"{sentence.offence_description or sentence.offence_code}"
            yield f"Sentence: {what}", sentence.sentence_date, max(known) if known else None
    if case.location == Location.CUSTODY:
        began = min((one.sentence_date for one in person.standing if one.case_id == case.id), default=case.opened_on)
        yield "In custody", began, case.release_date if case.release_date and case.release_date > began else None
    yield "Under MAPPA", case.opened_on, case.closed_on or case.eligible_until


def marks_of(session: Session, case: Case) -> Iterator[tuple[str, date, str]]:
    """Yield the days of a case: its meetings, and what is due."""
    for meeting in session.scalars(select(Meeting).where(Meeting.case_id == case.id).order_by(Meeting.number)):
        if meeting.state != MeetingState.CANCELLED:
            yield f"Meeting {meeting.number}", london_date(meeting.starts_at), str(meeting.state)
    owed = select(Timescale).where(Timescale.case_id == case.id, Timescale.state.in_((State.OPEN, State.PAUSED)))
    for timescale in session.scalars(owed.order_by(Timescale.due_on, Timescale.id)):
        yield kind_words(timescale.kind).title, timescale.due_on, "due"
