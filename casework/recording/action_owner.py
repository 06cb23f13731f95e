"""An action that somebody else takes over: the prison a person was moved to, or a successor."""

import datetime
from typing import Annotated

from casework.change import CaseChange
from casework.errors import RefusedError
from casework.recording.actions import PLAIN_CLOSED, Owner, find_action
from casework.recording.fact_type import CASE_MANAGERS, UNIT, FactType, Group, owes
from casework.recording.forms import Form, Name, label
from policy.kinds import Meetings
from policy.roles import Role
from policy.vocabulary import FactKind


class ActionOwner(Form):
    """Somebody else does an action from now on; what is to be done, and by when, stands."""

    date: Annotated[datetime.date, label("Date", "The day on which it was taken over.", "2026-12-15")]
    action: Annotated[int, label("Action number", "The number of the action on this case.", 1)]
    owner: Annotated[Owner, label("New owner", "Who does it now, of the same agency.")]
    by: Annotated[Name, label("Recorded by", "Who says so.", "Opal Example")]


def apply_action_owner(change: CaseChange, form: ActionOwner) -> str:
    """Give an action to somebody else; its clock goes on."""
    action = find_action(change, form.action)
    if action.state in PLAIN_CLOSED:
        raise RefusedError(
            [f"action: action {action.number} is {action.state.replace('_', ' ')} since {action.closed_on}"]
        )
    if form.date < action.set_on:
        raise RefusedError([f"date: {form.date} is before the action was set, {action.set_on}"])
    before = {"owner": action.owner_name, "email": action.owner_email}
    action.owner_name, action.owner_email = form.owner.name, form.owner.email
    change.note(
        "action-owner", f"action {action.number}", before, {"owner": form.owner.name, "email": form.owner.email}
    )
    return f"action {action.number} is taken over on {form.date}"


KINDS = (
    FactType(
        kind=FactKind.ACTION_OWNER,
        title="Action taken over",
        hint="Record this when somebody else of the same agency does an action from now on, as after a transfer.",
        group=Group.MEETINGS,
        who=(Role.PRISON_OFFENDER_MANAGEMENT, Role.REPRESENTATIVE, Role.ACTION_OWNER, *CASE_MANAGERS, *UNIT),
        offered_when=owes(Meetings.ACTION),
        form=ActionOwner,
        apply=apply_action_owner,
    ),
)
