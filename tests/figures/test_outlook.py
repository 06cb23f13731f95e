"""What the next weeks bring, worked by hand: London on Wednesday 17 June 2026, whose week began on Monday 15 June.

| case | thing | on | counts in |
|---|---|---|---|
| 1, Olive, probation | prison notice, of the prison | Sun 14 June | overdue, other |
| 1 | review at level 2 | Sun 21 June, the last day of this week | week 1, reviews |
| 1 | release, of the prison | Mon 22 June | week 2, releases |
| 1 | meeting planned, 23:30 in London | Sun 21 June | week 1, meetings: no duty |
| 2, nobody, police | end-of-sentence check, of the lead agency, paused | Mon 13 July | week 5, endings |
| 2 | referral | Mon 17 August | beyond the eight weeks, which end on Sun 9 August |
| 2 | level, met | Mon 22 June | done: nothing |
| 2 | meeting that was held | Thu 18 June | nothing |
| 3, Essex | referral | Mon 22 June | another area |
"""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from figures.outlook import Outlook, explain, from_to, outlook, page_of, tables_of
from figures.tables import NoSuchCellError
from models.record import Record
from tests.support import meeting_rows, rows

TODAY = date(2026, 6, 17)


@pytest.fixture
def found(record: Record) -> Outlook:
    with record.writing() as session:
        one = rows.case(session, rows.person(session, "X100001"), "LON-2026-000001", offender_manager="Olive")
        for kind, day, agency in (
            ("prison_notice", 14, "prison"), ("level_2_review", 21, "probation"), ("release", 22, "prison"),
        ):  # fmt: skip
            rows.timescale(session, one, kind, due_on=date(2026, 6, day), owner_agency=agency)
        meeting_rows.meeting(session, one, starts_at=datetime(2026, 6, 21, 22, 30, tzinfo=UTC))
        two = rows.case(session, rows.person(session, "X100002"), "LON-2026-000002", lead_agency="police")
        rows.timescale(
            session, two, "end_of_sentence_check", due_on=date(2026, 7, 13), state="paused", owner_agency="lead_agency"
        )
        rows.timescale(session, two, "referral", due_on=date(2026, 8, 17))
        rows.timescale(session, two, "level_setting", due_on=date(2026, 6, 22), state="met")
        meeting_rows.meeting(session, two, state="held", starts_at=datetime(2026, 6, 18, 9, 0, tzinfo=UTC))
        three = rows.case(session, rows.person(session, "X100003"), "ESS-2026-000001", area="Essex")
        rows.timescale(session, three, "referral", due_on=date(2026, 6, 22))
    with record.reading() as session:
        return outlook(session, ["London"], TODAY, 8)


def test_each_week_has_what_is_planned_and_due_in_it(found: Outlook) -> None:
    weeks, _, _ = tables_of(found)
    full = {row: cells for row, cells in weeks.cells.items() if any(cells.values())}
    none = dict.fromkeys(("meetings", "releases", "reviews", "endings", "other", "total"), 0)
    assert full == {
        "overdue": none | {"other": 1, "total": 1},
        "week_01": none | {"meetings": 1, "reviews": 1, "total": 1},
        "week_02": none | {"releases": 1, "total": 1},
        "week_05": none | {"endings": 1, "total": 1},
        "total": {"meetings": 1, "releases": 1, "reviews": 1, "endings": 1, "other": 1, "total": 4},
    }
    labels = [row.label for row in weeks.rows]
    assert labels[:3] == ["Overdue", "17 to 21 June 2026", "22 to 28 June 2026"]
    assert (len(labels), all(check.holds for check in weeks.checks)) == (10, True)


def test_the_load_of_each_agency_and_officer(found: Outlook) -> None:
    _, agencies, officers = tables_of(found)
    nothing = {"overdue": 0, "weeks_01": 0, "weeks_05": 0, "total": 0}
    assert agencies.cells == {
        "prison": nothing | {"overdue": 1, "weeks_01": 1, "total": 2},
        "probation": nothing | {"weeks_01": 1, "total": 1},
        "police": nothing | {"weeks_05": 1, "total": 1},
        "total": nothing | {"overdue": 1, "weeks_01": 2, "weeks_05": 1, "total": 4},
    }
    assert officers.cells["Olive"] == nothing | {"overdue": 1, "weeks_01": 2, "total": 3}
    assert officers.cells["nobody"] == nothing | {"weeks_05": 1, "total": 1}


def test_each_number_says_what_it_counts(found: Outlook) -> None:
    for table in tables_of(found):
        for row, cells in table.cells.items():
            for column, value in cells.items():
                assert len(explain(found, f"{table.id}.{row}.{column}")) == value, (table.id, row, column)
    [one] = explain(found, "weeks.week_05.endings")
    assert (one.case, one.why) == ("LON-2026-000002", "end-of-sentence check is due on 13 July 2026")
    [met] = explain(found, "weeks.week_01.meetings")
    assert met.why == "a meeting is planned for 21 June 2026"


@pytest.mark.parametrize(
    ("cell", "why"), [("months.week_01.reviews", "no table"), ("weeks.week_99.reviews", "no cell")]
)
def test_a_number_that_is_not_there_is_refused(found: Outlook, cell: str, why: str) -> None:
    with pytest.raises(NoSuchCellError, match=why):
        explain(found, cell)


@pytest.mark.parametrize(
    ("first", "last", "words"),
    [
        (date(2026, 3, 30), date(2026, 4, 5), "30 March to 5 April 2026"),
        (date(2026, 12, 28), date(2027, 1, 3), "28 December 2026 to 3 January 2027"),
    ],
)
def test_a_week_over_the_end_of_a_month_or_a_year(first: date, last: date, words: str) -> None:
    assert from_to(first, last) == words


def test_an_area_in_which_nothing_is_due_has_totals_of_nothing(found: Outlook) -> None:
    for table in tables_of(replace(found, ahead=[])):
        assert {value for cells in table.cells.values() for value in cells.values()} == {0}
        assert all(check.holds for check in table.checks)


def test_the_page_says_of_when_it_is(found: Outlook) -> None:
    assert page_of(found).about == "London. From 17 June 2026 to 9 August 2026."
