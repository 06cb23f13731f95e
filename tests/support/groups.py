"""Which test files one test process runs: they share what is dear, such as a Prefect server or a simulated life.

pytest-xdist has a mark for it, which its 3.8 silently loses under pytest 9.2; so the tests are dealt out by file here.
"""

from xdist.scheduler import LoadScopeScheduling

PREFECT, FIVE_YEARS, HALF_A_YEAR = "a Prefect server", "five years", "half a year"
GROUPS = {
    "test_automations.py": PREFECT,
    "test_drive_case.py": PREFECT,
    "test_earlier_life.py": PREFECT,
    "test_flows.py": PREFECT,
    "test_happenings.py": PREFECT,
    "test_prefect_yaml.py": PREFECT,
    "test_worker_runs.py": PREFECT,
    "test_clock.py": PREFECT,
    "test_serve.py": PREFECT,
    "test_nothing_personal_in_prefect.py": PREFECT,
    "test_full_disk.py": PREFECT,
    "test_prefect_server.py": PREFECT,
    "test_five_years.py": FIVE_YEARS,
    "test_answers.py": HALF_A_YEAR,
    # What a module makes once for its tests would be made once in each process: these take seconds for it.
    **{
        name: name
        for name in (
            "test_an_area_taken_on.py",
            "test_days.py",
            "test_in_a_browser.py",
            "test_meeting_in_a_browser.py",
            "test_published.py",
            "test_shapes.py",
            "test_the_case_page_agrees.py",
            "test_two_databases.py",
        )
    },
}


class ByGroup(LoadScopeScheduling):  # type: ignore[misc]  # xdist comes without types
    """Deal out groups as a whole, the largest first, then test by test."""

    def _split_scope(self, nodeid: str) -> str:
        """Return what a test is dealt out with: its group, or nothing but itself."""
        return GROUPS.get(file_of(nodeid), nodeid)


def file_of(nodeid: str) -> str:
    """Return the name of the file that a test stands in."""
    return nodeid.partition("::")[0].rpartition("/")[2]
