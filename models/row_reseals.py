"""All rows sealed anew: of a record that never was, after an upgrade that changed tables, and with another key."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, delete, func, inspect, select, text
from sqlalchemy.orm import Session

from models.audit import keys_of
from models.audit_keys import KeyFile
from models.audit_seals import FIRST, UPGRADE, newest_seal, seal
from models.bulk import write_many
from models.row_checks import CHUNK, At, Fault, Looked, faults_of_rows
from models.row_folds import Standing, Sums, keep_sums
from models.row_marks import on_sqlite, postgresql_triggers, sealed_tables
from models.row_seals import NOTE, SEAL, WRAP, hashing, summing, sums_digest

EXCLUSIVE = text("LOCK TABLE row_note IN EXCLUSIVE MODE")


def faults_before(connection: Connection, keys: KeyFile) -> list[Fault] | None:
    """Return what is not as it was sealed before an upgrade changes tables; None where rows have no seals yet."""
    found = inspect(connection)
    if not found.has_table("row_seal"):
        return None
    there = {name: [column["name"] for column in found.get_columns(name)] for name in found.get_table_names()}
    return list(faults_of_rows(connection, keys.keys(), Looked(), there))


def seal_upgraded(session: Session, at: datetime, before: Sequence[Fault] | None) -> None:
    """Seal a record after an upgrade: its trail if it never was, and every row but those that had not been as sealed.

    On PostgreSQL the tables get their triggers.
    """
    if not on_sqlite(session.connection()):
        postgresql_triggers(session.connection())
    why = FIRST if newest_seal(session) is None else UPGRADE
    seal(session, at, why, reseal(session, before or ()))


def hold_writers(session: Session) -> None:
    """Let nobody note what they touched until the transaction ends; on SQLite one that writes is alone anyway."""
    if not on_sqlite(session.connection()):
        session.execute(EXCLUSIVE)


def reseal(session: Session, faults: Iterable[Fault] = ()) -> dict[str, Any]:
    """Seal every row with the key in use, and return what the next seal of the trail keeps of it.

    ``faults``: rows that were not as they had been sealed stay so, and a table in which rows were put back.
    """
    connection, keys = session.connection(), keys_of(session)
    key = keys.by_name[keys.current]
    left: dict[str, dict[str, str | None]] = {}
    doubtful = set()
    for fault in faults:
        if fault.key is None:
            doubtful.add(fault.name)
        else:
            left.setdefault(fault.name, {})[fault.key] = fault.seal
    connection.execute(delete(SEAL))
    sums: Sums = {}
    for table in sealed_tables():
        count, total = seal_table(connection, key, At(connection, key, table, {}), left.get(str(table.name), {}))
        if count or table.name in doubtful:
            sums[str(table.name)] = (count, "" if table.name in doubtful else f"{total % WRAP:032x}")
    keep_sums(connection, sums)
    until = int(connection.scalar(select(func.max(NOTE.c.id))) or 0)
    connection.execute(delete(NOTE).where(NOTE.c.id < until))
    return Standing(until, keys.current, sums_digest(sums)).as_rows()


def seal_table(connection: Connection, key: bytes, at: At, left: Mapping[str, str | None]) -> tuple[int, int]:
    """Seal the rows of one table but those to be left; return how many seals it has then, and their sum."""
    name = str(at.table.name)
    digest, term = hashing(key, name), summing(key, name)
    found = [(row, digest(content)) for row, content, _ in at.rows_and_seals(None) if row not in left]
    found += [(row, seal) for row, seal in left.items() if seal is not None]
    for start in range(0, len(found), CHUNK):
        chunk = found[start : start + CHUNK]
        write_many(connection, SEAL, [{"name": name, "key": row, "hash": seal} for row, seal in chunk])
    return len(found), sum(term(row, seal) for row, seal in found)
