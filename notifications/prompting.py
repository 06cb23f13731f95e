"""Raise what is due: rungs become prompts, prompts travel in messages (promises 1, 2 and 4 of the design).

In one transaction a rung is written as prompts, each in exactly one message; the ladder advances; the audit
entry is appended. The unique key of a prompt (timescale, revision, rung, recipient) lets no second one in.
"""

import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from functools import cache
from typing import Any

from sqlalchemy import Row, Select, bindparam, func, literal_column, select, update
from sqlalchemy.orm import Session

from models.audit import Change, append
from models.base import table_of
from models.bulk import insert_many
from models.cases import Case
from models.checkpoints import reached
from models.obligations import Message, Prompt, Timescale
from models.record import policies, working_calendar
from notifications.recipients import Directory, Recipient
from notifications.rendering import digest_subject, escalation_subject
from notifications.wording import IDENTIFIED, RESTRICTED
from policy.book import PolicyError
from policy.calendar import london_date, london_moment
from policy.vocabulary import MessageState, Role, State, Weight

ACTOR = "prompts"
# Unique by its left part alone; the right part only has to look like a domain.
MESSAGE_ID_DOMAIN = "mappa.local"
NOBODY = "nobody on the whole line has an address"


@dataclass(slots=True)
class Raised:
    """One rung raised to one recipient, not yet written."""

    row: Any
    rung: str
    rung_on: date
    weight: str
    recipient: Recipient | None
    role: str
    late_by_days: int
    message_id: str = ""

    @property
    def email(self) -> str:
        """The address, "" where there is nobody."""
        return self.recipient.email if self.recipient else ""


class Addresses:
    """Whom the prompts of one batch go to: the directory of the day, and the line above each role."""

    def __init__(self, session: Session, areas: set[str], today: date) -> None:
        """Read the directory of these areas as it holds on the day."""
        self.directory = Directory(session, areas, today)
        self.today = today
        self._book = policies(session)
        self._fallbacks: dict[tuple[str, str], Mapping[Role, tuple[Role, ...]]] = {}

    def fallback_of(self, version: str, area: str) -> Mapping[Role, tuple[Role, ...]]:
        """Return the lines of the policy a timescale was computed with.

        A policy that somebody took out of the folder must not silence what runs under it: the area's present
        one then tells who comes next.
        """
        key = (version, area)
        if key not in self._fallbacks:
            try:
                policy = self._book.version(version)
            except PolicyError:
                policy = self._book.for_area(area, self.today)
            self._fallbacks[key] = policy.fallback
        return self._fallbacks[key]


@dataclass(slots=True)
class Batch:
    """What one transaction raises."""

    raised: list[Raised] = field(default_factory=list)
    ladders: list[dict[str, Any]] = field(default_factory=list)


# Plain columns of the tables: a sweep reads ten thousand rows, and entities would double its time.
TIMESCALES, CASES = table_of(Timescale), table_of(Case)
OF_THE_TIMESCALE = (
    "id",
    "case_id",
    "kind",
    "revision",
    "due_on",
    "owner_agency",
    "next_rung",
    "ladder",
    "policy_version",
)
OF_THE_CASE = (
    "reference",
    "area",
    "unit",
    "lead_agency",
    "prison",
    "restricted",
    "offender_manager",
    "offender_manager_email",
    "line_manager_email",
    "police_offender_manager",
    "police_offender_manager_email",
)


def with_case() -> Select[Any]:
    """Return the query of timescales with what their case says about recipients."""
    columns = [TIMESCALES.c[name] for name in OF_THE_TIMESCALE] + [CASES.c[name] for name in OF_THE_CASE]
    return select(*columns).join_from(TIMESCALES, CASES).order_by(TIMESCALES.c.id)


def waiting(session: Session, as_at: datetime, area: str | None = None, limit: int | None = None) -> list[int]:
    """Return the ids of timescales with a rung due: ``open and next_prompt_at <= now``, the oldest first."""
    query = whose_turn(area is not None)
    if limit is not None:
        query = query.limit(limit)
    return list(session.scalars(query, {"as_at": as_at, "of_area": area}))


@cache
def whose_turn(of_one_area: bool) -> Select[tuple[int]]:
    """Return the query behind ``waiting``, built once: it runs every few seconds for ever.

    The state is written out, not bound, so that SQLite can see that the partial index covers it.
    """
    due = (TIMESCALES.c.state == literal_column("'open'"), TIMESCALES.c.next_prompt_at <= bindparam("as_at"))
    query = select(TIMESCALES.c.id).where(*due)
    if of_one_area:
        query = query.join_from(TIMESCALES, CASES).where(CASES.c.area == bindparam("of_area"))
    return query.order_by(TIMESCALES.c.next_prompt_at, TIMESCALES.c.id)


def raise_due(session: Session, ids: Sequence[int], as_at: datetime) -> dict[int, tuple[str, int]]:
    """Raise every rung that is due on these timescales; return (case reference, prompts) by timescale.

    A rung whose day went by is raised all the same, once, and says how late it is. A timescale that
    another process has taken, met or moved meanwhile is left alone.
    """
    query = (
        with_case()
        .where(TIMESCALES.c.id.in_(ids), TIMESCALES.c.state == State.OPEN, TIMESCALES.c.next_prompt_at <= as_at)
        .with_for_update(of=TIMESCALES, skip_locked=True)
    )
    rows = session.connection().execute(query).all()
    reached("sweep.rows_read")
    addresses = Addresses(session, {row.area for row in rows}, london_date(as_at))
    batch = Batch()
    for row in rows:
        climb(row, addresses, as_at, batch)
    queue_messages(session, batch.raised, as_at)
    reached("sweep.messages_queued")
    write_prompts(session, batch.raised, as_at)
    reached("sweep.prompts_written")
    if batch.ladders:
        session.connection().execute(
            update(TIMESCALES)
            .where(TIMESCALES.c.id == bindparam("key"))
            .values(next_rung=bindparam("rung_index"), next_prompt_at=bindparam("prompt_at")),
            batch.ladders,
        )
    reached("sweep.ladders_advanced")
    append(session, audit_entries(batch.raised), actor=ACTOR, at=as_at)
    reached("sweep.audited")
    counts = {row.id: [row.reference, 0] for row in rows}
    for raised in batch.raised:
        counts[raised.row.id][1] += 1
    return {key: (str(reference), int(count)) for key, (reference, count) in counts.items()}


def climb(row: Row[Any], addresses: Addresses, as_at: datetime, batch: Batch) -> None:
    """Add the due rungs of one timescale to the batch, and where its ladder stands afterwards."""
    index = row.next_rung
    prompt_at: datetime | None = None
    while index < len(row.ladder):
        step = row.ladder[index]
        at = datetime.fromisoformat(step["at"])
        if at > as_at:
            prompt_at = at
            break
        batch.raised += addressed(
            row, step["rung"], date.fromisoformat(step["on"]), step["to"], step["weight"], addresses
        )
        index += 1
    batch.ladders.append({"key": row.id, "rung_index": index, "prompt_at": prompt_at})


def addressed(
    row: Any, rung: str, rung_on: date, roles: Iterable[str], weight: str, addresses: Addresses
) -> list[Raised]:
    """Return one rung for each of its recipients; two roles that lead to one address make one prompt."""
    found: dict[str, Raised] = {}
    late = max(0, (addresses.today - rung_on).days)
    agency = row.lead_agency if row.owner_agency == "lead_agency" else row.owner_agency
    fallback = addresses.fallback_of(row.policy_version, row.area)
    for role in roles:
        recipient = addresses.directory.resolve(row, role, agency, fallback)
        raised = Raised(row, rung, rung_on, weight, recipient, role, late)
        found.setdefault(raised.email, raised)
    return list(found.values())


def announce_identified(session: Session, timescale_ids: Sequence[int], as_at: datetime) -> None:
    """Tell the coordinator of cases just identified: one prompt each, in the day's digest.

    Announcing twice is not possible: a timescale that has been announced at this revision is left out.
    """
    announced = select(Prompt.timescale_id).where(
        Prompt.timescale_id.in_(timescale_ids), Prompt.rung == IDENTIFIED, Prompt.revision == TIMESCALES.c.revision
    )
    session.flush()
    query = with_case().where(TIMESCALES.c.id.in_(timescale_ids), TIMESCALES.c.id.not_in(announced))
    rows = session.connection().execute(query).all()
    today = london_date(as_at)
    addresses = Addresses(session, {row.area for row in rows}, today)
    raised = [
        prompt
        for row in rows
        for prompt in addressed(row, IDENTIFIED, today, [Role.COORDINATOR], Weight.REMINDER, addresses)
    ]
    queue_messages(session, raised, as_at)
    write_prompts(session, raised, as_at)
    append(session, audit_entries(raised), actor=ACTOR, at=as_at)


def queue_messages(session: Session, raised: Sequence[Raised], as_at: datetime) -> None:
    """Give every prompt the message that carries it, new or still waiting.

    Reminders gather in one digest a recipient a working day; escalations raised by one sweep for one
    recipient share a message, which goes at once. What must not go out stands alone, visible, withheld.
    """
    new: list[dict[str, Any]] = []
    grown: list[dict[str, Any]] = []
    groups: dict[tuple[str, str, str], list[Raised]] = {}
    for prompt in raised:
        if prompt.recipient is None or prompt.row.restricted:
            why = NOBODY if prompt.recipient is None else RESTRICTED
            new.append(message_row([prompt], as_at, as_at, None, why))
            prompt.message_id = new[-1]["id"]
        else:
            groups.setdefault((prompt.weight, prompt.row.area, prompt.email), []).append(prompt)
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
                grown.append({"key": message.id, "text": subject_of(prompts, not_before, message.carries)})
                break
        else:
            new.append(message_row(prompts, as_at, as_at, None, None))
            join(prompts, new[-1]["id"])
    insert_many(session, Message, new)
    if grown:
        table = table_of(Message)
        session.connection().execute(
            update(table).where(table.c.id == bindparam("key")).values(subject=bindparam("text")), grown
        )


def subject_of(prompts: Sequence[Raised], not_before: datetime, carried: int = 0) -> str:
    """Return the subject of a message that carries these prompts beside ``carried`` others."""
    if prompts[0].weight == Weight.REMINDER:
        return digest_subject(carried + len(prompts), london_date(not_before))
    return escalation_subject([(p.row.kind, p.row.reference) for p in prompts])


def join(prompts: Iterable[Raised], message_id: str) -> None:
    """Put prompts in a message."""
    for prompt in prompts:
        prompt.message_id = message_id


def slot_keys(session: Session, group: tuple[str, str, str], as_at: datetime) -> list[tuple[str, datetime]]:
    """Return the gather keys a group of prompts may use, the best first, each with when it may leave.

    Nothing leaves before the policy's hour. A digest that has already left takes nothing more: what comes
    later that day waits for the next working day's.
    """
    weight, area, email = group
    today = london_date(as_at)
    hour = time(policies(session).for_area(area, today).prompting.from_hour)
    if weight == Weight.ESCALATION:
        opening = max(as_at, london_moment(today, hour))
        return [(f"escalation|{area}|{email}|{as_at.isoformat()}", opening)]
    calendar = working_calendar(session)
    days = [calendar.on_or_after(today)]
    days.append(calendar.add_working_days(days[0], 1))
    return [(f"digest|{area}|{email}|{day.isoformat()}", max(as_at, london_moment(day, hour))) for day in days]


def messages_by_key(session: Session, keys: Sequence[str]) -> dict[str, Row[Any]]:
    """Return the messages that gather under the keys, locked so that none leaves while it is added to."""
    found = {}
    for start in range(0, len(keys), 500):
        carries = select(func.count(Prompt.id)).where(Prompt.message_id == Message.id).scalar_subquery()
        query = (
            select(Message.gather_key, Message.id, Message.state, carries.label("carries"))
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
    kind = "digest" if first.weight == Weight.REMINDER else "escalation"
    message_id = uuid.uuid4().hex
    return {
        "id": message_id,
        "kind": kind,
        "area": first.row.area,
        "recipient": first.email,
        "recipient_name": first.recipient.name if first.recipient else None,
        "subject": subject_of(prompts, not_before),
        "gather_key": key,
        "header_id": f"<{message_id}@{MESSAGE_ID_DOMAIN}>",
        "state": MessageState.WITHHELD if withheld else MessageState.PENDING,
        "reason": withheld,
        "tries": 0,
        "created_at": as_at,
        "not_before": not_before,
    }


def write_prompts(session: Session, raised: Sequence[Raised], as_at: datetime) -> None:
    """Write the prompts."""
    rows = [
        {
            "timescale_id": p.row.id,
            "revision": p.row.revision,
            "rung": p.rung,
            "rung_on": p.rung_on,
            "due_on": p.row.due_on,
            "weight": p.weight,
            "recipient": p.email,
            "recipient_role": p.recipient.role if p.recipient else p.role,
            "stands_in_for": p.recipient.stands_in_for if p.recipient else None,
            "raised_at": as_at,
            "late_by_days": p.late_by_days,
            "message_id": p.message_id,
        }
        for p in raised
    ]
    insert_many(session, Prompt, rows)


def audit_entries(raised: Sequence[Raised]) -> list[Change]:
    """Return one audit entry a timescale: which rungs went to whom, in which message."""
    by_timescale: dict[int, tuple[Any, list[list[str]]]] = {}
    for prompt in raised:
        _, told = by_timescale.setdefault(prompt.row.id, (prompt.row, []))
        told.append([prompt.rung, prompt.email, prompt.message_id])
    return [
        Change(
            f"case/{row.case_id}",
            "prompts-raised",
            f"timescale {key}",
            after={"kind": row.kind, "revision": row.revision, "prompts": told},
        )
        for key, (row, told) in by_timescale.items()
    ]
