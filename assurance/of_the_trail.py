"""The audit trail looked at by the hour: its shape whole, its contents in parts (``audit.verify`` walks all of it).

What is cut out, added or cut off anywhere shows in the shape at once, by counts and heads alone. A changed content
shows in its hash only, and hashing a whole trail takes minutes: so the newest entries are hashed at every run, and
of the older ones a part, the next part at the next run, until all have had their turn. Of an erased entry the seal is
looked at, with all erased entries of its chain. The newest seals are checked with all that they cover, older ones in
parts too, and every seal that was told outside is looked for. Once a day every row is held against its seal.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import Session, aliased

from assurance.findings import Findings, findings_of, gathered
from assurance.settings import AssuranceSettings
from models.assurance import AssuranceRun
from models.audit import (
    BATCH,
    GENESIS,
    HASHED,
    NOT_ERASED,
    AuditChain,
    AuditEntry,
    Seal,
    holds,
    keys_of,
    seals_of,
)
from models.audit_seals import AuditSeal, broken_seals
from models.audit_witness import contradicted, told
from models.base import table_of
from models.record import settings_of, usual_witness
from models.row_checks import check_rows, newest_check

NEWEST = 2000
PART = 5000
SEALS = 24
CHECKED_EVERY = timedelta(hours=20)
ENTRY, HEAD = table_of(AuditEntry), table_of(AuditChain)


def misshapen_chains(session: Session) -> Findings:
    """Return the chains whose entries are not 1, 2, 3 … up to their head."""
    counted = (
        select(
            ENTRY.c.chain,
            func.count().label("entries"),
            func.min(ENTRY.c.seq).label("first"),
            func.max(ENTRY.c.seq).label("last"),
        )
        .group_by(ENTRY.c.chain)
        .subquery()
    )
    end = ENTRY.alias()
    misshapen = (
        select(counted.c.chain)
        .outerjoin(HEAD, HEAD.c.chain == counted.c.chain)
        .outerjoin(end, and_(end.c.chain == counted.c.chain, end.c.seq == counted.c.last))
        .where(
            or_(
                counted.c.first != 1,
                counted.c.entries != counted.c.last,
                HEAD.c.seq.is_distinct_from(counted.c.last),
                HEAD.c.hash.is_distinct_from(end.c.hash),
            )
        )
    )
    headless = select(HEAD.c.chain).where(~select(ENTRY.c.id).where(ENTRY.c.chain == HEAD.c.chain).exists())
    return findings_of(session, select(misshapen.union_all(headless).subquery().c.chain))


def altered_entries(session: Session) -> Findings:
    """Return the entries whose content does not match their hash: of the newest, and of the part whose turn it is."""
    newest = session.scalar(select(func.max(AuditEntry.id))) or 0
    turn = session.scalar(select(func.max(AssuranceRun.id))) or 0
    recent = max(0, newest - NEWEST)
    start = turn % (recent // PART + 1) * PART
    found = [*altered(session, start, min(start + PART, recent)), *altered(session, recent, newest)]
    return gathered(list(dict.fromkeys(found)))


def altered(session: Session, after: int, to: int) -> Iterator[str]:
    """Yield the entries with ids in a range that do not match their hash, as chain and number.

    Of erased ones the chain is told, where they are not as an erasure left them.
    """
    before = aliased(AuditEntry)
    keys = keys_of(session)
    columns = [getattr(AuditEntry, name) for name in (*HASHED, "hash", "key_id", "erased_at")]
    query = (
        select(*columns, before.hash.label("previous"))
        .outerjoin(before, and_(before.chain == AuditEntry.chain, before.seq == AuditEntry.seq - 1))
        .where(AuditEntry.id > after, AuditEntry.id <= to)
        .order_by(AuditEntry.id)
    )
    erased = set()
    for row in session.execute(query):
        if not holds(keys, row, row.previous or GENESIS):
            yield f"{row.chain} entry {row.seq}"
        if row.erased_at is not None:
            erased.add(row.chain)
    yield from wrongly_erased(session, sorted(erased))


def wrongly_erased(session: Session, chains: list[str]) -> Iterator[str]:
    """Yield those of some chains whose erased entries are not as an erasure left them."""
    seals = seals_of(session) if chains else {}
    for start in range(0, len(chains), BATCH):
        batch = chains[start : start + BATCH]
        found: dict[str, Seal] = dict.fromkeys(batch, NOT_ERASED)
        query = select(AuditEntry).where(AuditEntry.chain.in_(batch), AuditEntry.erased_at.is_not(None))
        for entry in session.scalars(query.order_by(AuditEntry.chain, AuditEntry.seq)):
            found[entry.chain] = found[entry.chain].with_entry(entry)
        yield from (f"{chain} erased entries" for chain, seal in found.items() if seal != seals.get(chain))


def altered_rows(session: Session, as_at: datetime) -> Findings:
    """Return what the last check of all rows found that was not as the program wrote it (``check_when_due``)."""
    last = newest_check(session, as_at)
    return Findings() if last is None else Findings(tuple(last.named), last.faults)


def check_when_due(session: Session, as_at: datetime) -> None:
    """Check all rows where nobody has for most of a day, or the last check found something: it may be mended."""
    last = newest_check(session, as_at)
    if last is None or last.faults or as_at - last.checked_at >= CHECKED_EVERY:
        check_rows(session, as_at)


def witness_file(session: Session) -> Path | None:
    """Return the file to which the seals of the record are told; None where there is none."""
    given = settings_of(session, AssuranceSettings).audit_witness_file
    return given or usual_witness(session.get_bind().engine.url.render_as_string())


def broken_trail(session: Session) -> Findings:
    """Return what is not as it was sealed or told: of the newest seals, and of the part whose turn it is."""
    count, newest = session.execute(select(func.count(), func.max(AuditSeal.number))).one()
    found = [] if count == newest else ["seals are missing"]
    turn = session.scalar(select(func.max(AssuranceRun.id))) or 0
    recent = max(1, (newest or 0) - SEALS + 1)
    start = turn % ((recent - 1) // SEALS + 1) * SEALS + 1
    if start < recent:
        found += broken_seals(session, start, min(start + SEALS, recent) - 1)
    found += broken_seals(session, recent)
    file = witness_file(session)
    if file is not None:
        found += contradicted(session, told(file))
    return gathered(list(dict.fromkeys(found)))
