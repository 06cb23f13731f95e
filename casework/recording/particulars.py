"""The level, and how the person lives."""

import datetime
from typing import Annotated, Any, Literal

from pydantic import ConfigDict, Field, StrictBool, ValidationInfo, model_validator

from casework import episodes
from casework.change import CaseChange
from casework.errors import RefusedError
from casework.facts.attendance import told_of
from casework.levels import refuse_level, set_level
from casework.recording.fact_type import CASE_MANAGERS, UNIT, FactType, Group, always
from casework.recording.forms import Email, Form, Line, Name, Reason, Section, label, policy_of
from casework.recording.thresholds import Thresholds, unmet
from policy.book import shipped_book
from policy.referral_form import MAPPA_A
from policy.roles import Role
from policy.vocabulary import FactKind, Level, RoshLevel
from policy.words import opening

# The circumstances that stand in the example of a form.
EXAMPLES = {"approved_premises": True, "tagged": False}


class LevelSetting(Form):
    """A level was decided. Category 3 is decided with it, and never at level 1.

    Source: London annual report 2013-14, note (d).
    """

    date: Annotated[datetime.date, label("Date of the decision", "The day of the decision.", "2026-09-18")]
    level: Annotated[Level, label("Level", "The level from now on.", 2)]
    reason: Annotated[Reason, label("Reason", "Why.", "High risk; police and housing must work together.")]
    category: Annotated[
        Literal[3] | None,
        label("Category", "Only if category 3 is decided with the level.", 3, shown=False),
    ] = None
    thresholds: Annotated[
        Thresholds,
        label("Thresholds", "For level 2 or 3: which of the thresholds is met, where the record does not show it."),
    ] = Field(default_factory=Thresholds)

    @model_validator(mode="after")
    def category_3_is_never_at_level_1(self) -> "LevelSetting":
        """Refuse a combination the guidance excludes."""
        if self.category == 3 and self.level == Level.LEAD_AGENCY:
            raise ValueError("category 3 is never at level 1: choose level 2 or 3")
        return self


class PoliceManager(Section):
    """The named police offender manager (Joint inspection 2015, 5.5)."""

    name: Annotated[Name, label("Name", "Who manages the case for the police.", "Priya Example")]
    email: Annotated[Email, label("E-mail address", "Where their reminders go.", "priya@police.example")] = None


class CircumstancesForm(Section):
    """How the person lives: who must be at a meeting follows from it. What is left out stays as it is.

    Beside the local authority it has a yes or no for each circumstance of the policy of the area.
    """

    model_config = ConfigDict(extra="allow")
    __pydantic_extra__: dict[str, StrictBool | None] = Field(init=False)

    local_authority: Annotated[
        Line | None,
        label(*MAPPA_A["circumstances.local_authority"], "Camden"),
    ] = None

    @model_validator(mode="before")
    @classmethod
    def only_what_the_policy_asks(cls, data: Any, info: ValidationInfo) -> Any:
        """Refuse what is no circumstance of the area; what is left out is not known."""
        if not isinstance(data, dict):
            return data
        asked = policy_of(info).circumstances
        unknown = [name for name in data if name not in asked and name not in cls.model_fields]
        if unknown:
            raise ValueError(f"{', '.join(unknown)}: not a circumstance; the circumstances are {', '.join(asked)}")
        return dict.fromkeys(asked) | data

    @classmethod
    def further_fields(cls) -> dict[str, tuple[Any, Any]]:
        """Return the yes or no for each circumstance of the shipped policy."""
        asked = shipped_book().policies[0].circumstances
        return {
            name: (
                bool | None,
                label(opening(name.replace("_", " ")), one.question, EXAMPLES.get(name, True), shown=name in EXAMPLES),
            )
            for name, one in asked.items()
        }

    def given(self) -> dict[str, Any]:
        """Return what was told: the circumstances and the local authority, without what was left out."""
        told = {"local_authority": self.local_authority} | (self.__pydantic_extra__ or {})
        return {name: value for name, value in told.items() if value is not None}


class CircumstancesChange(Form, CircumstancesForm):
    """How the person lives has changed, or who manages the case for the police."""

    date: Annotated[datetime.date, label("Date", "The day on which you learnt of it.", "2026-09-20")]
    police_offender_manager: Annotated[
        PoliceManager | None,
        label("Police offender manager", "Who manages the case for the police. Leave it out if that has not changed."),
    ] = None
    victim_area: Annotated[
        Line | None,
        label(
            "Area of the victim",
            "The MAPPA area in which the victim lives, if it is another: its victim liaison officer is invited.",
            "West Yorkshire",
            shown=False,
        ),
    ] = None
    other_area: Annotated[
        Line | None,
        label(
            "Other area",
            "Another MAPPA area that has a part in the case: its coordinator is invited to the meetings.",
            "West Yorkshire",
            shown=False,
        ),
    ] = None

    def given(self) -> dict[str, Any]:
        """Return what was told, with the other areas."""
        areas = {"victim_area": self.victim_area, "other_area": self.other_area}
        return super().given() | {name: value for name, value in areas.items() if value is not None}


def apply_level(change: CaseChange, form: LevelSetting) -> str:
    """Set the level, and category 3 where it was decided; level 2 or 3 meets its thresholds, as in screening."""
    level = int(form.level)
    if reasons := [*refuse_level(change, level, form.category), *unmet(with_the_record(change, form), level)]:
        raise RefusedError(reasons)
    set_level(change, int(form.level), form.date, form.reason, change.actor, category=form.category)
    return f"level {int(form.level)} set on {form.date}"


def with_the_record(change: CaseChange, form: LevelSetting) -> Thresholds:
    """Return the thresholds that are met by what is told, or by what the record shows: the risk, and level 3 before."""
    case = change.case
    return form.thresholds.model_copy(
        update={
            "high_risk": form.thresholds.high_risk or case.rosh_level in (RoshLevel.HIGH, RoshLevel.VERY_HIGH),
            "stepped_down_from_3": form.thresholds.stepped_down_from_3 or case.level == Level.SENIOR_MULTI_AGENCY,
        }
    )


def take_circumstances(change: CaseChange, told: dict[str, Any], on: datetime.date) -> list[str]:
    """Bring the circumstances of a case up to what is told of a day; return the names of what changed.

    What was told of a later day stands, though this is recorded after it.
    """
    later = told_of(change.session, [change.case.id])[change.case.id]
    overtaken = {name for day, circumstances in later if day > on for name in circumstances}
    given = {name: value for name, value in told.items() if name not in overtaken}
    known: dict[str, Any] = change.case.circumstances or {}
    changed = [name for name, value in given.items() if known.get(name) != value]
    if changed:
        change.case.circumstances = known | given
    return changed


def apply_circumstances(change: CaseChange, form: CircumstancesChange) -> str:
    """Note how the person lives, and the police offender manager."""
    changed = take_circumstances(change, form.given(), form.date)
    manager = form.police_offender_manager
    if manager is not None:
        told = {"police_offender_manager": manager.name, "police_offender_manager_email": manager.email}
        episodes.note_particulars(change.session, change.case, **told)
        changed.append("police_offender_manager")
    return "changed: " + ", ".join(changed) if changed else "nothing changed: all of it was known"


KINDS = (
    FactType(
        kind=FactKind.LEVEL,
        title="Level decided",
        hint="Record a level that was decided outside screening and meetings, such as level 1 for a new case.",
        group=Group.REFERRAL,
        who=(Role.OFFENDER_MANAGER, Role.LINE_MANAGER, *UNIT),
        offered_when=always,
        form=LevelSetting,
        apply=apply_level,
        opens_a_case=lambda form: form.category == 3,
    ),
    FactType(
        kind=FactKind.CIRCUMSTANCES,
        title="Circumstances",
        hint="Record a change in how the person lives, or of the police offender manager.",
        group=Group.CASE,
        who=(*CASE_MANAGERS, *UNIT),
        offered_when=always,
        form=CircumstancesChange,
        apply=apply_circumstances,
        reads_facts=True,
    ),
)
