"""What somebody could do to the trail who can write the whole database, knows the program, and has no key."""

import hashlib
import hmac
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, delete, func, select, text, update

from models.audit import GENESIS, HASHED, NOT_ERASED, AuditChain, AuditEntry, entry_hash
from models.audit_keys import Keys
from models.audit_seals import AuditSeal
from models.base import table_of

ENTRY, HEAD, SEAL = table_of(AuditEntry), table_of(AuditChain), table_of(AuditSeal)
OWN_KEY = b"a key that somebody made up ....".ljust(32)[:32]
NO_KEYS = Keys({})


@dataclass(frozen=True, slots=True)
class Edit:
    """One edit past the program: of what, how, and the statements that do it."""

    table: str
    what: str
    do: Callable[[Connection], object]


def chain_of_a_case(connection: Connection) -> str:
    """Return the longest chain of a case."""
    longest = select(ENTRY.c.chain).where(ENTRY.c.chain.like("case/%")).group_by(ENTRY.c.chain)
    return str(connection.scalar(longest.order_by(func.count().desc(), ENTRY.c.chain).limit(1)))


def entries(connection: Connection, chain: str) -> list[Any]:
    """Return the entries of a chain."""
    return list(connection.execute(select(ENTRY).where(ENTRY.c.chain == chain).order_by(ENTRY.c.seq)))


def cut_tail(connection: Connection, chain: str, keep: int) -> None:
    """Take away the last entries of a chain, and set its head back to the last that stays."""
    connection.execute(delete(ENTRY).where(ENTRY.c.chain == chain, ENTRY.c.seq > keep))
    last = entries(connection, chain)[-1]
    connection.execute(update(HEAD).where(HEAD.c.chain == chain).values(seq=last.seq, hash=last.hash))


def remove(connection: Connection, chain: str) -> None:
    """Take a chain away with its head."""
    connection.execute(delete(ENTRY).where(ENTRY.c.chain == chain))
    connection.execute(delete(HEAD).where(HEAD.c.chain == chain))


def rehash(connection: Connection, chain: str, key_id: str | None) -> None:
    """Make all hashes of a chain anew: plain ones, or with a key of one's own under a name."""
    digest = GENESIS
    keys = Keys({key_id: OWN_KEY}) if key_id else NO_KEYS
    for entry in entries(connection, chain):
        digest = entry_hash(keys, key_id, digest, {name: getattr(entry, name) for name in HASHED})
        connection.execute(update(ENTRY).where(ENTRY.c.id == entry.id).values(hash=digest, key_id=key_id))
    connection.execute(update(HEAD).where(HEAD.c.chain == chain).values(hash=digest))


def alter_and_rehash(connection: Connection, key_id: str | None) -> None:
    """Change what an entry says, and make the hashes anew from there."""
    chain = chain_of_a_case(connection)
    first = entries(connection, chain)[0]
    connection.execute(update(ENTRY).where(ENTRY.c.id == first.id).values(actor="somebody else"))
    rehash(connection, chain, key_id)


def add_entry(connection: Connection, chain: str, **values: Any) -> None:
    """Add an entry to the end of a chain, with a plain hash, and move its head."""
    last = entries(connection, chain)
    moment = last[-1].at if last else newest_moment(connection)
    row = {"chain": chain, "seq": len(last) + 1, "at": moment, "actor": "clerk",
           "action": "level-set", "subject": chain, "before": None, "after": None} | values  # fmt: skip
    digest = entry_hash(NO_KEYS, None, last[-1].hash if last else GENESIS, row)
    connection.execute(ENTRY.insert().values(**row, hash=digest))
    if last:
        connection.execute(update(HEAD).where(HEAD.c.chain == chain).values(seq=row["seq"], hash=digest))
    else:
        connection.execute(HEAD.insert().values(chain=chain, seq=1, hash=digest))


def newest_moment(connection: Connection) -> Any:
    """Return the moment of the newest entry."""
    return connection.scalar(select(func.max(ENTRY.c.at)))


def forge_erasure(connection: Connection) -> None:
    """Empty the entries of a case as an erasure does, and write the seal that an erasure leaves."""
    chain = chain_of_a_case(connection)
    moment = newest_moment(connection)
    connection.execute(update(ENTRY).where(ENTRY.c.chain == chain).values(before=None, after=None, erased_at=moment))
    seal = NOT_ERASED
    for entry in entries(connection, chain):
        seal = seal.with_entry(entry)
    seals = {chain: {"entries": seal.entries, "digest": seal.digest}}
    add_entry(connection, "erasures", action="erased", subject="person 1", after={"chains": seals})


def cut_with_its_seals(connection: Connection) -> None:
    """Set the whole trail back to the first seal: entries, heads and the later seals."""
    first = connection.execute(select(SEAL).where(SEAL.c.number == 1)).one()
    connection.execute(delete(SEAL).where(SEAL.c.number > 1))
    for chain in connection.scalars(select(HEAD.c.chain)).all():
        stays = connection.scalar(
            select(func.max(ENTRY.c.seq)).where(ENTRY.c.chain == chain, ENTRY.c.id <= first.until)
        )
        if stays is None:
            remove(connection, chain)
        else:
            cut_tail(connection, chain, stays)


def seal_anew(connection: Connection) -> None:
    """Take an entry away and make every seal anew, with a key of one's own under the name of the real one."""
    chain = chain_of_a_case(connection)
    cut_tail(connection, chain, 1)
    for seal in connection.execute(select(SEAL).order_by(SEAL.c.number)).all():
        found = connection.execute(select(ENTRY.c.id).where(ENTRY.c.id <= seal.until)).all()
        forged = hmac.digest(OWN_KEY, str(seal).encode(), hashlib.sha256).hex()
        connection.execute(update(SEAL).where(SEAL.c.number == seal.number).values(entries=len(found), hash=forged))


def begin_anew(connection: Connection) -> None:
    """Make the trail look as if it came from before there were keys: plain hashes, and one seal of one's own."""
    for chain in connection.scalars(select(HEAD.c.chain)).all():
        rehash(connection, chain, None)
    connection.execute(delete(SEAL).where(SEAL.c.number > 1))


def swap(connection: Connection) -> None:
    """Let two entries of one chain change places."""
    first, second, *_ = entries(connection, chain_of_a_case(connection))
    for one, seq in ((first, -1), (second, first.seq), (first, second.seq)):
        connection.execute(update(ENTRY).where(ENTRY.c.id == one.id).values(seq=seq))


CHANGED = {
    "at": "2001-01-01 00:00:00+00:00", "actor": "nobody", "action": "nothing", "subject": "case 999",
    "before": '{"level": 9}', "after": '{"level": 9}', "hash": "0" * 64, "key_id": "0" * 16,
    "erased_at": "2026-06-11 00:00:00+00:00", "chain": "elsewhere", "seq": 77,
}  # fmt: skip
CHANGED_SEAL = {"at": "2001-01-01 00:00:00+00:00", "why": "restore", "until": 1, "entries": 1, "digest": "0" * 64,
                "begun": "[]", "hash": "0" * 64, "key_id": "0" * 16}  # fmt: skip
AN_ENTRY = "(SELECT id FROM audit_entry WHERE chain LIKE 'case/%' ORDER BY id LIMIT 1)"
OF_CASES = "WHERE chain LIKE 'case/%'"
STATEMENTS = (
    ("audit_entry", "row deleted", f"DELETE FROM audit_entry WHERE id = {AN_ENTRY}"),
    ("audit_entry", "last row deleted", "DELETE FROM audit_entry WHERE id = (SELECT max(id) FROM audit_entry)"),
    ("audit_entry", "all chains removed", "DELETE FROM audit_entry"),
    ("audit_chain", "head set back", f"UPDATE audit_chain SET seq = 1 {OF_CASES}"),
    ("audit_chain", "hash changed", f"UPDATE audit_chain SET hash = '0' {OF_CASES}"),
    ("audit_chain", "row deleted", f"DELETE FROM audit_chain {OF_CASES}"),
    ("audit_chain", "row inserted", "INSERT INTO audit_chain VALUES ('case/99', 1, '0')"),
    ("audit_seal", "row deleted", "DELETE FROM audit_seal WHERE number = 2"),
    ("audit_seal", "last row deleted", "DELETE FROM audit_seal WHERE number = (SELECT max(number) FROM audit_seal)"),
    ("audit_seal", "all rows deleted", "DELETE FROM audit_seal"),
)


def statement(sql: str, **values: object) -> Callable[[Connection], object]:
    """Return the edit that is one statement."""
    return lambda connection: connection.execute(text(sql), values)


def edits_of_the_trail() -> list[Edit]:
    """Return every edit of the trail that is tried."""
    return [
        *(changed("audit_entry", name, to, f"id = {AN_ENTRY}") for name, to in CHANGED.items()),
        *(changed("audit_seal", name, to, "number = 2") for name, to in CHANGED_SEAL.items()),
        *(Edit(table, what, statement(sql)) for table, what, sql in STATEMENTS),
        Edit("audit_entry", "row inserted, with a plain hash", lambda c: add_entry(c, chain_of_a_case(c))),
        Edit("audit_entry", "new chain inserted", lambda c: add_entry(c, "case/999999")),
        Edit("audit_entry", "two entries change places", swap),
        Edit("audit_entry", "altered, and all plain hashes made anew", lambda c: alter_and_rehash(c, None)),
        Edit("audit_entry", "altered, and hashed anew with another key", lambda c: alter_and_rehash(c, "f" * 16)),
        Edit("audit_entry", "tail cut with the head set back", lambda c: cut_tail(c, chain_of_a_case(c), 1)),
        Edit("audit_entry", "chain removed whole", lambda c: remove(c, chain_of_a_case(c))),
        Edit("audit_entry", "erasure forged with its seal", forge_erasure),
        Edit("audit_entry", "everything made anew with plain hashes", begin_anew),
        Edit("audit_entry", "trail cut back to an earlier seal, seals too", cut_with_its_seals),
        Edit("audit_seal", "all made anew with another key", seal_anew),
    ]


def changed(table: str, column: str, to: object, where: str) -> Edit:
    """Return the edit that changes one column of one row."""
    return Edit(table, f"{column} changed", statement(f"UPDATE {table} SET {column} = :to WHERE {where}", to=to))
