"""What an operator does for the audit trail: change its key, note a restore, accept rows as they are."""

from datetime import datetime

from models.audit import Change, append
from models.audit_seals import ACCEPTED, RESTORE, ROTATION, seal
from models.audit_witness import Witness, present_witness
from models.record import Record
from models.row_checks import RowCheck, looked_at
from models.row_reseals import hold_writers, reseal


def rotate_key(record: Record, actor: str, at: datetime) -> str:
    """Make a new key, which every entry has from now on, note it in the trail, and seal trail and rows with it.

    The old keys stay in the file: they prove what was written with them. Returns the name of the new key.
    """
    record.refuse_other_keys()
    with record.writing() as session:
        hold_writers(session)
        found, _ = looked_at(session)
        name = record.audit_keys.rotate()
        append(session, [Change("record", "audit-key-rotated", "record", None, {"key": name})], actor=actor, at=at)
        seal(session, at, ROTATION, reseal(session, found))
    return name


def accept_rows(record: Record, reason: str, actor: str, at: datetime) -> list[str]:
    """Seal every row as it is now, and note in the trail what had not been as sealed, and why it may stay.

    Returns what was accepted, a sentence for each row.
    """
    with record.writing() as session:
        hold_writers(session)
        found, rows = looked_at(session)
        said = [fault.said for fault in found]
        if said:
            accepted = {"reason": reason, "rows": said}
            append(session, [Change("record", "rows-accepted", "record", None, accepted)], actor=actor, at=at)
            seal(session, at, ACCEPTED, reseal(session))
            session.add(RowCheck(checked_at=at, rows=rows, faults=0, named=[]))
    return said


def note_restore(record: Record, actor: str, at: datetime) -> Witness | None:
    """Note in the trail of a record that it was put back from a backup, and seal it; return the seal to be told.

    What was told outside of later seals counts no more: the record goes on from an earlier one.
    """
    with record.writing() as session:
        append(session, [Change("record", "record-restored", "record")], actor=actor, at=at)
        seal(session, at, RESTORE)
        return present_witness(session)
