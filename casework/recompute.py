"""Derive the duties of open cases anew, quietly: what was always owed by the rules in force is owed from now on.

A record that was kept before the program asked for something gets what it lacks, and a running ladder follows the
numbers of the policy in force. What ends only outside custody is dated by the moves on record. Every case, closed ones
too, gets the spells that the figures are counted from. No ladder is climbed for the past: rungs whose moment has gone
by are left out, and what is overdue stands on the list of what is stuck.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import exists, select
from sqlalchemy.orm import selectinload

from casework import likeness
from casework.facts.gather import facts_of, gather
from casework.identification import follow_moves
from casework.spells import keep_spells
from casework.timescales import refresh
from models.cases import Case
from models.merges import Merge
from models.people import Person
from models.record import Record
from models.registrations import Spell
from policy.calendar import london_date

BATCH = 200


@dataclass(frozen=True, slots=True)
class Recomputed:
    """A case on which something changed, and what, a sentence each."""

    case: str
    changes: list[str]


def recompute(
    record: Record, as_at: datetime, actor: str, area: str | None = None, *, dry_run: bool = False
) -> Iterator[Recomputed]:
    """Yield the open cases on which something changed, in the order in which they were opened.

    A batch of cases is one transaction, with an audit entry for each case that changed. A dry run leaves nothing.
    """
    last = 0
    while True:
        query = select(Case).where(Case.closed_on.is_(None), Case.id > last)
        if area is not None:
            query = query.where(Case.area == area)
        with record.writing() as session:
            cases = session.scalars(query.order_by(Case.id).limit(BATCH).with_for_update()).all()
            for case in cases:
                follow_moves(session, case, as_at, actor)
            of_these = select(Person).where(Person.id.in_([case.person_id for case in cases]))
            likeness.ask(session, session.scalars(of_these.options(selectinload(Person.sentences))).all(), as_at)
            changed = refresh(session, cases, as_at, actor, quiet=True)
            found = [Recomputed(case.reference, changed[case.id]) for case in cases if changed[case.id]]
            last = cases[-1].id if cases else 0
            if dry_run:
                session.rollback()
        yield from found
        if not last:
            break
    if not dry_run:
        give_spells(record, as_at, area)


def give_spells(record: Record, as_at: datetime, area: str | None) -> None:
    """Give its spells to each closed case that was closed before they were kept."""
    last = 0
    while True:
        without = ~exists().where(Spell.case_id == Case.id).correlate(Case)
        merged = exists().where(Merge.other_case_id == Case.id, Merge.split_on.is_(None)).correlate(Case)
        query = select(Case).where(Case.closed_on.is_not(None), Case.id > last, without, ~merged)
        if area is not None:
            query = query.where(Case.area == area)
        with record.writing() as session:
            cases = session.scalars(query.order_by(Case.id).limit(BATCH).with_for_update()).all()
            if not cases:
                return
            found = gather(session, [case.id for case in cases])
            in_error = {case.id for case in cases if facts_of(case, found, as_at).opened_in_error}
            events = found.measures.events
            keep_spells(session, cases, found.sentences, events, london_date(as_at), in_error=in_error)
            last = cases[-1].id
