"""Transfers of a case between areas, proposed and answered."""

from collections.abc import Iterator
from datetime import date
from typing import Annotated

from pydantic import Field
from sqlalchemy.orm import Session

from casework.facts.querying import about, given
from models.cases import Case
from models.transfers import AreaTransfer
from policy.vocabulary import TransferDecision
from views.model import LEFT_OUT, OfCase, filled, of_cases


class TransferView(OfCase, title="Transfer between areas"):
    """A proposal to hand a case to another area, and its answer."""

    transfer: int = Field(description="The number of the proposal in its case.", examples=[1])
    from_area: str = Field(description="The area that proposes it, and holds the case until the other accepts.")
    to_area: str = Field(description="The area that is to have it.")
    proposed_on: date = Field(description="When it was proposed.")
    proposed_by: Annotated[str, LEFT_OUT] = Field(description="Who proposed it.")
    decision: TransferDecision | None = Field(description="The answer; null while it waits.")
    answered_on: date | None = Field(description="When it was answered; null while it waits.")
    answered_by: Annotated[str | None, LEFT_OUT] = Field(description="Who answered; null while it waits.")


def transfers(session: Session, *, crn: str | None = None, area: str | None = None) -> Iterator[TransferView]:
    """Yield transfers by case reference and id; ``area`` is the sending or the receiving one."""
    query = given(
        of_cases(
            AreaTransfer,
            AreaTransfer.number.label("transfer"),
            AreaTransfer.from_area,
            AreaTransfer.to_area,
            AreaTransfer.proposed_on,
            AreaTransfer.proposed_by,
            AreaTransfer.decision,
            AreaTransfer.answered_on,
            AreaTransfer.answered_by,
        ).order_by(Case.reference, AreaTransfer.id),
        about(crn),
        None if area is None else (AreaTransfer.from_area == area) | (AreaTransfer.to_area == area),
    )
    return filled(session, query, TransferView)
