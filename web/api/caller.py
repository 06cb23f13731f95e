"""Who calls: the token is read, what it may is checked, a reading of a case is written to the trail.

Each call names what it needs (``Needs``, ``NeedsCase``): one that names nothing cannot be registered.
"""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated

from fastapi import Depends, Path
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from starlette.requests import Request

from casework.recording import Actor, Through
from casework.recording.fact_type import FactType
from casework.recording.keepable import kept_text
from models.clock import now
from models.record import Record
from policy.calendar import london_date
from policy.characters import unwritten
from policy.errors import NotAllowedError, NotFoundError, SignInNeededError
from web.access import reads, tokens
from web.access.asked import CaseAsked, case_asked
from web.access.hats import Reader
from web.access.rights import Action, may, role_to_record, why
from web.access.tokens import Scope
from web.api.errors import ParameterError

BEARER = HTTPBearer(
    auto_error=False, scheme_name="token", description="A token that `mappa token add` made, as `Bearer`."
)
Given = Annotated[HTTPAuthorizationCredentials | None, Depends(BEARER)]
Reference = Annotated[str, Path(description="The reference of the case.", examples=["LON-2026-000001"])]


@dataclass(frozen=True, slots=True)
class Caller:
    """A system that calls: its token, the role in which it acts, and when it is."""

    record: Record
    token: int
    reader: Reader
    as_at: datetime

    @property
    def today(self) -> date:
        """Return the day, Europe/London."""
        return london_date(self.as_at)


@dataclass(frozen=True, slots=True)
class CaseCaller(Caller):
    """A system that calls about a case which it may read."""

    case: CaseAsked

    def actor_for(self, fact_type: FactType) -> Actor:
        """Return the system as whoever records a kind of fact; ``NotAllowedError`` where it may not."""
        role = role_to_record(self.case.access, fact_type)
        if role is None:
            raise NotAllowedError(f"the role of this token does not record this: {fact_type.title}")
        hat = next(hat for hat in self.reader.hats if hat.role is role)
        return Actor(
            id=self.reader.email, name=self.reader.name, through=Through.API, role=role, agency=hat.agency or None,
            area=hat.area,
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Needs:
    """What a call needs that is not about one case. ``query``: it takes parameters, and refuses unknown ones."""

    action: Action
    scope: Scope | None = None
    query: bool = False

    def __call__(self, request: Request, given: Given) -> Caller:
        """Return who calls, or refuse."""
        caller = known(request, given, self.scope)
        refuse_odd(request, self.query)
        if not may(caller.reader, self.action):
            raise NotAllowedError("the role of this token does not give it this")
        return caller


@dataclass(frozen=True, slots=True)
class NeedsCase:
    """What a call about a case needs."""

    action: Action
    scope: Scope
    query: bool = False

    def __call__(self, request: Request, reference: Reference, given: Given) -> CaseCaller:
        """Return who calls, with the case, or refuse; a reading stands in the trail before it is answered."""
        caller = known(request, given, self.scope)
        refuse_odd(request, self.query)
        with caller.record.reading() as session:
            asked = case_asked(session, caller.reader, reference.upper(), caller.as_at)
        if request.method == "GET":
            part = request.url.path.rpartition(reference)[2]
            reads.note(
                caller.record, caller.reader, asked.id, asked.reference, f"API {part or '/'}", why(asked.access),
                caller.as_at,
            )  # fmt: skip
        return CaseCaller(caller.record, caller.token, caller.reader, caller.as_at, asked)


def known(request: Request, given: HTTPAuthorizationCredentials | None, scope: Scope | None) -> Caller:
    """Return the system whose token a call carries, if the token is good and may be used for this."""
    if given is None:
        raise SignInNeededError("send a token, as Authorization: Bearer")
    record: Record = request.app.state.record
    as_at = now()
    with record.reading() as session:
        row = tokens.good(session, given.credentials, as_at)
        if row is None:
            raise SignInNeededError("this token is not good, or no more", to_do="ask who runs this for another")
        number, reader = row.id, tokens.reader_of_token(row)
        allowed, note = scope is None or scope in row.scopes, tokens.must_be_noted(row, as_at)
    if note:
        with record.writing() as session:
            tokens.note_used(session, number, as_at)
    if not allowed:
        raise NotAllowedError(f"this token may not be used for this: it lacks the scope {scope}")
    return Caller(record, number, reader, as_at)


def refuse_odd(request: Request, takes_query: bool) -> None:
    """Refuse an address with characters that nothing on record can have, or with parameters where none are taken."""
    if any(unwritten(str(part), lines=False) for part in request.path_params.values()):
        raise NotFoundError("there is no such address: it holds a character that nothing on record has")
    for name, value in request.query_params.multi_items():
        if not takes_query:
            raise ParameterError(kept_text(name), "this call takes no parameters")
        if wrong := unwritten(name, lines=False) or unwritten(value, lines=False):
            raise ParameterError(kept_text(name), wrong)
