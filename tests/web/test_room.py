"""A meeting recorded in its room: step by step, kept at each, taken over, closed once; the same fact as by a file."""

import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
import time_machine
from sqlalchemy import select

from casework.recording.meeting_form import MeetingRecord
from models.audit import AuditEntry
from models.audit_seals import verify
from models.cases import Draft, Fact
from models.meetings import Action, Participant
from models.record import Record
from models.replies import MeetingAnswer
from tests.support.story import ADAM, CLARE, CORA, MEETING_DIRECTORY, MONA, OLIVE, Story, anew, at, attended, minuted
from tests.web.meeting_room import ACTIONS, ALL_THERE, CASE, FIRST, SECOND, Typist, with_meeting
from tests.web.visiting import Desk
from web.desk.room.steps import COMPOSED, FIXED, STEPS

ROOM = f"/cases/{CASE}/meetings/1/room"
BY_NAME = {step.name: step for step in STEPS}


@pytest.fixture
def story(record: Record, tmp_path: Path) -> Iterator[Story]:
    """It is the day of Darren's first meeting, at ten."""
    with time_machine.travel(at(FIRST, 10), tick=False):
        yield with_meeting(Story(record, tmp_path, MEETING_DIRECTORY))


@pytest.fixture
def desk(story: Story, tmp_path: Path) -> Desk:
    """The administrator at the desk."""
    return Desk(story.record, tmp_path).sign_in(ADAM, at(FIRST, 10))


def first(**changes: Any) -> dict[str, Any]:
    """The record of the first meeting, as a file has it."""
    return minuted(*ALL_THERE, next_on=SECOND, actions=ACTIONS, **changes)


def facts(record: Record) -> list[Fact]:
    with record.reading() as session:
        found = list(session.scalars(select(Fact).where(Fact.kind == "meeting").order_by(Fact.id)))
        session.expunge_all()
        return found


def kept(record: Record) -> Draft:
    with record.reading() as session:
        [found] = session.scalars(select(Draft).where(Draft.ticket.like("room-%")))
        session.expunge_all()
        return found


def test_every_field_of_the_record_is_asked_at_one_step_or_is_known_before() -> None:
    asked = [head for step in STEPS for head in step.heads]
    assert len(asked) == len(set(asked))
    assert {*asked, *FIXED, *COMPOSED} == set(MeetingRecord.model_fields)


def test_a_meeting_worked_through_step_by_step_is_the_fact_that_a_file_makes(desk: Desk, story: Story) -> None:
    room = Typist(desk)
    room.all(first())
    assert kept(story.record).reasons == []
    done = room.close()
    assert "level 2 decided, 2 actions set" in done.text
    [fact] = facts(story.record)
    by_file = MeetingRecord.model_validate(first(meeting=1) | {"date": FIRST}).model_dump(mode="json")
    assert fact.data == by_file
    assert fact.recorded_by == "Adam"
    with story.record.reading() as session:
        assert [(one.text, one.owner_name) for one in session.scalars(select(Action).order_by(Action.number))] == [
            ("Trace the uncle", "Priya"), ("Contact the sister of the victim", "Vera"),
        ]  # fmt: skip
        assert list(verify(session)) == []
    # Closed twice, it is recorded once.
    assert desk.get(f"{ROOM}/check").status == 409
    assert len(facts(story.record)) == 1


def test_the_grid_has_a_line_for_each_agency_that_must_come_and_for_whoever_was_invited(desk: Desk) -> None:
    page = Typist(desk).open(BY_NAME["attendance"])
    agencies = [one["value"] for one in page.soup.select('input[type=hidden][name$=".agency"]')]
    assert {"probation", "police", "prison", "victim_liaison", "approved_premises"} <= set(agencies)
    assert len(page.soup.select("select[name$='.status']")) == len(agencies)
    assert "required: " in page.text
    page = desk.press(page, "add:attendance", **{"attendance.0.name": "Olive, as she is called"})
    assert len(page.soup.select("select[name$='.status']")) == len(agencies) + 1
    assert page.soup.select_one('input[name="attendance.0.name"]')["value"] == "Olive, as she is called"  # type: ignore[index]


def test_what_is_wrong_or_half_done_is_kept_and_told_at_its_step_and_before_closing(desk: Desk, story: Story) -> None:
    room = Typist(desk)
    room.all(first())
    half = first(victims="n/a") | {"disclosure": {"decision": "do_not_disclose"}}
    assert room.type(BY_NAME["victims"], half).status == 200
    assert room.type(BY_NAME["disclosure"], half).status == 200
    assert kept(story.record).data["victims"] == "n/a"
    page = room.open(BY_NAME["victims"])
    assert len(page.errors) == 1
    assert "says too little" in page.errors[0]
    assert page.soup.select_one(".govuk-error-summary a")["href"] == f"#{page.soup.select_one('textarea')['id']}"  # type: ignore[index]
    agenda = desk.get(ROOM)
    assert agenda.text.count("1 to mend") == 2
    check = desk.get(f"{ROOM}/check")
    assert "Disclosure: Disclosure, Reason: fill this in" in " ".join(check.errors)
    refused = desk.press(check, "")
    assert refused.status == 422
    assert facts(story.record) == []
    room.all(first())
    assert room.close().status == 200
    assert len(facts(story.record)) == 1


def test_it_is_left_and_gone_on_with_later_at_any_step(desk: Desk, story: Story) -> None:
    room = Typist(desk)
    room.type(BY_NAME["own-views"], first(), button="list")
    desk.client.cookies.clear()
    desk.sign_in(ADAM, at(FIRST, 10))
    assert "5. Victims" in desk.get(ROOM).text
    assert first()["offender_views"] in room.open(BY_NAME["own-views"]).text
    # It is in the list of drafts, and goes on in the room.
    [link] = [one for one in desk.get("/drafts").links() if "draft=" in one]
    assert desk.get(link).path == ROOM
    assert room.type(BY_NAME["victims"], first()).status == 200
    assert kept(story.record).data["offender_views"] == first()["offender_views"]


def test_a_colleague_takes_it_over_with_a_word_and_nothing_typed_meanwhile_is_lost(desk: Desk, story: Story) -> None:
    room = Typist(desk)
    room.type(BY_NAME["victims"], first())
    adams = room.open(BY_NAME["own-views"])
    session = desk.client.cookies["desk"]
    desk.sign_in(CORA, at(FIRST, 10))
    page = desk.get(ROOM)
    assert "Adam is recording this meeting" in page.text
    assert first()["victims"] in page.text
    assert desk.get(f"{ROOM}/victims").status == 409
    assert "2. Who is here" in desk.press(page, "", because="Adam is called away").text
    room.type(BY_NAME["own-views"], first(offender_views="He says nothing of it to Cora today."))
    desk.client.cookies.set("desk", session)
    late = room.send(adams, BY_NAME["own-views"], [("offender_views#text", "What Adam typed, at length.")])
    assert late.status == 409
    assert "Cora has the record of this meeting in hand now" in late.text
    assert "He says nothing of it to Cora today." in late.text
    assert "What Adam typed, at length." in str(late.soup.select_one("textarea"))
    assert desk.press(late, "take", because="I am back").status == 200
    assert kept(story.record).data["offender_views"] == "What Adam typed, at length."
    with story.record.reading() as reading:
        taken = select(AuditEntry.actor, AuditEntry.after).where(AuditEntry.action == "draft-taken-over")
        assert [(one.actor, one.after["because"]) for one in reading.execute(taken.order_by(AuditEntry.id))] == [
            ("Cora", "Adam is called away"), ("Adam", "I am back"),
        ]  # fmt: skip


def test_of_two_windows_the_second_sees_what_the_first_saved_and_decides(desk: Desk, story: Story) -> None:
    room = Typist(desk)
    room.type(BY_NAME["victims"], first())
    old = room.open(BY_NAME["victims"])
    room.type(BY_NAME["victims"], first(victims="The sister wants to be told nothing at all."))
    late = room.send(old, BY_NAME["victims"], [("victims#text", "The sister has moved to York.")])
    assert late.status == 409
    assert "The sister wants to be told nothing at all." in late.text
    assert "The sister has moved to York." in str(late.soup.select_one("textarea"))
    assert desk.press(late, "save").status == 200
    assert kept(story.record).data["victims"] == "The sister has moved to York."


def test_what_was_saved_after_the_last_look_is_looked_at_before_it_is_closed(desk: Desk, story: Story) -> None:
    room = Typist(desk)
    room.all(first())
    check = desk.get(f"{ROOM}/check")
    room.type(BY_NAME["victims"], first(victims="The sister wants to be told nothing at all."))
    late = desk.press(check, "")
    assert (late.status, len(facts(story.record))) == (409, 0)
    assert desk.press(late, "").status == 200
    assert facts(story.record)[0].data["victims"] == "The sister wants to be told nothing at all."


def test_the_owner_of_an_action_is_picked_from_those_present(desk: Desk, story: Story) -> None:
    room = Typist(desk)
    step = BY_NAME["attendance"]
    rows = [row | {"grade": "Sergeant", "email": "priya@police.example"} if row["name"] == "Priya" else row
            for row in ALL_THERE]  # fmt: skip
    room.type(step, first() | {"attendance": rows})
    page = desk.press(room.open(BY_NAME["actions"]), "add:actions")
    picks = [str(one["value"]) for one in page.soup.select('select[name="actions.0#present"] option')]
    assert "police|Priya" in picks
    page = desk.press(page, "save", **{"actions.0.text": "Trace the uncle", "actions.0#present": "police|Priya",
                                       "actions.0.due_on#year": "2026", "actions.0.due_on#month": "11",
                                       "actions.0.due_on#day": "4"})  # fmt: skip
    assert kept(story.record).data["actions"] == [{
        "text": "Trace the uncle", "agency": "police", "due_on": "2026-11-04",
        "owner": {"name": "Priya", "email": "priya@police.example", "grade": "Sergeant"},
    }]  # fmt: skip
    again = room.open(BY_NAME["actions"])
    assert again.soup.select_one('select[name="actions.0#present"] option[selected]')["value"] == "police|Priya"  # type: ignore[index]


def second_meeting(story: Story) -> None:
    story.record_fact("meeting", FIRST, **first(media_strategy="The police press office answers for all agencies."))
    story.tick(SECOND)


STILL = {"choice": "still", "confirmed_by": "Olive", "because": "I saw him weekly until 20 January."}
PREVIOUS = [
    {"action": 1, "position": "done", "outcome": "The uncle lives in Leeds and has had no contact since 2023.",
     "plan_effect": "Contact with the uncle is no longer a trigger."},
    {"action": 2, "position": "carried", "reason": "The sister is abroad until the end of February."},
]  # fmt: skip


def test_each_part_of_the_plan_stands_beside_the_last_time_and_is_confirmed_changed_or_struck(
    desk: Desk, story: Story
) -> None:
    second_meeting(story)
    with time_machine.travel(at(SECOND, 10), tick=False):
        desk.sign_in(ADAM, at(SECOND, 10))
        room = Typist(desk, 2)
        there = [*ALL_THERE, attended("neighbourhood_policing", "Nell")]
        now = minuted(*there, next_on="2027-05-12", salt="seen again at length", previous_actions=PREVIOUS)
        before = first()["plan"]
        page = room.open(BY_NAME["plan"])
        for text in before.values():
            assert text in page.text
        parts = {
            "plan.supervision": STILL,
            "media_strategy": {"choice": "struck", "why": "The press has lost interest."},
            "plan.contingency": {"choice": "struck", "why": "He is back in custody and the police hold the plan."},
        }
        room.all(now, parts)
        assert kept(story.record).reasons == []
        assert room.close().status == 200
        fact = facts(story.record)[-1].data
    assert fact["plan"]["supervision"] == before["supervision"]
    assert fact["plan"]["contingency"] == "Struck out: He is back in custody and the police hold the plan."
    assert fact["plan"]["conclusion"] == now["plan"]["conclusion"]
    assert fact["carried_forward"] == {"plan.supervision": {
        "confirmed_by": "Olive", "because": "I saw him weekly until 20 January."}}  # fmt: skip
    assert fact["struck"] == {"media_strategy": "The press has lost interest."}
    assert fact["media_strategy"] is None


def test_words_of_last_time_that_nobody_confirms_are_told_at_once_at_their_step(desk: Desk, story: Story) -> None:
    second_meeting(story)
    with time_machine.travel(at(SECOND, 10), tick=False):
        desk.sign_in(ADAM, at(SECOND, 10))
        room = Typist(desk, 2)
        room.type(BY_NAME["risk"], first())
        page = room.open(BY_NAME["risk"])
        assert "the same words as on" in " ".join(page.errors)
        assert not re.search(r"\d{4}-\d\d-\d\d", " ".join(page.errors)), "a day is said as people say it"
        assert "carried_forward" not in page.text
        confirmed = {f"risk_views.{row['agency']}": {"confirmed_by": "Olive", "because": "I asked all of them today."}
                     for row in ALL_THERE}  # fmt: skip
        anew_told = first() | {"information": [{"agency": "probation", "text": anew("He keeps every one.", "new")}],
                               "at_risk": minuted(*ALL_THERE, salt="seen again at length")["at_risk"]}  # fmt: skip
        room.type(BY_NAME["risk"], anew_told, confirmed)
        assert room.open(BY_NAME["risk"]).errors == []
        # Not chosen: the step asks for it.
        room.type(BY_NAME["plan"], first(), {f"plan.{name}": {"text": "x"} for name in first()["plan"]})
        assert "say whether it is still right, changed or struck out" in room.open(BY_NAME["plan"]).errors[0]
        # Chosen, and nobody named.
        room.type(BY_NAME["plan"], first(), {f"plan.{name}": {"choice": "still"} for name in first()["plan"]})
        assert "Supervision, who knows that it is still right: fill this in" in room.open(BY_NAME["plan"]).errors


def test_who_looks_on_sees_what_was_kept_and_changes_nothing(desk: Desk, story: Story) -> None:
    room = Typist(desk)
    room.type(BY_NAME["victims"], first())
    desk.sign_in(CLARE, at(FIRST, 10))
    page = desk.get(ROOM)
    assert first()["victims"] in page.text
    assert page.soup.select("main form") == []
    key = {"form_key": str(desk.get("/you").soup.select_one('input[name="form_key"]')["value"])}  # type: ignore[index]
    for path in ("victims", "check"):
        assert desk.get(f"{ROOM}/{path}").status == 403
    for path in ("victims", "take", "close"):
        assert desk.post(f"{ROOM}/{path}", key).status == 403
    for who in (OLIVE, MONA):
        assert desk.sign_in(who, at(FIRST, 10)).get(ROOM).status == 403
    assert kept(story.record).owner == ADAM


def test_a_room_opens_on_the_day_of_its_meeting(desk: Desk, story: Story) -> None:
    with time_machine.travel(at("2026-10-13", 10), tick=False):
        desk.sign_in(ADAM, at("2026-10-13", 10))
        page = desk.get(ROOM)
        assert page.status == 409
        assert "its room opens on that day" in page.text
    desk.sign_in(ADAM, at(FIRST, 10))
    assert desk.get(f"/cases/{CASE}/record/meeting").path == ROOM
    assert ROOM in desk.get(f"/cases/{CASE}/meetings").links()
    assert "No answer yet" in desk.get(f"/cases/{CASE}/meetings").text
    with story.record.writing() as session:
        told = {"meeting_id": 1, "answer": "declined", "answered_at": at(FIRST, 9)}
        for email in session.scalars(select(Participant.email).where(Participant.agency == "police")):
            session.add(MeetingAnswer(email=email, **told))
    assert "Declined: Police" in desk.get(f"/cases/{CASE}/meetings").text
    assert desk.get(f"/cases/{CASE}/meetings/9/room").status == 404
    story.record_fact("meeting-cancel", FIRST, reason="He was recalled to custody; a new date follows.")
    assert desk.get(ROOM).status == 409


def test_a_form_of_a_meeting_that_was_kept_before_goes_on_though_there_is_a_room(desk: Desk, story: Story) -> None:
    with time_machine.travel(at("2026-10-13", 10), tick=False):
        desk.sign_in(ADAM, at("2026-10-13", 10))
        form = desk.get(f"/cases/{CASE}/record/meeting")
        desk.press(form, "save", victims="What was written on the day before.")
    desk.sign_in(ADAM, at(FIRST, 10))
    [link] = [one for one in desk.get("/drafts").links() if "draft=" in one]
    assert "What was written on the day before." in desk.get(link).text


def test_what_was_put_down_is_taken_up_again_with_its_words(desk: Desk, story: Story) -> None:
    room = Typist(desk)
    room.type(BY_NAME["victims"], first())
    assert "You have no drafts" in desk.press(desk.get("/drafts"), "").text
    page = desk.get(ROOM)
    assert "Adam put this record down unfinished" in page.text
    assert "5. Victims" in desk.press(page, "").text
    assert first()["victims"] in room.open(BY_NAME["victims"]).text


def test_of_two_who_begin_at_the_same_moment_one_has_it_in_hand(desk: Desk, story: Story, tmp_path: Path) -> None:
    adams = Typist(desk)
    coras = Typist(Desk(story.record, tmp_path).sign_in(CORA, at(FIRST, 10)))
    step = BY_NAME["victims"]
    pages = [(room, room.open(step)) for room in (adams, coras)]
    with ThreadPoolExecutor() as both:
        sent = [both.submit(room.send, page, step, [("victims#text", "What one of the two typed here.")])
                for room, page in pages]  # fmt: skip
        answers = [one.result() for one in sent]
    assert sorted(page.status for page in answers) == [200, 409]
    late = next(page for page in answers if page.status == 409)
    assert "What one of the two typed here." in str(late.soup.select_one("textarea"))
    assert kept(story.record).data["victims"] == "What one of the two typed here."


SCRIPT = "<script>alert(1)</script>\u202e"


def test_text_that_means_harm_shows_as_text_in_the_room(desk: Desk) -> None:
    room = Typist(desk)
    rows = [ALL_THERE[0] | {"name": f"Olive {SCRIPT}", "role": '"><img src=x>'}, *ALL_THERE[1:]]
    room.type(BY_NAME["attendance"], first() | {"attendance": rows})
    room.type(BY_NAME["victims"], first(victims=SCRIPT))
    paths = [ROOM, f"{ROOM}/check", *(f"{ROOM}/{step}" for step in ("attendance", "victims", "actions", "plan"))]
    for who in (ADAM, CLARE):
        desk.sign_in(who, at(FIRST, 10))
        for path in paths if who == ADAM else paths[:1]:
            page = desk.get(path)
            assert page.soup.find("script") is None, path
            assert page.soup.find("img") is None, path
    assert "<script>alert(1)</script>" in page.text


@pytest.mark.parametrize("text", ["\0", "9" * 5000, "x" * 1_000_000, "<" * 300, "\u200b" * 11, "-1", "1e9", "|", "0"])
def test_no_text_in_any_field_breaks_a_step(desk: Desk, text: str) -> None:
    room = Typist(desk)
    typed = {
        "attendance": ("attendance#rows", "attendance.0.agency", "attendance.0.status", "seen"),
        "earlier-actions": ("previous_actions#rows", "previous_actions.0.action"),
        "victims": ("victims#choice", "victims#text", "seen"),
        "plan": ("plan.supervision#choice", "plan.supervision#confirmed_by", "no.such#text"),
        "level": ("level_decision.level", "level_decision.reason#confirmed_by"),
        "actions": ("actions.0#present", "actions.0.due_on#year"),
        "next": ("next_meeting.starts_at#time", "next_meeting.minutes_long"),
    }
    for name, fields in typed.items():
        for field in fields:
            page = room.open(BY_NAME[name])
            more = [(field, text), ("actions#rows", "1"), ("attendance#rows", "2")]
            sent = room.send(page, BY_NAME[name], more)
            assert sent.status in (200, 409), (field, sent.text)
    for path in ("", "/check", *(f"/{name}" for name in typed)):
        assert desk.get(ROOM + path).status == 200, path
