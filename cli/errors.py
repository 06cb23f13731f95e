"""How the command line says that something cannot be done."""

from collections.abc import Iterator
from contextlib import contextmanager

import typer

from service.errors import FAILED, ServiceError, explained


def complain(*sentences: str) -> None:
    """Print sentences to standard error."""
    for sentence in sentences:
        typer.echo(sentence, err=True)


def fail(*sentences: str, code: int = FAILED) -> typer.Exit:
    """Print sentences to standard error and return the exit to raise."""
    complain(*sentences)
    return typer.Exit(code)


@contextmanager
def plain_errors() -> Iterator[None]:
    """Turn every error a user can mend into a sentence and an exit code; a defect keeps its traceback."""
    try:
        yield
    except Exception as error:
        if isinstance(error, typer.Exit | typer.Abort | BrokenPipeError):
            raise
        sentences = explained(error)
        if not sentences:
            raise
        raise fail(*sentences, code=error.code if isinstance(error, ServiceError) else FAILED) from None
