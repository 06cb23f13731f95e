"""Risk assessments: the tool, its day, author and authoriser; a change of the risk level needs an analysis (6.7)."""

from pydantic import model_validator

from casework import episodes
from casework.change import CaseChange
from casework.errors import RefusedError
from casework.recording.fact_type import FactType
from casework.recording.forms import Form, Name, OwnWords, Reason
from policy.texts import plain
from policy.vocabulary import FactKind, RiskTool, RoshLevel


class RiskAssessment(Form):
    """A risk was assessed: of what, to whom, by which tool. ``analysis``: why the level is another than before.

    ``date`` is the day of the assessment. ``other_tool`` names a tool that is not in the list.
    """

    tool: RiskTool
    other_tool: Name | None = None
    level: RoshLevel
    of_what: OwnWords
    to_whom: OwnWords
    author: Name
    authorised_by: Name
    analysis: Reason | None = None

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


KINDS = {
    FactKind.RISK_ASSESSMENT: FactType(
        RiskAssessment,
        apply_assessment,
        {
            "date": "2026-10-22",
            "tool": "oasys",
            "level": "high",
            "of_what": "Assault while drunk, with injuries that need hospital treatment",
            "to_whom": "The sister of the victim; any partner",
            "author": "Olive Example",
            "authorised_by": "Lionel Example",
            "analysis": "He was seen as very high before the programme; he has named his triggers since, and "
            "kept to it.",
        },
    ),
}
