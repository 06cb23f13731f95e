"""Refusals: written for the person who reads them, with what is wrong, where, and what is wanted."""


class CaseworkError(Exception):
    """A change to the record that was not made."""


class FileRefusedError(CaseworkError):
    """A whole file cannot be read; nothing of it was loaded."""


class RefusedError(CaseworkError):
    """What a person wanted to record is refused; ``reasons`` are sentences that say what is wanted."""

    def __init__(self, reasons: list[str]) -> None:
        """Keep every reason: a person mends all of them at once."""
        super().__init__("; ".join(reasons))
        self.reasons = reasons
