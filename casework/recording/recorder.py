"""Record facts in one transaction, with one look at what they make owed."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from pydantic import ValidationError
from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session, selectinload

from casework import episodes, event_questions
from casework.change import CaseChange
from casework.errors import RefusedError
from casework.facts.querying import now_known_as
from casework.recording.days import Days
from casework.recording.drafts import left_lying, settle_drafts
from casework.recording.entry import Actor, Entry
from casework.recording.fact_type import FactType
from casework.recording.forms import Form
from casework.recording.keepable import not_keepable
from casework.recording.registry import KINDS
from casework.timescales import refresh
from models.audit import Change, append
from models.bulk import insert_many
from models.cases import Case, Draft, Fact
from models.meetings import Meeting
from models.people import Person
from models.record import policies
from policy import identifiers
from policy.calendar import london_date
from policy.numbers import Policy
from policy.vocabulary import FactKind, MeetingState

NEEDS_A_CASE = (
    "has no open case. If the sentence was just loaded, run 'mappa tick' first; to take on a person who is not "
    "eligible otherwise, record a referral or a level with category 3, or the order that makes them notify"
)
ANEW = {"populate_existing": True}
AFTER_CLOSING = frozenset(kind.value for kind, known in KINDS.items() if known.after_closing)


@dataclass(frozen=True, slots=True)
class Recorded:
    """What was recorded: case reference and CRN, one sentence, and what changed on the timescales of the case."""

    case: str
    crn: str
    summary: str
    changes: list[str]


def record_many(session: Session, entries: Sequence[Entry], *, actor: Actor, as_at: datetime) -> list[Recorded]:
    """Record facts in order, in the caller's transaction; the timescales of their cases follow once, at the end.

    The same fact recorded twice (kind, day and content alike) changes nothing the second time. ``RefusedError`` of
    any one, with every reason, stands for all: the transaction is then to be rolled back. The trail keeps the actor's
    name, and what else is known of who recorded beside the form.
    """
    batch = Batch(session, actor, as_at, PeopleAndCases(session, entries))
    for entry in entries:
        batch.apply(entry)
    return batch.finish()


def try_out(session: Session, entry: Entry, *, actor: Actor, as_at: datetime) -> None:
    """Apply a fact in a transaction that the caller rolls back; ``RefusedError`` with every reason against it."""
    Batch(session, actor, as_at, PeopleAndCases(session, [entry])).apply(entry)


@dataclass(slots=True)
class Batch:
    """Facts that are recorded together.

    ``applied`` are, in order, the case, the person, a sentence, and whether the fact was new. ``changes`` go to the
    trail and ``rows`` to the facts at the end: a day has hundreds, and each alone would make its own way.
    """

    session: Session
    actor: Actor
    as_at: datetime
    known: "PeopleAndCases"
    applied: list[tuple[Case, Person, str, bool]] = field(default_factory=list)
    changes: list[Change] = field(default_factory=list)
    rows: list[dict[str, Any]] = field(default_factory=list)

    def apply(self, entry: Entry) -> None:
        """Check one fact and change its case, unless it was recorded before."""
        fact_type = known_kind(entry.kind)
        kind = fact_type.kind
        policy, born = self.known.policy_for(entry, self.as_at), self.known.born(entry)
        form = checked(fact_type, entry.data, london_date(self.as_at), policy, born)
        person, case = self.person_and_case(entry, fact_type, form)
        content = form.model_dump(mode="json")
        if self.known.newest.get((case.id, kind.value)) == (form.date, content):
            self.applied.append((case, person, f"{kind} of {form.date} was recorded before; nothing changed", False))
            return
        if fact_type.reads_facts:
            self.write_facts()
        change = CaseChange(self.session, person, case, self.as_at, self.actor.name)
        summary = fact_type.apply(change, form)
        self.rows.append(
            {
                "case_id": case.id,
                "kind": kind.value,
                "on_date": form.date,
                "recorded_at": self.as_at,
                "recorded_by": self.actor.name,
                "data": content,
            }
        )
        self.known.newest[case.id, kind.value] = (form.date, content)
        event_questions.answer(self.session, self.known.asked.get(case.id, ()), [kind], self.as_at)
        if (person.crn, kind.value) in self.known.drafts:
            settle_drafts(self.session, kind.value, person.crn, self.as_at)
        after = content | self.actor.in_the_trail()
        self.changes += [Change(f"case/{case.id}", f"recorded-{kind}", case.reference, None, after), *change.changes]
        self.applied.append((case, person, summary, True))

    def person_and_case(self, entry: Entry, fact_type: FactType, form: Form) -> tuple[Person, Case]:
        """Return whom a fact is about and on which case it is recorded; a case is opened by a kind that opens one."""
        person = self.known.person(entry.crn)
        case = self.known.open_case(person)
        if fact_type.after_closing:
            case = self.known.case_that_met(entry.crn, person)
        if case is None:
            case = case_to_open(self.session, person, fact_type, form, self.as_at)
            self.known.cases[person.id] = case
        return person, case

    def write_facts(self) -> None:
        """Write the facts gathered so far."""
        insert_many(self.session, Fact, self.rows)
        self.rows.clear()

    def finish(self) -> list[Recorded]:
        """Write facts and trail, and bring the timescales of the cases that changed up to date."""
        self.session.flush()
        self.write_facts()
        append(self.session, self.changes, actor=self.actor.name, at=self.as_at)
        touched = list({case.id: case for case, _, _, is_new in self.applied if is_new}.values())
        moved = refresh(self.session, touched, self.as_at, self.actor.name) if touched else {}
        return [
            Recorded(case.reference, person.crn, summary, moved.get(case.id, []) if is_new else [])
            for case, person, summary, is_new in self.applied
        ]


class PeopleAndCases:
    """What the record knows of those about whom facts are recorded, read at once: a day has hundreds.

    ``newest`` is the latest fact of each case and kind, as (day, content): the same told again changes nothing.
    Only the latest: a date set back to what it was before is a new fact, not an old one told again.
    """

    def __init__(self, session: Session, entries: Sequence[Entry]) -> None:
        """Read people, their open cases (locked until the transaction ends), the latest facts and the drafts."""
        self._session = session
        keys = {identifiers.looked_up(entry.crn) for entry in entries}
        of_case = select(Case.person_id).where(Case.reference.in_(keys))
        found = session.scalars(
            select(Person)
            .where(or_(Person.crn.in_(keys), Person.id.in_(of_case)))
            .options(selectinload(Person.cases))
            .order_by(Person.id)
        ).all()
        self.people = {person.crn: person for person in found}
        self.people |= {case.reference: person for person in found for case in person.cases}
        # What is recorded of somebody who was found to be another person goes to that person.
        self.people = {key: now_known_as(session, person) for key, person in self.people.items()}
        found = list({person.id: person for person in self.people.values()}.values())
        ids = [person.id for person in found]
        # Anew, though they came with the people: another may have changed them before the lock was had.
        present = select(Case).where(Case.person_id.in_(ids), Case.closed_on.is_(None)).order_by(Case.id)
        open_cases = session.scalars(present.with_for_update(), execution_options=ANEW)
        self.cases = {case.person_id: case for case in open_cases}
        kinds = {entry.kind for entry in entries}
        self.closed = self.closed_cases(session, ids) if kinds & AFTER_CLOSING else {}
        known = [case.id for case in self.cases.values()]
        known += [case.id for cases in self.closed.values() for case in cases]
        self.met = self.cases_that_met(session, known) if self.closed else set()
        latest = (
            select(func.max(Fact.id))
            .where(Fact.case_id.in_(known), Fact.kind.in_(kinds))
            .group_by(Fact.case_id, Fact.kind)
        )
        # One of another day differs anyway, and need not be read.
        days = {day for entry in entries if (day := day_of(entry.data.get("date"))) is not None}
        columns = select(Fact.case_id, Fact.kind, Fact.on_date, Fact.data).where(
            Fact.id.in_(latest), Fact.on_date.in_(days)
        )
        self.newest: dict[tuple[int, str], tuple[date, dict[str, Any]]] = {
            (row.case_id, row.kind): (row.on_date, row.data) for row in session.execute(columns)
        }
        self.asked = event_questions.open_questions(session, [case.id for case in self.cases.values()])
        drafts = select(Draft.crn, Draft.kind).where(Draft.crn.in_(self.people), *left_lying())
        self.drafts = {(row.crn, row.kind) for row in session.execute(drafts)}

    def person(self, key: str) -> Person:
        """Return the person with a CRN or with a case of that reference, or refuse."""
        wanted = identifiers.looked_up(key)
        if "-" not in wanted:
            try:
                wanted = identifiers.crn(key)
            except ValueError as error:
                raise RefusedError([str(error)]) from error
        person = self.people.get(wanted)
        if person is None:
            raise RefusedError([f"nobody on record has the CRN or case reference {wanted}: load a sentence first"])
        if person.erased:
            raise RefusedError([f"the data of {wanted} were erased: nothing can be added to them"])
        return person

    def policy_for(self, entry: Entry, as_at: datetime) -> Policy:
        """Return the policy of the area in which somebody is managed; the general one where nobody is known."""
        person = self.people.get(identifiers.looked_up(entry.crn))
        areas = [case.area for case in person.cases] or [s.area for s in person.sentences] if person else []
        return policies(self._session).for_area(areas[-1] if areas else "", london_date(as_at))

    def born(self, entry: Entry) -> date | None:
        """Return the date of birth of whom a fact is about; None where nobody is known."""
        person = self.people.get(entry.crn.strip().upper())
        return None if person is None else person.date_of_birth

    def open_case(self, person: Person) -> Case | None:
        """Return the open case of a person; one that a fact before this one closed is none."""
        case = self.cases.get(person.id)
        return case if case is not None and case.closed_on is None else None

    def case_that_met(self, key: str, person: Person) -> Case | None:
        """Return the case whose meetings may have left something to do.

        It is the one named by its reference, else the newest in which a meeting was held, the open one first.
        """
        present = self.open_case(person)
        candidates = [*([present] if present else []), *self.closed.get(person.id, ())]
        named = [case for case in candidates if case.reference == identifiers.looked_up(key)]
        met = [case for case in candidates if case.id in self.met]
        return next(iter([*named, *met, *candidates]), None)

    @staticmethod
    def closed_cases(session: Session, person_ids: Sequence[int]) -> dict[int, list[Case]]:
        """Return the closed cases of people, locked, the one that was closed last first."""
        found: dict[int, list[Case]] = defaultdict(list)
        query = select(Case).where(Case.person_id.in_(person_ids), Case.closed_on.is_not(None))
        ordered = query.order_by(Case.closed_on.desc(), Case.id.desc())
        for case in session.scalars(ordered.with_for_update(), execution_options=ANEW):
            found[case.person_id].append(case)
        return found

    @staticmethod
    def cases_that_met(session: Session, case_ids: Sequence[int]) -> set[int]:
        """Return those of some cases in which a meeting was held."""
        held = select(Meeting.case_id).where(Meeting.case_id.in_(case_ids), Meeting.state == MeetingState.HELD)
        return set(session.scalars(held.distinct()))


def day_of(value: Any) -> date | None:
    """Return the day of a form that nobody has checked yet, if it has one."""
    try:
        return value if isinstance(value, date) else date.fromisoformat(value)
    except (TypeError, ValueError):
        return None


def known_kind(kind: str) -> FactType:
    """Return the kind, or refuse with the kinds there are."""
    try:
        return KINDS[FactKind(kind)]
    except ValueError as error:
        raise RefusedError([f"{kind!r} cannot be recorded; {', '.join(FactKind)} can"]) from error


def checked(known: FactType, data: dict[str, Any], today: date, policy: Policy, born: date | None) -> Form:
    """Return the form of a kind filled with ``data``, or refuse it with every reason.

    ``policy``: that of the area, which says what agencies and circumstances there are. ``born``: the birth of the
    person.
    """
    if reasons := list(not_keepable(data, policy.texts)):
        raise RefusedError(reasons)
    try:
        form = known.form.model_validate(data, context={"policy": policy})
    except ValidationError as error:
        reasons = [
            f"{'.'.join(str(part) for part in e['loc']) or known.kind.value}: {e['msg'].removeprefix('Value error, ')}"
            for e in error.errors()
        ]
        raise RefusedError(reasons) from error
    if reasons := list(Days(policy.dates, today, born).wrong_in(form)):
        raise RefusedError(reasons)
    return form


def case_to_open(session: Session, person: Person, known: FactType, form: Form, as_at: datetime) -> Case:
    """Open a case for a fact that may open one (category 3, an order); any other needs a case that is open already."""
    if not known.opens_a_case(form):
        of_person = select(Case).where(Case.person_id == person.id, Case.closed_on.is_not(None))
        closed = session.scalar(of_person.order_by(Case.closed_on.desc(), Case.id.desc()).limit(1))
        ended = f": {closed.reference} was closed on {closed.closed_on}" if closed is not None else ""
        raise RefusedError([f"{person.crn} {NEEDS_A_CASE}" + ended])
    case = episodes.open_case(session, episodes.References(session), person.sentences, as_at)
    session.flush()
    for sentence in person.sentences:
        sentence.case_id = case.id
    session.refresh(person, ["cases"])
    append(
        session,
        [Change(f"case/{case.id}", "case-opened", case.reference, after={"by": "a fact that opens a case"})],
        actor="mappa",
        at=as_at,
    )
    return case
