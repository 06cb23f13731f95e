"""Letters to who made a referral: sent back with what it lacks, or answered with the outcome of screening."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from models.referrals import Referral
from notifications.letters.blank_forms import blank_of
from notifications.letters.letter import Letter
from notifications.letters.referral_form import as_attachment, untold
from notifications.letters.source import Source, one_line
from policy.numbers import Policy
from policy.vocabulary import ScreeningDecision

FORM = (
    "We attach the referral as a form: each field with what was given and what is missing. Complete it, then send it "
    "to the MAPPA coordinator by secure e-mail."
)
DECISIONS: dict[str, str] = {
    ScreeningDecision.LEVEL_2: "The case is accepted for management at level 2.",
    ScreeningDecision.LEVEL_3: "The case is accepted for management at level 3.",
    ScreeningDecision.REMAIN_LEVEL_1: "The referral is not accepted: the case stays at level 1.",
    ScreeningDecision.CATEGORY_3_ACCEPTED: "The case is accepted as category 3.",
    ScreeningDecision.CATEGORY_3_REJECTED: "The referral for category 3 is not accepted.",
    ScreeningDecision.MORE_INFORMATION: "The referral is sent back: we need more information.",
    "level_1": "The case is managed at level 1.",
}
ACCEPTED = (
    "We will arrange a meeting and invite you. Until then, keep the risk management plan up to date, and tell the "
    "MAPPA coordinator at once if the risk changes."
)
LEAD_AGENCY_MANAGES = (
    "The lead agency manages the case and reviews it regularly. If the risk or the needs change, make a new referral."
)
WHAT_FOLLOWS: dict[str, str] = {
    ScreeningDecision.LEVEL_2: ACCEPTED,
    ScreeningDecision.LEVEL_3: ACCEPTED,
    ScreeningDecision.REMAIN_LEVEL_1: LEAD_AGENCY_MANAGES,
    ScreeningDecision.CATEGORY_3_ACCEPTED: ACCEPTED,
    ScreeningDecision.CATEGORY_3_REJECTED: (
        "Manage the person as your agency usually does. If there are new facts, make a new referral."
    ),
    ScreeningDecision.MORE_INFORMATION: "Complete the referral. Another e-mail tells you what is missing.",
    "level_1": LEAD_AGENCY_MANAGES,
}
THRESHOLDS: dict[str, str] = {
    "high_risk": "the risk of serious harm is high or very high",
    "other_agencies_needed": "other agencies must be actively involved, exceptionally at a lower risk",
    "stepped_down_from_3": "the case was stepped down from level 3",
    "senior_representation": "issues of management need senior representation",
}


@dataclass(frozen=True, slots=True)
class Returned:
    """A referral that was sent back. ``missing`` None: screening wrote freely what it wants, and that is not told."""

    reference: str
    received_on: date
    by_screening: bool
    missing: tuple[str, ...] | None
    due_on: date
    answer_to: str


@dataclass(frozen=True, slots=True)
class Screened:
    """What screening answered. ``reasons`` are (to what, why); None: not told here, ``()``: there are none."""

    reference: str
    received_on: date
    decided_on: date
    proposed_level: int
    decision: str
    level: int | None
    follows: str
    answers: tuple[tuple[str, str], ...]
    thresholds: tuple[str, ...]
    agencies: tuple[str, ...]
    reasons: tuple[tuple[str, str], ...] | None


def referral_of(source: Source) -> Referral:
    """Return the referral a timescale is about."""
    return source.session.get_one(Referral, source.line.subject.row_id)


def returned(source: Source) -> Letter:
    """Return the letter that sends a referral back, with the form to complete.

    What the check of the form found are titles of fields; what screening asked for is somebody's own words.
    """
    referral = referral_of(source)
    by_screening = referral.decision == ScreeningDecision.MORE_INFORMATION
    told = source.details or not by_screening
    content = Returned(
        reference=referral.case.reference,
        received_on=referral.received_on,
        by_screening=by_screening,
        missing=tuple(map(one_line, referral.missing)) if told else None,
        due_on=source.line.due_on,
        answer_to=source.answer_to(referral.case),
    )
    form = blank_of(referral.case, source.policy, referral.data)
    if not source.details:
        form = untold(form, blank_of(referral.case, source.policy))
    attached = as_attachment(referral.case.reference, form, source.policy, content.missing or (), sent_back=True)
    return Letter(content, (attached,), FORM)


def outcome(source: Source) -> Letter:
    """Return the letter that tells the outcome of screening."""
    referral = referral_of(source)
    assert referral.decided_on is not None
    return Letter(
        screened(
            referral.case.reference,
            (referral.received_on, referral.decided_on),
            referral.proposed_level,
            referral.decision or "",
            referral.screening,
            source.policy,
            details=source.details,
        )
    )


def screened(
    reference: str,
    days: tuple[date, date],
    proposed_level: int,
    decision: str,
    form: Mapping[str, Any] | None,
    policy: Policy,
    *,
    details: bool,
) -> Screened:
    """Return what is told of a decision: (received, decided) on ``days``; ``form`` None: decided without screening."""
    given = form or {}
    questions = {"May the person be managed under MAPPA?": "eligible",
                 "Must two or more agencies meet and work together?": "need"}  # fmt: skip
    answers = [(question, given[name]) for question, name in questions.items() if name in given]
    thresholds = [words for name, words in THRESHOLDS.items() if (given.get("thresholds") or {}).get(name)]
    reasons = [(question, answer["reason"]) for question, answer in answers]
    reasons += [("The decision", given["reason"])] if given.get("reason") else []
    took_part = (policy.agency_name(one["agency"]) for one in given.get("took_part", ()))
    return Screened(
        reference=reference,
        received_on=days[0],
        decided_on=days[1],
        proposed_level=proposed_level,
        decision=DECISIONS.get(decision) or decision.replace("_", " "),
        level=given.get("level"),
        follows=WHAT_FOLLOWS.get(decision, ""),
        answers=tuple((question, answer["answer"]) for question, answer in answers),
        thresholds=tuple(thresholds),
        agencies=tuple(dict.fromkeys(took_part)),
        reasons=tuple((what, one_line(why)) for what, why in reasons) if details or not reasons else None,
    )
