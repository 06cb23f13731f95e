"""From raised prompts to the messages that carry them, each prompt in exactly one."""

import uuid
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Row, bindparam, func, select, update
from sqlalchemy.orm import Session

from models.base import table_of
from models.bulk import insert_many
from models.cases import Case
from models.obligations import Message, Prompt, Timescale
from models.record import policies, working_calendar
from notifications.letters.subjects import Item, subject_of
from notifications.moments import leaves_at, opening_hour
from notifications.prompts.raising import Raised
from notifications.recipients import RESTRICTED
from policy.calendar import london_date
from policy.letters import MessageKind
from policy.stuck import next_list_day
from policy.take_on import TAKE_ON
from policy.vocabulary import MessageState

# Unique by its left part alone; the right part only has to look like a domain.
MESSAGE_ID_DOMAIN = "mappa.local"
# Messages that several prompts for one recipient share.
SHARED = frozenset({MessageKind.DIGEST, MessageKind.ESCALATION, MessageKind.ACTIONS, MessageKind.STUCK_LIST})
Group = tuple[str, str, str, str]
"""What prompts in one message share: its kind, area and address, and for a letter what it is about."""
NOBODY = "nobody on the whole line has an address"


def queue_messages(session: Session, raised: Sequence[Raised], as_at: datetime) -> None:
    """Give every prompt the message that carries it, new or still waiting.

    Reminders gather in one digest a recipient a working day; escalations raised by one sweep for one
    recipient share a message, which goes at once, and so do actions. Every other letter is about one thing, and goes
    once a day to a reader however many rungs of that thing ask for it; what happened on one case is one thing. What
    must not go out stands alone, visible, withheld; only a list of what is stuck takes in restricted cases, which it
    counts and does not name.
    """
    new: list[dict[str, Any]] = []
    grown: list[tuple[str, list[Raised], datetime]] = []
    groups: dict[Group, list[Raised]] = {}
    for prompt in raised:
        withheld = prompt.row.restricted and prompt.message != MessageKind.STUCK_LIST
        if prompt.recipient is None or withheld:
            why = NOBODY if prompt.recipient is None else RESTRICTED
            leaves = leaves_at(session, prompt.row.area, as_at)
            new.append(message_row([prompt], as_at, leaves, None, why))
            prompt.message_id = new[-1]["id"]
        else:
            groups.setdefault((prompt.message, prompt.row.area, prompt.email, about(prompt)), []).append(prompt)
    slots = {group: slot_keys(session, group, as_at) for group in groups}
    taken = messages_by_key(session, [key for keys in slots.values() for key, _ in keys])
    for group, prompts in groups.items():
        for key, not_before in slots[group]:
            message = taken.get(key)
            if message is None:
                new.append(message_row(prompts, as_at, not_before, key, None))
                join(prompts, new[-1]["id"])
                break
            if message.state == MessageState.PENDING:
                join(prompts, message.id)
                grown.append((message.id, prompts, not_before))
                break
        else:
            new.append(message_row(prompts, as_at, slots[group][0][1], None, None))
            join(prompts, new[-1]["id"])
    insert_many(session, Message, new)
    if grown:
        carried = carried_by(session, [message_id for message_id, _, _ in grown])
        table = table_of(Message)
        session.connection().execute(
            update(table).where(table.c.id == bindparam("key")).values(subject=bindparam("text")),
            [{"key": key, "text": subject_line(more, leaves, carried.get(key, ()))} for key, more, leaves in grown],
        )


def about(prompt: Raised) -> str:
    """Return what the letter that carries a prompt is about: a case for events, else a timescale; "" for what shares.

    The list with which an area begins stands apart from that of the week, which may have left already.

    A charge and the case review that it asks for, or two events of a morning, are one letter to one reader.
    """
    if prompt.rung == TAKE_ON:
        return f"{TAKE_ON} {prompt.row.area}"
    if prompt.message in SHARED:
        return ""
    return f"case {prompt.row.case_id}" if prompt.message == MessageKind.EVENT else str(prompt.row.id)


def subject_line(prompts: Sequence[Raised], not_before: datetime, carried: Iterable[Item] = ()) -> str:
    """Return the subject of a message that carries these prompts beside what it has ``carried`` already."""
    return subject_of(prompts[0].message, [*carried, *map(item_of, prompts)], london_date(not_before))


def item_of(prompt: Raised) -> Item:
    """Return a prompt as a subject needs it."""
    row, recipient = prompt.row, prompt.recipient
    audience = (recipient.stands_in_for or recipient.role) if recipient else prompt.role
    return Item(row.id, row.kind, row.reference, row.due_on, prompt.rung, row.label, audience, row.restricted)


def carried_by(session: Session, message_ids: Sequence[str]) -> dict[str, list[Item]]:
    """Return what each message carries already, so that its subject names the old with the new."""
    query = (
        select(
            Prompt.message_id,
            Timescale.id,
            Timescale.kind,
            Case.reference,
            Prompt.due_on,
            Prompt.rung,
            Timescale.label,
            func.coalesce(Prompt.stands_in_for, Prompt.recipient_role),
            Case.restricted,
        )
        .join(Timescale, Timescale.id == Prompt.timescale_id)
        .join(Case, Case.id == Timescale.case_id)
        .order_by(Prompt.id)
    )
    found: dict[str, list[Item]] = {}
    for start in range(0, len(message_ids), 500):
        of_these = Prompt.message_id.in_(message_ids[start : start + 500])
        for row in session.execute(query.where(of_these, Prompt.withdrawn.is_(None))):
            found.setdefault(row[0], []).append(Item(*row[1:]))
    return found


def join(prompts: Iterable[Raised], message_id: str) -> None:
    """Put prompts in a message."""
    for prompt in prompts:
        prompt.message_id = message_id


def slot_keys(session: Session, group: Group, as_at: datetime) -> list[tuple[str, datetime]]:
    """Return the gather keys a group of prompts may use, the best first, each with when it may leave.

    Nothing leaves on a day that is no working day, nor before the policy's hour. A digest that has already left takes
    nothing more: what comes later that day waits for the next working day's.
    """
    kind, area, email, what = group
    if kind == MessageKind.STUCK_LIST and not what:
        return list_slots(session, group, as_at)
    leaves = leaves_at(session, area, as_at)
    day = london_date(leaves)
    if what:
        return [(f"{kind}|{email}|{what}|{day.isoformat()}", leaves)]
    if kind != MessageKind.DIGEST:
        return [(f"{kind}|{area}|{email}|{leaves.isoformat()}", leaves)]
    next_day = working_calendar(session).add_working_days(day, 1)
    days = ((day, leaves), (next_day, opening_hour(session, area, next_day)))
    return [(f"{kind}|{area}|{email}|{on.isoformat()}", not_before) for on, not_before in days]


def list_slots(session: Session, group: Group, as_at: datetime) -> list[tuple[str, datetime]]:
    """Return the keys of the lists of what is stuck, this week's and the next: one e-mail a week for area and reader.

    The list of this week leaves on a working day; where that one has left already, what comes later is in the next.
    """
    kind, area, email, _ = group
    leaves = leaves_at(session, area, as_at)
    day = london_date(leaves)
    rule = policies(session).for_area(area, day).stuck_list
    following = next_list_day(day, rule, working_calendar(session))
    slots = ((day, leaves), (following, opening_hour(session, area, following)))
    return [("{}|{}|{}|{}-W{:02d}".format(kind, area, email, *on.isocalendar()), moment) for on, moment in slots]


def messages_by_key(session: Session, keys: Sequence[str]) -> dict[str, Row[str | None, str, str]]:
    """Return the messages that gather under the keys, locked so that none leaves while it is added to."""
    found: dict[str, Row[str | None, str, str]] = {}
    for start in range(0, len(keys), 500):
        query = (
            select(Message.gather_key, Message.id, Message.state)
            .where(Message.gather_key.in_(keys[start : start + 500]))
            .with_for_update(of=Message)
        )
        for row in session.execute(query):
            found[str(row.gather_key)] = row
    return found


def message_row(
    prompts: Sequence[Raised], as_at: datetime, not_before: datetime, key: str | None, withheld: str | None
) -> dict[str, Any]:
    """Return a new message for prompts that share a recipient and a weight."""
    first = prompts[0]
    message_id = uuid.uuid4().hex
    return {
        "id": message_id,
        "kind": first.message,
        "area": first.row.area,
        "recipient": first.email,
        "recipient_name": first.recipient.name if first.recipient else None,
        "subject": subject_line(prompts, not_before),
        "gather_key": key,
        "header_id": f"<{message_id}@{MESSAGE_ID_DOMAIN}>",
        "state": MessageState.WITHHELD if withheld else MessageState.PENDING,
        "reason": withheld,
        "tries": 0,
        "created_at": as_at,
        "not_before": not_before,
    }
