"""A part of the attack on a new record of each database, with its counts printed."""

import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from bench.attack.counted import Counts
from bench.databases import databases
from bench.fresh_record import fresh
from models.record import Record
from tests.support.story import DARREN, MEETING_DIRECTORY, Story, form


def prepared(record: Record, folder: Path) -> None:
    """Tell the record of a case at level 2 that has met once."""
    story = Story(record, folder, MEETING_DIRECTORY)
    story.load("2026-06-01", DARREN | {"offence_description": "Manslaughter", "rosh_level": "high"})
    story.tick("2026-06-01")
    story.record_fact("referral", "2026-09-09", **form("referral"))
    story.record_fact("screening", "2026-09-18", **form("screening"))
    manager = {"name": "Priya Example", "email": "priya@police.example"}
    story.record_fact("circumstances", "2026-09-20", police_offender_manager=manager)
    story.record_fact("meeting-plan", "2026-09-21", **form("meeting-plan"))
    story.tick("2026-09-22")
    story.record_fact("meeting", "2026-10-14", **form("meeting"))
    story.tick("2026-10-15")


def held(part: str, attack: Callable[..., Counts], only: str | None, **drawn: Any) -> bool:
    """Attack a record on each database, or on one; print the counts, and tell whether it held."""
    faults = 0
    with databases() as kinds:
        for name, its in kinds.items():
            if only not in (None, name.lower()):
                continue
            with tempfile.TemporaryDirectory(prefix="mappa-attack-") as folder:
                record = fresh(its.fresh())
                prepared(record, Path(folder))
                counts = attack(record, Path(folder), **drawn)
                record.close()
            counts.show(f"{name}: {part}")
            faults += counts.faults.total()
    return not faults
