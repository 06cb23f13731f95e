"""The version of a case: who writes may say which they read, and is refused where it has changed since."""

from collections.abc import Collection

from sqlalchemy import select
from sqlalchemy.orm import Session

from casework.errors import CaseChangedError
from models.audit import AuditChain, heads
from models.cases import Case


def chain_of(case_id: int) -> str:
    """Return the name of the chain of a case in the audit trail."""
    return f"case/{case_id}"


def case_version(session: Session, case_id: int) -> int:
    """Return the version of a case: the number of its last audit entry."""
    return session.scalar(select(AuditChain.seq).where(AuditChain.chain == chain_of(case_id))) or 0


def refuse_changed(session: Session, reference: str, seen: Collection[int]) -> None:
    """Raise ``CaseChangedError`` where a case has none of some versions; else none changes it until the commit."""
    # The case first, then its chain: everybody locks them in this order.
    case_id = session.scalars(select(Case.id).where(Case.reference == reference).with_for_update()).one()
    version, _ = heads(session, [chain_of(case_id)]).get(chain_of(case_id), (0, ""))
    if version not in seen:
        raise CaseChangedError(
            f"{reference} has changed since you read it: it is at version {version} now",
            to_do="read it again, and send what is still right",
        )
