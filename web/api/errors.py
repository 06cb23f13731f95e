"""What a call answers when it cannot be done: a problem document (RFC 9457), with each wrong field by its place."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy.exc import SQLAlchemyError
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from casework.errors import CaseChangedError
from models.explain import explain
from policy.errors import (
    ConflictError,
    InvalidError,
    MappaError,
    NotAllowedError,
    NotFoundError,
    SignInNeededError,
    UnavailableError,
    UnreadableError,
)

log = logging.getLogger(__name__)
MEDIA_TYPE = "application/problem+json"
TYPES = "urn:mappa:problem:"


class FieldError(BaseModel):
    """One thing that is wrong with what was sent."""

    model_config = ConfigDict(extra="forbid")

    detail: str = Field(description="What is wrong, and what is wanted.")
    pointer: str | None = Field(default=None, description="The field of the body, as a JSON pointer.")
    parameter: str | None = Field(default=None, description="The parameter of the address, or the header.")


class Problem(BaseModel):
    """Why a call was not done (RFC 9457)."""

    model_config = ConfigDict(extra="forbid")

    type: str = Field(description="The kind of problem: programs go by it.", examples=[f"{TYPES}not-found"])
    title: str = Field(description="The kind of problem in words.")
    status: int = Field(description="The status of the answer.", examples=[404])
    detail: str = Field(description="What is wrong this time.")
    errors: list[FieldError] | None = Field(default=None, description="Each thing that is wrong with what was sent.")


class TooLargeError(UnreadableError):
    """A body larger than any form."""


class NotJsonError(UnreadableError):
    """A body that says it is something other than JSON."""


class KeyReusedError(ConflictError):
    """An idempotency key that stood for another request before."""


class ParameterError(InvalidError):
    """A parameter of the address, or a header, that cannot be used."""

    def __init__(self, parameter: str, what: str) -> None:
        """Keep the name of the parameter."""
        super().__init__(what, where=parameter)
        self.parameter = parameter


class FieldsError(InvalidError):
    """A body that breaks rules, each with the field that breaks it."""

    def __init__(self, errors: Sequence[FieldError]) -> None:
        """Keep what is wrong with each field."""
        reasons = [f"{one.pointer}: {one.detail}" for one in errors]
        super().__init__("; ".join(reasons), reasons=reasons)
        self.errors = list(errors)


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of problem: its word in the type, its status, its title."""

    word: str
    status: int
    title: str


KINDS: dict[type[Exception], Kind] = {
    SignInNeededError: Kind("no-token", 401, "A token is needed"),
    NotAllowedError: Kind("not-allowed", 403, "The token may not do this"),
    NotFoundError: Kind("not-found", 404, "There is nothing here that the token may see"),
    CaseChangedError: Kind("case-changed", 412, "The case has changed"),
    TooLargeError: Kind("too-large", 413, "The body is too large"),
    NotJsonError: Kind("not-json", 415, "The body has to be JSON"),
    KeyReusedError: Kind("key-reused", 422, "The idempotency key stood for another request"),
    InvalidError: Kind("invalid", 422, "What was sent breaks a rule"),
    UnreadableError: Kind("unreadable", 400, "What was sent cannot be read"),
    ConflictError: Kind("conflict", 409, "It cannot be done as things stand"),
    UnavailableError: Kind("unavailable", 503, "Something that is needed does not work"),
    Exception: Kind("failed", 500, "Something went wrong here"),
}
"""Every kind of problem. A class of error has the row of the nearest class it derives from."""
METHOD = Kind("method", 405, "This address does not take this method")


def kind_of(error: Exception) -> Kind:
    """Return the kind of problem that an error is."""
    return next(KINDS[one] for one in type(error).__mro__ if one in KINDS)


def answer(
    kind: Kind, detail: str, errors: Sequence[FieldError] | None = None, headers: dict[str, str] | None = None
) -> Response:
    """Return a problem as an answer."""
    problem = Problem(
        type=TYPES + kind.word, title=kind.title, status=kind.status, detail=detail,
        errors=list(errors) if errors else None,
    )  # fmt: skip
    return JSONResponse(
        problem.model_dump(mode="json", exclude_none=True), kind.status, headers=headers, media_type=MEDIA_TYPE
    )


def of_an_error(_request: Request, error: Exception) -> Response:
    """Answer for an error that is written for people."""
    assert isinstance(error, MappaError)
    errors = None
    if isinstance(error, FieldsError):
        errors = error.errors
    elif isinstance(error, ParameterError):
        errors = [FieldError(detail=error.what, parameter=error.parameter)]
    headers = {"WWW-Authenticate": "Bearer"} if isinstance(error, SignInNeededError) else None
    return answer(kind_of(error), str(error), errors, headers)


def of_parameters(_request: Request, error: Exception) -> Response:
    """Answer for parameters of an address that are not what the call takes."""
    assert isinstance(error, RequestValidationError)
    errors = [FieldError(detail=str(one["msg"]), parameter=str(one["loc"][-1])) for one in error.errors()]
    words = "; ".join(f"{one.parameter}: {one.detail}" for one in errors)
    return answer(KINDS[InvalidError], words, errors)


def of_the_router(_request: Request, error: Exception) -> Response:
    """Answer for an address that there is not, or a method that it does not take."""
    assert isinstance(error, HTTPException)
    if error.status_code == METHOD.status:
        return answer(METHOD, "see openapi.json for what this address takes", None, dict(error.headers or {}))
    if error.status_code == KINDS[NotFoundError].status:
        return answer(KINDS[NotFoundError], "there is no such address; openapi.json lists those there are")
    return answer(KINDS[UnreadableError], str(error.detail))


def of_the_database(request: Request, error: Exception) -> Response:
    """Answer for a database that refuses: the sentence for people, never its own, which may quote a name."""
    told = explain(error)
    if told is None:
        return of_a_defect(request, error)
    return answer(KINDS[UnavailableError], "; ".join(told.reasons))


def of_a_defect(request: Request, error: Exception) -> Response:
    """Answer for a defect of the program; what it was goes to the log."""
    log.error("a call of the API failed: %s %s", request.method, request.scope.get("route"), exc_info=error)
    return answer(KINDS[Exception], "it was noted; try again, or tell whoever runs this")


HANDLERS: dict[Any, Any] = {
    MappaError: of_an_error,
    RequestValidationError: of_parameters,
    HTTPException: of_the_router,
    SQLAlchemyError: of_the_database,
    Exception: of_a_defect,
}
