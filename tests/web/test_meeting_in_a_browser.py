"""A meeting in a real browser: by keyboard and without a script, its pages for everybody, on a small screen too."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
import time_machine
from playwright.sync_api import Browser, Page
from sqlalchemy import select

from models.cases import Draft
from service.desk import Desk as Served
from service.settings import Settings
from tests.support.opened import opened
from tests.support.story import ADAM, CLARE, MEETING_DIRECTORY, Story, at
from tests.web.at_work import NO_CHROMIUM, enter, follow, settings_for, tab_to
from tests.web.meeting_room import CASE, SECOND, with_meeting
from tests.web.test_in_a_browser import SMALL, browser, faults
from tests.web.test_room import first
from web.access import sessions
from web.desk.room.steps import steps_at

__all__ = ["browser"]
pytestmark = NO_CHROMIUM
ROOM = f"/cases/{CASE}/meetings/2/room"


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory, sqlite_template: Path) -> Iterator[tuple[Settings, Story]]:
    """The desk at an address, on the day of Darren's second meeting; the minutes of the first have two versions."""
    folder = tmp_path_factory.mktemp("meeting")
    url = f"sqlite:///{folder}/record.db"
    shutil.copy(sqlite_template, folder / "record.db")
    with time_machine.travel(at(SECOND, 10), tick=True):
        story = with_meeting(Story(opened(url), folder, MEETING_DIRECTORY))
        story.record_fact("meeting", "2026-10-14", **first())
        story.tick(SECOND)
        for version in (1, 2):
            story.record_fact("minutes", SECOND, meeting=1, step="draft", by="Adam", version=version)
        settings = settings_for(url, folder / "mail")
        desk = Served(story.record, settings)
        desk.start()
        yield settings, story
        desk.stop()


def page_of(browser: Browser, served: tuple[Settings, Story], email: str, **more: object) -> Page:
    settings, story = served
    with story.record.writing() as session:
        token = sessions.begin(session, email, email.partition("@")[0].title(), "code", "test", at(SECOND, 10))
    context = browser.new_context(base_url=settings.desk.address, **more)  # type: ignore[arg-type]
    context.add_cookies([{"name": "desk", "value": token, "url": settings.desk.address}])
    return context.new_page()


def looked_at(page: Page, path: str) -> list[str]:
    """What is wrong with a page, by the rules that a program can check, or because it is too wide."""
    page.goto(path)
    wide = page.evaluate("document.scrollingElement.scrollWidth")
    return faults(page) + ([f"it is {wide} pixels wide"] if wide > SMALL["width"] else [])


def test_a_step_is_typed_by_keyboard_alone_and_without_a_script(
    browser: Browser, served: tuple[Settings, Story]
) -> None:
    _, story = served
    page = page_of(browser, served, ADAM, java_script_enabled=False)
    page.goto(f"{ROOM}/confidentiality")
    tab_to(page, "f-confidentiality-declared")
    page.keyboard.press("Space")
    enter(page)
    # The next of the agenda: somebody is added, and the field to type in has the focus.
    assert page.url.endswith(f"{ROOM}/attendance?saved=confidentiality")
    assert "Saved: Confidentiality." in page.locator("main").inner_text()
    tab_to(page, "f-attendance-0-status")
    page.keyboard.type("Came")
    # In a choice the Enter key opens it: back to the field before.
    page.keyboard.press("Shift+Tab")
    enter(page)
    # What was said is right, and the rest is to be mended; nobody is held up.
    assert page.url.endswith(f"{ROOM}/earlier-actions?saved=attendance")
    page.goto(f"{ROOM}/plan")
    tab_to(page, "p-plan-supervision")
    page.keyboard.press("Space")
    tab_to(page, "p-plan-supervision-by")
    page.keyboard.type("Olive Example")
    page.keyboard.press("Tab")
    page.keyboard.type("I saw him weekly until 20 January.")
    enter(page)
    assert page.url.endswith(f"{ROOM}/level?saved=plan")
    with story.record.reading() as session:
        [draft] = session.scalars(select(Draft).where(Draft.ticket.like("room-%")))
        assert draft.data["confidentiality"] == {"declared": True, "by": "Clare Example"}
        assert draft.data["attendance"][0]["status"] == "attended"
        assert draft.data["carried_forward"]["plan.supervision"] == {
            "confirmed_by": "Olive Example", "because": "I saw him weekly until 20 January.",
        }  # fmt: skip


def test_what_belongs_to_an_answer_shows_with_it(browser: Browser, served: tuple[Settings, Story]) -> None:
    page = page_of(browser, served, ADAM, java_script_enabled=False)
    page.goto(f"{ROOM}/plan")
    assert not page.locator("#p-plan-contingency-text").is_visible()
    page.check("#p-plan-contingency-changed")
    assert page.locator("#p-plan-contingency-text").is_visible()
    page.check("#p-plan-contingency-struck")
    assert not page.locator("#p-plan-contingency-text").is_visible()
    assert page.locator("#p-plan-contingency-why").is_visible()


def test_no_page_of_a_meeting_shuts_anybody_out(browser: Browser, served: tuple[Settings, Story]) -> None:
    page = page_of(browser, served, ADAM, viewport=SMALL)
    minutes = f"/cases/{CASE}/meetings/1/minutes"
    paths = [
        "/meetings", "/meetings?show=month&month=2027-01", "/meetings?show=month&month=2031-01", "/meetings?show=held",
        "/meetings?level=3", minutes, f"{minutes}/compare", "/you/calendar", f"/cases/{CASE}/meetings", ROOM,
        f"{ROOM}/check", *(f"{ROOM}/{step.name}" for step in steps_at(2)),
    ]  # fmt: skip
    wrong = {path: looked_at(page, path) for path in paths}
    # Each step saved as it stands, wrong as it is: the pages with their errors.
    for step in steps_at(2):
        page.goto(f"{ROOM}/{step.name}")
        follow(page, page.get_by_role("button", name="Save and go to the agenda"))
        wrong[f"{step.name}, saved"] = looked_at(page, f"{ROOM}/{step.name}")
    for path in (ROOM, f"{ROOM}/check"):
        wrong[f"{path}, full"] = looked_at(page, path)
    follow(page, page.get_by_role("button", name="Close the meeting"))
    assert page.title().startswith("Error: ")
    wrong["refused"] = faults(page)
    page.goto(f"{ROOM}/actions")
    follow(page, page.get_by_role("button", name="Add an action"))
    assert page.locator("*:focus").get_attribute("id") == "f-actions-0-text"
    wrong["an action"] = faults(page)
    page.goto("/you/calendar")
    follow(page, page.get_by_role("button", name="Make an address"))
    wrong["calendar"] = faults(page)
    clares = page_of(browser, served, CLARE, viewport=SMALL)
    wrong["looking on"] = looked_at(clares, ROOM)
    assert "Adam is recording this meeting" in clares.locator("main").inner_text()
    assert {where: found for where, found in wrong.items() if found} == {}
