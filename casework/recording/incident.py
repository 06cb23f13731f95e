"""Reviews at level 1, and incidents that ask for more than the next planned step (``domain.md`` 2.13, 2.14, 2.17)."""

from hashlib import sha256
from typing import Any, Literal

from sqlalchemy import select

from casework import problems
from casework.change import CaseChange
from casework.errors import RefusedError
from casework.recording.disclosures import DisclosureDecision, propose
from casework.recording.fact_type import FactType
from casework.recording.forms import Form, Name, OwnWords, Reason, Section
from casework.recording.level_1_review import Level1Review, apply_review
from casework.recording.orders import breach_of, find_order
from models.cases import Fact
from models.orders import CourtOrder
from policy.texts import plain
from policy.vocabulary import Category, FactKind, OrderKind

STAGE = "meetings"


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


class NotificationAnswer(Section):
    """Whether the breach of a sexual risk order makes its subject notify (report 2018-19 (h)), and why not."""

    required: bool
    reason: Reason
    by: Name


class Incident(Form):
    """Something happened: further victimisation, a breach, a new charge. What is not decided yet stays a question.

    Recorded again with the same ``what``, it answers the questions it left open. ``order`` is the number of the
    court order that was breached; ``notification`` says whether the breach of a sexual risk order makes its subject
    notify.
    """

    kind: Literal["further_victimisation", "breach", "charge", "other"]
    what: OwnWords
    enforcement: Enforcement | None = None
    urgent_meeting: Urgent | None = None
    disclosure: DisclosureDecision | None = None
    serious_further_offence: SeriousFurtherOffence | None = None
    order: int | None = None
    notification: NotificationAnswer | None = None


# The four decisions an incident asks for, and the question each stands for while it is open.
QUESTIONS = {
    "enforcement": "is it a breach, is there to be a recall?",
    "urgent_meeting": "is an urgent meeting needed?",
    "disclosure": "is disclosure to be considered again, and to whom?",
    "serious_further_offence": "is it a serious further offence, and is a case review to be considered?",
}


def apply_incident(change: CaseChange, form: Incident) -> str:
    """Note an incident; every decision it asks for and does not carry is put to a person."""
    breached = find_order(change, form.order) if form.order is not None else None
    if form.disclosure is not None and form.disclosure.due_on is not None and form.disclosure.due_on < form.date:
        raise RefusedError([f"disclosure.due_on: {form.disclosure.due_on} is before the incident of {form.date}"])
    if breached is not None and form.date.isoformat() not in breached.breaches:
        breached.breaches = [*breached.breaches, form.date.isoformat()]
    if form.disclosure is not None and form.disclosure.decision == "disclose" and not decided_before(change, form):
        propose(change, form.disclosure, form.date, None)
    questions = [
        f"{form.kind.replace('_', ' ')} of {form.date}: {question}"
        for name, question in QUESTIONS.items()
        if getattr(form, name) is None
    ]
    if breached is not None:
        ask_about_notification(change, form, breached)
    # Told again with the same words it is the same incident, with more decided; other words are another one.
    words = sha256(plain(form.what).encode()).hexdigest()[:8]
    subject = f"case {change.case.id} {form.kind} {form.date} {words}"
    standing = problems.open_questions(change.session, STAGE, [subject]).get(subject)
    problems.ask(change.session, STAGE, subject, change.case.id, questions, change.as_at, standing)
    urgent = form.urgent_meeting
    follows = " an urgent meeting is owed;" if urgent and urgent.needed else ""
    waits = f" {len(questions)} decision(s) wait for a person" if questions else " every decision is taken"
    return f"{form.kind.replace('_', ' ')} of {form.date} recorded;{follows}{waits}"


def decided_before(change: CaseChange, form: Incident) -> bool:
    """Tell whether this incident was told before with a disclosure: what is told again is not disclosed twice."""
    earlier = select(Fact).where(
        Fact.case_id == change.case.id, Fact.kind == FactKind.INCIDENT.value, Fact.on_date == form.date
    )
    return any(
        fact.data["kind"] == form.kind
        and plain(fact.data["what"]) == plain(form.what)
        and (fact.data.get("disclosure") or {}).get("decision") == "disclose"
        for fact in change.session.scalars(earlier)
    )


def ask_about_notification(change: CaseChange, form: Incident, order: CourtOrder) -> None:
    """Ask whether the breach of a sexual risk order makes its subject notify; category 1, or an answer, settles it."""
    if order.kind != OrderKind.SEXUAL_RISK_ORDER:
        return
    answered = form.notification is not None or Category.REGISTERED_SEXUAL_OFFENDER in change.case.categories
    question = f"breach of order {order.number} of {form.date}: it makes its subject notify: category 1?"
    subject = breach_of(change)
    standing = problems.open_questions(change.session, STAGE, [subject]).get(subject)
    asked = [] if answered else [question]
    problems.ask(change.session, STAGE, subject, change.case.id, asked, change.as_at, standing)


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
        "how": "In person, by the police, at her own address",
        "by": {"name": "Priya Example", "email": "priya@police.example"},
        "agency": "police",
        "due_on": "2026-06-12",
        "proposed_by": "Olive Example",
        "approved_by": "Clare Example",
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
