"""What must hold of names and addresses: each is told in one way, so that nobody is written to as two people."""

from collections import Counter
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from sqlalchemy import Column, String, cast, func, literal, select, union_all
from sqlalchemy.orm import Session

from assurance.findings import Findings, gathered
from models.base import Base
from models.directory import DirectoryEntry
from policy.addresses import normal
from policy.texts import plain

ADDRESS_LENGTH = 254


def address_columns() -> Iterator[Column[str]]:
    """Yield every column that holds an e-mail address, of whatever table: by its length they are known (RFC 5321)."""
    for table in Base.metadata.sorted_tables:
        for column in table.columns:
            if isinstance(column.type, String) and column.type.length == ADDRESS_LENGTH and column.name != "recipient":
                yield column


def first_key_of(column: Column[str]) -> Column[Any]:
    """Return the first column of the primary key of a column's table: it names the row."""
    return next(iter(column.table.primary_key.columns))


def told_twice(session: Session, _as_at: datetime) -> Findings:
    """Return addresses that are not in their normal form, and entries of the directory that are one with another.

    Whom something was sent to already stands as it was written then.
    """
    odd = union_all(
        *(
            select(literal(f"{column.table.name} ") + cast(first_key_of(column), String)).where(
                column.is_not(None), func.lower(column) != column
            )
            for column in address_columns()
        )
    )
    found = list(session.scalars(odd))
    entries = [
        (plain(one.area), one.agency, plain(one.unit), one.role, normal(one.email), one.id)
        for one in session.scalars(select(DirectoryEntry).order_by(DirectoryEntry.id))
    ]
    times = Counter(entry[:-1] for entry in entries)
    found += [f"directory_entry {entry[-1]}" for entry in entries if times[entry[:-1]] > 1]
    return gathered(list(dict.fromkeys(found)))
