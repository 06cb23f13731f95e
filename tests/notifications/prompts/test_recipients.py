"""Who a prompt goes to, and what is seen where it can go to nobody."""

import pytest
from sqlalchemy import select

from models.obligations import Message, Prompt
from models.record import Record
from notifications.recipients import RESTRICTED
from tests.support.story import CORA, DARREN, DIRECTORY, LIONEL, MONA, OLIVE, OPAL, SIMON, Story


def without(*roles: str) -> list[dict[str, str]]:
    return [row for row in DIRECTORY if row["role"] not in roles]


def story_with(record: Record, tmp_path, directory, day: str, **change: str) -> Story:
    story = Story(record, tmp_path, directory)
    story.load("2026-06-01", {**DARREN, **change})
    story.tick("2026-06-01")
    story.tick(day)
    return story


def addressed(story: Story, kind: str) -> list[tuple[str, str, str, str | None]]:
    from models.obligations import Timescale

    with story.record.reading() as session:
        query = (
            select(Prompt)
            .join(Timescale)
            .where(Timescale.kind == kind, Prompt.rung != "identified")
            .order_by(Prompt.id)
        )
        return [(p.rung, p.recipient, p.recipient_role, p.stands_in_for) for p in session.scalars(query)]


def test_a_missing_offender_manager_goes_up_to_the_line_manager(record, tmp_path):
    story = story_with(record, tmp_path, DIRECTORY, "2026-08-12", offender_manager_email="")
    assert addressed(story, "referral") == [("-1 month", LIONEL, "line_manager", "offender_manager")]


def test_with_neither_it_goes_up_to_the_coordinator(record, tmp_path):
    """The default line is line manager, senior manager, coordinator; the directory has no senior manager."""
    story = story_with(record, tmp_path, DIRECTORY, "2026-08-12", offender_manager_email="", line_manager_email="")
    assert addressed(story, "referral") == [("-1 month", CORA, "coordinator", "offender_manager")]


def test_another_prison_is_nobody(record, tmp_path):
    story = story_with(record, tmp_path, DIRECTORY, "2026-06-12", prison="HMP Elsewhere")
    assert addressed(story, "prison_notice") == [("-1 month", CORA, "coordinator", "prison_offender_management")]


def test_without_any_address_the_prompt_stands_withheld_with_its_reason(record, tmp_path):
    story = story_with(record, tmp_path, [], "2026-06-12")
    assert addressed(story, "prison_notice") == [("-1 month", "", "prison_offender_management", None)]
    withheld = [m for m in story.messages() if m.recipient == ""]
    assert {(m.state, m.reason) for m in withheld} == {("withheld", "nobody on the whole line has an address")}


def test_a_restricted_case_is_withheld_with_its_reason(record, tmp_path):
    story = Story(record, tmp_path)
    story.load("2026-06-01", DARREN)
    story.tick("2026-06-01")
    story.record_fact("restriction", "2026-06-02", restricted=True, reason="Handled outside this system.")
    story.tick("2026-06-12")
    with record.reading() as session:
        message = session.scalars(select(Message).join(Prompt).where(Prompt.rung == "-1 month")).one()
        assert (message.state, message.recipient) == ("withheld", OPAL)
        assert message.reason == RESTRICTED


def test_an_entry_that_has_ended_holds_no_role(record, tmp_path):
    ended = [{**row, "to": "2026-06-30"} if row["role"] == "coordinator" else row for row in DIRECTORY]
    story = story_with(record, tmp_path, ended, "2026-07-17")
    assert addressed(story, "prison_notice")[-1] == ("+5W", MONA, "coordinator_manager", "coordinator")


def test_the_units_own_coordinator_goes_before_the_areas(record, tmp_path):
    own = {
        "area": "London",
        "agency": "mappa_unit",
        "unit": "North",
        "role": "coordinator",
        "name": "Nora",
        "email": "nora@mappa.example",
    }
    story = story_with(record, tmp_path, [*DIRECTORY, own], "2026-07-17")
    assert addressed(story, "prison_notice")[-1][1] == "nora@mappa.example"


def test_the_smb_member_is_the_one_of_the_lead_agency(record, tmp_path):
    police = {"area": "London", "agency": "police", "role": "smb_member", "name": "Pat", "email": "pat@police.example"}
    story = story_with(record, tmp_path, [police, *DIRECTORY], "2026-09-25")
    assert ("+10W", SIMON, "smb_member", None) in addressed(story, "referral")


@pytest.mark.parametrize("roles", [("coordinator",), ("coordinator", "coordinator_manager")])
def test_the_line_goes_on_up_to_the_smb_chair(record, tmp_path, roles):
    story = story_with(record, tmp_path, without(*roles), "2026-07-17")
    _, recipient, role, stands_in_for = addressed(story, "prison_notice")[-1]
    assert stands_in_for == "coordinator"
    assert (recipient, role) == (
        (MONA, "coordinator_manager") if len(roles) == 1 else ("chris@smb.example", "smb_chair")
    )


def test_one_digest_a_recipient_a_working_day_and_what_comes_later_waits(record, tmp_path):
    """The digest of the day has left at eight; a case loaded at noon joins the next working day's."""
    story = story_with(record, tmp_path, DIRECTORY, "2026-08-12")
    with record.writing() as session:
        for message in session.scalars(select(Message)):
            message.state = "sent"
    story.load("2026-08-12", {**DARREN, "crn": "X320742"})
    story.tick("2026-08-12", hour=12)
    waiting = [m for m in story.messages() if m.state == "pending" and m.recipient == OLIVE]
    assert [m.not_before.isoformat() for m in waiting] == ["2026-08-13T07:00:00+00:00"]
    assert waiting[0].subject == "Referral due 12 September, LON-2026-000002"


def test_of_several_who_hold_a_role_the_newest_start_goes_first_and_none_last(record, tmp_path):
    """An empty start came first on SQLite and last on PostgreSQL: each database had a recipient of its own."""

    def coordinator(name: str, start: str) -> dict[str, str]:
        address = f"{name.lower()}@mappa.example"
        return {"area": "London", "agency": "mappa_unit", "role": "coordinator", "name": name, "email": address,
                "from": start}  # fmt: skip

    unit = [coordinator("Adam", ""), coordinator("Zoe", "2026-05-01"), coordinator("Yuri", "2026-02-01")]
    story = story_with(record, tmp_path, unit, "2026-08-12", offender_manager_email="", line_manager_email="")
    assert addressed(story, "referral") == [("-1 month", "zoe@mappa.example", "coordinator", "offender_manager")]
