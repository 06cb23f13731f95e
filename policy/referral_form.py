"""The form of a referral (MAPPA A): its fields in their order, each with its title and what is wanted there.

A referral is recorded with these fields, sent back with what they lack, and sent out to be filled in.
Source: Joint inspection 2015, 4.8, 4.17 and 6.47.
"""

from typing import NamedTuple

from policy.words import inside


class Asked(NamedTuple):
    """What a field is called, and what is to be written there."""

    title: str
    wanted: str


MAPPA_A: dict[str, Asked] = {
    "date": Asked("Date received", "The day on which the referral was received."),
    "referred_by": Asked("Referred by", "Who makes the referral."),
    "referrer_email": Asked("Referrer's e-mail address", "Where the answer goes."),
    "proposed_level": Asked("Proposed level", "The level you refer the case to."),
    "category": Asked("Category", "Only for a referral to category 3."),
    "reason": Asked("Reason for referral", "What prompts the referral now."),
    "likelihood_of_reoffending": Asked("Likelihood of reoffending", "How likely it is, and what that is based on."),
    "risk_of_serious_harm": Asked("Risk of serious harm", "How high the risk is, of what, to whom and how soon."),
    "risk_of_serious_harm.level": Asked("Level of risk", "How high the risk of serious harm is."),
    "risk_of_serious_harm.of_what": Asked("Risk of what", "The harm that could be done."),
    "risk_of_serious_harm.to_whom": Asked("Risk to whom", "Who could be harmed."),
    "risk_of_serious_harm.imminence": Asked("Imminence", "How soon, and what would bring it on."),
    "risk_assessment": Asked("Risk assessment", "Your agency's own assessment of the risk."),
    "risk_assessment.tool": Asked("Tool", "The tool by which the risk was assessed."),
    "risk_assessment.on": Asked("Date of the assessment", "The day of the assessment."),
    "risk_assessment.by": Asked("Author", "Who assessed the risk."),
    "risk_assessment.conclusion": Asked("Conclusion", "What was found."),
    "risk_management_plan": Asked("Risk management plan", "What is in place now, with the conditions written out."),
    "added_value": Asked("Added value", "What active management by several agencies would add."),
    "special_issues": Asked("Special issues", "What goes beyond one agency; where there is nothing, say why."),
    "agencies": Asked("Agencies", "Each agency you ask for, with a named person."),
    "agencies.agency": Asked("Agency", "The agency you ask for."),
    "agencies.name": Asked("Name", "The person you ask for."),
    "agencies.employer": Asked("Employer", "Whom they work for."),
    "agencies.role": Asked("Role", "What they do there."),
    "agencies.contact": Asked("Contact", "How to reach them."),
    "agencies.why": Asked("Why this agency", "Why you ask for this agency."),
    "countersigned_by": Asked("Countersigned by", "The line manager who countersigned the referral."),
    "countersigned_on": Asked("Countersigned on", "The day on which they did."),
    "circumstances": Asked("Circumstances", "How the person lives. Who must be at a meeting follows from it."),
    "circumstances.local_authority": Asked(
        "Local authority", "The local authority where the person lives or is to live."
    ),
}
"""By the name of the field; one inside a section stands behind the name of the section."""


def titled(path: str) -> str:
    """Return the title of a field; of one inside a section, behind the title of the section."""
    outer, _, inner = path.partition(".")
    if not inner:
        return MAPPA_A[outer].title
    within = MAPPA_A[path].title
    return f"{MAPPA_A[outer].title}, {inside(within)}"


def titled_agency(place: int, agency: str) -> str:
    """Return the title of one of the agencies that are asked for, by its place among them and its name."""
    return f"{MAPPA_A['agencies'].title}, number {place} ({agency})"
