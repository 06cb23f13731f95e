"""What a user would use instead of stages: one Prefect flow run a case. Other schedulers: ``bench.rivals``."""

import tempfile
import time
from typing import Any

from tasks.quiet import use_prefect


def prefect_flow_a_case(runs: str) -> dict[str, Any]:
    """Run one Prefect flow a case against a server of its own; seconds a case."""
    use_prefect({"PREFECT_HOME": tempfile.mkdtemp(), "PREFECT_LOGGING_LEVEL": "ERROR"})
    from prefect import flow
    from prefect.testing.utilities import prefect_test_harness

    @flow(name="one-case")
    def one_case(reference: str) -> str:
        return reference

    with prefect_test_harness(server_startup_timeout=120):
        one_case("warm-up")
        start = time.perf_counter()
        for number in range(int(runs)):
            one_case(f"REF-{number}")
        seconds = time.perf_counter() - start
    return {"seconds_a_case": seconds / int(runs)}
