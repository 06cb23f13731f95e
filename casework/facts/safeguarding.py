"""What the record holds of harm to a partner or a child, of conferences and assessments, as the rules see it."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.cases import Case, Fact
from policy.facts import ConferenceFact, ConfirmedFact
from policy.vocabulary import FactKind, RiskTool

# The circumstances that ask for a conference or an assessment.
WATCHED = ("domestic_abuse", "children_at_risk")
TELL = (FactKind.CIRCUMSTANCES.value, FactKind.REFERRAL.value, FactKind.RISK_ASSESSMENT.value)


@dataclass(frozen=True, slots=True)
class Harms:
    """What was told of the watched circumstances of some cases, the oldest first, and their assessments by SARA."""

    told: dict[int, list[tuple[date, dict[str, bool]]]] = field(default_factory=lambda: defaultdict(list))
    assessed: dict[int, dict[str, tuple[date, ...]]] = field(default_factory=lambda: defaultdict(dict))


def read_harms(session: Session, ids: Sequence[int]) -> Harms:
    """Read of the forms only what is watched: a referral is long."""
    found = Harms()
    answers = [Fact.data[name].as_boolean() for name in WATCHED]
    in_referrals = [Fact.data["circumstances"][name].as_boolean() for name in WATCHED]
    query = (
        select(Fact.case_id, Fact.kind, Fact.on_date, Fact.data["tool"].as_string(), *answers, *in_referrals)
        .where(Fact.case_id.in_(ids), Fact.kind.in_(TELL))
        .order_by(Fact.on_date, Fact.id)
    )
    for case_id, kind, day, tool, *told in session.execute(query):
        if kind == FactKind.RISK_ASSESSMENT:
            if tool == RiskTool.SARA:
                of_case = found.assessed[case_id]
                of_case[tool] = (*of_case.get(tool, ()), day)
            continue
        given = told[: len(WATCHED)] if kind == FactKind.CIRCUMSTANCES else told[len(WATCHED) :]
        found.told[case_id].append((day, {n: v for n, v in zip(WATCHED, given, strict=True) if v is not None}))
    return found


def holds_since(case: Case, harms: Harms) -> dict[str, date]:
    """Return since when each watched circumstance of a case holds; of one that nobody told on a day, since its opening.

    Told again, it goes on; none lies before the case.
    """
    found: dict[str, date] = {}
    for name in WATCHED:
        if (case.circumstances or {}).get(name) is not True:
            continue
        since: date | None = None
        for day, told in harms.told[case.id]:
            if name in told:
                since = (since or day) if told[name] else None
        found[name] = max(case.opened_on, since or case.opened_on)
    return found


def conference_facts(facts: Mapping[str, Sequence[Any]]) -> tuple[ConferenceFact, ...]:
    """Return what was told of conferences, the oldest first."""
    return tuple(
        ConferenceFact(
            fact.data["which"],
            fact.on_date,
            date.fromisoformat(fact.data["held_on"]) if fact.data["held_on"] else None,
            bool(fact.data["outcome"]),
        )
        for fact in facts[FactKind.CONFERENCE.value]
    )


def confirmed_facts(facts: Mapping[str, Sequence[Any]]) -> tuple[ConfirmedFact, ...]:
    """Return when the Chair confirmed that the agency's own plan was updated."""
    return tuple(ConfirmedFact(fact.on_date, fact.data["meeting"]) for fact in facts[FactKind.PLAN_CONFIRMED.value])
