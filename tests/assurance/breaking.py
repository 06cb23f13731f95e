"""A record broken past the program, and what the auditor finds in it."""

from collections.abc import Callable
from datetime import datetime

from sqlalchemy import create_engine, select, text

from assurance.invariants import INVARIANTS
from models.cases import Problem
from models.obligations import Prompt
from models.record import Record
from tasks import assurance
from tasks.stage import StageReport, run_stage
from tests.support import rows
from tests.support.story import at

MORNING = at("2026-06-12", 9)
CASE = "LON-2026-000001"
OF_REFERRAL = "WHERE kind = 'referral'"


def audit(record: Record, as_at: datetime) -> StageReport:
    return run_stage(record, assurance.STAGE, as_at)


def broken(report: StageReport) -> dict[str, str]:
    """Return what was found, by the invariant that does not hold."""
    assert [outcome.subject for outcome in report.outcomes] == list(INVARIANTS)
    return {o.subject: o.detail for o in report.outcomes if o.detail != "it holds"}


def past_the_program(record: Record, *statements: str) -> None:
    """Change the database as somebody with its password could: no session, no rule, no foreign key."""
    engine = create_engine(record.url)
    with engine.begin() as connection:
        if engine.dialect.name == "postgresql":
            connection.execute(text("SET LOCAL session_replication_role = replica"))
        for statement in statements:
            connection.execute(text(statement))
    engine.dispose()


def questions(record: Record) -> list[str]:
    """Return the invariants about which a question waits."""
    query = select(Problem.subject).where(Problem.stage == "assurance", Problem.resolved_at.is_(None))
    with record.reading() as session:
        return sorted(session.scalars(query))


Change = Callable[[Record], None]


def sql(*statements: str) -> Change:
    """Return a change made of statements."""
    return lambda record: past_the_program(record, *statements)


def failing(tries: int, subject: str = "7", stage: str = "pre_release") -> Change:
    """Return the change by which some work has failed so many times."""

    def change(record: Record) -> None:
        with record.writing() as session:
            rows.problem(session, subject, stage=stage, tries=tries)

    return change


def letter(state: str, **values: object) -> Change:
    """Return the change by which a message stands in the outbox that carries nothing."""

    def change(record: Record) -> None:
        with record.writing() as session:
            rows.message(session, "m1", state=state, **values)

    return change


def without_its_key(record: Record) -> None:
    """Copy the prompts into a table without the unique key, and raise one twice."""
    if record.engine.dialect.name == "postgresql":
        past_the_program(
            record, "ALTER TABLE prompt DROP CONSTRAINT uq_prompt_timescale_id_revision_rung_recipient",
        )  # fmt: skip
    else:
        past_the_program(
            record,
            "CREATE TABLE bare AS SELECT * FROM prompt",
            "DROP TABLE prompt",
            "ALTER TABLE bare RENAME TO prompt",
        )
    names = ", ".join(column.name for column in Prompt.__table__.columns if column.name != "id")
    past_the_program(
        record, f"INSERT INTO prompt (id, {names}) SELECT 1000, {names} FROM prompt WHERE rung = '-1 month'"
    )
