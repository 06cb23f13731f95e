"""The trail as a feed: up to which entry it can be read without one coming in before it later.

Numbers are given as entries are written, and writers commit in another order: on PostgreSQL an entry may show before
one with a lower number does. Whoever read past it would never see that one.
"""

import time

from sqlalchemy import Table, func, select, text
from sqlalchemy.orm import Session

from models.audit import AuditEntry
from models.base import table_of

ENTRIES = table_of(AuditEntry)
PATIENCE = 2.0
LOOK_EVERY = 0.05
# A writer holds this lock from before it is given its first number until it ends.
WRITERS = text(
    "SELECT virtualtransaction FROM pg_locks WHERE locktype = 'relation' AND relation = CAST(:name AS regclass) "
    "AND mode = 'RowExclusiveLock' AND pid <> pg_backend_pid() "
    "AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
)


def settled_until(session: Session, numbered: Table = ENTRIES) -> int | None:
    """Return the number up to which every entry there will ever be is there; 0 of an empty trail.

    It waits for whoever is writing now, two seconds at most: None where they take longer. ``numbered``: another table
    whose writers hold its lock from before they are given their numbers.
    """
    newest = int(session.scalar(select(func.max(numbered.c.id))) or 0)
    if session.get_bind().dialect.name != "postgresql":
        # SQLite has one writer at a time.
        return newest
    writing, until = set(session.scalars(WRITERS, {"name": numbered.name})), time.monotonic() + PATIENCE
    while writing:
        if time.monotonic() > until:
            return None
        time.sleep(LOOK_EVERY)
        writing &= set(session.scalars(WRITERS, {"name": numbered.name}))
    return newest
