"""What holds a person to MAPPA, when it ends, and what was recorded for each end."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.cases import Case, Fact
from models.people import Sentence
from policy.facts import EndingFact
from policy.obligations.endings import Held, endings
from policy.vocabulary import Category, FactKind


def held_by(case: Case) -> list[Held]:
    """Return the categories that hold the person by the rules."""
    return [Held(Category(number), until and date.fromisoformat(until)) for number, until in case.holds]


def endings_of(case: Case, sentences: Sequence[Sentence]) -> list[tuple[str, date]]:
    """Return what ends and when on a case: (what, day), the earliest first."""
    last = [s.order_end_date or s.licence_expiry_date or s.sentence_expiry_date for s in sentences]
    return endings(held_by(case), last, case.categories, case.opened_on)


def ending_facts(case: Case, sentences: Sequence[Sentence], facts: dict[str, list[Any]]) -> Iterator[EndingFact]:
    """Yield the ends of what holds a person, with what was recorded for each."""

    def recorded(kind: FactKind, on: date) -> date | None:
        return next((f.on_date for f in facts[kind.value] if f.data["ends_on"] == on.isoformat()), None)

    for what, on in endings_of(case, sentences):
        yield EndingFact(what, on, recorded(FactKind.EXIT_PLAN, on), recorded(FactKind.END_OF_SENTENCE_CHECK, on))


def decided_ends(session: Session, case_ids: Sequence[int]) -> dict[int, set[date]]:
    """Return the ends of cases on which a check has decided."""
    found: dict[int, set[date]] = defaultdict(set)
    checks = select(Fact.case_id, Fact.data).where(
        Fact.case_id.in_(case_ids), Fact.kind == FactKind.END_OF_SENTENCE_CHECK.value
    )
    for case_id, data in session.execute(checks):
        found[case_id].add(date.fromisoformat(data["ends_on"]))
    return found
