"""Good rows of the registrations file into the record, with the levels and spells that follow from them.

A registration belongs to an episode: spells that follow each other, or overlap. All rows of a person are here at once.
"""

from collections.abc import Iterator, Sequence
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from casework import event_questions
from casework.episodes import References
from casework.facts.between_meetings import by, read_events
from casework.loading.registered_people import Target, Whole, flag, known_and_new, pair, read_wholes, take_in
from casework.loading.registration_cases import (
    cases_of,
    close_ended,
    find_cases,
    insert_cases,
    look_again,
    stand,
)
from casework.loading.report import LoadReport
from casework.loading.together import Rows
from casework.registered_levels import keep_levels
from casework.spells import Days, keep_spells
from casework.timescales import refresh
from models.audit import Change, append
from models.bulk import insert_many
from models.cases import Case
from models.people import Sentence
from models.registrations import Registration
from policy.calendar import london_date
from policy.vocabulary import FactKind


def write_people(session: Session, people: Sequence[Rows], report: LoadReport, as_at: datetime, actor: str) -> None:
    """Write the rows of whole people, with what follows from them, and an audit entry a case."""
    people = [rows for rows in people if rows]
    wholes = read_wholes(session, *known_and_new(session, people, report))
    for crn_rows, whole in pair(session, people, wholes):
        take_in(whole, crn_rows, report, as_at)
    told = [whole for whole in wholes.values() if any(one.is_told for one in whole.ones)]
    references = References(session)
    for whole in told:
        flag(whole)
        find_cases(session, whole, references, as_at)
    targets = [target for whole in told for target in whole.targets]
    # What a domain event left open about a registration, the file tells.
    open_cases = [whole.open_case.id for whole in wholes.values() if whole.open_case is not None]
    for asked in event_questions.open_questions(session, open_cases).values():
        event_questions.answer(session, asked, [FactKind.LEVEL], as_at)
    insert_cases(session, targets)
    insert_registrations(session, told, as_at)
    cases = cases_of(targets)
    on_record = {target.id: cases[target.id] for target in targets if target.case is not None}
    keep_levels(session, {target.id: target.cut() for target in targets}, on_record, actor)
    for whole in told:
        for target in whole.targets:
            stand(session, whole, target, cases[target.id], as_at)
    session.flush()
    look_again(session, told, as_at)
    ended = list(close_ended(session, told, cases, as_at, actor))
    session.flush()
    in_spells(session, targets, cases, london_date(as_at))
    append(session, [change for whole in told for change in changes_of(whole)], actor=actor, at=as_at)
    if ended:
        refresh(session, ended, as_at, actor)


def insert_registrations(session: Session, told: Sequence[Whole], as_at: datetime) -> None:
    """Insert the new registrations."""
    rows = [
        {**one.says, "person_id": whole.person.id, "case_id": one.case.id, "flags": one.flags, "loaded_at": as_at}
        for whole in told
        for one in whole.ones
        if one.row is None and one.case is not None
    ]
    insert_many(session, Registration, rows)


def in_spells(session: Session, targets: Sequence[Target], cases: dict[int, Case], today: date) -> None:
    """Bring the stored spells of the cases up to what is known now."""
    known = [target.case.id for target in targets if target.case is not None]
    rows = select(Sentence).where(Sentence.case_id.in_(known)).order_by(Sentence.id)
    sentences = by(session.scalars(rows), lambda row: row.case_id)
    anew = {target.id: list(told_anew(target)) for target in targets}
    keep_spells(session, list(cases.values()), sentences, read_events(session, known), today, anew)


def told_anew(target: Target) -> Iterator[Days]:
    """Yield the days of which the file tells something that was not known: of a new row, or one that had ended."""
    for one in target.ones:
        had_ended = one.before is not None and "ends_on" not in one.before and one.says["ends_on"] is not None
        if one.row is None or had_ended:
            yield one.says["starts_on"], one.says["ends_on"]


def changes_of(whole: Whole) -> Iterator[Change]:
    """Yield the audit entry of each case: what was registered, and what was changed."""
    for target in whole.targets:
        new = [{**one.says, "flags": one.flags} for one in target.ones if one.row is None]
        changed = [one for one in target.ones if one.row is not None and one.before is not None]
        if not new and not changed:
            continue
        yield Change(
            f"case/{target.id}",
            "case-taken-on" if target.case is None else "registrations-loaded",
            target.reference,
            {"registrations": [{"starts_on": one.says["starts_on"], **(one.before or {})} for one in changed]}
            if changed
            else None,
            {"registrations": [*new, *(one.says for one in changed)]},
        )
