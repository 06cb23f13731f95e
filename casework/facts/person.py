"""What the record holds of the person themselves, and of their record on ViSOR, as the rules see it."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from models.cases import Case, Fact
from models.meetings import Meeting
from policy.calendar import london_date
from policy.facts import OwnViewsFact, VisorFact
from policy.numbers import Policy
from policy.vocabulary import Category, FactKind, Level, MeetingState
from policy.words import long_date

Facts = Mapping[str, Sequence[Any]]


def own_views_facts(facts: Facts) -> tuple[OwnViewsFact, ...]:
    """Return when the person was asked for their own views, and for which meeting."""
    return tuple(OwnViewsFact(fact.on_date, fact.data["meeting"]) for fact in facts[FactKind.OWN_VIEWS.value])


def visor_facts(facts: Facts) -> tuple[VisorFact, ...]:
    """Return what ViSOR has of the case, as it was told, the oldest first."""
    return tuple(
        VisorFact(fact.on_date, fact.data["lead_agency"], Level(fact.data["level"]) if fact.data["level"] else None)
        for fact in facts[FactKind.VISOR_RECORD.value]
    )


def visor_from(case: Case, policy: Policy) -> date | None:
    """Return the day from which a category asks for a record on ViSOR at any level; none lies before the case."""
    asking = {int(Category.REGISTERED_SEXUAL_OFFENDER)}
    if policy.visor.category_2:
        asking.add(int(Category.VIOLENT_OR_OTHER_SEXUAL))
    known = [date.fromisoformat(since) for category, since, _ in case.category_history or () if category in asking]
    if not known and asking.isdisjoint(case.categories):
        return None
    return max(case.opened_on, min(known, default=case.opened_on))


def in_their_words(session: Session, meeting: Meeting) -> str:
    """Return what the person wrote or said for a meeting when they were asked before it; "" where nobody has told."""
    return "\n".join(
        fact.data["text"] or f"They were asked on {long_date(fact.on_date)} and did not want to say anything."
        for fact in own_views_for(session, meeting)
    )


def own_views_for(session: Session, meeting: Meeting) -> list[Fact]:
    """Return what the person answered when asked for their own views for a meeting, the oldest first.

    Of an answer that names no meeting, the next one from that day on is meant.
    """
    query = select(Fact).where(Fact.case_id == meeting.case_id, Fact.kind == FactKind.OWN_VIEWS.value)
    before = session.scalar(
        select(func.max(Meeting.starts_at)).where(
            Meeting.case_id == meeting.case_id,
            Meeting.state != MeetingState.CANCELLED,
            Meeting.starts_at < meeting.starts_at,
        )
    )
    since = date.min if before is None else london_date(before) + timedelta(days=1)
    return [
        fact
        for fact in session.scalars(query.order_by(Fact.on_date, Fact.id))
        if fact.data["meeting"] == meeting.number
        or (fact.data["meeting"] is None and since <= fact.on_date <= meeting.on)
    ]
