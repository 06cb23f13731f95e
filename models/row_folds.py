"""What transactions noted of the rows they touched, gathered and folded into the seals of the rows."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import orjson
from sqlalchemy import Connection, delete, insert, select, text

from models.audit_keys import Keys
from models.bulk import write_many
from models.row_marks import on_sqlite
from models.row_seals import (
    NOTE,
    SEAL,
    SUM,
    WRAP,
    Touched,
    note_mac,
    summing,
    sums_digest,
)

BATCH = 500
A_PART = 4_000_000
"""Characters of notes that are folded at once: those of a load can be many."""
PLANNED_ANEW = text("SET LOCAL plan_cache_mode = force_custom_plan")
"""The server keeps the plan of a statement that is asked again and again. One that was made while the seals were few
reads all of them each time, though this transaction adds a million."""
Sums = dict[str, tuple[int, str]]
"""By table, how many seals its rows have and the sum over them."""


@dataclass(frozen=True, slots=True)
class Standing:
    """How the seals of the rows stood at a seal of the trail: notes up to ``until`` are in them, made with ``key``."""

    until: int
    key: str
    sums: str

    @classmethod
    def of(cls, rows: Mapping[str, Any]) -> "Standing":
        """Return what a seal of the trail says of the rows."""
        return cls(int(rows["until"]), str(rows["key"]), str(rows["sums"]))

    def as_rows(self) -> dict[str, Any]:
        """Return what a seal of the trail keeps of it."""
        return {"until": self.until, "key": self.key, "sums": self.sums}


@dataclass(slots=True)
class Pending:
    """What notes tell of one row: as it was before the first, as it is after the last, and whether they join up.

    Where one does not follow from the one before it, ``after`` stays as it was until then.
    """

    before: str | None
    after: str | None
    joined: bool = True

    def follows(self, seal: str | None) -> bool:
        """Tell whether the row was as its seal says when it was touched first, and touched by nobody else since."""
        return self.joined and self.before == seal


@dataclass(slots=True)
class Notes:
    """Notes gathered: what they tell of each row, by table and key, and the numbers of those that are forged."""

    rows: dict[str, dict[str, Pending]] = field(default_factory=dict)
    forged: list[int] = field(default_factory=list)

    def add(self, touched: Touched) -> None:
        """Add what a note tells."""
        for name, rows in touched.items():
            of_table = self.rows.setdefault(name, {})
            for key, (before, after) in rows.items():
                known = of_table.get(key)
                if known is None:
                    of_table[key] = Pending(before, after)
                elif known.joined and known.after == before:
                    known.after = after
                else:
                    known.joined = False


def notes(connection: Connection, after: int, until: int | None = None) -> Iterator[Any]:
    """Yield the notes with numbers above ``after``, in their order, up to ``until``."""
    query = select(NOTE).where(NOTE.c.id > after).order_by(NOTE.c.id).execution_options(yield_per=20)
    yield from connection.execute(query if until is None else query.where(NOTE.c.id <= until))


def in_parts(found: Iterable[Any]) -> Iterator[list[Any]]:
    """Yield notes in their order, so many at a time: a row that many transactions touched is then folded once."""
    part: list[Any] = []
    size = 0
    for note in found:
        part.append(note)
        size += len(note.touched)
        if size >= A_PART:
            yield part
            part, size = [], 0
    if part:
        yield part


def gathered(keys: Keys, key: str, found: Iterable[Any]) -> Notes:
    """Return what notes tell; those that were not made with the key in use are left out, and so show."""
    told = Notes()
    for note in found:
        if note.key_id == key and key in keys.by_name and note_mac(keys, key, note.id, note.touched) == note.mac:
            told.add(orjson.loads(note.touched))
        else:
            told.forged.append(note.id)
    return told


def sums_of(connection: Connection) -> Sums:
    """Return the counts and sums as they are kept."""
    return {
        name: (rows, total) for name, rows, total in connection.execute(select(SUM.c.name, SUM.c.rows, SUM.c.total))
    }


def keep_sums(connection: Connection, sums: Sums) -> None:
    """Keep counts and sums in the place of those that are there."""
    connection.execute(delete(SUM))
    if sums:
        connection.execute(insert(SUM), [{"name": name, "rows": one[0], "total": one[1]} for name, one in sums.items()])


def fold(connection: Connection, keys: Keys, was: Standing, until: int) -> Standing:
    """Fold the notes up to ``until`` into the seals of the rows, and return how these stand then.

    What does not follow from its seal is left as it was sealed: the row does not fit it any more.
    """
    if until <= was.until:
        return was
    if not on_sqlite(connection):
        connection.execute(PLANNED_ANEW)
    sums = sums_of(connection)
    # Sums that are not those of the last seal are not made right by what is added to them.
    sound = sums_digest(sums) == was.sums
    for some in in_parts(notes(connection, was.until, until)):
        for name, rows in gathered(keys, was.key, some).rows.items():
            count, total = fold_table(connection, keys.by_name[was.key], name, rows)
            old = sums.get(name, (0, "0"))
            sums[name] = (old[0] + count, f"{(int(old[1], 16) + total) % WRAP:032x}" if old[1] else "")
    keep_sums(connection, sums)
    # The newest stays, so that on SQLite numbers go on from it.
    connection.execute(delete(NOTE).where(NOTE.c.id < until))
    return Standing(until, was.key, sums_digest(sums) if sound else was.sums)


def fold_table(connection: Connection, key: bytes, name: str, rows: dict[str, Pending]) -> tuple[int, int]:
    """Write the seals of the rows of one table that were touched; return by how much its count and its sum change."""
    seals = seals_of(connection, name, list(rows))
    follows = {row: one for row, one in rows.items() if one.before == seals.get(row)}
    term = summing(key, name)
    sealed = [row for row in follows if row in seals]
    for start in range(0, len(sealed), BATCH):
        batch = sealed[start : start + BATCH]
        connection.execute(delete(SEAL).where(SEAL.c.name == name, SEAL.c.key.in_(batch)))
    new = [{"name": name, "key": row, "hash": one.after} for row, one in follows.items() if one.after is not None]
    if new:
        write_many(connection, SEAL, new)
    total = sum(term(one["key"], str(one["hash"])) for one in new) - sum(term(row, seals[row]) for row in sealed)
    return len(new) - len(sealed), total


def seals_of(connection: Connection, name: str, rows: list[str]) -> dict[str, str]:
    """Return the seals of some rows of a table, by key."""
    found: dict[str, str] = {}
    for start in range(0, len(rows), BATCH):
        mine = select(SEAL.c.key, SEAL.c.hash).where(SEAL.c.name == name, SEAL.c.key.in_(rows[start : start + BATCH]))
        found.update((row, seal) for row, seal in connection.execute(mine))
    return found
