"""Domain events: another system hands on what the prison and probation services publish, one call for each event."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends

from casework.domain_events import handle
from casework.errors import RefusedError
from casework.recording import Actor, Through
from casework.recording.as_typed import form_of
from policy.domain_events import read_event
from views.domain_events import HandledEventView, handled_view
from web.access.rights import Action, areas_for
from web.access.tokens import Scope
from web.api.bodies import body_of, field_errors
from web.api.caller import Caller, Needs
from web.api.description import ALWAYS, responses_of
from web.api.errors import FieldsError

CALLS = APIRouter(tags=["recording"], responses=ALWAYS | responses_of(400, 413, 415))
EXAMPLE: dict[str, Any] = {
    "eventType": "prison-offender-events.prisoner.released",
    "version": 1,
    "occurredAt": "2027-03-12T09:30:00Z",
    "publishedAt": "2027-03-12T09:31:12Z",
    "additionalInformation": {"nomsNumber": "A1234BC", "reason": "RELEASED", "prisonId": "EXI"},
    "personReference": {"identifiers": [{"type": "NOMS", "value": "A1234BC"}]},
}
BODY = {"requestBody": {"required": True, "content": {"application/json": {"schema": {"type": "object"},
                                                                          "example": EXAMPLE}}}}  # fmt: skip


@CALLS.post("/domain-events", summary="Hand on a domain event of the prison or probation service", openapi_extra=BODY)
def domain_events(
    caller: Annotated[Caller, Depends(Needs(Action.LOAD, Scope.RECORD))], body: Annotated[bytes, Depends(body_of)]
) -> HandledEventView:
    """Handle an event, as it is published or in the envelope of its topic. Send it as often as you like: once counts.

    An event is known by the `MessageId` of its envelope, or by what it says. Order does not matter. What cannot be
    recorded is a question on the case, which the MAPPA coordinator is asked.
    """
    try:
        event = read_event(form_of(body))
    except RefusedError as error:
        raise FieldsError(list(field_errors(error.reasons, {}, "event"))) from None
    except ValueError as error:
        raise FieldsError(list(field_errors(str(error).split("; "), {}, "event"))) from None
    actor = Actor(id=caller.reader.email, name=caller.reader.name, through=Through.API)
    areas = areas_for(caller.reader, Action.LOAD)
    return handled_view(event, handle(caller.record, event, actor=actor, as_at=caller.as_at, areas=areas))
