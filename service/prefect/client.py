"""The one way in which the program asks Prefect's API: signed in, and not waiting long."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from prefect.client.orchestration import SyncPrefectClient

SECONDS = 10.0
"""How long an answer of Prefect's is waited for, unless told otherwise."""


def client_at(api_url: str, seconds: float = SECONDS) -> "SyncPrefectClient":
    """Return a client of the server at an address. It signs in with the secret that this process uses Prefect with."""
    from prefect.client.orchestration import SyncPrefectClient
    from prefect.settings import get_current_settings

    secret = get_current_settings().api.auth_string
    return SyncPrefectClient(
        api_url,
        auth_string=None if secret is None else secret.get_secret_value(),
        httpx_settings={"timeout": seconds},
    )
