"""Reports: what an area publishes after each month, quarter and reporting year, once and in order.

What is due when is planned ahead as rows of the record, so that an outage of any length loses nothing. Each report is a
transaction of its own: the files are written first, then the row says so. Where that is cut off in between, the files
are made again in the same place.
"""

from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from figures.published import MAKERS, folder_of, period_ending, unplanned, write_report
from figures.settings import FigureSettings
from figures.tables import Table
from models.audit import Change, append
from models.publications import Publication
from models.record import policies, settings_of, working_calendar
from policy.calendar import london_date
from policy.publishing import Report, planned
from tasks.stage import Id, Outcome, Stage

NAME = "reports"
ACTOR = "reports"


def waiting(session: Session, as_at: datetime, area: str | None = None, limit: int | None = None) -> list[Id]:
    """Return the areas whose next reports are not planned yet, then the reports that are due, the oldest first."""
    if not settings_of(session, FigureSettings).publish_reports:
        return []
    today = london_date(as_at)
    areas: list[Id] = sorted({one.area for one in unplanned(session, today) if area in (None, one.area)})
    due = select(Publication.id).where(Publication.published_at.is_(None), Publication.due_on <= today)
    if area is not None:
        due = due.where(Publication.area == area)
    ordered = due.order_by(Publication.due_on, Publication.ends_on, Publication.months, Publication.id)
    return [*areas, *session.scalars(ordered)][:limit]


def handle(session: Session, ids: Sequence[Id], as_at: datetime) -> list[Outcome]:
    """Plan the next reports of areas (their names), and publish reports (their ids)."""
    return [publish(session, one, as_at) if isinstance(one, int) else plan(session, one, as_at) for one in ids]


def plan(session: Session, area: str, as_at: datetime) -> Outcome:
    """Write down what an area publishes up to the first of each report that is not due yet."""
    today = london_date(as_at)
    rows = list(next_of(session, area, today))
    if not rows:
        return Outcome(f"{area}: plan", "skipped", "another process has planned it", area=area)
    session.add_all(rows)
    after = {"reports": [f"{row.report} {row.period} due {row.due_on}" for row in rows]}
    append(session, [Change(f"publishing/{area}", "reports-planned", area, None, after)], actor=ACTOR, at=as_at)
    session.flush()
    return Outcome(f"{area}: plan", "done", f"{len(rows)} reports planned", area=area)


def next_of(session: Session, area: str, today: date) -> Iterator[Publication]:
    """Yield what is to be planned of an area.

    The first periods are those that run when the area is first seen with a case; each next one follows the last.
    """
    calendar, wait = working_calendar(session), policies(session).for_area(area, today).publishing.wait_working_days
    for last in unplanned(session, today, area):
        since = today if last.ends_on is None else last.ends_on + timedelta(days=1)
        for one in planned(last.report, last.months, since, today, wait, calendar):
            period = period_ending(one.ends_on, one.months).name
            yield Publication(area=area, report=one.report.value, period=period, months=one.months,
                              ends_on=one.ends_on, due_on=one.due_on)  # fmt: skip


def publish(session: Session, publication_id: int, as_at: datetime) -> Outcome:
    """Make a report, write its files, and write down that it is published."""
    # Two processes meet here: one of them waits, and then finds it done.
    row = session.execute(select(Publication).where(Publication.id == publication_id).with_for_update()).scalar_one()
    subject = f"{row.area}: {row.report} {row.period}"
    if row.published_at is not None:
        return Outcome(subject, "skipped", "another process has published it", area=row.area)
    period, today = period_ending(row.ends_on, row.months), london_date(as_at)
    fewer_than = policies(session).for_area(row.area, period.last).board.small_numbers.fewer_than
    made = MAKERS[Report(row.report)](session, row.area, period, today, fewer_than)
    folder = folder_of(settings_of(session, FigureSettings).reports_dir, row.area, row.period, row.report)
    with_pdf = write_report(folder, row.report, made)
    row.published_at = as_at
    what = f"{row.report} {row.period}"
    told = {"published_at": as_at, "folder": f"{folder}"}
    append(session, [Change(f"publishing/{row.area}", "report-published", what, None, told)], actor=ACTOR, at=as_at)
    session.flush()
    detail = "published" if with_pdf else "published without PDF: this machine cannot make one"
    return Outcome(subject, "done", detail, area=row.area, figures=tuple(rows_of(made.public)))


def rows_of(table: Table | None) -> Iterator[dict[str, str]]:
    """Yield the rows of a table as people read them: numbers that anybody may see."""
    if table is not None:
        for row in table.rows:
            cells = {column.label: table.shown(row, column) for column in table.columns}
            yield {table.stub or table.title: row.label} | cells


# A report takes a second or two, most of it the PDF: after a long outage prompts need not wait for hundreds of them.
STAGE = Stage(NAME, "reports", waiting, handle, chunk=1, rehearses=False, most=20)
