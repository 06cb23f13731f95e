"""What the end of a sentence leaves open, put to a person on its day (CJA 2003 s.327; Joint inspection 2015, 5.21)."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from casework import problems
from casework.change import CaseChange
from casework.closing import has_victim_contact, open_things
from casework.facts.ends import decided_ends, endings_of, held_by
from models.cases import Case
from models.people import Sentence
from policy.calendar import london_date, london_time
from policy.obligations.endings import still_held
from policy.vocabulary import Category, FactKind, RoshLevel

HIGH = (RoshLevel.HIGH, RoshLevel.VERY_HIGH)


@dataclass(frozen=True, slots=True)
class Looked:
    """A case whose sentence, licence, order or notification period has ended, and what was put to a person."""

    case: Case
    ends: tuple[date, ...]
    questions: tuple[str, ...]


def look_at_ends(session: Session, case_ids: Sequence[int], as_at: datetime, actor: str) -> list[Looked]:
    """Put the end-of-sentence check of each end that has come to a person; the case waits no longer for the flow.

    The question stays until the check is recorded; the timescale of the check prompts for it.
    """
    cases = session.scalars(
        select(Case)
        .where(Case.id.in_(case_ids), Case.end_at <= as_at, Case.closed_on.is_(None))
        .options(joinedload(Case.person))
        .order_by(Case.id)
        .with_for_update(of=Case)
    ).all()
    return [look_at(session, case, as_at, actor) for case in cases]


def look_at(session: Session, case: Case, as_at: datetime, actor: str) -> Looked:
    """Ask about the ends of one case."""
    today = london_date(as_at)
    change = CaseChange(session, case.person, case, as_at, actor)
    sentences = session.scalars(select(Sentence).where(Sentence.case_id == case.id).order_by(Sentence.id)).all()
    decided = decided_ends(session, [case.id])[case.id]
    undecided = [(what, on) for what, on in endings_of(case, sentences) if on not in decided]
    ended = [(what, on) for what, on in undecided if on <= today]
    subjects = [problems.end_subject(case.id, on) for _, on in ended]
    standing = problems.open_questions(session, problems.ENDS, subjects)
    asked = []
    for (what, on), subject in zip(ended, subjects, strict=True):
        question = "; ".join(words_of(change, what, on))
        check = [FactKind.END_OF_SENTENCE_CHECK]
        problems.ask(session, problems.ENDS, subject, case.id, [question], as_at, standing.get(subject), check)
        asked.append(question)
    to_come = [on for _, on in undecided if on > today]
    case.end_at = london_time(min(to_come), time(0)) if to_come else None
    session.flush()
    return Looked(case, tuple(on for _, on in ended), tuple(asked))


def words_of(change: CaseChange, what: str, on: date) -> Iterator[str]:
    """Yield what the check has to decide: what ended, what still holds, what is still open."""
    case = change.case
    yield f"end-of-sentence check: {what.replace('_', ' ')} ended on {on}"
    left = still_held(held_by(case), on, decided_ends(change.session, [case.id])[case.id])
    if left:
        yield f"category {', '.join(str(one.value) for one in left)} holds on: stays_open under it"
    elif case.category == Category.OTHER_DANGEROUS:
        yield "category 3 ends only by a decision: stays_open, or deregistered once the risk is reduced"
    else:
        yield "no other category holds: a category 3 referral, voluntary contact handed to IOM, or de-registered"
        if case.rosh_level in HIGH:
            yield f"the risk of serious harm is {case.rosh_level.replace('_', ' ')}: is category 3 to be asked for?"
    if has_victim_contact(case):
        yield "there is victim contact: the victim liaison officer is to hear of it"
    still = open_things(change)
    yield "still open: " + "; ".join(still) if still else "nothing else is open"
