"""Every error that is written for a person, by kind, and what each kind means to a shell and to a web client.

A room derives its errors from one of the kinds below, so that whoever meets one (the command line, the API) knows what
to answer without knowing the room. What is no ``MappaError`` is a defect and keeps its traceback.
"""

from collections.abc import Sequence
from dataclasses import dataclass

DONE, FAILED, WRONG_USAGE, SOME_REJECTED = range(4)
"""The exit codes of every command. The last: done, but some of the input was rejected."""


class MappaError(Exception):
    """An error written for the person who reads it: what is wrong, where, and what to do about it.

    ``reasons`` are the sentences to show, one a line: several where a person can mend several things at once.
    """

    def __init__(self, what: str, *, where: str = "", to_do: str = "", reasons: Sequence[str] = ()) -> None:
        """Join the parts that are given, in the order in which a person needs them."""
        text = ": ".join(part for part in (where, what, to_do) if part)
        super().__init__(text)
        self.what, self.where, self.to_do = what, where, to_do
        self.reasons = list(reasons) or [text]


class WrongUsageError(MappaError):
    """The question itself is wrong: options that contradict each other, the name of something that does not exist."""


class SettingsError(MappaError):
    """Settings that cannot be used; each reason names its variable."""

    def __init__(self, reasons: Sequence[str]) -> None:
        """Keep every reason: all wrong settings are mended at once."""
        super().__init__("\n".join(reasons), reasons=reasons)


class UnreadableError(MappaError):
    """What was handed in cannot be read: it is not the kind of file or text that is expected."""


class InvalidError(MappaError):
    """What was handed in can be read, and breaks a rule."""


class SignInNeededError(MappaError):
    """Nobody is signed in, or no more."""


class NotAllowedError(MappaError):
    """Somebody asks for what their role does not give them."""


class NotFoundError(MappaError):
    """The record does not have what was asked for."""


class ConflictError(MappaError):
    """It cannot be done as things stand now: something is there already, in use, or decided."""


class UnavailableError(MappaError):
    """Something that is needed for it does not work or is not there: the record, its disk, a server."""


class FailedError(MappaError):
    """It was tried, and failed or came out wrong."""


class Signal(Exception):  # noqa: N818  no error: it is always caught, and never shown
    """Something that one function tells another, further up the same room. Nobody but the program reads it."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What an error is to the shell (an exit code) and to a web client (an HTTP status)."""

    exit_code: int
    status: int


OUTCOMES: dict[type[MappaError], Outcome] = {
    WrongUsageError: Outcome(WRONG_USAGE, 400),
    SettingsError: Outcome(WRONG_USAGE, 500),
    UnreadableError: Outcome(FAILED, 400),
    InvalidError: Outcome(FAILED, 422),
    SignInNeededError: Outcome(FAILED, 401),
    NotAllowedError: Outcome(FAILED, 403),
    NotFoundError: Outcome(FAILED, 404),
    ConflictError: Outcome(FAILED, 409),
    UnavailableError: Outcome(FAILED, 503),
    FailedError: Outcome(FAILED, 500),
}
"""Every kind of error. A class of a room has the row of the kind from which it derives."""


def outcome_of(error: type[MappaError]) -> Outcome:
    """Return the row of a class of error: its own, else that of the nearest class it derives from."""
    return next(OUTCOMES[kind] for kind in error.__mro__ if kind in OUTCOMES)
