"""What is no form, and what nobody writes into one: refused in words, by the field."""

from pathlib import Path
from typing import Any

import pytest

from casework.errors import RefusedError
from casework.recording import Entry, Refused, submit
from casework.recording.as_typed import form_of
from models.record import Record
from policy.errors import UnreadableError
from tests.support.story import CLERK, DARREN, Story, at, form


@pytest.mark.parametrize(
    ("typed", "reason"),
    [
        (b"\xff\xfe", "line 1: this is not UTF-8 text"),
        (b'{"date": }', "line 1, column 10: not JSON"),
        (b"[1]", "this is not a JSON object"),
        (b'{"reason": ' + b"[" * 10_000 + b"]" * 10_000 + b"}", "reason: there are more than 20 lists or sections"),
        (
            b'{"date": "2026-07-09", "level": ' + b'{"a":' * 10_000 + b"1" + b"}" * 10_000 + b"}",
            "level: there are more",
        ),
        (b"[" * 10_000, "there are more than 20 lists"),
        (b'{"level": 2, "level": 3}', "'level' appears twice"),
    ],
)
def test_what_is_no_form_is_refused_in_words(typed: bytes, reason: str) -> None:
    with pytest.raises((UnreadableError, RefusedError)) as refused:
        form_of(typed)
    assert refused.value.reasons[0].startswith(reason)


@pytest.mark.parametrize(
    ("field", "value", "reason"),
    [
        ("contact", "OMU \x1b[31m", "contact: character 5 is U+001B a control character, which cannot be printed"),
        ("contact", "OMU \u202e", "contact: character 5 is U+202E right-to-left override, which cannot be printed"),
        ("contact", "\u200b" * 11, "contact: nothing of it can be seen"),
        ("contact", "\u2800\u3164", "contact: nothing of it can be seen"),
        ("contact", "OMU\nHMP", "contact: character 4 is U+000A a control character"),
        ("contact", "x" * 201, "contact: String should have at most 200 characters"),
        ("contact", "x" * 1_000_000, "contact: it has 1,000,000 characters; 20,000 is the most"),
        ("contact", 10**500, "contact: the number is too large"),
        ("contact", 2**31, "contact: the number is too large"),
        ("contact", float("inf"), "contact: this is no number that can be written down"),
        ("release_date", 0, "release_date: 0 is not a date"),
        ("contact", ["x"] * 201, "contact: there are 201 of them; 200 is the most"),
    ],
)
def test_what_nobody_writes_is_refused_by_its_field(
    record: Record, tmp_path: Path, field: str, value: Any, reason: str
) -> None:
    story = Story(record, tmp_path)
    story.load("2026-06-01", DARREN)
    story.tick("2026-06-01")
    entry = Entry("prison-notice", "X320741", {"date": "2026-07-09", field: value})
    result = submit(record, entry, actor=CLERK, as_at=at("2026-07-09", 12))
    assert isinstance(result, Refused)
    assert result.reasons[0].startswith(reason)


@pytest.mark.parametrize(
    ("kind", "changed", "reason"),
    [
        ("restriction", {"restricted": "yes"}, "restricted: 'yes' is neither true nor false"),
        ("restriction", {"restricted": 1}, "restricted: 1 is neither true nor false"),
        ("level", {"level": "2"}, "level: '2' is not a whole number"),
        ("level", {"level": True}, "level: True is not a whole number"),
        ("identification", {"category": True}, "category: True is not a whole number"),
        ("screening", {"level": "2"}, "level: '2' is not a whole number"),
        ("circumstances", {"tagged": "yes"}, "tagged: Input should be a valid boolean"),
        ("pause", {"kind": ["referral"]}, "kind: ['referral'] is not a kind of timescale"),
    ],
)
def test_a_truth_value_and_a_number_are_what_they_are(
    sqlite_record: Record, tmp_path: Path, kind: str, changed: dict[str, Any], reason: str
) -> None:
    story = Story(sqlite_record, tmp_path)
    story.load("2026-06-01", DARREN)
    story.tick("2026-06-01")
    entry = Entry(kind, "X320741", {"date": "2026-06-09"} | form(kind) | changed)
    result = submit(sqlite_record, entry, actor=CLERK, as_at=at("2026-07-09", 12))
    assert isinstance(result, Refused)
    assert any(one.startswith(reason) for one in result.reasons), result.reasons
