"""Each form tells of its own fields: what they are called, what to write, and an example that it would accept."""

from collections.abc import Iterator
from datetime import date
from typing import Annotated, Any, Literal

import pytest
from pydantic import Field, TypeAdapter

from casework.recording import KINDS, example
from casework.recording.form_fields import FormField, example_of, fields_of, unlabelled
from casework.recording.forms import Form, Name, Section, label
from policy.vocabulary import FactKind

# Words that begin with a capital wherever they stand.
NAMES = ("MAPPA", "(MAPPA", "SMB", "ViSOR", "GP", "Chair", "A)", "Q)")


def walk(form: type[Section], inside: str = "") -> Iterator[tuple[str, FormField]]:
    """Yield every field of a form and of its sections, each with its path."""
    for field in fields_of(form):
        path = f"{inside}{field.name}"
        yield path, field
        if field.section is not None:
            yield from walk(field.section, f"{path}{field.held_in}.")


EVERY_FIELD = [(f"{kind}: {path}", field) for kind, known in KINDS.items() for path, field in walk(known.form)]
each_field = pytest.mark.parametrize(("path", "field"), EVERY_FIELD, ids=[path for path, _ in EVERY_FIELD])


@each_field
def test_its_title_is_in_sentence_case(path: str, field: FormField) -> None:
    first, *rest = field.title.split()
    assert first[0].isupper()
    assert [word for word in rest if word[0].isupper() and word not in NAMES] == []
    assert not field.title.endswith(".")


@each_field
def test_its_description_is_whole_sentences(path: str, field: FormField) -> None:
    assert field.description[0].isupper()
    assert field.description.endswith((".", "?"))
    assert field.description != f"{field.title}."


@each_field
def test_its_example_is_one_that_it_accepts(path: str, field: FormField) -> None:
    wanted: Any = Annotated[(field.annotation, *field.metadata)] if field.metadata else field.annotation
    TypeAdapter(wanted).validate_python(field.example)


def test_a_number_that_counts_something_says_its_unit() -> None:
    units = {path: field.unit for path, field in EVERY_FIELD if field.unit is not None}
    assert set(units.values()) == {"minutes"}
    assert "meeting-plan: minutes_long" in units


@pytest.mark.parametrize("kind", FactKind)
def test_the_example_of_a_form_is_made_of_those_of_its_fields_and_is_a_form_that_holds(kind: FactKind) -> None:
    given = example(kind)
    assert KINDS[kind].form.model_validate(given).date == date.fromisoformat(given["date"])
    assert next(iter(given)) == "date"
    assert given == {field.name: field.example for field in fields_of(KINDS[kind].form) if field.name in given}


def test_an_example_is_the_readers_own() -> None:
    example("meeting")["attendance"].clear()
    assert len(example("meeting")["attendance"]) == 6


class Person(Section):
    name: Annotated[Name, label("Name", "Their name.", "Olive Example")]
    grade: Annotated[str | None, label("Grade", "Their grade.", "Sergeant", shown=False)] = None


class Gathering(Form):
    date: Annotated[date, label("Date", "The day.", "2026-10-14")]
    length: Annotated[int, Field(ge=5), label("Length", "How long.", 60, unit="minutes")] = 60
    host: Annotated[Person | None, label("Host", "Who invites.")] = None
    guests: Annotated[list[Person], label("Guests", "Who comes.")]
    kind: Annotated[Literal["short", "long"] | None, label("Kind", "Which kind.", "long", shown=False)] = None
    by_name: Annotated[dict[str, Person], label("By name", "Who else.", {"a": {"name": "Bo"}}, shown=False)]


def test_a_field_tells_what_a_page_needs() -> None:
    fields = {field.name: field for field in fields_of(Gathering)}
    assert list(fields) == ["date", "length", "host", "guests", "kind", "by_name"]
    assert {name: field.held_in for name, field in fields.items() if field.section is Person} == {
        "host": "", "guests": "[]", "by_name": ".NAME",
    }  # fmt: skip
    assert [name for name, field in fields.items() if field.required] == ["date", "guests", "by_name"]
    assert (fields["length"].unit, fields["host"].annotation) == ("minutes", Person)
    assert fields["kind"].annotation == Literal["short", "long"]


def test_sections_make_the_example_of_the_whole() -> None:
    person = {"name": "Olive Example"}
    assert example_of(Gathering) == {"date": "2026-10-14", "length": 60, "host": person, "guests": [person]}


def test_what_a_field_does_not_say_is_named_by_its_path() -> None:
    class Place(Section):
        room: str
        floor: Annotated[int, label("Floor", "", 3)]

    class Bare(Form):
        places: Annotated[list[Place], label("Places", "Where.")]
        named: Annotated[dict[str, Person], label("Named", "Who.")]

    assert list(unlabelled(Bare)) == [
        "date: title", "date: description", "date: example",
        "places[].room: title", "places[].room: description", "places[].room: example",
        "places[].floor: description",
        "named: example",
    ]  # fmt: skip
