"""A small area worked by hand: every table, each case in or out and why.

The counting rules: annual report of Norfolk 2018-19, note (a). The year is 1 April 2013 to 31 March 2014.
Each line of ``cast`` says where its person counts; the numbers below are counted from these lines by hand.
"""

from datetime import date

import pytest
from sqlalchemy.orm import Session

from figures.annual.report import Report, annual_report, asked_for, explain
from models.cases import Case
from models.record import Record
from tests.figures.annual.caseload import event, grid, population, someone

TODAY = date(2014, 6, 1)
HERE = ["Westmarch"]


def cast(session: Session) -> dict[str, Case]:
    """Add everybody. What counts on 31 March is said first, what counts in the year second."""

    def person(name: str, *stretches: tuple[object, ...], **more: str) -> tuple[str, Case]:
        return name, someone(session, name, *stretches, **more)

    return dict([
        # Level 1, category 1, North. Not managed at level 2 or 3.
        person("W-01", ("2010-05-01", "", 1, 1)),
        # Level 2, category 1, North. Level 2, category 1.
        person("W-02", ("2013-06-01", "", 1, 2)),
        # Level 1, category 2: level 3 has ended. Level 3, category 2.
        person("W-03", ("2013-05-01", "2013-09-30", 2, 3), ("2013-10-01", "", 2, 1)),
        # Level 2, category 2. Once, at level 3: the highest of three spells.
        person("W-04", ("2013-04-10", "2013-06-30", 2, 2), ("2013-07-01", "2013-08-31", 2, 3),
               ("2013-09-01", "", 2, 2)),
        # Out: in custody on 31 March, since that day. Level 2, category 1: in the community until the day before.
        person("W-05", ("2012-01-01", "2014-03-30", 1, 2), ("2014-03-31", "", 1, 2, "custody")),
        # Out, both: in hospital all year.
        person("W-06", ("2012-01-01", "", 2, 2, "hospital")),
        # Out, both: its last day is the day before the year.
        person("W-07", ("2012-01-01", "2013-03-31", 1, 2)),
        # Out, both: it begins the day after the year.
        person("W-08", ("2014-04-01", "", 1, 2)),
        # Level 1, category 1, North: 31 March is its last day.
        person("W-09", ("2012-01-01", "2014-03-31", 1, 1)),
        # Level 3, category 1, South: 31 March is its first day. Level 3, category 1: one day is enough.
        person("W-10", ("2014-03-31", "", 1, 3), unit="South"),
        # Left out: no level yet. It is in the community, category 1.
        person("W-11", ("2014-01-01", "", 1, None)),
        # Level 2, category 3. Level 2, category 3.
        person("W-12", ("2013-01-01", "", 3, 2)),
        # Another area: out, both.
        person("E-01", ("2010-01-01", "", 1, 2), area="Eastmarch"),
        # Level 2, category 1, South, moved in. Level 2: the level 3 was held in Eastmarch.
        person("W-13", ("2013-01-01", "2013-10-31", 1, 3, "community", "East", "Eastmarch"),
               ("2013-11-01", "", 1, 2), unit="South"),
        # Level 1, category 1, South: moved there from North.
        person("W-14", ("2010-01-01", "2013-12-31", 1, 1, "community", "North"), ("2014-01-01", "", 1, 1),
               unit="South"),
        # Level 2, category 1, North. Level 2 in category 2: the category in which it was first held in the year.
        person("W-15", ("2013-02-01", "2013-07-31", 2, 2), ("2013-08-01", "", 1, 2)),
        # Level 2, category 2. Level 2: level 3 was held in custody alone.
        person("W-16", ("2013-02-01", "2013-07-31", 2, 3, "custody"), ("2013-08-01", "", 2, 2)),
        # Left out of both: no category that has a column.
        person("W-17", ("2013-02-01", "", None, 2)),
        # Level 1, category 2, North. Level 2, category 2: before it was known, the category was none.
        person("W-20", ("2013-02-01", "2013-05-31", None, 2), ("2013-06-01", "2013-06-30", 2, 2),
               ("2013-07-01", "", 2, 1)),
        # Out: ended before 31 March. Level 2, category 2: managed in April, with the last day of it.
        person("W-18", ("2012-01-01", "2013-04-01", 2, 2)),
        # No unit. Level 1, category 1.
        person("W-19", ("2012-01-01", "", 1, 1, "community", None)),
    ])  # fmt: skip


def happened(session: Session, people: dict[str, Case]) -> None:
    """Add the events of the year, and those that are not of it."""

    def told(name: str, kind: str, on: str, category: int | None, level: int | None, **more: object) -> None:
        event(session, people[name], kind, on, category, level, **more)

    # Returned by breach of licence. W-04 twice: two returns at level 3 and 2, one person at level 3.
    told("W-04", "licence_recall", "2013-08-10", 2, 3)
    told("W-04", "licence_recall", "2013-10-10", 2, 2)
    told("W-02", "licence_recall", "2014-03-31", 1, 2)
    # Out: level 1; the year before; the year after; another area; no level is on the list of what is left out.
    told("W-01", "licence_recall", "2013-08-10", 1, 1)
    told("W-02", "licence_recall", "2013-03-31", 1, 2)
    told("W-02", "licence_recall", "2014-04-01", 1, 2)
    told("E-01", "licence_recall", "2013-08-10", 1, 2)
    told("W-11", "licence_recall", "2014-02-01", 1, None)
    # By breach of an order: category 1 alone.
    told("W-05", "order_breach_custody", "2014-03-30", 1, 2)
    told("W-05", "order_breach_custody", "2013-07-01", 1, 2)
    # Notification: whatever the level.
    told("W-01", "notification_breach", "2013-04-01", 1, 1)
    told("W-11", "notification_breach", "2014-03-31", 1, None)
    # This layout has no row for it.
    told("W-09", "notification_revoked", "2014-01-05", 1, 1)
    # Orders: three of the kinds of this layout, one that came later.
    told("W-01", "order_sopo", "2013-05-05", 1, 1)
    told("W-02", "order_sopo", "2013-05-06", 1, 2)
    told("W-02", "order_foreign_travel", "2013-05-06", 1, 2)
    told("W-14", "order_shpo", "2014-03-01", 1, 1)
    # Serious further offences at level 2 or 3.
    told("W-12", "serious_further_offence_charge", "2013-12-24", 3, 2)
    told("W-01", "serious_further_offence_charge", "2013-12-24", 1, 1)
    # Of no table here.
    told("W-12", "further_victimisation", "2013-12-24", 3, 2)


@pytest.fixture
def report(record: Record) -> Report:
    with record.writing() as session:
        happened(session, cast(session))
        population(session, "Westmarch", 2013, 100_000)
        population(session, "Westmarch", 2014, 1)
    with record.reading() as session:
        return annual_report(session, asked_for(HERE, 2014, TODAY))


def test_every_table_has_the_numbers_worked_by_hand(report: Report) -> None:
    tables = {table.id: table for table in report.tables}
    assert grid(tables["eligible"]) == [
        # Category 1: W-01, 09, 14, 19. Category 2: W-03, 20.
        [4, 2, 0, 6],
        # Category 1: W-02, 13, 15. Category 2: W-04, 16. Category 3: W-12.
        [3, 2, 1, 6],
        # Category 1: W-10.
        [1, 0, 0, 1],
        [8, 4, 1, 13],
    ]
    assert grid(tables["yearly"]) == [
        # Category 1: W-02, 05, 13. Category 2: W-15, 16, 18, 20. Category 3: W-12.
        [3, 4, 1, 8],
        # Category 1: W-10. Category 2: W-03, 04.
        [1, 2, 0, 3],
        [4, 6, 1, 11],
    ]
    assert grid(tables["returned_licence"]) == [[1, 1, 0, 2], [0, 1, 0, 1], [1, 2, 0, 3]]
    assert grid(tables["returned_licence_people"]) == [[1, 0, 0, 1], [0, 1, 0, 1], [1, 1, 0, 2]]
    assert grid(tables["returned_order"]) == [[2, 0, 0, 2], [0, 0, 0, 0], [2, 0, 0, 2]]
    assert grid(tables["returned_order_people"]) == [[1, 0, 0, 1], [0, 0, 0, 0], [1, 0, 0, 1]]
    assert grid(tables["serious_further_offences"]) == [[0, 0, 1, 1], [0, 0, 0, 0], [0, 0, 1, 1]]
    assert tables["notification"].cells == {"breaches": {"total": 2}}
    assert tables["orders"].cells == {
        "order_sopo": {"total": 2}, "order_notification": {"total": 0}, "order_foreign_travel": {"total": 1},
    }  # fmt: skip
    # North: W-01, 02, 09, 15. South: W-10, 13, 14. W-19 has no unit.
    assert {row: cells["registered_sexual_offenders"] for row, cells in tables["units"].cells.items()} == {
        "North": 4, "South": 3, "none": 1,
    }  # fmt: skip
    assert {row: cells["number"] for row, cells in tables["data"].cells.items() if cells["number"]} == {
        "no_level": 1, "no_category": 1, "managed_no_category": 1, "events_no_level": 1, "orders_no_row": 1,
        "notification_no_row": 1,
    }  # fmt: skip
    # 8 of 100,000, by the estimate of the middle of 2013.
    assert (report.rate_per_100k, report.population) == (8, 100_000)


def test_what_does_not_hold_is_what_is_left_out_and_nothing_else(report: Report) -> None:
    wrong = [(table.id, check.what) for table in report.tables for check in table.checks if not check.holds]
    assert {table for table, _ in wrong} == {"data"}
    assert len(wrong) == 6
    held = [check.what for table in report.tables for check in table.checks if check.holds]
    assert "row total: 8 + 4 + 1 = 13" in held
    assert "units: 4 + 3 + 1 = 8" in held
    assert "7 at level 2 or 3 on 31 March, among 11 in the year" in held
    assert "people: 2, returns: 3" in held


@pytest.mark.parametrize(
    ("cell", "cases"),
    [
        ("eligible.level_2.category_1", ["W-02", "W-13", "W-15"]),
        ("eligible.level_1.total", ["W-01", "W-03", "W-09", "W-14", "W-19", "W-20"]),
        ("yearly.level_3.total", ["W-03", "W-04", "W-10"]),
        ("returned_licence.total.category_2", ["W-04", "W-04"]),
        ("returned_licence_people.level_3.category_2", ["W-04"]),
        ("units.none.registered_sexual_offenders", ["W-19"]),
        ("data.no_level.number", ["W-11"]),
        ("orders.order_sopo.total", ["W-01", "W-02"]),
        ("notification.breaches.total", ["W-01", "W-11"]),
        ("serious_further_offences.level_2.category_3", ["W-12"]),
    ],
)
def test_a_cell_says_which_cases_it_counts(sqlite_record: Record, cell: str, cases: list[str]) -> None:
    with sqlite_record.writing() as session:
        happened(session, cast(session))
    with sqlite_record.reading() as session:
        assert [one.case for one in explain(session, asked_for(HERE, 2014, TODAY), cell)] == cases


def test_each_case_says_why_with_its_days(sqlite_record: Record) -> None:
    with sqlite_record.writing() as session:
        happened(session, cast(session))
    asked = asked_for(HERE, 2014, TODAY)
    with sqlite_record.reading() as session:
        [here] = explain(session, asked, "eligible.level_3.category_1")
        yearly = explain(session, asked, "yearly.level_3.category_2")
        returns = explain(session, asked, "returned_licence.total.category_2")
        [order] = explain(session, asked, "orders.order_foreign_travel.total")
    assert here.why == "in the community on 31 March 2014 at level 3 in category 1, since 31 March 2014"
    assert [one.why for one in yearly] == [
        "managed in the community at level 3 in category 2, 1 May 2013 to 30 September 2013",
        "managed in the community at level 3 in category 2, 1 July 2013 to 31 August 2013",
    ]
    assert [one.why for one in returns] == [
        "returned to custody for a breach of licence on 10 August 2013 at level 3 in category 2, by a file of events",
        "returned to custody for a breach of licence on 10 October 2013 at level 2 in category 2, by a file of events",
    ]
    assert order.why == "foreign travel order: order made on 6 May 2013 at level 2 in category 1, by a file of events"
