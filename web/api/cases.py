"""Cases: those that the token may read, and one of them."""

from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Query, Response
from pydantic import Field
from starlette.requests import Request

from casework.recording.version import case_version
from models.cases import Case
from policy.vocabulary import Location, Standing
from views.case_list import ListedCaseView, listed_cases, matching
from views.cases import CaseView, case_of_person
from views.model import equal
from web.access import reads
from web.access.relations import readable
from web.access.rights import Action
from web.access.tokens import Scope
from web.api.caller import Caller, CaseCaller, Needs, NeedsCase
from web.api.description import ALWAYS, OF_CASES
from web.api.lists import ListOf, Paging, part

CALLS = APIRouter(tags=["cases"], responses=ALWAYS)


class CaseFilters(Paging):
    """Which cases."""

    q: str = Field(
        default="", max_length=200, description="A CRN, NOMIS or PNC number, a reference or its beginning, or names."
    )
    area: str | None = Field(default=None, max_length=60, description="The MAPPA area.")
    unit: str | None = Field(default=None, max_length=80, description="The unit of the lead agency.")
    level: Literal["1", "2", "3", "none"] | None = Field(default=None, description="The level; `none`: to be decided.")
    category: Literal["1", "2", "3", "4"] | None = Field(default=None, description="The primary category.")
    location: Location | None = Field(default=None, description="Where the person is.")
    stage: Standing | None = Field(default=None, description="Where the case stands.")
    closed: bool = Field(default=False, description="Closed cases instead of open ones.")


@CALLS.get("/cases", summary="List the cases that the token may read, by reference")
def cases(
    request: Request,
    caller: Annotated[Caller, Depends(Needs(Action.SIGNED_IN, Scope.READ, query=True))],
    asked: Annotated[CaseFilters, Query()],
) -> ListOf[ListedCaseView]:
    """List cases under some filters. The trail keeps who listed how many cases, and when."""
    conditions = (
        readable(caller.reader, caller.as_at),
        matching(asked.q),
        equal(Case.area, asked.area),
        equal(Case.unit, asked.unit),
        equal(Case.location, asked.location),
        equal(Case.stage, asked.stage),
        None if asked.category is None else Case.category == int(asked.category),
        Case.level.is_(None) if asked.level == "none" else equal(Case.level, asked.level and int(asked.level)),
        Case.closed_on.is_not(None) if asked.closed else Case.closed_on.is_(None),
        None if asked.after is None else Case.reference > asked.after,
    )
    with caller.record.reading() as session:
        found = list(listed_cases(session, *conditions, limit=asked.limit + 1))
    shown = part(request, found, asked.limit, lambda one: one.case)
    reads.note_list(caller.record, caller.reader, [one.case for one in shown.items], caller.as_at)
    return shown


@CALLS.get("/cases/{reference}", summary="Show a case, with what is due on it", responses=OF_CASES)
def case(
    caller: Annotated[CaseCaller, Depends(NeedsCase(Action.SEE_CASE, Scope.READ))], response: Response
) -> CaseView:
    """Show a case. Its `ETag` is the version of the case: send it as `If-Match` with what you record."""
    with caller.record.reading() as session:
        response.headers["ETag"] = f'"{case_version(session, caller.case.id)}"'
        return case_of_person(session, caller.case.reference)
