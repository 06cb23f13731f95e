"""What prepares a meeting or a release in custody: the prison's report (MAPPA F), and proposed licence conditions."""

import datetime
from collections.abc import Iterator
from enum import StrEnum
from typing import Annotated

from pydantic import Field, ValidationInfo, field_validator

from casework.change import CaseChange
from casework.errors import RefusedError
from casework.recording.fact_type import CASE_MANAGERS, UNIT, FactType, Group
from casework.recording.forms import Form, Name, OwnWords, Reason, Section, WrittenOut, label, policy_of
from casework.recording.plan import newest_plan
from policy.roles import Role
from policy.texts import stands
from policy.vocabulary import FactKind, Location


class Topic(StrEnum):
    """What an item of the prison's report is about."""

    CONDUCT = "conduct"
    SENTENCE_PLAN = "sentence_plan"
    CONTACTS = "contacts"
    INTELLIGENCE = "intelligence"
    HEALTH = "health"
    RELEASE = "release"
    OTHER = "other"


class ReportItem(Section):
    """One thing the meeting has to know, and why it matters (Joint inspection 2015, 6.40)."""

    topic: Annotated[Topic, label("Topic", "What it is about.", "contacts")]
    what: Annotated[
        OwnWords,
        label(
            "What is known",
            "What happened or is known, in your own words.",
            "He has written to the sister of the victim three times since May; the letters were stopped.",
        ),
    ]
    why: Annotated[
        Reason,
        label(
            "Why it matters",
            "What it means for the risk, or for the plan.",
            "He goes round the no-contact condition: the plan must name the sister too.",
        ),
    ]


class PrisonReport(Form):
    """The prison's report to a meeting (MAPPA F): each item with why it matters, and no pasted dump."""

    date: Annotated[datetime.date, label("Date of the report", "The day of the report.", "2026-10-06")]
    items: Annotated[
        list[ReportItem], Field(min_length=1), label("Items", "What the meeting has to know, and why it matters.")
    ]
    by: Annotated[Name, label("Written by", "Who in the prison wrote it.", "Opal Example")]

    @field_validator("items")
    @classmethod
    def nothing_is_pasted(cls, items: list[ReportItem], info: ValidationInfo) -> list[ReportItem]:
        """Refuse an item that is longer than somebody would write, and one that is there twice."""
        longest = policy_of(info).texts.longest_item
        wrong = [
            f"item {place}: it has {len(one.what)} characters, and at most {longest} are allowed: write what matters "
            "instead of pasting the prison's record"
            for place, one in enumerate(items, 1)
            if len(one.what) > longest
        ]
        if wrong := [*wrong, *said_twice(items)]:
            raise ValueError("; ".join(wrong))
        return items


def said_twice(items: list[ReportItem]) -> Iterator[str]:
    """Yield the items that say what an earlier one says."""
    for place, one in enumerate(items):
        if any(stands(earlier.what, one.what) for earlier in items[:place]):
            yield f"item {place + 1}: it says what an earlier item says"


class LicenceConditions(Form):
    """Licence conditions were proposed to whoever issues the licence, in full words."""

    date: Annotated[datetime.date, label("Date", "The day on which they were proposed.", "2027-01-11")]
    conditions: Annotated[
        list[WrittenOut],
        label(
            "Conditions",
            "Each condition, word for word. Leave them out to propose those of the newest plan as they stand there.",
            ["Not to contact the sister of the victim directly or indirectly."],
            shown=False,
        ),
    ] = Field(default_factory=list)
    proposed_to: Annotated[
        Name, label("Proposed to", "Who issues the licence: the prison, or the Parole Board.", "HMP Example")
    ]
    by: Annotated[Name, label("Proposed by", "Who proposed them.", "Olive Example")]


def apply_prison_report(change: CaseChange, form: PrisonReport) -> str:
    """Note the prison's report: it goes into the papers of the next meeting."""
    if change.case.location != Location.CUSTODY:
        raise RefusedError([f"the person is in the {change.case.location}: the prison reports on those it holds"])
    return f"prison's report (MAPPA F) of {form.date}: {len(form.items)} items"


def apply_licence_conditions(change: CaseChange, form: LicenceConditions) -> str:
    """Note the conditions that were proposed: those that are told, else those of the plan."""
    if change.case.location != Location.CUSTODY:
        raise RefusedError(
            [f"the person is in the {change.case.location}: changed conditions are a 'conditions_changed' event"]
        )
    if form.conditions:
        return f"licence conditions proposed to {form.proposed_to}: {len(form.conditions)}"
    plan = newest_plan(change)
    conditions = plan.content.get("licence_conditions", []) if plan else []
    if plan is None or not conditions:
        raise RefusedError(
            ["conditions: no plan with licence conditions is on record: give them here, or record the plan first"]
        )
    return f"licence conditions of version {plan.version} of the plan proposed to {form.proposed_to}: {len(conditions)}"


KINDS = (
    FactType(
        kind=FactKind.PRISON_REPORT,
        title="Prison's report (MAPPA F)",
        hint="Record the prison's report before each meeting of a person in custody.",
        group=Group.MEETINGS,
        who=(Role.PRISON_OFFENDER_MANAGEMENT, Role.REPRESENTATIVE, Role.INVITEE, *UNIT),
        offered_when=lambda now: now.location is Location.CUSTODY,
        form=PrisonReport,
        apply=apply_prison_report,
    ),
    FactType(
        kind=FactKind.LICENCE_CONDITIONS,
        title="Licence conditions proposed",
        hint="Record this when licence conditions have been proposed before a release.",
        group=Group.BEFORE_RELEASE,
        who=(*CASE_MANAGERS, *UNIT),
        offered_when=lambda now: now.location is Location.CUSTODY,
        form=LicenceConditions,
        apply=apply_licence_conditions,
    ),
)
