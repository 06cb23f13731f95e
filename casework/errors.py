"""What casework refuses: a whole file, or a fact that a person wants to record."""

from collections.abc import Sequence

from policy.errors import InvalidError, UnreadableError


class FileRefusedError(UnreadableError):
    """A whole file cannot be read; nothing of it was loaded."""


class RefusedError(InvalidError):
    """What a person wanted to record breaks a rule; each reason names the field and says what is wanted."""

    def __init__(self, reasons: Sequence[str]) -> None:
        """Keep every reason: a person mends all of them at once."""
        super().__init__("; ".join(reasons), reasons=reasons)
