"""Which record this is: a name that was made with it, and that no other record has."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.audit_seals import AuditSeal

LENGTH = 12


def identity_of(session: Session) -> str | None:
    """Return the name of the record: the beginning of its first seal, which is made with it and never changes.

    None of a record that was never sealed. A copy of a record has the name of what it was copied from.
    """
    made = session.scalar(select(AuditSeal.hash).where(AuditSeal.number == 1))
    return None if made is None else made[:LENGTH]
