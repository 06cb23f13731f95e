"""An action has a verb, what it is done to, and an end (joint inspection 2015, 5.11, 5.12): the rest is sent back."""

import pytest

from policy.smart import is_a_person, lacks
from sample.answers.wording import ACTIONS


@pytest.mark.parametrize(
    "text",
    [
        "Trace the uncle",
        "Find a room for him",
        "Monitor the curfew and report each breach to the offender manager",
        "Liaise with housing to agree the date of the viewing",
        "Continue weekly visits until the review of 12 March",
        "The police to visit the address without notice",
        "Keep the sister's alarm on; tell the offender manager if it rings",
        "Consider recall: decide by the end of the week whether it is needed",
    ],
)
def test_what_can_be_seen_to_be_done_is_an_action(text: str) -> None:
    assert list(lacks(text)) == []


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("Monitor", "say what is to be done, with a verb and what it is done to"),
        ("Monitor the curfew", "'monitor' has no end"),
        ("To continue monitoring the situation", "'continue' has no end"),
        ("Liaise with housing", "'liaise' has no end"),
        ("Monitoring of the phone, liaising with police", "'monitoring' has no end"),
        ("The curfew", "begin with the verb"),
        ("...", "say what is to be done"),
    ],
)
def test_what_only_goes_on_or_names_a_thing_is_none(text: str, reason: str) -> None:
    [told] = lacks(text)
    assert told.startswith(reason)


@pytest.mark.parametrize(
    ("name", "one"),
    [("Priya Example", True), ("DS Quinn", True), ("All", False), ("All agencies", False), ("TBC", False),
     ("The panel", False)],
)  # fmt: skip
def test_one_person_owns_it(name: str, one: bool) -> None:
    assert is_a_person(name) is one


@pytest.mark.parametrize("text", [text for ring in ACTIONS.values() for text, *_ in ring])
def test_what_the_invented_people_set_is_an_action(text: str) -> None:
    assert list(lacks(text)) == []
