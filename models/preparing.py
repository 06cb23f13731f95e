"""What a fresh record is given before work begins, by one program alone, however many start at that moment."""

from sqlalchemy import text
from sqlalchemy.orm import Session

ONE_PREPARES = text("SELECT pg_advisory_xact_lock(6175)")


def prepare_alone(session: Session) -> None:
    """Wait until no other program prepares the record, until the end of the session's transaction.

    What is missing has to be asked again after that. On SQLite a session that writes is alone as it is.
    """
    if session.get_bind().dialect.name == "postgresql":
        session.execute(ONE_PREPARES)
