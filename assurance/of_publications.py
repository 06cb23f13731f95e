"""What must hold of the reports that are published on schedule."""

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from assurance.findings import Findings, gathered
from figures.published import unplanned
from figures.settings import FigureSettings
from models.publications import Publication
from models.record import settings_of
from policy.calendar import london_date

DAY = timedelta(days=1)


def not_published(session: Session, as_at: datetime) -> Findings:
    """Return the reports that were due by the end of yesterday and are not published, and those that are not planned.

    What has become due today, and an area whose first case was opened since yesterday, is for the next run.
    """
    if not settings_of(session, FigureSettings).publish_reports:
        return Findings()
    yesterday = london_date(as_at) - DAY
    late = select(Publication).where(Publication.published_at.is_(None), Publication.due_on <= yesterday)
    found = [f"{row.area} {row.report} {row.period}" for row in session.scalars(late)]
    found += [f"{one.area} {one.report}: next" for one in unplanned(session, yesterday, opened_before=yesterday)]
    return gathered(sorted(found))
