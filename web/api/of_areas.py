"""What is not about one case: what is due and when meetings are, the policy, and the token itself."""

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Depends, Query
from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import ColumnElement, and_, or_
from starlette.requests import Request

from models.cases import Case
from models.desk import ApiToken
from models.meetings import Meeting
from models.obligations import Timescale
from models.record import policies
from policy.errors import NotAllowedError
from policy.kinds import KindName
from policy.roles import Role
from policy.texts import HIGHEST_NUMBER, whole_number
from policy.vocabulary import MeetingState
from views.duties import DutyView, duties
from views.meetings import MeetingView, meetings
from views.model import equal
from views.policy import PolicyView, policy_view
from views.tokens import TokenView, tokens
from web.access.relations import readable
from web.access.rights import Action
from web.access.tokens import Scope
from web.api.caller import Caller, Needs
from web.api.description import ALWAYS
from web.api.errors import ParameterError
from web.api.lists import ListOf, Paging, part

CALLS = APIRouter(tags=["areas"], responses=ALWAYS)


class DueFilters(Paging):
    """Which duties."""

    area: str | None = Field(default=None, max_length=60, description="The MAPPA area.")
    unit: str | None = Field(default=None, max_length=80, description="The unit of the lead agency.")
    kind: KindName | None = Field(default=None, description="What is due.")
    owner_role: Role | None = Field(default=None, description="Who owes it.")
    due_before: date | None = Field(default=None, description="Only what is due before this day.")
    stuck: bool | None = Field(default=None, description="Only what is past its last reminder, or only what is not.")


@CALLS.get("/due", summary="List what is due on the cases that the token may read, the oldest due date first")
def due(
    request: Request,
    caller: Annotated[Caller, Depends(Needs(Action.SIGNED_IN, Scope.READ, query=True))],
    asked: Annotated[DueFilters, Query()],
) -> ListOf[DutyView]:
    """List what is open or paused."""
    conditions = (
        readable(caller.reader, caller.as_at),
        equal(Case.area, asked.area),
        equal(Case.unit, asked.unit),
        equal(Timescale.kind, asked.kind),
        equal(Timescale.owner_role, asked.owner_role),
        None if asked.due_before is None else Timescale.due_on < asked.due_before,
        None if asked.stuck is None else Timescale.stuck_since.is_not(None) == asked.stuck,
        due_after(asked.after),
    )
    with caller.record.reading() as session:
        found = list(duties(session, *conditions, limit=asked.limit + 1))
    return part(request, found, asked.limit, lambda one: f"{one.due_on}.{one.id}")


def due_after(after: str | None) -> ColumnElement[bool] | None:
    """Return the condition that a duty comes after the one at which a list ended: ``2026-09-11.123``."""
    if after is None:
        return None
    day, number = split(after)
    try:
        on = date.fromisoformat(day)
    except ValueError:
        raise ParameterError("after", "take it from `next` of the answer before") from None
    return or_(Timescale.due_on > on, and_(Timescale.due_on == on, Timescale.id > number))


class MeetingFilters(Paging):
    """Which meetings."""

    area: str | None = Field(default=None, max_length=60, description="The MAPPA area.")
    state: MeetingState | None = Field(default=None, description="Where the meeting stands.")
    level: int | None = Field(default=None, ge=1, le=3, description="The level at which it is held.")


@CALLS.get("/meetings", summary="List the meetings of the cases that the token may read, by case and number")
def area_meetings(
    request: Request,
    caller: Annotated[Caller, Depends(Needs(Action.SIGNED_IN, Scope.READ, query=True))],
    asked: Annotated[MeetingFilters, Query()],
) -> ListOf[MeetingView]:
    """List meetings, planned, held or cancelled."""
    conditions = (
        readable(caller.reader, caller.as_at),
        equal(Meeting.level, asked.level),
        met_after(asked.after),
    )
    with caller.record.reading() as session:
        found = list(meetings(session, *conditions, area=asked.area, state=asked.state, limit=asked.limit + 1))
    return part(request, found, asked.limit, lambda one: f"{one.case}.{one.meeting}")


def met_after(after: str | None) -> ColumnElement[bool] | None:
    """Return the condition that a meeting comes after the one at which a list ended: ``LON-2026-000001.2``."""
    if after is None:
        return None
    reference, number = split(after)
    return or_(Case.reference > reference, and_(Case.reference == reference, Meeting.number > number))


def split(after: str) -> tuple[str, int]:
    """Return the two parts of where a list ended; ``ParameterError`` where it has none."""
    first, _, number = after.rpartition(".")
    found = whole_number(number, HIGHEST_NUMBER)
    if found is None:
        raise ParameterError("after", "take it from `next` of the answer before")
    return first, found


class WhichPolicy(BaseModel):
    """For whom, and when."""

    model_config = ConfigDict(extra="forbid")

    area: str | None = Field(default=None, max_length=60, description="The area; left out: the first of the token.")
    on: date | None = Field(default=None, description="The day; left out: today.")


@CALLS.get("/policy", summary="The numbers in force: what is due when, and who is reminded")
def policy(
    caller: Annotated[Caller, Depends(Needs(Action.SEE_POLICY, Scope.READ, query=True))],
    asked: Annotated[WhichPolicy, Query()],
) -> PolicyView:
    """Show the policy in force for an area on a day."""
    area = asked.area or caller.reader.areas[0]
    if area not in caller.reader.areas:
        raise NotAllowedError("the token does not act in this area")
    on = asked.on or caller.today
    with caller.record.reading() as session:
        return policy_view(policies(session).for_area(area, on), area, on)


@CALLS.get("/token", summary="The token itself: what it may do, and until when")
def token(caller: Annotated[Caller, Depends(Needs(Action.SIGNED_IN))]) -> TokenView:
    """Show the token that the call carries, whatever its scopes."""
    with caller.record.reading() as session:
        return next(tokens(session, ApiToken.id == caller.token))
