"""What becomes of a duty that was overdue when its area was taken on: somebody adopts it, or puts it down."""

import datetime
from collections.abc import Iterator
from typing import Annotated

from sqlalchemy import func, select

from casework.change import CaseChange
from casework.errors import RefusedError
from casework.recording.fact_type import UNIT, FactType, Group
from casework.recording.forms import Name, Reason, label
from casework.recording.pausing import OfADuty, the_duty
from models.obligations import Timescale
from models.take_on import begins_on
from policy.vocabulary import FactKind, State, TakenOnDecision
from policy.words import long_date

REASON_KEPT = 300


class TakenOnForm(OfADuty):
    """A decision on what was overdue when the area was taken on. Whoever does it records that instead."""

    date: Annotated[datetime.date, label("Date", "The day of the decision.", "2026-07-07")]
    decision: Annotated[
        TakenOnDecision,
        label("Decision", "Whether it is to be done, with reminders from now on, or will not be done.", "adopt"),
    ]
    reason: Annotated[
        Reason,
        label(
            "Reason",
            "Why. Of what will not be done, who decided that and on what grounds.",
            "The prison still owes us this notice; release is in November.",
        ),
    ]
    by: Annotated[Name, label("Decided by", "Who decided.", "Cora Example")]


def apply_decision(change: CaseChange, form: TakenOnForm) -> str:
    """Adopt a duty, or put it down."""
    duty = the_duty(change, form, State.OPEN)
    if reasons := list(refused(change, form, duty)):
        raise RefusedError(reasons)
    before = {"state": duty.state, "next_prompt_at": duty.next_prompt_at}
    if form.decision is TakenOnDecision.ADOPT:
        # The list on which it stood next is taken from it; its own ladder follows (casework.revisions.adopt).
        duty.adopted_on, duty.ladder = change.today, duty.ladder[: duty.next_rung]
        after: dict[str, object] = {"adopted_on": change.today}
        told = f"{duty.kind} due {duty.due_on} is prompted from {change.today} on"
    else:
        duty.state, duty.next_prompt_at = State.MISSED, None
        duty.put_down_on = duty.missed_on = change.today
        duty.reason = form.reason[:REASON_KEPT]
        after = {"state": State.MISSED.value, "put_down_on": change.today}
        told = f"{duty.kind} due {duty.due_on} was missed, and will not be done"
    change.note(f"taken-on-{form.decision.value.replace('_', '-')}", f"timescale {duty.id}", before, after)
    return told


def refused(change: CaseChange, form: TakenOnForm, duty: Timescale) -> Iterator[str]:
    """Yield why a duty cannot be decided on."""
    first = begins_on(change.session, change.case.area)
    if first is None or duty.due_on >= first:
        yield "kind: it was not overdue when the area was taken on: it has its own reminders"
    elif duty.adopted_on is not None:
        yield f"kind: it was adopted on {long_date(duty.adopted_on)}; whoever does it records that"
    elif form.decision is TakenOnDecision.PUT_DOWN:
        others = select(func.count()).where(
            Timescale.case_id == change.case.id,
            Timescale.state.in_((State.OPEN, State.PAUSED)),
            Timescale.id != duty.id,
        )
        if not change.session.scalar(others):
            yield "decision: nobody would be asked about this case any more: adopt it, or close the case"


KINDS = (
    FactType(
        kind=FactKind.TAKEN_ON,
        title="Overdue when taken on",
        hint="Record this to decide on what was overdue when your area was taken on: it is done, with reminders from "
        "now on, or it will not be done.",
        group=Group.CASE,
        who=UNIT,
        offered_when=lambda now: now.taken_on,
        form=TakenOnForm,
        apply=apply_decision,
    ),
)
