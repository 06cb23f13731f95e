"""Required agencies that stayed away: counted on the case, followed up, settled by a report or an accepted reason.

Whether an agency was required is judged by what held on the day of the meeting. Where a fact recorded later shows that
it was not, its absence is withdrawn.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable

from sqlalchemy import select
from sqlalchemy.orm import Session

from casework.facts.attendance import newest_referrals
from models.cases import Case
from models.meetings import Absence, Meeting, Participant
from policy.addresses import ascii_address
from policy.agencies import Agency
from policy.vocabulary import AWAY

ACCEPTED = "reason_accepted"
ANOTHER_ROUTE = "another_route"


def note_absences(session: Session, case: Case, meeting: Meeting, told: Collection[str] = ()) -> list[str]:
    """Write down each required agency of which nobody came and nobody reported; return those that were not yet.

    ``told`` are agencies that count as invited though no invitation is on record.
    """
    known = set(session.scalars(select(Absence.agency).where(Absence.meeting_id == meeting.id)))
    away = {agency: people for agency, people in stayed_away(session, meeting).items() if agency not in known}
    for agency, people in away.items():
        contact = next((p for p in people if p.required), people[0])
        invited = agency in told or any(p.invited_at for p in people)
        session.add(
            Absence(
                case_id=case.id,
                meeting_id=meeting.id,
                agency=agency,
                nth=1,
                invited=invited,
                status=contact.status or "absent",
                contact_name=contact.name if invited else None,
                contact_email=(contact.email if invited else None) or known_address(session, case, agency),
                history=[],
            )
        )
    session.flush()
    count_anew(session, case, away)
    return sorted(away)


def stayed_away(session: Session, meeting: Meeting) -> dict[str, list[Participant]]:
    """Return the people of each required agency of which nobody came and nobody reported."""
    by_agency: dict[str, list[Participant]] = defaultdict(list)
    for one in session.scalars(
        select(Participant).where(Participant.meeting_id == meeting.id).order_by(Participant.id)
    ):
        if one.required or one.status is not None:
            by_agency[one.agency].append(one)
    return {
        agency: people
        for agency, people in by_agency.items()
        if any(p.required for p in people) and all(p.status is None or p.status in AWAY for p in people)
    }


def count_anew(session: Session, case: Case, agencies: Iterable[str]) -> None:
    """Give the absences of agencies on a case their numbers, in the order of the meetings.

    One whose reason was accepted does not count, nor one of an agency that was not required, or not invited.
    """
    counted: dict[str, int] = defaultdict(int)
    rows = session.scalars(
        select(Absence)
        .join(Meeting)
        .where(Absence.case_id == case.id, Absence.agency.in_(list(agencies)))
        .order_by(Meeting.starts_at, Absence.id)
    )
    for absence in rows:
        absence.nth = counted[absence.agency] + 1
        if absence.invited and absence.withdrawn_on is None and absence.settled_by != ACCEPTED:
            counted[absence.agency] += 1


def known_address(session: Session, case: Case, agency: str) -> str | None:
    """Return whom the case knows of an agency that was not invited: its managers, or the referral's contact."""
    if agency == case.lead_agency:
        return case.offender_manager_email
    if agency == Agency.POLICE and case.police_offender_manager_email:
        return case.police_offender_manager_email
    referral = newest_referrals(session, [case.id]).get(case.id)
    wanted = referral.data.get("agencies", ()) if referral else ()
    return next((ascii_address(one["contact"]) for one in wanted if one["agency"] == agency), None)
