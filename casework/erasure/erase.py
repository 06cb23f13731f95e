"""Erasing a person whose data need not be kept: texts, names and numbers go, what figures are counted from stays.

``casework.erasure.columns`` says of each column what becomes of it. One person is erased in one transaction, the
caller's. The entries of the audit trail lose their content and keep their hashes (``models.audit``).
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, String, and_, case, cast, exists, func, literal, null, or_, select, update
from sqlalchemy.orm import Session

from casework import identification, likeness
from casework.erasure.columns import COLUMNS, Fate
from casework.errors import RefusedError
from models.audit import AuditEntry, erase_chains
from models.base import Base, table_of
from models.cases import Case, Draft, Problem
from models.meetings import Meeting
from models.obligations import Message, Prompt, Timescale
from models.people import Person, Sentence

# What a flow is still to look at, by a moment: of an erased person nothing.
WAITING = ("identify_at", "review_at", "end_at", "letter_at", "prepare_at", "follow_at", "next_prompt_at")


def lock_person(session: Session, person_id: int) -> tuple[Person, list[Case]]:
    """Return a person with all cases, read anew and locked until the transaction ends."""
    anew = {"populate_existing": True}
    person = session.scalars(
        select(Person).where(Person.id == person_id).with_for_update(), execution_options=anew
    ).one()
    cases = select(Case).where(Case.person_id == person_id).order_by(Case.id).with_for_update()
    return person, list(session.scalars(cases, execution_options=anew))


def erase_person(session: Session, person_id: int, as_at: datetime, actor: str) -> int:
    """Erase a person and all cases, every one closed; return how many cases. One erased before stays as it is.

    Other records that were found to be this person's go with it.
    """
    person, cases = lock_person(session, person_id)
    if person.erased:
        return 0
    if any(one.closed_on is None for one in cases):
        raise RefusedError([f"person {person_id} has an open case: only who has none is erased"])
    keys = [person.crn, *(one.reference for one in cases)]
    for one in cases:
        # What kind of closing it was is counted; what somebody wrote of it stands after the colon.
        one.closed_reason = one.closed_reason and one.closed_reason.partition(":")[0]
    # No CRN, so that no file and no form finds the person; in hexadecimal a column of seven has room for them all.
    person.crn = f"-{person_id:06X}"
    session.flush()
    case_ids = [one.id for one in cases]
    for model in COLUMNS:
        if model is not AuditEntry:
            erase_rows(session, model, rows_of(model, person_id, case_ids, keys))
    settle_what_is_left(session, person, case_ids, keys, as_at)
    chains = [f"person/{person_id}", *(f"case/{one}" for one in case_ids)]
    erase_chains(session, chains, f"person {person_id}", actor=actor, at=as_at)
    session.expire_all()
    folded_in = session.scalars(select(Person.id).where(Person.merged_into_id == person_id)).all()
    return len(cases) + sum(erase_person(session, one, as_at, actor) for one in folded_in)


def erase_rows(session: Session, model: type[Base], rows: ColumnElement[bool]) -> None:
    """Replace what is to be replaced in some rows of a table, and take them from the flows that wait for them."""
    table = table_of(model)
    values: dict[str, Any] = {name: None for name in WAITING if name in table.c}
    for name, value in COLUMNS[model].items():
        if isinstance(value, Fate):
            continue
        column = table.c[name]
        keeps_absence = value is not None and column.nullable
        values[name] = case((column.is_(None), null()), else_=literal(value, column.type)) if keeps_absence else value
    if values:
        session.execute(update(model).where(rows).values(values), execution_options={"synchronize_session": False})


def rows_of(model: Any, person_id: int, case_ids: Sequence[int], keys: Sequence[str]) -> ColumnElement[bool]:
    """Return the condition of the rows of a table that belong to a person; ``keys`` are the CRN and the references."""
    if model is Person:
        return Person.id == person_id
    if model is Draft:
        return func.upper(func.trim(Draft.crn)).in_(keys)
    if model is Problem:
        return or_(Problem.case_id.in_(case_ids), about_identification(person_id), about_likeness(person_id))
    if model is Prompt:
        return Prompt.timescale_id.in_(select(Timescale.id).where(Timescale.case_id.in_(case_ids)))
    if model is Message:
        return about_nobody_else(case_ids)
    if hasattr(model, "person_id"):
        return and_(model.person_id == person_id)
    if hasattr(model, "case_id"):
        return and_(model.case_id.in_(case_ids))
    return and_(model.meeting_id.in_(select(Meeting.id).where(Meeting.case_id.in_(case_ids))))


def about_identification(person_id: int) -> ColumnElement[bool]:
    """Return the condition of problems with identifying a person, which may have come before the first case."""
    sentences = select(cast(Sentence.id, String)).where(Sentence.person_id == person_id)
    subject = or_(Problem.subject == f"person {person_id}", Problem.subject.in_(sentences))
    return and_(Problem.stage == identification.STAGE, subject)


def about_likeness(person_id: int) -> ColumnElement[bool]:
    """Return the condition of the questions whether a person is another, which name both."""
    filed = (Problem.subject.like(f"people {person_id} and %"), Problem.subject.like(f"people % and {person_id}"))
    return and_(Problem.stage == likeness.STAGE, or_(*filed))


def about_nobody_else(case_ids: Sequence[int]) -> ColumnElement[bool]:
    """Return the condition of messages about these cases that carry nothing about anybody whose data are still kept."""
    mine = exists().where(
        Prompt.message_id == Message.id, Prompt.timescale_id == Timescale.id, Timescale.case_id.in_(case_ids)
    )
    others = exists().where(
        Prompt.message_id == Message.id,
        Prompt.timescale_id == Timescale.id,
        Timescale.case_id == Case.id,
        Case.person_id == Person.id,
        ~Person.erased,
    )
    return and_(mine, ~others)


def settle_what_is_left(
    session: Session, person: Person, case_ids: Sequence[int], keys: Sequence[str], as_at: datetime
) -> None:
    """Close the drafts and problems of a person, which nobody can see to any more, and file the drafts anew."""
    drafts = update(Draft).where(rows_of(Draft, person.id, case_ids, keys))
    problems = update(Problem).where(rows_of(Problem, person.id, case_ids, keys))
    statements = (
        drafts.values(crn=person.crn, settled_at=func.coalesce(Draft.settled_at, as_at)),
        problems.values(next_try_at=None, resolved_at=func.coalesce(Problem.resolved_at, as_at)),
    )
    for statement in statements:
        session.execute(statement, execution_options={"synchronize_session": False})
