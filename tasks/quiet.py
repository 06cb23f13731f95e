"""Prefect kept quiet: nothing about its use leaves the machine. Import this before Prefect.

Prefect reports the first import and the first flow run of an installation to its makers, from the client and
from the server, unless told not to before it is imported.
"""

import os

QUIET = {
    "DO_NOT_TRACK": "1",
    "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
    "PREFECT_CLOUD_ENABLE_ORCHESTRATION_TELEMETRY": "false",
    "PREFECT_TELEMETRY_ENABLE_RESOURCE_METRICS": "false",
    # A temporary server takes longer to start than Prefect waits for it; that no server is there is said plainly.
    "PREFECT_SERVER_EPHEMERAL_ENABLED": "false",
}

for _name, _value in QUIET.items():
    os.environ.setdefault(_name, _value)
