"""What must hold of indicators and outcomes whatever the record has: by invented areas, a transaction each.

An unrelated case changes no cell of another unit; units add up to their area and months to their quarter; a report made
twice is the same, and one made later for an earlier period too, as long as nothing about that period was recorded.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from figures.indicators.report import indicator_report
from figures.outcomes.report import outcome_report
from figures.periods import quarter
from figures.tables import Table, Value
from models.cases import Case, Fact
from models.events import CustodyEvent
from models.meetings import Meeting, Participant
from models.orders import CourtOrder
from models.record import Record
from models.registrations import ReportedEvent, Spell
from policy.subjects import Subject
from tests.support import rows
from tests.support.rows import MORNING

QUARTER = quarter("2027-Q1")
BEGINS = date(2026, 2, 1)
PLACES = [("London", "Camden"), ("London", "Barnet"), ("Kent", "Dover")]
AREAS = ["Kent", "London"]
THEN, LATER = date(2026, 7, 1), date(2026, 12, 1)
KINDS = ("identification", "referral", "level_2_review", "level_1_review", "screening_decision", "prison_notice")
AGENCIES = ("police", "housing", "victim_liaison")
days = st.integers(0, 240).map(lambda n: BEGINS + timedelta(days=n))
# One agency at a meeting: which, required, invited, there.
GUEST = st.tuples(st.sampled_from(AGENCIES), st.booleans(), st.booleans(), st.booleans())


@dataclass(frozen=True)
class Life:
    """A case: where it stood from which days on, what was due on it, and what happened, each with its day."""

    spells: dict[date, tuple[tuple[str, str], int | None, str]]
    duties: list[tuple[str, date, date | None, bool]]
    reported: set[tuple[date, str, int]]
    recalls: list[date]
    breaches: list[date]
    incidents: list[tuple[date, str]]
    risks: list[tuple[date, str]]
    meetings: list[tuple[date, list[tuple[str, bool, bool, bool]]]]
    closed: date | None


def lives(places: Sequence[tuple[str, str]] = PLACES) -> st.SearchStrategy[Life]:
    """Return cases that stand in some places."""
    return st.builds(
        Life,
        spells=st.dictionaries(days, st.tuples(st.sampled_from(places), st.sampled_from([None, 1, 2, 3]),
                                               st.sampled_from(["community", "custody"])), min_size=1, max_size=3),
        duties=st.lists(st.tuples(st.sampled_from(KINDS), days, st.none() | days, st.booleans()), max_size=5),
        reported=st.sets(st.tuples(days, st.sampled_from(["reconviction_serious", "licence_recall"]),
                                   st.sampled_from([1, 2, 3])), max_size=2),
        recalls=st.lists(days, max_size=2),
        breaches=st.lists(days, max_size=3),
        incidents=st.lists(st.tuples(days, st.sampled_from(["breach", "further_victimisation"])), max_size=2),
        risks=st.lists(st.tuples(days, st.sampled_from(["low", "medium", "high"])), max_size=3),
        meetings=st.lists(st.tuples(days, st.lists(GUEST, max_size=3)), max_size=2),
        closed=st.none() | days,
    )  # fmt: skip


def write(session: Session, life: Life, number: int, known: date) -> None:
    """Write a case as it was known on a day: what came after it is not there yet."""
    starts = sorted(life.spells)
    (area, unit), level, _ = life.spells[starts[0]]
    closed = life.closed if life.closed and life.closed < known else None
    person = rows.person(session, f"X{number:06d}")
    case = rows.case(session, person, f"C-{number}", area=area, unit=unit, level=level, closed_on=closed,
                     closed_reason=closed and "died: told")  # fmt: skip
    for place, since in enumerate(one for one in starts if one < known):
        (area, unit), level, location = life.spells[since]
        after = starts[place + 1] if place + 1 < len(starts) else None
        ends = after - timedelta(days=1) if after is not None and after < known else None
        session.add(Spell(case_id=case.id, person_id=person.id, area=area, unit=unit, level=level, category=1,
                          categories=[1], lead_agency="probation", location=location, starts_on=since,
                          ends_on=ends))  # fmt: skip
    for nth, (kind, due, done, met) in enumerate(life.duties):
        told = done if done is not None and done < known else None
        state = "open" if told is None else "met" if met else "missed"
        rows.timescale(session, case, kind, subject=Subject(row=nth + 1), due_on=due, state=state,
                       met_on=told if met else None, missed_on=None if met else told)  # fmt: skip
    happened(session, life, case, known)


def happened(session: Session, life: Life, case: Case, known: date) -> None:
    """Write what happened by a day."""
    (area, unit), _, _ = life.spells[min(life.spells)]
    for on, kind, level in life.reported:
        if on < known:
            session.add(ReportedEvent(person_id=case.person_id, case_id=case.id, area=area, unit=unit, kind=kind,
                                      on_date=on, number=level, level=level, loaded_at=MORNING))  # fmt: skip
    for nth, on in enumerate(one for one in life.recalls if one < known):
        session.add(CustodyEvent(case_id=case.id, number=nth + 1, kind="recall", on_date=on, recorded_at=MORNING,
                                 level=2, data={}))  # fmt: skip
    breaches = [on.isoformat() for on in life.breaches if on < known]
    session.add(CourtOrder(case_id=case.id, person_id=case.person_id, number=1, kind="shpo", court="x", conditions="x",
                           starts_on=BEGINS, known_on=BEGINS, breaches=breaches))  # fmt: skip
    told = [("incident", on, {"kind": what}) for on, what in life.incidents]
    told += [("risk-assessment", on, {"level": what}) for on, what in life.risks]
    for kind, on, data in told:
        if on < known:
            session.add(Fact(case_id=case.id, kind=kind, on_date=on, recorded_at=MORNING, recorded_by="x", data=data))
    for nth, (on, guests) in enumerate(life.meetings):
        if on >= known:
            continue
        at = datetime.combine(on, time(10), UTC)
        held = Meeting(case_id=case.id, number=nth + 1, uid=f"{case.id}-{nth}", state="held", level=2 + nth % 2,
                       starts_at=at, minutes_long=60, place="x", papers=[], planned_on=on, prepared_at=MORNING,
                       record={"disclosure": {"decision": "do_not_disclose", "reason": "x" * len(guests)}})  # fmt: skip
        held.participants = [
            Participant(agency=agency, required=required, invited_at=MORNING if invited else None,
                        status="attended" if there else "absent")
            for agency, required, invited, there in guests
        ]  # fmt: skip
        session.add(held)
    session.flush()


Cells = dict[str, dict[tuple[str, str], Value]]


def made(record: Record, written: Sequence[Life], known: date = THEN, areas: Sequence[str] = AREAS) -> Cells:
    """Return every cell of both reports on the quarter, of a record that knows of these cases up to a day."""
    with record.reading() as session:
        for number, life in enumerate(written):
            write(session, life, number, known)
        tables: list[Table] = [
            *indicator_report(session, QUARTER, known, areas).tables,
            *outcome_report(session, QUARTER, known, areas).tables,
        ]
    found: Cells = {}
    for table in tables:
        found.setdefault(table.id, {}).update(
            {(row, column): value for row, cells in table.cells.items() for column, value in cells.items()}
        )
    return found


few = settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


def number_of(value: Value) -> int:
    """Return a count; no data is none."""
    return int(value or 0)


@few
@given(written=st.lists(lives(), max_size=4), other=lives([("London", "Barnet")]))
def test_an_unrelated_case_changes_no_cell_of_another_unit(sqlite_record: Record, written: list[Life], other: Life):
    before, after = made(sqlite_record, written), made(sqlite_record, [*written, other])
    for table in ("units", "units_counted", "units_of"):
        kept = {cell: value for cell, value in after[table].items() if cell[0] != "London: Barnet"}
        assert kept == {cell: value for cell, value in before[table].items() if cell[0] != "London: Barnet"}


@few
@given(written=st.lists(lives(), max_size=4), other=lives([("London", "Barnet")]))
def test_an_unrelated_case_changes_no_cell_of_the_report_of_another_area(
    sqlite_record: Record, written: list[Life], other: Life
):
    """Every table: the people of an area, how they stand, by level, and the cases closed are told of no unit."""
    of_kent = [made(sqlite_record, some, areas=["Kent"]) for some in (written, [*written, other])]
    assert of_kent[0] == of_kent[1]


@few
@given(written=st.lists(lives(), max_size=5))
def test_units_add_up_to_their_area_and_months_to_their_quarter(sqlite_record: Record, written: list[Life]):
    found = made(sqlite_record, written)
    for suffix in ("_counted", "_of", ""):
        units, areas, months, quarters = (found[f"{name}{suffix}"] for name in ("units", "areas", "months", "quarters"))
        columns = {column for _, column in areas} & ({"recall", "breach"} if not suffix else {c for _, c in areas})
        for area in AREAS:
            for column in columns:
                parts = [
                    value for (unit, name), value in units.items() if unit.startswith(f"{area}: ") and name == column
                ]
                assert sum(map(number_of, parts)) == number_of(areas[area, column]), (area, column)
        for row in columns:
            parts = [value for (name, _), value in months.items() if name == row]
            assert sum(map(number_of, parts)) == number_of(quarters[row, QUARTER.name]), row


@few
@given(written=st.lists(lives(), max_size=5))
def test_a_report_made_twice_or_later_is_the_same(sqlite_record: Record, written: list[Life]):
    """In December every duty, spell and event that came since June is known, and the quarter is what it was."""
    then = made(sqlite_record, written)
    assert made(sqlite_record, written) == then
    assert made(sqlite_record, written, LATER) == then
