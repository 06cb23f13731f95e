"""Two records that may be one: two CRNs of one person, and two rows of one sentence of which one was corrected.

Each pair is asked about once: a person decides, and what was decided is not asked again. Source: Joint inspection
2015, 4.3 (one person has one episode; registrations told twice stayed open).
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from itertools import combinations
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from casework import problems
from models.cases import Case, Problem
from models.people import Person, Sentence
from policy.texts import plain
from policy.vocabulary import FactKind

STAGE = "likeness"
NUMBERS = (("noms_number", "NOMIS number"), ("pnc_number", "PNC number"))


def of_people(one: int, other: int) -> str:
    """Return how the question is filed whether two people are one."""
    low, high = sorted((one, other))
    return f"people {low} and {high}"


def of_sentences(one: int, other: int) -> str:
    """Return how the question is filed whether of two rows of one offence one was put right by the other."""
    low, high = sorted((one, other))
    return f"sentences {low} and {high}"


def ask(session: Session, people: Sequence[Person], as_at: datetime) -> None:
    """Put to a person whom of these somebody on record may be, and which of their sentences may be told twice."""
    candidates = who_may_be(session, people)
    cases = open_cases(session, {row.id for row in candidates})
    found: dict[str, tuple[Case, str, FactKind]] = {}
    for one, other, what in alike({person.id for person in people}, candidates, cases):
        case = max((cases[row.id] for row in (one, other) if row.id in cases), key=lambda case: case.id, default=None)
        if case is not None:
            both = " and ".join(named(row, cases.get(row.id)) for row in (one, other))
            words = f"{what} stands under two CRNs, {both}: decide whether they are one person"
            found[of_people(one.id, other.id)] = (case, words, FactKind.MERGE)
    for person in people:
        for first, second in told_twice(person.standing) if person.id in cases else ():
            words = (
                f"offence {first.offence_code} of {first.offence_date} has two sentences, of {first.sentence_date} and "
                f"of {second.sentence_date}: decide whether one was told in error"
            )
            found[of_sentences(first.id, second.id)] = (cases[person.id], words, FactKind.WITHDRAW_SENTENCE)
    asked = select(Problem.subject).where(Problem.stage == STAGE, Problem.subject.in_(found))
    known = set(session.scalars(asked))
    for subject, (case, words, answer) in found.items():
        if subject not in known:
            problems.ask(session, STAGE, subject, case.id, [words], as_at, None, [answer])


def settle(session: Session, subjects: Iterable[str], as_at: datetime) -> None:
    """Take back the questions about pairs of which a person has decided."""
    for subject, standing in problems.open_questions(session, STAGE, list(subjects)).items():
        problems.ask(session, STAGE, subject, standing.case_id, [], as_at, standing, ())


def who_may_be(session: Session, people: Sequence[Person]) -> Sequence[Any]:
    """Return these people and those with whom they share a number or a date of birth, in plain columns."""
    conditions = [Person.date_of_birth.in_({person.date_of_birth for person in people})]
    for name, _ in NUMBERS:
        numbers = {getattr(person, name) for person in people} - {None}
        conditions.append(getattr(Person, name).in_(numbers))
    columns = (Person.id, Person.crn, Person.noms_number, Person.pnc_number, Person.surname, Person.forenames,
               Person.date_of_birth)  # fmt: skip
    query = select(*columns).where(or_(*conditions), Person.merged_into_id.is_(None), ~Person.erased)
    return session.execute(query.order_by(Person.id)).all()


def open_cases(session: Session, person_ids: Collection[int]) -> dict[int, Case]:
    """Return the open cases of people."""
    query = select(Case).where(Case.person_id.in_(person_ids), Case.closed_on.is_(None))
    return {case.person_id: case for case in session.scalars(query)}


def alike(
    mine: Collection[int], candidates: Sequence[Any], cases: Mapping[int, Case]
) -> Iterator[tuple[Any, Any, str]]:
    """Yield each pair of people who may be one, with what they share; one of each pair is one of ``mine``."""
    groups: dict[tuple[str, ...], list[Any]] = defaultdict(list)
    for row in candidates:
        for key in keys_of(row, cases.get(row.id)):
            groups[key].append(row)
    seen: set[tuple[int, int]] = set()
    for key, group in groups.items():
        for one, other in combinations(group, 2):
            if {one.id, other.id}.intersection(mine) and (one.id, other.id) not in seen:
                seen.add((one.id, other.id))
                yield one, other, key[0]


def keys_of(row: Any, case: Case | None) -> Iterator[tuple[str, ...]]:
    """Yield what tells that two people are one: a number, or within an area the name and the date of birth."""
    for name, words in NUMBERS:
        if (number := getattr(row, name)) is not None:
            yield f"the same {words}", number
    if case is not None:
        called = (plain(row.surname), plain(row.forenames))
        yield "the same name and date of birth", case.area, *called, row.date_of_birth.isoformat()


def told_twice(sentences: Sequence[Sentence]) -> Iterator[tuple[Sentence, Sentence]]:
    """Yield each pair of sentences for one offence of one day: a file that was put right tells the second beside it."""
    for one, other in combinations(sorted(sentences, key=lambda sentence: sentence.id), 2):
        if one.offence_date is not None and (one.offence_code, one.offence_date) == (
            other.offence_code,
            other.offence_date,
        ):
            yield one, other


def named(row: Any, case: Case | None) -> str:
    """Return how a question names a person: by CRN, and by the case where one is open."""
    return row.crn if case is None else f"{row.crn} ({case.reference})"
