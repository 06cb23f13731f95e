"""What the record tells of where and how a person lives outside, as the rules see it."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from models.cases import Fact
from models.meetings import Meeting
from models.plans import PlanVersion
from policy.frequency import days_between
from policy.obligations.community import RESTRICTED_WORK
from policy.outside import DetailsFact, HomeFact, JourneyFact, Outside, Schedule, VisitFact
from policy.subjects import Subject
from policy.vocabulary import Dwelling, FactKind, MeetingState


def circumstances_of(dwelling: str) -> dict[str, bool]:
    """Return the circumstances that follow from where somebody lives: nobody is asked for them a second time.

    Where nothing was found, none do. A tenancy may still be to come of somebody who lives elsewhere for a while.
    """
    if dwelling == Dwelling.NONE_FOUND:
        return {}
    found = {
        "approved_premises": dwelling == Dwelling.APPROVED_PREMISES,
        "bail_accommodation": dwelling == Dwelling.BAIL_ACCOMMODATION,
    }
    return found | ({"registered_social_landlord": True} if dwelling == Dwelling.SOCIAL_LANDLORD else {})


def read_restricted_work(session: Session, ids: Sequence[int]) -> dict[int, date]:
    """Return since when it is known of cases that there are restrictions on employment: the first day it was told."""
    found: dict[int, date] = {}
    told: tuple[tuple[FactKind, ColumnElement[Any]], ...] = (
        (FactKind.REFERRAL, Fact.data["circumstances"][RESTRICTED_WORK]),
        (FactKind.CIRCUMSTANCES, Fact.data[RESTRICTED_WORK]),
    )
    for kind, restricted in told:
        query = select(Fact.case_id, Fact.on_date).where(Fact.case_id.in_(ids), Fact.kind == kind)
        for case_id, on in session.execute(query.where(restricted.as_boolean()).order_by(Fact.on_date, Fact.id)):
            found[case_id] = min(on, found.get(case_id, on))
    return found


def outside_facts(
    of_kind: Mapping[str, Iterable[Any]],
    work_restricted_since: date | None,
    planned: Sequence[tuple[date, Sequence[Any]]],
    told_at_meetings: Iterable[Any],
) -> Outside:
    """Return what is known of a life outside."""
    told = [
        *told_at_meetings,
        *({"on": fact.on_date.isoformat()} | fact.data for fact in of_kind[FactKind.VISIT.value]),
    ]
    return Outside(
        schedules=tuple(schedules(planned)),
        visits=tuple(
            VisitFact(date.fromisoformat(one["on"]), one["agency"], one["announced"], one.get("seen", True))
            for one in told
        ),
        homes=tuple(
            HomeFact(
                Subject("home", row=fact.id),
                fact.on_date,
                Dwelling(fact.data["dwelling"]),
                date.fromisoformat(fact.data["since"]),
                date.fromisoformat(fact.data["until"]) if fact.data.get("until") else None,
            )
            for fact in of_kind[FactKind.ACCOMMODATION.value]
        ),
        work_restricted_since=work_restricted_since,
        jobcentre_told_on=tuple(fact.on_date for fact in of_kind[FactKind.JOBCENTRE_NOTICE.value]),
        notified_again_on=tuple(fact.on_date for fact in of_kind[FactKind.POLICE_NOTIFICATION.value]),
        details=tuple(
            DetailsFact(
                Subject("details", row=fact.id),
                fact.data["detail"],
                date.fromisoformat(fact.data["changed_on"]),
                fact.on_date,
            )
            for fact in of_kind[FactKind.DETAILS_CHANGE.value]
        ),
        journeys=tuple(journey_facts(of_kind)),
        missing_decided_on=tuple(fact.on_date for fact in of_kind[FactKind.MISSING_DECISION.value]),
    )


def journey_facts(of_kind: Mapping[str, Iterable[Any]]) -> Iterator[JourneyFact]:
    """Yield the journeys abroad, each with the day on which it was told that the person is back from it."""
    back = {fact.data["leaves_on"]: fact.on_date for fact in of_kind[FactKind.TRAVEL_RETURN.value]}
    for fact in of_kind[FactKind.FOREIGN_TRAVEL.value]:
        leaves_on, returns_on = fact.data["leaves_on"], fact.data["returns_on"]
        yield JourneyFact(
            Subject("journey", row=fact.id),
            fact.on_date,
            date.fromisoformat(leaves_on),
            date.fromisoformat(returns_on),
            back.get(leaves_on),
        )


def read_planned_visits(session: Session, ids: Sequence[int]) -> dict[int, list[tuple[date, list[Any]]]]:
    """Return the visits that each version of a plan promises, by case id, the oldest version first."""
    found: dict[int, list[tuple[date, list[Any]]]] = defaultdict(list)
    query = select(PlanVersion.case_id, PlanVersion.written_on, PlanVersion.content["visits"])
    query = query.where(PlanVersion.case_id.in_(ids)).order_by(PlanVersion.written_on, PlanVersion.id)
    for case_id, written_on, visits in session.execute(query):
        found[case_id].append((written_on, visits or []))
    return found


def read_visits_of_meetings(session: Session, ids: Sequence[int]) -> dict[int, list[Any]]:
    """Return the visits that were told at meetings, by case id."""
    found: dict[int, list[Any]] = defaultdict(list)
    query = select(Meeting.case_id, Meeting.record["visits"])
    query = query.where(Meeting.case_id.in_(ids), Meeting.state == MeetingState.HELD)
    for case_id, visits in session.execute(query.order_by(Meeting.starts_at, Meeting.id)):
        found[case_id].extend(visits or [])
    return found


def schedules(planned: Sequence[tuple[date, Sequence[Any]]]) -> Iterator[Schedule]:
    """Yield what the versions of a plan promise of each agency, announced or not; what nobody can read is left out."""
    running: dict[tuple[str, bool], tuple[date, list[tuple[date, int]]]] = {}
    for written_on, visits in planned:
        promised: dict[tuple[str, bool], int] = {}
        for one in visits:
            days = days_between(one["how_often"])
            if days is not None:
                key = (one["agency"], one["announced"])
                promised[key] = min(days, promised.get(key, days))
        for key in [one for one in running if one not in promised]:
            since, days_since = running.pop(key)
            yield Schedule(*key, since, tuple(days_since), written_on)
        for key, days in promised.items():
            running.setdefault(key, (written_on, []))[1].append((written_on, days))
    for key, (since, days_since) in running.items():
        yield Schedule(*key, since, tuple(days_since))
