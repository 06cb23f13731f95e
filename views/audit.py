"""Whether the trail of every change still holds."""

from pathlib import Path

from pydantic import Field
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from models.audit import AuditChain, AuditEntry
from models.audit_seals import newest_seal, unproven, verify
from models.audit_witness import compare, contradicted, told
from models.row_checks import looked_at
from views.model import View


class AuditView(View, title="The audit trail"):
    """What a walk along the chains and the seals of the whole trail found."""

    entries: int = Field(description="Entries of the trail.")
    chains: int = Field(description="Chains they stand in.")
    seals: int = Field(description="Seals over them: the number of the newest.")
    seal: str = Field(description="Hash of the newest seal; empty where there is none.")
    unproven: int = Field(
        description="Entries that were there before the first seal. They are as they were then; nothing is proven of "
        "the time before."
    )
    rows: int | None = Field(description="Rows of all tables that were held against their seals; null if none were.")
    breaks: list[str] = Field(description="A sentence for each break; empty while the trail holds.")


def audit_trail(
    session: Session,
    witness: Path | None = None,
    noted: tuple[int, str] | None = None,
    *,
    with_rows: bool = False,
) -> AuditView:
    """Walk the whole trail, and hold it against the seals that were told outside.

    ``witness``: the file of seals told; ``noted``: the number and hash of a seal that somebody has kept.
    ``with_rows``: hold every row of every table against its seal too.
    """
    breaks = list(verify(session))
    if witness is not None:
        breaks += contradicted(session, told(witness))
    if noted is not None:
        breaks += compare(session, *noted)
    rows = None
    if with_rows:
        found, rows = looked_at(session)
        breaks += [f"{fault.said}, without the program" if fault.name else fault.said for fault in found]
    last = newest_seal(session)
    return AuditView(
        entries=session.scalar(select(func.count()).select_from(AuditEntry)) or 0,
        chains=session.scalar(select(func.count()).select_from(AuditChain)) or 0,
        seals=last.number if last else 0,
        seal=last.hash if last else "",
        unproven=unproven(session),
        rows=rows,
        breaks=breaks,
    )
