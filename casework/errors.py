"""What casework refuses: a whole file, or a fact that a person wants to record."""

import re
from collections.abc import Sequence

from policy.errors import ConflictError, InvalidError, UnreadableError

PLACED = re.compile(r"(?P<path>[A-Za-z_][\w.#-]*): (?P<what>.+)", re.DOTALL | re.ASCII)
"""A reason that names its field: ``participants.0.name: Field required``."""


class FileRefusedError(UnreadableError):
    """A whole file cannot be read; nothing of it was loaded."""


class RefusedError(InvalidError):
    """What a person wanted to record breaks a rule; each reason names the field and says what is wanted."""

    def __init__(self, reasons: Sequence[str]) -> None:
        """Keep every reason: a person mends all of them at once."""
        super().__init__("; ".join(reasons), reasons=reasons)


class CaseChangedError(ConflictError):
    """The case has changed since whoever records something last read it; nothing was recorded."""
