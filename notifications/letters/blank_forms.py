"""The referral form (MAPPA A) to be filled in: what the record knows stands in it, but nobody it is about.

It has the fields of ``mappa record referral``.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Protocol

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.cases import Case
from models.record import policies
from notifications.claim import Claim
from notifications.letters.letter import Letter
from notifications.letters.lines import PromptLine
from notifications.letters.referral_form import as_attachment
from policy.agencies import Agency
from policy.kinds import Release, Screening
from policy.numbers import Policy
from policy.roles import Role
from policy.vocabulary import Category

ENCLOSED = (
    "We attach a referral form for each case and have filled in what we know. The form does not name the "
    "person. Complete it, then send it to the MAPPA coordinator by secure e-mail."
)
WANT_A_FORM = (Release.REFERRAL.value, Screening.RESUBMISSION.value)
OWNERS_LINE = (Role.OFFENDER_MANAGER.value, Role.LINE_MANAGER.value)
# Of a case only these: a digest may carry many forms, and each costs a part of a sending.
COLUMNS = (
    Case.reference,
    Case.lead_agency,
    Case.category,
    Case.offender_manager,
    Case.offender_manager_email,
    Case.police_offender_manager,
    Case.police_offender_manager_email,
    Case.circumstances,
    Case.victim_contact,
)
OF_CASES = select(*COLUMNS).order_by(Case.reference)


class KnownCase(Protocol):
    """What the form takes from a case."""

    lead_agency: Any
    category: Any
    offender_manager: Any
    offender_manager_email: Any
    police_offender_manager: Any
    police_offender_manager_email: Any
    circumstances: Any
    victim_contact: Any


def forms_for(session: Session, claim: Claim, lines: Sequence[PromptLine], day: date) -> Letter | None:
    """Return the forms that go with the prompts of a message; None where no prompt asks its reader for a referral."""
    references = {line.reference for line in lines if line.kind in WANT_A_FORM and line.recipient_role in OWNERS_LINE}
    if not references:
        return None
    policy = policies(session).for_area(claim.area, day)
    rows = session.execute(OF_CASES.where(Case.reference.in_(references)))
    return Letter(
        attachments=tuple(as_attachment(row.reference, blank_of(row, policy), policy) for row in rows),
        enclosed=ENCLOSED,
    )


def blank_of(case: KnownCase, policy: Policy, written: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """Return the form of a case, every field of it, blank where somebody has to write.

    Core members other than the lead agency are on the list of those invited, with a blank for a named person.
    ``written`` is an earlier form to go on from; day and countersignature are given again.
    """
    known = {"victim_contact": case.victim_contact or None} | (case.circumstances or {})
    blank = {
        "date": "",
        "referred_by": case.offender_manager or "",
        "referrer_email": case.offender_manager_email,
        "proposed_level": None,
        "category": 3 if case.category == Category.OTHER_DANGEROUS else None,
        "reason": "",
        "likelihood_of_reoffending": "",
        "risk_of_serious_harm": {"level": None, "of_what": "", "to_whom": "", "imminence": ""},
        "risk_assessment": {"tool": "", "on": None, "by": "", "conclusion": ""},
        "risk_management_plan": "",
        "added_value": "",
        "special_issues": "",
        "agencies": [wanted(case, agency) for agency in policy.attendance.core if agency != case.lead_agency],
        "circumstances": {name: known.get(name) for name in (*policy.circumstances, "local_authority")},
    }
    unsigned = {"date": "", "countersigned_by": "", "countersigned_on": None}
    return blank | dict(written or {}) | unsigned


def wanted(case: KnownCase, agency: str) -> dict[str, str]:
    """Return the entry of an agency; of the police, the manager whom the case names."""
    named = agency == Agency.POLICE and case.police_offender_manager
    return {
        "agency": agency,
        "name": case.police_offender_manager if named else "",
        "employer": "",
        "role": "police offender manager" if named else "",
        "contact": (case.police_offender_manager_email or "") if named else "",
        "why": "",
    }
