"""Required agencies that stayed away: counted on the case, followed up, settled by a report or an accepted reason."""

from collections import defaultdict

from sqlalchemy import func, select

from casework.change import CaseChange
from casework.facts.attendance import newest_referrals
from models.meetings import Absence, Meeting, Participant
from policy.addresses import ascii_address
from policy.agencies import Agency
from policy.vocabulary import AWAY

ACCEPTED = "reason_accepted"


def note_absences(change: CaseChange, meeting: Meeting) -> list[str]:
    """Write down each required agency of which nobody came and nobody reported; return these agencies.

    An earlier absence whose reason was accepted does not count.
    """
    by_agency: dict[str, list[Participant]] = defaultdict(list)
    for one in change.session.scalars(
        select(Participant).where(Participant.meeting_id == meeting.id).order_by(Participant.id)
    ):
        if one.required or one.status is not None:
            by_agency[one.agency].append(one)
    away = {
        agency: people
        for agency, people in by_agency.items()
        if any(p.required for p in people) and all(p.status is None or p.status in AWAY for p in people)
    }
    counted = dict(
        change.session.execute(
            select(Absence.agency, func.count())
            .where(Absence.case_id == change.case.id, Absence.agency.in_(away))
            .where((Absence.settled_by != ACCEPTED) | Absence.settled_by.is_(None))
            .group_by(Absence.agency)
        ).all()
    )
    for agency, people in away.items():
        contact = next((p for p in people if p.required), people[0])
        change.session.add(
            Absence(
                case_id=change.case.id,
                meeting_id=meeting.id,
                agency=agency,
                nth=counted.get(agency, 0) + 1,
                status=contact.status or "absent",
                contact_name=contact.name,
                contact_email=contact.email or known_address(change, agency),
                history=[],
            )
        )
    return sorted(away)


def known_address(change: CaseChange, agency: str) -> str | None:
    """Return whom the case knows of an agency that was not invited: its managers, or the referral's contact."""
    case = change.case
    if agency == case.lead_agency:
        return case.offender_manager_email
    if agency == Agency.POLICE and case.police_offender_manager_email:
        return case.police_offender_manager_email
    referral = newest_referrals(change.session, [case.id]).get(case.id)
    wanted = referral.data.get("agencies", ()) if referral else ()
    return next((ascii_address(one["contact"]) for one in wanted if one["agency"] == agency), None)
