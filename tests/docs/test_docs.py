"""The documentation is true: generated pages are fresh, links lead somewhere, and the quick start does what it says."""

import re
import shlex
import shutil
from collections.abc import Iterator
from datetime import date
from email import message_from_bytes, policy
from itertools import dropwhile
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from assurance.invariants import INVARIANTS
from cli.app import app
from docs.generate import FOLDER, PAGES
from sample.area import SENTENCE_COLUMNS, sentence_rows, write_area, write_csv
from service.prefect.automations import wanted_automations

ROOT = Path(__file__).parent.parent.parent
BY_HAND = sorted([ROOT / "README.md", ROOT / "CHANGELOG.md", *(ROOT / "docs").glob("*.md")])
EVERY_PAGE = [*BY_HAND, *(FOLDER / name for name in PAGES)]
QUICK_START = ROOT / "docs" / "quick-start.md"
HANDBOOK = ROOT / "docs" / "handbook.md"
LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)\)")
FENCE = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
HEREDOC = re.compile(r"cat > (\S+) <<'(\w+)'")
ANYTHING = "..."
TODAY = date(2026, 11, 25)
# What a reader does once, or what does not end by itself.
NOT_RUN = ("git", "cd", "make", ".", "mappa serve", "mappa demo", "prefect", "psql", "createdb")


def name_of(path: Path) -> str:
    return str(path.relative_to(ROOT))


def blocks(path: Path) -> list[tuple[str, str]]:
    """Return the blocks of code of a page: language and text."""
    return FENCE.findall(path.read_text(encoding="utf-8"))


def statements(script: str) -> Iterator[tuple[str, str]]:
    """Yield the lines of a shell block, each with the text of its here-document."""
    lines = iter(script.replace("\\\n", " ").splitlines())
    for line in lines:
        if found := HEREDOC.match(line):
            yield line, "".join(f"{text}\n" for text in iter(lambda: next(lines), found[2]))
        elif line.strip() and not line.startswith("#"):
            yield line, ""


@pytest.mark.parametrize("name", PAGES)
def test_a_generated_page_is_what_the_code_says_now(name: str) -> None:
    found = (FOLDER / name).read_text(encoding="utf-8")
    assert found == PAGES[name](), f"docs/reference/{name} is stale: run `make docs`"


def test_a_generated_page_does_not_depend_on_the_settings_of_the_day(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MAPPA_TRANSPORT", "smtp")
    monkeypatch.setenv("MAPPA_SMTP_HOST", "mail.example")
    monkeypatch.setenv("MAPPA_ALLOWED_DOMAINS", "agency.example")
    monkeypatch.setenv("MAPPA_DESK_URL", "https://desk.example")
    for name, write in PAGES.items():
        assert write() == (FOLDER / name).read_text(encoding="utf-8")


def anchors(path: Path) -> set[str]:
    """Return the anchors of a page's headings."""
    headings = re.findall(r"^#+ (.+)$", FENCE.sub("", path.read_text(encoding="utf-8")), re.MULTILINE)
    return {re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("path", EVERY_PAGE, ids=name_of)
def test_every_link_leads_somewhere(path: Path) -> None:
    for target in LINK.findall(FENCE.sub("", path.read_text(encoding="utf-8"))):
        if "://" in target:
            continue
        place, _, anchor = target.partition("#")
        found = (path.parent / place).resolve() if place else path
        assert found.exists(), f"{target} leads nowhere"
        assert not anchor or anchor in anchors(found), f"{target}: the page has no such heading"


@pytest.mark.parametrize("path", BY_HAND, ids=name_of)
def test_lines_are_short_outside_tables_and_blocks(path: Path) -> None:
    text = FENCE.sub("", path.read_text(encoding="utf-8"))
    assert [line for line in text.splitlines() if len(line) > 120 and not line.startswith("|")] == []


def words_of_commands(path: Path) -> Iterator[list[str]]:
    """Yield the words of every ``mappa`` command in the shell blocks of a page."""
    for language, script in blocks(path):
        if language == "sh":
            for line, _ in statements(script):
                words = shlex.split(line, comments=True)
                while words and "=" in words[0]:
                    words.pop(0)
                if words and words[0] == "mappa":
                    yield words[1:]


@pytest.mark.parametrize("path", BY_HAND, ids=name_of)
def test_every_command_of_a_page_is_one_the_program_has(path: Path) -> None:
    for words in words_of_commands(path):
        command = typer.main.get_command(app)
        rest = list(words)
        while rest and hasattr(command, "commands") and rest[0] in command.commands:
            command = command.commands[rest.pop(0)]
        assert command.params, f"mappa {' '.join(words)}: no such command"
        known = {name for param in command.params for name in param.opts} | {"--help"}
        options = [word.partition("=")[0] for word in rest if word.startswith("--")]
        assert set(options) <= known, f"mappa {' '.join(words)}: no such option"


def run(script: str, monkeypatch: pytest.MonkeyPatch) -> str:
    """Run a shell block in this process and return what its commands print."""
    printed = []
    for line, text in statements(script):
        words = shlex.split(line, comments=True)
        if found := HEREDOC.match(line):
            Path(found[1]).write_text(text, encoding="utf-8")
        elif words[0] == "export":
            monkeypatch.setenv(*words[1].split("=", 1))
        elif words[0] == "mkdir":
            Path(words[-1]).mkdir(parents=True)
        else:
            assert words[0] == "mappa", f"this test cannot run {line!r}"
            result = CliRunner().invoke(app, words[1:])
            assert result.exit_code == 0, f"{line}: {result.output}"
            printed.append(result.stdout)
    return "".join(printed)


def plain(text: str) -> list[str]:
    """Return lines without the blanks at their ends, and without blank lines."""
    return [line.rstrip() for line in text.splitlines() if line.strip()]


def assert_shows(printed: list[str], shown: list[str]) -> None:
    """Hold what was printed against what a page shows; ``...`` at either end stands for any lines."""
    begins, ends = shown[0] != ANYTHING, shown[-1] != ANYTHING
    wanted = [line for line in shown if line != ANYTHING]
    found = printed if begins else list(dropwhile(lambda line: line != wanted[0], printed))
    assert (found if ends else found[: len(wanted)]) == wanted


def test_the_quick_start_does_what_it_says(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    printed, ran = "", 0
    for language, text in blocks(QUICK_START):
        if language == "sh":
            printed = ""
            if not text.startswith(NOT_RUN):
                printed = run(text, monkeypatch)
                ran += 1
        elif text.startswith("Hello "):
            assert plain(text) in [plain(mail) for mail in mails(Path("var/quick-start/mail"))]
        else:
            assert_shows(plain(printed), plain(text))
    assert ran > 8


LOOKS = ("mappa doctor", "mappa problems", "mappa messages --state", "mappa audit", "mappa policy", "mappa load")
"""What of the handbook needs no case or message of a certain number, no running program and no file but the sample."""


def test_the_looks_of_the_handbook_can_be_taken(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("MAPPA_DATABASE_URL", f"sqlite:///{tmp_path}/mappa.db")
    monkeypatch.setenv("MAPPA_MAIL_FOLDER", "mail")
    monkeypatch.setenv("MAPPA_STATE_DIR", ".")
    Path("policy").mkdir()
    monkeypatch.setenv("MAPPA_POLICY_DIR", "policy")
    files = write_area(tmp_path / "files", today=TODAY, people=20)
    write_csv(
        files.sentences, SENTENCE_COLUMNS, ((row, "") for row in sentence_rows(today=TODAY, people=20, faults=False))
    )
    lines = [one for language, text in blocks(HANDBOOK) if language == "sh" for one in statements(text)]
    ran = 0
    for line, text in lines:
        if found := HEREDOC.match(line):
            if found[1].endswith(".toml"):
                Path(found[1]).write_text(text, encoding="utf-8")
        elif line.startswith("cp "):
            shutil.copy(*shlex.split(line)[1:])
        elif line.startswith(LOOKS):
            run(line, monkeypatch)
            ran += 1
    assert ran > 15


def test_the_handbook_knows_every_alert() -> None:
    text = HANDBOOK.read_text(encoding="utf-8")
    alerts = set(INVARIANTS) | {one.name for one in wanted_automations(None)}
    assert {alert for alert in alerts if f"`{alert}`" not in text} == set()


def mails(folder: Path) -> Iterator[str]:
    """Yield the plain text of every e-mail in a folder."""
    for path in folder.glob("*.eml"):
        part = message_from_bytes(path.read_bytes(), policy=policy.default).get_body(("plain",))
        assert part is not None
        yield part.get_content()
