"""A person's decision on what the rules could not settle."""

import datetime
from collections.abc import Sequence
from typing import Annotated, Any, Literal

from pydantic import model_validator
from sqlalchemy import select

from casework.change import CaseChange
from casework.closing import close_case, newest_referral_waits
from casework.errors import RefusedError
from casework.identification import identify
from casework.recording.fact_type import FactType, Group
from casework.recording.forms import Form, Line, Reason, label
from models.people import Sentence
from policy.dates import Ahead
from policy.roles import Role
from policy.vocabulary import FactKind
from policy.words import counted


class IdentificationDecision(Form):
    """A person decided what the rules could not settle: a category and its last day, or not eligible."""

    date: Annotated[datetime.date, label("Date of the decision", "The day of the decision.", "2026-03-03")]
    decision: Annotated[
        Literal["eligible", "not_eligible"],
        label("Decision", "Whether the person is eligible for MAPPA.", "eligible"),
    ]
    category: Annotated[
        Literal[1, 2, 4] | None,
        label(
            "Category",
            "The category you decide on. If not eligible: leave it out to say no to every open question.",
            2,
        ),
    ] = None
    until: Annotated[
        datetime.date | None,
        label(
            "Eligible until",
            "If eligible: the last day. Leave it out and it is worked out from the sentence; if that does not tell, "
            "there is no end.",
            "2030-07-12",
            ahead=Ahead.END,
        ),
    ] = None
    no_end: Annotated[
        bool,
        label("No end", "If eligible: whether it has no end, whatever the sentence says.", False, shown=False),
    ] = False
    offence_code: Annotated[
        Line | None,
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
        """Refuse a decision that leaves the category open, or an end where there is none."""
        if self.decision == "eligible" and self.category is None:
            raise ValueError("a decision 'eligible' names its category (1, 2 or 4)")
        if self.decision == "not_eligible" and (self.until is not None or self.no_end):
            raise ValueError("a decision 'not_eligible' has no end: leave out 'until' and 'no_end'")
        if self.until is not None and self.no_end:
            raise ValueError("until: name the last day, or say that there is no end, not both")
        return self

    def kept_as(self) -> dict[str, Any]:
        """Return the decision as a sentence keeps it (``Sentence.decisions``)."""
        eligible = self.decision == "eligible"
        return {
            "category": self.category if eligible else None,
            "about": None if eligible else self.category,
            "until": self.until and self.until.isoformat(),
            "no_end": self.no_end,
            "reason": self.reason,
            "on": self.date.isoformat(),
        }


def apply_identification(change: CaseChange, form: IdentificationDecision) -> str:
    """Write the decision on the sentences it is about, and identify the person anew.

    It is about each sentence with an open question that it answers; a decision taken before is changed by another.
    """
    session, case = change.session, change.case
    of_person = select(Sentence).where(Sentence.person_id == case.person_id)
    sentences = session.scalars(of_person.order_by(Sentence.id)).all()
    about = [s for s in sentences if form.offence_code in (None, s.offence_code) and answers(form, s)]
    if not about:
        raise RefusedError([nothing_to_answer(form, sentences)])
    for sentence in about:
        sentence.decisions = [*(sentence.decisions or ()), form.kept_as()]
        sentence.identified_on = sentence.identified_on or form.date
    session.flush()
    identify(session, [s.id for s in about], change.as_at, change.actor)
    left = [words for s in sentences for _, words in s.questions or ()]
    if case.category is None and form.decision == "not_eligible" and not left and not newest_referral_waits(change):
        # The case was open only for the question, now answered with no.
        close_case(change, form.date, f"not eligible: {form.reason}")
    still = f"; still open: {'; '.join(left)}" if left else ""
    return f"{counted(len(about), 'sentence')} decided: {form.decision}{still}"


def answers(form: IdentificationDecision, sentence: Sentence) -> bool:
    """Tell whether a decision answers an open question of a sentence, or changes a decision on it."""
    asked = {category for category, _ in sentence.questions or ()}
    decided = {one["category"] or one["about"] for one in sentence.decisions or ()}
    if form.category is None:
        return bool(asked) or bool(decided)
    about_the_offence = None in asked and form.decision == "eligible"
    return form.category in asked or about_the_offence or form.category in decided or None in decided


def nothing_to_answer(form: IdentificationDecision, sentences: Sequence[Sentence]) -> str:
    """Return why a decision is about nothing, with the questions that are open."""
    named = f" with the offence code {form.offence_code}" if form.offence_code else ""
    on = f" on category {form.category}" if form.category else ""
    open_ones = [f"{s.offence_code}: {words}" for s in sentences for _, words in s.questions or ()]
    listed = "; ".join(open_ones) if open_ones else "none; 'mappa problems' lists those of every case"
    return f"there is no open question{on} about this person's sentences{named}; open: {listed}"


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
