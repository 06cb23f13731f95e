"""The level, what keeps a case out of e-mail, and how the person lives."""

from typing import Any, Literal

from pydantic import Field, model_validator

from casework import episodes
from casework.change import CaseChange
from casework.levels import set_level
from casework.recording.fact_type import FactType
from casework.recording.forms import Email, Form, Name, Reason, Section
from policy.vocabulary import FactKind, Level


class LevelSetting(Form):
    """A level was decided. Category 3 is decided with it, and never at level 1 (``domain.md`` 3)."""

    level: Level
    reason: Reason
    category: Literal[3] | None = None

    @model_validator(mode="after")
    def category_3_is_never_at_level_1(self) -> "LevelSetting":
        """Refuse a combination the guidance excludes."""
        if self.category == 3 and self.level == Level.LEAD_AGENCY:
            raise ValueError("category 3 is never at level 1: level 2 or 3 is wanted")
        return self


class Restriction(Form):
    """Whether e-mail about the case is withheld (security marking; joint inspection 2015 6.31-6.32)."""

    restricted: bool
    reason: str = Field(min_length=5)


class PoliceManager(Section):
    """The named police offender manager (joint inspection 2015 5.5)."""

    name: Name
    email: Email = None


class CircumstancesForm(Section):
    """How the person lives: who must be at a meeting follows from it. What is left out stays as it is."""

    approved_premises: bool | None = None
    tagged: bool | None = None
    children_at_risk: bool | None = None
    adult_at_risk: bool | None = None
    general_practice: bool | None = None
    immigration: bool | None = None
    employment_restrictions: bool | None = None
    registered_social_landlord: bool | None = None
    local_authority: str | None = None
    victim_contact: bool | None = None


class CircumstancesChange(Form, CircumstancesForm):
    """How the person lives has changed, or who manages the case for the police."""

    police_offender_manager: PoliceManager | None = None


def apply_level(change: CaseChange, form: LevelSetting) -> str:
    """Set the level, and category 3 where it was decided."""
    set_level(change, int(form.level), form.date, form.reason, change.actor, category=form.category)
    return f"level {int(form.level)} set on {form.date}"


def apply_restriction(change: CaseChange, form: Restriction) -> str:
    """Withhold e-mail about the case, or allow it again."""
    change.note("restricted", change.case.reference, {"restricted": change.case.restricted},
                {"restricted": form.restricted})  # fmt: skip
    change.case.restricted = form.restricted
    return "e-mail about this case is withheld" if form.restricted else "e-mail about this case goes out again"


def take_circumstances(change: CaseChange, told: CircumstancesForm) -> list[str]:
    """Bring the circumstances of a case up to what is told; return the names of what changed."""
    given = {name: getattr(told, name) for name in CircumstancesForm.model_fields}
    given = {name: value for name, value in given.items() if value is not None}
    known: dict[str, Any] = change.case.circumstances or {}
    changed = [name for name, value in given.items() if known.get(name) != value]
    if changed:
        change.case.circumstances = known | given
    return changed


def apply_circumstances(change: CaseChange, form: CircumstancesChange) -> str:
    """Note how the person lives, and the police offender manager."""
    changed = take_circumstances(change, form)
    manager = form.police_offender_manager
    if manager is not None:
        told = {"police_offender_manager": manager.name, "police_offender_manager_email": manager.email}
        episodes.note_particulars(change.session, change.case, **told)
        changed.append("police_offender_manager")
    return "changed: " + ", ".join(changed) if changed else "nothing changed: all of it was known"


KINDS = {
    FactKind.LEVEL: FactType(
        LevelSetting,
        apply_level,
        {"date": "2026-09-18", "level": 2, "reason": "High risk; police and housing must work together."},
        opens_a_case=lambda form: form.category == 3,
    ),
    FactKind.RESTRICTION: FactType(
        Restriction,
        apply_restriction,
        {"date": "2026-03-03", "restricted": True, "reason": "Handled outside this system."},
    ),
    FactKind.CIRCUMSTANCES: FactType(
        CircumstancesChange,
        apply_circumstances,
        {
            "date": "2026-09-20",
            "approved_premises": True,
            "tagged": False,
            "local_authority": "Camden",
            "police_offender_manager": {"name": "Priya Example", "email": "priya@police.example"},
        },
    ),
}
