"""Problems: work that failed, and questions that wait for a person."""

from typing import Annotated, Literal

from pydantic import Field, field_validator
from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from casework.facts.querying import given
from models.cases import Case, Problem
from policy.vocabulary import FactKind
from views.model import LEFT_OUT, Found, Moment, View, equal


class ProblemView(View, title="Problem"):
    """Work that failed, or a question that waits for a person."""

    id: int = Field(description="The problem's number.")
    stage: str = Field(description="The stage that met it.", examples=["identification"])
    subject: str = Field(description="What it is about, by a number of the record.", examples=["case 12"])
    case: str | None = Field(description="The reference of the case; null where there is none.")
    kind: Literal["failure", "question"] = Field(description="A failure is tried again; a question waits for a person.")
    reason: str = Field(description="The question, or the first line of the failure.")
    answered_by: Annotated[list[str], LEFT_OUT] = Field(
        description="The kinds of fact that answer the question; empty for a failure, and for what asks an operator.",
        examples=[["identification"]],
    )
    answer: str | None = Field(
        default=None,
        description="The same in words, with the command; null where no fact answers it.",
        examples=["Decision on eligibility (mappa record identification)"],
    )
    tries: int = Field(description="How often it was tried.")
    first_seen_at: Moment = Field(description="When it was met first.")
    next_try_at: Moment | None = Field(description="When it is tried again; null for a question.")
    resolved_at: Moment | None = Field(description="When it was resolved; null while it is open.")

    @field_validator("reason")
    @classmethod
    def first_line(cls, reason: str) -> str:
        """Keep the first line alone: the rest of an exception may quote a whole row."""
        return reason.split("\n", 1)[0]


def problems(
    session: Session,
    *conditions: ColumnElement[bool],
    stage: str | None = None,
    case: str | None = None,
    unresolved: bool = False,
) -> Found[ProblemView]:
    """Yield problems by id; ``conditions``: on problems and their cases, of whoever calls."""
    query = given(
        select(
            Problem.id,
            Problem.stage,
            Problem.subject,
            Case.reference.label("case"),
            Problem.kind,
            Problem.reason,
            Problem.answered_by,
            Problem.tries,
            Problem.first_seen_at,
            Problem.next_try_at,
            Problem.resolved_at,
        )
        .select_from(Problem)
        .outerjoin(Case, Problem.case_id == Case.id)
        .order_by(Problem.id),
        equal(Problem.stage, stage),
        equal(Case.reference, case),
        Problem.resolved_at.is_(None) if unresolved else None,
        *conditions,
    )
    return Found(session, query, lambda rows: map(answerable, map(ProblemView.model_validate, rows)))


def answerable(view: ProblemView) -> ProblemView:
    """Return a problem with how it is answered."""
    return view.model_copy(update={"answer": answer(view)})


def answer(view: ProblemView) -> str | None:
    """Return how a question is answered: the titles of the forms, with the commands."""
    if not view.answered_by:
        return None
    # All the forms there are: few problems are questions, and every page of a case lists its problems.
    from casework.recording.registry import KINDS

    forms = [f"{KINDS[FactKind(kind)].title} (mappa record {kind})" for kind in view.answered_by]
    return ", or ".join(forms)
