"""What a message still has to say at the moment of sending, and whether it may say it."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import uuid4

from sqlalchemy import bindparam, func, insert, select, update
from sqlalchemy.orm import Session

from models.audit import Change
from models.cases import Case
from models.hand_overs import HandOver
from models.obligations import Message, Prompt, Timescale
from models.pauses import Pause
from notifications.claim import Claim
from notifications.letters.lines import PromptLine
from notifications.letters.rendering import subject_for
from notifications.outbox.outcomes import change
from notifications.recipients import RESTRICTED
from policy.announcements import INFORMING, announcement_of
from policy.calendar import london_date
from policy.vocabulary import MessageState, State

# The columns of a prompt line in its order, then what decides whether it goes. Built once: it runs for every message.
PROMPTS = (
    select(
        Timescale.kind,
        Case.reference,
        Prompt.due_on,
        Prompt.rung,
        Prompt.rung_on,
        Prompt.late_by_days,
        Prompt.weight,
        Prompt.recipient_role,
        Prompt.stands_in_for,
        Timescale.id,
        Prompt.revision,
        Timescale.label,
        Timescale.subject,
        Prompt.recipient,
        Prompt.raised_at,
        select(func.max(Pause.ended_on))
        .where(
            Pause.timescale_id == Prompt.timescale_id,
            Pause.revision == Prompt.revision,
            Pause.ended_on > Prompt.rung_on,
        )
        .scalar_subquery(),
        func.coalesce(HandOver.name, ""),
        func.coalesce(HandOver.email, ""),
        HandOver.until,
        Prompt.message_id,
        Prompt.id,
        Timescale.state,
        Timescale.next_prompt_at,
        Timescale.revision,
        Case.restricted,
        Case.level,
        func.coalesce(func.nullif(Prompt.first_recipient, ""), HandOver.email, Prompt.recipient),
    )
    .join(Timescale, Timescale.id == Prompt.timescale_id)
    .join(Case, Case.id == Timescale.case_id)
    .outerjoin(HandOver, HandOver.id == Prompt.hand_over_id)
    .where(Prompt.message_id.in_(bindparam("message_ids", expanding=True)), Prompt.withdrawn.is_(None))
    .order_by(Prompt.id)
)


@dataclass(frozen=True, slots=True)
class Carried:
    """One prompt of a message; ``unneeded`` says why it need not go any more.

    ``first``: who was asked first; of a prompt that went to a colleague, whoever is away. ``paused_until``: when the
    pause ends of the duty whose rung it is; None where that is not paused.
    """

    prompt_id: int
    line: PromptLine
    unneeded: str | None
    restricted: bool
    first: str
    paused_until: datetime | None = None


def carried(session: Session, message_ids: Sequence[str]) -> dict[str, list[Carried]]:
    """Return the prompts each message carries, in one query, each with whether it is still needed now."""
    contents: dict[str, list[Carried]] = {message_id: [] for message_id in message_ids}
    if not contents:
        return contents
    for row in session.execute(PROMPTS, {"message_ids": list(contents)}):
        *line, message_id, prompt_id, state, next_at, newest, restricted, level, first = row
        prompt = replace(PromptLine(*line), restricted=restricted, level=level)
        unneeded = why_unneeded(prompt.rung, prompt.revision, state, newest)
        # What is announced (that it was paused, an invitation) is no rung, and goes.
        paused_until = next_at if state == State.PAUSED and announcement_of(prompt.rung) is None else None
        contents[message_id].append(Carried(prompt_id, prompt, unneeded, restricted, first, paused_until))
    return contents


def why_unneeded(rung: str, revision: int, state: str, newest: int) -> str | None:
    """Return why a prompt need not go any more; None where it must.

    A prompt is needed while its timescale is open or paused and its date has not moved; one that only informs always
    is.
    """
    if rung.partition(" ")[0] in INFORMING:
        return None
    if state not in (State.OPEN, State.PAUSED):
        return f"{'closed as missed' if state == State.MISSED else state} before sending"
    return None if revision == newest else f"the date moved: revision {newest}"


def withdraw(session: Session, claim: Claim, unneeded: Sequence[Carried]) -> list[Change]:
    """Mark prompts that need not go with the reason; return what to write down."""
    by_reason: dict[str, list[int]] = defaultdict(list)
    for prompt in unneeded:
        by_reason[prompt.unneeded or ""].append(prompt.prompt_id)
    for reason, ids in by_reason.items():
        session.execute(
            update(Prompt).where(Prompt.id.in_(ids)).values(withdrawn=reason),
            execution_options={"synchronize_session": False},
        )
    return [
        Change(f"outbox/{claim.area}", "prompts-withdrawn", claim.id, None, {"reason": reason, "prompts": ids})
        for reason, ids in by_reason.items()
    ]


def set_apart(
    session: Session,
    claim: Claim,
    apart: Sequence[Carried],
    as_at: datetime,
    state: MessageState = MessageState.WITHHELD,
    reason: str | None = RESTRICTED,
    to: tuple[str, str | None] | None = None,
    not_before: datetime | None = None,
) -> Change:
    """Move prompts to a message of their own: on a restricted case they are withheld, and the others need not wait.

    ``to``: the address and name of somebody else who gets them. ``not_before``: when they may leave, if later. Returns
    what to write down.
    """
    new_id = uuid4().hex
    recipient, recipient_name = to or (claim.recipient, claim.recipient_name)
    values = {"state": state.value, "reason": reason}
    lines = [prompt.line for prompt in apart]
    session.execute(
        insert(Message).values(
            id=new_id,
            kind=claim.kind,
            area=claim.area,
            recipient=recipient,
            recipient_name=recipient_name,
            subject=subject_line(claim, lines),
            header_id=f"<{new_id}@{claim.header_id.strip('<>').rpartition('@')[2]}>",
            created_at=as_at,
            not_before=not_before or claim.not_before,
            tries=0,
            **values,
        )
    )
    ids = ids_of(apart)
    session.execute(
        update(Prompt).where(Prompt.id.in_(ids)).values(message_id=new_id),
        execution_options={"synchronize_session": False},
    )
    return change(new_id, claim.area, claim.was, values, ids, f"set apart from message {claim.id}")


def subject_line(claim: Claim, lines: Sequence[PromptLine]) -> str:
    """Return the subject of a message for what is left of it, under the day from which it may go."""
    return subject_for(claim.kind, lines, london_date(claim.not_before))


def ids_of(prompts: Iterable[Carried]) -> list[int]:
    """Return the ids of prompts."""
    return [prompt.prompt_id for prompt in prompts]
