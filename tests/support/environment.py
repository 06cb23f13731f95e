"""The environment of a program that a test starts: its own settings, and none of those the test run stands in."""

import os

from tests.support.opened import KEY_VARIABLE

KEPT = (KEY_VARIABLE, "MAPPA_PUBLISH_REPORTS")
"""What holds for a whole test run: one key for all copies of a record, and no reports unless a test is about them."""
PREFIXES = ("MAPPA_", "PREFECT_")


def without_settings() -> dict[str, str]:
    """Return the environment without the settings of mappa and Prefect, but for those of the whole test run."""
    return {name: value for name, value in os.environ.items() if not name.startswith(PREFIXES) or name in KEPT}
