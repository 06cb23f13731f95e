"""The secret of the Prefect server that this machine starts.

Who has it may start runs, and read what they did. It is made at the first start, in a file that its owner alone may
read; every part of mappa on this machine takes it from there, and people sign in to the UI with it.
"""

import os
import secrets
from contextlib import suppress
from pathlib import Path

import httpx

from service.prefect.trusted import certificates

FILE = "api-secret"
USER = "mappa"
BYTES = 24
ASK_SECONDS = 5.0
SERVER, CLIENT = "PREFECT_SERVER_API_AUTH_STRING", "PREFECT_API_AUTH_STRING"


def secret_file(home: Path) -> Path:
    """Return the file of the secret, in Prefect's folder."""
    return home / FILE


def make_secret(home: Path) -> None:
    """Make a secret where there is none: a user and a password of 24 random bytes, in a file of mode 600."""
    if SERVER in os.environ:
        return
    home.mkdir(parents=True, exist_ok=True)
    with suppress(FileExistsError):
        file = os.open(secret_file(home), os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(file, "w") as out:
            out.write(f"{USER}:{secrets.token_urlsafe(BYTES)}\n")


def secret_of(home: Path) -> str | None:
    """Return the secret: the operator's own where he set one, else that of the file; ``None`` before the first start.

    An operator sets his own for the server in ``PREFECT_SERVER_API_AUTH_STRING``.
    """
    if own := os.environ.get(SERVER):
        return own
    try:
        return secret_file(home).read_text().strip() or None
    except OSError:
        return None


def of_a_client(home: Path) -> dict[str, str]:
    """Return the variable with which a client of Prefect's signs in; none where there is no secret yet."""
    secret = secret_of(home)
    return {} if secret is None else {CLIENT: secret}


def of_the_server(home: Path) -> dict[str, str]:
    """Return the variable by which the server lets in those alone who have the secret."""
    secret = secret_of(home)
    return {} if secret is None else {SERVER: secret}


def signed_in(home: Path | None = None) -> httpx.BasicAuth | None:
    """Return what to sign in with when the server itself is asked; ``None`` without a secret.

    ``home``: the folder of this machine's own server, where it is the one that is asked.
    """
    secret = (None if home is None else secret_of(home)) or os.environ.get(CLIENT, "")
    user, _, password = secret.partition(":")
    return httpx.BasicAuth(user, password) if password else None


def lets_in(api_url: str, auth: httpx.BasicAuth | None) -> bool:
    """Tell whether a server that is up answers whoever signs in so; ``None`` is anybody."""
    try:
        answer = httpx.get(f"{api_url}/version", auth=auth, timeout=ASK_SECONDS, trust_env=False, verify=certificates())
    except httpx.HTTPError:
        return False
    return answer.status_code == httpx.codes.OK
