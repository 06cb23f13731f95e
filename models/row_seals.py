"""Every row is sealed with the key of the trail, in the transaction that writes it: an edit past the program shows.

A seal is the HMAC of a row, kept beside the tables. What a transaction has touched, and how it was before, is known
from ``models.row_marks``. A row that was changed past the program does not fit its seal; one that was added has none;
of one that was deleted the seal is left. That stays so when the program itself writes the row later: a row that did not
fit is not sealed again. Who deletes row and seal together, or puts both back as they once were, is shown by the count
and the sum of all seals of a table: each transaction writes down by how much it changed them, under the key, and the
seals of the trail gather that.
"""

import hmac
import secrets
from collections import defaultdict
from collections.abc import Iterator
from typing import Any

import orjson
from sqlalchemy import Connection, Integer, String, Table, bindparam, delete, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from models.audit_keys import Keys
from models.base import Base, table_of
from models.bulk import write_many
from models.row_marks import MARK, READY, content_of, key_of, sealed_tables

LENGTH = 32
WRAP = 1 << 128
Sums = dict[str, list[Any]]
"""By table, how many seals it has and the sum over them, in hexadecimal."""
Before = dict[tuple[str, str], tuple[str, str]]


class RowSeal(Base):
    """The seal of one row: its table, its key as a text, and the HMAC of its content."""

    __tablename__ = "row_seal"
    __table_args__ = ({"sqlite_with_rowid": False},)

    name: Mapped[str] = mapped_column(String(40), primary_key=True)
    key: Mapped[str] = mapped_column(String(300), primary_key=True)
    mac: Mapped[str] = mapped_column(String(LENGTH))
    key_id: Mapped[str] = mapped_column(String(16))


class RowChange(Base):
    """By how much a transaction changed the counts and sums of the seals; gone once a seal of the trail has them."""

    __tablename__ = "row_change"

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    sums: Mapped[dict[str, Any]]
    mac: Mapped[str] = mapped_column(String(64))
    key_id: Mapped[str] = mapped_column(String(16))


SEAL, CHANGE = table_of(RowSeal), table_of(RowChange)


def row_seal(keys: Keys, key_id: str, name: str, key: str, content: str) -> tuple[str, int]:
    """Return the seal of a row under a key, and what it adds to the sum of its table; ``KeyError`` of no such key.

    Both are halves of one HMAC. The second is never written down by itself: nobody without the key can know it.
    """
    digest = hmac.digest(keys.by_name[key_id], f"{name}\n{key}\n{content}".encode(), "sha256")
    return digest[:16].hex(), int.from_bytes(digest[16:])


def on_sqlite(connection: Connection) -> bool:
    """Tell whether a connection is to SQLite."""
    return connection.dialect.name == "sqlite"


def touched_rows(connection: Connection, table: Table) -> Any:
    """Return key and content of the rows of a table that the transaction has touched and that are there."""
    sqlite = on_sqlite(connection)
    primary = list(table.primary_key)
    mine = f"(SELECT key FROM {MARK} WHERE name = '{table.name}')"  # noqa: S608  names of ours
    where = f"{key_of(table, 't', sqlite=sqlite)} IN {mine}"
    if len(primary) == 1:
        whole = isinstance(primary[0].type, Integer)
        where = f't."{primary[0].name}" IN {mine.replace("key", "CAST(key AS INTEGER)", 1) if whole else mine}'
    what = f"{key_of(table, 't', sqlite=sqlite)}, {content_of(table, 't', sqlite=sqlite)}"
    return connection.exec_driver_sql(f'SELECT {what} FROM "{table.name}" t WHERE {where}')  # noqa: S608


def seal_touched(session: Session) -> None:
    """Seal every row that the session's transaction has touched; called before it is committed."""
    if session.in_nested_transaction() or not session.in_transaction():
        return
    session.flush()
    connection = session.connection()
    if not connection.info.get(READY):
        return
    touched: dict[str, dict[str, str | None]] = defaultdict(dict)
    for name, key, was in connection.exec_driver_sql(f"SELECT name, key, was FROM {MARK} ORDER BY id"):  # noqa: S608
        touched[name].setdefault(key, was)
    if not touched:
        return
    before: Before = {
        (name, key): (mac, key_id)
        for name, key, mac, key_id in connection.exec_driver_sql(
            f"SELECT s.name, s.key, s.mac, s.key_id FROM (SELECT DISTINCT name, key FROM {MARK}) m "  # noqa: S608
            "JOIN row_seal s ON s.name = m.name AND s.key = m.key"
        )
    }
    work = Work(session.info["audit_keys"].keys(), before)
    for table in (one for one in sealed_tables() if one.name in touched):
        rows = touched[table.name]
        for key, content in touched_rows(connection, table):
            work.there(table.name, key, rows.pop(key), content)
        for key, was in rows.items():
            work.gone(table.name, key, was)
    work.write(connection)
    connection.exec_driver_sql(f"DELETE FROM {MARK}")  # noqa: S608


class Work:
    """The seals of one transaction: what is new, what is another, what goes, and how the sums change."""

    def __init__(self, keys: Keys, before: Before) -> None:
        """Begin with the seals that the rows had."""
        self.keys, self.before, self.current = keys, before, keys.current
        self.new: list[dict[str, str]] = []
        self.other: list[dict[str, str]] = []
        self.removed: list[dict[str, str]] = []
        self.sums: dict[str, list[int]] = defaultdict(lambda: [0, 0])

    def there(self, name: str, key: str, was: str | None, content: str) -> None:
        """Seal a row as it is now, if it was as its seal said before it was touched: else it was edited beside us."""
        before = self.before.get((name, key))
        if was is None or before is None:
            if was is None and before is None:
                self.seal(name, key, content, None, 0)
            return
        mac, key_id = before
        if key_id in self.keys.by_name:
            fits, term = row_seal(self.keys, key_id, name, key, was)
            if fits == mac:
                self.seal(name, key, content, before, term)

    def seal(self, name: str, key: str, content: str, before: tuple[str, str] | None, term: int) -> None:
        """Seal a row that had a seal ``before``, with ``term`` in the sum; or none."""
        mac, now = row_seal(self.keys, self.current, name, key, content)
        sums = self.sums[name]
        if before is None:
            self.new.append({"name": name, "key": key, "mac": mac, "key_id": self.current})
            sums[0] += 1
            sums[1] += now
        elif before != (mac, self.current):
            self.other.append({"of_name": name, "of_key": key, "mac": mac, "key_id": self.current})
            sums[1] += now - term

    def seal_anew(self, name: str, key: str, content: str, before: tuple[str, str] | None) -> None:
        """Seal a row whatever its seal ``before`` was worth; the sums are of these rows alone."""
        mac, now = row_seal(self.keys, self.current, name, key, content)
        if before is None:
            self.new.append({"name": name, "key": key, "mac": mac, "key_id": self.current})
        elif before != (mac, self.current):
            self.other.append({"of_name": name, "of_key": key, "mac": mac, "key_id": self.current})
        self.sums[name][0] += 1
        self.sums[name][1] += now

    def gone(self, name: str, key: str, was: str | None) -> None:
        """Take away the seal of a row that is gone; one that came and went in this transaction had none."""
        mac, key_id = self.before.get((name, key), ("", ""))
        if was is not None and key_id in self.keys.by_name:
            fits, term = row_seal(self.keys, key_id, name, key, was)
            if fits == mac:
                self.removed.append({"of_name": name, "of_key": key})
                self.sums[name][0] -= 1
                self.sums[name][1] -= term

    def write(self, connection: Connection) -> Sums:
        """Write the seals, and by how much the sums change; return that."""
        mine = (SEAL.c.name == bindparam("of_name"), SEAL.c.key == bindparam("of_key"))
        if self.new:
            write_many(connection, SEAL, self.new)
        if self.other:
            connection.execute(SEAL.update().where(*mine), self.other)
        if self.removed:
            connection.execute(delete(SEAL).where(*mine), self.removed)
        changed = {str(name): [count, f"{total % WRAP:032x}"] for name, (count, total) in sorted(self.sums.items())}
        if changed:
            one = {"id": secrets.token_hex(16), "sums": changed, "key_id": self.current}
            connection.execute(CHANGE.insert(), one | {"mac": change_mac(self.keys, one)})
        return changed


def change_mac(keys: Keys, one: Any) -> str:
    """Return the HMAC of a change of the sums; ``KeyError`` of a key that is not here."""
    return keys.sign(one["key_id"], b"change\n" + orjson.dumps([one["id"], one["sums"]], option=orjson.OPT_SORT_KEYS))


def added(sums: Sums, more: Sums) -> Sums:
    """Return the counts and sums of tables with some more."""
    found = {name: [int(count), int(total, 16)] for name, (count, total) in sums.items()}
    for name, (count, total) in more.items():
        old = found.get(name, [0, 0])
        found[name] = [old[0] + int(count), (old[1] + int(total, 16)) % WRAP]
    return {name: [count, f"{total:032x}"] for name, (count, total) in sorted(found.items()) if count or total}


def sound_changes(session: Session, keys: Keys) -> Iterator[Any]:
    """Yield the changes of the sums that were written with the key; forged ones are left out, and so show."""
    for one in session.execute(select(CHANGE).order_by(CHANGE.c.id)).mappings():
        if one["key_id"] in keys.by_name and change_mac(keys, one) == one["mac"]:
            yield one


def gather(session: Session, sums: Sums) -> Sums:
    """Return the sums with every change that was written since, and take those changes away."""
    done = []
    for one in list(sound_changes(session, session.info["audit_keys"].keys())):
        sums = added(sums, one["sums"])
        done.append({"of_id": one["id"]})
    if done:
        session.connection().execute(delete(CHANGE).where(CHANGE.c.id == bindparam("of_id")), done)
    return sums
