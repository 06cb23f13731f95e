"""Whether a run works on the record of the clock that asked for it: on another it would end green, and help nobody."""

import os
import socket
from collections.abc import Iterable

from models.addresses import shown_url
from models.identity import identity_of
from models.record import Record
from policy.errors import FailedError

TAG = "record "
"""How the tag of a run begins by which a clock names its record."""


class OtherRecordError(FailedError):
    """A run was asked for by a clock that serves another record."""


def tags_for(record: Record) -> list[str]:
    """Return the tag by which a run can tell that it works on this record; none of a record without a name."""
    with record.reading() as session:
        name = identity_of(session)
    return [] if name is None else [TAG + name]


def refuse_other_record(record: Record, tags: Iterable[str]) -> None:
    """Raise ``OtherRecordError`` where the tags of a run name another record than the one it has opened.

    A run without such a tag was asked for by a person, and works on whatever record its process serves.
    """
    asked = next((tag.removeprefix(TAG) for tag in tags if tag.startswith(TAG)), None)
    if asked is None:
        return
    with record.reading() as session:
        mine = identity_of(session)
    if mine != asked:
        raise OtherRecordError(
            f"{who_works()} serves the record {mine} ({shown_url(record.url)}), and the clock that asked for this run "
            f"serves the record {asked}: nothing was done",
            to_do="set MAPPA_DATABASE_URL of the worker, and the other MAPPA_ variables, to what the clock has, and "
            "start it again",
        )


def who_works() -> str:
    """Return what an operator knows this process by: the worker that started it, and its machine."""
    worker = os.environ.get("PREFECT__WORKER_NAME")
    return f"{f'the worker {worker}' if worker else 'a process'} on {socket.gethostname()}"
