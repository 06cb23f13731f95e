"""An area on an operator's machine, and the same area undisturbed beside it."""

import shutil
import sqlite3
from collections import Counter
from collections.abc import Sequence
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest

from tests.support.opened import opened
from tests.support.program import Program, program_of
from tests.support.story import DARREN, Story

PEOPLE = 12
BEFORE = ("2026-06-01", "2026-08-12", "2026-09-13")
"""Up to the Sunday after twelve referrals were owed. The digests that say so wait for Monday morning."""
THE_DAY = "2026-09-14"
"""On this Monday the line managers hear of it, too."""
ESCALATIONS, DIGESTS = 2, 4
# What is stuck, to the coordinator and to the SMB Chair: raised on the Sunday, and sent on the day, a Monday.
LISTS = 2
ALL = ESCALATIONS + DIGESTS + LISTS
"""What goes out on that day: to two line managers; to three offender managers and the coordinator."""
AS_A_DAY_GOES = ("raised_at", "late_by_days", "message")


def people(count: int = PEOPLE, **changes: str) -> list[dict[str, str]]:
    """Return people like Darren, who share three offender managers and two line managers."""
    return [
        {
            **DARREN,
            "crn": f"X3207{n:02d}",
            "forenames": f"Darren {n}",
            "offender_manager_email": f"om{n % 3}@probation.example",
            "line_manager_email": f"lionel{n % 2}@probation.example",
            **changes,
        }
        for n in range(count)
    ]


def settle_area(url: str, folder: Path, rows: Sequence[dict[str, str]], loaded: str) -> None:
    """Load people on a day and identify them."""
    record = opened(url)
    story = Story(record, folder)
    story.load(loaded, *rows)
    story.tick(loaded)
    record.close()


@pytest.fixture(scope="session")
def settled(tmp_path_factory: pytest.TempPathFactory, sqlite_template: Path) -> Path:
    """The record of an area of twelve people on the evening before the day."""
    folder = tmp_path_factory.mktemp("settled")
    shutil.copy(sqlite_template, folder / "record.db")
    settle_area(f"sqlite:///{folder}/record.db", folder, people(), "2026-06-01")
    tick(program_of(folder), *BEFORE)
    return folder / "record.db"


def copied(record: Path, to: Path) -> Path:
    """Copy a record as it stands, whatever still lies in its log."""
    to.parent.mkdir(parents=True, exist_ok=True)
    with sqlite3.connect(record) as source, sqlite3.connect(to) as target:
        source.backup(target)
    source.close()
    target.close()
    return to


@pytest.fixture
def mappa(tmp_path: Path, settled: Path) -> Program:
    """The program on the operator's machine."""
    copied(settled, tmp_path / "record.db")
    return program_of(tmp_path)


@pytest.fixture
def undisturbed(tmp_path: Path, settled: Path) -> Program:
    """The program on a copy of the record, on which nothing broke on the day."""
    copied(settled, tmp_path / "undisturbed" / "record.db")
    program = program_of(tmp_path / "undisturbed")
    tick(program, THE_DAY)
    return program


def tick(program: Program, *moments: str) -> None:
    """Tick at moments, and have everything go well."""
    for moment in moments:
        answer = program("tick", "--as-at", moment)
        assert (answer.code, answer.err) == (0, ""), answer


def prompts(program: Program, *but: str) -> list[dict[str, Any]]:
    """Return the prompts that were raised, without what may differ."""
    found = program("prompts", "--json").document
    return sorted(
        ({key: value for key, value in prompt.items() if key not in (but or AS_A_DAY_GOES)} for prompt in found),
        key=str,
    )


def outbox(program: Program, state: str = "") -> list[dict[str, Any]]:
    """Return the messages of the day, in a state or in all."""
    found = program("messages", "--json", *(["--state", state] if state else [])).document
    return [m for m in found if (m["sent_at"] or THE_DAY) >= THE_DAY]


def states(program: Program) -> Counter[str]:
    """Return how many messages of the day stand in each state."""
    return Counter(message["state"] for message in outbox(program))


def letters(folder: Path, at_rest: bool = True) -> dict[str, EmailMessage]:
    """Return the e-mails in a folder by the message's id; there is nothing else in it, hidden or not.

    Where a program is at work (not ``at_rest``) one may just be being written, under a hidden name.
    """
    found = {}
    for path in folder.iterdir() if folder.exists() else ():
        if path.name == "ballast" or (path.name.startswith(".") and not at_rest):
            continue
        assert path.suffix == ".eml", path.name
        found[path.stem] = message_from_bytes(path.read_bytes(), policy=policy.default)
    return found


def assert_nothing_lost_or_doubled(program: Program, undisturbed: Program, *but: str) -> None:
    """Hold the prompts against those of the undisturbed day, each in one message; and the trail holds."""
    assert prompts(program, *but) == prompts(undisturbed, *but)
    raised = [prompt["message"] for prompt in program("prompts", "--json").document]
    carried = {m["id"]: len(m["prompts"]) for m in program("messages", "--json").document}
    assert Counter(raised) == carried
    assert "the audit trail is intact" in program("audit", "verify").out
