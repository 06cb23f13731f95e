"""The list of what does not fit, which a person works off."""

from collections.abc import Iterator
from datetime import date

from pydantic import Field
from sqlalchemy.orm import Session

from figures.data_quality import Fault, data_quality
from views.model import OfCase


class DataQualityView(OfCase, title="What does not fit"):
    """One thing on a case that breaks today's rules, or that two systems say differently."""

    area: str = Field(description="The MAPPA area.", examples=["London"])
    unit: str | None = Field(description="The borough or unit; null where none is known.", examples=["Camden"])
    fault: Fault = Field(description="What kind of fault it is.")
    what: str = Field(description="What is wrong, in words that name nobody.")
    since: date = Field(description="Since when.")
    to_do: str = Field(description="What to do about it.")


def what_does_not_fit(session: Session, area: str | None = None) -> Iterator[DataQualityView]:
    """Yield what does not fit, by area and case reference."""
    for line in data_quality(session, area):
        yield DataQualityView(
            crn=line.crn,
            case=line.case,
            area=line.area,
            unit=line.unit,
            fault=line.fault,
            what=line.what,
            since=line.since,
            to_do=line.to_do,
        )
