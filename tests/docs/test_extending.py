"""The worked example of docs/extending.md: its diff is applied to a copy, and all that it promises comes by itself."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.environment import without_settings
from tests.support.sources import ROOMS, ROOT

DIFF = re.search(r"```diff\n(.*?)```", (ROOT / "docs" / "extending.md").read_text(encoding="utf-8"), re.DOTALL)
LIFE = """
import sys
from pathlib import Path
from docs.messages import page_of_messages
from docs.timescales import page_of_timescales
from models.obligations import Timescale
from policy.kinds import Events
from sqlalchemy import select, update
from tasks import assurance, deliver
from tasks.stage import run_stage
from tests.support.opened import opened, with_mail_in
from tests.support.story import DARREN, HANA, MEETING_DIRECTORY, Story, at
from typer.testing import CliRunner
from cli.app import app

url, folder = sys.argv[1], Path(sys.argv[2])
record = opened(url)
story = Story(record, folder, MEETING_DIRECTORY)
story.load("2026-06-01", DARREN)
story.tick("2026-06-01")
story.record_fact("circumstances", "2027-03-01", temporary_accommodation=True)
story.record_fact("custody-event", "2027-03-12", event="release", what="Released to a hostel.", by="Opal Example")
# Fri 12 March 2027 and twelve weeks: Fri 4 June; two weeks before: Fri 21 May.
assert story.owed("housing_review") == [("2027-06-04", "open", None)]
story.tick("2027-05-21")
assert ("-2 weeks", 1, HANA, "2027-05-21") in story.prompts("housing_review")
run_stage(with_mail_in(record, folder / "mail"), deliver.STAGE, at("2027-05-21", 9))
mails = [path.read_text() for path in (folder / "mail").glob("*.eml") if HANA in path.read_text()]
assert any("Housing review" in mail and "temporary accommodation" in mail for mail in mails), mails
shown = CliRunner().invoke(app, ["case", "show", "X320741", "--database", url]).stdout
assert "housing_review" in shown, shown
assert "housing_review" in CliRunner().invoke(app, ["timescales", "--help"], env={"COLUMNS": "400"}).stdout
assert "housing_review" in page_of_timescales() and "Housing to review" in page_of_messages()


def broken(hour):
    report = run_stage(record, assurance.STAGE, at("2027-06-01", hour))
    assert report.outcomes
    return {(one.subject, one.detail) for one in report.outcomes if one.detail != "it holds"}


before = broken(9)
with record.writing() as session:
    kind = Timescale.kind == Events.HOUSING_REVIEW
    session.execute(update(Timescale).where(kind).values(next_prompt_at=at("2027-05-24")))
assert broken(12) - before, "the auditor does not see a rung of the new kind that nobody raised"
"""


@pytest.fixture(scope="module")
def extended(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the program with the diff applied."""
    copy = tmp_path_factory.mktemp("extended") / "mappa"
    for room in (*ROOMS, "tests", "docs", "migrations"):
        shutil.copytree(ROOT / room, copy / room, ignore=shutil.ignore_patterns("__pycache__"), dirs_exist_ok=True)
    shutil.copy(ROOT / "pyproject.toml", copy)
    assert DIFF is not None
    subprocess.run(["git", "apply", "-"], cwd=copy, input=DIFF[1], text=True, check=True, capture_output=True)
    return copy


def run(copy: Path, *words: str) -> subprocess.CompletedProcess[str]:
    environment = {name: value for name, value in without_settings().items() if not name.startswith("PYTEST_")}
    return subprocess.run(
        [sys.executable, *words], cwd=copy, env=environment | {"PYTHONPATH": str(copy)}, text=True, capture_output=True
    )


def test_a_new_kind_takes_four_files() -> None:
    assert DIFF is not None
    assert re.findall(r"^diff --git a/(\S+)", DIFF[1], re.MULTILINE) == [
        "policy/data/p2012.toml",
        "policy/kinds/events.py",
        "policy/obligations/housing.py",
        "tests/policy/test_housing_review.py",
    ]


def test_its_own_test_passes_and_it_lacks_nothing(extended: Path) -> None:
    tests = ("tests/policy/test_housing_review.py", "tests/policy/test_specs.py")
    done = run(extended, "-m", "pytest", "-q", "-p", "no:cacheprovider", *tests)
    assert done.returncode == 0, done.stdout


def test_prompts_words_case_page_reference_and_auditor_come_by_themselves(
    extended: Path, tmp_path: Path, sqlite_template: Path
) -> None:
    shutil.copy(sqlite_template, tmp_path / "record.db")
    (extended / "life.py").write_text(LIFE, encoding="utf-8")
    done = run(extended, "life.py", f"sqlite:///{tmp_path}/record.db", str(tmp_path))
    assert done.returncode == 0, done.stdout + done.stderr
