"""Named points between two steps of the work, so that tests can stop a real process exactly there.

In the product they do nothing. A test process sets ``on_checkpoint`` and kills itself at a point; every point
must be named here, so that no point goes untested.
"""

from collections.abc import Callable

SWEEP_POINTS = (
    "sweep.rows_read",
    "sweep.messages_queued",
    "sweep.prompts_written",
    "sweep.ladders_advanced",
    "sweep.audited",
    "chunk.committed",
)
MEETING_POINTS = (
    "meetings.listed",
    "meetings.invited",
    "chunk.committed",
)
DELIVERY_POINTS = (
    "delivery.claimed",
    "delivery.begun",
    "delivery.handed_over",
    "delivery.recorded",
)
REPORT_POINTS = (
    "reports.made",
    "reports.written",
    "chunk.committed",
)
REPLY_POINTS = (
    "replies.read",
    "replies.recorded",
    "chunk.committed",
)
POINTS = frozenset(SWEEP_POINTS + MEETING_POINTS + DELIVERY_POINTS + REPORT_POINTS + REPLY_POINTS)

on_checkpoint: Callable[[str], None] | None = None


def checkpoint(point: str) -> None:
    """Say that the work has come to ``point``."""
    if on_checkpoint is not None:
        if point not in POINTS:
            raise ValueError(f"{point!r} is not a named point")
        on_checkpoint(point)
