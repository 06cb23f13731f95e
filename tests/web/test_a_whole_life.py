"""The whole life of one case at the desk, from the file of a court to its closure, without one command.

Each step is taken by whoever owes it, from the e-mail that asks for it or from their list, in Chromium without scripts.
The days come from the rules: eight months and six before release, sixteen weeks between meetings, twelve weeks and the
last day of the sentence. By commands the same life took 86 of them, 40 files and 844 lines typed.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.support.story import (
    ADAM,
    CLARE,
    CORA,
    DARREN,
    OLIVE,
    OPAL,
    PRIYA,
    RUTH,
    VERA,
    attended,
    form,
    minuted,
    write_csv,
)
from tests.web.at_work import NO_CHROMIUM, Office, Worker, office
from web.desk.room.steps import steps_at

pytestmark = [NO_CHROMIUM, pytest.mark.slow]
CASE = "/cases/LON-2026-000001"
# The licence ends four months after the release.
ROW = DARREN | {
    "licence_expiry_date": "2027-07-12", "police_offender_manager": "Priya", "police_offender_manager_email": PRIYA,
}  # fmt: skip
MOST_CLICKS, MOST_WORDS = 280, 2000


@pytest.fixture
def work(tmp_path: Path, sqlite_template: Path) -> Iterator[Office]:
    with office(tmp_path, sqlite_template, "2026-06-01") as found:
        yield found


def test_a_case_from_the_file_to_its_closure(work: Office, tmp_path: Path) -> None:
    the_file_comes_from_court(work, tmp_path)
    the_prison_gives_notice(work)
    the_referral_is_sent_back_and_completed(work)
    the_coordinator_screens_and_books_a_meeting(work)
    the_first_meeting_is_recorded(work)
    the_absent_agency_answers_from_its_e_mail(work)
    minutes_and_plan(work, 1, "2026-09-16", {})
    later_meeting(work, "2026-12-16", "2027-04-06", level=2, salt="December")
    minutes_and_plan(work, 2, "2026-12-17", {"supervision": "Twice a week in March, then weekly until the summer."})
    the_prison_confirms_the_release(work)
    the_victim_is_told_and_the_plan_is_looked_at_again(work)
    later_meeting(work, "2027-04-06", None, level=1, salt="April")
    minutes_and_plan(work, 3, "2027-04-07", {"supervision": "Every two weeks; the tag came off on 1 April."})
    the_sentence_ends(work)
    assert work.story.case().closed_on is not None
    assert work.effort.clicks <= MOST_CLICKS, work.effort
    assert work.effort.words <= MOST_WORDS, work.effort


def the_file_comes_from_court(work: Office, folder: Path) -> None:
    cora = work.person(CORA).open("/load")
    cora.attach("file", write_csv(folder / "from-court.csv", [ROW]))
    cora.click("Load it").sees("1 row read, 1 new")
    work.morning("2026-06-01")


def the_prison_gives_notice(work: Office) -> None:
    # Eight months before 12 March 2027 is 12 July 2026.
    work.morning("2026-06-12")
    work.morning("2026-07-10")
    opal = work.person(OPAL).answer("Prison notice")
    opal.record("prison-notice", {"contact": "Opal Example, 020 7946 0999"})
    assert work.story.owed("prison_notice") == [("2026-07-12", "met", "2026-07-10")]


def the_referral_is_sent_back_and_completed(work: Office) -> None:
    # Six months before release is 12 September; the first reminder goes out a month before.
    work.morning("2026-08-12")
    hasty = form("referral", added_value="See above", countersigned_by="Lionel Example", countersigned_on="2026-08-11")
    hasty["risk_assessment"]["on"] = "2026-08-01"
    hasty["date"] = "2026-08-12"
    olive = work.person(OLIVE).answer("Referral")
    olive.fill("referral", hasty).click("Save and finish later").sees("Your drafts")
    olive.click("Referral (MAPPA A)").click("Record").sees("incomplete and sent back")
    assert work.story.owed("referral") == [("2026-09-12", "open", None)]
    work.morning("2026-08-13")
    # What was given stands in the form already: only what is missing is typed, and signed again.
    signed = {"countersigned_by": "Lionel Example", "countersigned_on": "2026-08-13"}
    olive = work.person(OLIVE).answer("sent back")
    olive.record("referral", {"added_value": form("referral")["added_value"], **signed})
    assert work.story.owed("referral") == [("2026-09-12", "met", "2026-08-13")]


def the_coordinator_screens_and_books_a_meeting(work: Office) -> None:
    work.morning("2026-08-14")
    cora = work.person(CORA).answer("Screening")
    cora.record("screening", form("screening") | {"date": "2026-08-14"}).sees("level 2")
    cora.takes_up("First meeting").record("meeting-plan", form("meeting-plan") | {
        "date": "2026-08-14", "starts_at": "2026-09-09T10:00"})  # fmt: skip
    work.morning("2026-08-17")
    assert work.mails_to(RUTH, "Meeting on Wednesday 9 September")


def the_first_meeting_is_recorded(work: Office) -> None:
    work.morning("2026-09-09")
    hold(work, level=2, absent="childrens_social_care", next_on="2026-12-16")
    # 20 working days after 14 August is 14 September: a bank holiday lies between.
    assert work.story.owed("first_meeting") == [("2026-09-14", "met", "2026-09-09")]


def the_absent_agency_answers_from_its_e_mail(work: Office) -> None:
    work.morning("2026-09-10")
    ruth = work.person(RUTH).answer("Required agency absent")
    ruth.record("attendance-report", {
        "agency": "childrens_social_care", "how": "report",
        "text": "The nephew has a social worker, who visits each month; no contact is planned."})  # fmt: skip
    assert [state for _, state, _ in work.story.owed("attendance")] == ["met"]


def minutes_and_plan(work: Office, meeting: int, day: str, changes: dict[str, Any]) -> None:
    """The administrator drafts, the Chair approves; the minutes are final and on ViSOR, and the plan follows."""
    work.morning(day)
    work.person(ADAM).takes_up(f"Minutes, meeting {meeting}", "/due").record("minutes", {"step": "draft"})
    work.person(CLARE).open(f"{CASE}/record/minutes").record("minutes", {"step": "approve", "by": "Clare Example"})
    work.person(ADAM).takes_up(f"Minutes, meeting {meeting}", "/due").record("minutes", {"step": "final"})
    work.person(PRIYA).open(f"{CASE}/record/visor-posting").record("visor-posting", {"meeting": meeting})
    plan = {name: value for name, value in form("plan").items() if name not in ("by", "agency")}
    olive = work.person(OLIVE).takes_up("Risk management plan", "/due")
    if not changes:
        olive.record("plan", plan)
    else:
        # What stands as it did last time is asked for, part by part: who knows that it is still true?
        olive.fill("plan", plan | changes).click("Record").sees("who knows that they are still true")
        asked = olive.how_many("carried_forward")
        assert asked > 3
        for place in range(asked):
            olive.type(olive.named(f"carried_forward.{place}.because"), "I saw him on Monday, and asked the others.")
        olive.sees("Carried forward: Contingency").click("Record").sees("Recorded")
    for kind in ("minutes", "visor_posting", "plan_update"):
        assert work.story.owed(kind)[-1][1] == "met", kind


def later_meeting(work: Office, day: str, next_on: str | None, *, level: int, salt: str) -> None:
    work.morning(day)
    hold(work, level=level, absent="", next_on=next_on, salt=salt)


def the_prison_confirms_the_release(work: Office) -> None:
    work.morning("2027-03-12")
    opal = work.person(OPAL).answer("Release")
    opal.record("custody-event", {"what": "He left at nine, to approved premises."})
    assert work.story.owed("release") == [("2027-03-12", "met", "2027-03-12")]
    assert work.story.case().location == "community"


def the_victim_is_told_and_the_plan_is_looked_at_again(work: Office) -> None:
    work.morning("2027-03-15")
    told = form("victim-update") | {"date": "2027-03-15"}
    vera = work.person(VERA).answer("ictim")
    vera.record("victim-update", {name: told[name] for name in told if name not in ("by", "event")})
    olive = work.person(OLIVE).takes_up("Review of an event", "/due")
    review = form("event-review")
    olive.record("event-review", {name: review[name] for name in review if name not in ("by", "event")})


def the_sentence_ends(work: Office) -> None:
    # The exit plan is due twelve weeks before the licence ends on 12 July.
    work.morning("2027-04-19")
    plan = {name: value for name, value in form("exit-plan").items() if name not in ("by", "ends_on")}
    work.person(OLIVE).answer("Exit plan").record("exit-plan", plan)
    work.morning("2027-07-12")
    check = {name: value for name, value in form("end-of-sentence-check").items() if name not in ("by", "ends_on")}
    cora = work.person(CORA).answer("End-of-sentence")
    cora.record("end-of-sentence-check", check)


def hold(work: Office, *, level: int, absent: str, next_on: str | None, salt: str = "") -> None:
    """The administrator keeps the record in the room, step by step; who came is known from the invitations."""
    adam = work.person(ADAM).takes_up("Meeting, number", "/due").chooses("meeting").click("2. Who is here")
    record = minuted(*lines(adam, absent), level=level, next_on=next_on, salt=salt)
    adam.click("Agenda").click("1. Confidentiality")
    for step in steps_at(2):
        adam.sees(step.title)
        adam.fill("meeting", {name: record[name] for name in step.fields if name in record})
        for part in step.parts:
            if words := words_of(record, part):
                adam.writes(part, words)
        adam.click("Save and continue" if step is not steps_at(2)[-1] else "Save and go to the agenda")
    adam.click("Check before closing")
    adam.click("Close the meeting").sees("Recorded")


def lines(adam: Worker, absent: str) -> list[dict[str, Any]]:
    """The lines of the grid, one for each who must come or was invited."""
    rows = []
    for place in range(adam.how_many("attendance")):
        agency = str(adam.page.locator(f'main [name="attendance.{place}.agency"]').first.input_value())
        name = adam.named(f"attendance.{place}.name").input_value() or "Somebody Example"
        rows.append(attended(agency, name, "absent" if agency == absent else "attended"))
    return rows


def words_of(record: dict[str, Any], part: str) -> str:
    """What the record says in a part, such as ``plan.supervision``; "" where it says nothing."""
    found: Any = record
    for name in part.split("."):
        found = (found or {}).get(name)
    return str(found or "")
