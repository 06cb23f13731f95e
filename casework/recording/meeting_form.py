"""The record of a meeting as a form: the agenda of ``domain.md`` 2.8 as a checklist without blanks."""

import datetime
from typing import Literal

from pydantic import Field

from casework.recording.actions import NewAction, PreviousAction
from casework.recording.carried_forward import Confirmed
from casework.recording.disclosures import DisclosureDecision, PreviousDisclosure
from casework.recording.forms import AgencyName, Email, Form, Name, OwnWords, Reason, Section, WrittenOut
from casework.recording.meeting_plan import Chair, Slot
from policy.vocabulary import Attendance, Level, RoshLevel


class Attended(Section):
    """Somebody's part in the meeting: who, of which agency, in which role and grade, and how."""

    agency: AgencyName
    name: Name
    role: Name
    grade: str | None = None
    email: Email = None
    status: Attendance
    report: str | None = None
    grade_reason: str | None = None


class Declared(Section):
    """A declaration made at the meeting, and by whom."""

    declared: Literal[True]
    by: Name


class Information(Section):
    """What one agency brought, and what it says about the risk of harm."""

    agency: AgencyName
    text: OwnWords


class RiskView(Section):
    """How an agency that was there sees the risk of serious harm, and why."""

    agency: AgencyName
    level: RoshLevel
    reason: OwnWords


class AtRisk(Section):
    """Who is at risk of what, when, and on which evidence."""

    who: OwnWords
    of_what: OwnWords
    when: OwnWords
    evidence: OwnWords


class Visit(Section):
    """A visit since the last meeting (joint inspection 2015 5.16)."""

    on: datetime.date
    agency: AgencyName
    by: Name
    announced: bool


class Plan(Section):
    """The risk management plan: the four pillars, what happens if they fail, and the conclusion (12.11, 5.19)."""

    supervision: WrittenOut
    monitoring_and_control: WrittenOut
    interventions_and_treatment: WrittenOut
    victim_safety: WrittenOut
    contingency: WrittenOut
    licence_conditions: WrittenOut
    conclusion: WrittenOut


class LevelDecision(Section):
    """The level from now on, and why."""

    level: Level
    reason: Reason


class YesOrNo(Section):
    """A decision with its reason."""

    decision: Literal["yes", "no"]
    reason: Reason


class NextMeeting(Slot):
    """The next meeting. ``late_because``: why it is later than the level allows."""

    late_because: str | None = None


class MeetingRecord(Form):
    """A meeting was held: who was there, what was said and decided.

    ``held`` says when and where, of a meeting that was not planned before.

    ``carried_forward`` confirms, by the name of a section such as ``plan.supervision``, words that stand as they
    did at the last meeting; ``struck`` says why a section that was there is left out now.
    """

    meeting: int | None = None
    level: Level | None = None
    held: Slot | None = None
    chair: Chair | None = None
    confidentiality: Declared
    attendance: list[Attended] = Field(min_length=1)
    previous_actions: list[PreviousAction] = Field(default_factory=list)
    information: list[Information] = Field(min_length=1)
    risk_views: list[RiskView] = Field(min_length=1)
    at_risk: list[AtRisk] = Field(min_length=1)
    victims: OwnWords
    offender_views: OwnWords
    visits: list[Visit] = Field(default_factory=list)
    previous_disclosures: list[PreviousDisclosure] = Field(default_factory=list)
    disclosure: DisclosureDecision
    plan: Plan
    level_decision: LevelDecision
    critical_public_protection_case: YesOrNo | None = None
    media_strategy: str | None = None
    links: str | None = None
    next_meeting: NextMeeting | None = None
    article_8: Declared
    actions: list[NewAction] = Field(default_factory=list)
    carried_forward: dict[str, Confirmed] = Field(default_factory=dict)
    struck: dict[str, Reason] = Field(default_factory=dict)
