"""People whom the plan names: one who died, moved or is called otherwise is not to stand in it as before.

Source: Joint inspection 2015, 5.14.
"""

import datetime
from typing import Annotated

from pydantic import model_validator
from sqlalchemy import select

from casework.change import CaseChange
from casework.recording.fact_type import CASE_MANAGERS, UNIT, FactType, Group
from casework.recording.forms import Form, Name, Reason, label
from models.plans import ContactChange
from policy.roles import Role
from policy.vocabulary import ContactChangeKind, FactKind


class ContactChangeForm(Form):
    """Somebody whom the plan names has died or changed."""

    date: Annotated[datetime.date, label("Date it became known", "The day on which you learnt of it.", "2026-12-01")]
    person: Annotated[Name, label("Person", "Their name, as it stands in the plan.", "Uma Example")]
    what: Annotated[ContactChangeKind, label("What happened", "What became of them.", "died")]
    since: Annotated[datetime.date, label("Date it happened", "The day on which it happened.", "2026-11-28")]
    now_called: Annotated[
        Name | None, label("New name", "If the name has changed: what it is now.", "Uma Sample", shown=False)
    ] = None
    note: Annotated[
        Reason,
        label(
            "How it is known",
            "Who told you, and how they know.",
            "The coroner's officer told the police on 1 December.",
        ),
    ]

    @model_validator(mode="after")
    def a_new_name_is_told(self) -> "ContactChangeForm":
        """Refuse a changed name without the new one, and a day that lies after the news of it."""
        if self.what is ContactChangeKind.NAME_CHANGED and self.now_called is None:
            raise ValueError("now_called: the name has changed: to what?")
        if self.since > self.date:
            raise ValueError(f"since: {self.since} is after the date on which it became known, {self.date}")
        return self


def changes_of(change: CaseChange, by: datetime.date) -> list[ContactChange]:
    """Return what became of people by a day."""
    query = select(ContactChange).where(ContactChange.case_id == change.case.id, ContactChange.on_date <= by)
    return list(change.session.scalars(query.order_by(ContactChange.id)))


def dead_by(change: CaseChange, by: datetime.date) -> dict[str, datetime.date]:
    """Return who has died by a day, with the day of death."""
    return {one.person: one.on_date for one in changes_of(change, by) if one.what == ContactChangeKind.DIED}


def apply_contact_change(change: CaseChange, form: ContactChangeForm) -> str:
    """Note what became of somebody; the plan is owed anew."""
    change.session.add(
        ContactChange(
            case_id=change.case.id,
            person=form.person,
            what=form.what,
            on_date=form.since,
            known_on=form.date,
            recorded_at=change.as_at,
            now_called=form.now_called,
            note=form.note,
        )
    )
    return f"somebody whom the plan names: {form.what.replace('_', ' ')} on {form.since}; the plan must be updated"


KINDS = (
    FactType(
        kind=FactKind.CONTACT_CHANGE,
        title="Change to somebody the plan names",
        hint="Record this when somebody the plan names has died, moved, changed their name or is no longer at risk.",
        group=Group.RISK,
        who=(Role.REPRESENTATIVE, *CASE_MANAGERS, *UNIT),
        offered_when=lambda now: now.names_people,
        form=ContactChangeForm,
        apply=apply_contact_change,
    ),
)
