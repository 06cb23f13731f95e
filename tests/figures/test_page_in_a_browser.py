"""A page of figures in a real browser: nothing shuts anybody out, and no colour is needed."""

from datetime import date
from pathlib import Path

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser

from figures import outlook
from figures.annual.report import annual_report, asked_for, page_of
from figures.board.report import board_pack
from figures.indicators.report import indicator_report
from figures.outcomes.report import outcome_report
from figures.pages import page_as_html
from figures.periods import quarter, year
from models.record import Record
from tests.figures.annual.caseload import event, someone
from tests.figures.board import by_hand
from tests.web.at_work import NO_CHROMIUM, chromium

pytestmark = NO_CHROMIUM
SMALL = {"width": 320, "height": 640}


def test_no_report_shuts_anybody_out(sqlite_record: Record, tmp_path: Path) -> None:
    """By the rules of WCAG that a program can check, on a small screen too: a wide table moves inside its own frame."""
    with sqlite_record.writing() as session:
        for number, category in enumerate((1, 2, 3, None)):
            case = someone(session, f"W-{number}", ("2020-01-01", "", category, 2), unit=f"{'Long name ' * 8}{number}")
            event(session, case, "licence_recall", "2023-01-01", category, 2)
    with sqlite_record.reading() as session:
        page = page_of(annual_report(session, asked_for(["Westmarch"], 2023, date(2023, 6, 1))))
    with sqlite_record.writing() as session:
        by_hand.fill(session)
    with sqlite_record.reading() as session:
        asked = quarter("2027-Q2"), by_hand.TODAY
        packs = [board_pack(session, *asked, [area], lay_adviser=lay).page()
                 for area, lay in ((by_hand.AREA, False), (by_hand.AREA, True), ("Nowhere", False))]  # fmt: skip
        counted = [report(session, year("2027"), by_hand.TODAY, [area]).page()
                   for report in (indicator_report, outcome_report) for area in (by_hand.AREA, "Nowhere")]  # fmt: skip
        ahead = [outlook.page_of(outlook.outlook(session, [area], by_hand.TODAY, weeks=26))
                 for area in (by_hand.AREA, "Nowhere")]  # fmt: skip
    with chromium() as browser:
        for place, one in enumerate((page, *packs, *counted, *ahead)):
            file = tmp_path / f"report-{place}.html"
            file.write_text(page_as_html(one), encoding="utf-8")
            look(browser, file)


def look(browser: Browser, file: Path) -> None:
    """Look at a page on a large and on a small screen."""
    for options in ({}, {"viewport": SMALL}):
        shown = browser.new_page(**options)
        shown.goto(file.as_uri())
        assert [one["id"] for one in Axe().run(shown).response["violations"]] == []
        wide = shown.evaluate("[document.scrollingElement.scrollWidth, document.scrollingElement.clientWidth]")
        assert wide[0] == wide[1]
