"""Seals over the whole audit trail: each covers every entry since the one before it, and that one.

A chain whose tail was cut and whose head was set back, and a chain that was removed whole, leave nothing behind in the
trail itself. A seal says how many entries there were, which chains had begun, and a hash over all of them in the order
of their numbers; it is keyed, and made once an hour by the audit. It costs what was written since the last one, and
no writer waits for it. The newest seal is told outside the database (``models.audit_witness``): who cuts the trail and
the seals with it cannot cut that.

The first seal covers what was there when keys came in: it proves that nothing of it was changed since, and nothing
about the time before.
"""

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from itertools import chain
from typing import Any

import orjson
from sqlalchemy import String, select, text
from sqlalchemy.orm import Mapped, Session, mapped_column

from models.audit import GENESIS, AuditEntry, broken_chains, keys_of
from models.audit_feed import settled_until
from models.audit_keys import Keys
from models.base import Base
from models.row_folds import Standing, fold
from models.row_seals import NOTE

FIRST, BY_THE_HOUR, ROTATION, RESTORE, UPGRADE, ACCEPTED = (
    "first",
    "audit",
    "rotation",
    "restore",
    "upgrade",
    "accepted",
)
ONE_SEALS = text("SELECT pg_advisory_xact_lock(6174)")
NAMED = 20


class AuditSeal(Base):
    """A seal: the entries with ids above those of the seal before it, up to ``until``.

    ``begun``: the chains whose first entry is among them. ``rows``: how the seals of the rows stand
    (``models.row_folds``). ``why``: at an audit, as the first of a record, when the key was changed, after an upgrade
    or a restore, or when rows were accepted as they are. ``hash`` covers all of it and the hash of the seal before,
    under ``key_id``.
    """

    __tablename__ = "audit_seal"

    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    at: Mapped[datetime]
    why: Mapped[str] = mapped_column(String(12))
    until: Mapped[int]
    entries: Mapped[int]
    digest: Mapped[str] = mapped_column(String(64))
    begun: Mapped[list[Any]]
    hash: Mapped[str] = mapped_column(String(64))
    key_id: Mapped[str] = mapped_column(String(16))
    rows: Mapped[dict[str, Any] | None]


class Segment:
    """The entries of one seal, counted and hashed as they are walked."""

    def __init__(self) -> None:
        """Begin with none."""
        self.entries = 0
        self.begun: list[str] = []
        self._hash = hashlib.sha256()

    def add(self, entry: Any) -> None:
        """Add the next entry by its id."""
        self.entries += 1
        if entry.seq == 1:
            self.begun.append(entry.chain)
        self._hash.update(f"{entry.chain}\n{entry.seq}\n{entry.hash}\n".encode())

    @property
    def digest(self) -> str:
        """Return the hash over all entries added so far."""
        return self._hash.hexdigest()


def newest_seal(session: Session) -> AuditSeal | None:
    """Return the newest seal; none of a record that was never sealed."""
    return session.scalar(select(AuditSeal).order_by(AuditSeal.number.desc()).limit(1))


def seal_hash(keys: Keys, previous: str, one: AuditSeal) -> str:
    """Return the hash of a seal under its key; ``KeyError`` of a key that is not here."""
    content = [one.number, one.at.astimezone(UTC), one.why, one.until, one.entries, one.digest, one.begun, one.key_id]
    if one.rows is not None:
        content.append(sorted(one.rows.items()))
    return keys.sign(one.key_id, previous.encode() + orjson.dumps(content))


def seal(
    session: Session, at: datetime, why: str = BY_THE_HOUR, resealed: dict[str, Any] | None = None
) -> AuditSeal | None:
    """Seal what was written since the last seal, in the session's transaction; return the seal.

    What transactions noted of the rows they touched is folded into the seals of the rows. ``resealed``: how these stand
    where all were sealed anew.

    None where an audit finds nothing new, or writers that do not come to an end: the next audit seals it.
    """
    if session.get_bind().dialect.name == "postgresql":
        session.execute(ONE_SEALS)
    last, until = newest_seal(session), settled_until(session)
    after = last.until if last else 0
    if until is None:
        return None
    rows = resealed or folded(session, last)
    if why == BY_THE_HOUR and last is not None and until <= after and rows == last.rows:
        return None
    segment = Segment()
    for entry in session.execute(entries_by_id(after, until)):
        segment.add(entry)
    keys = keys_of(session)
    one = AuditSeal(
        number=last.number + 1 if last else 1,
        at=at,
        why=why,
        until=max(until, after),
        entries=segment.entries,
        digest=segment.digest,
        begun=segment.begun,
        key_id=keys.current,
        rows=rows,
    )
    one.hash = seal_hash(keys, last.hash if last else GENESIS, one)
    session.add(one)
    session.flush()
    return one


def folded(session: Session, last: AuditSeal | None) -> dict[str, Any] | None:
    """Fold what was noted since the last seal, where rows are sealed; return how their seals stand."""
    if last is None or last.rows is None:
        return None
    until = settled_until(session, NOTE)
    # Writers that do not come to an end: the next seal has their notes.
    return (
        last.rows
        if until is None
        else fold(session.connection(), keys_of(session), Standing.of(last.rows), until).as_rows()
    )


def entries_by_id(after: int, until: int | None = None) -> Any:
    """Return the query of what a seal covers of each entry, in the order of their ids."""
    query = select(AuditEntry.id, AuditEntry.chain, AuditEntry.seq, AuditEntry.hash, AuditEntry.key_id)
    query = query.where(AuditEntry.id > after).order_by(AuditEntry.id).execution_options(yield_per=5000)
    return query if until is None else query.where(AuditEntry.id <= until)


def verify(session: Session) -> Iterator[str]:
    """Yield a sentence for each break of the trail, of its chains and of its seals; nothing when it holds."""
    yield from broken_chains(session)
    yield from broken_seals(session)


def broken_seals(session: Session, first: int = 1, last: int | None = None) -> Iterator[str]:
    """Yield a sentence for each seal that is not what its key says, or whose entries are not those it covers.

    ``first`` and ``last`` are numbers of seals: all, unless told otherwise.
    """
    keys = keys_of(session)
    query = select(AuditSeal).where(AuditSeal.number >= first - 2).order_by(AuditSeal.number)
    seals = session.scalars(query if last is None else query.where(AuditSeal.number <= last)).all()
    if not seals:
        yield "the trail was never sealed, or its seals are gone"
        return
    yield from seals_out_of_line(keys, seals, first)
    after = next((one.until for one in reversed(seals) if one.number < first), 0)
    entries = iter(session.execute(entries_by_id(after, None if last is None else seals[-1].until)))
    waiting = next(entries, None)
    for one in seals:
        if one.number < first:
            continue
        segment, wrong_keys = Segment(), []
        oldest = age_wanted(keys, seals, one.number)
        while waiting is not None and waiting.id <= one.until:
            segment.add(waiting)
            if keys.age(waiting.key_id) < oldest:
                wrong_keys.append(f"{waiting.chain} entry {waiting.seq}")
            waiting = next(entries, None)
        yield from differences(one, segment)
        yield from told_keys(wrong_keys)
    oldest = age_wanted(keys, seals, seals[-1].number + 1)
    rest = [] if waiting is None else chain([waiting], entries)
    yield from told_keys(f"{one.chain} entry {one.seq}" for one in rest if keys.age(one.key_id) < oldest)


def age_wanted(keys: Keys, seals: Sequence[AuditSeal], number: int) -> int:
    """Return the age that the key of an entry under a seal must have at least; -1: it may have none.

    What was in hand while the key was changed may have the old one: it counts from the second seal after the change.
    """
    if number == 1:
        return -1
    before = [one for one in seals if one.number <= max(1, number - 2)]
    return max((keys.age(one.key_id) for one in before[-1:]), default=0)


def told_keys(wrong: Iterable[str]) -> Iterator[str]:
    """Yield a sentence for each entry whose key was not in use any more."""
    for name in wrong:
        yield f"{name} was written without the key that was in use by then"


def seals_out_of_line(keys: Keys, seals: Sequence[AuditSeal], first: int) -> Iterator[str]:
    """Yield a sentence for each seal from ``first`` on that is missing, or not what its key says."""
    previous, number = GENESIS, 0
    for one in seals:
        if one.number < first:
            previous, number = one.hash, one.number
            continue
        if one.number != number + 1:
            yield f"seal {number + 1} is missing, the next is {one.number}"
        try:
            same = seal_hash(keys, previous, one) == one.hash
        except KeyError:
            same = False
        if not same:
            yield f"seal {one.number} of {one.at:%Y-%m-%d %H:%M} was not made with the key of this trail"
        previous, number = one.hash, one.number


def differences(one: AuditSeal, found: Segment) -> Iterator[str]:
    """Yield a sentence for what is not as it was sealed: a chain that is gone, entries more or fewer, or changed."""
    if (found.entries, found.digest) == (one.entries, one.digest):
        return
    what = f"seal {one.number} of {one.at:%Y-%m-%d %H:%M}"
    gone = sorted(set(one.begun) - set(found.begun))
    for name in gone[:NAMED]:
        yield f"{name}: the chain was there at {what}, and its beginning is gone"
    if len(gone) > NAMED:
        yield f"{len(gone) - NAMED:,} more chains were there at {what}, and are gone"
    if found.entries != one.entries:
        yield f"{what} covers {one.entries:,} entries, and there are {found.entries:,}"
    else:
        yield f"{what} covers entries that were changed, or put in the place of others"


def unproven(session: Session) -> int:
    """Return how many entries were there before the first seal: nothing is proven of the time before it."""
    first = session.get(AuditSeal, 1)
    return first.entries if first else 0
