"""An area that is taken on: from when it is prompted, and how much was overdue before."""

from datetime import date

from pydantic import Field

from views.model import View


class TakenOnView(View, title="Area that is taken on"):
    """What comes of taking on an area."""

    area: str = Field(description="The MAPPA area.", examples=["London"])
    begins_on: date = Field(description="The first day on which the area is prompted.")
    list_on: date = Field(description="The working day before it, on which what is overdue is sent as one list.")
    cases: int = Field(description="The open cases of the area.", examples=[2000])
    listed: int = Field(description="The duties that are overdue by then: they are on the list.", examples=[412])
    prompted: int = Field(description="The other open duties, which are prompted from the first day on.")
    unidentified: int = Field(description="Sentences that nobody has identified yet: their duties are not counted.")


class RefusedDecisionView(View, title="Decision that was refused"):
    """A case on which a decision was refused."""

    case: str = Field(description="The reference of the case.", examples=["LON-2026-000123"])
    reasons: list[str] = Field(description="Why.")


class DecidedView(View, title="Decisions on what was overdue"):
    """What came of deciding on many duties at once that were overdue when their area was taken on."""

    listed: int = Field(description="The duties that were chosen.", examples=[412])
    decided: int = Field(description="Those on which the decision was recorded.")
    refused: list[RefusedDecisionView] = Field(description="Those on which it was refused.")
