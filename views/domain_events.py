"""What came of a domain event."""

from pydantic import Field

from casework.domain_events import Handled, Outcome
from policy.domain_events import DomainEvent
from views.model import View


class HandledEventView(View, title="What came of a domain event"):
    """What came of a domain event of the prison or probation service."""

    event: str = Field(description="The number of the event.", examples=["3f2a9c1e-0f3b-4d53-9a51-5f1d6a1f2b7c"])
    kind: str = Field(description="Its `eventType`.", examples=["prison-offender-events.prisoner.released"])
    outcome: Outcome = Field(
        description="`recorded`; `asked`: a person is asked about it; `passed_over`: it changes nothing here; `known`: "
        "it was handled before; `nobody`: it is of nobody whom the token may know."
    )
    words: str = Field(description="What came of it, in words.")
    case: str | None = Field(description="The case; null where it is of none.", examples=["LON-2026-000001"])


def handled_view(event: DomainEvent, handled: Handled) -> HandledEventView:
    """Return what came of an event."""
    return HandledEventView(
        event=event.id, kind=event.kind, outcome=handled.outcome, words=handled.words, case=handled.case
    )
