"""``mappa report annual``: what it prints, what it writes, and what it refuses."""

import csv
from datetime import date
from pathlib import Path

import pytest
from bs4 import BeautifulSoup

from figures.pdf import NoPdfError, pdf_of
from models.record import Record
from tests.figures.annual.caseload import event, population, someone
from tests.support.command_line import Mappa

YEAR = ("--year", "2014", "--as-at", "2014-06-01")
HERE = ("report", "annual", "--area", "Westmarch", *YEAR)


@pytest.fixture
def filled(record: Record) -> None:
    """Two people here and one elsewhere."""
    with record.writing() as session:
        one = someone(session, "W-01", ("2010-05-01", "", 1, 2), unit="=North")
        someone(session, "W-02", ("2010-05-01", "", 2, 1))
        someone(session, "E-01", ("2010-05-01", "", 1, 1), area="Eastmarch")
        event(session, one, "licence_recall", "2013-08-10", 1, 2)
        population(session, "Westmarch", 2013, 40_000)


@pytest.mark.usefixtures("filled")
def test_json_has_the_fields_of_the_contract(mappa: Mappa) -> None:
    report = mappa(*HERE, "--json").document
    assert list(report) == ["areas", "year", "layout", "tables", "rate_per_100k"]
    assert (report["areas"], report["year"], report["layout"], report["rate_per_100k"]) == (
        ["Westmarch"], 2014, "to-2015", 3,
    )  # fmt: skip
    tables = {table["id"]: table for table in report["tables"]}
    assert list(tables) == [
        "eligible", "yearly", "notification", "orders", "returned_licence", "returned_licence_people",
        "returned_order", "returned_order_people", "serious_further_offences", "units", "data",
    ]  # fmt: skip
    eligible = tables["eligible"]
    assert (eligible["rows"], eligible["columns"]) == (
        ["level_1", "level_2", "level_3", "total"], ["category_1", "category_2", "category_3", "total"],
    )  # fmt: skip
    assert eligible["cells"]["total"] == {"category_1": 1, "category_2": 1, "category_3": 0, "total": 2}
    assert all(set(check) == {"what", "holds"} for table in report["tables"] for check in table["checks"])


@pytest.mark.usefixtures("filled")
def test_the_terminal_shows_tables_checks_and_the_rate(mappa: Mappa) -> None:
    text = mappa(*HERE).out
    assert text.startswith("MAPPA annual report 2013/14\nWestmarch. Year to 31 March 2014.\n")
    assert "MAPPA-eligible offenders on 31 March 2014" in text
    assert "checked: row total: 1 + 1 + 0 = 2" in text
    assert "10 and over: 3 (mid-2013 estimate: 40,000)" in text


@pytest.mark.usefixtures("filled")
def test_areas_are_added_up_by_name_and_all_of_them_at_once(mappa: Mappa) -> None:
    both = mappa(*HERE, "--area", "EASTMARCH", "--json").document
    assert both["areas"] == ["Eastmarch", "Westmarch"]
    assert both["tables"][0]["cells"]["total"]["total"] == 3
    # Of one area no population is loaded.
    assert both["rate_per_100k"] is None
    units = next(table for table in both["tables"] if table["id"] == "units")
    assert units["rows"] == ["Eastmarch: North", "Westmarch: =North", "Westmarch: North"]
    assert mappa("report", "annual", "--all", *YEAR, "--json").document == both


@pytest.mark.usefixtures("filled")
def test_it_is_written_as_a_page_and_as_sheets(mappa: Mappa, tmp_path: Path) -> None:
    page, folder = tmp_path / "report.html", tmp_path / "sheets"
    answer = mappa(*HERE, "--html", page, "--csv", folder)
    assert answer.out.splitlines() == [f"written: {page}", *(f"written: {folder}/{name}.csv" for name in (
        "eligible", "yearly", "notification", "orders", "returned_licence", "returned_licence_people",
        "returned_order", "returned_order_people", "serious_further_offences", "units", "data",
    ))]  # fmt: skip
    soup = BeautifulSoup(page.read_text("utf-8"), "html.parser")
    assert soup.find("script") is None
    assert [cell.text for cell in soup.select("#eligible ~ .wide tbody tr.total > *")] == ["Total", "1", "1", "0", "2"]
    with (folder / "units.csv").open(encoding="utf-8-sig", newline="") as file:
        assert list(csv.reader(file)) == [["Unit", "Registered sexual offenders"], ["'=North", "1"], ["North", "0"]]


@pytest.mark.usefixtures("filled")
def test_as_pdf_or_what_to_install(mappa: Mappa, tmp_path: Path) -> None:
    file = tmp_path / "report.pdf"
    try:
        pdf_of("<p>x</p>")
    except NoPdfError:
        answer = mappa(*HERE, "--pdf", file)
        assert (answer.code, file.exists()) == (1, False)
        assert "install Pango" in answer.err
    else:
        assert mappa(*HERE, "--pdf", file).code == 0
        assert file.read_bytes().startswith(b"%PDF")


@pytest.mark.usefixtures("filled")
def test_a_number_lists_its_cases(mappa: Mappa) -> None:
    cell = (*HERE, "--explain", "returned_licence.level_2.category_1")
    assert mappa(*cell, "--json").document == [
        {
            "case": "W-01",
            "crn": mappa(*cell, "--json").document[0]["crn"],
            "why": "returned to custody for a breach of licence on 10 August 2013 at level 2 in category 1, by a file "
            "of events",
        }
    ]
    assert "W-01" in mappa(*cell).out
    assert mappa(*HERE, "--explain", "yearly.level_3.total").out == "this number counts no case\n"


@pytest.mark.usefixtures("filled")
@pytest.mark.parametrize(
    ("words", "code", "told"),
    [
        (("--year", "2014"), 2, "name the area (--area, more than once to add areas up), or take every area (--all)"),
        (("--all", "--area", "Westmarch"), 2, "name the area"),
        (("--area", "Nowhere"), 2, "the record knows no area 'Nowhere'"),
        (
            ("--area", "Westmarch", "--year", "2015", "--as-at", "2015-03-31"),
            2,
            "the year to 31 March 2015 is not over",
        ),
        (("--all", *YEAR, "--explain", "nothing.total.total"), 1, "the report has no table 'nothing'; it has eligible"),
        (("--all", *YEAR, "--explain", "yearly.level_1.total"), 1, "has no cell level_1.total: its rows are level_2"),
        (("--all", *YEAR, "--explain", "yearly"), 1, "has no cell"),
    ],
)
def test_what_cannot_be_answered_is_told(mappa: Mappa, words: tuple[str, ...], code: int, told: str) -> None:
    answer = mappa("report", "annual", *words)
    assert answer.code == code
    assert told in answer.err


@pytest.mark.usefixtures("filled")
def test_without_a_year_it_is_the_last_one_that_has_ended(mappa: Mappa) -> None:
    for today, year in ((date(2014, 3, 31), 2013), (date(2014, 4, 1), 2014), (date(2015, 1, 1), 2014)):
        assert mappa("report", "annual", "--all", "--as-at", today, "--json").document["year"] == year


def test_an_empty_record_has_nothing_to_report(mappa: Mappa) -> None:
    answer = mappa("report", "annual", "--all", *YEAR)
    assert (answer.code, answer.err) == (1, "there is nothing on record to report on yet\n")
