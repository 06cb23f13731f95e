"""What was recorded on a case."""

from pydantic import Field

from policy.vocabulary import FactKind
from views.model import OfCase


class RecordedView(OfCase, title="What was recorded"):
    """A fact that was recorded, and what it changed."""

    kind: FactKind = Field(description="What was recorded.")
    summary: str = Field(description="What was recorded, in a sentence.")
    changes: list[str] = Field(description="What it changed on the timescales, a sentence each.")
