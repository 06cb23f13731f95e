"""The day on which somebody leaves custody, from the release date and what was decided for one person."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.cases import Case, Fact
from models.record import working_calendar
from policy.calendar import WorkingCalendar
from policy.release import door_opens
from policy.vocabulary import FactKind


def day_of_release(release: date | None, decisions: Iterable[Any], calendar: WorkingCalendar) -> date | None:
    """Return the day on which the door opens; ``decisions``: the facts of kind ``release-day``, the oldest first.

    A decision is about one date: once the release date has changed, it is none.
    """
    if release is None:
        return None
    about = [fact.data["opens_on"] for fact in decisions if fact.data["release_date"] == release.isoformat()]
    earlier = date.fromisoformat(about[-1]) if about and about[-1] else None
    return door_opens(release, calendar, earlier)


def days_of_release(session: Session, releases: Mapping[int, date | None]) -> dict[int, date | None]:
    """Return the day on which the door opens, by case, from the release dates of some cases."""
    decided = decisions_of(session, [case_id for case_id, release in releases.items() if release is not None])
    calendar = working_calendar(session)
    return {case_id: day_of_release(release, decided[case_id], calendar) for case_id, release in releases.items()}


def door_of(session: Session, case: Case) -> date | None:
    """Return the day on which the door opens for the person of a case; None where no release date is known."""
    return days_of_release(session, {case.id: case.release_date})[case.id]


def decisions_of(session: Session, case_ids: Sequence[int]) -> dict[int, list[Any]]:
    """Return the decisions on the day of release of some cases, the oldest first."""
    found: dict[int, list[Any]] = defaultdict(list)
    query = select(Fact.case_id, Fact.data).where(Fact.case_id.in_(case_ids), Fact.kind == FactKind.RELEASE_DAY.value)
    for fact in session.execute(query.order_by(Fact.on_date, Fact.id)) if case_ids else ():
        found[fact.case_id].append(fact)
    return found
