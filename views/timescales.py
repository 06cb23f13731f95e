"""Timescales: what is due on a case, who does it, and by when."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date
from typing import Annotated

from pydantic import Field
from sqlalchemy import Select, and_, select, text
from sqlalchemy.orm import Session

from casework.facts.querying import Query, about, given
from models.cases import Case
from models.obligations import WAITING, Timescale
from models.pauses import Pause
from models.take_on import BY_HARM, is_undecided
from policy.kinds import KindName
from policy.roles import Role
from policy.vocabulary import State
from views.model import LEFT_OUT, Found, Moment, OfCase, equal, filled, of_cases, of_first_cases


class TimescaleView(OfCase, title="Timescale"):
    """Something due on a case by a date."""

    kind: KindName = Field(description="What is due.")
    due_on: date = Field(description="The due date.")
    next_prompt_at: Moment | None = Field(
        description="When the next rung goes out, or a pause ends; null where none is left."
    )
    state: State = Field(
        description="`open` also when overdue; `paused` is due and prompts nobody for a time; `missed` was due, and "
        "something overtook it before it was done; `cancelled` was never due."
    )
    revision: int = Field(description="1, and one more each time the date it runs from has moved.", examples=[1])
    owner_role: Role = Field(description="Whose duty it is.")
    policy: str = Field(description="The version of the policy it was computed with.", examples=["P2012"])
    met_on: Annotated[date | None, LEFT_OUT] = Field(description="The day on which it was done; null where it was not.")
    missed_on: Annotated[date | None, LEFT_OUT] = Field(
        description="The day on which something overtook it before it was done; null where nothing has. A day before "
        "`due_on`: it ended before it was due."
    )
    reason: Annotated[str | None, LEFT_OUT] = Field(description="What overtook it, or why it is not due.")
    stuck_since: Annotated[date | None, LEFT_OUT] = Field(
        description="The day of the last rung of its ladder, once that has gone out: what is open then is on the "
        "weekly list of what is stuck."
    )
    paused_until: Annotated[date | None, LEFT_OUT] = Field(
        description="The day on which its prompts start again; null where it is not paused."
    )
    pause_reason: Annotated[str | None, LEFT_OUT] = Field(description="Why it is paused.")
    pause_authority: Annotated[str | None, LEFT_OUT] = Field(
        description="Who allowed its clock to be stopped; null where its owner snoozed it."
    )


class LabelledTimescaleView(TimescaleView, title="Timescale with its label"):
    """Something due on a case, and what tells it from others of its kind."""

    label: str | None = Field(description="What tells it from others of its kind; null where nothing has to.")

    @property
    def how_it_stands(self) -> str:
        """Return its state; of one that was missed or is paused with the day and why."""
        if self.state is State.MISSED and self.missed_on is not None:
            how = "missed" if self.missed_on > self.due_on else "ended before it was due,"
            return f"{how} on {self.missed_on}" + (f": {self.reason}" if self.reason else "")
        if self.state is State.PAUSED:
            allowed = f", on the authority of {self.pause_authority}" if self.pause_authority else ""
            return f"paused until {self.paused_until}{allowed}: {self.pause_reason}"
        return self.state.value


def timescales(
    session: Session,
    *,
    crn: str | None = None,
    kind: str | None = None,
    state: str | None = None,
    area: str | None = None,
    due_before: date | None = None,
    stuck: bool = False,
    taken_on: bool = False,
) -> Found[TimescaleView]:
    """Yield timescales by case reference, due date and id; those that are stuck by due date, the oldest first.

    ``taken_on``: what was overdue when its area was taken on and is not decided, by harm: the highest level first.
    """
    of_case = about(crn), equal(Case.area, area)
    owed = (
        equal(Timescale.kind, kind),
        equal(Timescale.state, state),
        None if due_before is None else Timescale.due_on < due_before,
    )
    query = given(
        timescale_query(),
        *of_case,
        *owed,
        # The few that a partial index knows, said in its words, and those with a pause that runs.
        and_(text(WAITING), Timescale.state == State.OPEN, Timescale.stuck_since.is_not(None)) if stuck else None,
        Timescale.id.in_(running_pauses()) if state == State.PAUSED else None,
        is_undecided() if taken_on else None,
    )
    if taken_on:
        query = query.order_by(None).order_by(*BY_HARM)
    if stuck:
        query = query.order_by(None).order_by(Timescale.due_on, Case.reference, Timescale.id)
    if stuck or taken_on or state == State.PAUSED:
        # Few, or in another order: they are all looked at.
        return filled(session, query, TimescaleView)
    there_is = given(select(Timescale.id).where(Timescale.case_id == Case.id), *owed)
    return filled(session, query, TimescaleView, of_first_cases(there_is, *of_case))


def running_pauses() -> Select[int]:
    """Return the query of the timescales that are paused."""
    return select(Pause.timescale_id).where(Pause.ended_on.is_(None))


def timescale_query() -> Query:
    """Return the query of timescales, by case reference, due date and id."""
    paused = and_(Pause.timescale_id == Timescale.id, Pause.ended_on.is_(None))
    query = of_cases(
        Timescale,
        Timescale.case_id,
        Timescale.kind,
        Timescale.label,
        Timescale.due_on,
        Timescale.next_prompt_at,
        Timescale.state,
        Timescale.revision,
        Timescale.owner_role,
        Timescale.policy_version.label("policy"),
        Timescale.met_on,
        Timescale.missed_on,
        Timescale.reason,
        Timescale.stuck_since,
        Pause.until.label("paused_until"),
        Pause.reason.label("pause_reason"),
        Pause.authority.label("pause_authority"),
    )
    return query.outerjoin(Pause, paused).order_by(Case.reference, Timescale.due_on, Timescale.id)


def timescales_by_case(session: Session, ids: Sequence[int]) -> dict[int, list[TimescaleView]]:
    """Return the timescales of some cases, by due date and id."""
    found: dict[int, list[TimescaleView]] = defaultdict(list)
    for row in session.execute(timescale_query().where(Timescale.case_id.in_(ids))):
        found[row.case_id].append(TimescaleView.model_validate(row))
    return found
