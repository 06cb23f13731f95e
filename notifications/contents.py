"""What a message still has to say at the moment of sending, and whether it may say it (promises 4 and 5)."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import uuid4

from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from models.audit import Change, append
from models.cases import Case
from models.obligations import Message, Prompt, Timescale
from notifications.outcomes import ACTOR, Claim, change
from notifications.rendering import PromptLine, subject_for
from notifications.wording import IDENTIFIED
from policy.calendar import london_date
from policy.vocabulary import MessageState, State

RESTRICTED = "the case is restricted: nothing is sent about it by e-mail"


@dataclass(frozen=True, slots=True)
class Carried:
    """One prompt of a message; ``unneeded`` says why it need not go any more."""

    prompt_id: int
    line: PromptLine
    unneeded: str | None
    restricted: bool


def carried(session: Session, message_id: str) -> list[Carried]:
    """Return the prompts a message carries, each with whether it is still needed now."""
    query = (
        select(
            Prompt.id,
            Prompt.rung,
            Prompt.rung_on,
            Prompt.due_on,
            Prompt.revision,
            Prompt.weight,
            Prompt.late_by_days,
            Prompt.recipient_role,
            Prompt.stands_in_for,
            Timescale.id.label("timescale_id"),
            Timescale.kind,
            Timescale.state,
            Timescale.revision.label("newest"),
            Case.reference,
            Case.restricted,
        )
        .join(Timescale, Timescale.id == Prompt.timescale_id)
        .join(Case, Case.id == Timescale.case_id)
        .where(Prompt.message_id == message_id, Prompt.withdrawn.is_(None))
        .order_by(Prompt.id)
    )
    return [
        Carried(
            row.id,
            PromptLine(
                row.kind,
                row.reference,
                row.due_on,
                row.rung,
                row.rung_on,
                row.late_by_days,
                row.weight,
                row.recipient_role,
                row.stands_in_for,
                row.timescale_id,
                row.revision,
            ),
            why_unneeded(row.rung, row.revision, row.state, row.newest),
            row.restricted,
        )
        for row in session.execute(query)
    ]


def why_unneeded(rung: str, revision: int, state: str, newest: int) -> str | None:
    """Return why a prompt need not go any more; None where it must.

    A prompt is needed while its timescale is open and its date has not moved; one that only informs always is.
    """
    if rung == IDENTIFIED:
        return None
    if state != State.OPEN:
        return f"{'closed as missed' if state == State.MISSED else state} before sending"
    return None if revision == newest else f"the date moved: revision {newest}"


def withdraw(session: Session, claim: Claim, unneeded: Sequence[Carried], as_at: datetime) -> None:
    """Mark prompts that need not go with the reason, and write that down."""
    by_reason: dict[str, list[int]] = defaultdict(list)
    for prompt in unneeded:
        by_reason[prompt.unneeded or ""].append(prompt.prompt_id)
    for reason, ids in by_reason.items():
        session.execute(
            update(Prompt).where(Prompt.id.in_(ids)).values(withdrawn=reason),
            execution_options={"synchronize_session": False},
        )
    entries = [
        Change(f"outbox/{claim.area}", "prompts-withdrawn", claim.id, None, {"reason": reason, "prompts": ids})
        for reason, ids in by_reason.items()
    ]
    append(session, entries, actor=ACTOR, at=as_at)


def set_apart(session: Session, claim: Claim, restricted: Sequence[Carried], as_at: datetime) -> None:
    """Move the prompts on restricted cases to a message of their own, withheld: the others need not wait for them."""
    new_id = uuid4().hex
    values = {"state": MessageState.WITHHELD.value, "reason": RESTRICTED}
    lines = [prompt.line for prompt in restricted]
    session.execute(
        insert(Message).values(
            id=new_id,
            kind=claim.kind,
            area=claim.area,
            recipient=claim.recipient,
            recipient_name=claim.recipient_name,
            subject=subject_of(claim, lines),
            header_id=f"<{new_id}@{claim.header_id.strip('<>').rpartition('@')[2]}>",
            created_at=as_at,
            not_before=claim.not_before,
            tries=0,
            **values,
        )
    )
    ids = ids_of(restricted)
    session.execute(
        update(Prompt).where(Prompt.id.in_(ids)).values(message_id=new_id),
        execution_options={"synchronize_session": False},
    )
    entry = change(new_id, claim.area, claim.was, values, ids, f"set apart from message {claim.id}")
    append(session, [entry], actor=ACTOR, at=as_at)


def subject_of(claim: Claim, lines: Sequence[PromptLine]) -> str:
    """Return the subject of a message for what is left of it, under the day from which it may go."""
    return subject_for(claim.kind, lines, london_date(claim.not_before))


def ids_of(prompts: Iterable[Carried]) -> list[int]:
    """Return the ids of prompts."""
    return [prompt.prompt_id for prompt in prompts]
