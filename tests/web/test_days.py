"""A day of those who do not stand in the life of a case: the SMB Chair, the operator, an outsider, an absent agency.

The days of the others (coordinator, administrator, offender manager, Chair, prison, an absent agency) are in
``test_a_whole_life``.
"""

from collections.abc import Iterator
from pathlib import Path

import pytest

from models.cases import Problem
from tests.casework.recording.test_attendance import AWAY, CORE, HOUSING, IN_THE_COMMUNITY
from tests.support.story import CHRIS, CORA, DARREN, HANA, at, form, minuted
from tests.web.at_work import NO_CHROMIUM, Office, enter, office

pytestmark = NO_CHROMIUM
REFERENCE = "LON-2026-000001"
CASE = f"/cases/{REFERENCE}"
OPS = "ops@agency.example"
# What a page must show to nobody who may not read the case.
OF_THE_PERSON = ("Invented", "Darren", "X320741", "1985")
NOTHING_TYPED = ("/today", "/due", "/cases", "/meetings", "/messages", "/problems", "/people", "/load", "/policy", CASE,
              f"{CASE}/history", f"{CASE}/record", "/answer/1")  # fmt: skip


@pytest.fixture(scope="module")
def work(tmp_path_factory: pytest.TempPathFactory, sqlite_template: Path) -> Iterator[Office]:
    """Housing was asked to the meeting of 6 May 2026, did not come, and has reported nothing since."""
    with office(tmp_path_factory.mktemp("days"), sqlite_template, "2026-04-01") as found:
        story = found.story
        story.load("2026-04-01", DARREN | IN_THE_COMMUNITY)
        found.morning("2026-04-01")
        story.record_fact("referral", "2026-04-02", **form("referral", agencies=[HOUSING], circumstances={}))
        screened = {"decision": "level_2", "thresholds": {"high_risk": True}}
        story.record_fact("screening", "2026-04-08", **form("screening", **screened))
        found.morning("2026-04-08")
        story.record_fact("meeting-plan", "2026-04-20", **form("meeting-plan", starts_at="2026-05-06T10:00"))
        found.morning("2026-04-20")
        story.record_fact("meeting", "2026-05-06", **minuted(*CORE, AWAY, next_on="2026-08-19", salt="May"))
        for day in ("2026-05-06", "2026-05-13", "2026-05-20", "2026-05-28"):
            found.morning(day)
        yield found


def test_the_smb_chair_reads_an_escalation_and_acts(work: Office) -> None:
    # Fifteen working days after 6 May, with the bank holiday of 25 May between, is 28 May.
    chris = work.person(CHRIS).answer("An agency missed a meeting")
    chris.sees("Report on a missed meeting, housing", "Contact about an absence")
    asked = {"agency": "housing", "by": "smb_chair", "to": "senior_manager", "answer": "will_report",
             "note": "Hugo sends a report tomorrow."}  # fmt: skip
    chris.record("attendance-contact", asked)
    chris.open("/today").sees("Report on a missed meeting")
    # They see what was escalated to them, and nothing else of the area.
    chris.open("/cases").sees(REFERENCE)
    for path in ("/messages", "/problems", "/load", "/people"):
        chris.open(path).sees("Your role does not open this page")


def test_whoever_was_away_reports_from_the_same_e_mail_weeks_later(work: Office) -> None:
    hana = work.person(HANA).answer("Required agency absent")
    hana.record("attendance-report", {"how": "report", "text": "A tenancy is offered from July; we come next time."})
    assert [state for _, state, _ in work.story.owed("attendance")] == ["met"]
    # The old link is no dead end once the thing is done.
    hana.answer("Required agency absent").sees("What the e-mail asked for is done")


def test_an_operator_sees_work_by_its_reference_and_no_name_on_any_page(work: Office) -> None:
    with work.record.writing() as session:
        session.add(Problem(
            stage="drive_case", subject="case 1", kind="failure", case_id=1, tries=1, answered_by=[],
            reason="It could not be read", first_seen_at=at("2026-05-28"),
            last_seen_at=at("2026-05-28")))  # fmt: skip
    ops = work.person(OPS).open("/problems").sees(REFERENCE, "It could not be read")
    for path in NOTHING_TYPED:
        ops.open(path).sees_nothing_of(*OF_THE_PERSON)


def test_an_outsider_gets_nowhere_and_is_told_nothing(work: Office) -> None:
    outsider = work.person("eve@elsewhere.example")
    known, unknown = work.person(CORA), []
    for worker in (known, outsider):
        worker.page.goto(f"{work.settings.desk.address}/sign-in")
        worker.page.locator("#email").fill(worker.email)
        enter(worker.page)
        unknown.append(worker.words.replace(worker.email, "ADDRESS"))
    # The same answer, whether the address is known or not; and a mail to the one alone.
    assert unknown[0] == unknown[1]
    assert not work.mails_to(outsider.email)
    for path in NOTHING_TYPED:
        outsider.page.goto(work.settings.desk.address + path)
        assert "/sign-in" in outsider.page.url, path
        outsider.sees_nothing_of(*OF_THE_PERSON)
