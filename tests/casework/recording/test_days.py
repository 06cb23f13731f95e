"""A fact has happened: no day of a form lies in the future, unless its field is of something planned."""

import datetime
from collections.abc import Iterator
from typing import get_args

import pytest

from casework.errors import RefusedError
from casework.recording import KINDS
from casework.recording.form_fields import FormField, fields_of
from casework.recording.forms import Section
from tests.support.story import Story, attended, form, minuted

TODAY, TOMORROW = "2026-10-05", "2026-10-06"


def dates(section: type[Section], path: str) -> Iterator[tuple[str, FormField]]:
    for field in fields_of(section):
        if {datetime.date, datetime.datetime} & {field.annotation, *get_args(field.annotation)}:
            yield f"{path}{field.name}", field
        if field.section is not None:
            yield from dates(field.section, f"{path}{field.name}{field.held_in}.")


EVERY_DATE = [found for kind, known in KINDS.items() for found in dates(known.form, f"{kind.value}: ")]

# What is planned, to come or set by a court for later; every other date of every form is of what has happened.
AHEAD = {
    "actions[].due_on", "disclosure.due_on", "due_on", "ends_on", "held_on", "exclusion_zones[].ends_on",
    "exclusion_zones[].starts_on", "licence_conditions[].ends_on", "licence_conditions[].starts_on", "next_on",
    "next_review_on", "opens_on", "orders[].ends_on", "orders[].starts_on", "previous_actions[].due_on",
    "previous_disclosures[].due_on", "release_date", "starts_at", "starts_on", "next_meeting.starts_at",
    # Of a meeting that was held the day must be that of the record, which is of a fact.
    "held.starts_at", "until",
    # Where somebody will live, and a journey of which the police are told before it begins.
    "accommodation: since", "leaves_on", "returns_on",
}  # fmt: skip


@pytest.mark.parametrize(("path", "field"), EVERY_DATE, ids=[path for path, _ in EVERY_DATE])
def test_a_date_is_of_a_fact_unless_it_is_of_something_planned(path: str, field: FormField) -> None:
    assert (field.ahead is not None) == (not AHEAD.isdisjoint({path, path.split(": ")[1]}))


@pytest.mark.parametrize(
    ("kind", "wrong", "path"),
    [
        ("referral", {"countersigned_on": TOMORROW}, "countersigned_on"),
        ("referral", {"risk_assessment": form("referral")["risk_assessment"] | {"on": TOMORROW}}, "risk_assessment.on"),
    ],
)
def test_a_countersignature_or_an_assessment_of_tomorrow_is_refused(
    story: Story, kind: str, wrong: dict[str, object], path: str
) -> None:
    """A referral was countersigned on a day to come, and nobody asked."""
    data = form(kind) | wrong
    with pytest.raises(RefusedError, match=f"{path}: {TOMORROW} is in the future; a fact has happened by {TODAY}"):
        story.record_fact(kind, TODAY, **data)


def test_a_visit_of_tomorrow_is_no_visit_since_the_last_meeting(story: Story) -> None:
    data = minuted(attended("probation", "Olive Example"), next_on="2026-12-01", level=2)
    visits = [{"on": TOMORROW, "agency": "police", "by": "Priya Example", "announced": False}]
    with pytest.raises(RefusedError, match=rf"visits\.0\.on: {TOMORROW} is in the future"):
        story.record_fact("meeting", TODAY, **data | {"visits": visits})


def test_what_is_planned_may_lie_ahead(story: Story) -> None:
    story.record_fact("release-date", TODAY, which="conditional_release_date",
                      release_date="2027-05-14", reason="Added days after an adjudication.")  # fmt: skip
