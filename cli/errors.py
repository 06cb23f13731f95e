"""How the command line says that something cannot be done."""

from collections.abc import Iterator
from contextlib import contextmanager

import typer


def complain(*sentences: str) -> None:
    """Print sentences to standard error."""
    for sentence in sentences:
        typer.echo(sentence, err=True)


@contextmanager
def plain_errors() -> Iterator[None]:
    """Turn every error a user can mend into its sentences and its exit code; a defect keeps its traceback."""
    try:
        yield
    except (typer.Exit, typer.Abort, BrokenPipeError):
        raise
    except Exception as error:
        from models.explain import explain

        told = explain(error)
        if told is None:
            raise
        complain(*told.reasons)
        raise typer.Exit(told.outcome.exit_code) from None
