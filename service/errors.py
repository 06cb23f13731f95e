"""What the program says when something cannot be done, and with which exit code."""

FAILED, WRONG_USAGE, SOME_REJECTED = 1, 2, 3


class ServiceError(Exception):
    """The program cannot do what was asked; the message says why and what to do."""

    code = FAILED


def explained(error: Exception) -> list[str]:
    """Return what to tell the user about an error; nothing for a defect of the program."""
    from sqlalchemy.exc import DBAPIError, SQLAlchemyError

    from models.full_disk import FILE_TAKES_NO_MORE, full_disk
    from models.settings import RecordSettings

    reasons = getattr(error, "reasons", None) or getattr(error, "sentences", None)
    if isinstance(error, written_for_users()):
        return [str(reason) for reason in reasons] if reasons else [str(error)]
    if isinstance(error, DBAPIError) and (full := full_disk(error, RecordSettings().database_url)):
        return [full]
    if isinstance(error, DBAPIError):
        # The text of the error itself quotes statement and parameters, and so names.
        return [f"the database refused: {str(error.orig).strip().splitlines()[0]}"]
    if isinstance(error, SQLAlchemyError):
        return [f"the database cannot be used ({type(error).__name__}): {str(error).splitlines()[0]}"]
    if isinstance(error, OSError) and error.filename is not None:
        return [f"{error.filename}: {error.strerror}"]
    if isinstance(error, OSError) and error.errno in FILE_TAKES_NO_MORE:
        # A write to a file that is open already does not say which.
        return [f"nothing more can be written ({error.strerror}): make room on the disk, then run it again"]
    return []


def written_for_users() -> tuple[type[Exception], ...]:
    """Return the errors whose text was written for the user; those of ``service`` derive from ``ServiceError``."""
    from casework.errors import CaseworkError
    from models.record import RecordError
    from policy.book import PolicyError

    return CaseworkError, RecordError, PolicyError, ServiceError
