"""A message that this process has claimed, as it stood before."""

from dataclasses import dataclass
from datetime import datetime

from policy.vocabulary import MessageState


@dataclass(frozen=True, slots=True)
class Claim:
    """A message this process has claimed, as it stood before.

    ``was`` is the state to go back to where it is not begun. ``tries`` counts the tries before this claim, and
    ``began_at`` stands where one of them may have arrived, ``refused_since`` where a server has refused it since then.
    """

    id: str
    kind: str
    area: str
    recipient: str
    recipient_name: str | None
    subject: str
    header_id: str
    not_before: datetime
    tries: int
    began_at: datetime | None
    refused_since: datetime | None
    was: MessageState

    @property
    def repeat(self) -> bool:
        """Tell whether an earlier sending may have arrived."""
        return self.began_at is not None
