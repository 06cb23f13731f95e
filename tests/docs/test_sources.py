"""What is shipped cites the Acts, the guidance and the reports themselves, never a note that its reader has not got."""

import re
import subprocess
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

from policy.kinds import KINDS

ROOT = Path(__file__).parent.parent.parent
TEXTS = {".py", ".toml", ".md", ".j2", ".txt", ".html", ".yaml", ".csv", ".ini", ".mako", ""}
# Written in two parts, so that this page does not name them itself.
NOTES = re.compile(
    "|".join(
        (
            r"\bdomain" + r"\.md",
            r"\bdesign" + r"(\.md|'s)",
            r"\b(the|our|of the) design\b",
            r"\bpromises? \d",
            r"\bseed 00\d",
            r"\[(guidance|inferred|recalled)\]",
            r"\[(seed \d|code [a-z]+-)",
            r"\bour (own )?notes\b",
        )
    ),
    re.IGNORECASE,
)
DOCUMENTS = re.compile(
    r"Joint inspection 2015, \d|MAPPA guidance|CJA 2003|SOA 2003|Counter-Terrorism Act 2008|Victims and Prisoners Act"
    r"|Sexual Offences Act 2003|Criminal Justice Act|police authorised professional practice"
    r"|(Durham|London|Norfolk|Lancashire) annual report|our defaults?\b|not confirmed",
    re.IGNORECASE,
)


def shipped() -> Iterator[Path]:
    """Yield every file of text under version control; no archive, image or recording."""
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    for name in listed.splitlines():
        path = ROOT / name
        if path.suffix in TEXTS and path.is_file() and path != Path(__file__):
            yield path


def test_nothing_shipped_cites_a_note_that_is_not_shipped():
    named = [
        f"{path.relative_to(ROOT)}:{number}: {line.strip()}"
        for path in shipped()
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if NOTES.search(line)
    ]
    assert not named, "cite the Act, the guidance or the report:\n" + "\n".join(named)


def test_there_is_much_to_search():
    assert len(list(shipped())) > 400


@pytest.mark.parametrize("kind", KINDS, ids=str)
def test_each_kind_cites_a_document_or_says_that_it_is_our_default(kind):
    assert DOCUMENTS.search(kind.spec.source), kind.spec.source


def sources(table: dict[str, object], where: str) -> Iterator[tuple[str, str]]:
    """Yield each source of a policy's numbers, with where it stands."""
    for name, value in table.items():
        if name == "source":
            yield where, str(value)
        for inner in value if isinstance(value, list) else [value]:
            if isinstance(inner, dict):
                yield from sources(inner, f"{where}.{name}")


@pytest.mark.parametrize("path", sorted((ROOT / "policy" / "data").glob("*.toml")), ids=lambda path: path.name)
def test_each_number_cites_a_document_or_says_that_it_is_our_default(path):
    found = list(sources(tomllib.loads(path.read_text(encoding="utf-8")), path.stem))
    assert found
    assert [(where, source) for where, source in found if not DOCUMENTS.search(source)] == []
