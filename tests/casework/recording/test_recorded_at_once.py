"""Two people record on one case at the same moment: the second sees what the first has changed."""

import time
from threading import Thread

from sqlalchemy import select

from models.audit import AuditEntry
from models.cases import Case
from models.record import Record
from tests.support.story import DARREN, MEETING_DIRECTORY, Story


def test_the_second_to_record_sees_what_the_first_changed(record: Record, tmp_path):
    story = Story(record, tmp_path, MEETING_DIRECTORY)
    story.load("2026-06-01", DARREN)
    story.tick("2026-06-01")
    reason = "High risk; agencies must work together."
    second = Thread(target=story.record_fact, args=("level", "2026-09-19"), kwargs={"level": 2, "reason": reason})
    with record.writing() as session:
        case = session.scalars(select(Case).with_for_update()).one()
        case.level = 3
        session.flush()
        second.start()
        # Long enough for the second to have read the person, and to wait for the case.
        time.sleep(1)
    second.join()
    with record.reading() as session:
        entry = session.scalars(select(AuditEntry).where(AuditEntry.action == "level-set")).one()
    assert entry.before == {"level": 3, "category": 2}
