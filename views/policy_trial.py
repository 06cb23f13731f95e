"""What a changed policy would make of the duties that run, and that one was adopted."""

from datetime import date

from pydantic import Field

from casework.policy_trial import Redated, Trial
from policy.kinds import KindName, kind_named
from policy.numbers import Policy
from views.model import View


class RedatedView(View, title="Duty that a policy changes"):
    """A duty that would be due on another day, or prompt its readers more or less often."""

    case: str = Field(description="The reference of the case.", examples=["LON-2026-000123"])
    kind: KindName = Field(description="What is due.")
    label: str | None = Field(description="What tells it from others of its kind; null where nothing has to.")
    due_on: date | None = Field(description="The due date now; null where only the changed policy has the duty.")
    would_be_due_on: date = Field(description="The due date by the changed policy.")
    days: int = Field(description="By how many days it would be due later; less than 0: earlier.")
    prompts: int = Field(description="The prompts it would raise in the next 30 days.")


class PolicyTrialView(View, title="What a policy would do to what runs"):
    """What a policy file would do to the duties that run, were it in force today."""

    version: str = Field(description="The version of the file.")
    area: str | None = Field(description="The area it is for; null for every area.")
    compared_with: str = Field(description="The version that it changes.")
    cases: int = Field(description="The open cases that were looked at.")
    duties: int = Field(description="The open duties on them.")
    prompts_now: int = Field(description="The prompts of the next 30 days as things stand.")
    prompts_then: int = Field(description="The prompts of the next 30 days by the changed policy.")
    changed: list[RedatedView] = Field(description="The duties that would change.")


class AdoptedView(View, title="Policy that was adopted"):
    """A policy that was put in force."""

    version: str = Field(description="The version.")
    area: str | None = Field(description="The area it is for; null for every area.")
    in_force_from: date = Field(description="From when it is in force.")
    cases_changed: int = Field(description="The cases whose duties were re-dated.")


def trial_view(policy: Policy, base: Policy, trial: Trial) -> PolicyTrialView:
    """Return a trial as it is printed."""
    return PolicyTrialView(
        version=policy.version,
        area=policy.area,
        compared_with=base.version,
        cases=trial.cases,
        duties=trial.duties,
        prompts_now=trial.prompts_before,
        prompts_then=trial.prompts_after,
        changed=[redated_view(one) for one in trial.changed],
    )


def redated_view(one: Redated) -> RedatedView:
    """Return a duty that a policy changes as it is printed."""
    return RedatedView(
        case=one.now.case,
        kind=kind_named(one.now.kind),
        label=one.now.label,
        due_on=one.was.due_on if one.was else None,
        would_be_due_on=one.now.due_on,
        days=one.days,
        prompts=one.now.prompts,
    )
