"""Whether the clock of this machine may be believed: the rule that a tick asks before it raises or sends anything.

A clock that is wrong by years makes all of those years due at once: each ladder is used up for good, and everybody is
written to. A machine cannot tell a wrong clock from a long outage; a person can. So what is out of the ordinary stops
the work and is put to a person. Moments are compared as they are, in UTC: a change to or from summer time moves none.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum

from pydantic import Field

from policy.parts import Part, Status


class ClockNumbers(Part):
    """How far the clock of a machine may stray before the work stops until a person has looked.

    ``longest_outage_days``: days of 24 hours since the last tick. ``apart_minutes``: by how much it may lie before the
    last tick, and apart from the clock of the database server, either way.
    """

    longest_outage_days: int = Field(ge=7, le=366)
    apart_minutes: int = Field(ge=2, le=24 * 60)
    source: str
    status: Status


class Fault(StrEnum):
    """What is out of the ordinary about the clock."""

    LONG_SILENCE = "long_silence"
    SET_BACK = "set_back"
    NOT_THE_SERVERS = "not_the_servers"


@dataclass(frozen=True, slots=True)
class WrongClock:
    """A clock that may not be believed: what is out of the ordinary, and what it was compared with, in UTC."""

    fault: Fault
    present: datetime
    other: datetime

    @property
    def apart(self) -> timedelta:
        """Return by how much the two differ; never negative."""
        return abs(self.present - self.other)


def in_utc(moment: datetime | None) -> datetime | None:
    """Return a moment in UTC, where there is one."""
    return None if moment is None else moment.astimezone(UTC)


def judge(
    numbers: ClockNumbers, present: datetime, last: datetime | None, server: datetime | None = None
) -> WrongClock | None:
    """Return what is out of the ordinary about the ``present`` of a machine; None where nothing is.

    ``last``: the last tick that the record knows of, None before the first. ``server``: what the clock of the database
    server says, None where there is none or where a person has said that it is the wrong one. What the server says
    goes first: it needs no past to compare with.
    """
    # Moments of one time zone are subtracted by the wall clock, which summer time moves.
    present, last, server = present.astimezone(UTC), in_utc(last), in_utc(server)
    tolerance = timedelta(minutes=numbers.apart_minutes)
    if server is not None and abs(present - server) > tolerance:
        return WrongClock(Fault.NOT_THE_SERVERS, present, server)
    if last is None:
        return None
    if present - last > timedelta(days=numbers.longest_outage_days):
        return WrongClock(Fault.LONG_SILENCE, present, last)
    if last - present > tolerance:
        return WrongClock(Fault.SET_BACK, present, last)
    return None
