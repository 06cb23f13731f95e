"""Every row is sealed with the key of the trail, by the transaction that writes it: an edit past the program shows.

A transaction notes, at its end, what it has touched (``models.row_marks``): of each row the keyed hash of before and of
after, in one line for all of them, with an HMAC over it. So a writer pays a hash or two a row, and one row more. The
seals of the trail fold the notes, once an hour, into the seal of each row and into the count and sum of all seals of a
table, and cover those (``models.row_folds``).

A row that was changed past the program does not fit its seal; one that was added has none; of one that was deleted the
seal is left. That stays so when the program itself writes the row later: its note tells of another row before. Who puts
row and seal back as they once were, or takes both away, is shown by count and sum.
"""

from collections.abc import Callable, Iterator
from hashlib import blake2b

import orjson
from sqlalchemy import Connection, Engine, Integer, String, Text, event, insert, text
from sqlalchemy.orm import Mapped, mapped_column

from models.audit_keys import Keys
from models.base import Base, table_of
from models.row_marks import is_watched, marks, on_sqlite

HASH_BYTES = 12
SUM_BYTES = 16
WRAP = 1 << (8 * SUM_BYTES)
A_NOTE = 20_000
"""Rows that one note tells of at most."""
LOCKED = text("LOCK TABLE row_note IN ROW EXCLUSIVE MODE")
NUMBER = text("SELECT nextval(pg_get_serial_sequence('row_note', 'id'))")
NUMBER_ON_SQLITE = text("SELECT coalesce(max(id), 0) + 1 FROM row_note")
Touched = dict[str, dict[str, list[str | None]]]
"""By table and key, the hash of a row before and after: none of a row that was not, or is not, there."""


class RowNote(Base):
    """What a transaction has touched, as a JSON text under the HMAC ``mac``; gone once it is folded into the seals."""

    __tablename__ = "row_note"

    id: Mapped[int] = mapped_column(primary_key=True)
    touched: Mapped[str] = mapped_column(Text)
    mac: Mapped[str] = mapped_column(String(64))
    key_id: Mapped[str] = mapped_column(String(16))


class RowSeal(Base):
    """The seal of one row: its table, its key as a text, and the keyed hash of its content."""

    __tablename__ = "row_seal"
    __table_args__ = ({"sqlite_with_rowid": False},)

    name: Mapped[str] = mapped_column(String(40), primary_key=True)
    key: Mapped[str] = mapped_column(String(300), primary_key=True)
    hash: Mapped[str] = mapped_column(String(2 * HASH_BYTES))


class RowSum(Base):
    """How many seals the rows of a table have, and the sum over them, in hexadecimal.

    No sum: rows had been put back when all were sealed again, and that is not forgotten.
    """

    __tablename__ = "row_sum"

    name: Mapped[str] = mapped_column(String(40), primary_key=True)
    rows: Mapped[int] = mapped_column(Integer)
    total: Mapped[str] = mapped_column(String(2 * SUM_BYTES))


NOTE, SEAL, SUM = table_of(RowNote), table_of(RowSeal), table_of(RowSum)


def hashing(key: bytes, name: str) -> Callable[[str], str]:
    """Return the function that hashes the content of a row of a table under a key; the content holds its own key."""
    begun = blake2b(f"{name}\n".encode(), digest_size=HASH_BYTES, key=key, person=b"row")

    def digest(content: str) -> str:
        one = begun.copy()
        one.update(content.encode())
        return one.hexdigest()

    return digest


def summing(key: bytes, name: str) -> Callable[[str, str], int]:
    """Return the function that says what the seal of a row adds to the sum of its table: nobody else can know it."""
    begun = blake2b(f"{name}\n".encode(), digest_size=SUM_BYTES, key=key, person=b"sum")

    def term(row: str, seal: str) -> int:
        one = begun.copy()
        one.update(f"{row}\n{seal}".encode())
        return int.from_bytes(one.digest())

    return term


def note_mac(keys: Keys, key_id: str, number: int, touched: str) -> str:
    """Return the HMAC of a note; ``KeyError`` of a key that is not here."""
    return keys.sign(key_id, f"rows {number}\n{touched}".encode())


def seal_rows_of(engine: Engine, keys: Callable[[], Keys]) -> None:
    """Let every transaction of an engine note, before it is committed, what it has touched."""

    def write_note(connection: Connection) -> None:
        if is_watched(connection):
            note_touched(connection, keys)

    event.listen(engine, "commit", write_note)


def note_touched(connection: Connection, keys: Callable[[], Keys]) -> None:
    """Write down what the transaction of a connection has touched, as its last act."""
    contents: dict[str, dict[str, list[str | None]]] = {}
    for name, row, was, now in marks(connection):
        of_table = contents.setdefault(name, {})
        if (known := of_table.get(row)) is None:
            of_table[row] = [was, now]
        else:
            known[1] = now
    if not contents:
        return
    sqlite = on_sqlite(connection)
    if not sqlite:
        # Whoever seals or changes the key waits until all who have a number are done, or they wait for it.
        connection.execute(LOCKED)
    with_key = keys()
    for touched in parts(contents, with_key.by_name[with_key.current]):
        number = int(connection.scalar(NUMBER_ON_SQLITE if sqlite else NUMBER) or 0)
        as_text = orjson.dumps(touched).decode()
        mac = note_mac(with_key, with_key.current, number, as_text)
        note = {"id": number, "touched": as_text, "mac": mac, "key_id": with_key.current}
        connection.execute(insert(NOTE), note)


def parts(contents: Touched, key: bytes) -> Iterator[Touched]:
    """Yield the hashes of what changed, so many rows at a time."""
    part: Touched = {}
    count = 0
    for name, rows in contents.items():
        digest = hashing(key, name)
        for row, (was, now) in rows.items():
            if was == now:
                continue
            pair = [None if was is None else digest(was), None if now is None else digest(now)]
            part.setdefault(name, {})[row] = pair
            count += 1
            if count % A_NOTE == 0:
                yield part
                part = {}
    if part:
        yield part


def sums_digest(sums: dict[str, tuple[int, str]]) -> str:
    """Return a hash over the counts and sums of all tables, which a seal of the trail covers."""
    return blake2b(orjson.dumps([[name, *sums[name]] for name in sorted(sums)]), digest_size=32).hexdigest()
