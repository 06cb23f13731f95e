"""Recording: one call for each kind of fact. What is recorded, and what is refused, is as at the desk.

A call with an idempotency key is recorded once, however often it is sent and to whichever desk of a fleet: the key
stands in the record, as the ticket of a form at the desk does.
"""

import re
from collections.abc import Callable
from hashlib import sha256
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Header

from casework.errors import RefusedError
from casework.recording import KINDS, Actor, Entry, Refused, keep_unread, submit
from casework.recording.as_typed import form_of
from casework.recording.drafts import hold, in_hand
from casework.recording.fact_type import FactType
from casework.recording.keepable import kept
from policy.errors import UnreadableError
from policy.vocabulary import FactKind
from views.recorded import RecordedView
from web.access.rights import Action, refuse_what_others_decide
from web.access.tokens import Scope
from web.api.bodies import body_of, field_errors
from web.api.caller import CaseCaller, NeedsCase
from web.api.description import ALWAYS, OF_RECORDING
from web.api.errors import FieldsError, KeyReusedError, ParameterError

CALLS = APIRouter(prefix="/cases/{reference}/facts", tags=["recording"], responses=ALWAYS | OF_RECORDING)
TICKET = 40
LONGEST_KEY = 200
KEY = re.compile(r"[\x21-\x7e]+", re.ASCII)
VERSION = re.compile(r'"(\d{1,12})"', re.ASCII)

Records = Annotated[CaseCaller, Depends(NeedsCase(Action.RECORD, Scope.RECORD))]
Body = Annotated[bytes, Depends(body_of)]
IfMatch = Annotated[
    str | None,
    Header(
        alias="If-Match",
        description="The `ETag` of the case as you read it. If the case has changed since, nothing is recorded (412).",
    ),
]
Key = Annotated[
    str | None,
    Header(
        alias="Idempotency-Key",
        description=f"A word of your own, at most {LONGEST_KEY} characters, new for each fact. Sent again with the "
        "same body, the fact is not recorded again, and you get the same answer.",
    ),
]


def call_for(fact_type: FactType) -> Callable[..., RecordedView]:
    """Return the call that records a kind of fact."""

    def call(caller: Records, body: Body, if_match: IfMatch = None, idempotency_key: Key = None) -> RecordedView:
        return recorded(caller, fact_type, body, if_match, idempotency_key)

    call.__doc__ = fact_type.hint
    return call


for known in KINDS.values():
    CALLS.add_api_route(
        f"/{known.kind.value}", call_for(known), methods=["POST"], status_code=201, summary=known.title,
        operation_id=f"record_{known.kind.value.replace('-', '_')}",
    )  # fmt: skip


def recorded(
    caller: CaseCaller, fact_type: FactType, body: bytes, if_match: str | None, key: str | None
) -> RecordedView:
    """Record a fact, or refuse it with every reason."""
    actor = caller.actor_for(fact_type)
    seen, form = versions(if_match), read(caller, fact_type, body, actor)
    refuse_what_others_decide(caller.case.access, fact_type, form)
    ticket = None if key is None else ticket_of(caller, key)
    if ticket is not None:
        keep(caller, ticket, Entry(fact_type.kind.value, caller.case.crn, form, body), actor)
    entry = Entry(fact_type.kind.value, caller.case.reference, form, body)
    result = submit(caller.record, entry, actor=actor, as_at=caller.as_at, ticket=ticket, seen=seen)
    if isinstance(result, Refused):
        raise FieldsError(list(field_errors(result.reasons, form, fact_type.kind.value)))
    return RecordedView(
        crn=result.crn, case=result.case, kind=FactKind(fact_type.kind), summary=result.summary, changes=result.changes
    )


def read(caller: CaseCaller, fact_type: FactType, body: bytes, actor: Actor) -> dict[str, Any]:
    """Return the form that a body holds; what is none is kept as it came, and refused."""
    try:
        return form_of(body)
    except (UnreadableError, RefusedError) as error:
        unread = Entry(fact_type.kind.value, caller.case.reference, {}, body)
        keep_unread(caller.record, unread, error.reasons, actor=actor, as_at=caller.as_at)
        if isinstance(error, RefusedError):
            raise FieldsError(list(field_errors(error.reasons, {}, fact_type.kind.value))) from None
        raise


def versions(if_match: str | None) -> frozenset[int] | None:
    """Return the versions of the case that a header allows; None for any. A weak one allows none."""
    if if_match is None or if_match.strip() == "*":
        return None
    parts = [VERSION.fullmatch(one.strip()) for one in if_match.split(",")]
    return frozenset(int(one[1]) for one in parts if one is not None)


def ticket_of(caller: CaseCaller, key: str) -> str:
    """Return the ticket under which the record keeps a key: no two tokens share one."""
    if not (KEY.fullmatch(key) and len(key) <= LONGEST_KEY):
        raise ParameterError("Idempotency-Key", f"it has 1 to {LONGEST_KEY} visible characters of ASCII, and no space")
    return sha256(f"{caller.token}:{key}".encode()).hexdigest()[:TICKET]


def keep(caller: CaseCaller, ticket: str, entry: Entry, actor: Actor) -> None:
    """Keep a form under its ticket before it is tried; ``KeyReusedError`` where that stands for another."""
    with caller.record.writing() as session:
        before = in_hand(session, ticket)
        told: tuple[str, str, Any] = (entry.kind, entry.crn, kept(entry.data))
        if before is not None and (before.kind, before.crn, before.data) != told:
            raise KeyReusedError(
                "this key stood for another fact before", to_do="send each fact under a key of its own"
            )
        hold(session, ticket, caller.reader.email, entry, actor=actor, as_at=caller.as_at)
