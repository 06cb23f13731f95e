"""From the record to what people read: an agency walked up to the SMB Chair; a meeting that moves and is cancelled."""

from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

import pytest
import vobject

from models.record import Record
from tasks import deliver
from tasks.stage import run_stage
from tests.casework.recording.test_attendance import AWAY, HOUSING, meet, open_case
from tests.support.opened import with_mail_in
from tests.support.story import CHRIS, DARREN, HANA, HOLLY, HUGO, MEETING_DIRECTORY, PRIYA, Story, at, form


class Mail:
    """A story whose messages are delivered to a folder, and read from there."""

    def __init__(self, story: Story, folder: Path) -> None:
        self.story, self.folder = story, folder

    def day(self, day: str, hour: int = 8) -> None:
        self.story.tick(day, hour)
        report = run_stage(self.story.record, deliver.STAGE, at(day, hour))
        assert not report.count("failed"), report.outcomes

    def to(self, address: str, *, about: str = "") -> list[EmailMessage]:
        """Return the mails to an address whose subject has some words, in the order sent."""
        mails = [message_from_bytes(p.read_bytes(), policy=policy.default) for p in self.folder.glob("*.eml")]
        found = [m for m in mails if m["To"] == address and about in m["Subject"]]
        return sorted(found, key=lambda m: m["Date"].datetime)


def text(mail: EmailMessage) -> str:
    part = mail.get_body(("plain",))
    assert part is not None
    return " ".join(part.get_content().split())


@pytest.fixture
def folder(tmp_path) -> Path:
    return tmp_path / "mail"


@pytest.fixture
def climbed(record: Record, tmp_path, folder) -> Mail:
    """Housing was invited to the meeting of 6 May, stayed away, and answered nothing that helps."""
    story = open_case(with_mail_in(record, folder), tmp_path, HOUSING)
    mail = Mail(story, folder)
    story.record_fact("meeting-plan", "2026-04-20", **form("meeting-plan", starts_at="2026-05-06T10:00"))
    mail.day("2026-04-20")
    meet(story, "2026-05-06", "2026-08-19", AWAY)
    for day in ("2026-05-06", "2026-05-13", "2026-05-20"):
        mail.day(day, hour=11)
    asked = {"agency": "housing", "by": "chair", "to": "senior_manager", "answer": "no_capacity"}
    story.record_fact("attendance-contact", "2026-05-21", **asked, note="Two posts are vacant.")
    mail.day("2026-05-27")
    mail.day("2026-05-28")
    return mail


def test_each_step_of_the_ladder_is_a_message_to_its_reader(climbed):
    [first] = climbed.to(HANA, about="absent")
    assert first["Subject"] == "Required agency absent, LON-2026-000001"
    assert "(housing, meeting 1), LON-2026-000001. Due Wednesday 13 May, in 7 days." in text(first)
    assert "You get this message as agency representative" in text(first)
    [second] = climbed.to(HUGO, about="absent")
    assert ", today." in text(second)
    assert "You get this message as senior manager" in text(second)
    # The report was due on 13 May, and on 20 May it is overdue.
    [third] = climbed.to(HOLLY, about="Overdue")
    assert "Overdue by 7 days: it was due on Wednesday 13 May." in text(third)
    assert "You get this message as SMB member" in text(third)


def test_the_letter_to_the_smb_chair_tells_which_meetings_what_was_tried_and_what_was_answered(climbed):
    [letter] = climbed.to(CHRIS, about="An agency missed a meeting")
    said = text(letter)
    for words in (
        "A required agency (housing) did not come to meeting 1 on LON-2026-000001 and has sent no report",
        "Meeting 1, Wednesday 6 May 2026, level 2: absent without apologies",
        "Wednesday 6 May 2026: e-mail to the agency representative",
        "Wednesday 13 May 2026: e-mail to the senior manager",
        "Wednesday 20 May 2026: e-mail to the SMB member",
        "Thursday 21 May 2026: the Chair asked the senior manager, about meeting 1: has nobody to send",
        "You get this message as SMB Chair",
    ):
        assert words in said
    html = letter.get_body(("html",)).get_content()
    assert html.count("<tr>") > 3
    for secret in ("Darren", "Invented", "X320741", "Two posts are vacant"):
        assert secret not in letter.as_string()


def test_after_the_report_nobody_is_written_to_about_it_any_more(climbed):
    """What else is stuck still goes to the SMB Chair: the plan (13 May), the minutes and their copy on ViSOR (20 May).

    So does what the level of Wed 8 April asks for: a record on ViSOR by Wed 22 April, the person told by Thu 7 May. And
    the message to neighbourhood policing, due on 13 January, the day after the release, before the case came.
    Their list is of Monday 1 June, the first of the month's weekly ones; the program was away until 10 June. July's
    is of Monday 6 July.
    """
    report = {"agency": "housing", "how": "report", "text": "A tenancy is offered from July."}
    climbed.story.record_fact("attendance-report", "2026-05-29", **report)
    for day in ("2026-05-29", "2026-06-10", "2026-07-01"):
        climbed.day(day)
    [letter] = [m for m in climbed.to(CHRIS) + climbed.to(HOLLY) if m["Date"].datetime > at("2026-05-29")]
    assert letter["To"] == CHRIS
    assert letter["Subject"].strip() == (
        "6 things are stuck, the oldest since 13 January: telling neighbourhood policing, LON-2026-000001"
    )
    assert letter["Date"].datetime == at("2026-06-10")
    said = text(letter)
    assert said.count("This should have reached you on Monday 1 June.") == 6
    assert "housing" not in said
    assert "absent" not in said


def event_of(mail: EmailMessage) -> tuple[str, vobject.base.Component]:
    """Return the method and the event of a mail, as another program's parser reads them."""
    [part] = [p for p in mail.walk() if p.get_content_type() == "text/calendar"]
    calendar = vobject.readOne(part.get_content())
    assert part.get_param("method") == calendar.method.value
    return calendar.method.value, calendar.vevent


@pytest.fixture
def planned(record: Record, tmp_path, folder) -> Mail:
    story = Story(with_mail_in(record, folder), tmp_path, MEETING_DIRECTORY)
    story.load("2026-06-01", DARREN | {"police_offender_manager": "Priya", "police_offender_manager_email": PRIYA})
    story.tick("2026-06-01")
    story.record_fact("level", "2026-09-18", level=2, reason="High risk; agencies must work together.")
    story.record_fact("meeting-plan", "2026-09-21", **form("meeting-plan"))
    mail = Mail(story, folder)
    mail.day("2026-09-21")
    return mail


def test_a_moved_and_a_cancelled_meeting_are_the_same_event_to_a_calendar_of_others(planned):
    # The move crosses the end of summer time: 14:00 on 28 October is 14:00 UTC, 10:00 on 14 October is 09:00 UTC.
    planned.story.record_fact("meeting-move", "2026-10-01", **form("meeting-move", starts_at="2026-10-28T14:00"))
    planned.day("2026-10-01")
    planned.story.record_fact("meeting-cancel", "2026-10-02", **form("meeting-cancel"))
    planned.day("2026-10-02")
    mails = planned.to(PRIYA, about="eeting on")
    (first, invited), (second, moved), (third, cancelled) = [event_of(mail) for mail in mails]
    assert (first, second, third) == ("REQUEST", "REQUEST", "CANCEL")
    assert invited.uid.value == moved.uid.value == cancelled.uid.value
    assert [int(e.sequence.value) for e in (invited, moved, cancelled)] == [0, 1, 2]
    assert [f"{e.dtstart.value.astimezone(at('2026-01-01').tzinfo):%m-%d %H:%M}" for e in (invited, moved)] == [
        "10-14 10:00",
        "10-28 14:00",
    ]
    assert invited.dtstart.value.utcoffset().total_seconds() == 3600
    assert moved.dtstart.value.utcoffset().total_seconds() == 0
    assert cancelled.status.value == "CANCELLED"
    for mail in mails:
        assert "X320741" not in mail.as_string()
        assert "Invented" not in mail.as_string()
