"""Actions of meetings: whose, by when, and what became of them."""

from collections.abc import Iterator
from datetime import date
from typing import Annotated

from pydantic import Field
from sqlalchemy.orm import Session

from casework.facts.querying import about, given
from models.cases import Case
from models.meetings import Action, Meeting
from policy.vocabulary import ActionState
from views.model import LEFT_OUT, OfCase, equal, filled, of_cases


class ActionView(OfCase, title="Action"):
    """An action that a meeting set, without its text. Its owner is a professional."""

    action: int = Field(description="The number of the action in its case.", examples=[1])
    meeting: int = Field(description="The number of the meeting that set it.", examples=[1])
    agency: str = Field(description="The agency of its owner.", examples=["police"])
    owner: str = Field(description="Who owns it.")
    due_on: date = Field(description="Its date.")
    state: ActionState = Field(description="`accepted`: by the Chair.")
    outcome: Annotated[str | None, LEFT_OUT] = Field(
        description="What was found or achieved; null before, and where it was not done. Its words may name people."
    )
    closed_on: date | None = Field(description="When it was closed; null while it is open.")


def actions(
    session: Session,
    *,
    crn: str | None = None,
    area: str | None = None,
    state: str | None = None,
    due_before: date | None = None,
) -> Iterator[ActionView]:
    """Yield actions by case reference and number."""
    query = given(
        of_cases(
            Action,
            Action.number.label("action"),
            Meeting.number.label("meeting"),
            Action.agency,
            Action.owner_name.label("owner"),
            Action.due_on,
            Action.state,
            Action.outcome,
            Action.closed_on,
        )
        .join(Meeting, Action.meeting_id == Meeting.id)
        .order_by(Case.reference, Action.number),
        about(crn),
        equal(Case.area, area),
        equal(Action.state, state),
        None if due_before is None else Action.due_on < due_before,
    )
    return filled(session, query, ActionView)
