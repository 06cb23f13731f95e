"""What is known of a message after it was handed over, and what every way out can do.

``sent``: the other side has it. ``retry``: it certainly did not go, and may later. ``dead``: it certainly did
not go, and never will. ``uncertain``: nobody can know whether it went.
"""

from dataclasses import dataclass
from email.message import EmailMessage
from types import TracebackType
from typing import Literal, Protocol, Self


@dataclass(frozen=True, slots=True)
class Handed:
    """What is known of a message after it was handed over.

    ``transport_down``: the fault lies with the way out, not with this message; no other would get through.
    ``refused``: what a server refused of a message, its recipient or its content; ``unsure``: it may mean everybody.
    ``carrier_id``: by which the other side can be asked later what became of it.
    """

    outcome: Literal["sent", "retry", "dead", "uncertain"]
    detail: str = ""
    transport_down: bool = False
    refused: Literal["", "recipient", "content"] = ""
    unsure: bool = False
    carrier_id: str = ""


class Transport(Protocol):
    """A way out, open for many messages inside a ``with`` block."""

    @property
    def repeatable(self) -> bool:
        """Tell whether sending a message twice leaves one: then a crash in between leaves no doubt."""
        ...

    @property
    def remembers(self) -> bool:
        """Tell whether it looks for a message among what it took before: then a crash in between leaves no doubt."""
        ...

    def __enter__(self) -> Self: ...

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None: ...

    def send(self, message: EmailMessage, recipient: str) -> Handed:
        """Hand over one message to one recipient, and say what is known of it. No error of the way out escapes."""
        ...

    def takes(self, recipient: str) -> bool | None:
        """Tell whether a message to a recipient would be taken now; None where that is not known. None is sent."""
        ...

    def trouble(self) -> str | None:
        """Return what keeps messages from leaving, None where nothing does; no message is sent to find out."""
        ...
