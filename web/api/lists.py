"""Lists: as many as are asked for, and where the next ones are.

A list goes on after the last one that was given, by a key that rows keep. So a walk through all of it finds each row
once, though others are added meanwhile.
"""

from collections.abc import Callable, Iterable
from typing import Generic, TypeVar
from urllib.parse import urlencode

from pydantic import BaseModel, ConfigDict, Field
from starlette.requests import Request

T = TypeVar("T", bound=BaseModel)


class ListOf(BaseModel, Generic[T]):
    """A list, or a part of one."""

    items: list[T] = Field(description="What was found, in order.")
    next: str | None = Field(description="The address of what comes after it; null where this is the end.")


class Paging(BaseModel):
    """How much of a list, and from where."""

    model_config = ConfigDict(extra="forbid")

    limit: int = Field(default=50, ge=1, le=200, description="How many at most.")
    after: str | None = Field(
        default=None, max_length=60, description="Where to go on: `next` of the answer before has it."
    )


def whole(items: Iterable[T]) -> ListOf[T]:
    """Return a list that is given at once."""
    return ListOf(items=list(items), next=None)


def part(request: Request, found: list[T], limit: int, key: Callable[[T], object]) -> ListOf[T]:
    """Return a part of a list. ``found`` has one more than the limit where it goes on, ``key`` where it does."""
    items = found[:limit]
    return ListOf(items=items, next=address_after(request, key(items[-1])) if len(found) > limit else None)


def address_after(request: Request, after: object) -> str:
    """Return the address of the same call, going on after a key."""
    kept = [(name, value) for name, value in request.query_params.multi_items() if name != "after"]
    return f"{request.url.path}?{urlencode([*kept, ('after', str(after))])}"
