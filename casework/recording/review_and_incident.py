"""Reviews at level 1, and incidents that ask for more than the next planned step (``domain.md`` 2.13, 2.14, 2.17)."""

from hashlib import sha256
from typing import Any, Literal

from pydantic import Field

from casework import problems
from casework.errors import RefusedError
from casework.matter import Matter
from casework.recording.agenda import DisclosureDecision
from casework.recording.forms import AgencyName, Form, Name, Reason, Said, Section, plain
from casework.recording.kinds import FactType
from policy.vocabulary import FactKind, Level

STAGE = "meetings"


class Level1Review(Form):
    """The lead agency, the police or both reviewed a case at level 1 (joint inspection 2015 4.9)."""

    agencies: list[AgencyName] = Field(min_length=1)
    outcome: Literal["retain", "refer"]
    reason: Reason
    by: Name


class Enforcement(Section):
    """Whether a breach or a recall follows, and why (5.2, Rob)."""

    decision: Literal["breach", "recall", "neither"]
    reason: Reason
    by: Name


class Urgent(Section):
    """Whether an urgent meeting is needed: decided by the DI or SPO of the leading agency (domain.md 2.14)."""

    needed: bool
    reason: Reason
    by: Name


class SeriousFurtherOffence(Section):
    """Whether somebody was charged with a serious further offence, and whether a review is considered (2.17)."""

    charged: bool
    review: Literal["requested", "not_requested", "not_applicable"]
    reason: Reason


class Incident(Form):
    """Something happened: further victimisation, a breach, a new charge. What is not decided yet stays a question.

    Recorded again with the same ``what``, it answers the questions it left open.
    """

    kind: Literal["further_victimisation", "breach", "charge", "other"]
    what: Said
    enforcement: Enforcement | None = None
    urgent_meeting: Urgent | None = None
    disclosure: DisclosureDecision | None = None
    serious_further_offence: SeriousFurtherOffence | None = None


# The four decisions an incident asks for, and the question each stands for while it is open.
QUESTIONS = {
    "enforcement": "is it a breach, is there to be a recall?",
    "urgent_meeting": "is an urgent meeting needed?",
    "disclosure": "is disclosure to be considered again, and to whom?",
    "serious_further_offence": "is it a serious further offence, and is a case review to be considered?",
}


def apply_review(matter: Matter, form: Level1Review) -> str:
    """Note a review at level 1."""
    if matter.case.level != Level.LEAD_AGENCY:
        stands = "has no level yet" if matter.case.level is None else f"is at level {matter.case.level}"
        raise RefusedError([f"the case {stands}: a level 1 review is of a case at level 1"])
    agencies = ", ".join(form.agencies)
    if form.outcome == "refer":
        return f"level 1 review of {form.date} by {agencies}: to be referred to level 2 or 3; record the referral"
    return f"level 1 review of {form.date} by {agencies}: retained at level 1"


def apply_incident(matter: Matter, form: Incident) -> str:
    """Note an incident; every decision it asks for and does not carry is put to a person."""
    questions = [
        f"{form.kind.replace('_', ' ')} of {form.date}: {question}"
        for name, question in QUESTIONS.items()
        if getattr(form, name) is None
    ]
    # Told again with the same words it is the same incident, with more decided; other words are another one.
    words = sha256(plain(form.what).encode()).hexdigest()[:8]
    subject = f"case {matter.case.id} {form.kind} {form.date} {words}"
    standing = problems.open_questions(matter.session, STAGE, [subject]).get(subject)
    problems.ask(matter.session, STAGE, subject, matter.case.id, questions, matter.as_at, standing)
    urgent = form.urgent_meeting
    follows = " an urgent meeting is owed;" if urgent and urgent.needed else ""
    waits = f" {len(questions)} decision(s) wait for a person" if questions else " every decision is taken"
    return f"{form.kind.replace('_', ' ')} of {form.date} recorded;{follows}{waits}"


INCIDENT_EXAMPLE: dict[str, Any] = {
    "date": "2026-06-10",
    "kind": "further_victimisation",
    "what": "He assaulted a new partner whom no agency knew of.",
    "enforcement": {"decision": "recall", "reason": "The risk can no longer be managed outside.", "by": "Sam Example"},
    "urgent_meeting": {"needed": True, "reason": "A second person is at risk now.", "by": "Sam Example"},
    "disclosure": {
        "decision": "disclose",
        "reason": "The new partner does not know of the earlier convictions.",
        "to_whom": "The new partner",
        "what": "The convictions for violence in relationships",
    },
    "serious_further_offence": {
        "charged": True,
        "review": "requested",
        "reason": "He was managed at level 2 at the time of the assault.",
    },
}
KINDS = {
    FactKind.LEVEL_1_REVIEW: FactType(
        Level1Review,
        apply_review,
        {
            "date": "2026-11-02",
            "agencies": ["probation", "police"],
            "outcome": "retain",
            "reason": "The lead agency's plan is robust, and no agency meets a barrier.",
            "by": "Olive Example",
        },
    ),
    FactKind.INCIDENT: FactType(Incident, apply_incident, INCIDENT_EXAMPLE),
}
