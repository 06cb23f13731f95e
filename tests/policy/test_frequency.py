"""How often the police and the others visit, read from the words of the plan (joint inspection 2015, 5.15 to 5.16)."""

import pytest

from policy.frequency import days_between


@pytest.mark.parametrize(
    ("words", "days"),
    [
        ("Every two weeks", 14),
        ("every 2 weeks", 14),
        ("Every  other week", 14),
        ("Fortnightly", 14),
        ("Weekly", 7),
        ("Once a month", 30),
        ("Twice a month", 15),
        ("Twice a week", 3),
        ("Every day, by telephone", 1),
        ("Every three months", 90),
        # Of several the longest: it must have been done by then.
        ("Twice in the first month, then monthly", 30),
        ("Weekly for twelve weeks, then every two weeks", 14),
        ("As agreed with the police", None),
        ("Every so often", None),
        ("Everyday matters permitting", None),
    ],
)
def test_words_that_say_how_often_are_read_and_no_others(words: str, days: int | None) -> None:
    assert days_between(words) == days
