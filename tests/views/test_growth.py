"""What a look costs as a caseload grows: the database finds the rows of one case by an index, and a list in its order.

It is asked for its plans, which no timing on a small record would tell: on SQLite as it is, on PostgreSQL with scans
forbidden, which it then makes only where it has no other way.
"""

from collections.abc import Callable, Iterator
from datetime import date

import pytest
from sqlalchemy import event, text
from sqlalchemy.orm import Session

from figures.published import unplanned
from models.record import Record
from views.cases import case_of_person, cases
from views.model import Found, View
from views.person_page import person_page
from views.prompts import prompts
from views.timescales import timescales

GROWS = ("case", "person", "timescale", "prompt", "message", "sentence", "fact", "meeting", "participant", "action",
         "referral", "level_spell", "court_order", "custody_event", "disclosure", "area_transfer", "absence",
         "plan_version", "pause", "problem")  # fmt: skip
OF_FEW = ("uq_pause_one_runs", "ix_timescale_stuck")
"""Partial indexes: as a whole they hold little."""
CRN, REFERENCE = "X000003", "LON-2026-000003"


def plans(record: Record, look: Callable[[Session], object]) -> Iterator[str]:
    """Yield the steps of the plan of each statement by which something is looked at."""
    asked: list[tuple[str, object]] = []
    event.listen(record.engine, "before_cursor_execute", lambda *told: asked.append((told[2], told[3])))
    with record.reading() as session:
        look(session)
        connection = session.connection()
        on_postgresql = connection.dialect.name == "postgresql"
        if on_postgresql:
            connection.execute(text("SET LOCAL enable_seqscan = off"))
            connection.execute(text("SET LOCAL enable_bitmapscan = off"))
        for statement, values in [one for one in asked if one[0].lstrip().startswith(("SELECT", "WITH"))]:
            explain = "EXPLAIN " if on_postgresql else "EXPLAIN QUERY PLAN "
            yield from (row[-1].strip() for row in connection.exec_driver_sql(explain + statement, values))


def whole_tables(record: Record, look: Callable[[Session], object]) -> set[str]:
    """Return the steps in which a look reads every row of a table that grows."""
    scans = [f"SCAN {name}" for name in GROWS] + [f"Seq Scan on {name}" for name in (*GROWS, '"case"')]
    steps = [step for step in plans(record, look) if not any(index in step for index in OF_FEW)]
    assert steps
    return {step for scan in scans for step in steps if f"{scan} " in f"{step} "}


@pytest.mark.parametrize(
    "look",
    [
        lambda session: person_page(session, CRN),
        lambda session: person_page(session, REFERENCE),
        lambda session: case_of_person(session, CRN),
        lambda session: list(timescales(session, crn=CRN)),
        lambda session: list(prompts(session, crn=REFERENCE)),
        lambda session: timescales(session, state="paused").first(200),
        lambda session: timescales(session, stuck=True).first(200),
        lambda session: next(unplanned(session, date(2026, 11, 23)), None),
    ],
    ids=["page by CRN", "page by reference", "case", "timescales", "prompts", "paused", "stuck", "reports to plan"],
)
def test_what_is_about_one_case_or_asked_each_tick_reads_no_table_as_a_whole(
    caseload: Record,
    look: Callable[[Session], object],
) -> None:
    assert whole_tables(caseload, look) == set()


@pytest.mark.parametrize(
    "look",
    [
        lambda session: cases(session, with_timescales=False),
        lambda session: cases(session, with_timescales=False, area="London"),
        timescales,
        lambda session: timescales(session, area="London", state="open"),
        prompts,
    ],
    ids=["cases", "cases of an area", "timescales", "open timescales of an area", "prompts"],
)
def test_the_beginning_of_a_list_goes_through_the_cases_in_order(
    caseload: Record, look: Callable[[Session], Found[View]]
) -> None:
    # An index of the cases gives them in order, until there are enough: nothing else is read as a whole.
    steps = whole_tables(caseload, lambda session: look(session).first(200))
    assert {step.partition(" USING ")[0] for step in steps} <= {"SCAN case"}
    assert "SCAN case" not in steps
