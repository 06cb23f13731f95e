"""Hand over while I am away: at the desk, and what the colleague may see and do for the time."""

from datetime import date
from pathlib import Path

import pytest
import time_machine
from sqlalchemy import select

from models.hand_overs import HandOver
from models.obligations import Prompt
from models.record import Record
from tests.support.story import CORA, DARREN, HANA, MEETING_DIRECTORY, OLIVE, Story, at, post
from tests.web.conftest import TODAY
from tests.web.visiting import Desk, Page

NINA, CORIN = "nina@probation.example", "corin@mappa.example"
CASE = "/cases/LON-2026-000001"
UNTIL = {"until#day": "2", "until#month": "10", "until#year": "2026"}


@pytest.fixture
def story(record: Record, tmp_path: Path, today: None) -> Story:
    told = Story(record, tmp_path, [*MEETING_DIRECTORY, post("probation", "representative", "Nina", NINA),
                                    post("mappa_unit", "coordinator", "Corin", CORIN)])  # fmt: skip
    told.load("2026-06-01", DARREN)
    told.tick("2026-06-01")
    told.tick(TODAY)
    return told


def hand_over(desk: Desk, who: str, deputy: str, **typed: str) -> Page:
    page = desk.sign_in(who, at(TODAY, 10)).get("/away")
    return desk.press(page, "", deputy=deputy, **(UNTIL | typed))


def test_a_colleague_sees_the_duties_and_the_case_for_the_time_and_no_longer(desk: Desk, story: Story) -> None:
    desk.sign_in(NINA, at(TODAY, 10))
    assert desk.get(CASE).status == 404
    page = hand_over(desk, OLIVE, NINA)
    assert (page.status, page.path) == (200, "/away")
    assert f"From Monday 21 September to Friday 2 October: Nina ({NINA})." in page.text
    desk.sign_in(NINA, at(TODAY, 10))
    page = desk.get("/today")
    assert "For Olive, who is away until Friday 2 October (" in page.text
    assert "Referral (MAPPA A)" in page.text
    assert "LON-2026-000001" in desk.get("/due?of=others").text
    assert "LON-2026-000001" not in desk.get("/due").text
    page = desk.get(CASE)
    assert page.status == 200
    assert "offender manager for Olive, who is away, manages it" in page.text
    page = desk.get(f"{CASE}/record/circumstances")
    assert desk.press(page, victim_contact="yes").status in (200, 422)
    assert "stand in for Olive until Friday 2 October" in desk.get("/away").text
    with time_machine.travel(at("2026-10-03", 10), tick=False):
        desk.sign_in(NINA, at("2026-10-03", 10))
        assert desk.get(CASE).status == 404
        assert "For Olive" not in desk.get("/today").text


def test_it_is_ended_early_by_whoever_is_away_alone(desk: Desk, story: Story) -> None:
    hand_over(desk, OLIVE, NINA)
    page = desk.get("/away")
    number = page.soup.select_one('input[name="hand_over"]')["value"]  # type: ignore[index]
    desk.sign_in(NINA, at(TODAY, 10))
    key = desk.get("/you").soup.select_one('input[name="form_key"]')["value"]  # type: ignore[index]
    assert desk.post("/away/end", {"form_key": key, "hand_over": number}).status == 404
    assert desk.get(CASE).status == 200
    desk.sign_in(OLIVE, at(TODAY, 10))
    page = desk.press(desk.get("/away"), "")
    assert "Nina" not in page.soup.select_one("main").get_text().split("Colleague")[0]  # type: ignore[union-attr]
    assert desk.sign_in(NINA, at(TODAY, 10)).get(CASE).status == 404


def test_whoever_is_back_still_sees_what_was_asked_of_them_meanwhile(desk: Desk, story: Story) -> None:
    """A reminder of Hana's action went to Nina; it was Hana's all the same, and gives Nina nothing of her own."""
    with story.record.writing() as session:
        handed = HandOver(email=HANA, name="Hana", deputy_email=NINA, deputy_name="Nina", begins_on=date(2026, 9, 7),
                          until=date(2026, 9, 11), made_at=at("2026-09-07"), made_by="Hana")  # fmt: skip
        session.add(handed)
        session.flush()
        like = session.scalars(select(Prompt).order_by(Prompt.id.desc())).first()
        assert like is not None
        session.add(Prompt(
            timescale_id=like.timescale_id, revision=9, rung="-1W", rung_on=date(2026, 9, 8), due_on=like.due_on,
            weight=like.weight, recipient=NINA, recipient_role="action_owner", raised_at=at("2026-09-08"),
            message_id=like.message_id, hand_over_id=handed.id,
        ))  # fmt: skip
    assert desk.sign_in(HANA, at(TODAY, 10)).get(CASE).status == 200
    assert desk.sign_in(NINA, at(TODAY, 10)).get(CASE).status == 404


def test_a_restricted_case_is_not_handed_over(desk: Desk, story: Story) -> None:
    hand_over(desk, OLIVE, NINA)
    story.record_fact("restriction", "2026-09-20", restricted=True, reason="A witness must not be found.")
    assert desk.sign_in(OLIVE, at(TODAY, 10)).get(CASE).status == 200
    assert desk.sign_in(NINA, at(TODAY, 10)).get(CASE).status == 403
    assert "Darren" not in desk.get("/today").text


@pytest.mark.parametrize(
    ("typed", "error"),
    [
        ({"until#month": "13"}, "Last day: '2026-13-02' is not a day of the calendar"),
        ({"until#year": ""}, "Last day: '-10-02' is not a date in the form 2027-03-12"),
        ({"until#day": "30", "until#month": "11"}, "Last day: Monday 16 November is the last day possible"),
        ({"deputy": CORA}, "Colleague: choose a colleague from the list"),
    ],
)
def test_what_is_wrong_stands_beside_its_field(desk: Desk, story: Story, typed: dict[str, str], error: str) -> None:
    page = hand_over(desk, OLIVE, **({"deputy": NINA} | typed))
    assert page.status == 422
    assert [line for line in page.errors if line.startswith(error)], page.errors


def test_a_coordinator_hands_over_to_another_and_sees_no_more_than_before(desk: Desk, story: Story) -> None:
    page = hand_over(desk, CORA, CORIN)
    assert "Corin" in page.text
    desk.sign_in(CORIN, at(TODAY, 10))
    # All of the area is theirs already: nothing stands twice.
    assert "Nothing of theirs is due in the next eight weeks." in desk.get("/today").text
    assert date(2026, 10, 2).strftime("%A") == "Friday"


def test_nobody_in_the_same_role_means_nobody_to_choose(desk: Desk, story: Story) -> None:
    page = desk.sign_in("chris@smb.example", at(TODAY, 10)).get("/away")
    assert "nobody else holds your role" in page.text
