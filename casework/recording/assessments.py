"""Risk assessments: the tool, its day, author and authoriser; a change of the risk level needs an analysis.

Source: Joint inspection 2015, 6.7.
"""

import datetime
from typing import Annotated

from pydantic import model_validator

from casework import episodes
from casework.change import CaseChange
from casework.errors import RefusedError
from casework.recording.fact_type import CASE_MANAGERS, UNIT, FactType, Group, always
from casework.recording.forms import Form, Name, OwnWords, Reason, label
from policy.texts import plain
from policy.vocabulary import FactKind, RiskTool, RoshLevel


class RiskAssessment(Form):
    """A risk was assessed: of what, to whom, by which tool; a change of the level needs its analysis.

    Source: Joint inspection 2015, 6.7.
    """

    date: Annotated[datetime.date, label("Date of the assessment", "The day of the assessment.", "2026-10-22")]
    tool: Annotated[RiskTool, label("Tool", "The tool by which the risk was assessed.", "oasys")]
    other_tool: Annotated[
        Name | None,
        label("Other tool", "The name of the tool, if it is not in the list.", "Spousal Risk Review", shown=False),
    ] = None
    level: Annotated[RoshLevel, label("Risk of serious harm", "The level of risk that was found.", "high")]
    of_what: Annotated[
        OwnWords,
        label(
            "Risk of what",
            "The harm that could be done.",
            "Assault while drunk, with injuries that need hospital treatment",
        ),
    ]
    to_whom: Annotated[OwnWords, label("Risk to whom", "Who could be harmed.", "The sister of the victim; any partner")]
    author: Annotated[Name, label("Author", "Who assessed the risk.", "Olive Example")]
    authorised_by: Annotated[
        Name, label("Authorised by", "The supervisor who authorised the assessment, not its author.", "Lionel Example")
    ]
    analysis: Annotated[
        Reason | None,
        label(
            "Analysis of the change",
            "What changed, if the level is not what it was before.",
            "He was seen as very high before the programme; he has named his triggers since, and kept to it.",
        ),
    ] = None

    @model_validator(mode="after")
    def four_eyes(self) -> "RiskAssessment":
        """Refuse an assessment that its author authorised, and one by a tool that nobody names."""
        if plain(self.author) == plain(self.authorised_by):
            raise ValueError("authorised_by: a supervisor authorises an assessment, not its author")
        if self.tool is RiskTool.OTHER and self.other_tool is None:
            raise ValueError("other_tool: which tool was it?")
        return self


def apply_assessment(change: CaseChange, form: RiskAssessment) -> str:
    """Note an assessment; the risk of serious harm of the case follows it."""
    case, before = change.case, change.case.rosh_level
    was = before.replace("_", " ") if before is not None and before != form.level else ""
    if was and form.analysis is None:
        raise RefusedError([f"analysis: the risk was {was} and is {form.level.replace('_', ' ')}: what changed?"])
    episodes.note_particulars(change.session, case, rosh_level=form.level)
    tool = form.other_tool or form.tool.replace("_", " ")
    if before != form.level:
        change.note("risk-level", case.reference, {"rosh_level": before}, {"rosh_level": form.level})
    told = f", was {was}" if was else ""
    return f"assessed by {tool} on {form.date}: {form.level.replace('_', ' ')} risk of serious harm{told}"


KINDS = (
    FactType(
        kind=FactKind.RISK_ASSESSMENT,
        title="Risk assessment",
        hint="Record each assessment of the risk, by any tool, once a supervisor has authorised it.",
        group=Group.RISK,
        who=(*CASE_MANAGERS, *UNIT),
        offered_when=always,
        form=RiskAssessment,
        apply=apply_assessment,
    ),
)
