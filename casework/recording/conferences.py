"""Conferences elsewhere on the same harm: MARAC, and child protection conferences."""

import datetime
from typing import Annotated, Literal

from pydantic import model_validator

from casework.change import CaseChange
from casework.recording.fact_type import CASE_MANAGERS, UNIT, FactType, Group, always
from casework.recording.forms import Form, Name, OwnWords, Reason, label
from policy.dates import Ahead
from policy.vocabulary import FactKind

NAMES = {"marac": "MARAC", "child_protection": "child protection conference"}


class Conference(Form):
    """A conference that discusses the harm: its day, what it decided, or why there is none."""

    date: Annotated[datetime.date, label("Date", "The day on which you learnt of it.", "2026-10-02")]
    which: Annotated[
        Literal["marac", "child_protection"],
        label("Conference", "MARAC, or a child protection conference.", "marac"),
    ]
    held_on: Annotated[
        datetime.date | None,
        label(
            "Day of the conference",
            "When it was held or will be. Leave it out if there is none.",
            "2026-10-21",
            ahead=Ahead.APPOINTMENT,
        ),
    ] = None
    outcome: Annotated[
        OwnWords | None,
        label(
            "Outcome",
            "What was decided there, once it has been held.",
            "The sister has an alarm; the police visit weekly.",
            shown=False,
        ),
    ] = None
    reason: Annotated[
        Reason | None,
        label(
            "Reason for none",
            "If there is none: why it is not referred there.",
            "The partner has moved abroad, and no other partner is known.",
            shown=False,
        ),
    ] = None
    by: Annotated[Name, label("Told by", "Who found out.", "Olive Example")]

    @model_validator(mode="after")
    def has_a_day_or_a_reason(self) -> "Conference":
        """Refuse a conference without its day, unless it is said why there is none; and an outcome before the day."""
        if self.held_on is None and self.reason is None:
            raise ValueError("held_on: when is it? If there is none, 'reason' says why")
        if self.outcome is not None and (self.held_on is None or self.held_on > self.date):
            raise ValueError("outcome: it has not been held yet: leave the outcome out until then")
        return self


def apply_conference(_change: CaseChange, form: Conference) -> str:
    """Note the day of a conference, what it decided, or why there is none."""
    name = NAMES[form.which]
    if form.held_on is None:
        return f"no {name}: {form.reason}"
    return f"{name} on {form.held_on}" + (": its outcome is recorded" if form.outcome else "")


KINDS = (
    FactType(
        kind=FactKind.CONFERENCE,
        title="MARAC or child protection conference",
        hint="Record the day of a conference, and later what it decided; or why there is none.",
        group=Group.RISK,
        who=(*CASE_MANAGERS, *UNIT),
        offered_when=always,
        form=Conference,
        apply=apply_conference,
    ),
)
