"""Prompts: which rung was raised, to whom, when, and in which message."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import date, datetime

from pydantic import Field
from sqlalchemy import select
from sqlalchemy.orm import Session

from casework.facts.querying import Query, about, given
from models.cases import Case
from models.obligations import Prompt, Timescale
from policy.kinds import KindName
from policy.roles import Role
from views.model import Moment, OfCase, equal, filled, of_cases, of_first_cases


class PromptView(OfCase, title="Prompt"):
    """A rung of a timescale that was raised to one recipient."""

    kind: KindName = Field(description="The kind of the timescale.")
    revision: int = Field(description="The revision of the timescale for which it was raised.", examples=[1])
    rung: str = Field(
        description="The step of the ladder; `identified` only announces a new case.", examples=["-1 month"]
    )
    due_on: date = Field(description="The due date of that revision.")
    recipient: str = Field(
        description='The address; "" where nobody on the whole line has one.', examples=["opal@prison.example"]
    )
    first_recipient: str | None = Field(
        default=None, description="Who was asked first; null where that is still the recipient."
    )
    recipient_role: Role = Field(description="The role in which the recipient gets it.")
    raised_at: Moment = Field(description="When it was raised.")
    late_by_days: int = Field(description="Calendar days after the day on which the rung was to go out.", examples=[0])
    message: str = Field(description="The id of the one message that carries it.")


def prompts(
    session: Session,
    *,
    crn: str | None = None,
    kind: str | None = None,
    area: str | None = None,
    since: datetime | None = None,
    until: datetime | None = None,
) -> Iterator[PromptView]:
    """Yield prompts raised from ``since`` to ``until`` (both included), by case reference, due date and id."""
    of_case = about(crn), equal(Case.area, area)
    raised = (
        equal(Timescale.kind, kind),
        None if since is None else Prompt.raised_at >= since,
        None if until is None else Prompt.raised_at <= until,
    )
    query = given(prompt_query().order_by(Case.reference, Prompt.due_on, Prompt.id), *of_case, *raised)
    there_is = select(Prompt.id).join(Timescale, Prompt.timescale_id == Timescale.id)
    there_is = given(there_is.where(Timescale.case_id == Case.id), *raised)
    return filled(session, query, PromptView, of_first_cases(there_is, *of_case))


def prompt_query() -> Query:
    """Return the query of prompts, in no order yet."""
    return of_cases(
        Timescale,
        Timescale.kind,
        Prompt.revision,
        Prompt.rung,
        Prompt.due_on,
        Prompt.recipient,
        Prompt.first_recipient,
        Prompt.recipient_role,
        Prompt.raised_at,
        Prompt.late_by_days,
        Prompt.message_id.label("message"),
    ).join(Prompt, Prompt.timescale_id == Timescale.id)


def prompts_by_message(session: Session, ids: Sequence[str]) -> dict[str, list[PromptView]]:
    """Return the prompts that each of some messages carries."""
    found: dict[str, list[PromptView]] = defaultdict(list)
    for row in session.execute(prompt_query().where(Prompt.message_id.in_(ids)).order_by(Prompt.id)):
        found[row.message].append(PromptView.model_validate(row))
    return found
