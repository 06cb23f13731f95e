"""What a recompute changes, or would change, case by case."""

from pydantic import Field

from views.model import View


class RecomputedView(View, title="Case whose duties were worked out again"):
    """An open case on which a recompute changes something."""

    case: str = Field(description="The reference of the case.", examples=["LON-2026-000123"])
    changes: list[str] = Field(description="What changes, a sentence for each duty.")
