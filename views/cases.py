"""What the record shows: plain dictionaries with the stable JSON fields of the design.

Each view is a handful of queries whatever the number of rows, and yields as it reads. Dates are ISO 8601;
moments carry the offset of Europe/London. Only ``person_view`` knows a name.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from casework.facts.querying import BATCH, Query, View, about, day, given
from models.cases import Case, Problem
from models.directory import DirectoryEntry
from models.obligations import Message, Prompt, Timescale
from models.people import Person, Sentence
from views.times import iso


def areas(session: Session) -> list[str]:
    """Return every area the record knows: of cases, sentences and the directory."""
    found: set[str] = set()
    for column in (Case.area, Sentence.area, DirectoryEntry.area):
        found.update(session.scalars(select(column).distinct()))
    return sorted(found)


# Timescales


def timescales(
    session: Session,
    *,
    crn: str | None = None,
    kind: str | None = None,
    state: str | None = None,
    area: str | None = None,
    due_before: date | None = None,
) -> Iterator[View]:
    """Yield timescales by case reference, due date and id."""
    query = given(
        timescale_query(),
        about(crn),
        None if kind is None else Timescale.kind == kind,
        None if state is None else Timescale.state == state,
        None if area is None else Case.area == area,
        None if due_before is None else Timescale.due_on < due_before,
    )
    for row in session.execute(query.execution_options(yield_per=BATCH)):
        yield timescale_view(row)


def timescale_query() -> Query:
    """Return the columns of a timescale's view, in its order."""
    return (
        select(
            Person.crn,
            Case.reference,
            Timescale.case_id,
            Timescale.kind,
            Timescale.due_on,
            Timescale.next_prompt_at,
            Timescale.state,
            Timescale.revision,
            Timescale.owner_role,
            Timescale.policy_version,
        )
        .select_from(Timescale)
        .join(Case, Timescale.case_id == Case.id)
        .join(Person, Case.person_id == Person.id)
        .order_by(Case.reference, Timescale.due_on, Timescale.id)
    )


def timescale_view(row: Any) -> View:
    """Return the JSON object of a timescale."""
    return {
        "crn": row.crn,
        "case": row.reference,
        "kind": row.kind,
        "due_on": day(row.due_on),
        "next_prompt_at": iso(row.next_prompt_at),
        "state": row.state,
        "revision": row.revision,
        "owner_role": row.owner_role,
        "policy": row.policy_version,
    }


# Prompts


def prompts(
    session: Session,
    *,
    crn: str | None = None,
    kind: str | None = None,
    area: str | None = None,
    since: datetime | None = None,
    until: datetime | None = None,
) -> Iterator[View]:
    """Yield prompts raised from ``since`` to ``until`` (both included), by case reference, due date and id."""
    query = given(
        prompt_query().order_by(Case.reference, Prompt.due_on, Prompt.id),
        about(crn),
        None if kind is None else Timescale.kind == kind,
        None if area is None else Case.area == area,
        None if since is None else Prompt.raised_at >= since,
        None if until is None else Prompt.raised_at <= until,
    )
    for row in session.execute(query.execution_options(yield_per=BATCH)):
        yield prompt_view(row)


def prompt_query() -> Query:
    """Return the columns of a prompt's view."""
    return (
        select(
            Person.crn,
            Case.reference,
            Timescale.kind,
            Prompt.revision,
            Prompt.rung,
            Prompt.due_on,
            Prompt.recipient,
            Prompt.recipient_role,
            Prompt.raised_at,
            Prompt.late_by_days,
            Prompt.message_id,
        )
        .select_from(Prompt)
        .join(Timescale, Prompt.timescale_id == Timescale.id)
        .join(Case, Timescale.case_id == Case.id)
        .join(Person, Case.person_id == Person.id)
    )


def prompt_view(row: Any) -> View:
    """Return the JSON object of a prompt."""
    return {
        "crn": row.crn,
        "case": row.reference,
        "kind": row.kind,
        "revision": row.revision,
        "rung": row.rung,
        "due_on": day(row.due_on),
        "recipient": row.recipient,
        "recipient_role": row.recipient_role,
        "raised_at": iso(row.raised_at),
        "late_by_days": row.late_by_days,
        "message": row.message_id,
    }


# Messages


def messages(session: Session, *, state: str | None = None, recipient: str | None = None) -> Iterator[View]:
    """Yield messages by the moment they were written and id, each with its prompts."""
    query = given(
        select(
            Message.id,
            Message.kind,
            Message.recipient,
            Message.subject,
            Message.state,
            Message.reason,
            Message.created_at,
            Message.sent_at,
        ).order_by(Message.created_at, Message.id),
        None if state is None else Message.state == state,
        None if recipient is None else func.lower(Message.recipient) == recipient.strip().lower(),
    )
    for rows in session.execute(query.execution_options(yield_per=BATCH)).partitions():
        carried = prompts_by_message(session, [row.id for row in rows])
        for row in rows:
            yield {
                "id": row.id,
                "kind": row.kind,
                "recipient": row.recipient,
                "subject": row.subject,
                "state": row.state,
                "reason": row.reason,
                "created_at": iso(row.created_at),
                "sent_at": iso(row.sent_at),
                "prompts": carried[row.id],
            }


def prompts_by_message(session: Session, ids: Sequence[str]) -> dict[str, list[View]]:
    """Return the prompts that each of some messages carries."""
    found: dict[str, list[View]] = defaultdict(list)
    for row in session.execute(prompt_query().where(Prompt.message_id.in_(ids)).order_by(Prompt.id)):
        found[row.message_id].append(prompt_view(row))
    return found


# Problems


def problems(session: Session, *, stage: str | None = None, unresolved: bool = False) -> Iterator[View]:
    """Yield problems by id. Of an exception only the first line is shown: the rest may quote a whole row."""
    query = given(
        select(Problem, Case.reference).outerjoin(Case, Problem.case_id == Case.id).order_by(Problem.id),
        None if stage is None else Problem.stage == stage,
        Problem.resolved_at.is_(None) if unresolved else None,
    )
    for problem, reference in session.execute(query.execution_options(yield_per=BATCH)):
        yield {
            "id": problem.id,
            "stage": problem.stage,
            "subject": problem.subject,
            "case": reference,
            "kind": problem.kind,
            "reason": problem.reason.split("\n", 1)[0],
            "tries": problem.tries,
            "first_seen_at": iso(problem.first_seen_at),
            "next_try_at": iso(problem.next_try_at),
            "resolved_at": iso(problem.resolved_at),
        }


# Cases


def cases(
    session: Session,
    *,
    area: str | None = None,
    stage: str | None = None,
    category: int | None = None,
) -> Iterator[View]:
    """Yield cases by reference, closed ones too; ``category`` is the primary one."""
    query = given(
        select(Case, Person.crn).join(Person, Case.person_id == Person.id).order_by(Case.reference),
        None if area is None else Case.area == area,
        None if stage is None else Case.stage == stage,
        None if category is None else Case.category == category,
    )
    for rows in session.execute(query.execution_options(yield_per=BATCH)).partitions():
        owed = timescales_by_case(session, [case.id for case, _ in rows])
        for case, crn in rows:
            yield case_view(case, crn, owed[case.id])


def case_view(case: Case, crn: str, owed: Sequence[View]) -> View:
    """Return the JSON object of a case."""
    return {
        "crn": crn,
        "case": case.reference,
        "category": case.category,
        "categories": list(case.categories),
        "level": case.level,
        "stage": case.stage,
        "area": case.area,
        "unit": case.unit,
        "lead_agency": case.lead_agency,
        "release_date": day(case.release_date),
        "eligible_until": day(case.eligible_until),
        "timescales": list(owed),
    }


def closed_cases(session: Session, *, area: str | None = None) -> Iterator[View]:
    """Yield closed cases by the day of their closing, each with its reason: no case just ends."""
    query = given(
        select(Case, Person.crn)
        .join(Person, Case.person_id == Person.id)
        .where(Case.closed_on.is_not(None))
        .order_by(Case.closed_on, Case.reference),
        None if area is None else Case.area == area,
    )
    for case, crn in session.execute(query.execution_options(yield_per=BATCH)):
        yield {
            "crn": crn,
            "case": case.reference,
            "categories": list(case.categories),
            "level": case.level,
            "opened_on": day(case.opened_on),
            "closed_on": day(case.closed_on),
            "how": (case.closed_reason or "").partition(":")[0],
            "reason": case.closed_reason,
        }


def timescales_by_case(session: Session, ids: Sequence[int]) -> dict[int, list[View]]:
    """Return the timescales of some cases, by due date and id."""
    found: dict[int, list[View]] = defaultdict(list)
    for row in session.execute(timescale_query().where(Timescale.case_id.in_(ids))):
        found[row.case_id].append(timescale_view(row))
    return found


# One person


def shown_case(cases: Iterable[Case], reference: str) -> Case | None:
    """Return the case asked for by reference, else the open one, else the newest."""
    ordered = sorted(
        cases, key=lambda case: (case.reference == reference, case.closed_on is None, case.opened_on, case.id)
    )
    return ordered[-1] if ordered else None


def person_case(session: Session, person: Person, case: Case | None) -> View:
    """Return the case object of a person; without a case, what the newest sentence says of them."""
    if case is not None:
        return case_view(case, person.crn, timescales_by_case(session, [case.id])[case.id])
    newest = max(person.sentences, key=lambda s: (s.loaded_at, s.sentence_date, s.id), default=None)
    waits = any(sentence.outcome is None for sentence in person.sentences)
    return {
        "crn": person.crn,
        "case": None,
        "category": None,
        "categories": [],
        "level": None,
        "stage": "identification" if waits else "not_eligible",
        "area": newest.area if newest else None,
        "unit": newest.unit if newest else None,
        "lead_agency": newest.lead_agency if newest else None,
        "release_date": None,
        "eligible_until": None,
        "timescales": [],
    }


def message_state(session: Session, message_id: str) -> str | None:
    """Return where a message stands."""
    return session.scalar(select(Message.state).where(Message.id == message_id))
