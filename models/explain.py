"""From an exception to what a person is told: the one translator, for the command line, the log and the API.

An error written for people speaks for itself. Those of the database and of files get a sentence here; their own text
may quote a statement with its parameters, and so a name. All else is a defect of the program.
"""

from dataclasses import dataclass

from policy.errors import FailedError, MappaError, Outcome, UnavailableError, outcome_of


@dataclass(frozen=True, slots=True)
class Explained:
    """What a person is told, a line each, and what the error is to a shell and to a web client."""

    reasons: list[str]
    outcome: Outcome


def explain(error: BaseException) -> Explained | None:
    """Return what to tell people about an error; nothing for a defect of the program."""
    if isinstance(error, MappaError):
        return Explained(error.reasons, outcome_of(type(error)))
    if (said := of_the_database(error)) is not None:
        return Explained([said], outcome_of(UnavailableError))
    if (said := of_a_file(error)) is not None:
        return Explained([said], outcome_of(FailedError))
    return None


def reasons_of(error: BaseException) -> list[str]:
    """Return the lines of ``explain``; none for a defect."""
    found = explain(error)
    return found.reasons if found is not None else []


def of_the_database(error: BaseException) -> str | None:
    """Return what may be said of an error of the database."""
    # An error shown before any record was opened must not wait for SQLAlchemy.
    from sqlalchemy.exc import DBAPIError, SQLAlchemyError

    if isinstance(error, DBAPIError):
        return f"the database refused: {str(error.orig).strip().splitlines()[0]}"
    if isinstance(error, SQLAlchemyError):
        return f"the database cannot be used ({type(error).__name__}): {str(error).splitlines()[0]}"
    return None


def of_a_file(error: BaseException) -> str | None:
    """Return what may be said of an error of a file."""
    from models.full_disk import FILE_TAKES_NO_MORE

    if not isinstance(error, OSError):
        return None
    if error.filename is not None:
        return f"{error.filename}: {error.strerror}"
    if error.errno in FILE_TAKES_NO_MORE:
        # A write to a file that is open already does not say which.
        return f"nothing more can be written ({error.strerror}): make room on the disk, then run it again"
    return None
