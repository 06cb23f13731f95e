"""A person's decision on what the rules could not settle."""

import datetime
from typing import Annotated, Literal

from pydantic import model_validator
from sqlalchemy import select

from casework import problems
from casework.change import CaseChange
from casework.errors import RefusedError
from casework.identification import STAGE, identify, problem_subject
from casework.recording.fact_type import FactType, Group
from casework.recording.forms import Form, Reason, label
from models.people import Sentence
from policy.roles import Role
from policy.vocabulary import FactKind


class IdentificationDecision(Form):
    """A person decided what the rules could not settle: a category and its last day, or not eligible."""

    date: Annotated[datetime.date, label("Date of the decision", "The day of the decision.", "2026-03-03")]
    decision: Annotated[
        Literal["eligible", "not_eligible"],
        label("Decision", "Whether the person is eligible for MAPPA.", "eligible"),
    ]
    category: Annotated[Literal[1, 2, 4] | None, label("Category", "If eligible: the category.", 2)] = None
    until: Annotated[
        datetime.date | None,
        label(
            "Eligible until",
            "If eligible: the last day of eligibility. Leave it out if it has no end.",
            "2030-07-12",
            ahead=True,
        ),
    ] = None
    offence_code: Annotated[
        str | None,
        label(
            "Offence code",
            "The offence it is about. Leave it out to decide on every sentence that waits.",
            "COML022",
            shown=False,
        ),
    ] = None
    reason: Annotated[
        Reason,
        label(
            "Reason",
            "What the decision rests on.",
            "The offence is in Schedule 15, part 1; the code was a local one.",
        ),
    ]

    @model_validator(mode="after")
    def eligible_names_its_category(self) -> "IdentificationDecision":
        """Refuse a decision that leaves the category open."""
        if (self.decision == "eligible") != (self.category is not None):
            raise ValueError("a decision 'eligible' names its category (1, 2 or 4), 'not_eligible' names none")
        return self


def apply_identification(change: CaseChange, form: IdentificationDecision) -> str:
    """Write the decision on the sentences that wait for one, and identify the person anew."""
    session, case = change.session, change.case
    undecided = [
        s
        for s in session.scalars(select(Sentence).where(Sentence.person_id == case.person_id))
        if s.outcome == "undecided" and form.offence_code in (None, s.offence_code)
    ]
    if not undecided:
        raise RefusedError(
            [
                "there is no open question about this person's sentences"
                + (f" with the offence code {form.offence_code}" if form.offence_code else "")
                + "; 'mappa problems' lists the open questions"
            ]
        )
    for sentence in undecided:
        sentence.decided_category, sentence.decided_until = form.category, form.until
        sentence.decided_reason, sentence.identified_on = form.reason, form.date
    session.flush()
    identify(session, [s.id for s in undecided], change.as_at, change.actor)
    if case.category is None and form.decision == "not_eligible":
        waiting = any(
            s.outcome == "undecided" for s in session.scalars(select(Sentence).where(Sentence.case_id == case.id))
        )
        if not waiting:
            close_not_eligible(change, form)
    return f"{len(undecided)} sentence(s) decided: {form.decision}"


def close_not_eligible(change: CaseChange, form: IdentificationDecision) -> None:
    """Close a case that was open only for the question, now answered with no."""
    case = change.case
    case.closed_on, case.closed_reason = form.date, f"not eligible: {form.reason}"
    subject = problem_subject(change.person)
    standing = problems.open_questions(change.session, STAGE, [subject]).get(subject)
    problems.ask(change.session, STAGE, subject, case.id, [], change.as_at, standing)


KINDS = (
    FactType(
        kind=FactKind.IDENTIFICATION,
        title="Decision on eligibility",
        hint="Record your decision when the rules cannot tell whether a person is eligible, or under which category.",
        group=Group.CASE,
        who=(Role.COORDINATOR,),
        offered_when=lambda now: now.undecided,
        form=IdentificationDecision,
        apply=apply_identification,
    ),
)
