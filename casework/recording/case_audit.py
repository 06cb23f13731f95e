"""What the board found when it looked at a case: a sample check of level 1, or an audit (MAPPA K or L).

Source: Joint inspection 2015, 4.22 and 7.12; MAPPA guidance 2012, forms.
"""

import datetime
from typing import Annotated, Literal

from casework.change import CaseChange
from casework.errors import RefusedError
from casework.recording.fact_type import UNIT, FactType, Group, always
from casework.recording.forms import Form, Name, OwnWords, label
from policy.roles import Role
from policy.vocabulary import FactKind, Level


class CaseAudit(Form):
    """Somebody looked at a case for the board, and what they found."""

    date: Annotated[datetime.date, label("Date", "The day on which the case was looked at.", "2026-11-02")]
    audit: Annotated[
        Literal["level_1_sample", "case", "meeting"],
        label("What it was", "A check of the level 1 sample, an audit of the case, or of a meeting.", "case"),
    ]
    finding: Annotated[
        Literal["sound", "to_improve", "wrong_level"],
        label("Finding", "Whether the work is sound, is to be improved, or the level is wrong.", "to_improve"),
    ]
    text: Annotated[
        OwnWords,
        label(
            "What was found",
            "What is good, what is not, and what is to be done by whom.",
            "The plan names nobody for the evening curfew; the offender manager says who checks it by 20 November.",
        ),
    ]
    by: Annotated[Name, label("Looked at by", "Who looked at the case, not who manages it.", "Laila Example")]


def apply_audit(change: CaseChange, form: CaseAudit) -> str:
    """Note a finding; a sample of level 1 is of cases at level 1, and nobody audits their own case."""
    case, reasons = change.case, []
    if form.audit == "level_1_sample" and case.level != Level.LEAD_AGENCY:
        stands = "has no level yet" if case.level is None else f"is at level {case.level}"
        reasons.append(f"audit: the case {stands}: the sample is of cases at level 1")
    if form.by in (case.offender_manager, case.police_offender_manager):
        reasons.append(f"by: {form.by} manages the case: somebody else looks at it")
    if reasons:
        raise RefusedError(reasons)
    referred = "; refer it, or set its level" if form.finding == "wrong_level" else ""
    return f"looked at for the board on {form.date}: {form.finding.replace('_', ' ')}{referred}"


KINDS = (
    FactType(
        kind=FactKind.CASE_AUDIT,
        title="Check or audit for the board",
        hint="Record what was found when a case was looked at for the board: a level 1 sample, or an audit.",
        group=Group.CASE,
        who=(Role.SMB_CHAIR, Role.SMB_MEMBER, *UNIT),
        offered_when=always,
        form=CaseAudit,
        apply=apply_audit,
    ),
)
