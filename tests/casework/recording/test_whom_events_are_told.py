"""Whom an event is told on a day: by letter, each reader once, and what the record shows of two alike.

Sources: Joint inspection 2015, 4.13, 6.20, 6.39; who hears of which event: the policy's ``concerns``.
"""

from collections import Counter

from casework.recording import Entry, record_many
from models.record import Record
from tests.support.custody import begun, events, happens, letters, told
from tests.support.story import CLERK, CORA, OLIVE, OPAL, PRIYA, VERA, Story, at
from views.events import events as shown

ANNA = "anna@premises.example"


def changed(story: Story, day: str, hour: int, release: str) -> None:
    """The release date is changed at an hour, police and probation having been consulted."""
    data = {"date": day, "which": "conditional_release_date", "release_date": release, "reason": "Added days.",
            "consulted": {"police": "Priya", "probation": "Olive"}}  # fmt: skip
    with story.record.writing() as session:
        record_many(session, [Entry("release-date", "X320741", data)], actor=CLERK, as_at=at(day, hour))


def test_a_release_at_level_1_without_victim_or_police_is_told_to_the_offender_manager_alone(
    record: Record, tmp_path
) -> None:
    story = begun(record, tmp_path, level=1, police_offender_manager="", police_offender_manager_email="",
                  victim_contact="no")  # fmt: skip
    happens(story, "release", "2026-10-30")
    assert letters(story) == Counter([OLIVE])


def test_approved_premises_hear_of_a_release_where_the_person_is_to_live_there(record: Record, tmp_path) -> None:
    story = begun(record, tmp_path, level=1)
    story.record_fact("circumstances", "2026-10-01", approved_premises=True)
    happens(story, "release", "2026-10-30")
    assert letters(story) == Counter([OLIVE, PRIYA, ANNA, VERA])
    assert {m.subject for m in story.messages() if m.kind == "event"} == {"Release, LON-2026-000001"}


def test_two_changes_of_a_release_date_before_the_mail_leaves_are_one_letter_to_each(record: Record, tmp_path) -> None:
    story = begun(record, tmp_path)
    changed(story, "2026-04-08", 9, "2027-05-14")
    changed(story, "2026-04-08", 14, "2027-05-28")
    story.tick("2026-04-08", 15)
    assert letters(story) == Counter([OLIVE, PRIYA, CORA, OPAL, VERA])
    assert {m.subject for m in story.messages() if m.kind == "event"} == {
        "2 events: Release date changed, LON-2026-000001"
    }
    assert len(told(story, "event_review")) == 8, "each event is still a prompt of its own"


def test_two_changes_of_one_day_are_told_apart_in_record_letters_and_on_the_page(record: Record, tmp_path) -> None:
    story = begun(record, tmp_path)
    changed(story, "2026-04-08", 9, "2027-05-14")
    story.tick("2026-04-08", 10)
    assert [one.label for one in story.timescales("event_review")] == ["release date changed on 8 April 2026"]
    changed(story, "2026-04-08", 14, "2027-05-28")
    assert sorted(one.label or "" for one in story.timescales("event_review")) == [
        "release date changed on 8 April 2026 (event 1, 09:00)",
        "release date changed on 8 April 2026 (event 2, 14:00)",
    ]
    with record.reading() as session:
        page = [(one.event, one.on.isoformat(), one.recorded_at) for one in shown(session, crn="X320741")]
    assert page == [(1, "2026-04-08", at("2026-04-08", 9)), (2, "2026-04-08", at("2026-04-08", 14))]


def test_a_charge_and_the_case_review_it_asks_for_are_one_letter_to_the_coordinator(record: Record, tmp_path) -> None:
    story = begun(record, tmp_path, "community")
    happens(story, "further_charge", "2026-08-28", offence="Wounding with intent", serious=True)
    assert [m.subject for m in story.messages() if m.kind == "event" and m.recipient == CORA] == [
        "Serious further offence, LON-2026-000001"
    ]
    assert len(events(story)) == 1
