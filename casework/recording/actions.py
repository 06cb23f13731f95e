"""Actions: set with an owner, an agency and a date; closed only by what was found or achieved.

Source: Joint inspection 2015, 5.11, 5.12.
"""

import datetime
import re
from collections.abc import Iterator, Sequence
from typing import Annotated, Literal, Protocol

from pydantic import Field
from sqlalchemy import func, select

from casework.change import CaseChange
from casework.errors import RefusedError
from casework.recording.fact_type import CASE_MANAGERS, UNIT, FactType, Group, owes
from casework.recording.forms import AgencyName, Email, Form, Grade, Name, OwnWords, Section, label, no_reason
from models.meetings import Action, Meeting
from policy.agencies import Agency
from policy.dates import Ahead
from policy.kinds import Meetings
from policy.roles import Role
from policy.smart import is_a_person, lacks
from policy.texts import WORD, plain
from policy.vocabulary import ActionState, FactKind

# Words that say that something was done, and nothing about what came of it.
DONE_WORDS = frozenset(
    {
        "action", "actioned", "achieved", "all", "already", "and", "any", "are", "as", "been", "by",
        "carried", "check", "checked", "complete", "completed", "done", "finished", "for", "from", "fully",
        "has", "have", "in", "intelligence", "is", "it", "made", "no", "not", "now", "of", "on", "out",
        "outcome", "phone", "progressed", "resolved", "successfully", "task", "that", "the", "this", "to",
        "was", "were", "with", "yes",
    }
)  # fmt: skip
ENDINGS = re.compile(r"(ing|ed|es|s)$")
LEAST_NEW_WORDS = 3
PLAIN_CLOSED = (ActionState.DONE, ActionState.ACCEPTED, ActionState.NOT_DONE)


class Owner(Section):
    """A named person who is to do something."""

    name: Annotated[Name, label("Name", "Who is to do it.", "Priya Example")]
    email: Annotated[
        Email,
        label(
            "E-mail address",
            "Where reminders go. Leave it out for the offender managers: the case has their addresses.",
            "priya@police.example",
        ),
    ] = None
    grade: Annotated[Grade | None, label("Grade", "Their grade or rank.", "Sergeant", shown=False)] = None


class NewAction(Section):
    """An action set at a meeting, with one named owner and a date (Joint inspection 2015, 5.11)."""

    text: Annotated[
        OwnWords,
        Field(max_length=1000),
        label("Action", "What is to be done, so that somebody who was not there could do it.", "Trace the uncle"),
    ]
    agency: Annotated[AgencyName, label("Agency", "The agency of the owner.", "police")]
    owner: Annotated[Owner, label("Owner", "The one person who answers for the action.")]
    due_on: Annotated[
        datetime.date, label("Due date", "The day by which it is to be done.", "2026-11-04", ahead=Ahead.APPOINTMENT)
    ]
    delegation: Annotated[
        str | None,
        label(
            "Reason for another owner",
            "Why the Chair, or somebody other than the named police offender manager, owns the action.",
            "Delegated to Sergeant Quinn, who leads the search for the uncle.",
            shown=False,
        ),
    ] = None


class PreviousAction(Section):
    """What became of an earlier action: done with its outcome, not done, or carried on."""

    action: Annotated[int, label("Action number", "The number of the action on this case.", 1)]
    position: Annotated[
        Literal["done", "not_done", "carried"],
        label("Where it stands", "Whether the action is done, not done, or carried on to the next meeting.", "done"),
    ]
    outcome: Annotated[
        str | None,
        label(
            "Outcome",
            'If done: what was found or what changed. "Done" is not enough.',
            "The uncle lives in Leeds and has had no contact since 2023.",
        ),
    ] = None
    plan_effect: Annotated[
        str | None,
        label(
            "Effect on the plan",
            "If done: what this changes in the risk management plan, or why it changes nothing.",
            "Contact with the uncle is no longer a trigger.",
        ),
    ] = None
    reason: Annotated[
        str | None,
        label(
            "Reason",
            "If not done: why not, and what happens instead. If carried on: why it is not done yet.",
            "The local police have not answered yet; they were asked again on 12 January.",
            shown=False,
        ),
    ] = None
    due_on: Annotated[
        datetime.date | None,
        label(
            "New due date",
            "If carried on with a new date: that date. Without one the action keeps its date, and stays overdue.",
            "2027-02-10",
            shown=False,
            ahead=Ahead.APPOINTMENT,
        ),
    ] = None


class ActionOutcome(Form):
    """What became of an action. It closes only with an outcome (Joint inspection 2015, 5.12)."""

    date: Annotated[datetime.date, label("Date", "The day on which the action was done, or given up.", "2026-10-20")]
    action: Annotated[int, label("Action number", "The number of the action on this case.", 1)]
    state: Annotated[Literal["done", "not_done"], label("Done or not done", "Whether the action was done.", "done")]
    outcome: Annotated[
        str | None,
        label(
            "Outcome",
            'If done: what was found or what changed. "Done" is not enough.',
            "The uncle lives in Leeds and has had no contact since 2023; local police know the address.",
        ),
    ] = None
    plan_effect: Annotated[
        str | None,
        label(
            "Effect on the plan",
            "If done: what this changes in the risk management plan, or why it changes nothing.",
            "Contact with the uncle is no longer a trigger; the exclusion zone in Leeds is dropped.",
        ),
    ] = None
    reason: Annotated[
        str | None,
        label(
            "Reason",
            "If not done: why not, and what happens instead.",
            "The landlord refused entry; the housing officer visits next week instead.",
            shown=False,
        ),
    ] = None


class ActionAcceptance(Form):
    """The Chair accepts what became of an action."""

    date: Annotated[datetime.date, label("Date", "The day on which the Chair accepted it.", "2026-10-21")]
    action: Annotated[int, label("Action number", "The number of the action on this case.", 1)]
    by: Annotated[Name, label("Accepted by", "The Chair of the meeting that set the action.", "Clare Example")]


class ActionClosing(Protocol):
    """What is told of an action."""

    outcome: str | None
    plan_effect: str | None
    reason: str | None


def stem(word: str) -> str:
    """Return a word without its ending, roughly: "phones" and "phone", "checked" and "check" are one."""
    return ENDINGS.sub("", word)


def says_nothing_new(outcome: str, action: str) -> bool:
    """Tell whether an outcome only says that the action was done: "phones checked" (Joint inspection 2015, 5.12).

    What is left after the action's own words and words of completion must be some words of what was found.
    """
    known = {stem(word) for word in WORD.findall(action.lower())} | {stem(word) for word in DONE_WORDS}
    new = [word for word in WORD.findall(outcome.lower()) if stem(word) not in known]
    return len(new) < LEAST_NEW_WORDS


def refuse_closing(action: Action, state: str, told: ActionClosing) -> Iterator[str]:
    """Yield why an action cannot be closed by what is told of it."""
    number = action.number
    if action.state in PLAIN_CLOSED:
        yield f"action {number} is {action.state} already"
    elif state == ActionState.NOT_DONE:
        if no_reason(told.reason):
            yield f"action {number}: not done needs a reason: why not, and what happens instead"
    elif not told.outcome or says_nothing_new(told.outcome, action.text):
        given = f"{told.outcome!r} says only that it was done" if told.outcome else "there is no outcome"
        yield f"action {number}: {given}; write what was found or achieved by it"
    elif no_reason(told.plan_effect):
        yield f"action {number}: plan_effect: say what this changes in the risk management plan, or why nothing"


def refuse_carrying(told: PreviousAction, on: datetime.date) -> Iterator[str]:
    """Yield why an action cannot be carried on as is told, or why what is told of it has no new date."""
    if told.position != "carried":
        if told.due_on is not None:
            yield f"previous_actions: action {told.action} is {told.position}: only one carried on has a new date"
        return
    if no_reason(told.reason):
        yield f"previous_actions: action {told.action} is carried on: say why it is not done yet"
    if told.due_on is not None and told.due_on < on:
        yield f"previous_actions: action {told.action}: its new date {told.due_on} lies before the meeting of {on}"


def carry_action(change: CaseChange, action: Action, told: PreviousAction, on: datetime.date) -> None:
    """Carry an action on: it keeps its clock, or takes the new date that the meeting gave it."""
    if told.due_on is None or told.due_on == action.due_on:
        return
    before = {"due_on": action.due_on}
    action.due_on, action.dated_on = told.due_on, on
    after = {"due_on": told.due_on, "reason": told.reason}
    change.note("action-carried", f"action {action.number}", before, after)


def close_action(change: CaseChange, action: Action, state: str, told: ActionClosing, on: datetime.date) -> None:
    """Close an action that may be closed."""
    before = {"state": action.state}
    action.state, action.closed_on = state, on
    action.outcome, action.plan_effect, action.not_done_reason = told.outcome, told.plan_effect, told.reason
    change.note(
        "action-closed",
        f"action {action.number}",
        before,
        {"state": state, "outcome": told.outcome, "reason": told.reason, "plan_effect": told.plan_effect},
    )


def refuse_setting(change: CaseChange, action: NewAction, chair: str | None, on: datetime.date) -> Iterator[str]:
    """Yield why an action cannot be set."""
    what = f"actions, {action.text[:40]!r}"
    if action.due_on < on:
        yield f"{what}: due_on {action.due_on} lies before the meeting of {on}"
    yield from (f"{what}: {reason}" for reason in lacks(action.text))
    if not is_a_person(action.owner.name):
        yield f"{what}: owner: one person answers for an action, and {action.owner.name!r} is none"
    delegated = not no_reason(action.delegation)
    if chair and plain(action.owner.name) == plain(chair) and not delegated:
        yield f"{what}: the Chair does not own actions by default; name an owner, or say in 'delegation' why the Chair"
    if action.agency == Agency.POLICE:
        manager = change.case.police_offender_manager
        if not manager:
            yield (
                f"{what}: no police action without a named police offender manager: record one with 'circumstances' "
                "(police_offender_manager) first"
            )
        elif plain(action.owner.name) != plain(manager) and not delegated:
            yield (
                f"{what}: the owner is not the named police offender manager; name them, or say in 'delegation' to "
                "whom it is delegated and why"
            )


def set_actions(change: CaseChange, meeting: Meeting, actions: Sequence[NewAction], on: datetime.date) -> None:
    """Set the actions of a meeting; they go out to their owners at once, ahead of the minutes."""
    newest = change.session.scalar(select(func.max(Action.number)).where(Action.case_id == change.case.id)) or 0
    for number, action in enumerate(actions, start=newest + 1):
        change.session.add(
            Action(
                case_id=change.case.id,
                meeting_id=meeting.id,
                number=number,
                text=action.text,
                agency=action.agency,
                owner_name=action.owner.name,
                owner_email=action.owner.email or known_address(change, action),
                delegation=action.delegation,
                set_on=on,
                due_on=action.due_on,
                state=ActionState.OPEN,
            )
        )


def known_address(change: CaseChange, action: NewAction) -> str | None:
    """Return the address of an owner whom the case names."""
    case = change.case
    for name, email in (
        (case.offender_manager, case.offender_manager_email),
        (case.police_offender_manager, case.police_offender_manager_email),
    ):
        if name and plain(name) == plain(action.owner.name):
            return email
    return None


def find_action(change: CaseChange, number: int) -> Action:
    """Return an action of the case by its number, or refuse."""
    action = change.session.scalar(select(Action).where(Action.case_id == change.case.id, Action.number == number))
    if action is None:
        raise RefusedError([f"action: the case has no action {number}"])
    return action


def apply_outcome(change: CaseChange, form: ActionOutcome) -> str:
    """Close an action with what came of it."""
    action = find_action(change, form.action)
    reasons = list(refuse_closing(action, form.state, form))
    if form.date < action.set_on:
        reasons.append(f"date: {form.date} is before the action was set, {action.set_on}")
    if reasons:
        raise RefusedError(reasons)
    close_action(change, action, form.state, form, form.date)
    return f"action {action.number} {form.state.replace('_', ' ')} on {form.date}"


def apply_acceptance(change: CaseChange, form: ActionAcceptance) -> str:
    """Note that the Chair accepts a closed action."""
    action = find_action(change, form.action)
    reasons = []
    if action.state != ActionState.DONE:
        reasons.append(
            f"action {action.number} is {action.state}: only an action that is done with an outcome can be accepted"
        )
    chair = action.meeting.chair_name
    if chair and plain(form.by) != plain(chair):
        reasons.append(f"by: the Chair of the meeting accepts an action, and that is {chair}")
    if plain(form.by) == plain(action.owner_name):
        reasons.append("by: the owner of an action does not accept it")
    if reasons:
        raise RefusedError(reasons)
    action.state, action.accepted_on, action.accepted_by = ActionState.ACCEPTED, form.date, form.by
    change.note("action-accepted", f"action {action.number}", {"state": "done"}, {"state": "accepted"})
    return f"action {action.number} accepted on {form.date}"


KINDS = (
    FactType(
        kind=FactKind.ACTION_OUTCOME,
        title="Outcome of an action",
        hint="Record what came of an action that a meeting set, as soon as it is done or will not be done.",
        group=Group.MEETINGS,
        who=(Role.ACTION_OWNER, Role.REPRESENTATIVE, *CASE_MANAGERS, *UNIT),
        offered_when=owes(Meetings.ACTION),
        form=ActionOutcome,
        apply=apply_outcome,
        after_closing=True,
    ),
    FactType(
        kind=FactKind.ACTION_ACCEPTANCE,
        title="Acceptance of an action",
        hint="Record that the Chair accepts the outcome of an action.",
        group=Group.MEETINGS,
        who=(Role.CHAIR, *UNIT),
        offered_when=lambda now: now.action_done,
        form=ActionAcceptance,
        apply=apply_acceptance,
        after_closing=True,
    ),
)
