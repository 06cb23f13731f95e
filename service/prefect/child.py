"""The Prefect server's own process: ``python -m service.prefect.child HOST PORT PARENT [NAME ...]``.

It dies with the process that started it, and asks nothing of any machine but this one. It answers to the names of
this machine, and to every further ``NAME``: a page that reaches it by another name is not from here.
"""

import ctypes
import os
import signal
import sys

PR_SET_PDEATHSIG = 1
OPEN_CONNECTIONS_SECONDS = 2
NOWHERE = "http://127.0.0.1:9/"
"""Refuses at once: nothing listens there."""
THIS_MACHINE = ("localhost", "127.0.0.1", "[::1]")


def die_with(parent: int) -> None:
    """End when ``parent`` does, even where it is killed. Linux tells a child; elsewhere only a clean end is told."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
    if os.getppid() != parent:
        sys.exit(0)


def stay_at_home() -> None:
    """Keep the server from looking up its registry of work pool types on the internet: it carries a copy."""
    from prefect.server.api import collections

    collections.KNOWN_VIEWS = dict.fromkeys(collections.KNOWN_VIEWS, NOWHERE)


def main() -> None:
    """Serve Prefect's API and UI until told to stop."""
    host, port, parent, names = sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), sys.argv[4:]
    die_with(parent)
    import uvicorn
    from fastapi.middleware.trustedhost import TrustedHostMiddleware
    from prefect.server.api.server import create_app

    stay_at_home()
    # A browser holds its connections open for as long as it likes; the end does not wait for it.
    uvicorn.run(
        TrustedHostMiddleware(create_app(final=True), [*THIS_MACHINE, host, *names], www_redirect=False),
        host=host,
        port=port,
        log_level="warning",
        timeout_graceful_shutdown=OPEN_CONNECTIONS_SECONDS,
    )


if __name__ == "__main__":
    main()
