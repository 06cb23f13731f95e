"""Incidents: what happened asks for four decisions, more than the next planned step (Joint inspection 2015, 5.20)."""

import datetime
from hashlib import sha256
from typing import Annotated, Literal

from sqlalchemy import select

from casework import problems
from casework.change import CaseChange
from casework.closing import breach_question
from casework.errors import RefusedError
from casework.recording.disclosures import DisclosureDecision, propose
from casework.recording.fact_type import CASE_MANAGERS, UNIT, FactType, Group, always
from casework.recording.forms import Form, Name, OwnWords, Reason, Section, label
from casework.recording.orders import find_order
from models.cases import Fact
from models.orders import CourtOrder
from policy.roles import Role
from policy.texts import plain
from policy.vocabulary import Category, FactKind, OrderKind
from policy.words import counted

STAGE = "meetings"
# The four decisions an incident asks for, and the question each stands for while it is open.
QUESTIONS = {
    "enforcement": "is it a breach, is there to be a recall?",
    "urgent_meeting": "is an urgent meeting needed?",
    "disclosure": "is disclosure to be considered again, and to whom?",
    "serious_further_offence": "is it a serious further offence, and is a case review to be considered?",
}
DISCLOSURE_EXAMPLE = {
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
}


class Enforcement(Section):
    """Whether a breach or a recall follows, and why (CJA 2003 s.254: recall)."""

    decision: Annotated[
        Literal["breach", "recall", "neither"],
        label("Decision", "Whether the person is breached, recalled or neither.", "recall"),
    ]
    reason: Annotated[Reason, label("Reason", "Why.", "The risk can no longer be managed outside.")]
    by: Annotated[Name, label("Decided by", "Who decided.", "Sam Example")]


class Urgent(Section):
    """Whether an urgent meeting is needed: decided by the DI or SPO of the leading agency.

    Source: Police authorised professional practice.
    """

    needed: Annotated[bool, label("Needed", "Whether an urgent meeting is needed.", True)]
    reason: Annotated[Reason, label("Reason", "Why.", "A second person is at risk now.")]
    by: Annotated[
        Name,
        label("Decided by", "The detective inspector or senior probation officer who decided.", "Sam Example"),
    ]


class SeriousFurtherOffence(Section):
    """Whether somebody was charged with a serious further offence, and whether a review is considered.

    Source: Joint inspection 2015, 7.11.
    """

    charged: Annotated[bool, label("Charged", "Whether there is a charge with a serious further offence.", True)]
    review: Annotated[
        Literal["requested", "not_requested", "not_applicable"],
        label("Case review", "Whether a serious case review is asked for.", "requested"),
    ]
    reason: Annotated[Reason, label("Reason", "Why.", "He was managed at level 2 at the time of the assault.")]


class NotificationAnswer(Section):
    """Whether the breach of a sexual risk order makes its subject notify (report 2018-19 (h)), and why not."""

    required: Annotated[
        bool, label("Notification required", "Whether the breach makes the person register with the police.", False)
    ]
    reason: Annotated[Reason, label("Reason", "Why.", "He was neither convicted of the breach nor cautioned for it.")]
    by: Annotated[Name, label("Decided by", "Who decided.", "Priya Example")]


class Incident(Form):
    """Something happened: further victimisation, a breach, a new charge. What is not decided yet stays a question.

    Recorded again with the same ``what``, it answers the questions it left open.
    """

    date: Annotated[datetime.date, label("Date of the incident", "The day on which it happened.", "2026-06-10")]
    kind: Annotated[
        Literal["further_victimisation", "breach", "charge", "other"],
        label("Kind of incident", "What kind of incident it was.", "further_victimisation"),
    ]
    what: Annotated[
        OwnWords,
        label(
            "What happened",
            "What happened. Use the same words again to add a decision that was left open.",
            "He assaulted a new partner whom no agency knew of.",
        ),
    ]
    enforcement: Annotated[
        Enforcement | None,
        label("Breach or recall", "Whether a breach or a recall follows. Leave it out if it is not decided yet."),
    ] = None
    urgent_meeting: Annotated[
        Urgent | None,
        label("Urgent meeting", "Whether an urgent meeting is needed. Leave it out if it is not decided yet."),
    ] = None
    disclosure: Annotated[
        DisclosureDecision | None,
        label(
            "Disclosure",
            "Whether something is to be disclosed now. Leave it out if it is not decided yet.",
            DISCLOSURE_EXAMPLE,
        ),
    ] = None
    serious_further_offence: Annotated[
        SeriousFurtherOffence | None,
        label(
            "Serious further offence",
            "Whether it is one, and whether a case review is asked for. Leave it out if it is not decided yet.",
        ),
    ] = None
    order: Annotated[
        int | None,
        label("Order number", "If a court order was breached: its number.", 1, shown=False),
    ] = None
    notification: Annotated[
        NotificationAnswer | None,
        label(
            "Notification after a breach",
            "If a sexual risk order was breached: whether the person must now register.",
            shown=False,
        ),
    ] = None


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
    problems.ask(change.session, STAGE, subject, change.case.id, questions, change.as_at, standing, [FactKind.INCIDENT])
    urgent = form.urgent_meeting
    follows = " arrange an urgent meeting;" if urgent and urgent.needed else ""
    waits = f" {counted(len(questions), 'decision')} left to a person" if questions else " every decision is taken"
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
    subject = breach_question(change.case)
    standing = problems.open_questions(change.session, STAGE, [subject]).get(subject)
    asked = [] if answered else [question]
    answers = [FactKind.ORDER, FactKind.INCIDENT]
    problems.ask(change.session, STAGE, subject, change.case.id, asked, change.as_at, standing, answers)


KINDS = (
    FactType(
        kind=FactKind.INCIDENT,
        title="Incident",
        hint="Record a further offence, a breach or anything else that cannot wait for the next planned step.",
        group=Group.RISK,
        who=(Role.REPRESENTATIVE, *CASE_MANAGERS, *UNIT),
        offered_when=always,
        form=Incident,
        apply=apply_incident,
        reads_facts=True,
    ),
)
