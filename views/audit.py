"""Whether the trail of every change still holds."""

from pydantic import Field
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from models.audit import AuditChain, AuditEntry, verify
from views.model import View


class AuditView(View, title="The audit trail"):
    """What a walk along the hash chains of the whole trail found."""

    entries: int = Field(description="Entries of the trail.")
    chains: int = Field(description="Chains they stand in.")
    breaks: list[str] = Field(description="A sentence for each break; empty while the trail holds.")


def audit_trail(session: Session) -> AuditView:
    """Walk the whole trail."""
    return AuditView(
        entries=session.scalar(select(func.count()).select_from(AuditEntry)) or 0,
        chains=session.scalar(select(func.count()).select_from(AuditChain)) or 0,
        breaks=list(verify(session)),
    )
