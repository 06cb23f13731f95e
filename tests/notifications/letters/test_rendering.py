"""What a message says: what is owed, on which case, by when, how late; and no name or number of a person."""

import re
import time
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from html.parser import HTMLParser
from typing import Any

import pytest

from notifications.letters.calendars import Event
from notifications.letters.letter import Attachment, Letter
from notifications.letters.lines import PromptLine
from notifications.letters.rendering import REPEAT, Envelope, enclosed_words, render, subject_for
from notifications.letters.subjects import Item, subject_of
from notifications.settings import MailSettings
from policy.kinds import KINDS
from policy.kinds.words import kind_words
from policy.roles import Role
from policy.words import days_left, long_date, role_name

AS_AT = datetime(2026, 7, 10, 7, 0, tzinfo=UTC)
TODAY = date(2026, 7, 10)


def line(**values: Any) -> PromptLine:
    defaults: dict[str, Any] = {
        "kind": "referral",
        "reference": "LON-2026-000123",
        "due_on": date(2026, 9, 12),
        "rung": "-2 weeks",
        "rung_on": TODAY,
        "late_by_days": 0,
        "weight": "reminder",
        "recipient_role": "offender_manager",
        "stands_in_for": None,
        "timescale_id": 1,
        "revision": 1,
    }
    return PromptLine(**(defaults | values))


def rendered(*lines: PromptLine, kind: str = "digest", repeat: bool = False, **values: Any) -> EmailMessage:
    envelope = Envelope(
        kind=kind,
        area="London",
        recipient="om@probation.example",
        recipient_name=values.pop("recipient_name", "Grace Hall"),
        subject=subject_for(kind, lines, TODAY),
        header_id="<m1@mappa.example>",
        as_at=AS_AT,
    )
    return render(envelope, lines, MailSettings(**values), repeat)


def bodies(message: EmailMessage) -> tuple[str, str]:
    """Return the plain text and what a reader sees of the HTML, each as one line."""
    arrived = message_from_bytes(message.as_bytes(), policy=policy.default)
    plain, html = (arrived.get_body((kind,)) for kind in ("plain", "html"))
    assert plain is not None
    assert html is not None
    return " ".join(plain.get_content().split()), seen(html.get_content())


def seen(html: str) -> str:
    parts: list[str] = []

    class Reader(HTMLParser):
        def handle_data(self, data: str) -> None:
            parts.append(data)

    Reader().feed(html.partition("<body")[2].join(("<body", "")))
    return " ".join(" ".join(parts).split())


def html_of(message: EmailMessage) -> str:
    part = message.get_body(("html",))
    assert part is not None
    return str(part.get_content())


def test_the_headers_are_those_of_an_automatic_message() -> None:
    message = rendered(line())
    assert dict(message.items()) | {"Content-Type": ""} == {
        "From": "MAPPA <mappa@localhost.example>",
        "To": "om@probation.example",
        "Subject": "Referral due 12 September, LON-2026-000123",
        "Date": "Fri, 10 Jul 2026 08:00:00 +0100",
        "Message-ID": "<m1@mappa.example>",
        "Auto-Submitted": "auto-generated",
        "X-Auto-Response-Suppress": "All",
        "MIME-Version": "1.0",
        "Content-Type": "",
    }
    assert [part.get_content_type() for part in message.walk()] == [
        "multipart/alternative",
        "text/plain",
        "text/html",
    ]
    assert {part.get_content_charset() for part in message.iter_parts()} == {"utf-8"}


def test_both_texts_say_what_is_owed_on_which_case_and_by_when() -> None:
    for body in bodies(rendered(line())):
        for words in (
            "Hello Grace Hall",
            "LON-2026-000123",
            "Referral (MAPPA A)",
            "Saturday 12 September",
            "n 64 days",
            "Complete the referral (MAPPA A)",
            "You get this message as offender manager in the MAPPA area London",
        ):
            assert words in body


def test_a_digest_has_a_group_for_each_kind_in_a_fixed_order_and_new_cases_last() -> None:
    message = rendered(
        line(kind="identification", rung="identified", timescale_id=5, reference="LON-2026-000126"),
        line(kind="identification", timescale_id=4),
        line(kind="level_setting", timescale_id=3),
        line(kind="prison_notice", timescale_id=2),
        line(kind="referral", timescale_id=1),
    )
    headings = re.findall(r"<h2[^>]*>(.*?)</h2>", html_of(message))
    assert headings == [
        "Referral (MAPPA A)",
        "Level to set",
        "Prison notice",
        "Identification",
        "New cases",
    ]
    plain, html = bodies(message)
    # Nothing is owed by the message that a case is new, so it names no date.
    assert plain.rpartition("NEW CASES")[2].count("due") == 0
    assert html.rpartition("New cases")[2].count("ue ") == 0


def test_rungs_of_one_timescale_are_one_row_that_says_which_were_late() -> None:
    message = rendered(
        line(rung="-1 month", rung_on=date(2026, 6, 12), late_by_days=28),
        line(rung="-2 weeks", rung_on=date(2026, 7, 9), late_by_days=1),
        line(rung="due", rung_on=TODAY),
    )
    told = "We should have reminded you on Friday 12 June and Thursday 9 July."
    for body in bodies(message):
        assert told in body
        assert body.count("LON-2026-000123") == 1


def test_another_revision_or_case_is_another_row() -> None:
    for body in bodies(rendered(line(), line(revision=2), line(timescale_id=2))):
        assert body.count("LON-2026-000123") == 3


@pytest.mark.parametrize(("late", "words"), [(1, "Thursday 9 July."), (12, "Sunday 28 June.")])
def test_a_late_prompt_says_when_it_should_have_come(late: int, words: str) -> None:
    for body in bodies(rendered(line(late_by_days=late, rung_on=TODAY - timedelta(days=late)))):
        assert f"This should have reached you on {words}" in body


def test_a_prompt_on_time_does_not_speak_of_lateness() -> None:
    for body in bodies(rendered(line())):
        assert "late" not in body
        assert "should have" not in body


def test_who_stands_in_is_told_for_whom() -> None:
    for body in bodies(rendered(line(stands_in_for="offender_manager", recipient_role="line_manager"))):
        assert "We have no e-mail address for the offender manager, so we are asking you." in body


def test_an_escalation_tells_what_is_overdue_and_asks_to_see_to_it() -> None:
    message = rendered(line(rung="+1W", due_on=date(2026, 7, 9), recipient_role="line_manager"), kind="escalation")
    for body in bodies(message):
        assert "verdue by 1 day" in body
        assert "Make sure the offender manager refers the case" in body
        assert "as line manager" in body


@pytest.mark.parametrize("kind", ["digest", "escalation"])
def test_only_a_message_whose_earlier_sending_is_in_doubt_says_that_it_may_be_a_repeat(kind: str) -> None:
    assert all(REPEAT in body for body in bodies(rendered(line(), kind=kind, repeat=True)))
    assert not any(REPEAT in body for body in bodies(rendered(line(), kind=kind)))


def test_links_need_the_address_of_the_desk() -> None:
    link = f"https://mappa.example/answer/{line().timescale_id}"
    plain, html = (part.get_content() for part in rendered(line(), desk_url="https://mappa.example/").iter_parts())
    assert link in plain
    assert f'href="{link}"' in html
    assert all("http" not in body and "href" not in body for body in bodies(rendered(line())))


def test_a_name_that_looks_like_html_stays_a_name() -> None:
    html = html_of(rendered(line(), recipient_name='<b>"O\'Neil" & Söhne</b>'))
    assert "<b>" not in html
    assert "&lt;b&gt;" in html


def test_words_outside_ascii_arrive() -> None:
    message = rendered(line(), recipient_name="Siân Ó Briain, Łódź")
    assert message.as_bytes().isascii()
    assert all("Siân Ó Briain, Łódź" in body for body in bodies(message))


NOTIFY = {
    "transport": "notify", "allowed_domains": "probation.example", "notify_template_id": "d7a3f2c1",
    "notify_api_key": "m-5e1b6c1a-7d5a-4b0e-9a44-0a5c1f0d2b3c-0f9a7c52-3b1d-4c6e-8f2a-6d4b1e7a9c05",
}  # fmt: skip
FORM = Letter(attachments=(Attachment("form.txt", "text/plain", b"A form"),), enclosed="We attach the form.")


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({}, "We attach the form."),
        (NOTIFY, "This e-mail cannot carry files. Ask the MAPPA unit for them."),
        (NOTIFY | {"desk_url": "https://mappa.example"}, "This e-mail cannot carry files. You find them on the desk."),
    ],
)
def test_what_a_way_out_cannot_carry_stays_here_and_the_message_says_so(values: dict[str, str], words: str) -> None:
    envelope = Envelope("digest", "London", "om@probation.example", "Grace", "1 thing", "<m1@mappa.example>", AS_AT)
    message = render(envelope, [line()], MailSettings(**values), letter=FORM)
    assert words in bodies(message)[0]
    assert [part.get_filename() for part in message.iter_attachments()] == ([] if values else ["form.txt"])


def test_a_meeting_that_cannot_travel_as_an_event_is_to_be_put_into_the_calendar_by_hand() -> None:
    event = Event("REQUEST", "u1", 0, AS_AT, AS_AT, 60, "Room 3", "LON-2026-000123", 2)
    assert enclosed_words(Letter(event=event, enclosed="Open the file."), MailSettings(**NOTIFY)) == (
        "Please put this into your calendar yourself: this e-mail cannot carry a calendar event or files. "
        "Ask the MAPPA unit for them."
    )
    assert enclosed_words(Letter(), MailSettings(**NOTIFY)) == ""


def test_a_line_break_cannot_add_a_header() -> None:
    envelope = Envelope("digest", "London", "om@probation.example", None, "One\r\nBcc: x@y.example", "<m@x>", AS_AT)
    with pytest.raises(ValueError, match="linefeed"):
        render(envelope, [line()], MailSettings())


def test_the_same_message_is_the_same_bytes() -> None:
    assert rendered(line()).as_bytes() == rendered(line()).as_bytes()


def test_every_line_fits_into_smtp() -> None:
    lines = [line(timescale_id=i, reference=f"LON-2026-{i:06d}") for i in range(200)]
    content = rendered(*lines, recipient_name="x" * 120, desk_url="https://mappa.example").as_bytes()
    assert max(map(len, content.split(b"\r\n"))) <= 998


def test_the_html_can_be_read_by_everyone() -> None:
    html = html_of(rendered(line(), line(kind="level_setting", timescale_id=2)))
    assert '<html lang="en-GB"' in html
    assert "<title>1 referral and 1 level decision to do, first by 12 September</title>" in html
    assert "<img" not in html
    sizes = {int(size) for size in re.findall(r"font-size: (\d+)px", html)}
    assert min(sizes) >= 16
    tables = re.findall(r"<table[^>]*>", html)
    assert all('role="presentation"' in table or "aria-label=" in table for table in tables)
    assert html.count('scope="col"') == 6
    assert html.count('scope="row"') == 2


class TestSubjects:
    def test_a_digest_names_the_one_thing_to_do_or_counts_them(self) -> None:
        assert digest(line()) == "Referral due 12 September, LON-2026-000123"
        assert digest(line(due_on=date(2027, 9, 12))) == "Referral due 12 September 2027, LON-2026-000123"
        assert digest(line(due_on=date(2026, 7, 9))) == "Referral was due 9 July, LON-2026-000123"
        level = line(kind="level_setting", timescale_id=2, due_on=date(2026, 9, 20))
        assert digest(level, line()) == "1 referral and 1 level decision to do, first by 12 September"
        late = line(kind="prison_notice", timescale_id=3, due_on=date(2026, 7, 9))
        assert digest(level, line(), late) == "1 prison notice, 1 referral and 1 level decision to do, 1 overdue"

    def test_a_digest_counts_each_kind_and_names_the_first_few(self) -> None:
        kinds = ["referral", "referral", "referral", "minutes", "visor_posting", "action"]
        lines = [line(kind=kind, timescale_id=number) for number, kind in enumerate(kinds)]
        late = [replace(one, due_on=date(2026, 7, 9)) for one in lines[:2]]
        assert digest(*late, *lines[2:4]) == "3 referrals and 1 set of minutes to do, 2 overdue"
        assert digest(*lines) == "3 referrals, 1 action, 1 set of minutes and 1 more to do, first by 12 September"

    def test_several_rungs_of_one_timescale_are_one_thing(self) -> None:
        assert digest(line(), line(rung="-1 month")) == digest(line())

    def test_an_invitee_is_reminded_of_the_meeting_and_not_of_its_record(self) -> None:
        invited = line(kind="meeting", recipient_role="invitee")
        other = replace(invited, timescale_id=2, due_on=date(2026, 9, 14))
        assert digest(invited) == "Meeting on 12 September, LON-2026-000123"
        assert digest(other, invited) == "2 meetings, first on 12 September"
        assert digest(other, line()) == (
            "Referral due 12 September, LON-2026-000123; meeting on 14 September, LON-2026-000123"
        )
        assert digest(replace(invited, recipient_role="administrator")).startswith("Record of a meeting due")

    def test_a_digest_that_only_informs_says_so(self) -> None:
        new = [line(kind="identification", rung="identified", timescale_id=number) for number in (5, 6)]
        assert digest(new[0]) == "New case, LON-2026-000123"
        assert digest(*new) == "2 new cases"
        assert digest(line(), new[0]) == "Referral due 12 September, LON-2026-000123; 1 new case"
        final = line(kind="minutes", rung="final", timescale_id=7)
        assert digest(final) == "Final minutes, LON-2026-000123"
        assert digest(final, *new) == "1 set of final minutes and 2 new cases"

    def test_a_digest_of_minutes_is_not_called_one_of_new_cases(self) -> None:
        new, final = line(kind="identification", rung="identified"), line(kind="minutes", rung="final", timescale_id=7)
        for lines, words in (
            ([final], "There is one set of final minutes."),
            ([new, final], "There is one new case and one set of final minutes."),
            ([line(timescale_id=9), new], "You have one thing to do. There is also one new case."),
        ):
            assert all(words in body for body in bodies(rendered(*lines)))

    def test_no_subject_is_longer_than_its_column(self) -> None:
        long = subject_of("digest", [Item(1, "x" * 100 + " " + "y" * 150, "LON-2026-000123", TODAY)], TODAY)
        assert len(long) <= 200
        assert long.endswith("x ...")

    def test_an_escalation_names_the_one_thing_or_counts_them(self) -> None:
        was = date(2026, 7, 9)
        one = [line(due_on=was), line(rung="+1W", due_on=was)]
        assert subject_for("escalation", one, TODAY) == "Overdue: referral, LON-2026-000123"
        assert subject_for("escalation", [line(due_on=TODAY)], TODAY) == (
            "Needs you now: referral due 10 July, LON-2026-000123"
        )
        others = [
            line(kind="level_setting", timescale_id=2, due_on=was),
            line(reference="LON-2026-000124", timescale_id=3, due_on=was),
        ]
        assert subject_for("escalation", [*one, *others], TODAY) == "3 overdue: referrals, level decision"


def digest(*lines: PromptLine) -> str:
    return subject_for("digest", lines, TODAY)


@pytest.mark.parametrize(
    ("due_on", "words"),
    [
        (TODAY, "today"),
        (TODAY + timedelta(days=1), "tomorrow"),
        (TODAY + timedelta(days=64), "in 64 days"),
        (TODAY - timedelta(days=1), "overdue by 1 day"),
        (TODAY - timedelta(days=30), "overdue by 30 days"),
    ],
)
def test_how_a_due_date_stands(due_on: date, words: str) -> None:
    assert days_left(due_on, TODAY) == words


def test_a_date_is_written_out() -> None:
    assert long_date(date(2026, 9, 12)) == "Saturday 12 September 2026"


def test_every_kind_and_role_has_words_of_its_own() -> None:
    assert all(kind_words(kind).to_do for kind in KINDS)
    assert all(role_name(role) for role in Role)


def test_a_kind_of_a_later_version_still_renders() -> None:
    for body in bodies(rendered(line(kind="tagging_review"))):
        assert "Tagging review" in body


def test_ten_thousand_messages_take_well_under_half_a_minute() -> None:
    lines = [line(timescale_id=i, reference=f"LON-2026-{i:06d}") for i in range(5)]
    settings = MailSettings()

    def one(number: int) -> None:
        recipient, subject = f"om{number}@probation.example", subject_for("digest", lines, TODAY)
        envelope = Envelope("digest", "London", recipient, "Grace Hall", subject, f"<{number}@x.example>", AS_AT)
        render(envelope, lines, settings).as_bytes()

    one(0)
    begun = time.process_time()
    for number in range(500):
        one(number)
    assert (time.process_time() - begun) * 20 < 30
