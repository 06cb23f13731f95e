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
from policy.vocabulary import Dwelling, FactKind, MeetingState, NotifiedHome

ADDRESS = "address"


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
        homes_notified=tuple(homes_notified(of_kind)),
        details=tuple(details_fact(fact) for fact in of_kind[FactKind.DETAILS_CHANGE.value]),
        moves=tuple(moves(of_kind)),
        moves_followed_up_on=tuple(
            fact.on_date for fact in of_kind[FactKind.NEIGHBOURHOOD_TOLD.value] if fact.data.get("plan")
        ),
        journeys=tuple(journey_facts(of_kind)),
        missing_decided_on=tuple(fact.on_date for fact in of_kind[FactKind.MISSING_DECISION.value]),
    )


def details_fact(fact: Any) -> DetailsFact:
    """Return details that changed, as somebody learnt of them or the person told the police."""
    changed_on = date.fromisoformat(fact.data["changed_on"])
    return DetailsFact(Subject("details", row=fact.id), fact.data["detail"], changed_on, fact.on_date)


def homes_notified(of_kind: Mapping[str, Iterable[Any]]) -> Iterator[tuple[date, bool]]:
    """Yield when the person told the police of a fixed home (True) or of having none, the oldest first.

    A new address is a fixed home unless the form says otherwise; who comes for the weekly notification has none. A
    notification that says nothing of it leaves it as it was.
    """
    for fact in in_order(of_kind, FactKind.FIRST_NOTIFICATION, FactKind.POLICE_NOTIFICATION):
        home, why = fact.data.get("home"), fact.data.get("why")
        if home is not None:
            yield fact.on_date, home == NotifiedHome.FIXED
        elif why == "weekly" or fact.data.get("detail") == ADDRESS:
            yield fact.on_date, why != "weekly"


def moves(of_kind: Mapping[str, Iterable[Any]]) -> Iterator[DetailsFact]:
    """Yield each new address once: one that somebody learnt of, and that is then notified, is the same move."""
    last: DetailsFact | None = None
    untold = False
    for fact in in_order(of_kind, FactKind.DETAILS_CHANGE, FactKind.POLICE_NOTIFICATION):
        if fact.data.get("detail") != ADDRESS:
            continue
        told, move = fact.kind == FactKind.POLICE_NOTIFICATION, details_fact(fact)
        same_day = last is not None and last.changed_on == move.changed_on
        if not same_day and not (told and untold):
            yield move
            last = move
        untold = not told and (untold or not same_day)


def in_order(of_kind: Mapping[str, Iterable[Any]], *kinds: FactKind) -> list[Any]:
    """Return the facts of some kinds in the order of their days."""
    return sorted((fact for kind in kinds for fact in of_kind[kind.value]), key=lambda fact: (fact.on_date, fact.id))


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
