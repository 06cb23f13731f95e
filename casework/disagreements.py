"""A file and a person who tell different release dates: a question that somebody answers, never silence.

A file that tells what it told before does not undo what a person recorded since. Where the two lead to different
release dates, one of them is wrong, and everything before the release hangs on it. So the coordinator is asked, with
the clock of every question. Confirming the dates, or moving them, answers it; so does a file that agrees.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from casework import problems
from casework.facts.whereabouts import last_recall, release_dates
from models.cases import Case, Fact, Problem
from models.events import CustodyEvent
from models.people import Sentence
from policy.calendar import london_date
from policy.release import DATE_NAMES, ReleaseDates, release_date
from policy.vocabulary import CUSTODIAL, FactKind, Location

STAGE = "disagreements"
ANSWERED_BY = (FactKind.DATES_CHECK, FactKind.RELEASE_DATE)
# The facts that set the release dates of a sentence: after a new one the file is compared anew.
SET_DATES = (FactKind.RELEASE_DATE, FactKind.CUSTODY_EVENT)


@dataclass(frozen=True, slots=True)
class Told:
    """What a file told of a sentence that is on record: the line, the sentence, and the cells of the row."""

    line: int
    sentence: Sentence
    row: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Asked:
    """A question that is open: the line of the file that gave rise to it, how it is filed, and what is asked."""

    line: int
    subject: str
    question: str


def ask(session: Session, told: Mapping[int, Told], as_at: datetime) -> Sequence[Asked]:
    """Ask about each case of which a file gives another release date than the record; return what is open.

    ``told``: the sentences of the file, by their numbers. What a person has decided is not asked again until a fact or
    a file changes a date; what no longer differs is taken back.
    """
    case_ids = {one.sentence.case_id for one in told.values()} - {None}
    standing = open_questions(session, case_ids)
    differ = {
        one.sentence.case_id for one in told.values() if by_the_file(one.sentence, told) != release_dates(one.sentence)
    }
    found: dict[int, Asked] = {}
    cases = select(Case).where(Case.id.in_(differ), Case.closed_on.is_(None), Case.location == Location.CUSTODY)
    for case in session.scalars(cases.order_by(Case.id)).all():
        if asked := about(session, case, told, standing.get(case.id, {}), as_at):
            found[case.id] = asked
    for case_id, questions in standing.items():
        for subject, problem in questions.items():
            if case_id not in found or found[case_id].subject != subject:
                problems.ask(session, STAGE, subject, case_id, [], as_at, problem, ANSWERED_BY)
    return list(found.values())


def about(
    session: Session, case: Case, told: Mapping[int, Told], standing: Mapping[str, Problem], as_at: datetime
) -> Asked | None:
    """Ask about one case, unless both lead to one date or a person has decided; return the question that is open."""
    of_case = select(Sentence).where(Sentence.case_id == case.id).order_by(Sentence.id)
    sentences = [one for one in session.scalars(of_case) if one.disposal in CUSTODIAL]
    events = session.scalars(select(CustodyEvent).where(CustodyEvent.case_id == case.id).order_by(CustodyEvent.id))
    today, recalled_on = london_date(as_at), last_recall(events)

    def leads_to(dates: Iterable[ReleaseDates]) -> date | None:
        known = (release_date(one, today, case.release_date, recalled_on) for one in dates)
        return max((day for day in known if day is not None), default=None)

    by_file = leads_to(by_the_file(one, told) for one in sentences)
    by_record = leads_to(map(release_dates, sentences))
    if by_file is None or by_file == by_record:
        return None
    newest = select(func.max(Fact.id)).where(Fact.case_id == case.id, Fact.kind.in_([kind.value for kind in SET_DATES]))
    subject = f"case {case.id} file {by_file} fact {session.scalar(newest) or 0}"
    if subject not in standing and decided(session, subject):
        return None
    question = (
        f"the file gives the release date {by_file}, and the record has {by_record or 'none'}, as somebody recorded "
        "since: find out which is right; confirm the dates on record, or record the change"
    )
    problems.ask(session, STAGE, subject, case.id, [question], as_at, standing.get(subject), ANSWERED_BY)
    line = next(one.line for one in told.values() if one.sentence.case_id == case.id)
    return Asked(line, subject, f"{case.reference}: {question}")


def by_the_file(sentence: Sentence, told: Mapping[int, Told]) -> ReleaseDates:
    """Return the release dates of a sentence by its row of the file, if it has one; an empty cell tells nothing."""
    row = told[sentence.id].row if sentence.id in told else {}
    days = {name: row.get(name) or getattr(sentence, name) for name in DATE_NAMES}
    return ReleaseDates(**{name: day and max(day, sentence.sentence_date) for name, day in days.items()})


def decided(session: Session, subject: str) -> bool:
    """Tell whether a question was asked before."""
    return bool(
        session.scalar(select(select(Problem.id).where(Problem.stage == STAGE, Problem.subject == subject).exists()))
    )


def open_questions(session: Session, case_ids: Collection[int | None]) -> dict[int, dict[str, Problem]]:
    """Return the open questions of cases, by case and subject."""
    found: dict[int, dict[str, Problem]] = {}
    query = select(Problem).where(Problem.stage == STAGE, Problem.case_id.in_(case_ids), Problem.resolved_at.is_(None))
    for problem in session.scalars(query.order_by(Problem.id)):
        found.setdefault(problem.case_id or 0, {})[problem.subject] = problem
    return found


def settle(session: Session, case_id: int, as_at: datetime) -> None:
    """Take back what is asked about the release dates of a case: somebody has confirmed or moved them."""
    for subject, problem in open_questions(session, [case_id]).get(case_id, {}).items():
        problems.ask(session, STAGE, subject, case_id, [], as_at, problem, ANSWERED_BY)
