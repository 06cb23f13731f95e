"""Prefect kept quiet: nothing about its use leaves the machine. Import this before Prefect.

Prefect reports the first import and the first flow run of an installation to its makers, from the client and
from the server, unless told not to before it is imported.

This is the one place of the product that writes to the environment of its own process, and all it writes is for
Prefect, which takes these things from nowhere else: whether to report, when it is imported; its logging, which it sets
up from variables; its settings in threads of its own, to which no context of ours reaches; the proxies of its client;
and the settings of the processes in which it runs what an operator starts, each of which gets a copy.
"""

import os
import sys
from collections.abc import Mapping

QUIET = {
    "DO_NOT_TRACK": "1",
    "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
    "PREFECT_CLOUD_ENABLE_ORCHESTRATION_TELEMETRY": "false",
    "PREFECT_TELEMETRY_ENABLE_RESOURCE_METRICS": "false",
    # A temporary server takes longer to start than Prefect waits for it; that no server is there is said plainly.
    "PREFECT_SERVER_EPHEMERAL_ENABLED": "false",
}


def use_prefect(environment: Mapping[str, str]) -> None:
    """Make Prefect in this process, and the processes it starts, use these variables, imported before or not."""
    os.environ.update(environment)
    if "prefect.context" in sys.modules:
        sys.modules["prefect.context"].refresh_global_settings_context()


use_prefect({name: value for name, value in QUIET.items() if name not in os.environ})
