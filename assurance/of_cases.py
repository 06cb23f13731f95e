"""What must hold of cases, their timescales, the work that waits, the directory and the calendar: the auditor's look.

Each function asks the record in a statement or two whatever the caseload, and returns what breaks the rule, by case
reference. ``assurance.invariants`` says what each means and what to do.
"""

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import (
    ColumnElement,
    CompoundSelect,
    Integer,
    Select,
    String,
    and_,
    cast,
    func,
    literal,
    null,
    or_,
    select,
    text,
    union,
    union_all,
)
from sqlalchemy.orm import InstrumentedAttribute, Session, aliased

from assurance.findings import Findings, findings_of, gathered
from assurance.rungs import each_rung
from casework import likeness
from casework.facts.querying import BATCH
from casework.identification import DIED
from models.audit import AuditEntry
from models.cases import FAILURE, QUESTION, Case, Fact, Problem
from models.clock import now
from models.clock_mark import present_of_the_server
from models.directory import DirectoryEntry
from models.meetings import Meeting
from models.obligations import WAITING, Message, Prompt, Timescale
from models.people import Person, Sentence
from models.record import working_calendar
from models.referrals import Referral
from models.take_on import is_undecided
from notifications.outbox.route import is_open_fault
from policy.calendar import add_months, london_date
from policy.kinds import Release
from policy.roles import Role
from policy.vocabulary import FactKind, Location, State

LATE = timedelta(hours=1)
APART = timedelta(seconds=60)
TRIES = 5
# The stage under which the auditor puts what it finds to an operator.
AUDITOR = "assurance"
MONTHS_COVERED = 12


def cases_without_a_level(session: Session, _as_at: datetime) -> Findings:
    """Return cases outside custody, of a category, that have no level and nothing that asks for one.

    What else is open on them asks for no level: a meeting, an action, the end of the licence.
    """
    asks = select(Timescale.id).where(
        Timescale.case_id == Case.id,
        Timescale.kind == Release.LEVEL_SETTING,
        Timescale.state.in_((State.OPEN, State.PAUSED)),
    )
    return findings_of(
        session,
        select(Case.reference).where(
            Case.closed_on.is_(None),
            Case.level.is_(None),
            Case.category.is_not(None),
            Case.location != Location.CUSTODY,
            Case.review_at.is_(None),
            ~asks.exists(),
        ),
    )


def rungs_not_raised(session: Session, as_at: datetime) -> Findings:
    """Return timescales whose rung came more than an hour ago and was not raised: nobody sweeps."""
    before = as_at - LATE
    due = waits("prompts", Timescale.id, Case.reference + " " + Timescale.kind).join_from(Timescale, Case)
    return standing_still(session, due.where(text(WAITING), Timescale.next_prompt_at <= before), before)


def rungs_passed_over(session: Session, _as_at: datetime) -> Findings:
    """Return open timescales with a rung that their ladder left behind and no prompt tells of."""
    rungs = each_rung(session)
    raised = select(Prompt.id).where(
        Prompt.timescale_id == Timescale.id, Prompt.revision == Timescale.revision, Prompt.rung == rungs.said("rung")
    )
    not_raised = ~raised.correlate(Timescale, rungs.rows).exists()
    passed = select(rungs.place).select_from(rungs.rows).where(rungs.place < Timescale.next_rung, not_raised)
    return findings_of(
        session,
        about_timescales(Timescale.state == State.OPEN, Timescale.next_rung > 0, passed.correlate(Timescale).exists()),
    )


def about_timescales(*conditions: ColumnElement[bool]) -> Select[str]:
    """Return the query of some timescales, each by its case and kind."""
    return select(Case.reference + " " + Timescale.kind).join_from(Timescale, Case).where(*conditions)


def stages_that_stand(session: Session, as_at: datetime) -> Findings:
    """Return what has waited for a stage before ``prompts`` for more than an hour: that stage does not run."""
    before, by_case = as_at - LATE, Case.reference
    waiting = [
        waits("identification", Sentence.id, numbered("sentence ", Sentence.id), cast(null(), Integer)).where(
            Sentence.identify_at <= before
        ),
        waits("pre_release", Case.id, by_case + " pre_release").where(
            Case.review_at <= before, Case.closed_on.is_(None)
        ),
        waits("screening", Referral.id, by_case + " screening")
        .join_from(Referral, Case)
        .where(Referral.letter_at <= before),
        waits("meetings", Meeting.id, by_case + " meetings")
        .join_from(Meeting, Case)
        .where(Meeting.prepare_at <= before),
        waits("exit_planning", Case.id, by_case + " exit_planning").where(
            Case.end_at <= before, Case.closed_on.is_(None)
        ),
    ]
    return standing_still(session, union_all(*waiting), before)


def waits(stage: str, key: Any, subject: Any, case: Any = Case.id) -> Select[Any]:
    """Return the columns of what waits for a stage: its key, how it is told, and the case that it is about."""
    return select(
        literal(stage).label("stage"), cast(key, String).label("key"), subject.label("subject"), case.label("case_id")
    )


def standing_still(session: Session, waiting: Select[Any] | CompoundSelect[Any], before: datetime) -> Findings:
    """Return what waits, without what failed (``failures`` tells of it) and what is about a case changed of late.

    What is recorded at four may be due since eight, and the next turn of its stage is still to come. Each question is
    one of its own that an index answers: joined in one statement, they made a database that believed its tables to be
    empty, as they were when it last looked, read the whole trail for every case.
    """
    found = session.execute(waiting).all()
    if not found:
        return Findings()
    failed = set(
        session.execute(
            select(Problem.stage, Problem.subject).where(Problem.kind == FAILURE, Problem.resolved_at.is_(None))
        ).tuples()
    )
    standing = [row for row in found if (row.stage, row.key) not in failed]
    changed = changed_since(session, {row.case_id for row in standing if row.case_id is not None}, before)
    return gathered(sorted(row.subject for row in standing if row.case_id not in changed))


def changed_since(session: Session, cases: Collection[int], when: datetime) -> set[int]:
    """Return those of some cases that somebody has changed since a moment."""
    changed: set[int] = set()
    ordered = sorted(cases)
    for first in range(0, len(ordered), BATCH):
        chains = {f"case/{one}": one for one in ordered[first : first + BATCH]}
        entries = select(AuditEntry.chain).where(AuditEntry.chain.in_(chains), AuditEntry.at > when).distinct()
        changed.update(chains[chain] for chain in session.scalars(entries))
    return changed


def numbered(word: str, key: Any) -> ColumnElement[str]:
    """Return a word and a number of the record, as one text."""
    return literal(word) + cast(key, String)


def failures(session: Session, _as_at: datetime) -> Findings:
    """Return work that was tried five times and failed each time, by stage and what it is about.

    A fault of the way out of e-mail is none of these: ``of_messages`` tells it at once.
    """
    failing = (Problem.kind == FAILURE, Problem.resolved_at.is_(None), Problem.tries >= TRIES, ~is_open_fault())
    return findings_of(session, select(Problem.stage + " " + Problem.subject).where(*failing))


def questions_nobody_can_answer(session: Session, _as_at: datetime) -> Findings:
    """Return open questions that name no fact that answers them, or that no form would take now.

    What asks an operator (the auditor's own findings) is no question about a case. A question of eligibility needs a
    sentence that waits for a decision, and an open case on which it is recorded.
    """
    asked = and_(Problem.kind == QUESTION, Problem.resolved_at.is_(None), Problem.stage != AUDITOR)
    nameless = and_(asked, cast(Problem.answered_by, String) == "[]")
    about_eligibility = and_(asked, cast(Problem.answered_by, String).contains(FactKind.IDENTIFICATION.value))
    waiting = select(Sentence.id).join(Case, Case.person_id == Sentence.person_id)
    waiting = waiting.where(
        Case.id == Problem.case_id, Case.closed_on.is_(None), Sentence.questions.is_not(None)
    ).correlate(Problem)
    name = Problem.stage + " " + Problem.subject
    return findings_of(session, select(name).where(or_(nameless, and_(about_eligibility, ~waiting.exists()))))


def eligibility_nobody_is_asked_about(session: Session, _as_at: datetime) -> Findings:
    """Return cases of people with a question of eligibility that no open problem puts to a person.

    A closed case counts too: none is closed over such a question, except where the person has died.
    """
    asked = select(Problem.id).join_from(Problem, Case, Problem.case_id == Case.id)
    asked = asked.where(
        Case.person_id == Sentence.person_id, Problem.kind == QUESTION, Problem.resolved_at.is_(None)
    ).correlate(Sentence)
    other = aliased(Case)
    died = select(other.id).where(other.person_id == Sentence.person_id, other.closed_reason.startswith(DIED))
    loose = and_(Sentence.case_id.is_(None), Case.person_id == Sentence.person_id)
    return findings_of(
        session,
        select(Case.reference)
        .distinct()
        .join_from(Sentence, Case, or_(Case.id == Sentence.case_id, loose))
        .where(Sentence.questions.is_not(None), Sentence.identify_at.is_(None), ~asked.exists(), ~died.exists()),
    )


def people_told_twice(session: Session, _as_at: datetime) -> Findings:
    """Return pairs of open cases whose people share a NOMIS or PNC number, and of whom nobody has been asked."""
    mine, theirs = aliased(Case), aliased(Case)
    pairs = union(sharing("noms_number"), sharing("pnc_number")).subquery("pairs")
    one, other = pairs.c.one_id, pairs.c.other_id
    subject = numbered("people ", one) + numbered(" and ", other)
    asked = select(Problem.id).where(Problem.stage == likeness.STAGE, Problem.subject == subject).correlate(pairs)
    waiting = select(Sentence.id).where(Sentence.person_id.in_((one, other)), Sentence.identify_at.is_not(None))
    return findings_of(
        session,
        select(mine.reference + " " + theirs.reference)
        .select_from(pairs)
        .join(mine, and_(mine.person_id == one, mine.closed_on.is_(None)))
        .join(theirs, and_(theirs.person_id == other, theirs.closed_on.is_(None)))
        .where(~asked.exists(), ~waiting.correlate(pairs).exists()),
    )


def sharing(number: str) -> Select[int, int]:
    """Return the query of pairs of people with the same number.

    The numbers that more than one person has are found first: there are few, whatever a database expects of a column
    that is mostly empty.
    """
    one, other = aliased(Person), aliased(Person)
    column: InstrumentedAttribute[str | None] = getattr(Person, number)
    shared = select(column).where(column.is_not(None)).group_by(column).having(func.count() > 1)
    return (
        select(one.id.label("one_id"), other.id.label("other_id"))
        .join_from(one, other, and_(getattr(one, number) == getattr(other, number), one.id < other.id))
        .where(getattr(one, number).in_(shared))
    )


def areas_without_coordinator(session: Session, as_at: datetime) -> Findings:
    """Return areas that have open cases and on this day no coordinator in the directory."""
    today = london_date(as_at)
    holds_today = and_(
        or_(DirectoryEntry.valid_from.is_(None), DirectoryEntry.valid_from <= today),
        or_(DirectoryEntry.valid_to.is_(None), DirectoryEntry.valid_to >= today),
    )
    areas = select(Case.area).where(Case.closed_on.is_(None)).distinct().subquery()
    coordinator = select(DirectoryEntry.id).where(
        DirectoryEntry.area == areas.c.area, DirectoryEntry.role == Role.COORDINATOR, holds_today
    )
    return findings_of(session, select(areas.c.area).where(~coordinator.exists()))


def calendar_too_short(session: Session, as_at: datetime) -> Findings:
    """Return the last day of the stored bank holidays where it comes within the next twelve months."""
    calendar = working_calendar(session)
    if calendar.covers(add_months(london_date(as_at), MONTHS_COVERED)):
        return Findings()
    return gathered([f"calendar {calendar.version} ends on {calendar.last}"])


def clocks_apart(session: Session, _as_at: datetime) -> Findings:
    """Return how far the clock of the database is from that of this process, beyond a minute.

    On SQLite there is one clock, that of this machine.
    """
    there = present_of_the_server(session)
    if there is None:
        return Findings()
    apart = (there - now()).total_seconds()
    if abs(apart) <= APART.total_seconds():
        return Findings()
    return gathered([f"the database is {abs(apart):.0f} seconds {'ahead' if apart > 0 else 'behind'}"])


def rows_from_the_future(session: Session, as_at: datetime) -> Findings:
    """Return audit entries, facts and messages written later than now, and later than the moment of the run.

    A simulation is ahead of the present, and looks at what it wrote itself.
    """
    limit = max(as_at, now()) + APART
    ahead: list[Select[str]] = [
        select(AuditEntry.chain + " entry " + cast(AuditEntry.seq, String)).where(AuditEntry.at > limit),
        select(Case.reference + " " + Fact.kind).join_from(Fact, Case).where(Fact.recorded_at > limit),
        select(literal("message ") + Message.id).where(Message.created_at > limit),
    ]
    return findings_of(session, select(union_all(*ahead).subquery().c[0]))


def size(session: Session) -> dict[str, Any]:
    """Return how much there is to look at: for the heartbeat, and the table of the run."""
    return {
        "open_cases": count(session, Case.closed_on.is_(None)),
        "open_timescales": count(session, Timescale.state == State.OPEN),
        "prompts": count(session, Prompt.id.is_not(None)),
        "messages": count(session, Message.id.is_not(None)),
        "open_problems": count(session, Problem.resolved_at.is_(None)),
        "taken_on_undecided": count(session, and_(Case.id == Timescale.case_id, is_undecided())),
    }


def count(session: Session, which: ColumnElement[bool]) -> int:
    """Return how many rows there are of which something holds."""
    return session.scalar(select(func.count()).where(which)) or 0
