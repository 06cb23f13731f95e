"""What must hold of prompts and the messages that carry them: the auditor's look.

Each function asks the record once whatever the caseload, and returns what breaks the rule, by message id or by case.
``assurance.invariants`` says what each means and what to do.
"""

from datetime import datetime, timedelta

from sqlalchemy import Select, and_, func, or_, select
from sqlalchemy.orm import Session

from assurance.findings import Findings, findings_of
from models.cases import Case, Problem
from models.obligations import Message, Prompt, Timescale
from models.record import settings_of
from notifications.outbox.claims import IN_OUTBOX
from notifications.outbox.route import is_open_fault
from notifications.settings import MailSettings
from policy.letters import STATUTORY
from policy.vocabulary import MessageState

STUCK = timedelta(hours=1)
HELD_UP = timedelta(days=1)
MAY_BE_EMPTY = (MessageState.WITHHELD, MessageState.CANCELLED)


def stuck_messages(session: Session, as_at: datetime) -> Findings:
    """Return messages that were to leave more than an hour ago and that nobody is sending: deliver does not run.

    Hours of e-mail are in ``not_before`` already; a claim that lives is being sent, and while the way out has a fault
    everything rests.
    """
    if faults_of_the_route(session, as_at).total:
        return Findings()
    nobody_sends = or_(
        Message.state.in_((MessageState.PENDING, MessageState.RETRY)),
        and_(Message.state == MessageState.CLAIMED, Message.lease_until <= as_at - STUCK),
    )
    return findings_of(session, select(Message.id).where(IN_OUTBOX, Message.not_before <= as_at - STUCK, nobody_sends))


def held_up_messages(session: Session, as_at: datetime) -> Findings:
    """Return messages that a mail server has refused for a day, though it takes others."""
    return findings_of(session, select(Message.id).where(IN_OUTBOX, Message.refused_since <= as_at - HELD_UP))


def faults_of_the_route(session: Session, _as_at: datetime) -> Findings:
    """Return the way out that takes nothing."""
    return findings_of(session, select(Problem.subject).where(is_open_fault()))


def undecided_messages(session: Session, _as_at: datetime) -> Findings:
    """Return messages of unknown fate that are not sent again by themselves, and those that were given up."""
    max_tries = settings_of(session, MailSettings).max_tries
    not_again = or_(Message.kind.not_in(STATUTORY), Message.tries >= max_tries)
    waits = or_(and_(Message.state == MessageState.UNCERTAIN, not_again), Message.state == MessageState.DEAD)
    return findings_of(session, select(Message.id).where(waits))


def prompts_not_carried(session: Session, _as_at: datetime) -> Findings:
    """Return prompts that are in no message, each by its case and rung."""
    carried = select(Message.id).where(Message.id == Prompt.message_id)
    return findings_of(session, about_prompts().where(~carried.exists()))


def empty_messages(session: Session, _as_at: datetime) -> Findings:
    """Return messages that carry no prompt, though they were neither withheld nor cancelled."""
    carries = select(Prompt.id).where(Prompt.message_id == Message.id)
    return findings_of(session, select(Message.id).where(Message.state.not_in(MAY_BE_EMPTY), ~carries.exists()))


def prompts_raised_twice(session: Session, _as_at: datetime) -> Findings:
    """Return timescales on which a rung was raised twice to one recipient for one revision."""
    key = (Prompt.timescale_id, Prompt.revision, Prompt.rung, Prompt.recipient)
    twice = select(Prompt.timescale_id, Prompt.rung).group_by(*key).having(func.count() > 1).subquery()
    query = (
        select(Case.reference + " " + Timescale.kind + " rung " + twice.c.rung)
        .join_from(twice, Timescale, twice.c.timescale_id == Timescale.id)
        .join(Case, Timescale.case_id == Case.id)
    )
    return findings_of(session, query)


def about_prompts() -> Select[str]:
    """Return the query of prompts, each by its case and rung."""
    return (
        select(Case.reference + " " + Timescale.kind + " rung " + Prompt.rung)
        .join_from(Prompt, Timescale)
        .join(Case, Timescale.case_id == Case.id)
    )
