"""Screening (MAPPA Q): what is answered to a referral (Joint inspection 2015, 4.4, 4.8).

It asks first whether the person may be managed at all, then whether two or more agencies must meet.
"""

import datetime
from collections.abc import Iterator
from typing import Annotated, Literal

from pydantic import Field, model_validator
from sqlalchemy import select

from casework.change import CaseChange
from casework.closing import close_case, open_eligibility
from casework.errors import RefusedError
from casework.levels import refuse_level, set_level
from casework.recording.fact_type import UNIT, FactType, Group, owes
from casework.recording.forms import AgencyName, Form, Line, Name, OwnWords, Reason, Section, label
from casework.recording.thresholds import Thresholds, unmet
from models.referrals import Referral
from policy.agencies import Agency
from policy.kinds import Screening
from policy.vocabulary import FactKind, Level, ScreeningDecision

LEVEL_OF = {ScreeningDecision.LEVEL_2: 2, ScreeningDecision.LEVEL_3: 3, ScreeningDecision.REMAIN_LEVEL_1: 1}
CATEGORY_3_DECISIONS = (ScreeningDecision.CATEGORY_3_ACCEPTED, ScreeningDecision.CATEGORY_3_REJECTED)


class Answer(Section):
    """A question of screening, answered with its reason."""

    answer: Annotated[Literal["yes", "no"], label("Answer", "Yes or no.", "yes")]
    reason: Annotated[Reason, label("Reason", "Why.", "Category 2: manslaughter, on licence until 2030.")]


class TookPart(Section):
    """Somebody who took part in screening."""

    agency: Annotated[AgencyName, label("Agency", "Their agency.", "mappa_unit")]
    name: Annotated[Name, label("Name", "Their name.", "Cora Example")]
    role: Annotated[Name, label("Role", "What they do there.", "Coordinator")]


class ScreeningForm(Form):
    """Screening (MAPPA Q) decided on a referral: is it lawful, is it needed, at which level."""

    date: Annotated[datetime.date, label("Date of the decision", "The day of the decision.", "2026-09-18")]
    eligible: Annotated[Answer, label("Eligible", "Whether the person is legally eligible for MAPPA.")]
    need: Annotated[
        Answer,
        label(
            "Need",
            "Whether two or more agencies need to meet and work together.",
            {"answer": "yes", "reason": "Police, probation and children's social care must act together."},
        ),
    ]
    took_part: Annotated[
        list[TookPart],
        Field(min_length=1),
        label(
            "Took part",
            "Everybody who took part in the decision.",
            [
                {"agency": "mappa_unit", "name": "Cora Example", "role": "Coordinator"},
                {"agency": "police", "name": "Priya Example", "role": "Police offender manager"},
            ],
        ),
    ]
    decision: Annotated[ScreeningDecision, label("Decision", "What was decided.", "level_2")]
    reason: Annotated[Reason, label("Reason", "Why.", "High risk, and three agencies hold parts of the plan.")]
    level: Annotated[
        Literal[2, 3] | None,
        label("Level", "If category 3 is accepted: the level. Otherwise leave it out.", 2, shown=False),
    ] = None
    thresholds: Annotated[Thresholds, label("Thresholds", "For level 2 or 3: which of the thresholds is met.")] = Field(
        default_factory=Thresholds
    )
    wanted: Annotated[
        list[OwnWords],
        label(
            "Information wanted",
            "If more information is needed: what the referrer is to send.",
            ["Who in housing holds the tenancy, and until when"],
            shown=False,
        ),
    ] = Field(default_factory=list)
    sources: Annotated[
        list[Line],
        label("Sources", "What the decision was taken on.", ["OASys of 2026-08-20", "ViSOR"]),
    ] = Field(default_factory=list)

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
        yield "wanted: say which information you need"
    if level is None:
        return
    if form.eligible.answer == "no":
        yield "decision: the person is not eligible, so no level can be set; legality comes before need"
    if level == Level.LEAD_AGENCY:
        return
    if form.need.answer == "no":
        yield f"decision: level {level} needs two or more agencies that must meet, and 'need' says no"
    yield from unmet(form.thresholds, level)


def departure_of(form: ScreeningForm) -> str | None:
    """Return how a screening departs from good practice: by whom it was made; None where agencies made it together.

    Source: Joint inspection 2015, 4.6, 4.22: a panel of agencies screens.
    """
    agencies = {one.agency for one in form.took_part}
    if agencies <= {Agency.MAPPA_UNIT}:
        return "the MAPPA unit screened this alone: no other agency took part"
    if len(agencies) == 1:
        return "one agency screened this alone: no other agency took part"
    return None


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
    departure = departure_of(form)
    referral.screening = form.model_dump(mode="json") | {"departure": departure}
    departs = f"; departure from good practice: {departure}" if departure else ""
    referral.letter_at = change.as_at
    if decision is ScreeningDecision.MORE_INFORMATION:
        referral.returned_on, referral.missing = form.date, list(form.wanted)
        return f"referral of {referral.received_on} sent back on {form.date}: {'; '.join(form.wanted)}{departs}"
    if level is not None:
        category = 3 if decision is ScreeningDecision.CATEGORY_3_ACCEPTED else None
        set_level(change, level, form.date, form.reason, change.actor, category=category)
        return f"screened on {form.date}: level {level}{departs}"
    if change.case.category is None and not open_eligibility(change):
        # The case was only open for the question, now answered with no; one of eligibility keeps it open.
        close_case(change, form.date, f"category 3 referral rejected: {form.reason}")
    return f"screened on {form.date}: category 3 rejected{departs}"


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


KINDS = (
    FactType(
        kind=FactKind.SCREENING,
        title="Screening decision (MAPPA Q)",
        hint="Record the decision on a referral: its level, a refusal, or a return for more information.",
        group=Group.REFERRAL,
        who=UNIT,
        offered_when=owes(Screening.SCREENING_DECISION),
        form=ScreeningForm,
        apply=apply_screening,
    ),
)
