"""What changed since a mark, so that another system can follow."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query
from pydantic import BaseModel, ConfigDict, Field
from starlette.requests import Request

from policy.texts import HIGHEST_NUMBER
from views.changes import ChangeView, feed, present_mark
from web.access.relations import readable
from web.access.rights import Action
from web.access.tokens import Scope
from web.api.caller import Caller, Needs
from web.api.description import ALWAYS
from web.api.lists import ListOf, address_after

CALLS = APIRouter(tags=["changes"], responses=ALWAYS)


class Since(BaseModel):
    """From which mark."""

    model_config = ConfigDict(extra="forbid")

    after: int | None = Field(
        default=None,
        ge=0,
        le=HIGHEST_NUMBER,
        description="The mark up to which you know everything; 0 is the beginning of the record. Left out: you get no "
        "changes, and the mark of now to begin from.",
    )
    limit: int = Field(default=100, ge=1, le=500, description="How many at most.")


class Changes(ListOf[ChangeView]):
    """Changes since a mark."""

    mark: int = Field(description="Send it as `after` the next time.")


@CALLS.get("/changes", summary="What changed on the cases that the token may read, since a mark")
def changes(
    request: Request,
    caller: Annotated[Caller, Depends(Needs(Action.SIGNED_IN, Scope.CHANGES, query=True))],
    asked: Annotated[Since, Query()],
) -> Changes:
    """List that something changed, in the order in which it was written. A change is given once, and never missed.

    `next` is null when there is nothing more now: ask again later, from `mark`. An answer may be empty and have a
    `next`. A case that is restricted meanwhile is left out; it comes back with the change that opens it.
    """
    with caller.record.reading() as session:
        if asked.after is None:
            return Changes(items=[], next=None, mark=present_mark(session))
        found = feed(session, asked.after, asked.limit, readable(caller.reader, caller.as_at))
    following = address_after(request, found.mark) if found.more else None
    return Changes(items=list(found.changes), next=following, mark=found.mark)
