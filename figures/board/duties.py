"""What was overdue at the end of a day, and which escalations were open then, read from the timescales.

A duty is seen with the due date and the ladder that it has on record. It was open on the day if it has not been done or
overtaken since before: so the same day looked at later gives the same, as far as no due date has moved.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Any

from sqlalchemy import ColumnElement, and_, func, literal, or_, select
from sqlalchemy.orm import Session

from figures.board.asked import Asked
from figures.london import london_day
from figures.stood import Stood, of_case
from models.base import table_of
from models.obligations import Prompt, Timescale
from models.people import Person
from models.registrations import Spell
from policy.kinds import BY_NAME
from policy.roles import Role
from policy.vocabulary import State, Weight
from policy.words import role_name, short_date

BATCH = 2_000
LEAD_AGENCY = "lead_agency"
"""What stands for the lead agency in a timescale that it owes."""
HIGHEST_FIRST = (
    Role.SMB_CHAIR, Role.SMB_MEMBER, Role.COORDINATOR_MANAGER, Role.SENIOR_MANAGER, Role.CHAIR, Role.COORDINATOR,
    Role.LINE_MANAGER,
)  # fmt: skip
"""Whom an escalation can have reached, from the top; anybody else comes after them."""
duty, prompt = table_of(Timescale), table_of(Prompt)


@dataclass(frozen=True, slots=True)
class Overdue:
    """A duty that was overdue at the end of a day. ``days``: how long, on the day after."""

    case: str
    crn: str
    kind: str
    label: str | None
    agency: str
    due_on: date
    days: int

    @property
    def title(self) -> str:
        """Return what the duty is."""
        return title_of(self.kind)

    @property
    def why(self) -> str:
        """Return since when it was overdue, in words."""
        return f"{words_of(self.kind, self.label)}: due on {short_date(self.due_on)}, {late(self.days)}"


@dataclass(frozen=True, slots=True)
class Escalated:
    """An escalation that was open at the end of a day: the highest role that was asked, and since when.

    ``rung``: the step of the ladder at which that role was asked first, by its name; ``ladder``: the steps it has.
    """

    case: str
    crn: str
    kind: str
    label: str | None
    agency: str
    due_on: date
    role: str
    rung: str
    since: date
    ladder: Sequence[str]

    @property
    def step(self) -> int:
        """Return how far up the ladder it went, the first step being 1."""
        return self.ladder.index(self.rung) + 1 if self.rung in self.ladder else len(self.ladder)

    @property
    def why(self) -> str:
        """Return what was escalated, to whom and since when, in words."""
        what = f"{words_of(self.kind, self.label)}, due on {short_date(self.due_on)}"
        return f"{what}: with the {role_name(self.role)} since {short_date(self.since)}"


def title_of(kind: str) -> str:
    """Return what a kind of duty is called."""
    return BY_NAME[kind].spec.title if kind in BY_NAME else kind.replace("_", " ")


def words_of(kind: str, label: str | None) -> str:
    """Return what a duty is, with what tells it from others of its case."""
    return f"{title_of(kind)} ({label})" if label else title_of(kind)


def late(days: int) -> str:
    """Return how long something has been overdue, in words."""
    return f"{days:,} {'day' if days == 1 else 'days'} overdue"


def open_on(asked: Asked) -> ColumnElement[bool]:
    """Return the condition that a duty was on record and open, or paused, at the end of the day."""
    return and_(
        or_(
            duty.c.state.in_((State.OPEN, State.PAUSED)),
            and_(duty.c.state == State.MET, duty.c.met_on > asked.on),
            and_(duty.c.state == State.MISSED, duty.c.missed_on > asked.on),
        ),
        duty.c.opened_at < asked.midnight,
    )


def may_have_stood(asked: Asked) -> ColumnElement[bool]:
    """Return the condition that a case has ever been in the areas: it spares the look at where the others stood."""
    ever = select(Spell.case_id).where(Spell.area.in_(asked.areas))
    return or_(of_case.c.area.in_(asked.areas), of_case.c.id.in_(ever))


def columns_of(stood: Stood) -> tuple[Any, ...]:
    """Return what both queries read of a duty."""
    agency = func.replace(duty.c.owner_agency, LEAD_AGENCY, stood.lead_agency).label("agency")
    return of_case.c.reference.label("case"), Person.crn, duty.c.kind, duty.c.label, agency, duty.c.due_on


def overdue(session: Session, asked: Asked) -> Iterator[Overdue]:
    """Yield what was overdue: the longest first."""
    stood = Stood(literal(asked.on))
    tables = stood.joined(duty, duty.c.case_id).join(Person, Person.id == of_case.c.person_id)
    query = (
        select(*columns_of(stood))
        .select_from(tables)
        .where(duty.c.due_on <= asked.on, open_on(asked), may_have_stood(asked), stood.area.in_(asked.areas))
        .order_by(duty.c.due_on, of_case.c.reference, duty.c.id)
        .execution_options(yield_per=BATCH)
    )
    for one in session.execute(query):
        yield Overdue(**one._mapping, days=(asked.after - one.due_on).days)


def escalated(session: Session, asked: Asked) -> list[Escalated]:
    """Return the escalations that were open: the highest first, and of one height the longest there."""
    stood = Stood(literal(asked.on))
    role = prompt.c.recipient_role.label("role")
    raised_on = london_day(prompt.c.raised_at).label("since")
    tables = stood.joined(prompt.join(duty, duty.c.id == prompt.c.timescale_id), duty.c.case_id)
    query = (
        select(
            duty.c.id,
            duty.c.ladder,
            *columns_of(stood),
            role,
            prompt.c.rung,
            raised_on,
        )
        .select_from(tables.join(Person, Person.id == of_case.c.person_id))
        .where(
            prompt.c.weight == Weight.ESCALATION,
            prompt.c.revision == duty.c.revision,
            prompt.c.raised_at < asked.midnight,
            open_on(asked),
            may_have_stood(asked),
            stood.area.in_(asked.areas),
        )
        .order_by(duty.c.id, prompt.c.raised_at, prompt.c.id)
    )
    found = []
    for _, prompts in groupby(session.execute(query), key=lambda row: row[0]):
        # The first of the highest: a role that is asked again has had it since it was asked first.
        one = min(prompts, key=lambda row: height(row.role))
        values = {name: value for name, value in one._mapping.items() if name not in ("id", "ladder")}
        found.append(Escalated(**values, ladder=[step["rung"] for step in one.ladder]))
    return sorted(found, key=lambda one: (height(one.role), one.since, one.case, one.kind, one.label or ""))


def height(role: str) -> int:
    """Return how far from the top a role is."""
    return HIGHEST_FIRST.index(Role(role)) if role in HIGHEST_FIRST else len(HIGHEST_FIRST)
