"""Scenario Darren from the referral on: screening, two meetings, minutes, actions, to the day.

Source: Joint inspection 2015, 3.7.
"""

from datetime import date

import pytest

from models.record import Record
from policy.book import compile_book
from tests.support.opened import opened
from tests.support.story import (
    CORA,
    DARREN,
    MEETING_DIRECTORY,
    OLIVE,
    OPAL,
    PRIYA,
    VERA,
    Story,
    attended,
    form,
    minuted,
)
from tests.support.told_once import told_once

ACTIONS = [
    {"text": "Trace the uncle", "agency": "police", "owner": {"name": "Priya"}, "due_on": "2026-11-04"},
    {
        "text": "Contact the sister of the victim",
        "agency": "victim_liaison",
        "owner": {"name": "Vera", "email": VERA},
        "due_on": "2026-10-28",
    },
    {
        "text": "Draw up a genogram of the family",
        "agency": "childrens_social_care",
        "owner": {"name": "Ruth", "email": "ruth@council.example"},
        "due_on": "2026-11-11",
    },
]
ALL_THERE = [
    attended("probation", "Olive"),
    attended("police", "Priya"),
    attended("prison", "Opal"),
    attended("victim_liaison", "Vera"),
    attended("approved_premises", "Anna"),
    attended("childrens_social_care", "Ruth Example"),
]


@pytest.fixture
@told_once
def story(record: Record, tmp_path) -> Story:
    story = Story(record, tmp_path, MEETING_DIRECTORY)
    story.load("2026-06-01", DARREN | {"police_offender_manager": "Priya", "police_offender_manager_email": PRIYA})
    story.tick("2026-06-01")
    story.record_fact("referral", "2026-09-09", **form("referral"))
    return story


def accepted(story: Story, on: str = "2026-09-18") -> Story:
    story.record_fact("screening", on, **form("screening"))
    return story


def first_meeting(story: Story) -> Story:
    accepted(story)
    story.record_fact("meeting-plan", "2026-09-21", **form("meeting-plan"))
    story.tick("2026-09-21")
    story.record_fact("meeting", "2026-10-14", **minuted(*ALL_THERE, next_on="2027-01-27", actions=ACTIONS))
    return story


def test_the_answer_is_due_ten_calendar_days_after_receipt(story):
    assert story.owed("screening_decision") == [("2026-09-19", "open", None)]


def test_where_an_area_counts_working_days_it_is_due_on_the_23rd(sqlite_record, tmp_path):
    book = compile_book(
        [
            (
                "london.toml",
                'base = "P2012"\nversion = "L1"\nin_force_from = 2026-01-01\narea = "London"\n'
                '[timescales.screening_decision]\noffset = "+10W"\n',
            )
        ]
    )
    story = Story(opened(sqlite_record.url, book), tmp_path, MEETING_DIRECTORY)
    story.load("2026-06-01", DARREN)
    story.tick("2026-06-01")
    story.record_fact("referral", "2026-09-09", **form("referral"))
    assert story.owed("screening_decision") == [("2026-09-23", "open", None)]


def test_nobody_answers_and_the_prompts_rise_to_the_smb_chair(story):
    story.every_day("2026-09-09", "2026-09-30")
    # The due day is a Saturday, and so is the day three days before the Tuesday: 19 - 3 is Wednesday the 16th.
    assert [(rung, to, on) for rung, _, to, on in story.prompts("screening_decision")] == [
        ("received", CORA, "2026-09-09"),
        ("-3 days", CORA, "2026-09-16"),
        ("due", CORA, "2026-09-18"),
        ("+5W", "chris@smb.example", "2026-09-25"),
    ]


def test_accepted_at_level_2_a_first_meeting_is_owed_within_twenty_working_days(story):
    accepted(story)
    assert story.owed("screening_decision") == [("2026-09-19", "met", "2026-09-18")]
    assert (story.case().level, story.case().stage) == (2, "managed")
    # 20 working days after Friday 18 September is Friday 16 October.
    assert story.owed("first_meeting") == [("2026-10-16", "open", None)]


def test_the_referrer_is_told_the_outcome_by_letter(story):
    accepted(story)
    story.tick("2026-09-18")
    [letter] = [m for m in story.messages() if m.kind == "screening_outcome"]
    assert (letter.recipient, letter.state) == ("olive@probation.example", "pending")


def test_the_first_meeting_starts_minutes_posting_actions_and_the_next_review(story):
    first_meeting(story)
    assert story.owed("first_meeting") == [("2026-10-16", "met", "2026-10-14")]
    assert story.owed("minutes") == [("2026-10-28", "open", None)]
    assert story.owed("visor_posting") == [("2026-10-28", "open", None)]
    assert story.owed("level_2_review") == [("2027-02-03", "open", None)]
    assert story.owed("action") == [
        ("2026-10-28", "open", None),
        ("2026-11-04", "open", None),
        ("2026-11-11", "open", None),
    ]
    assert story.owed("attendance") == []


def test_the_actions_go_out_at_once_ahead_of_the_minutes(story):
    first_meeting(story)
    story.tick("2026-10-14", hour=15)
    sent = {m.recipient: m.created_at.date() for m in story.messages() if m.kind == "actions"}
    assert sent == dict.fromkeys([PRIYA, VERA, "ruth@council.example"], date(2026, 10, 14))


def test_the_second_meeting_sets_its_own_clocks(story):
    first_meeting(story)
    outcomes = [
        {
            "action": n,
            "position": "done",
            "outcome": f"Found {what} living in Leeds since 2023.",
            "plan_effect": "The plan names him now.",
        }
        for n, what in ((1, "him"), (2, "her"), (3, "four half brothers"))
    ]
    story.tick("2026-10-14")
    story.record_fact(
        "meeting",
        "2027-01-27",
        **minuted(
            *ALL_THERE,
            attended("neighbourhood_policing", "Nell"),
            next_on="2027-05-12",
            salt="January.",
            previous_actions=outcomes,
        ),
    )
    assert story.owed("minutes") == [("2026-10-28", "open", None), ("2027-02-10", "open", None)]
    assert story.owed("level_2_review") == [("2027-02-03", "met", "2027-01-27"), ("2027-05-19", "open", None)]
    assert {state for _, state, _ in story.owed("action")} == {"met"}


def test_minutes_are_drafted_approved_by_the_chair_and_final_in_time(story):
    first_meeting(story)
    story.record_fact("minutes", "2026-10-22", step="draft", by="Adam")
    story.record_fact("minutes", "2026-10-26", step="approve", by="Clare Example")
    assert story.owed("minutes") == [("2026-10-28", "open", None)]
    story.record_fact("minutes", "2026-10-27", step="final", by="Adam")
    assert story.owed("minutes") == [("2026-10-28", "met", "2026-10-27")]
    story.record_fact("visor-posting", "2026-10-30", by="Adam")
    assert story.owed("visor_posting") == [("2026-10-28", "met", "2026-10-30")]
    story.tick("2026-10-27")
    told = {to for rung, _, to, _ in story.prompts("minutes") if rung == "final"}
    assert {OLIVE, PRIYA, OPAL, VERA} <= told


def test_everybody_required_is_invited_with_a_reason(story):
    first_meeting(story)
    from models.meetings import Participant

    with story.record.reading() as session:
        listed = {p.agency: (p.email, p.reason) for p in session.query(Participant) if p.required}
    assert listed == {
        "probation": (OLIVE, "lead agency"),
        "police": (PRIYA, "core member"),
        "prison": (OPAL, "the person is in custody"),
        "victim_liaison": (VERA, "there is victim contact"),
        "approved_premises": (
            "anna@premises.example",
            "the person lives, or will live, in approved premises",
        ),
        "childrens_social_care": (
            "ruth@council.example",
            "asked for in the referral: A nephew lives in the household.",
        ),
    }
