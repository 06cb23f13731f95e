"""What a command imports: four fifths of the time of a list would else be spent on what it has no use for.

It is counted, not timed: a count is the same on every machine.
"""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.environment import without_settings

ROOT = Path(__file__).parents[2]
ROOMS = tuple(f"{path.parent.name}" for path in ROOT.glob("*/__init__.py") if path.parent.name != "tests")
START = """
import json, sys
from cli.app import main
sys.argv = ["mappa", *sys.argv[1:]]
try:
    main()
except SystemExit as ended:
    code = ended.code
print(json.dumps([code, sorted(sys.modules)]), file=sys.stderr)
"""
NEVER = {
    "alembic",
    "apscheduler",
    "email_validator",
    "fastapi",
    "govuk_frontend_jinja",
    "holidays",
    "httpx",
    "icalendar",
    "jinja2",
    "joserfc",
    "notifications_python_client",
    "openpyxl",
    "prefect",
    "prometheus_client",
    "starlette",
    "uvicorn",
    "weasyprint",
}
"""Libraries that a command which looks has no use for."""


@pytest.mark.parametrize(
    ("words", "modules_of_ours"),
    [
        # The help of all names each command, and so asks all their modules what they are for.
        ("--help", 80),
        ("case --help", 45),
        ("case list", 120),
        ("case show X320741", 155),
        ("timescales", 120),
        ("problems", 120),
        ("messages", 120),
        ("policy show", 125),
    ],
)
def test_a_command_that_looks_imports_little(
    words: str, modules_of_ours: int, tmp_path: Path, sqlite_template: Path
) -> None:
    done = subprocess.run(
        [sys.executable, "-c", START, *words.split()],
        cwd=tmp_path,
        env=without_settings() | {"PYTHONPATH": str(ROOT), "MAPPA_DATABASE_URL": f"sqlite:///{sqlite_template}"},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    code, modules = json.loads(done.stderr.splitlines()[-1])
    roots = {name.partition(".")[0] for name in modules}
    # Nobody has that CRN in an empty record: it is said after everything was imported.
    assert code == (1 if "X320741" in words else 0)
    assert roots & NEVER == set()
    ours = [name for name in modules if name.partition(".")[0] in ROOMS]
    assert 20 < len(ours) <= modules_of_ours
    commands = {name for name in ours if name.startswith("cli.")} - {"cli.app", "cli.errors", "cli.options"}
    if words.startswith(("case", "timescales", "problems")):
        assert commands <= {"cli.look", "cli.case_page"}
    if "help" in words:
        assert not roots & {"sqlalchemy", "models"}
    elif not words.startswith("policy"):
        # What people look at is on record: no number of the policy, nor its file, is needed to show it.
        assert not {"policy.numbers", "policy.book", "casework.recording.registry"} & set(modules)
