"""What the record tells of where and how a person lives outside, as the rules see it."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from models.cases import Fact
from policy.obligations.community import RESTRICTED_WORK
from policy.outside import DetailsFact, HomeFact, JourneyFact, Outside
from policy.subjects import Subject
from policy.vocabulary import Dwelling, FactKind


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


def outside_facts(of_kind: Mapping[str, Iterable[Any]], work_restricted_since: date | None) -> Outside:
    """Return what is known of a life outside."""
    return Outside(
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
