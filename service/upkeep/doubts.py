"""After a restore: raise what the restored record had not raised yet, and doubt what may have left already."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, or_, select

from models.audit import AuditEntry
from models.record import Record
from models.settings import RecordSettings
from notifications.outbox.doubts import doubt_outbox
from policy.errors import WrongUsageError
from tasks import deliver
from tasks.clock_gate import fault_of, said
from tasks.registry import STAGES
from tasks.stage import run_stage
from views.times import spoken


class DoubtError(WrongUsageError):
    """A moment that cannot be the last at which the lost record sent mail."""


@dataclass(frozen=True, slots=True)
class Doubted:
    """How many messages are uncertain now, as they may have left until a moment; ``None``: nothing was sent."""

    until: datetime | None
    messages: int


def doubt(record: Record, until: datetime | None, as_at: datetime, actor: str) -> Doubted:
    """Run every stage but delivery as at ``until``, the last moment at which the lost record may have sent mail.

    Whatever then waits to leave may have left. A sweep at a later moment would not know it from what is new.
    """
    if until is None:
        return Doubted(None, 0)
    refuse_impossible(record, until, as_at)
    if until == as_at:
        refuse_wrong_now(record, as_at)
    for stage in STAGES.values():
        if stage.name != deliver.NAME:
            run_stage(record, stage, until)
    with record.writing() as session:
        return Doubted(until, doubt_outbox(session, until, actor, as_at))


def refuse_wrong_now(record: Record, present: datetime) -> None:
    """Raise ``DoubtError`` where the clock of this machine is not to be believed, and nobody gave another moment."""
    if record.settings(RecordSettings).any_moment:
        return
    with record.reading() as session:
        wrong = fault_of(session, present)
    if wrong is not None:
        raise DoubtError(
            said(wrong),
            where="--sent-until",
            to_do="set the clock, or give the last moment at which mail may have left, or --nothing-sent",
        )


def refuse_impossible(record: Record, until: datetime, as_at: datetime) -> None:
    """Raise ``DoubtError`` for a moment to come, and for one before the last change the record itself knows of."""
    if until > as_at:
        raise DoubtError(
            f"nothing can have been sent until {spoken(until)}, that is still to come", where="--sent-until"
        )
    of_cases = or_(*(AuditEntry.chain.startswith(f"{kind}/") for kind in ("case", "person", "outbox")))
    with record.reading() as session:
        last = session.scalar(select(func.max(AuditEntry.at)).where(of_cases))
    # To the minute, as it is told.
    if last is not None and until < last.replace(second=0, microsecond=0):
        raise DoubtError(
            f"the record itself knows of changes at {spoken(last)}, which is later",
            where="--sent-until",
            to_do="give that or a later moment, or --nothing-sent where no mail has left since the backup",
        )
