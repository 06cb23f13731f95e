"""A duty that somebody says is not theirs: the coordinator is asked whose it is, and answers.

The duty stays open meanwhile, and its ladder goes on: a question about whose it is must not silence it.
"""

import datetime
from typing import Annotated

from sqlalchemy import select

from casework.change import CaseChange
from casework.errors import RefusedError
from casework.problems import ask, open_questions
from casework.recording.fact_type import UNIT, FactType, Group
from casework.recording.forms import Name, Reason, label
from casework.recording.pausing import OfADuty, the_duty
from models.cases import WHOSE_DUTY, Problem, about_duty
from models.obligations import Timescale
from policy.roles import Role
from policy.vocabulary import FactKind, State, WhoseDuty
from policy.words import long_date

ANYBODY_ASKED = tuple(role for role in Role if role is not Role.LAY_ADVISER)


class NotMineForm(OfADuty):
    """Somebody was asked for what is not theirs to do."""

    date: Annotated[datetime.date, label("Date", "The day on which you say so.", "2026-09-01")]
    reason: Annotated[
        Reason, label("Reason", "Why it is not yours.", "I left the team on 20 August and handed the case over.")
    ]
    whose: Annotated[
        Name | None, label("Whose it is", "Who should be asked instead, if you know.", "Nina Example")
    ] = None  # fmt: skip
    by: Annotated[Name, label("Your name", "Who says so.", "Olive Example")]


class WhoseDutyForm(OfADuty):
    """The coordinator has looked into whose duty it is."""

    date: Annotated[datetime.date, label("Date", "The day of the answer.", "2026-09-02")]
    answer: Annotated[WhoseDuty, label("Whose it is", "What you found.", "theirs")]
    reason: Annotated[
        Reason, label("Reason", "What the answer rests on.", "The case is still allocated to the team in the north.")
    ]


def apply_not_mine(change: CaseChange, form: NotMineForm) -> str:
    """Ask the coordinator whose a duty is."""
    duty = the_duty(change, form, State.OPEN)
    subject = about_duty(duty.id)
    if open_questions(change.session, WHOSE_DUTY, [subject]):
        raise RefusedError(["kind: the coordinator has been asked already whose this is"])
    whose = f" They think it is for {form.whose}." if form.whose else ""
    # The first line is what an operator sees, too: no words of anybody's, and no name.
    question = (f"Somebody says that this is not theirs: {duty.kind.replace('_', ' ')} due {long_date(duty.due_on)}. "
                f"Whose is it?\n{form.by}: {form.reason}{whose}")  # fmt: skip
    ask(change.session, WHOSE_DUTY, subject, change.case.id, [question], change.as_at, None, [FactKind.WHOSE_DUTY])
    return f"the MAPPA coordinator is asked whose {duty.kind.replace('_', ' ')} due {duty.due_on} is; it stays due"


def apply_whose_duty(change: CaseChange, form: WhoseDutyForm) -> str:
    """Answer the question whose a duty is: whose it is by now is what case and directory say."""
    asked = select(Problem).where(
        Problem.stage == WHOSE_DUTY, Problem.case_id == change.case.id, Problem.resolved_at.is_(None)
    )
    questions = {one.subject: one for one in change.session.scalars(asked.order_by(Problem.id))}
    duties = select(Timescale).where(Timescale.case_id == change.case.id, Timescale.kind == form.kind.value)
    found = [
        (one, questions[about_duty(one.id)])
        for one in change.session.scalars(duties.order_by(Timescale.due_on, Timescale.id))
        if about_duty(one.id) in questions and form.due_on in (None, one.due_on) and form.about in (None, one.label)
    ]
    if len(found) != 1:
        what = "nobody has asked whose this is" if not found else "this was asked of more than one; say 'due_on'"
        raise RefusedError([f"kind: {what}"])
    [(duty, standing)] = found
    ask(change.session, WHOSE_DUTY, standing.subject, change.case.id, [], change.as_at, standing, ())
    return f"{duty.kind.replace('_', ' ')} due {duty.due_on}: {form.answer.replace('_', ' ')}"


KINDS = (
    FactType(
        kind=FactKind.NOT_MINE,
        title="This is not mine",
        hint="Record this when you are asked for something that is not yours to do. The MAPPA coordinator finds out "
        "whose it is; until then it stays due.",
        group=Group.CASE,
        who=ANYBODY_ASKED,
        offered_when=lambda now: bool(now.owed),
        form=NotMineForm,
        apply=apply_not_mine,
    ),
    FactType(
        kind=FactKind.WHOSE_DUTY,
        title="Whose duty it is",
        hint="Record this to answer somebody who says that a duty is not theirs. If it is somebody else's, change the "
        "case or the directory first.",
        group=Group.CASE,
        who=UNIT,
        offered_when=lambda now: now.disowned,
        form=WhoseDutyForm,
        apply=apply_whose_duty,
    ),
)
