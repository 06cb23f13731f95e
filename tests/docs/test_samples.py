"""A table that a page shows as the answer of a listing has the columns that the program prints now.

The rows of a sample belong to the story of its page; its columns are those of the command above it. The quick start is
run as a whole, elsewhere.
"""

import re
import shlex
from collections.abc import Iterator
from itertools import pairwise
from typing import Any

import pytest
from typer.testing import CliRunner

from cli import look
from cli.app import app
from tests.conftest import prepared
from tests.docs.test_docs import BY_HAND, FENCE, QUICK_START, name_of, statements

RULE = re.compile(r"^ ─{10,}$", re.MULTILINE)
CHANGES = ("record", "load", "simulate", "tick", "run", "automations", "policy")
NO_LISTING = {"show", "--json"}
OF_ONE = ("--crn", "--case", "--recipient")


def headings(sample: str) -> list[list[str]]:
    """Return the headings of each table of a sample: what stands above its rule, two blanks apart."""
    lines = sample.splitlines()
    return [re.split(r" {2,}", above.strip()) for above, line in pairwise(lines) if RULE.match(line)]


def listings(script: str) -> Iterator[list[str]]:
    """Yield the words of each listing of a shell block, without the options that ask for one person or case."""
    for line, _ in statements(script):
        words = shlex.split(line, comments=True)
        if words[:1] == ["mappa"] and words[1] not in CHANGES and not NO_LISTING.intersection(words):
            pairs = zip(["", *words[1:]], words[1:], strict=False)
            yield [word for before, word in pairs if word not in OF_ONE and before not in OF_ONE]


def samples() -> Iterator[tuple[str, list[list[str]], str]]:
    """Yield each table of a page with the listings of the block before it."""
    for path in BY_HAND:
        asked: list[list[str]] = []
        for language, text in [] if path == QUICK_START else FENCE.findall(path.read_text(encoding="utf-8")):
            if language == "sh":
                asked = list(listings(text))
            elif language == "text" and RULE.search(text) and asked:
                yield name_of(path), asked, text


SAMPLES = list(samples())


@pytest.fixture(scope="module")
def url(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The URL of an empty record: what is listed has columns without rows, too."""
    return prepared(f"sqlite:///{tmp_path_factory.mktemp('samples')}/mappa.db")


def test_there_are_samples_to_hold_against_the_program() -> None:
    assert len(SAMPLES) >= 8


@pytest.mark.parametrize(
    ("page", "asked", "sample"), SAMPLES, ids=[f"{page}: {asked[0][0]}" for page, asked, _ in SAMPLES]
)
def test_a_table_of_a_page_has_the_columns_that_the_program_prints(
    page: str, asked: list[list[str]], sample: str, url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    printed: list[list[str]] = []

    def shown(names: list[str], *rows: Any, **options: Any) -> None:
        printed.append(list(names))
        show_table(names, *rows, **options)

    show_table = look.show_table
    monkeypatch.setattr(look, "show_table", shown)
    for words in asked:
        result = CliRunner().invoke(app, ["--database", url, *words])
        assert result.exit_code == 0, f"{page}: mappa {shlex.join(words)}: {result.output}"
    for shown_there in headings(sample):
        assert shown_there in printed, f"{page}: the columns of {asked}"
