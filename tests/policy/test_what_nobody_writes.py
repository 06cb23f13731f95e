"""Which texts nobody writes, and which people do: accents, emoji, other scripts, bullets from a word processor.

Unicode 15.1, chapter 23: controls, embeddings and overrides, noncharacters, halves of a pair.
"""

import csv
import io

import pytest

from policy.characters import unwritten
from policy.texts import csv_line, from_spreadsheet_cell, spreadsheet_cell

FORMULAS = ("=1+1", "+1", "-1", "@SUM(1)", "\t=1", "\r=1", "\n=1", "\uff1d1", "'=1", "''+1", "'@")


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("a\0b", "character 2 is U+0000"),
        ("\x1b[2J", "character 1 is U+001B"),
        ("a\x9bb", "character 2 is U+009B"),
        ("safe\u202egnp.exe", "character 5 is U+202E right-to-left override"),
        ("a\u2069", "character 2 is U+2069 pop directional isolate"),
        ("\ud83d", "character 1 is U+D83D half of a character"),
        ("a\uffff", "character 2 is U+FFFF no character"),
        ("a\U000e0041", "character 2 is U+E0041 tag latin capital letter a"),
        ("over\rwritten", "character 5 is U+000D"),
        ("\u200b" * 11, "nothing of it can be seen"),
        ("\u3164 \u2800", "nothing of it can be seen"),
    ],
)
def test_what_nobody_writes(text: str, reason: str) -> None:
    assert unwritten(text).startswith(reason)
    assert unwritten(text, lines=False).startswith(reason)


@pytest.mark.parametrize(
    "text",
    ["", "  ", "Sian O'Briain", "Si\u00e2n \u00d3 Briain", "\u0141\u00f3d\u017a", "\u0645\u062d\u0645\u062f",
     "soft\u00adhyphen", "\U0001f468\u200d\U0001f469\u200d\U0001f467", "caf\u00e9\u00a0noir"],
)  # fmt: skip
def test_what_people_write(text: str) -> None:
    assert unwritten(text) == unwritten(text, lines=False) == ""


@pytest.mark.parametrize("text", ["two\nlines", "two\r\nlines", "a\ttab", "\uf0b7 a bullet of a font"])
def test_lines_and_tabs_have_their_place_in_a_text_and_none_in_a_line(text: str) -> None:
    assert unwritten(text) == ""
    assert "which cannot be printed" in unwritten(text, lines=False)


def test_no_cell_starts_a_formula_and_each_is_had_back() -> None:
    for text in (*FORMULAS, "plain", "'quoted'", "", "O'Brien", "3-1"):
        assert from_spreadsheet_cell(spreadsheet_cell(text)) == text
    [cells] = csv.reader(io.StringIO(csv_line([*FORMULAS, -3, None, 0.5]), newline=""))
    assert all(cell.startswith("'") for cell in cells[: len(FORMULAS)])
    assert cells[len(FORMULAS) :] == ["-3", "", "0.5"]
