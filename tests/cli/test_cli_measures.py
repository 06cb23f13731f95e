"""``mappa report kpi`` and ``report outcomes``: what they print and write, the periods they take, what they refuse."""

import csv
from datetime import date
from pathlib import Path

import pytest
from bs4 import BeautifulSoup

from models.record import Record
from models.registrations import Spell
from tests.support import rows
from tests.support.command_line import Mappa
from tests.support.rows import added

QUARTER = ("--area", "London", "--quarter", "2027-Q1", "--as-at", "2026-07-01")
SPELL = {"category": 1, "categories": [1], "lead_agency": "probation", "location": "custody", "level": 2}


@pytest.fixture
def filled(record: Record) -> None:
    """Two referrals due in the quarter, one of them late, and one elsewhere."""
    with record.writing() as session:
        for number, area, met in ((1, "London", date(2026, 5, 30)), (2, "London", date(2026, 6, 2)), (3, "Kent", None)):
            person = rows.person(session, f"X10000{number}")
            case = rows.case(session, person, f"C-{number}", area=area, unit="Camden")
            rows.timescale(session, case, due_on=date(2026, 5, 30), state="met" if met else "open", met_on=met)
            who = {"case_id": case.id, "person_id": person.id, "area": area, "unit": "Camden"}
            added(session, Spell(**who), SPELL | {"starts_on": date(2026, 1, 1)})


@pytest.mark.usefixtures("filled")
def test_json_has_every_table_and_how_far_it_was_counted(mappa: Mappa) -> None:
    report = mappa("report", "kpi", *QUARTER, "--json").document
    assert list(report) == ["areas", "period", "first_day", "last_day", "counted_to", "tables"]
    assert list(report.values())[:5] == [["London"], "2027-Q1", "2026-04-01", "2026-06-30", "2026-06-30"]
    tables = {table["id"]: table for table in report["tables"]}
    assert tables["indicators"]["cells"]["referral"] == {"counted": 1, "of": 2, "per_cent": 50.0, "target": 100.0}
    assert tables["months_of"]["cells"]["referral"] == {"2026-04": 0, "2026-05": 2, "2026-06": 0}
    assert tables["months"]["cells"]["referral"] == {"2026-04": None, "2026-05": 50.0, "2026-06": None}
    assert tables["units_counted"]["cells"]["Camden"]["referral"] == 1
    assert tables["levels"]["cells"]["referral"] == {"1": None, "2": 50.0, "3": None, "none": None}
    outcomes = mappa("report", "outcomes", *QUARTER, "--json").document
    assert outcomes["tables"][0]["cells"]["level_same"]["people"] == 2


@pytest.mark.usefixtures("filled")
def test_a_page_has_the_tables_to_read_and_sheets_have_them_all(mappa: Mappa, tmp_path: Path) -> None:
    for name in ("kpi", "outcomes"):
        page, folder = tmp_path / f"{name}.html", tmp_path / name
        answer = mappa("report", name, *QUARTER, "--html", page, "--csv", folder)
        assert answer.out.startswith(f"written: {page}\nwritten: {folder}/")
        soup = BeautifulSoup(page.read_text("utf-8"), "html.parser")
        assert (soup.find("script"), bool(soup.find("table"))) == (None, True)
    page = (tmp_path / "kpi.html").read_text("utf-8")
    assert "By agency (1 of 4)" in page
    assert "By area" not in page
    with (tmp_path / "kpi" / "months_of.csv").open(encoding="utf-8-sig", newline="") as file:
        sheet = {row[0]: row[1:] for row in csv.reader(file)}
    assert sheet["Referred by 6 months before release"] == ["0", "2", "0"]


@pytest.mark.usefixtures("filled")
def test_a_number_lists_what_is_behind_it_with_days(mappa: Mappa) -> None:
    found = mappa("report", "kpi", *QUARTER, "--explain", "units.Camden.referral", "--json").document
    assert [(one["case"], one["counts"], one["days"], one["why"]) for one in found] == [
        ("C-1", True, 0, "done on 30 May 2026, due 30 May 2026"),
        ("C-2", False, 3, "done on 2 June 2026, due 30 May 2026: 3 days late"),
    ]
    both = ("--all", *QUARTER[2:])
    kent = mappa("report", "kpi", *both, "--explain", "units.Kent: Camden.referral", "--json").document
    assert [(one["case"], one["why"]) for one in kent] == [("C-3", "due 30 May 2026 and not done: 32 days overdue")]
    people = mappa("report", "outcomes", *QUARTER, "--explain", "outcomes.level_same.of", "--json").document
    assert [(one["case"], one["counts"], one["why"]) for one in people] == [
        ("C-1", True, "level 2 then, level 2 now"), ("C-2", True, "level 2 then, level 2 now"),
    ]  # fmt: skip
    assert "C-2" in mappa("report", "kpi", *QUARTER, "--explain", "indicators.referral.of").out
    nothing = mappa("report", "kpi", *QUARTER, "--explain", "indicators.map008.of").out
    assert nothing == "there is nothing behind this number\n"


@pytest.mark.usefixtures("filled")
@pytest.mark.parametrize(
    ("words", "first", "last"),
    [
        ((), "2026-01-01", "2026-03-31"),
        (("--year", "2027"), "2026-04-01", "2027-03-31"),
        (("--quarter", "2026-Q4"), "2026-01-01", "2026-03-31"),
        (("--month", "2026-05"), "2026-05-01", "2026-05-31"),
        (("--from", "2026-04-15", "--to", "2026-05-14"), "2026-04-15", "2026-05-14"),
    ],
)
def test_the_period_is_the_one_asked_for(mappa: Mappa, words: tuple[str, ...], first: str, last: str) -> None:
    report = mappa("report", "kpi", "--all", *words, "--as-at", "2026-06-30", "--json").document
    assert (report["first_day"], report["last_day"]) == (first, last)


@pytest.mark.usefixtures("filled")
@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("--quarter", "2027-Q5"), "'2027-Q5' is no quarter: write the reporting year and the quarter"),
        (("--month", "2026-13"), "'2026-13' is no month: write year and month, such as 2026-04"),
        (("--year", "26"), "'26' is no reporting year"),
        (("--year", "2027", "--month", "2026-04"), "give one of --year, --quarter, --month, or --from with --to"),
        (("--from", "2026-04-01"), "a period of your own needs both --from and --to"),
        (("--from", "2026-04-02", "--to", "2026-04-01"), "the period ends on 2026-04-01, before it begins"),
        (("--quarter", "2027-Q3"), "no day of the period has ended yet: it begins on 2026-10-01"),
    ],
)
def test_what_is_no_period_is_refused(mappa: Mappa, words: tuple[str, ...], told: str) -> None:
    answer = mappa("report", "kpi", "--all", *words, "--as-at", "2026-07-01")
    assert answer.code == 2
    assert told in answer.err
