"""What the record of a case tells counts as what a file tells, and what both tell counts once."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from sqlalchemy.orm import Session

from casework.erasure.erase import erase_person
from figures.annual.report import Report, annual_report, asked_for, explain, page_of
from models.cases import Case, Fact
from models.events import CustodyEvent
from models.orders import CourtOrder
from models.people import Person
from models.record import Record
from tests.figures.annual.caseload import event, grid, someone
from tests.support import rows

TODAY = date(2027, 6, 1)
HERE = ["Westmarch"]
NOW = datetime(2026, 12, 1, 9, tzinfo=UTC)
AT_LEVEL_2 = ("2020-01-01", "", 1, 2)


def report_of(record: Record, *areas: str) -> Report:
    with record.reading() as session:
        return annual_report(session, asked_for(areas or HERE, 2027, TODAY))


def cell(record: Record, table: str, row: str, column: str) -> object:
    return report_of(record).table(table).value(row, column)


def happened(session: Session, case: Case, kind: str, on: str, number: int = 1, **more: object) -> None:
    told = {"level": 2, "category": 1, "recorded_at": NOW, "data": {}} | more
    session.add(CustodyEvent(case_id=case.id, number=number, kind=kind, on_date=date.fromisoformat(on), **told))


def ordered(session: Session, case: Case, kind: str, starts_on: str, number: int = 1, breaches: str = "") -> None:
    told = {"court": "Example Crown Court", "conditions": "Not to go there.", "breaches": breaches.split()}
    day = date.fromisoformat(starts_on)
    session.add(CourtOrder(case_id=case.id, person_id=case.person_id, number=number, kind=kind, starts_on=day,
                           known_on=day, **told))  # fmt: skip


def test_a_recall_counts_at_the_level_and_category_of_its_day(record: Record) -> None:
    with record.writing() as session:
        case = someone(session, "W-01", ("2020-01-01", "2026-05-31", 1, 3), ("2026-06-01", "", 1, 1, "custody"))
        happened(session, case, "recall", "2026-06-01", level=3)
        happened(session, case, "recall", "2026-03-31", 2)
        happened(session, case, "transfer", "2026-07-01", 3)
    assert grid(report_of(record).table("returned_licence")) == [[0, 0, 0, 0, 0], [1, 0, 0, 0, 1], [1, 0, 0, 0, 1]]
    with record.reading() as session:
        [one] = explain(session, asked_for(HERE, 2027, TODAY), "returned_licence.total.total")
    assert (one.case, one.why) == (
        "W-01",
        "returned to custody for a breach of licence on 1 June 2026 at level 3 in category 1, by the record of the "
        "case",
    )


def test_what_a_file_and_the_record_tell_of_one_day_is_one_event(record: Record) -> None:
    with record.writing() as session:
        case = someone(session, "W-01", AT_LEVEL_2)
        happened(session, case, "recall", "2026-06-01")
        event(session, case, "licence_recall", "2026-06-01", 1, None)
        # Of another day: another event.
        event(session, case, "licence_recall", "2026-09-01", 1, 2)
        # One person, one day, told of twice in the file: two.
        for _ in range(2):
            event(session, case, "serious_further_offence_charge", "2026-06-01", 1, 2)
        happened(session, case, "further_charge", "2026-06-01", 2, serious=True)
    assert cell(record, "returned_licence", "level_2", "category_1") == 2
    assert cell(record, "serious_further_offences", "level_2", "category_1") == 2
    assert cell(record, "data", "events_no_level", "number") == 0


def test_only_a_charge_that_was_said_to_be_serious_counts(record: Record) -> None:
    with record.writing() as session:
        case = someone(session, "W-01", AT_LEVEL_2)
        happened(session, case, "further_charge", "2026-06-01")
        happened(session, case, "further_charge", "2026-07-01", 2, serious=True)
        happened(session, case, "further_charge", "2026-08-01", 3, serious=True, level=1)
    assert cell(record, "serious_further_offences", "total", "total") == 1


def test_orders_count_on_the_day_on_which_they_begin(record: Record) -> None:
    with record.writing() as session:
        case = someone(session, "W-01", ("2020-01-01", "", 1, 1))
        ordered(session, case, "shpo", "2026-04-01")
        ordered(session, case, "notification_order", "2027-03-31", 2)
        ordered(session, case, "shpo", "2026-03-31", 3)
        ordered(session, case, "sexual_risk_order", "2026-06-01", 4)
        ordered(session, case, "sopo", "2026-06-01", 5)
        # The file says that this one forbids travel: the same order.
        ordered(session, case, "shpo", "2026-08-01", 6)
        event(session, case, "order_shpo_travel", "2026-08-01", 1, 1)
    report = report_of(record)
    assert report.table("orders").cells == {
        "order_shpo": {"total": 1}, "order_shpo_travel": {"total": 1}, "order_notification": {"total": 1},
    }  # fmt: skip
    assert report.table("data").value("orders_no_row", "number") == 1


@pytest.mark.parametrize(
    ("kind", "breached", "into_custody", "counts"),
    [
        ("shpo", "2026-06-01", "2026-06-01", True),
        ("sopo", "2026-06-01", "2026-06-29", True),
        # More than 28 days later it is put down to something else.
        ("shpo", "2026-06-01", "2026-06-30", False),
        ("shpo", "2026-07-01", "2026-06-01", False),
        # Their breach returns nobody whom the table counts.
        ("sexual_risk_order", "2026-06-01", "2026-06-02", False),
    ],
)
def test_custody_soon_after_a_breach_of_an_order_is_a_return(
    sqlite_record: Record, kind: str, breached: str, into_custody: str, *, counts: bool
) -> None:
    before = date.fromordinal(date.fromisoformat(into_custody).toordinal() - 1).isoformat()
    with sqlite_record.writing() as session:
        case = someone(session, "W-01", ("2020-01-01", before, 1, 2), (into_custody, "", 1, 1, "custody"))
        ordered(session, case, kind, "2021-01-01", breaches=breached)
    assert cell(sqlite_record, "returned_order", "level_2", "category_1") == int(counts)


def test_a_recall_after_a_breach_of_an_order_is_a_return_by_licence_alone(record: Record) -> None:
    with record.writing() as session:
        case = someone(session, "W-01", ("2020-01-01", "2026-06-09", 1, 2), ("2026-06-10", "", 1, 2, "custody"))
        ordered(session, case, "shpo", "2021-01-01", breaches="2026-06-08")
        happened(session, case, "recall", "2026-06-10")
    assert cell(record, "returned_order", "total", "total") == 0
    assert cell(record, "returned_licence", "total", "total") == 1


def test_two_breaches_before_one_return_are_one_return(record: Record) -> None:
    with record.writing() as session:
        case = someone(session, "W-01", ("2020-01-01", "2026-06-09", 1, 2), ("2026-06-10", "", 1, 2, "custody"))
        ordered(session, case, "shpo", "2021-01-01", breaches="2026-06-08 2026-06-05")
        event(session, case, "order_breach_custody", "2026-06-10", 1, 2)
    assert cell(record, "returned_order", "total", "total") == 1


def test_a_review_that_ended_notification_counts_once_a_person(record: Record) -> None:
    with record.writing() as session:
        case = someone(session, "W-01", AT_LEVEL_2)
        person = session.get_one(Person, case.person_id)
        for key in "12":
            rows.sentence(session, person, case_id=case.id, offence_date_key=key,
                          notification_ended_on=date(2026, 9, 1))  # fmt: skip
        rows.sentence(session, person, case_id=case.id, offence_date_key="3", notification_ended_on=date(2026, 3, 31))
        event(session, case, "notification_breach", "2026-09-01", 1, 2)
    assert report_of(record).table("notification").cells == {
        "breaches": {"total": 1}, "revoked": {"total": 1}, "sro_breach": {"total": 0},
    }  # fmt: skip


def test_an_incident_that_makes_somebody_notify_counts_once_however_often_it_is_told(record: Record) -> None:
    with record.writing() as session:
        case = someone(session, "W-01", AT_LEVEL_2)
        for required in (True, True, False):
            data = {"kind": "breach", "order": 1, "notification": {"required": required}}
            session.add(Fact(case_id=case.id, kind="incident", on_date=date(2026, 9, 1), recorded_at=NOW,
                             recorded_by="Priya", data=data))  # fmt: skip
        session.add(Fact(case_id=case.id, kind="incident", on_date=date(2026, 9, 2), recorded_at=NOW,
                         recorded_by="Priya", data={"kind": "other", "notification": None}))  # fmt: skip
        event(session, case, "notification_breach", "2026-09-01", 1, 2)
    assert cell(record, "notification", "sro_breach", "total") == 1


def test_an_event_is_of_the_area_in_which_the_case_stood(record: Record) -> None:
    with record.writing() as session:
        case = someone(session, "W-01", ("2020-01-01", "2026-08-31", 1, 2, "community", "East", "Eastmarch"),
                       ("2026-09-01", "", 1, 2))  # fmt: skip
        happened(session, case, "recall", "2026-06-01")
    assert cell(record, "returned_licence", "total", "total") == 0
    assert report_of(record, "Eastmarch").table("returned_licence").value("total", "total") == 1


def test_somebody_who_turned_out_to_be_another_counts_as_one(record: Record) -> None:
    with record.writing() as session:
        kept = someone(session, "W-01", AT_LEVEL_2)
        other = someone(session, "W-02", ("2019-01-01", "", 1, 3))
        session.get_one(Person, other.person_id).merged_into_id = kept.person_id
        for case in (kept, other):
            event(session, case, "licence_recall", "2026-09-01", 1, 2)
    report = report_of(record)
    assert report.table("eligible").value("total", "total") == 1
    assert report.table("yearly").value("level_3", "total") == 1
    # The file told of two: a file that counts both records has them twice.
    assert report.table("returned_licence_people").value("total", "total") == 1


def test_category_4_has_its_column_from_the_year_to_2023(record: Record) -> None:
    with record.writing() as session:
        someone(session, "W-01", ("2012-01-01", "", 4, 1))
    assert cell(record, "eligible", "level_1", "category_4") == 1
    for year, layout in ((2022, "2016-to-2022"), (2015, "to-2015")):
        with record.reading() as session:
            report = annual_report(session, asked_for(HERE, year, TODAY))
        assert report.layout == layout
        assert report.table("eligible").value("total", "total") == 0
        assert report.table("data").value("no_category", "number") == 1


def test_what_nobody_told_is_no_data_and_not_nothing(record: Record) -> None:
    with record.writing() as session:
        case_id = someone(session, "W-01", ("2020-01-01", "", 1, 1)).id
    report = report_of(record)
    assert report.table("notification").cells["breaches"] == {"total": None}
    assert report.table("orders").cells["order_shpo"] == {"total": 0}
    assert report.rate_per_100k is None
    before = asked_for(HERE, 2019, TODAY)
    with record.reading() as session:
        earlier = annual_report(session, before)
    for table in ("eligible", "yearly", "returned_licence"):
        assert set(earlier.table(table).cells["total"].values()) == {None}
        assert earlier.table(table).checks == []
    assert [check.what for check in earlier.table("data").checks] == [
        "no people on record in the year: Westmarch", "no events of a file on record in the year: Westmarch",
    ]  # fmt: skip
    with record.writing() as session:
        event(session, session.get_one(Case, case_id), "release", "2026-05-05", 1, 1)
    assert cell(record, "notification", "breaches", "total") == 0


def test_category_3_at_level_1_counts_where_it_stands_and_is_told(record: Record) -> None:
    """The printed table of Lancashire 2014-15 has one, which its totals leave out."""
    with record.writing() as session:
        someone(session, "W-01", ("2012-01-01", "", 3, 1))
        someone(session, "W-02", ("2012-01-01", "", 1, 1))
    eligible = report_of(record).table("eligible")
    assert grid(eligible)[0] == [1, 0, 1, 0, 2]
    assert [check.what for check in eligible.checks if not check.holds] == [
        "category 3 is never at level 1: 1 on record (CJA 2003 s.325(2)(b))",
    ]  # fmt: skip


def test_an_event_that_says_no_level_has_that_of_its_day(record: Record) -> None:
    with record.writing() as session:
        case = someone(session, "W-01", ("2020-01-01", "2026-05-31", 1, 3), ("2026-06-01", "", 1, 1))
        happened(session, case, "recall", "2026-05-31", level=None, category=None)
    assert cell(record, "returned_licence", "level_3", "category_1") == 1


def test_all_areas_of_the_nation_are_called_by_its_name() -> None:
    areas = [f"Area {number}" for number in range(42)]
    made = Report(areas, 2027, "from-2023", [], None, None)
    assert page_of(made).about == "England and Wales. Year to 31 March 2027."
    assert page_of(replace(made, areas=areas[:2])).about == "Area 0 and Area 1. Year to 31 March 2027."
    assert page_of(made).facts == [
        ("Registered sexual offenders per 100,000 people aged 10 and over",
         "no data (no estimate of the population is loaded)"),
    ]  # fmt: skip


def test_a_report_of_a_year_is_the_same_after_people_of_it_were_erased(record: Record) -> None:
    with record.writing() as session:
        case = someone(session, "W-01", ("2020-01-01", "2027-05-01", 1, 2))
        case.closed_on, case.closed_reason = date(2027, 5, 1), "died: told."
        person_id = case.person_id
        happened(session, case, "recall", "2026-06-01")
        ordered(session, case, "shpo", "2026-07-01")
        event(session, case, "notification_breach", "2026-09-01", 1, 2)
    before = report_of(record)
    with record.writing() as session:
        assert erase_person(session, person_id, datetime(2038, 1, 4, 9, tzinfo=UTC), "keeper") == 1
    assert report_of(record) == before
    assert before.table("returned_licence").value("total", "total") == 1
