"""This is not mine: the coordinator is asked whose it is, by a day, and the duty stays due meanwhile.

The offender manager's referral is due on Saturday 12 September; asked on Monday 21, the coordinator has 5 working days:
Monday 28 September.
"""

from pathlib import Path

import pytest
import time_machine

from models.record import Record
from tests.support.story import ADAM, CORA, OLIVE, Story, at
from tests.web.conftest import TODAY
from tests.web.visiting import Desk, Page

CASE = "/cases/LON-2026-000001"


def disown(desk: Desk, story: Story) -> Page:
    [owed] = story.timescales("referral")
    page = desk.sign_in(OLIVE, at(TODAY, 10)).get(f"{CASE}/due/{owed.id}")
    [link] = [one for one in page.links() if "not-mine" in one]
    page = desk.get(link)
    return desk.press(page, reason="I left the team in August, and the case with it.", whose="Nina Example")


def test_the_coordinator_is_asked_by_e_mail_and_answers(desk: Desk, story: Story) -> None:
    page = disown(desk, story)
    assert page.status == 200, page.errors
    assert "The MAPPA coordinator is asked whose referral due Saturday 12 September is; it stays due." in page.text
    [question] = story.timescales("question")
    assert (question.owner_role, str(question.due_on), question.label) == (
        "coordinator", "2026-09-28", "whose duty, asked on 21 September 2026",
    )  # fmt: skip
    story.tick(TODAY, 11)
    assert [(rung, who) for rung, _, who, _ in story.prompts("question")] == [("at once", CORA)]
    [mail] = [one for one in story.messages() if "question" in one.subject.lower()]
    assert (mail.recipient, mail.state) == (CORA, "pending")
    # The duty is as it was: open, and its next rung stands.
    [owed] = story.timescales("referral")
    assert owed.state == "open"
    assert owed.next_prompt_at is not None
    page = desk.get(f"{CASE}/due/{owed.id}")
    assert "Olive: I left the team in August, and the case with it. They think it is for Nina Example." in page.text
    assert not [one for one in page.links() if "not-mine" in one]
    desk.sign_in(CORA, at(TODAY, 12))
    assert "Somebody says that this is not theirs: referral due" in desk.get("/today").text
    page = desk.get(f"{CASE}/record/whose-duty")
    assert "They think it is for Nina Example." in page.text
    # An operator sees problems by reference: nobody's words, and no name.
    text = desk.sign_in("ops@agency.example", at(TODAY, 12)).get("/problems").text
    assert "Whose is it?" in text
    assert not any(word in text for word in ("Olive", "Nina", "left the team"))
    page = desk.sign_in(CORA, at(TODAY, 12)).get(f"{CASE}/record/whose-duty")
    page = desk.press(page, answer="theirs", reason="The case is still allocated to Olive until October.")
    assert page.status == 200, page.errors
    assert [one.state for one in story.timescales("question")] == ["met"]
    assert "is asked whose this is" not in desk.get(f"{CASE}/due/{owed.id}").text
    assert story.timescales("referral")[0].state == "open"


def test_nobody_answers_and_the_ladder_climbs_while_the_duty_keeps_its_own(desk: Desk, story: Story) -> None:
    disown(desk, story)
    before = story.prompts("referral")
    for day in ("2026-09-21", "2026-09-28", "2026-10-05", "2026-10-12"):
        story.tick(day, 11)
    assert [(rung, who) for rung, _, who, _ in story.prompts("question")] == [
        ("at once", CORA), ("due", CORA), ("+5W", "mona@mappa.example"), ("+10W", "chris@smb.example"),
    ]  # fmt: skip
    after = story.prompts("referral")
    assert [one[0] for one in after] == ["-1 month", "-2 weeks", "due", "+1W", "+5W", "+10W"]
    assert after[: len(before)] == before


def test_it_is_asked_once_and_answered_only_where_it_was_asked(desk: Desk, story: Story) -> None:
    disown(desk, story)
    page = desk.get(f"{CASE}/record/not-mine")
    page = desk.press(page, kind="referral", reason="I still think that it is not mine.")
    assert page.status == 422
    assert "asked already" in page.errors[0]
    assert desk.get(f"{CASE}/record/whose-duty").status == 403
    page = desk.sign_in(ADAM, at(TODAY, 10)).get(f"{CASE}/record/whose-duty")
    page = desk.press(page, kind="level_setting", due_on="", answer="theirs", reason="Nobody asked about this one.",
                      **{"due_on#day": "", "due_on#month": "", "due_on#year": ""})  # fmt: skip
    assert page.status == 422
    assert "nobody has asked whose this is" in page.errors[0]


@pytest.mark.parametrize("form", ["not-mine", "pause"])
def test_the_answers_beside_a_form_are_filled_in(desk: Desk, story: Story, form: str) -> None:
    """I cannot do this yet, and this is not mine: from the e-mail's link, with the duty and one's own name."""
    [owed] = story.timescales("referral")
    page = desk.sign_in(OLIVE, at(TODAY, 10)).get(f"/answer/{owed.id}")
    assert page.path.endswith(f"/record/referral?about={owed.id}")
    [link] = [one for one in page.links() if one.endswith(f"/record/{form}?about={owed.id}")]
    soup = desk.get(link).soup
    assert soup.select_one('select[name="kind"] option[selected]')["value"] == "referral"  # type: ignore[index]
    assert [soup.select_one(f'input[name="due_on#{part}"]')["value"] for part in ("day", "month", "year")] == [  # type: ignore[index]
        "12", "9", "2026",
    ]  # fmt: skip
    assert soup.select_one('input[name="by"]')["value"] == "Olive"  # type: ignore[index]


def test_a_question_about_a_duty_done_meanwhile_is_answered_too(
    desk: Desk, story: Story, record: Record, tmp_path: Path
) -> None:
    disown(desk, story)
    with time_machine.travel(at("2026-09-22", 10), tick=False):
        story.record_fact("level", "2026-09-22", level=1, reason="Ordinary management will do, with one agency.")
        story.tick("2026-09-22", 11)
        page = desk.sign_in(CORA, at("2026-09-22", 10)).get(f"{CASE}/record/whose-duty")
        page = desk.press(page, answer="done_by_now", reason="A level was set, so no referral is needed.")
        assert page.status == 200, page.errors
    assert [one.state for one in story.timescales("question")] == ["met"]
