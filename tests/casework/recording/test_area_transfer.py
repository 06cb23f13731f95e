"""Handing a case to another area: the sender holds it until the receiver accepts (our default).

Rule: answered within ten working days of the proposal. Thursday 20 August 2026: 21, 24 to 28 August, 1 to 4 September,
as Monday 31 August is a bank holiday; three working days before is Tuesday 1 September, five after Friday 11.
"""

from pathlib import Path

import pytest
from sqlalchemy import select

from casework.errors import RefusedError
from models.meetings import Meeting
from models.record import Record
from models.transfers import AreaTransfer
from tests.support.custody import OUTSIDE, THERE, told
from tests.support.story import CHRIS, CLARE, CORA, MEETING_DIRECTORY, OLIVE, PRIYA, Story, form, minuted, post
from tests.support.told_once import told_once

WENDY, WALT, WILL = "wendy@west.example", "walt@west.example", "will@west.example"
OMAR, PETRA, LENA = "omar@probation.example", "petra@police.example", "lena@probation.example"
WEST = {"area": "West Yorkshire"}
DIRECTORY = [
    *MEETING_DIRECTORY,
    post("mappa_unit", "coordinator", "Wendy", WENDY) | WEST,
    post("probation", "chair", "Walt", WALT) | WEST,
    post("smb", "smb_chair", "Will", WILL) | WEST,
]
PROPOSAL = form("transfer-proposal")
ACCEPTED = form("transfer-answer")
# A case of another area with people of its own: nothing of it is touched.
OTHER = OUTSIDE | {"crn": "X320742"}


@pytest.fixture
@told_once
def story(record: Record, tmp_path: Path) -> Story:
    story = Story(record, tmp_path, DIRECTORY)
    story.load("2026-03-02", OUTSIDE, OTHER)
    story.tick("2026-03-02")
    story.record_fact("level", "2026-08-03", level=2, reason="High risk; the agencies must work together.")
    return story


@pytest.fixture
@told_once
def proposed(story: Story) -> Story:
    story.record_fact("transfer-proposal", "2026-08-20", **PROPOSAL)
    story.tick("2026-08-20", 10)
    return story


def answer(story: Story, on: str, decision: str) -> str:
    only = dict.fromkeys(("unit", "offender_manager", "line_manager_email", "police_offender_manager"))
    said = {"reason": "The address is not verified; the plan's agencies are in London."}
    data = form("transfer-answer", decision=decision, **({} if decision == "accepted" else only | said))
    return story.record_fact("transfer-answer", on, **data).summary


def transfers(story: Story) -> list[AreaTransfer]:
    with story.record.reading() as session:
        found = list(session.scalars(select(AreaTransfer).order_by(AreaTransfer.number)))
        session.expunge_all()
        return found


def test_the_receiving_coordinator_is_asked_and_silence_climbs_to_the_sending_smb_chair(proposed):
    proposed.every_day("2026-08-21", "2026-09-14")
    assert proposed.owed("transfer_answer") == [("2026-09-04", "open", None)]
    assert told(proposed, "transfer_answer") == [
        ("at once", WENDY, "2026-08-20"), ("-3W", WENDY, "2026-09-01"),
        ("due", WENDY, "2026-09-04"), ("due", CORA, "2026-09-04"),
        ("+5W", CORA, "2026-09-11"), ("+5W", CHRIS, "2026-09-11")]  # fmt: skip


def test_an_outage_of_weeks_catches_up_once(proposed):
    for day in ("2026-10-01", "2026-10-01", "2026-10-02"):
        proposed.tick(day)
    late = [(rung, to) for rung, to, on in told(proposed, "transfer_answer") if on == "2026-10-01"]
    assert late == [("-3W", WENDY), ("due", WENDY), ("due", CORA), ("+5W", CORA), ("+5W", CHRIS)]


def test_the_sender_holds_the_case_until_it_is_accepted(proposed):
    case = proposed.case()
    assert (case.area, case.offender_manager_email) == ("London", OLIVE)
    # Twenty working days from Monday 3 August, with the bank holiday: Tuesday 1 September.
    assert proposed.owed("first_meeting") == [("2026-09-01", "open", None)]
    proposed.tick("2026-08-25")
    assert {to for _, to, _ in told(proposed, "first_meeting")} == {CORA}
    assert WENDY not in {to for kind in ("first_meeting", "event_review") for _, to, _ in told(proposed, kind)}


def test_once_accepted_prompts_go_to_the_people_of_the_receiving_area(proposed):
    assert answer(proposed, "2026-08-26", "accepted").endswith("the case is West Yorkshire's")
    case = proposed.case()
    assert (case.area, case.unit, case.level, case.category) == ("West Yorkshire", "Leeds", 2, 2)
    assert (case.offender_manager_email, case.line_manager_email, case.police_offender_manager_email) == (
        OMAR,
        LENA,
        PETRA,
    )
    assert proposed.owed("transfer_answer") == [("2026-09-04", "met", "2026-08-26")]
    proposed.record_fact("custody-event", "2026-08-27", event="absconded", what="Not at the address.", by="Omar")
    proposed.tick("2026-08-27", 10)
    assert {to for _, to, _ in told(proposed, "event_review")} == {OMAR, LENA, PETRA, WENDY, WALT}
    proposed.tick("2026-09-01")
    # Five working days before 1 September was Monday 24 August: nobody was asked then, and she is asked now.
    assert told(proposed, "first_meeting", "2026-08-27") == [
        ("-5W", WENDY, "2026-08-27"), ("due", WENDY, "2026-09-01")]  # fmt: skip
    assert [rung for rung, *_ in told(proposed, "transfer_answer")] == ["at once"], "answered: nobody is asked again"


def test_a_ladder_that_ran_in_the_old_area_goes_on_in_the_new_one(proposed):
    proposed.record_fact("meeting", "2026-08-24", **minuted(*THERE, next_on="2026-11-04"))
    proposed.tick("2026-08-24", 10)
    answer(proposed, "2026-08-26", "accepted")
    # The plan is due five working days after Monday 24 August: Tuesday 1 September.
    proposed.every_day("2026-08-27", "2026-09-02")
    assert told(proposed, "plan_update") == [("due", OMAR, "2026-09-01")]


def test_a_meeting_that_was_planned_is_cancelled_as_the_new_area_meets_at_its_own_place(proposed):
    proposed.record_fact("meeting-plan", "2026-08-21", **form("meeting-plan", starts_at="2026-09-16T10:00"))
    proposed.tick("2026-08-21", 10)
    answer(proposed, "2026-08-26", "accepted")
    proposed.tick("2026-08-26", 10)
    with proposed.record.reading() as session:
        [meeting] = session.scalars(select(Meeting)).all()
        assert (meeting.state, meeting.cancelled_reason) == ("cancelled", "the case is handed to West Yorkshire")
    assert [state for _, state, _ in proposed.owed("meeting")] == ["cancelled"]


def test_a_file_of_the_old_area_does_not_take_it_back_and_one_of_the_new_area_is_believed(proposed):
    answer(proposed, "2026-08-26", "accepted")
    proposed.load("2026-08-27", OUTSIDE | {"unit": "South", "licence_expiry_date": "2030-08-12"}, OTHER)
    proposed.tick("2026-08-27")
    case = proposed.case()
    assert (case.area, case.unit, case.offender_manager_email) == ("West Yorkshire", "Leeds", OMAR)
    assert case.police_offender_manager_email == PETRA
    assert str(case.eligible_until) == "2030-08-12", "what it tells of the sentence holds"
    moved = OUTSIDE | {"area": "West Yorkshire", "unit": "Bradford", "offender_manager": "Odette",
                       "offender_manager_email": "odette@probation.example"}  # fmt: skip
    proposed.load("2026-09-01", moved)
    proposed.tick("2026-09-01")
    case = proposed.case()
    assert (case.area, case.unit, case.offender_manager) == ("West Yorkshire", "Bradford", "Odette")
    assert proposed.case("X320742").area == "London"


@pytest.mark.parametrize("decision", ["declined", "withdrawn"])
def test_declined_or_withdrawn_it_stays_and_may_be_proposed_again(proposed, decision):
    assert answer(proposed, "2026-08-26", decision).endswith("London holds the case")
    case = proposed.case()
    assert (case.area, case.offender_manager_email, case.police_offender_manager_email) == ("London", OLIVE, PRIYA)
    assert proposed.owed("transfer_answer") == [("2026-09-04", "met", "2026-08-26")]
    with pytest.raises(RefusedError, match="no proposal to hand this case over waits for an answer"):
        answer(proposed, "2026-08-27", "accepted")
    proposed.record_fact("transfer-proposal", "2026-08-28", **PROPOSAL)
    # Ten working days from Friday 28 August: 1 to 4, 7 to 11 and 14 September.
    assert proposed.owed("transfer_answer")[1] == ("2026-09-14", "open", None)
    assert [(one.number, one.decision) for one in transfers(proposed)] == [(1, decision), (2, None)]


@pytest.mark.parametrize("area", ["Yorkshire", "South Yorkshire", "London", "LONDON"])
def test_an_area_that_cannot_answer_is_refused_with_those_that_can(story, area):
    with pytest.raises(RefusedError, match=r"it has those of: London, West Yorkshire|London has the case already"):
        story.record_fact("transfer-proposal", "2026-08-20", **(PROPOSAL | {"to_area": area}))
    assert transfers(story) == []


def test_an_area_is_known_in_other_letters_and_written_as_the_directory_has_it(story):
    story.record_fact("transfer-proposal", "2026-08-20", **(PROPOSAL | {"to_area": "WEST\u00a0yorkshire"}))
    assert [one.to_area for one in transfers(story)] == ["West Yorkshire"]


def test_one_proposal_at_a_time(proposed):
    with pytest.raises(RefusedError, match="the proposal to West Yorkshire of 2026-08-20 waits for its answer"):
        proposed.record_fact("transfer-proposal", "2026-08-21", **PROPOSAL)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"by": "Cora Example"}, "who proposed the transfer does not accept it"),
        ({"offender_manager": None}, "who manages the case in the receiving area, with an address"),
        ({"offender_manager": {"name": "Omar"}}, "who manages the case in the receiving area, with an address"),
    ],
)
def test_accepting_names_who_manages_it_and_is_not_the_senders(proposed, changes, said):
    with pytest.raises(RefusedError, match=said):
        proposed.record_fact("transfer-answer", "2026-08-26", **form("transfer-answer", **changes))
    with pytest.raises(RefusedError, match="2026-08-19 is before the proposal of 2026-08-20"):
        proposed.record_fact("transfer-answer", "2026-08-26", date="2026-08-19", **ACCEPTED)
    assert proposed.case().area == "London"


def test_back_again_it_is_the_first_areas_and_its_file_is_believed_again(proposed):
    answer(proposed, "2026-08-26", "accepted")
    back = {"to_area": "London", "by": "Wendy Example"}
    proposed.record_fact("transfer-proposal", "2026-09-07", **(PROPOSAL | back))
    proposed.tick("2026-09-07", 10)
    assert ("at once", CORA, "2026-09-07") in told(proposed, "transfer_answer")
    home = form("transfer-answer", by="Cora Example", unit="North", line_manager_email=None,
                offender_manager={"name": "Olive", "email": OLIVE}, police_offender_manager=None)  # fmt: skip
    proposed.record_fact("transfer-answer", "2026-09-08", **home)
    proposed.load("2026-09-09", OUTSIDE | {"unit": "South"})
    proposed.tick("2026-09-09")
    case = proposed.case()
    assert (case.area, case.unit, case.offender_manager_email, case.police_offender_manager_email) == (
        "London", "South", OLIVE, PRIYA)  # fmt: skip


def test_the_chair_of_the_new_area_is_asked_about_what_is_proposed_there(proposed):
    answer(proposed, "2026-08-26", "accepted")
    proposed.record_fact("disclosure", "2026-08-27", **form("disclosure", due_on="2026-09-10"))
    proposed.tick("2026-08-27", 10)
    assert told(proposed, "disclosure_approval") == [("at once", WALT, "2026-08-27")]
    assert CLARE not in {to for _, to, _ in told(proposed, "disclosure_approval")}
