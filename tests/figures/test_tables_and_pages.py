"""Tables of figures and what is published of them: pages, charts, sheets and PDF."""

import csv
import io
import re
from pathlib import Path

import pytest
from bs4 import BeautifulSoup

from figures.charts import Bar, Group, bar_chart, chart_of
from figures.pages import page_as_html, page_as_pdf, table_as_csv, write_csv
from figures.pdf import NoPdfError
from figures.tables import DASH, Check, Heading, Page, Table, adds_up, sum_of
from policy.texts import spreadsheet_cell

ROWS = (Heading("level_2", "Level 2"), Heading("level_3", "Level 3"), Heading("total", "Total"))
COLUMNS = (Heading("category_1", "Category 1"), Heading("category_3", "Category 3"), Heading("total", "Total"))
CELLS = {
    "level_2": {"category_1": 1219, "category_3": 47, "total": 1266},
    "level_3": {"category_1": 10, "category_3": 0, "total": 10},
    "total": {"category_1": 1229, "category_3": 47, "total": 1276},
}
HOSTILE = "=SUM(1)<script>alert(1)</script>"


def table(**more: object) -> Table:
    told: dict[str, object] = {
        "id": "eligible", "title": "People", "rows": ROWS, "columns": COLUMNS, "cells": CELLS,
        "checks": adds_up(CELLS, ["level_2", "level_3"], ["category_1", "category_3"]),
        "cannot_be": frozenset({("level_3", "category_3"), ("level_2", "category_3")}),
        "drawn": (("level_2", "level_3"), ("category_1", "category_3")),
    }  # fmt: skip
    return Table(**(told | more))  # type: ignore[arg-type]


def test_a_cell_that_cannot_be_is_a_dash_only_while_it_is_zero() -> None:
    made = table()
    assert [[made.shown(row, column) for column in COLUMNS] for row in ROWS] == [
        ["1,219", "47", "1,266"],
        ["10", DASH, "10"],
        ["1,229", "47", "1,276"],
    ]


def test_no_data_and_nothing_are_not_the_same() -> None:
    made = table(cells=CELLS | {"level_3": {"category_1": None, "category_3": 0.5, "total": "under 5"}})
    percent = Heading("category_3", "Category 3", suffix="%")
    assert made.shown(ROWS[1], COLUMNS[0]) == "no data"
    assert made.shown(ROWS[1], percent) == "0.5%"
    assert made.shown(ROWS[1], COLUMNS[2]) == "under 5"
    assert list(csv.reader(io.StringIO(table_as_csv(made).removeprefix("\ufeff"))))[2] == [
        "Level 3", "", "0.5", "under 5",
    ]  # fmt: skip


def test_every_row_and_column_is_checked_with_its_numbers() -> None:
    found = adds_up(CELLS, ["level_2", "level_3"], ["category_1", "category_3"])
    assert [check.what for check in found] == [
        "row level 2: 1,219 + 47 = 1,266", "row level 3: 10 + 0 = 10", "row total: 1,229 + 47 = 1,276",
        "column category 1: 1,219 + 10 = 1,229", "column category 3: 47 + 0 = 47", "column total: 1,266 + 10 = 1,276",
    ]  # fmt: skip
    assert all(check.holds for check in found)


def test_a_table_that_does_not_add_up_says_where_and_by_which_numbers() -> None:
    wrong = CELLS | {"level_2": {"category_1": 1219, "category_3": 47, "total": 1265}}
    assert [check.what for check in adds_up(wrong, ["level_2", "level_3"], ["category_1", "category_3"])
            if not check.holds] == [
        "row level 2: 1,219 + 47 = 1,266, not 1,265",
        "column total: 1,265 + 10 = 1,275, not 1,276",
    ]  # fmt: skip


def test_a_table_without_data_has_no_checks() -> None:
    nothing = {row: dict.fromkeys(("category_1", "category_3", "total")) for row in CELLS}
    assert adds_up(nothing, ["level_2", "level_3"], ["category_1", "category_3"]) == []


def test_the_page_has_each_table_its_chart_and_its_checks() -> None:
    page = Page("Report", "London", [table(checks=[Check("it adds up", holds=True), Check("it is odd", holds=False)])],
                facts=[("Rate", "85")], notes=["Community only."])  # fmt: skip
    soup = BeautifulSoup(page_as_html(page), "html.parser")
    assert soup.find("script") is None
    assert [cell.text for cell in soup.select("tbody tr:last-child > *")] == ["Total", "1,229", "47", "1,276"]
    assert [one.text for one in soup.select("p.notes")] == ["Does not hold: it is odd", "Checked: it adds up."]
    assert [one.text for one in soup.select("svg text")] == [
        "Level 2", "Category 1", "1,219", "Category 3", "47", "Level 3", "Category 1", "10", "Category 3", DASH,
    ]  # fmt: skip
    assert not re.search(r"(src|href)=|url\(|@import", page_as_html(page))


def test_hostile_text_is_text_in_the_page_the_chart_and_the_sheet() -> None:
    rows = (Heading("level_2", HOSTILE), *ROWS[1:])
    made = table(rows=rows, title=HOSTILE)
    soup = BeautifulSoup(page_as_html(Page(HOSTILE, HOSTILE, [made], facts=[(HOSTILE, HOSTILE)])), "html.parser")
    assert soup.find("script") is None
    assert [row[0] for row in csv.reader(io.StringIO(table_as_csv(made)))][1] == f"'{HOSTILE}"


def test_a_number_below_zero_is_no_formula() -> None:
    assert [spreadsheet_cell(one) for one in (-3, "-3", "@x", None, 0.5)] == ["-3", "'-3", "'@x", "", "0.5"]


def test_a_chart_has_a_bar_as_long_as_its_number_and_none_where_there_is_no_data() -> None:
    chart = bar_chart("Bars", [Group("", [Bar("a", 50, "50"), Bar("b", 25, "25"), Bar("c", None, "no data")])])
    widths = [float(one) for one in re.findall(r'<rect[^>]* width="([\d.]+)"', str(chart))]
    assert widths == [300.0, 150.0]
    assert "no data" in chart


def test_a_table_that_is_not_drawn_or_has_nothing_to_compare_has_no_chart() -> None:
    assert chart_of(table(drawn=((), ()))) == ""
    assert chart_of(table(drawn=(["level_2"], ["total"]))) == ""
    assert chart_of(table(drawn=(["level_2", "level_3"], ["total"]))) != ""
    assert chart_of(table(cells={row: dict.fromkeys(cells, 0) for row, cells in CELLS.items()})) == ""


def test_a_long_sum_is_not_written_out() -> None:
    found = sum_of("units", [2] * 9, 18)
    assert found == Check("units: sum of 9 numbers = 18", holds=True)


def test_a_sheet_for_each_table(tmp_path: Path) -> None:
    files = write_csv(tmp_path / "new" / "folder", Page("Report", "", [table(), table(id="yearly")]))
    assert [file.name for file in files] == ["eligible.csv", "yearly.csv"]
    assert files[0].read_bytes().startswith(b"\xef\xbb\xbf")
    assert files[0].read_text("utf-8-sig").splitlines()[0] == ",Category 1,Category 3,Total"


def test_the_page_as_pdf_has_the_table_and_tags() -> None:
    """Where the machine cannot make one, tests/web/test_minutes.py sees that it says what to install."""
    page = Page("Report", "London", [table()])
    try:
        made = page_as_pdf(page)
    except NoPdfError:
        pytest.skip("this machine cannot make a PDF")
    from pypdf import PdfReader

    [sheet] = PdfReader(io.BytesIO(made)).pages
    assert "1,219" in sheet.extract_text()
    assert "/StructTreeRoot" in PdfReader(io.BytesIO(made)).trailer["/Root"]


@pytest.mark.parametrize("text", ["a" * 60, "Kensington & Chelsea"])
def test_a_long_name_is_cut_in_the_chart_alone(text: str) -> None:
    chart = str(bar_chart("Units", [Group("", [Bar(text, 1, "1")])]))
    assert (f"{'a' * 39}…" in chart) == (len(text) > 40)
