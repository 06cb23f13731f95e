"""What is due, across cases: the lists of the desk. Who may see what is asked by whoever calls."""

from collections.abc import Iterator
from datetime import date

from pydantic import Field
from sqlalchemy import ColumnElement, and_, case, func, select, text
from sqlalchemy.orm import Session

from casework.facts.querying import Query, given
from models.cases import Case
from models.obligations import WAITING, Timescale
from models.pauses import Pause
from models.people import Person
from policy.kinds import KindName
from policy.kinds.words import kind_words
from policy.roles import Role
from policy.vocabulary import State
from views.model import Moment, OfCase, filled

LEAD_AGENCY = "lead_agency"


class DutyView(OfCase, title="Duty"):
    """Something owed on a case, as a list for whoever owes it shows it."""

    id: int = Field(description="The number of the timescale.")
    kind: KindName = Field(description="What is due.")
    label: str | None = Field(description="What tells it from others of its kind.")
    due_on: date = Field(description="The due date.")
    state: State = Field(description="`open` or `paused`.")
    owner_role: Role = Field(description="Who owes it.")
    owner_agency: str = Field(description="For which agency.")
    next_prompt_at: Moment | None = Field(description="When the next rung goes out, or a pause ends.")
    stuck_since: date | None = Field(description="The day of the last rung of its ladder, once that has gone out.")
    paused_until: date | None = Field(description="The day on which its prompts go on.")
    level: int | None = Field(description="The level of the case.")
    unit: str | None = Field(description="The unit of the lead agency.")
    restricted: bool = Field(description="Whether the case is restricted.")

    @property
    def what(self) -> str:
        """Return what is due in words, with what tells it from others of its kind."""
        title = kind_words(self.kind).title
        return f"{title}, {self.label}" if self.label else title


def duty_query() -> Query:
    """Return the query of what is owed, the oldest due date first."""
    paused = and_(Pause.timescale_id == Timescale.id, Pause.ended_on.is_(None))
    return (
        select(
            Timescale.id,
            Person.crn,
            Case.reference.label("case"),
            Timescale.kind,
            Timescale.label,
            Timescale.due_on,
            Timescale.state,
            Timescale.owner_role,
            of_which_agency().label("owner_agency"),
            Timescale.next_prompt_at,
            Timescale.stuck_since,
            Pause.until.label("paused_until"),
            Case.level,
            Case.unit,
            Case.restricted,
        )
        .select_from(Timescale)
        .join(Case, Case.id == Timescale.case_id)
        .join(Person, Person.id == Case.person_id)
        .outerjoin(Pause, paused)
        .where(text(WAITING))
        .order_by(Timescale.due_on, Timescale.id)
    )


def of_which_agency() -> ColumnElement[str]:
    """Return the agency that owes a timescale, by its own name where that is the lead agency of the case."""
    return case((Timescale.owner_agency == LEAD_AGENCY, Case.lead_agency), else_=Timescale.owner_agency)


def duties(
    session: Session, *conditions: ColumnElement[bool] | None, limit: int | None = None, offset: int = 0
) -> Iterator[DutyView]:
    """Yield what is owed under some conditions on cases and timescales, the oldest due date first."""
    query = given(duty_query(), *conditions).offset(offset)
    return filled(session, query if limit is None else query.limit(limit), DutyView)


def count_of(session: Session, *conditions: ColumnElement[bool] | None) -> int:
    """Return how much is owed under some conditions."""
    query = given(
        select(func.count(Timescale.id)).join(Case, Case.id == Timescale.case_id).where(text(WAITING)),
        *conditions,
    )
    return int(session.scalar(query) or 0)


def duty(session: Session, number: int) -> DutyView | None:
    """Return one thing that is owed; None where it is not, or no more."""
    return next(duties(session, Timescale.id == number), None)
