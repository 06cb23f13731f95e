"""The audit trail: one entry a change, in a keyed chain, appended in the transaction of the change.

A chain belongs to a case (``case/12``), to a person before a case is open (``person/7``), or to shared
data (``directory/London``). Each entry's hash covers its content and the hash before it, under a key that is not in the
database (``models.audit_keys``); the head of the chain stands apart, so an entry cut from the end is noticed too, and
seals cover the whole trail (``models.audit_seals``). If an entry cannot be written, the change fails with it.

Entries of before there were keys have none, and a plain hash: the first seal covers them as they stood then.

Where a person is erased, the content of their entries is taken out and the hashes stay. A recomputed hash can then no
longer tell that nobody else did so: an entry of the chain ``erasures`` seals what is left of each erased chain, and
``verify`` holds the two against each other.
"""

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import groupby
from typing import Any

import orjson
from sqlalchemy import JSON, Index, String, bindparam, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from models.audit_keys import KeyFile, Keys
from models.base import Base, table_of
from models.bulk import insert_many

GENESIS = "0" * 64
ERASURES = "erasures"
BATCH = 500
HASHED = ("chain", "seq", "at", "actor", "action", "subject", "before", "after")


class AuditEntry(Base):
    """One change: who, what, when, about what, before and after.

    ``erased_at``: ``before`` and ``after`` were taken out then, as the data of the person were erased. ``key_id``: the
    name of the key of its hash; of an entry of before there were keys there is none.
    """

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
    key_id: Mapped[str | None] = mapped_column(String(16))
    erased_at: Mapped[datetime | None]


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


@dataclass(frozen=True, slots=True)
class Seal:
    """How many entries of a chain are erased, and a hash over all that is left of them, in their order."""

    entries: int = 0
    digest: str = GENESIS

    def with_entry(self, entry: Any) -> "Seal":
        """Return the seal with one erased entry more."""
        left = [entry.chain, entry.seq, entry.at, entry.actor, entry.action, entry.subject, entry.hash, entry.erased_at]
        text = orjson.dumps([value.astimezone(UTC) if isinstance(value, datetime) else value for value in left])
        return Seal(self.entries + 1, hashlib.sha256(self.digest.encode() + text).hexdigest())


NOT_ERASED = Seal()


def keys_of(session: Session) -> Keys:
    """Return the keys of the trail; ``AuditKeyError`` where this process does not have them."""
    file: KeyFile = session.info["audit_keys"]
    return file.keys()


def entry_hash(keys: Keys, key_id: str | None, previous: str, values: dict[str, Any]) -> str:
    """Return the hash of an entry: its content in one fixed writing, after the hash before it, under a key.

    Dates and moments are written as ISO 8601, so an entry read back from JSON has the same writing.
    """
    content = {key: values[key] for key in HASHED} | {"at": values["at"].astimezone(UTC)}
    text = orjson.dumps(content, option=orjson.OPT_SORT_KEYS | orjson.OPT_NON_STR_KEYS)
    if key_id is None:
        return hashlib.sha256(previous.encode() + text).hexdigest()
    return keys.sign(key_id, previous.encode() + text)


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
    keys = keys_of(session)
    key_id = keys.current
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
            digest = entry_hash(keys, key_id, digest, row)
            rows.append({**row, "hash": digest, "key_id": key_id})
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


def erase_chains(session: Session, chains: Sequence[str], subject: str, *, actor: str, at: datetime) -> None:
    """Take the content out of all entries of some chains, and seal what is left of them by an entry of ``erasures``."""
    locked = sorted(heads(session, chains))
    seals: dict[str, dict[str, Any]] = {}
    for chain in locked:
        seal = NOT_ERASED
        for entry in session.scalars(select(AuditEntry).where(AuditEntry.chain == chain).order_by(AuditEntry.seq)):
            entry.before, entry.after, entry.erased_at = None, None, entry.erased_at or at
            seal = seal.with_entry(entry)
        seals[chain] = {"entries": seal.entries, "digest": seal.digest}
    session.flush()
    append(session, [Change(ERASURES, "erased", subject, None, {"chains": seals})], actor=actor, at=at)


def seals_of(session: Session) -> dict[str, Seal]:
    """Return what erasures sealed, by chain; the last one of a chain counts."""
    found: dict[str, Seal] = {}
    for after in session.scalars(select(AuditEntry.after).where(AuditEntry.chain == ERASURES).order_by(AuditEntry.seq)):
        for chain, seal in (after or {}).get("chains", {}).items():
            found[chain] = Seal(seal["entries"], seal["digest"])
    return found


def holds(keys: Keys, entry: Any, previous: str) -> bool:
    """Tell whether an entry is what its hash says; an erased one has no content, and its seal says the rest.

    What was written with a key that is not among ``keys`` cannot be told from a forgery: it does not hold.
    """
    if entry.erased_at is not None:
        return entry.before is None and entry.after is None
    content = {name: getattr(entry, name) for name in HASHED}
    known = entry.key_id is None or entry.key_id in keys.by_name
    return known and entry_hash(keys, entry.key_id, previous, content) == str(entry.hash)


def broken_chains(session: Session) -> Iterator[str]:
    """Yield a sentence for each break of a chain; nothing when every chain holds."""
    keys = keys_of(session)
    ends: dict[str, tuple[int, str]] = {}
    seals = seals_of(session)
    walk = select(AuditEntry).order_by(AuditEntry.chain, AuditEntry.seq).execution_options(yield_per=2000)
    for chain, entries in groupby(session.scalars(walk), key=lambda entry: entry.chain):
        seq, digest, erased = 0, GENESIS, NOT_ERASED
        for entry in entries:
            if entry.seq != seq + 1:
                yield f"{chain}: entry {seq + 1} is missing, the next is {entry.seq}"
            if not holds(keys, entry, digest):
                yield f"{chain}: entry {entry.seq} ({entry.action}) does not match its hash"
            if entry.erased_at is not None:
                erased = erased.with_entry(entry)
            seq, digest = entry.seq, entry.hash
            session.expunge(entry)
        if erased != seals.pop(chain, NOT_ERASED):
            yield f"{chain}: {erased.entries} entries are erased, and they are not as an erasure left them"
        ends[chain] = (seq, digest)
    for chain in seals:
        yield f"{chain}: its entries were erased, and now there are none"
    yield from wrong_heads(session, ends)


def wrong_heads(session: Session, ends: dict[str, tuple[int, str]]) -> Iterator[str]:
    """Yield a sentence for each chain whose head is not its last entry; ``ends`` is used up."""
    for chain, seq, digest in session.execute(select(AuditChain.chain, AuditChain.seq, AuditChain.hash)):
        if ends.pop(chain, None) != (seq, digest):
            yield f"{chain}: the last entry should be number {seq}, and is not"
    for chain in ends:
        yield f"{chain}: the chain has entries but no head"
