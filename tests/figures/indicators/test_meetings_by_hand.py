"""What is counted from meetings, actions and referrals, worked by hand: April to June 2026, on either database."""

from datetime import UTC, date, datetime

import pytest
from sqlalchemy.orm import Session

from figures.indicators.count import count
from figures.indicators.explain import cell_named, explain
from figures.indicators.report import indicator_report
from figures.periods import quarter
from figures.tables import NoSuchCellError
from models.record import Record
from policy.indicators import OF_TIMESCALES, Indicator
from tests.support import meeting_rows, rows
from tests.support.rows import MORNING

AREA = "London"
QUARTER = quarter("2027-Q1")
TODAY = date(2026, 7, 1)
TOLD = {"disclosure": {"decision": "do_not_disclose", "reason": "Nobody is at risk who does not know."}}
NO_WORD = {"disclosure": {"decision": "do_not_disclose", "reason": " "}}

# (case, number, day and hour UTC, level, state, record, its invitations are on record)
MEETINGS = [
    # 31 March 23:30 UTC is 1 April 00:30 in London: in the quarter.
    ("1", 1, datetime(2026, 3, 31, 23, 30, tzinfo=UTC), 2, "held", TOLD, True),
    ("1", 2, datetime(2026, 6, 30, 10, tzinfo=UTC), 2, "held", NO_WORD, True),
    # 30 June 23:00 UTC is 1 July: in the next quarter.
    ("1", 3, datetime(2026, 6, 30, 23, 0, tzinfo=UTC), 2, "held", TOLD, True),
    ("2", 1, datetime(2026, 5, 6, 9, tzinfo=UTC), 3, "held", {}, False),
    ("2", 2, datetime(2026, 6, 10, 9, tzinfo=UTC), 3, "cancelled", None, True),
    # At level 1 no meeting has to consider disclosure.
    ("3", 1, datetime(2026, 6, 10, 9, tzinfo=UTC), 1, "held", TOLD, True),
    # Of a person whose data were erased since: the record had the decision, or it would not have been taken.
    ("4", 1, datetime(2026, 6, 10, 9, tzinfo=UTC), 2, "held", None, True),
]
# Agencies at these meetings: (case, meeting, agency, required, invited, how they took part)
LISTS = [
    ("1", 1, "police", True, True, "attended"),
    ("1", 1, "housing", True, True, "apologies_with_report"),
    ("1", 1, "victim_liaison", True, False, "absent"),
    # Two of one agency: one came. It counts once.
    ("1", 1, "probation", True, True, "absent"),
    ("1", 1, "probation", True, True, "attended"),
    # Invited though not required, and came.
    ("1", 1, "health", False, True, "attended"),
    ("1", 1, "mappa_unit", False, True, "attended"),
    ("1", 2, "police", True, False, "attended"),
    ("1", 2, "victim_liaison", True, True, "attended"),
    # Somebody else than last time came for health, who need not have been there.
    ("1", 2, "health", False, False, "attended"),
    # The meeting was not planned in the record: nobody's invitation is there.
    ("2", 1, "police", True, False, "absent"),
    ("1", 3, "police", True, True, "absent"),
    ("3", 1, "police", True, True, "absent"),
]
NAMES = {(2, "police"): "SAM EXAMPLE", (2, "health"): "Hana Example"}
BOARD = "board meeting"
# Who was invited to the board: (day, area, agency, name, how, has the duty by CJA 2003 s.325)
INVITED = [
    # Two of the police, one came: the agency was there.
    (date(2026, 4, 1), AREA, "police", "A", "absent", True),
    (date(2026, 4, 1), AREA, "police", "B", "attended", True),
    (date(2026, 4, 1), AREA, "probation", "C", "apologies", True),
    (date(2026, 4, 1), AREA, "housing", "", "absent", True),
    # A lay adviser has no duty to co-operate.
    (date(2026, 4, 1), AREA, "smb", "D", "absent", False),
    (date(2026, 6, 30), AREA, "housing", "E", "attended", True),
    # In the next quarter, in the one before, and in another area.
    (date(2026, 7, 1), AREA, "police", "A", "attended", True),
    (date(2026, 3, 31), AREA, "police", "A", "attended", True),
    (date(2026, 4, 1), "Kent", "police", "F", "attended", True),
]
# (indicator, what is explained: case, meeting or day, agency, in or out) with the rule beside it.
BY_HAND = {
    # 5.23: "boxes were blank": a decision without its reason, and none at all, are not considered.
    "disclosure": {("1", "meeting 1", "mappa_unit", True), ("1", "meeting 2", "mappa_unit", False),
                   ("2", "meeting 1", "mappa_unit", False), ("4", "meeting 1", "mappa_unit", True)},
    # 5.26: where there is a victim, victim liaison is required; somebody has to be there.
    "victim_liaison": {("1", "meeting 1", "victim_liaison", False), ("1", "meeting 2", "victim_liaison", True)},
    # 3.3: of required; a report is not attendance.
    "attendance": {("1", "meeting 1", "police", True), ("1", "meeting 1", "housing", False),
                   ("1", "meeting 1", "victim_liaison", False), ("1", "meeting 1", "probation", True),
                   ("1", "meeting 2", "police", True), ("1", "meeting 2", "victim_liaison", True),
                   ("2", "meeting 1", "police", False)},
    # 3.3: who was required and not invited is what MAP008 does not see.
    "invitation": {("1", "meeting 1", "police", True), ("1", "meeting 1", "housing", True),
                   ("1", "meeting 1", "victim_liaison", False), ("1", "meeting 1", "probation", True),
                   ("1", "meeting 2", "police", False), ("1", "meeting 2", "victim_liaison", True),
                   ("2", "meeting 1", "police", None)},
    # 3.3: the wording of MAP008, shown beside the others and without a target.
    "attendance_invited": {("1", "meeting 1", "police", True), ("1", "meeting 1", "housing", False),
                           ("1", "meeting 1", "probation", True), ("1", "meeting 1", "health", True),
                           ("1", "meeting 2", "victim_liaison", True)},
    # 5.4: of those that came to the meeting before too; the police sent the same person, written in other letters.
    "continuity": {("1", "meeting 2", "police", True), ("1", "meeting 2", "health", False)},
    # 5.12: done with its outcome; one that was not done was closed without.
    "action_outcome": {("1", "number 1", "police", True), ("1", "number 2", "housing", False),
                       ("1", "number 5", "police", True)},
    # 4.8: as each was received; one that came back complete is another.
    "referral_complete": {("1", None, "probation", False), ("1", None, "probation", True),
                          ("2", None, "probation", True)},
    # 3.3: of those invited who are of the Responsible Authority or must co-operate, each once a meeting.
    "map008": {(None, BOARD, "police", True), (None, BOARD, "probation", False), (None, BOARD, "housing", False),
               (None, BOARD, "housing", True)},
}  # fmt: skip


def fill(session: Session) -> None:
    """Write the cases, meetings, actions and referrals above."""
    cases, meetings = {}, {}
    for name in ("1", "2", "3", "4"):
        crn = "-000004" if name == "4" else f"X10000{name}"
        cases[name] = rows.case(session, rows.person(session, crn), name, area=AREA)
    for case, number, on, level, state, record, known in MEETINGS:
        meetings[case, number] = meeting_rows.meeting(
            session, cases[case], number=number, uid=f"{case}-{number}", level=level, state=state, starts_at=on,
            record=record, prepared_at=MORNING if known else None,
        )  # fmt: skip
    for case, number, agency, required, invited, status in LISTS:
        meeting_rows.participant(session, meetings[case, number], agency=agency, required=required, status=status,
                                 invited_at=MORNING if invited else None,
                                 name=NAMES.get((number, agency), "Sam Example"))  # fmt: skip
    for on, area, agency, name, how, has_duty in INVITED:
        rows.board_invitation(session, area, on, agency=agency, name=name, attendance=how, has_duty=has_duty)
    first = meetings["1", 1]
    for number, agency, state, outcome, closed in (
        (1, "police", "accepted", "The uncle lives in Leeds.", date(2026, 4, 20)),
        (2, "housing", "not_done", None, date(2026, 5, 6)),
        (3, "police", "open", None, None),
        (4, "police", "done", "Found after the quarter.", date(2026, 7, 1)),
        (5, "police", "done", "Found on its last day.", date(2026, 6, 30)),
    ):
        meeting_rows.action(session, first, number=number, agency=agency, state=state, outcome=outcome,
                            closed_on=closed)  # fmt: skip
    for case, on, complete in (("1", date(2026, 4, 1), False), ("1", date(2026, 4, 9), True),
                               ("2", date(2026, 6, 30), True), ("2", date(2026, 7, 1), True)):  # fmt: skip
        meeting_rows.referral(session, cases[case], received_on=on, complete=complete)


@pytest.fixture
def filled(record: Record) -> Record:
    with record.writing() as session:
        fill(session)
    return record


def test_each_row_stands_where_it_was_worked_out_by_hand_to_stand(filled: Record) -> None:
    with filled.reading() as session:
        found = count(session, QUARTER, TODAY, [AREA])
        for name, wanted in BY_HAND.items():
            cell = cell_named(f"indicators.{name}.per_cent", QUARTER, [AREA])
            explained = [(one.case, one.label, one.agency, one.counts) for one in explain(session, cell, TODAY, [AREA])]
            assert (set(explained), len(explained)) == (wanted, len(wanted)), name
            numerator, denominator = sum(one[3] is True for one in wanted), sum(one[3] is not None for one in wanted)
            assert (found.in_all[name,].counted, found.in_all[name,].of) == (numerator, denominator), name


def test_every_indicator_that_reads_no_timescales_was_worked_by_hand() -> None:
    assert set(BY_HAND) == {one.value for one in Indicator if one.spec.reads not in OF_TIMESCALES}


def test_the_three_shares_of_attendance_of_an_agency_stand_side_by_side(filled: Record) -> None:
    """Police: required at three meetings and there at two; invited to one of the two whose invitations are known."""
    with filled.reading() as session:
        report = indicator_report(session, QUARTER, TODAY, [AREA])
    table = report.table("attendance")
    assert table.cells["police"] == {"attendance": 66.7, "invitation": 50.0, "attendance_invited": 100.0}
    assert table.cells["health"] == {"attendance": None, "invitation": None, "attendance_invited": 100.0}


def test_attendance_at_the_board_is_of_each_agency_and_of_no_case(filled: Record) -> None:
    """Police 1 of 1, probation 0 of 1, housing 1 of 2: 2 of 4 in all, in April and June, beside the target of 100%."""
    with filled.reading() as session:
        report = indicator_report(session, QUARTER, TODAY, [AREA])
        cell = cell_named("indicators.map008.of", QUARTER, [AREA])
        told = [(f"{one.day}", one.agency, one.crn, one.why) for one in explain(session, cell, TODAY, [AREA])]
    whole = {"counted": 2, "of": 4, "per_cent": 50.0, "target": 100}
    assert report.table("indicators").cells["map008"] == whole
    shares = {agency: report.table("agencies").value(agency, "map008") for agency in ("police", "probation", "housing")}
    assert shares == {"police": 100.0, "probation": 0.0, "housing": 50.0}
    assert report.table("months").cells["map008"] == {"2026-04": 33.3, "2026-05": None, "2026-06": 100.0}
    assert told == [
        ("2026-04-01", "housing", None, "nobody came"),
        ("2026-04-01", "police", None, "attended"),
        ("2026-04-01", "probation", None, "sent apologies, and nobody came"),
        ("2026-06-30", "housing", None, "attended"),
    ]


def test_nothing_of_nothing_is_no_data(filled: Record) -> None:
    with filled.reading() as session:
        report = indicator_report(session, QUARTER, TODAY, ["Essex"])
    table = report.table("indicators")
    assert table.cells["map008"] == {"counted": None, "of": 0, "per_cent": None, "target": 100}
    assert table.cells["identification"]["per_cent"] is None


def test_a_cell_that_is_not_there_is_told_with_those_that_are() -> None:
    for name in ("nothing.minutes.per_cent", "indicators.nothing.of", "months.minutes.2026-07", "indicators.minutes",
                 "attendance.police.minutes"):  # fmt: skip
        with pytest.raises(NoSuchCellError, match="there are"):
            cell_named(name, QUARTER, [AREA])
