"""Take on an area whose caseload already runs: its first day, what its cases make due, and their ladders."""

from datetime import date, datetime

from casework.take_on import TakenOn, begin, counted, lay_ladders
from models.record import Record
from tasks import identification, pre_release
from tasks.stage import few_collections, run_stage

BATCH = 200


def take_on(
    record: Record, area: str, begins_on: date, as_at: datetime, actor: str, *, dry_run: bool = False
) -> TakenOn:
    """Have an area prompted from a day on; what is overdue before that day is listed, and climbs no ladder.

    The day is written first, so that whatever then works out what is due knows it, and a run that was interrupted can
    be repeated. A batch of cases is one transaction, with an audit entry for each case that changed. A dry run leaves
    nothing, and counts only what is known to be due.

    Raises ``InvalidError`` for a day that cannot be the first, and ``ConflictError`` where the area has been prompted.
    """
    with record.writing() as session:
        begin(session, area, begins_on, as_at, actor)
        if dry_run:
            done = counted(session, area, begins_on)
            session.rollback()
            return done
    for stage in (identification.STAGE, pre_release.STAGE):
        run_stage(record, stage, as_at, area)
    last: int | None = 0
    with few_collections():
        while last is not None:
            with record.writing() as session:
                last = max(lay_ladders(session, area, as_at, actor, last, BATCH), default=None)
    with record.reading() as session:
        return counted(session, area, begins_on)
