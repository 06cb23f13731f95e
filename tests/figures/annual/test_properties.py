"""What holds of every annual report, tried on random caseloads."""

import shutil
from datetime import date, timedelta
from pathlib import Path
from random import Random

import pytest
from sqlalchemy.orm import Session

from figures.annual.counting import counted
from figures.annual.places import Place
from figures.annual.report import Report, annual_report, asked_for, explain
from models.record import Record
from tests.figures.annual.caseload import event, population, someone
from tests.support.opened import opened

AREAS, UNITS = ("Westmarch", "Eastmarch"), ("North", "South", "St. Elsewhere")
FIRST, TODAY = date(2022, 4, 1), date(2023, 6, 1)
KINDS = ("licence_recall", "order_breach_custody", "serious_further_offence_charge", "notification_breach",
         "notification_revoked", "sro_breach_notification", "order_shpo", "order_shpo_travel", "order_sopo",
         "reconviction_other")  # fmt: skip
Life = tuple[str, list[tuple[object, ...]], list[tuple[str, str, int | None, int | None]]]


def lives(seed: int, people: int = 60) -> list[Life]:
    """Invent people whose spells lie around one reporting year, with and without gaps in what is known of them."""
    rng = Random(seed)
    found: list[Life] = []
    for number in range(people):
        area, day = rng.choice(AREAS), FIRST - timedelta(days=rng.randint(1, 400))
        stretches: list[tuple[object, ...]] = []
        for place in range(length := rng.randint(1, 4)):
            last = day + timedelta(days=rng.randint(0, 250))
            category, level = rng.choice((1, 1, 2, 3, 4, None)), rng.choice((1, 2, 3, None))
            ends = "" if place == length - 1 and rng.random() < 0.6 else last.isoformat()
            where = rng.choice(("community", "community", "custody", "hospital")), rng.choice((*UNITS, None)), area
            stretches.append((day.isoformat(), ends, category, level, *where))
            day, area = last + timedelta(days=1), rng.choice((area, area, *AREAS))
        told = [
            (rng.choice(KINDS), (FIRST + timedelta(days=rng.randint(-5, 370))).isoformat(),
             rng.choice((1, 2, 3, 4, None)), rng.choice((1, 2, 3, None)))
            for _ in range(rng.randint(0, 3))
        ]  # fmt: skip
        found.append((f"C-{number:03d}", stretches, told))
    return found


def write(session: Session, people: list[Life]) -> None:
    for name, stretches, told in people:
        case = someone(session, name, *stretches, area=str(stretches[-1][-1]))
        for one in told:
            event(session, case, *one)
    for area in AREAS:
        population(session, area, 2022, 1000)


def report_of(session: Session, *areas: str) -> Report:
    return annual_report(session, asked_for(areas, 2023, TODAY))


def cells(report: Report, *without: str) -> dict[tuple[str, str, str], object]:
    return {
        (table.id, row, column): value
        for table in report.tables
        for row, columns in table.cells.items()
        for column, value in columns.items()
        if table.id not in without
    }


def test_each_cell_has_as_many_cases_as_it_counts(record: Record) -> None:
    with record.writing() as session:
        write(session, lives(1))
    asked = asked_for(AREAS, 2023, TODAY)
    with record.reading() as session:
        numbers = cells(annual_report(session, asked))
        listed = {cell: len(counted(session, asked, Place(*cell))) for cell in numbers}
    assert listed == numbers
    assert len([number for number in numbers.values() if number]) > 30


def test_areas_add_up_cell_by_cell(record: Record) -> None:
    with record.writing() as session:
        write(session, lives(3))
    with record.reading() as session:
        both = cells(report_of(session, *AREAS), "units")
        each = [cells(report_of(session, area), "units") for area in AREAS]
    assert both == {cell: sum(int(str(one[cell])) for one in each) for cell in both}


@pytest.mark.parametrize("seed", [5, 6])
def test_units_add_up_to_the_area_and_every_check_but_those_of_the_data_holds(sqlite_record: Record, seed: int) -> None:
    with sqlite_record.writing() as session:
        write(session, lives(seed))
    with sqlite_record.reading() as session:
        report = report_of(session, "Westmarch")
    units = [row["registered_sexual_offenders"] for row in report.table("units").cells.values()]
    assert sum(int(str(one)) for one in units) == report.table("eligible").value("total", "category_1")
    wrong = [check.what for table in report.tables[:-1] for check in table.checks if not check.holds]
    assert [one for one in wrong if "category 3 is never at level 1" not in one] == []


def test_an_unrelated_case_changes_no_cell_of_another_area_or_unit(record: Record) -> None:
    with record.writing() as session:
        write(session, lives(7))
    with record.reading() as session:
        here, there = cells(report_of(session, "Westmarch")), cells(report_of(session, "Eastmarch"))
    with record.writing() as session:
        more = someone(session, "C-999", ("2022-05-05", "", 1, 3), unit="North")
        event(session, more, "licence_recall", "2022-06-06", 1, 3)
    with record.reading() as session:
        assert cells(report_of(session, "Eastmarch")) == there
        after = cells(report_of(session, "Westmarch"))
    changed = {cell for cell, number in after.items() if number != here[cell]}
    crossed = {(table, row, column) for table in ("eligible", "yearly", "returned_licence", "returned_licence_people")
               for row in ("level_3", "total") for column in ("category_1", "total")}  # fmt: skip
    assert changed == crossed | {("units", "North", "registered_sexual_offenders")}


def test_the_order_of_rows_and_the_day_of_the_report_make_no_difference(record: Record) -> None:
    people = lives(8)
    with record.writing() as session:
        write(session, people)
    with record.reading() as session:
        first, again = report_of(session, *AREAS), report_of(session, *AREAS)
        later = annual_report(session, asked_for(AREAS, 2023, date(2031, 1, 1)))
        names = [one.case for one in explain(session, asked_for(AREAS, 2023, TODAY), "yearly.total.total")]
    assert first == again == later
    assert names == sorted(name or "" for name in names)


def test_people_loaded_the_other_way_round_make_the_same_report(tmp_path: Path, sqlite_template: Path) -> None:
    people, found = lives(9), []
    for number, order in enumerate((people, people[::-1])):
        shutil.copy(sqlite_template, tmp_path / f"{number}.db")
        record = opened(f"sqlite:///{tmp_path}/{number}.db")
        with record.writing() as session:
            write(session, order)
        asked = asked_for(AREAS, 2023, TODAY)
        with record.reading() as session:
            cases = [(one.case, one.why) for one in explain(session, asked, "yearly.total.total")]
            found.append((annual_report(session, asked), cases))
        record.close()
    assert found[0] == found[1]
