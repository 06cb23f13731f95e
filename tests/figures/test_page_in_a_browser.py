"""A page of figures in a real browser: nothing shuts anybody out, and no colour is needed."""

from datetime import date
from pathlib import Path

from axe_playwright_python.sync_playwright import Axe

from figures.annual.report import annual_report, asked_for, page_of
from figures.pages import page_as_html
from models.record import Record
from tests.figures.annual.caseload import event, someone
from tests.web.at_work import NO_CHROMIUM, chromium

pytestmark = NO_CHROMIUM
SMALL = {"width": 320, "height": 640}


def test_the_annual_report_shuts_nobody_out(sqlite_record: Record, tmp_path: Path) -> None:
    """By the rules of WCAG that a program can check, on a small screen too: a wide table moves inside its own frame."""
    with sqlite_record.writing() as session:
        for number, category in enumerate((1, 2, 3, None)):
            case = someone(session, f"W-{number}", ("2020-01-01", "", category, 2), unit=f"{'Long name ' * 8}{number}")
            event(session, case, "licence_recall", "2023-01-01", category, 2)
    with sqlite_record.reading() as session:
        page = page_of(annual_report(session, asked_for(["Westmarch"], 2023, date(2023, 6, 1))))
    file = tmp_path / "report.html"
    file.write_text(page_as_html(page), encoding="utf-8")
    with chromium() as browser:
        for options in ({}, {"viewport": SMALL}):
            shown = browser.new_page(**options)
            shown.goto(file.as_uri())
            assert [one["id"] for one in Axe().run(shown).response["violations"]] == []
            wide = shown.evaluate("[document.scrollingElement.scrollWidth, document.scrollingElement.clientWidth]")
            assert wide[0] == wide[1]
