"""The referral (MAPPA A; Joint inspection 2015, 4.8).

A referral is kept however little it says: what the inspectors found missing is listed, and an incomplete one is
sent back and meets no clock.
"""

import datetime
from collections.abc import Iterator
from typing import Annotated, Literal

from pydantic import Field

from casework.change import CaseChange
from casework.errors import RefusedError
from casework.recording.fact_type import CASE_MANAGERS, UNIT, FactType, Group
from casework.recording.forms import AgencyName, Email, Form, Line, Name, Section, label
from casework.recording.particulars import CircumstancesForm, take_circumstances
from models.referrals import Referral
from policy.kinds import Screening
from policy.numbers import Policy
from policy.referral_form import MAPPA_A, titled, titled_agency
from policy.roles import Role
from policy.substance import names_nothing, says_something
from policy.texts import plain
from policy.vocabulary import FactKind, RoshLevel
from policy.words import inside

# How long before the last day of eligibility somebody may be referred for category 3.
REFERRED_BEFORE_THE_END = datetime.timedelta(weeks=26)
# The texts a complete referral has; what is wanted of each is what its field says.
TEXTS = (
    "likelihood_of_reoffending",
    "risk_of_serious_harm.of_what",
    "risk_of_serious_harm.to_whom",
    "risk_of_serious_harm.imminence",
    "risk_management_plan",
    "added_value",
    "special_issues",
)


class Risk(Section):
    """Risk of serious harm: how high, of what, to whom, how soon (Joint inspection 2015, 4.17)."""

    level: Annotated[RoshLevel | None, label(*MAPPA_A["risk_of_serious_harm.level"], "high")] = None
    of_what: Annotated[Line, label(*MAPPA_A["risk_of_serious_harm.of_what"], "Serious assault")] = ""
    to_whom: Annotated[
        str,
        label(*MAPPA_A["risk_of_serious_harm.to_whom"], "The sister of the victim, and male acquaintances"),
    ] = ""
    imminence: Annotated[
        str,
        label(
            *MAPPA_A["risk_of_serious_harm.imminence"],
            "On release; sooner if contact with the uncle is taken up again",
        ),
    ] = ""


class AgencyAssessment(Section):
    """The agency's own risk assessment: tool, date, author, conclusion."""

    tool: Annotated[Line, label(*MAPPA_A["risk_assessment.tool"], "OASys")] = ""
    on: Annotated[datetime.date | None, label(*MAPPA_A["risk_assessment.on"], "2026-08-20")] = None
    by: Annotated[Line, label(*MAPPA_A["risk_assessment.by"], "Olive Example")] = ""
    conclusion: Annotated[
        str, label(*MAPPA_A["risk_assessment.conclusion"], "High risk of serious harm in the community.")
    ] = ""


class Wanted(Section):
    """An agency the referral asks for, with a named person (Joint inspection 2015, 4.8, 6.47)."""

    agency: Annotated[AgencyName, label(*MAPPA_A["agencies.agency"], "childrens_social_care")]
    name: Annotated[Line, label(*MAPPA_A["agencies.name"], "Ruth Example")] = ""
    employer: Annotated[Line, label(*MAPPA_A["agencies.employer"], "Camden Council")] = ""
    role: Annotated[Line, label(*MAPPA_A["agencies.role"], "Team manager")] = ""
    contact: Annotated[Line, label(*MAPPA_A["agencies.contact"], "ruth@council.example")] = ""
    why: Annotated[str, label(*MAPPA_A["agencies.why"], "A nephew lives in the household.")] = ""


class ReferralForm(Form):
    """A referral (MAPPA A) was received; what is left blank is listed, and the referral sent back."""

    date: Annotated[datetime.date, label(*MAPPA_A["date"], "2026-09-09")]
    referred_by: Annotated[Name, label(*MAPPA_A["referred_by"], "Olive Example")]
    referrer_email: Annotated[Email, label(*MAPPA_A["referrer_email"], "olive@probation.example")] = None
    proposed_level: Annotated[Literal[2, 3], label(*MAPPA_A["proposed_level"], 2)]
    category: Annotated[Literal[3] | None, label(*MAPPA_A["category"], 3, shown=False)] = None
    reason: Annotated[
        str,
        label(
            *MAPPA_A["reason"],
            "Release is in six months, and no single agency holds the whole plan.",
            shown=False,
        ),
    ] = ""
    likelihood_of_reoffending: Annotated[
        str,
        label(
            *MAPPA_A["likelihood_of_reoffending"],
            "High: four assaults in five years, the last while on licence.",
        ),
    ] = ""
    risk_of_serious_harm: Annotated[Risk, label(*MAPPA_A["risk_of_serious_harm"])] = Field(default_factory=Risk)
    risk_assessment: Annotated[AgencyAssessment, label(*MAPPA_A["risk_assessment"])] = Field(
        default_factory=AgencyAssessment
    )
    risk_management_plan: Annotated[
        str,
        label(
            *MAPPA_A["risk_management_plan"],
            "Approved premises on release; not to contact the sister; weekly supervision.",
        ),
    ] = ""
    added_value: Annotated[
        str,
        label(
            *MAPPA_A["added_value"],
            "Police can trace the uncle; children's social care knows the household.",
        ),
    ] = ""
    special_issues: Annotated[
        str,
        label(
            *MAPPA_A["special_issues"],
            "The family lives in two local authorities.",
        ),
    ] = ""
    agencies: Annotated[list[Wanted], label(*MAPPA_A["agencies"])] = Field(default_factory=list)
    countersigned_by: Annotated[Line, label(*MAPPA_A["countersigned_by"], "Lionel Example")] = ""
    countersigned_on: Annotated[datetime.date | None, label(*MAPPA_A["countersigned_on"], "2026-09-08")] = None
    circumstances: Annotated[
        CircumstancesForm,
        label(
            *MAPPA_A["circumstances"],
            {"victim_contact": True, "approved_premises": True, "local_authority": "Camden"},
        ),
    ] = Field(default_factory=CircumstancesForm)


def missing(form: ReferralForm, policy: Policy) -> list[str]:
    """Return what a referral lacks, each by the title of its field and what is wanted; nothing where it is complete.

    Source: Joint inspection 2015, 4.8, 6.47.
    """
    return list(found_missing(form, policy))


def found_missing(form: ReferralForm, policy: Policy) -> Iterator[str]:
    """Yield what a referral lacks."""
    if form.risk_of_serious_harm.level is None:
        yield f"{titled('risk_of_serious_harm.level')}: low, medium, high or very high"
    for path in TEXTS:
        outer, _, inner = path.partition(".")
        section, name = (getattr(form, outer), inner) if inner else (form, outer)
        if not says_something(getattr(section, name)):
            wanted = MAPPA_A[path].wanted
            yield f"{titled(path)}: {inside(wanted).rstrip('.')}"
    assessment = form.risk_assessment
    named = not (names_nothing(assessment.tool) or names_nothing(assessment.by))
    if assessment.on is None or not named or not says_something(assessment.conclusion):
        yield f"{titled('risk_assessment')}: the agency's own, with tool, date, author and conclusion"
    yield from missing_of_agencies(form, policy)
    signed = titled("countersigned_by")
    if names_nothing(form.countersigned_by) or form.countersigned_on is None:
        yield f"{signed}: the line manager who countersigned it, and when"
    elif plain(form.countersigned_by) == plain(form.referred_by):
        yield f"{signed}: a manager, not the one who refers"


def missing_of_agencies(form: ReferralForm, policy: Policy) -> Iterator[str]:
    """Yield what is not said of the agencies that are wanted."""
    if not form.agencies:
        yield f"{titled('agencies')}: each agency you ask for, with a named person"
    for place, agency in enumerate(form.agencies, start=1):
        blank = [name for name in ("name", "employer", "role", "contact") if names_nothing(getattr(agency, name))]
        blank += [] if says_something(agency.why) else ["why"]
        if blank:
            titles = ", ".join(MAPPA_A[f"agencies.{name}"].title.lower() for name in blank)
            yield f"{titled_agency(place, policy.agency_name(agency.agency))}: {titles}"


def apply_referral(change: CaseChange, form: ReferralForm) -> str:
    """Keep the referral; an incomplete one is sent back with what it lacks."""
    if change.case.category is None and form.category != 3:
        raise RefusedError(["the case has no category yet: record the decision on identification first"])
    if form.category == 3 and change.case.category not in (None, 3) and not ends_soon(change, form.date):
        raise RefusedError(
            [
                f"category: the case is category {change.case.category}; category 3 is for people who do not "
                "qualify under another"
            ]
        )
    lacking = missing(form, change.policy)
    take_circumstances(change, form.circumstances.given(), form.date)
    row = Referral(
        case_id=change.case.id,
        received_on=form.date,
        referred_by=form.referred_by,
        referrer_email=form.referrer_email,
        proposed_level=form.proposed_level,
        category_3=form.category == 3,
        complete=not lacking,
        missing=lacking,
        returned_on=form.date if lacking else None,
        data=form.model_dump(mode="json"),
        letter_at=change.as_at,
    )
    change.session.add(row)
    if lacking:
        return (
            f"referral for level {form.proposed_level} received on {form.date} is incomplete and sent back; "
            "it lacks " + "; ".join(lacking)
        )
    return f"referral for level {form.proposed_level} received on {form.date}"


def ends_soon(change: CaseChange, on: datetime.date) -> bool:
    """Tell whether nothing is known to hold the person much longer: then category 3 may be asked for beforehand."""
    until = change.case.eligible_until
    return until is not None and until <= on + REFERRED_BEFORE_THE_END


KINDS = (
    FactType(
        kind=FactKind.REFERRAL,
        title="Referral (MAPPA A)",
        hint="Record a referral to level 2 or 3, or to category 3, on the day you receive it.",
        group=Group.REFERRAL,
        who=(Role.REFERRER, Role.REPRESENTATIVE, *CASE_MANAGERS, *UNIT),
        offered_when=lambda now: Screening.SCREENING_DECISION not in now.owed,
        form=ReferralForm,
        apply=apply_referral,
        opens_a_case=lambda form: form.category == 3,
    ),
)
