"""The desk in a real browser: for everybody, by keyboard alone, without a script, on a small screen.

It needs a Chromium on the machine, and says so where there is none.
"""

import re
import shutil
from collections.abc import Iterator
from email import message_from_bytes
from pathlib import Path
from time import sleep

import pytest
import time_machine
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

from service.desk import Desk as Served
from service.settings import Settings
from tests.support.opened import opened
from tests.support.story import CORA, DARREN, MEETING_DIRECTORY, OPAL, Story, at
from tests.web.at_work import NO_CHROMIUM, chromium, enter, follow, settings_for, tab_to
from tests.web.conftest import TODAY
from tests.web.test_rights import FILLED
from web.access import sessions
from web.desk import PAGES

pytestmark = NO_CHROMIUM
CASE = "LON-2026-000001"
SMALL = {"width": 320, "height": 700}
# Documents for printing carry the style of the paper.
PAPER = ("papers", "minutes", ".csv")


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory, sqlite_template: Path) -> Iterator[tuple[Settings, Story]]:
    """The desk at an address, over Darren's record, on a Monday at ten."""
    folder = tmp_path_factory.mktemp("browser")
    url = f"sqlite:///{folder}/record.db"
    shutil.copy(sqlite_template, folder / "record.db")
    with time_machine.travel(at(TODAY, 10), tick=True):
        story = Story(opened(url), folder, MEETING_DIRECTORY)
        story.load("2026-06-01", DARREN)
        story.tick("2026-06-01")
        story.tick(TODAY)
        settings = settings_for(url, folder / "mail")
        desk = Served(story.record, settings)
        desk.start()
        yield settings, story
        desk.stop()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as found:
        yield found


def signed_in(browser: Browser, served: tuple[Settings, Story], email: str, **more: object) -> Page:
    settings, story = served
    with story.record.writing() as session:
        token = sessions.begin(session, email, email, "code", "test", at(TODAY, 10))
    context = browser.new_context(**more)  # type: ignore[arg-type]
    context.add_cookies([{"name": "desk", "value": token, "url": settings.desk.address}])
    page = context.new_page()
    page.goto(settings.desk.address)
    return page


def addresses() -> list[str]:
    """Every page that can be opened, with the case of the story; every form of one kind stands for its like."""
    found = []
    for page in PAGES:
        if page.method == "GET" and page.path not in ("/", "/sign-in") and not page.path.endswith(PAPER):
            path = page.path
            for name, value in FILLED.items():
                path = path.replace(name, value)
            found.append(path)
    forms = [f"/cases/{CASE}/record/{kind}" for kind in ("referral", "meeting", "screening", "plan", "restriction")]
    return [*found, *forms, "/sign-in", "/cases?q=nobody+has+this+name", "/messages?state=dead", "/no/such/page"]


def faults(page: Page) -> list[str]:
    return [f"{one['id']}: {one['nodes'][0]['html'][:100]}" for one in Axe().run(page).response["violations"]]


def test_no_page_shuts_anybody_out(browser: Browser, served: tuple[Settings, Story]) -> None:
    """Every page by the rules of WCAG that a program can check, and none wider than a small screen."""
    settings, _ = served
    page = signed_in(browser, served, CORA, viewport=SMALL)
    wrong = {}
    for path in addresses():
        page.goto(settings.desk.address + path)
        wide = page.evaluate("document.scrollingElement.scrollWidth")
        found = faults(page) + ([f"it is {wide} pixels wide"] if wide > SMALL["width"] else [])
        if found:
            wrong[path] = found
    assert wrong == {}
    # A form that was refused.
    page.goto(f"{settings.desk.address}/cases/{CASE}/record/screening")
    follow(page, page.get_by_role("button", name="Record", exact=True).last)
    assert page.title().startswith("Error: ")
    assert faults(page) == []


def test_a_prompt_is_answered_by_keyboard_alone_and_without_a_script(
    browser: Browser, served: tuple[Settings, Story]
) -> None:
    settings, story = served
    [owed] = story.timescales("prison_notice")
    page = browser.new_context(java_script_enabled=False).new_page()
    page.goto(f"{settings.desk.address}/answer/{owed.id}")
    tab_to(page, "email")
    page.keyboard.type(OPAL)
    enter(page)
    code = code_in(settings.mail.mail_folder)
    tab_to(page, "code")
    page.keyboard.type(code)
    enter(page)
    assert page.title().startswith("Prison notice, ")
    tab_to(page, "f-contact")
    page.keyboard.type("Opal Example, 020 7946 0999")
    enter(page)
    assert "Recorded" in page.locator("main").inner_text()
    [met] = story.timescales("prison_notice")
    assert (met.state, str(met.met_on)) == ("met", TODAY)


def code_in(folder: Path) -> str:
    """The code that was mailed: it leaves once the page has been sent."""
    for _ in range(100):
        for path in folder.glob("*.eml"):
            words = message_from_bytes(path.read_bytes()).get_payload(decode=True)
            if found := re.search(rb"is (\d{6})\.", words):  # type: ignore[arg-type]
                return found[1].decode()
        sleep(0.1)
    raise AssertionError("no code was mailed")
