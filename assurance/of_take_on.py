"""What must hold of an area that was taken on: what was overdue then is on its list, or somebody has decided on it."""

from datetime import datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from assurance.findings import Findings, findings_of
from assurance.of_cases import about_timescales
from assurance.rungs import each_rung
from models.obligations import Timescale
from models.take_on import TakeOn, is_undecided
from policy.letters import MessageKind
from policy.vocabulary import State


def on_neither_list(session: Session, _as_at: datetime) -> Findings:
    """Return duties on which nobody has decided and that stand on no list: nobody sees them, or they climb a ladder."""
    if session.scalar(select(TakeOn.area).order_by(TakeOn.area).limit(1)) is None:
        # No area was taken on: there is no need to look at every duty for one that would be on its list.
        return Findings()
    rungs = each_rung(session)
    climbs = (
        select(rungs.place)
        .select_from(rungs.rows)
        .where(rungs.place >= Timescale.next_rung, rungs.said("message") != MessageKind.STUCK_LIST.value)
    )
    unseen = or_(Timescale.next_prompt_at.is_(None), climbs.correlate(Timescale).exists())
    return findings_of(session, about_timescales(Timescale.state == State.OPEN, is_undecided(), unseen))
