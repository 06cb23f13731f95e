"""What was typed is kept as it came, whatever it is: no form is lost, and nothing of it is recorded."""

import json
from pathlib import Path

import pytest
from sqlalchemy import func, select

from models.cases import Draft, Fact
from models.record import Record
from tests.support.command_line import Mappa


@pytest.mark.parametrize(
    "typed",
    [b"\xff\xfe\x00", b"", b"{", b'{"reason": ' + b"[" * 10_000 + b"}", b'{"reason": "half \\ud83d of it\\u0000"}',
     b'{"level": 1' + b"0" * 5_000 + b"}", b'{"level": NaN, "date": 1e400}'],
)  # fmt: skip
def test_it_is_had_back_byte_for_byte(mappa: Mappa, tmp_path: Path, typed: bytes, record: Record) -> None:
    file, back = tmp_path / "form.json", tmp_path / "back"
    file.write_bytes(typed)
    answer = mappa("record", "level", "--crn", "X320741", "--file", file)
    assert answer.code == 1
    assert "what was typed is kept as draft 1" in answer.err
    assert mappa("drafts", "show", "1", "--as-typed", back).code == 0
    assert back.read_bytes() == typed
    with record.reading() as session:
        assert session.scalar(select(func.count()).select_from(Fact)) == 0


def test_a_form_that_its_draft_shows_whole_is_kept_once(record: Record, mappa: Mappa) -> None:
    typed = json.dumps({"date": "2026-07-09", "level": 7})
    mappa("record", "level", "--crn", "X320741", "--file", "-", input=typed)
    with record.reading() as session:
        assert session.scalar(select(Draft.as_typed)) is None
    assert mappa("drafts", "show", "1").document == json.loads(typed)
    assert mappa("drafts", "show", "1", "--as-typed", "x").code == 2


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--by", "Ana\x1b[31m"), "--by: character 4 is U+001B a control character"),
        (("--by", "\u200b\u200b"), "--by: nothing of it can be seen"),
        (("--area", "Lon\u202edon"), "--area: character 4 is U+202E right-to-left override"),
        (("--limit", "9223372036854775808"), "--limit: the number is too large"),
    ],
)
def test_an_option_takes_no_text_that_nobody_writes_and_no_number_past_all(
    mappa: Mappa, words: tuple[str, str], said: str
) -> None:
    command = ("recompute",) if words[0] == "--by" else ("actions",)
    answer = mappa(*command, *words)
    assert (answer.code, said in answer.err) == (2, True), answer.err


def test_a_draft_with_a_number_past_all_is_none(mappa: Mappa) -> None:
    answer = mappa("drafts", "show", str(2**63))
    assert (answer.code, "N: the number is too large" in answer.err) == (2, True)
