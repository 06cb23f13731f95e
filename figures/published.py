"""What is published of an area on schedule: made from the record, written as files, and the part that is for everybody.

A report stands in a folder of its own: a page, the same as PDF where the machine can make one, a sheet for each table,
and all tables as JSON. It appears there whole or not at all.
"""

import os
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from tempfile import mkdtemp
from urllib.parse import quote

from sqlalchemy import bindparam, func, select
from sqlalchemy.orm import Session

from figures import periods
from figures.annual.report import annual_report, asked_for, page_of
from figures.board.report import board_pack
from figures.indicators.report import indicator_report
from figures.outcomes.report import outcome_report
from figures.pages import page_as_html, page_as_json, page_as_pdf, write_csv
from figures.pdf import NoPdfError
from figures.periods import Period
from figures.public import for_everybody, of_sums
from figures.tables import Page, Table
from models.cases import Case
from models.checkpoints import checkpoint
from models.publications import Publication
from policy.publishing import MONTH, PUBLISHED, QUARTER, Report

_least = select(func.min(Case.area).label("area")).cte("least", recursive=True)
_next = select(func.min(Case.area)).where(Case.area > _least.c.area).scalar_subquery()
_areas = _least.union_all(select(_next).where(_least.c.area.is_not(None)))
EACH_AREA = select(_areas.c.area).where(_areas.c.area.is_not(None))
"""Each area with a case, found by one step through the index: a look every few seconds cannot read all cases."""
AHEAD = select(Publication.area, Publication.report, Publication.months).where(Publication.due_on > bindparam("today"))
"""What is planned and not due yet."""


@dataclass(frozen=True, slots=True)
class Made:
    """A report: the page to read, the same with every table, and the table that anybody may see; None: there is none.

    Of the board's own pack there is none: the lay adviser's version is the one without cases.
    """

    shown: Page
    whole: Page
    public: Table | None


@dataclass(frozen=True, slots=True)
class Last:
    """The last period of which a report of an area is planned. ``ends_on`` None: there is none yet."""

    area: str
    report: Report
    months: int
    ends_on: date | None


def unplanned(session: Session, today: date, area: str | None = None, opened_before: date = date.max) -> Iterator[Last]:
    """Yield each report of an area with cases of which all that is planned is due ``today``, by area.

    ``opened_before``: look at areas alone that had a case before a day.
    """
    row = Publication
    ahead = {tuple(found) for found in session.execute(AHEAD, {"today": today})}
    areas = sorted(session.scalars(EACH_AREA) if opened_before == date.max else areas_before(session, opened_before))
    wanted = [(one, *which) for one in areas if area in (None, one) for which in PUBLISHED]
    missing = [(one, report, months) for one, report, months in wanted if (one, report.value, months) not in ahead]
    if not missing:
        return
    newest = select(row.area, row.report, row.months, func.max(row.ends_on))
    grouped = session.execute(newest.group_by(row.area, row.report, row.months))
    last = {(name, report, months): ends_on for name, report, months, ends_on in grouped}
    for one, report, months in missing:
        yield Last(one, report, months, last.get((one, report.value, months)))


def areas_before(session: Session, day: date) -> Iterator[str]:
    """Yield the areas that had a case before a day: this reads every case."""
    yield from session.scalars(select(Case.area).where(Case.opened_on < day).distinct())


def period_ending(ends_on: date, months: int) -> Period:
    """Return the month, quarter or reporting year that ends on a day."""
    if months == MONTH:
        return periods.month(f"{ends_on:%Y-%m}")
    if months == QUARTER:
        return periods.quarter(periods.quarter_name(ends_on))
    return periods.year(f"{periods.reporting_year(ends_on)}")


def indicators(session: Session, area: str, period: Period, today: date, fewer_than: int) -> Made:
    """Make the report of the indicators."""
    found = indicator_report(session, period, today, [area])
    return Made(found.page(), found.everything(), for_everybody(found.table("indicators"), "counted", fewer_than))


def outcomes(session: Session, area: str, period: Period, today: date, fewer_than: int) -> Made:
    """Make the report of the outcomes."""
    found = outcome_report(session, period, today, [area])
    return Made(found.page(), found.everything(), for_everybody(found.table("outcomes"), "people", fewer_than))


def annual(session: Session, area: str, period: Period, today: date, fewer_than: int) -> Made:
    """Make the annual report."""
    found = annual_report(session, asked_for([area], period.last.year, today))
    return Made(page_of(found), page_of(found), of_sums(found.table("eligible"), fewer_than))


def board(session: Session, area: str, period: Period, today: date, fewer_than: int) -> Made:  # noqa: ARG001  likewise
    """Make the board's pack."""
    found = board_pack(session, period, today, [area])
    return Made(found.page(), found.everything(), None)


def board_lay(session: Session, area: str, period: Period, today: date, fewer_than: int) -> Made:  # noqa: ARG001  likewise
    """Make the lay adviser's version of the board's pack, which holds back small numbers itself."""
    found = board_pack(session, period, today, [area], lay_adviser=True)
    return Made(found.page(), found.everything(), found.table("indicators"))


MAKERS: dict[Report, Callable[[Session, str, Period, date, int], Made]] = {
    Report.INDICATORS: indicators,
    Report.OUTCOMES: outcomes,
    Report.BOARD: board,
    Report.BOARD_LAY: board_lay,
    Report.ANNUAL: annual,
}


def folder_of(reports: Path, area: str, period: str, report: str) -> Path:
    """Return the folder of a report. What a path cannot hold of the name of an area is written as ``%2F``."""
    name = quote(area, safe=" '()&,")
    return reports / name.replace(".", "%2E") / period / report


def write_report(folder: Path, report: str, made: Made) -> bool:
    """Write the files of a report into its folder, whole; tell whether the PDF is among them.

    What an earlier run that was cut off left there gives way. ``OSError`` where there is no room or no right.
    """
    for above in (folder.parent.parent.parent, folder.parent.parent, folder.parent):
        if not above.exists():
            above.mkdir(mode=0o700, parents=True, exist_ok=True)
    for left in folder.parent.glob(f".{report}.*"):
        shutil.rmtree(left)
    # Only its owner may read it.
    fresh = Path(mkdtemp(prefix=f".{report}.", dir=folder.parent))
    (fresh / f"{report}.html").write_text(page_as_html(made.shown), encoding="utf-8")
    (fresh / f"{report}.json").write_bytes(page_as_json(made.whole))
    write_csv(fresh, made.whole)
    try:
        (fresh / f"{report}.pdf").write_bytes(page_as_pdf(made.shown))
        with_pdf = True
    except NoPdfError:
        with_pdf = False
    for file in fresh.iterdir():
        file.chmod(0o600)
        to_disk(file)
    to_disk(fresh)
    checkpoint("reports.made")
    if folder.exists():
        shutil.rmtree(folder)
    fresh.rename(folder)
    to_disk(folder.parent)
    checkpoint("reports.written")
    return with_pdf


def to_disk(path: Path) -> None:
    """Have a file or a folder on the disk: the record will say that it is there."""
    opened = os.open(path, os.O_RDONLY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)
