"""Signing in: a code by e-mail, good once and for ten minutes; the same answer to everybody; sessions that end."""

import email
import re
from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import select

from models.desk import DeskSession, SignInCode
from tests.support.story import OLIVE, OPAL, Story, at
from tests.web.conftest import TODAY
from tests.web.visiting import Desk, Page
from web.access.codes import CODES_AN_ADDRESS, TRIES


def codes(desk: Desk) -> list[str]:
    """The codes in the mail, in no order."""
    found = []
    for path in desk.mail.glob("*.eml"):
        message = email.message_from_bytes(path.read_bytes())
        match = re.search(r"is (\d{6})\.", message.get_payload(decode=True).decode())  # type: ignore[union-attr]
        assert match, message
        found.append(match[1])
    return found


def asked(desk: Desk, address: str, onward: str = "/today") -> Page:
    page = desk.get(f"/sign-in?next={onward}")
    return desk.press(page, "", email=address)


def test_a_code_signs_in_and_leads_to_what_the_e_mail_asked_for(desk: Desk, story: Story) -> None:
    [owed] = story.timescales("prison_notice")
    page = desk.get(f"/answer/{owed.id}")
    assert page.path.startswith("/sign-in?next=")
    page = desk.press(page, "", email=" Opal@Prison.example ")
    [code] = codes(desk)
    page = desk.press(page, "", code=f"{code[:3]} {code[3:]}")
    # Straight to the form: nothing else answers it.
    assert page.path == f"/cases/LON-2026-000001/record/prison-notice?about={owed.id}"
    assert "This answers: Prison notice" in page.text


def test_a_code_is_good_once_for_one_browser_and_for_ten_minutes(desk: Desk) -> None:
    page = asked(desk, OPAL)
    [code] = codes(desk)
    secret = desk.client.cookies["desk_asked"]
    # Another browser, which has not asked, gets nowhere with it.
    desk.client.cookies.clear()
    assert desk.press(page, "", code=code).status == 400
    desk.client.cookies.set("desk_asked", secret)
    assert desk.press(page, "", code=code).status == 200
    desk.client.cookies.clear()
    desk.client.cookies.set("desk_asked", secret)
    assert desk.press(page, "", code=code).status == 400
    desk.client.cookies.clear()
    page = asked(desk, OLIVE)
    [late] = [one for one in codes(desk) if one != code]
    with time_machine.travel(at(TODAY, 10) + timedelta(minutes=10, seconds=1), tick=False):
        assert desk.press(page, "", code=late).status == 400


def test_five_wrong_codes_end_a_code_and_too_many_codes_are_refused(desk: Desk) -> None:
    page = asked(desk, OPAL)
    [code] = codes(desk)
    wrong = f"{(int(code) + 1) % 10**6:06}"
    for _ in range(TRIES):
        assert desk.press(page, "", code=wrong).status == 400
    assert desk.press(page, "", code=code).status == 400
    for _ in range(CODES_AN_ADDRESS - 1):
        assert asked(desk, OPAL).status == 200
    assert asked(desk, OPAL).status == 429
    assert len(codes(desk)) == CODES_AN_ADDRESS


def test_an_address_that_nobody_has_gets_the_same_answer_and_no_mail(desk: Desk) -> None:
    known, unknown = asked(desk, OPAL), asked(desk, "stranger@elsewhere.example")
    assert unknown.text.replace("stranger@elsewhere.example", OPAL) == known.text
    assert len(codes(desk)) == 1
    page = desk.press(unknown, "", code="000000")
    assert page.status == 400
    assert asked(desk, "no address at all").status == 400


def test_the_record_holds_nothing_that_signs_anybody_in(desk: Desk) -> None:
    page = asked(desk, OPAL)
    [code] = codes(desk)
    desk.press(page, "", code=code)
    with desk.record.reading() as session:
        [kept] = session.scalars(select(SignInCode))
        [row] = session.scalars(select(DeskSession))
    held = " ".join(str(value) for one in (kept, row) for value in vars(one).values())
    assert code not in held
    assert desk.client.cookies["desk"] not in held


@pytest.mark.parametrize(
    "onward", ["//evil.example/", "https://evil.example/", "/\\evil.example", "javascript:alert(1)"]
)
def test_nobody_is_sent_elsewhere_after_signing_in(desk: Desk, onward: str) -> None:
    page = asked(desk, OPAL, onward)
    [code] = codes(desk)
    assert desk.press(page, "", code=code).path == "/today"


@pytest.mark.parametrize("idle", [31, 12 * 60 + 1])
def test_a_session_ends_by_itself(desk: Desk, idle: int) -> None:
    desk.sign_in(OPAL, at(TODAY, 10))
    assert desk.get("/today").path == "/today"
    with time_machine.travel(at(TODAY, 10) + timedelta(minutes=idle), tick=False):
        assert desk.get("/today").path.startswith("/sign-in")


def test_a_session_is_over_after_twelve_hours_whatever_is_done(desk: Desk) -> None:
    desk.sign_in(OPAL, at(TODAY, 10))
    for minutes in range(20, 12 * 60, 20):
        with time_machine.travel(at(TODAY, 10) + timedelta(minutes=minutes), tick=False):
            assert desk.get("/today").path == "/today"
    with time_machine.travel(at(TODAY, 10) + timedelta(minutes=12 * 60 + 1), tick=False):
        assert desk.get("/today").path.startswith("/sign-in")


def test_one_sees_ones_own_sessions_and_ends_them_and_no_others(desk: Desk) -> None:
    desk.sign_in(OLIVE, at(TODAY, 10))
    with desk.record.reading() as session:
        [foreign] = session.scalars(select(DeskSession.id))
    desk.sign_in(OPAL, at(TODAY, 10))
    page = desk.get("/you")
    assert len(page.soup.select("main tbody tr")) == 1
    key = page.soup.select_one('input[name="form_key"]')["value"]  # type: ignore[index]
    assert desk.post("/sign-out", {"form_key": key, "session": str(foreign)}).status == 404
    assert desk.press(page, "").path == "/sign-in"
    assert desk.get("/today").path.startswith("/sign-in")


def test_whoever_leaves_the_directory_is_out_though_their_session_runs(desk: Desk, story: Story) -> None:
    from casework.loading import load_directory
    from tests.support.story import MEETING_DIRECTORY, write_csv

    desk.sign_in("adam@mappa.example", at(TODAY, 10))
    assert desk.get("/today").path == "/today"
    rows = [row | ({"to": "2026-09-20"} if row["name"] == "Adam" else {}) for row in MEETING_DIRECTORY]
    load_directory(story.record, write_csv(story.folder / "d2.csv", rows), as_at=at(TODAY, 9), actor="t")
    assert desk.get("/today").path.startswith("/sign-in")


def test_answers_carry_the_headers_that_hold_a_browser_back(desk: Desk) -> None:
    headers = desk.sign_in(OPAL, at(TODAY, 10)).client.get("/today").headers
    assert "default-src 'none'" in headers["content-security-policy"]
    assert "script" not in headers["content-security-policy"]
    assert (headers["x-frame-options"], headers["cache-control"]) == ("DENY", "no-store")
    assert (headers["referrer-policy"], headers["x-content-type-options"]) == ("same-origin", "nosniff")
    assert desk.client.get("/today", headers={"host": "evil.example"}).status_code == 400
    desk.client.cookies.clear()
    cookie = desk.client.post("/sign-in", data={"email": OPAL}).headers["set-cookie"].lower()
    assert "httponly" in cookie
    assert "samesite=lax" in cookie
