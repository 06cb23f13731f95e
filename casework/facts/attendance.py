"""What attendance at meetings follows from: rows of the record to the facts that the rules read."""

import hashlib
import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from casework.facts.between_meetings import by, read_events
from casework.facts.outside import circumstances_of
from casework.facts.release_day import days_of_release
from casework.facts.whereabouts import where_over_time
from models.cases import Case, Fact
from models.meetings import Meeting
from models.people import Sentence
from models.record import policies, working_calendar
from models.referrals import Referral
from policy.attendance import CaseOverTime, Required, Undated, guest_area, required_on
from policy.vocabulary import Category, FactKind, MeetingState

# What a form about how the person lives holds beside it.
NO_CIRCUMSTANCE = frozenset({"date", "police_offender_manager"})
TELL = (FactKind.CIRCUMSTANCES.value, FactKind.REFERRAL.value, FactKind.ACCOMMODATION.value)

# Whom the case itself names, and the offices that speak for it: another one is another person to invite.
SPEAK_FOR_THE_CASE = (
    "area", "unit", "lead_agency", "prison", "offender_manager", "offender_manager_email", "line_manager_email",
    "police_offender_manager", "police_offender_manager_email",
)  # fmt: skip


def attendance_facts(session: Session, cases: Sequence[Case]) -> dict[int, CaseOverTime]:
    """Return what the required agencies of some cases follow from, by case id, as the record knows it now."""
    ids = [case.id for case in cases]
    if not ids:
        return {}
    sentences = session.scalars(select(Sentence).where(Sentence.case_id.in_(ids)).order_by(Sentence.id))
    sentenced, events, told = by(sentences, lambda row: row.case_id), read_events(session, ids), told_of(session, ids)
    referrals, calendar = complete_referrals(session, ids), working_calendar(session)
    doors = days_of_release(session, {case.id: case.release_date for case in cases})
    return {
        case.id: CaseOverTime(
            undated=undated(case, told[case.id], doors[case.id]),
            stays=where_over_time(case, sentenced[case.id], events[case.id], calendar),
            date_of_birth=case.person.date_of_birth,
            told=told[case.id],
            referrals=[(row.received_on, wanted_by(row)) for row in referrals[case.id]],
        )
        for case in cases
    }


def undated(case: Case, told: Iterable[tuple[date, Mapping[str, Any]]], door: date | None) -> Undated:
    """Return what the record keeps of a case without a day; what somebody told on a day is left out."""
    with_a_day = {name for _, circumstances in told for name in circumstances}
    known: dict[str, Any] = {"victim_contact": case.victim_contact} | {
        name: value for name, value in (case.circumstances or {}).items() if name not in with_a_day
    }
    category = None if case.category is None else Category(case.category)
    return Undated(category, case.lead_agency, door, known)


def told_of(session: Session, case_ids: Sequence[int]) -> dict[int, list[tuple[date, dict[str, Any]]]]:
    """Return the circumstances that were told of cases, each with its day, the oldest first."""
    found: dict[int, list[tuple[date, dict[str, Any]]]] = defaultdict(list)
    rows = session.execute(
        select(Fact.case_id, Fact.kind, Fact.on_date, Fact.data)
        .where(Fact.case_id.in_(case_ids), Fact.kind.in_(TELL))
        .order_by(Fact.on_date, Fact.id)
    )
    for case_id, kind, day, data in rows:
        if kind == FactKind.ACCOMMODATION:
            found[case_id].append((day, circumstances_of(data["dwelling"])))
            continue
        told = data.get("circumstances") if kind == FactKind.REFERRAL else data
        found[case_id].append((day, circumstances_in(told or {})))
    return found


def circumstances_in(told: Mapping[str, Any]) -> dict[str, Any]:
    """Return the circumstances that a form tells, and the local authority; what was left out is not among them."""
    return {name: value for name, value in told.items() if value is not None and name not in NO_CIRCUMSTANCE}


def wanted_by(referral: Referral) -> list[tuple[str, str]]:
    """Return the agencies that a referral asks for, each with its reason."""
    return [(one["agency"], one["why"]) for one in referral.data.get("agencies", ())]


def complete_referrals(session: Session, case_ids: Sequence[int]) -> dict[int, list[Referral]]:
    """Return the complete referrals of cases, the oldest first."""
    rows = session.scalars(
        select(Referral)
        .where(Referral.case_id.in_(case_ids), Referral.complete)
        .order_by(Referral.received_on, Referral.id)
    )
    return by(rows, lambda row: row.case_id)


def newest_referrals(session: Session, case_ids: Sequence[int]) -> dict[int, Referral]:
    """Return the newest complete referral of each case that has one."""
    return {case_id: rows[-1] for case_id, rows in complete_referrals(session, case_ids).items()}


def wanted_at(session: Session, case: Case, meeting: Meeting, known: CaseOverTime) -> list[Required]:
    """Return the agencies required at a meeting on its day, by the policy of that day.

    Of one that was held, what has no day of its own is read as it stood when the meeting was recorded.
    """
    if meeting.case_then is not None:
        known = replace(known, undated=undated_of(meeting.case_then))
    return required_on(known, meeting.on, policies(session).for_area(case.area, meeting.on).attendance)


def undated_of(then: dict[str, Any]) -> Undated:
    """Return what was kept with a meeting of the case without a day."""
    category = then["category"]
    # What was kept by an earlier program has the release date itself.
    door = then.get("door_opens_on", then.get("release_date"))
    return Undated(
        None if category is None else Category(category),
        then["lead_agency"],
        None if door is None else date.fromisoformat(door),
        then["circumstances"],
    )


def kept_of(known: CaseOverTime) -> dict[str, Any]:
    """Return what is kept with a meeting that was held: what the record has of the case without a day."""
    then = known.undated
    return {
        "category": None if then.category is None else int(then.category),
        "lead_agency": then.lead_agency,
        "door_opens_on": None if then.door_opens_on is None else then.door_opens_on.isoformat(),
        "circumstances": dict(then.circumstances),
    }


def basis_of(case: Case, meeting: Meeting, known: CaseOverTime, wanted: Sequence[Required]) -> str:
    """Return a hash of what the list of a meeting is made from: once held, of the required agencies alone."""
    parts: list[object] = [[one.agency, one.reason, one.place, *filter(None, [one.area])] for one in wanted]
    parts += filter(None, [guest_area(known, meeting.on)])
    if meeting.state == MeetingState.PLANNED:
        parts += [[getattr(case, name) for name in SPEAK_FOR_THE_CASE], [str(day) for day, _ in known.referrals]]
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()
