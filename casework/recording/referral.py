"""The referral (MAPPA A), and what screening (MAPPA Q) answers (``domain.md`` 2.3, 2.5, 2.6).

A referral is kept however little it says: what the inspectors found missing is listed, and an incomplete one is
sent back and meets no clock. Screening asks first whether the person may be managed at all, then whether two or
more agencies must meet.
"""

import datetime
from collections.abc import Iterator
from typing import Any, Literal

from pydantic import Field, model_validator
from sqlalchemy import select

from casework.change import CaseChange
from casework.closing import close_case
from casework.errors import RefusedError
from casework.levels import refuse_level, set_level
from casework.recording.fact_type import FactType
from casework.recording.forms import (
    ONLY_NAMES,
    POINTS_ELSEWHERE,
    AgencyName,
    Email,
    Form,
    Name,
    OwnWords,
    Reason,
    Section,
)
from casework.recording.particulars import CircumstancesForm, take_circumstances
from models.referrals import Referral
from policy.texts import plain
from policy.vocabulary import FactKind, Level, RoshLevel, ScreeningDecision

LEVEL_OF = {ScreeningDecision.LEVEL_2: 2, ScreeningDecision.LEVEL_3: 3, ScreeningDecision.REMAIN_LEVEL_1: 1}
# How long before the last day of eligibility somebody may be referred for category 3.
REFERRED_BEFORE_THE_END = datetime.timedelta(weeks=26)
CATEGORY_3_DECISIONS = (ScreeningDecision.CATEGORY_3_ACCEPTED, ScreeningDecision.CATEGORY_3_REJECTED)


class Risk(Section):
    """Risk of serious harm: how high, of what, to whom, how soon ("high risk of what, to whom", 4.17)."""

    level: RoshLevel | None = None
    of_what: str = ""
    to_whom: str = ""
    imminence: str = ""


class RiskAssessment(Section):
    """The agency's own risk assessment: tool, date, author, conclusion."""

    tool: str = ""
    on: datetime.date | None = None
    by: str = ""
    conclusion: str = ""


class Wanted(Section):
    """An agency the referral asks for, with a named person (joint inspection 2015 4.8, 6.47)."""

    agency: AgencyName
    name: str = ""
    employer: str = ""
    role: str = ""
    contact: str = ""
    why: str = ""


class ReferralForm(Form):
    """A referral (MAPPA A) was received; what is left blank is listed, and the referral sent back."""

    referred_by: Name
    referrer_email: Email = None
    proposed_level: Literal[2, 3]
    category: Literal[3] | None = None
    reason: str = ""
    likelihood_of_reoffending: str = ""
    risk_of_serious_harm: Risk = Field(default_factory=Risk)
    risk_assessment: RiskAssessment = Field(default_factory=RiskAssessment)
    risk_management_plan: str = ""
    added_value: str = ""
    special_issues: str = ""
    agencies: list[Wanted] = Field(default_factory=list)
    countersigned_by: str = ""
    countersigned_on: datetime.date | None = None
    circumstances: CircumstancesForm = Field(default_factory=CircumstancesForm)


def lacks(text: str) -> bool:
    """Tell whether a text says nothing by itself."""
    return not text or bool(POINTS_ELSEWHERE.match(text)) or plain(text) in ONLY_NAMES


def missing(form: ReferralForm) -> list[str]:
    """Return what a referral lacks, each as what is wanted; nothing where it is complete (domain.md 2.5, 6.7-6.8)."""
    return list(found_missing(form))


TEXTS = {
    "likelihood_of_reoffending": "how likely, and on what it is based",
    "risk_of_serious_harm.of_what": "of what",
    "risk_of_serious_harm.to_whom": "to whom",
    "risk_of_serious_harm.imminence": "how soon, and what would bring it on",
    "risk_management_plan": "what is in place now, with the conditions written out",
    "added_value": "what active management by several agencies would add",
    "special_issues": "what goes beyond one agency; where there is nothing, say why",
}


def found_missing(form: ReferralForm) -> Iterator[str]:
    """Yield what a referral lacks."""
    if form.risk_of_serious_harm.level is None:
        yield "risk_of_serious_harm.level: low, medium, high or very_high"
    for name, words in TEXTS.items():
        section, _, inner = name.partition(".")
        text = getattr(form, section)
        if lacks(getattr(text, inner) if inner else text):
            yield f"{name}: {words}"
    assessment = form.risk_assessment
    if assessment.on is None or lacks(assessment.tool) or lacks(assessment.by) or lacks(assessment.conclusion):
        yield "risk_assessment: the agency's own, with tool, date (on), author (by) and conclusion"
    yield from missing_of_agencies(form)
    if lacks(form.countersigned_by) or form.countersigned_on is None:
        yield "countersigned_by, countersigned_on: the line manager who countersigned it, and when"
    elif plain(form.countersigned_by) == plain(form.referred_by):
        yield "countersigned_by: a manager, not the one who refers"


def missing_of_agencies(form: ReferralForm) -> Iterator[str]:
    """Yield what is not said of the agencies that are wanted."""
    if not form.agencies:
        yield "agencies: each agency that is wanted, with a named person"
    for place, agency in enumerate(form.agencies, start=1):
        blank = [name for name in ("name", "employer", "role", "contact", "why") if lacks(getattr(agency, name))]
        if blank:
            yield f"agencies, number {place} ({agency.agency}): {', '.join(blank)}"


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
    lacking = missing(form)
    take_circumstances(change, form.circumstances)
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


class Answer(Section):
    """A question of screening, answered with its reason."""

    answer: Literal["yes", "no"]
    reason: Reason


class TookPart(Section):
    """Somebody who took part in screening."""

    agency: AgencyName
    name: Name
    role: Name


class Thresholds(Section):
    """What carries level 2 or 3 (``domain.md`` 2.3): one of the first three for level 2, the fourth for level 3."""

    high_risk: bool = False
    other_agencies_needed: str = ""
    stepped_down_from_3: bool = False
    senior_representation: str = ""


class ScreeningForm(Form):
    """Screening (MAPPA Q) decided on a referral: is it lawful, is it needed, at which level."""

    eligible: Answer
    need: Answer
    took_part: list[TookPart] = Field(min_length=1)
    decision: ScreeningDecision
    reason: Reason
    level: Literal[2, 3] | None = None
    thresholds: Thresholds = Field(default_factory=Thresholds)
    wanted: list[OwnWords] = Field(default_factory=list)
    sources: list[str] = Field(default_factory=list)

    @model_validator(mode="after")
    def holds_together(self) -> "ScreeningForm":
        """Refuse a decision that its own answers do not carry: legality first, then need."""
        reasons = list(contradictions(self))
        if reasons:
            raise ValueError("; ".join(reasons))
        return self

    @property
    def accepted_level(self) -> int | None:
        """Return the level at which the case was accepted, where it was."""
        return self.level if self.decision is ScreeningDecision.CATEGORY_3_ACCEPTED else LEVEL_OF.get(self.decision)


def contradictions(form: ScreeningForm) -> Iterator[str]:
    """Yield what does not fit together in a screening."""
    decision, level = form.decision, form.accepted_level
    if (decision is ScreeningDecision.CATEGORY_3_ACCEPTED) != (form.level is not None):
        yield "level: 'category_3_accepted' names level 2 or 3; every other decision names none"
    if decision is ScreeningDecision.MORE_INFORMATION and not form.wanted:
        yield "wanted: say which information is wanted"
    if level is None:
        return
    if form.eligible.answer == "no":
        yield "decision: the person is not eligible, so no level can be set; legality comes before need"
    if level == Level.LEAD_AGENCY:
        return
    if form.need.answer == "no":
        yield f"decision: level {level} needs two or more agencies that must meet, and 'need' says no"
    given = form.thresholds
    if not (given.high_risk or given.stepped_down_from_3 or not lacks(given.other_agencies_needed)):
        yield (
            "thresholds: level 2 or 3 wants high_risk (high or very high), stepped_down_from_3, or "
            "other_agencies_needed with what exceptionally needs their active involvement"
        )
    if level == Level.SENIOR_MULTI_AGENCY and lacks(given.senior_representation):
        yield "thresholds.senior_representation: level 3 wants what needs senior representation"


def apply_screening(change: CaseChange, form: ScreeningForm) -> str:
    """Answer the newest complete referral that waits: set the level, reject, or send it back for more."""
    referral = change.session.scalar(
        select(Referral)
        .where(Referral.case_id == change.case.id, Referral.complete, Referral.decided_on.is_(None))
        .order_by(Referral.received_on.desc(), Referral.id.desc())
        .limit(1)
    )
    if referral is None:
        raise RefusedError(["no complete referral of this case waits for screening: record the referral first"])
    refuse_screening(change, form, referral)
    decision, level = form.decision, form.accepted_level
    referral.decided_on, referral.decision = form.date, decision.value
    referral.screening = form.model_dump(mode="json")
    referral.letter_at = change.as_at
    if decision is ScreeningDecision.MORE_INFORMATION:
        referral.returned_on, referral.missing = form.date, list(form.wanted)
        return f"referral of {referral.received_on} sent back on {form.date}: {'; '.join(form.wanted)}"
    if level is not None:
        category = 3 if decision is ScreeningDecision.CATEGORY_3_ACCEPTED else None
        set_level(change, level, form.date, form.reason, change.actor, category=category)
        return f"screened on {form.date}: level {level}"
    if change.case.category is None:
        # The case was only open for the question, now answered with no.
        close_case(change, form.date, f"category 3 referral rejected: {form.reason}")
    return f"screened on {form.date}: category 3 rejected"


def refuse_screening(change: CaseChange, form: ScreeningForm, referral: Referral) -> None:
    """Raise ``RefusedError`` where a decision does not fit the referral or the case."""
    reasons = []
    if form.date < referral.received_on:
        reasons.append(f"date: {form.date} is before the referral was received, {referral.received_on}")
    is_category_3 = form.decision in CATEGORY_3_DECISIONS
    if is_category_3 and not (referral.category_3 or change.case.category == 3):
        reasons.append(f"decision: {form.decision} answers a referral for category 3, and this is none")
    if form.accepted_level is not None:
        reasons += refuse_level(change, form.accepted_level, 3 if is_category_3 else None, where="decision")
    if reasons:
        raise RefusedError(reasons)


EXAMPLE: dict[str, Any] = {
    "date": "2026-09-09",
    "referred_by": "Olive Example",
    "referrer_email": "olive@probation.example",
    "proposed_level": 2,
    "likelihood_of_reoffending": "High: four assaults in five years, the last while on licence.",
    "risk_of_serious_harm": {
        "level": "high",
        "of_what": "Serious assault",
        "to_whom": "The sister of the victim, and male acquaintances",
        "imminence": "On release; sooner if contact with the uncle is taken up again",
    },
    "risk_assessment": {
        "tool": "OASys",
        "on": "2026-08-20",
        "by": "Olive Example",
        "conclusion": "High risk of serious harm in the community.",
    },
    "risk_management_plan": "Approved premises on release; not to contact the sister; weekly supervision.",
    "added_value": "Police can trace the uncle; children's social care knows the household.",
    "special_issues": "The family lives in two local authorities.",
    "agencies": [
        {
            "agency": "childrens_social_care",
            "name": "Ruth Example",
            "employer": "Camden Council",
            "role": "Team manager",
            "contact": "ruth@council.example",
            "why": "A nephew lives in the household.",
        }
    ],
    "countersigned_by": "Lionel Example",
    "countersigned_on": "2026-09-08",
    "circumstances": {"victim_contact": True, "approved_premises": True, "local_authority": "Camden"},
}
SCREENING_EXAMPLE: dict[str, Any] = {
    "date": "2026-09-18",
    "eligible": {"answer": "yes", "reason": "Category 2: manslaughter, on licence until 2030."},
    "need": {"answer": "yes", "reason": "Police, probation and children's social care must act together."},
    "took_part": [
        {"agency": "mappa_unit", "name": "Cora Example", "role": "Coordinator"},
        {"agency": "police", "name": "Priya Example", "role": "Police offender manager"},
    ],
    "decision": "level_2",
    "reason": "High risk, and three agencies hold parts of the plan.",
    "thresholds": {"high_risk": True},
    "sources": ["OASys of 2026-08-20", "ViSOR"],
}
KINDS = {
    FactKind.REFERRAL: FactType(ReferralForm, apply_referral, EXAMPLE, opens_a_case=lambda form: form.category == 3),
    FactKind.SCREENING: FactType(ScreeningForm, apply_screening, SCREENING_EXAMPLE),
}
