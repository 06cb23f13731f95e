"""What an operator does for the audit trail: change its key, and say that a record was put back from a backup."""

from datetime import datetime

from models.audit import Change, append
from models.audit_seals import RESTORE, ROTATION, seal
from models.audit_witness import Witness, present_witness
from models.record import Record


def rotate_key(record: Record, actor: str, at: datetime) -> str:
    """Make a new key, which every entry has from now on, note it in the trail, and seal the trail with it.

    The old keys stay in the file: they prove what was written with them. Returns the name of the new key.
    """
    record.refuse_other_keys()
    name = record.audit_keys.rotate()
    with record.writing() as session:
        append(session, [Change("record", "audit-key-rotated", "record", None, {"key": name})], actor=actor, at=at)
        seal(session, at, ROTATION)
    return name


def note_restore(record: Record, actor: str, at: datetime) -> Witness | None:
    """Note in the trail of a record that it was put back from a backup, and seal it; return the seal to be told.

    What was told outside of later seals counts no more: the record goes on from an earlier one.
    """
    with record.writing() as session:
        append(session, [Change("record", "record-restored", "record")], actor=actor, at=at)
        seal(session, at, RESTORE)
        return present_witness(session)
