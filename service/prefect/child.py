"""The Prefect server's own process: ``python -m service.prefect.child HOST PORT PARENT``.

It dies with the process that started it, and asks nothing of any machine but this one.
"""

import ctypes
import os
import signal
import sys

PR_SET_PDEATHSIG = 1
OPEN_CONNECTIONS_SECONDS = 2
NOWHERE = "http://127.0.0.1:9/"
"""Refuses at once: nothing listens there."""


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
    host, port, parent = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
    die_with(parent)
    import uvicorn
    from prefect.server.api.server import create_app

    stay_at_home()
    # A browser holds its connections open for as long as it likes; the end does not wait for it.
    uvicorn.run(
        create_app(final=True),
        host=host,
        port=port,
        log_level="warning",
        timeout_graceful_shutdown=OPEN_CONNECTIONS_SECONDS,
    )


if __name__ == "__main__":
    main()
