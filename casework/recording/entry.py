"""What somebody records, and who it is."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from policy.roles import Role


class Through(StrEnum):
    """Through what somebody records: the command line, the desk, the API, or as one of the invented people."""

    CLI = "cli"
    DESK = "desk"
    API = "api"
    SAMPLE = "sample"


@dataclass(frozen=True, slots=True)
class Actor:
    """Who records something. ``id`` is how the door they came through knows them, ``name`` what the trail calls them.

    ``role``, ``agency`` and ``area`` are those in which they act, where the door knows them: the command line does
    not ask.
    """

    id: str
    name: str
    through: Through
    role: Role | None = None
    agency: str | None = None
    area: str | None = None

    def in_the_trail(self) -> dict[str, Any]:
        """Return what the trail keeps of an actor beside the name: nothing of one at the command line, as ever."""
        if self.through is Through.CLI:
            return {}
        parts = {"id": self.id, "role": self.role, "agency": self.agency, "area": self.area, "through": self.through}
        return {"recorded_as": {name: str(value) for name, value in parts.items() if value is not None}}


@dataclass(frozen=True, slots=True)
class Entry:
    """One fact to be recorded: its kind, whom it is about (CRN or case reference), and the form.

    ``typed``: the bytes that the form came as, where it came as bytes.
    """

    kind: str
    crn: str
    data: dict[str, Any]
    typed: bytes | None = None
