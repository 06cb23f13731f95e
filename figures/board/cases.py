"""The cases that are managed at a level outside custody: when each was reviewed last, and a sample of level 1.

A case counts from the spell in which it stood at the end of the day. What it waits from is its last review: a meeting
that was held or a review at level 1; without one, the day from which it has been at a level outside custody.
"""

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Subquery, func, or_, select
from sqlalchemy.orm import Session

from figures.board.asked import DAY, Asked
from figures.london import london_day
from models.cases import Case, Fact
from models.meetings import Meeting
from models.people import Person
from models.registrations import Spell
from policy.vocabulary import FactKind, Level, Location, MeetingState
from policy.words import short_date

BATCH = 2_000
WEEK = 7
FINDINGS = {"sound": "Sound", "to_improve": "To be improved", "wrong_level": "The level is wrong"}


@dataclass(frozen=True, slots=True)
class Managed:
    """A case at a level outside custody. ``reviewed_on``: None where nobody has reviewed it since it came there."""

    case: str
    crn: str
    area: str
    unit: str
    agency: str
    level: int
    since: date
    reviewed_on: date | None
    days: int

    @property
    def weeks(self) -> int:
        """Return for how many whole weeks it has not been reviewed."""
        return self.days // WEEK

    @property
    def why(self) -> str:
        """Return its level and its last review, in words."""
        if self.reviewed_on is not None:
            return f"level {self.level}, last reviewed on {short_date(self.reviewed_on)}"
        return f"level {self.level}, not reviewed since it came to a level outside custody on {short_date(self.since)}"


def managed(session: Session, asked: Asked) -> Iterator[Managed]:
    """Yield the cases at a level outside custody: the longest without a review first."""
    return iter(sorted(read(session, asked), key=lambda one: (-one.days, one.case)))


def read(session: Session, asked: Asked) -> Iterator[Managed]:
    """Yield the cases in the order of their spells."""
    met, reviewed, away, first = meetings_held(asked), reviews(asked), spells_away(asked), first_spells()
    query = (
        select(Case.reference, Person.crn, Spell.area, func.coalesce(Spell.unit, ""), Spell.lead_agency, Spell.level,
               met.c.on, reviewed.c.on, away.c.until, first.c.on)
        .join_from(Spell, Case, Case.id == Spell.case_id)
        .join(Person, Person.id == Case.person_id)
        .join(first, first.c.case_id == Spell.case_id)
        .outerjoin(met, met.c.case_id == Spell.case_id)
        .outerjoin(reviewed, reviewed.c.case_id == Spell.case_id)
        .outerjoin(away, away.c.case_id == Spell.case_id)
        .where(
            Spell.area.in_(asked.areas),
            Spell.starts_on <= asked.on,
            or_(Spell.ends_on.is_(None), Spell.ends_on >= asked.on),
            or_(Case.closed_on.is_(None), Case.closed_on > asked.on),
            Spell.level.is_not(None),
            Spell.location != Location.CUSTODY,
        )
        .order_by(Spell.id)
        .execution_options(yield_per=BATCH)
    )  # fmt: skip
    for reference, crn, area, unit, agency, level, met_on, reviewed_on, until, first_on in session.execute(query):
        since = first_on if until is None else until + DAY
        last = max((on for on in (met_on, reviewed_on) if on is not None and on >= since), default=None)
        days = (asked.after - (last or since)).days
        yield Managed(reference, crn, area, unit, agency, level, since, last, days)


def first_spells() -> Subquery:
    """Return the first day of each case."""
    return select(Spell.case_id, func.min(Spell.starts_on).label("on")).group_by(Spell.case_id).subquery()


def spells_away(asked: Asked) -> Subquery:
    """Return the last day on which each case was in custody or had no level, up to the day."""
    away = or_(Spell.level.is_(None), Spell.location == Location.CUSTODY)
    last = func.max(Spell.ends_on).label("until")
    return select(Spell.case_id, last).where(away, Spell.ends_on < asked.on).group_by(Spell.case_id).subquery()


def meetings_held(asked: Asked) -> Subquery:
    """Return the day of the last meeting of each case, up to the day."""
    held = (Meeting.state == MeetingState.HELD) & (Meeting.starts_at < asked.midnight)
    last = london_day(func.max(Meeting.starts_at)).label("on")
    return select(Meeting.case_id, last).where(held).group_by(Meeting.case_id).subquery()


def reviews(asked: Asked) -> Subquery:
    """Return the day of the last review at level 1 of each case, up to the day."""
    done = (Fact.kind == FactKind.LEVEL_1_REVIEW) & (Fact.on_date <= asked.on)
    return select(Fact.case_id, func.max(Fact.on_date).label("on")).where(done).group_by(Fact.case_id).subquery()


def sample_of(cases: Sequence[Managed], asked: Asked) -> list[Managed]:
    """Return the level 1 cases that the board checks: of each area as many as its policy says, drawn by its seed.

    The draw puts the cases into the order of a hash of seed and reference and takes the first. So any case is as likely
    as another, whatever the database and however its rows lie, and anybody can draw it again.
    Source: Joint inspection 2015, 4.22 and 7.12.
    """
    drawn: list[Managed] = []
    for area, policy in asked.by_area.items():
        there = [one for one in cases if one.area == area and one.level == Level.LEAD_AGENCY]
        there.sort(key=lambda one: place_in_draw(asked.seed_of(area), one.case))
        drawn += sorted(there[: policy.board.level_1_sample], key=lambda one: one.case)
    return drawn


def place_in_draw(seed: int, reference: str) -> bytes:
    """Return by what a case is put into order for a draw."""
    return hashlib.sha256(f"{seed}|{reference}".encode()).digest()


def findings_of(session: Session, asked: Asked) -> dict[str, str]:
    """Return what was found in checks of the level 1 sample since the quarter began, by case: the last of each."""
    query = (
        select(Case.reference, Fact.on_date, Fact.data["finding"].as_string())
        .join_from(Fact, Case, Case.id == Fact.case_id)
        .where(Case.area.in_(asked.areas), Fact.kind == FactKind.CASE_AUDIT)
        .where(Fact.data["audit"].as_string() == "level_1_sample", Fact.on_date >= asked.quarter.first)
        .order_by(Fact.on_date, Fact.id)
    )
    return {case: f"{FINDINGS.get(finding, finding)}, {short_date(on)}" for case, on, finding in session.execute(query)}
