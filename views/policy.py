"""The numbers in force, and what a change of them would change."""

from datetime import date
from typing import Any

from pydantic import Field

from policy.numbers import Policy
from views.model import View


class AskedForView(View, title="For whom and when a policy was asked for"):
    """For whom and when a policy was asked for."""

    area: str | None = Field(description="The MAPPA area; null for any without its own numbers.")
    on: date = Field(description="The day.")


class AskedPolicyView(View):
    """A policy that somebody asked for."""

    asked_for: AskedForView = Field(description="For whom and when it was asked for.")


class PolicyView(Policy, AskedPolicyView, title="Policy"):
    """The numbers in force for an area on a day, as a policy file writes them: each with its source and status."""


class ChangedNumberView(View, title="Number that a policy changes"):
    """One number that differs."""

    number: str = Field(description="Its place in the file.", examples=["timescales.referral.offset"])
    before: Any = Field(description="What it is now; null where it is not set.")
    after: Any = Field(description="What it would be; null where it would not be set.")


class PolicyCheckView(View, title="What a policy would change"):
    """What a policy file would change, were it put in force."""

    version: str = Field(description="The version of the file.")
    area: str | None = Field(description="The area it is for; null for every area.")
    in_force_from: date = Field(description="From when it would be in force.")
    compared_with: str = Field(description="The version that it changes.")
    changes: list[ChangedNumberView] = Field(description="Each number that differs.")


def policy_view(policy: Policy, area: str | None, on: date) -> PolicyView:
    """Return a policy as it is shown; ``area`` and ``on`` are those that were asked for."""
    numbers = {name: getattr(policy, name) for name in Policy.model_fields}
    return PolicyView(**numbers, asked_for=AskedForView(area=area, on=on))
