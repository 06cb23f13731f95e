"""What a timescale is about: one value, whose text the record keeps and reads back."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policy.subjects import Subject

WORDS = st.from_regex(r"[a-z][a-z_]{0,14}", fullmatch=True)
ROWS = st.integers(1, 10**6)
DAYS = st.dates(date(1990, 1, 1), date(2200, 1, 1))
SUBJECTS = st.one_of(
    st.just(Subject()),
    st.builds(Subject, row=ROWS),
    st.builds(Subject, day=DAYS),
    st.builds(Subject, row=ROWS, agency=WORDS),
    st.builds(Subject, agency=WORDS, day=DAYS),
    st.builds(Subject, what=WORDS, row=ROWS),
    st.builds(Subject, what=WORDS, day=DAYS),
    st.builds(Subject, what=WORDS),
)


@given(SUBJECTS)
def test_what_is_written_is_read_back(subject: Subject) -> None:
    assert Subject.read(str(subject)) == subject


@pytest.mark.parametrize(
    ("text", "subject"),
    [
        ("", Subject()),
        ("12", Subject(row=12)),
        ("2026-10-14", Subject(day=date(2026, 10, 14))),
        ("12:housing", Subject(row=12, agency="housing")),
        ("police:2026-10-14", Subject(agency="police", day=date(2026, 10, 14))),
        ("contact 5", Subject("contact", row=5)),
        ("incident 7", Subject("incident", row=7)),
        ("charge 2026-10-14", Subject("charge", day=date(2026, 10, 14))),
        ("category_2", Subject("category_2")),
        ("sentence", Subject("sentence")),
    ],
)
def test_the_texts_of_a_record_made_before_are_read(text: str, subject: Subject) -> None:
    assert Subject.read(text) == subject
    assert str(subject) == text


@pytest.mark.parametrize("text", ["12:", ":police", "Police", "a b", "12 housing", "2026-13", "-1"])
def test_anything_else_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="is not the subject of a timescale"):
        Subject.read(text)


def test_only_what_is_about_a_row_has_one() -> None:
    assert Subject(row=3).row_id == 3
    with pytest.raises(ValueError, match="is not about a row"):
        _ = Subject("sentence").row_id
