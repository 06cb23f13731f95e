"""The audit trail: one entry a change, hash-chained, appended in the transaction of the change.

A chain belongs to a case (``case/12``), to a person before a case is open (``person/7``), or to shared
data (``directory/London``). Each entry's hash covers its content and the hash before it; the head of the
chain stands apart, so an entry cut from the end is noticed too. If an entry cannot be written, the
change fails with it (promise 7 of the design).
"""

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import orjson
from sqlalchemy import JSON, Index, String, bindparam, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from models.base import Base, table_of
from models.bulk import insert_many

GENESIS = "0" * 64
BATCH = 500
HASHED = ("chain", "seq", "at", "actor", "action", "subject", "before", "after")


class AuditEntry(Base):
    """One change: who, what, when, about what, before and after."""

    __tablename__ = "audit_entry"
    __table_args__ = (Index("uq_audit_entry_chain", "chain", "seq", unique=True),)

    id: Mapped[int] = mapped_column(primary_key=True)
    chain: Mapped[str] = mapped_column(String(80))
    seq: Mapped[int]
    at: Mapped[datetime]
    actor: Mapped[str] = mapped_column(String(120))
    action: Mapped[str] = mapped_column(String(60))
    subject: Mapped[str] = mapped_column(String(80))
    before: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    after: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    hash: Mapped[str] = mapped_column(String(64))


class AuditChain(Base):
    """The head of a chain: the number and hash of its last entry."""

    __tablename__ = "audit_chain"

    chain: Mapped[str] = mapped_column(String(80), primary_key=True)
    seq: Mapped[int]
    hash: Mapped[str] = mapped_column(String(64))


@dataclass(frozen=True, slots=True)
class Change:
    """A change to be written down. ``before`` and ``after`` hold plain values, dates included."""

    chain: str
    action: str
    subject: str
    before: dict[str, Any] | None = None
    after: dict[str, Any] | None = None


def entry_hash(previous: str, values: dict[str, Any]) -> str:
    """Return the hash of an entry: its content in one fixed writing, after the hash before it.

    Dates and moments are written as ISO 8601, so an entry read back from JSON has the same writing.
    """
    content = {key: values[key] for key in HASHED} | {"at": values["at"].astimezone(UTC)}
    text = orjson.dumps(content, option=orjson.OPT_SORT_KEYS | orjson.OPT_NON_STR_KEYS)
    return hashlib.sha256(previous.encode() + text).hexdigest()


def heads(session: Session, chains: Sequence[str]) -> dict[str, tuple[int, str]]:
    """Return (number, hash) of the last entry of each chain that has one, locked until the commit."""
    found: dict[str, tuple[int, str]] = {}
    for start in range(0, len(chains), BATCH):
        batch = sorted(chains[start : start + BATCH])
        query = select(AuditChain.chain, AuditChain.seq, AuditChain.hash).where(AuditChain.chain.in_(batch))
        for chain, seq, digest in session.execute(query.order_by(AuditChain.chain).with_for_update()):
            found[chain] = (seq, digest)
    return found


def append(session: Session, changes: Iterable[Change], *, actor: str, at: datetime) -> None:
    """Append an entry for each change to its chain, in the session's transaction.

    Two writers on one chain meet at its locked head (or at the unique number of a first entry): one of
    them waits or fails with its whole change, so a chain never forks.
    """
    by_chain: dict[str, list[Change]] = defaultdict(list)
    for change in changes:
        by_chain[change.chain].append(change)
    if not by_chain:
        return
    known = heads(session, list(by_chain))
    rows: list[dict[str, Any]] = []
    new_heads: list[dict[str, Any]] = []
    moved_heads: list[dict[str, Any]] = []
    for chain, chain_changes in by_chain.items():
        seq, digest = known.get(chain, (0, GENESIS))
        for change in chain_changes:
            seq += 1
            row = {
                "chain": chain,
                "seq": seq,
                "at": at,
                "actor": actor,
                "action": change.action,
                "subject": change.subject,
                "before": change.before,
                "after": change.after,
            }
            digest = entry_hash(digest, row)
            rows.append({**row, "hash": digest})
        (moved_heads if chain in known else new_heads).append({"chain": chain, "seq": seq, "hash": digest})
    insert_many(session, AuditEntry, rows)
    insert_many(session, AuditChain, new_heads)
    if moved_heads:
        heads_table = table_of(AuditChain)
        session.connection().execute(
            update(heads_table)
            .where(heads_table.c.chain == bindparam("of_chain"))
            .values(seq=bindparam("to_seq"), hash=bindparam("to_hash")),
            [{"of_chain": head["chain"], "to_seq": head["seq"], "to_hash": head["hash"]} for head in moved_heads],
        )


def verify(session: Session) -> Iterator[str]:
    """Yield a sentence for each break of a chain; nothing when the whole trail holds."""
    previous: tuple[str, int, str] = ("", 0, GENESIS)
    ends: dict[str, tuple[int, str]] = {}
    for entry in session.scalars(
        select(AuditEntry).order_by(AuditEntry.chain, AuditEntry.seq).execution_options(yield_per=2000)
    ):
        chain, seq, digest = previous if previous[0] == entry.chain else (entry.chain, 0, GENESIS)
        if entry.seq != seq + 1:
            yield f"{chain}: entry {seq + 1} is missing, the next is {entry.seq}"
        values = {
            column: getattr(entry, column)
            for column in ("chain", "seq", "at", "actor", "action", "subject", "before", "after")
        }
        if entry_hash(digest, values) != entry.hash:
            yield f"{chain}: entry {entry.seq} ({entry.action}) does not match its hash"
        previous = (chain, entry.seq, entry.hash)
        ends[chain] = (entry.seq, entry.hash)
        session.expunge(entry)
    for chain, seq, digest in session.execute(select(AuditChain.chain, AuditChain.seq, AuditChain.hash)):
        if ends.pop(chain, None) != (seq, digest):
            yield f"{chain}: the last entry should be number {seq}, and is not"
    for chain in ends:
        yield f"{chain}: the chain has entries but no head"
