"""What attendance at meetings follows from: rows of the record to the facts that the rules read."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.cases import Case
from models.referrals import Referral
from policy.attendance import CaseForAttendance
from policy.vocabulary import Category, Location


def case_for_attendance(case: Case, referral: Referral | None) -> CaseForAttendance:
    """Return what the list of required agencies follows from; ``referral`` is the newest complete one."""
    known: dict[str, Any] = {"victim_contact": case.victim_contact} | (case.circumstances or {})
    wanted = referral.data.get("agencies", ()) if referral else ()
    return CaseForAttendance(
        category=None if case.category is None else Category(case.category),
        lead_agency=case.lead_agency,
        location=Location(case.location),
        release_date=case.release_date,
        date_of_birth=case.person.date_of_birth,
        circumstances={name: value for name, value in known.items() if isinstance(value, bool)},
        local_authority=known.get("local_authority"),
        wanted=[(one["agency"], one["why"]) for one in wanted],
    )


def newest_referrals(session: Session, case_ids: Sequence[int]) -> dict[int, Referral]:
    """Return the newest complete referral of each case that has one."""
    rows = session.scalars(
        select(Referral)
        .where(Referral.case_id.in_(case_ids), Referral.complete)
        .order_by(Referral.received_on, Referral.id)
    )
    return {row.case_id: row for row in rows}
