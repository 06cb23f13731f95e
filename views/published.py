"""The reports of areas that are published on schedule: what there is, where it stands, and what comes next."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

from pydantic import Field
from sqlalchemy import select
from sqlalchemy.orm import Session

from figures.published import folder_of
from models.publications import Publication
from policy.publishing import Report
from views.model import Moment, View


class PublishedView(View, title="Published report"):
    """A report of an area on a period, published or to come."""

    area: str = Field(description="The MAPPA area.", examples=["London"])
    report: Report = Field(description="Which report it is.")
    period: str = Field(description="The month, the quarter or the reporting year.", examples=["2027-Q1"])
    ends_on: date = Field(description="The last day of the period.")
    due_on: date = Field(description="The day from which on it is published.")
    published_at: Moment | None = Field(description="When it was published; null: not yet.")
    folder: str | None = Field(description="The folder with its files; null until it is published.")


def published(session: Session, reports: Path, area: str | None = None) -> Iterator[PublishedView]:
    """Yield what is published and what comes next, by area, the newest first; ``reports``: the folder of them all."""
    row = Publication
    query = select(row).order_by(row.area, row.due_on.desc(), row.ends_on.desc(), row.months, row.id)
    if area is not None:
        query = query.where(row.area == area)
    for one in session.scalars(query):
        folder = folder_of(reports.absolute(), one.area, one.period, one.report)
        yield PublishedView(
            area=one.area,
            report=Report(one.report),
            period=one.period,
            ends_on=one.ends_on,
            due_on=one.due_on,
            published_at=one.published_at,
            folder=None if one.published_at is None else str(folder),
        )
