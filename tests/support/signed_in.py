"""What a test signs in with at the Prefect server of a program that it started."""

from pathlib import Path

from service.prefect.secret import secret_file


def signed_in_at(home: Path) -> tuple[str, str]:
    """Return the user and the password of the server whose folder this is, as its file has them."""
    user, _, password = secret_file(home).read_text().strip().partition(":")
    return user, password
