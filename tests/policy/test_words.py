"""How people write what the record holds, inside a sentence."""

import pytest

from policy.words import agency_inside, days, inside


@pytest.mark.parametrize(
    ("agency", "name"),
    [
        ("childrens_social_care", "children's social care"),
        ("adults_social_care", "adults' social care"),
        ("yot", "youth offending team"),
        ("housing", "housing"),
        ("mappa_unit", "MAPPA unit"),
        ("smb", "Strategic Management Board"),
    ],
)
def test_an_agency_is_named_inside_a_sentence_as_people_write_it(agency: str, name: str) -> None:
    assert agency_inside(agency) == name


@pytest.mark.parametrize(
    ("title", "words"),
    [
        (
            "Attendance at the Strategic Management Board (MAP008)",
            "attendance at the Strategic Management Board (MAP008)",
        ),
        ("Record on ViSOR", "record on ViSOR"),
        ("MAPPA unit", "MAPPA unit"),
        ("", ""),
    ],
)
def test_inside_a_sentence_only_the_first_letter_of_a_title_is_small(title: str, words: str) -> None:
    assert inside(title) == words


@pytest.mark.parametrize(("count", "words"), [(0, "0 days"), (1, "1 day"), (999, "999 days"), (1434, "1,434 days")])
def test_a_long_time_in_days_can_be_read(count: int, words: str) -> None:
    assert days(count) == words
