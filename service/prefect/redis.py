"""Redis, that several Prefect servers share: whether the server at an address reaches it.

A server whose Redis is away says that it is well, shows every run, and starts none: each call that would takes seconds
and fails, or is never answered where Redis only hangs. Its own ``/health`` and ``/ready`` do not ask Redis.
"""

from uuid import UUID

import httpx

from service.prefect.trusted import certificates

SECONDS = 4.0
"""A server tries Redis again for three seconds before it says that it cannot be reached."""
NOBODYS = UUID(int=0)
"""The lease of a limit that nobody holds. To renew it changes nothing, and is refused after a look into Redis."""
RENEWED_FOR_SECONDS = 60.0

AWAY = "does not reach its Redis"
MENDS = "start Redis, or set on the server where it is: PREFECT_REDIS_MESSAGING_HOST and PREFECT_SERVER_DOCKET_URL"


def reaches_redis(api_url: str, auth: httpx.BasicAuth | None, timeout: float = SECONDS) -> bool:
    """Tell within ``timeout`` seconds whether a server that is up reaches its Redis; one that needs none does.

    What else is wrong with the server is for others to find.
    """
    try:
        answer = httpx.post(
            f"{api_url}/v2/concurrency_limits/leases/{NOBODYS}/renew",
            json={"lease_duration": RENEWED_FOR_SECONDS},
            auth=auth,
            timeout=timeout,
            trust_env=False,
            verify=certificates(),
        )
    except httpx.TimeoutException:
        return False
    except (httpx.HTTPError, httpx.InvalidURL):
        return True
    return not answer.is_server_error
