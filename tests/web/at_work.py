"""People at work in a real browser: they read their e-mail, follow its link, sign in, fill in a form, press a button.

Scripts are off. What they click and what they type is counted, so that the desk can be held against what a whole life
took by commands: 86 of them, with 40 files and 844 lines typed.
"""

import re
import shutil
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from time import monotonic, sleep
from typing import Any

import pytest
import time_machine
from playwright.sync_api import Browser, Locator, Page, sync_playwright

from casework.recording.registry import KINDS
from models.record import Record
from models.settings import RecordSettings, shipped
from notifications.settings import MailSettings
from policy.vocabulary import FactKind
from sample.demo import free_port
from service.desk import Desk
from service.settings import Settings, read_settings
from tasks import deliver
from tasks.stage import run_stage
from tests.support.opened import opened, with_mail_in
from tests.support.story import MEETING_DIRECTORY, Story, at
from web.desk.forms.shape import Shape, ShapedField, shaped
from web.settings import DeskSettings

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
NO_CHROMIUM = pytest.mark.skipif(CHROMIUM is None, reason="there is no Chromium on this machine")
WAIT_SECONDS = 20.0
CODE = re.compile(r"is (\d{6})\.")
LINK = re.compile(r"https?://\S+/answer/\d+")


@contextmanager
def chromium() -> Iterator[Browser]:
    """Open the machine's own Chromium, without a window."""
    with sync_playwright() as playwright:
        found = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield found
        found.close()


@dataclass
class Effort:
    """What was done by hand."""

    clicks: int = 0
    words: int = 0
    sign_ins: int = 0
    pages: int = 0


@dataclass
class Office:
    """A record, the desk over it, the e-mails that leave, and the day."""

    story: Story
    settings: Settings
    clock: Any
    browser: Browser
    mail: Path
    effort: Effort = field(default_factory=Effort)
    people: dict[str, "Worker"] = field(default_factory=dict)

    @property
    def record(self) -> Record:
        return self.story.record

    def morning(self, day: str) -> None:
        """Let a day begin: the program runs at eight and its e-mails leave; at ten people are at work."""
        self.clock.move_to(at(day, 8))
        self.story.tick(day)
        run_stage(self.record, deliver.STAGE, at(day, 8))
        self.clock.move_to(at(day, 10))
        self.forget_sessions()

    def forget_sessions(self) -> None:
        """Close every browser: a night ends each session."""
        for worker in self.people.values():
            worker.page.context.close()
        self.people.clear()

    def person(self, email: str) -> "Worker":
        """Return somebody, at a browser of their own."""
        if email not in self.people:
            self.people[email] = Worker(self, email, self.browser.new_context(java_script_enabled=False).new_page())
        return self.people[email]

    def mails_to(self, address: str, about: str = "") -> list[EmailMessage]:
        """Return the e-mails to an address whose subject has some words, the oldest first."""
        mails = [message_from_bytes(path.read_bytes(), policy=policy.default) for path in self.mail.glob("*.eml")]
        found = [mail for mail in mails if mail["To"] == address and about in mail["Subject"]]
        return sorted(found, key=lambda mail: mail["Date"].datetime)


def follow(page: Page, link_or_button: Locator) -> None:
    """Click on what leads to another page, and wait until that page stands there."""
    with page.expect_navigation():
        link_or_button.click()


def enter(page: Page) -> None:
    """Press Enter in a form, and wait until the page that answers it stands there."""
    with page.expect_navigation():
        page.keyboard.press("Enter")


def tab_to(page: Page, field: str) -> None:
    """Press the tab key until a field of this page has the focus; nothing else leads there."""
    focused = page.locator(f"#{field}:focus")
    for _ in range(60):
        page.keyboard.press("Tab")
        if focused.count():
            return
    raise AssertionError(f"the tab key does not lead to {field} on {page.url}")


@dataclass
class Worker:
    """Somebody at a browser."""

    office: Office
    email: str
    page: Page

    def open(self, path: str) -> "Worker":
        """Open an address of the desk, as a bookmark or a link outside it does; sign in where that is asked for."""
        self.page.goto(path if "://" in path else self.office.settings.desk.address + path)
        self.office.effort.pages += 1
        if "/sign-in" in self.page.url:
            self.sign_in()
        return self

    def sign_in(self) -> None:
        """Type the address, read the code in the e-mail, type it."""
        before = len(self.office.mails_to(self.email, "code"))
        self.type(self.page.locator("#email"), self.email)
        enter(self.page)
        until = monotonic() + WAIT_SECONDS
        while len(self.office.mails_to(self.email, "code")) == before:
            assert monotonic() < until, f"no code was sent to {self.email}: {self.page.locator('main').inner_text()}"
            sleep(0.05)
        words = text_of(self.office.mails_to(self.email, "code")[-1])
        found = CODE.search(words)
        assert found is not None, words
        self.type(self.page.locator("#code"), found[1])
        enter(self.page)
        self.office.effort.sign_ins += 1

    def answer(self, about: str) -> "Worker":
        """Follow the link of the newest e-mail whose words, or whose subject, say what it is about."""
        mails = [mail for mail in self.office.mails_to(self.email) if about in f"{mail['Subject']} {text_of(mail)}"]
        assert mails, f"{self.email} has no e-mail about {about}: {self.subjects()}"
        link = link_beside(text_of(mails[-1]), about)
        self.office.effort.clicks += 1
        return self.open(link)

    def takes_up(self, what: str, path: str = "/today") -> "Worker":
        """Answer something that stands on Today, or on another page, beside the word Answer."""
        return self.open(path).click(f"Answer {what}")

    def subjects(self) -> list[str]:
        return [str(mail["Subject"]) for mail in self.office.mails_to(self.email)]

    def click(self, name: str, *, inside: Locator | None = None) -> "Worker":
        """Click on the link or button with these words."""
        where = inside or self.page.locator("main")
        exact = re.compile(rf"^\s*{re.escape(name)}\s*$")
        found = where.locator("a, button:not([aria-hidden=true])").filter(has_text=exact)
        if not found.count():
            found = where.locator("a, button:not([aria-hidden=true])").filter(has_text=name)
        assert found.count(), f"{self.email} sees nothing called {name!r} on {self.page.url}: {self.words}"
        self.go(found.first)
        return self

    def go(self, link_or_button: Locator) -> None:
        """Click on what leads to another page, and wait for it."""
        follow(self.page, link_or_button)
        self.office.effort.clicks += 1

    def type(self, into: Locator, text: str) -> None:
        """Type a text into a field, unless it stands there already."""
        if into.input_value() != text:
            into.fill(text)
            self.office.effort.words += len(text.split())

    def fill(self, kind: str, data: Mapping[str, Any]) -> "Worker":
        """Fill in the form of a kind of fact: only what does not stand there already is typed or clicked."""
        book = self.office.record.policies.for_area("London", at("2026-06-01").date())
        self.fill_fields(shaped(KINDS[FactKind(kind)].form, book), data)
        return self

    def fill_fields(self, fields: Sequence[ShapedField], data: Mapping[str, Any], inside: str = "") -> None:
        for shape in fields:
            if shape.name in data:
                self.fill_one(shape, f"{inside}{shape.name}", data[shape.name])

    def fill_one(self, shape: ShapedField, name: str, value: Any) -> None:
        if shape.shape in (Shape.DAY, Shape.MOMENT):
            self.fill_day(name, *str(value).split("T"))
        elif shape.shape is Shape.PART:
            self.fill_fields(shape.inside, value, f"{name}.")
        elif shape.shape is Shape.CHOICE and self.page.locator(f'main [name="{name}"][type=hidden]').count():
            return
        elif shape.shape in (Shape.ROWS, Shape.BY_NAME):
            self.fill_rows(shape, name, value)
        elif shape.shape in (Shape.YES_NO, Shape.CONFIRM, Shape.TICKS):
            for one in value if isinstance(value, list) else [{True: "yes", False: "no"}.get(value, value)]:
                self.choose(name, str(one))
        elif shape.shape is Shape.CHOICE or self.is_list(name):
            self.pick(name, str(value))
        else:
            self.type(self.named(name), "\n".join(value) if isinstance(value, list) else str(value))

    def fill_day(self, name: str, on: str, time: str = "") -> None:
        for part, text in zip(("year", "month", "day"), on.split("-"), strict=True):
            field_of_day = self.named(f"{name}#{part}")
            if field_of_day.input_value().zfill(2) != text:
                self.type(field_of_day, text.lstrip("0"))
        if time:
            self.type(self.named(f"{name}#time"), time)

    def fill_rows(self, shape: ShapedField, name: str, value: Any) -> None:
        named = value.items() if isinstance(value, Mapping) else (("", row) for row in value)
        self.rows(name, len(value))
        for place, (key, row) in enumerate(named):
            if key:
                self.type(self.named(f"{name}.{place}#key"), key)
            self.fill_fields(shape.inside, row, f"{name}.{place}.")

    def is_list(self, name: str) -> bool:
        """Tell whether a field is a list to choose from, or radios: the number of a meeting is."""
        return self.named(name).first.evaluate("one => one.tagName === 'SELECT' || one.type === 'radio'") is True

    def pick(self, name: str, value: str) -> None:
        """Choose one answer, from a list or by its radio."""
        if self.named(name).first.get_attribute("type") == "radio":
            self.choose(name, value)
        elif self.named(name).input_value() != value:
            self.named(name).select_option(value)
            self.office.effort.clicks += 1

    def attach(self, name: str, file: Path) -> None:
        """Choose a file."""
        self.page.locator(f"#{name}").set_input_files(file)
        self.office.effort.clicks += 1

    def writes(self, part: str, words: str) -> None:
        """Say in the meeting room what holds from now on of a part; what it said last time stands beside."""
        if self.page.locator(f'main [name="{part}#choice"]').count():
            self.choose(f"{part}#choice", "changed")
        self.type(self.named(f"{part}#text"), words)

    def named(self, name: str) -> Locator:
        """Return the field with a name."""
        found = self.page.locator(f'main [name="{name}"]:not([type=hidden])')
        assert found.count(), f"{self.email} has no field {name!r} on {self.page.url}"
        return found

    def choose(self, name: str, value: str) -> None:
        """Click on an answer, unless it is chosen already."""
        found = self.page.locator(f'main [name="{name}"][value="{value}"]')
        assert found.count(), f"{self.email} cannot choose {value!r} for {name!r} on {self.page.url}"
        if not found.is_checked():
            found.check()
            self.office.effort.clicks += 1

    def rows(self, name: str, wanted: int) -> None:
        """Add rows to a list until there are enough."""
        while (there := self.how_many(name)) < wanted:
            self.go(self.page.locator(f'main button[value="add:{name}"]'))
            assert self.how_many(name) > there, f"no row was added to {name}"

    def how_many(self, name: str) -> int:
        return int(self.page.locator(f'main input[name="{name}#rows"]').input_value())

    def chooses(self, kind: str) -> "Worker":
        """Open the form of a kind, where the page asks which of several is meant."""
        if self.page.locator('main form input[name="ticket"]').count() == 0 and "/room" not in self.page.url:
            self.click(KINDS[FactKind(kind)].title)
        return self

    def record(self, kind: str, data: Mapping[str, Any]) -> "Worker":
        """Fill in a form, send it, and see that it was recorded."""
        self.chooses(kind)
        self.fill(kind, data)
        self.click("Record")
        if "Check your answers" in self.words:
            self.click("Accept and record")
        return self.sees("Recorded")

    @property
    def words(self) -> str:
        """The words of the page."""
        return re.sub(r"\s+", " ", self.page.locator("main").inner_text())

    def sees(self, *words: str) -> "Worker":
        """Look for words on the page."""
        shown = self.words
        for one in words:
            assert one in shown, f"{self.email} does not see {one!r} on {self.page.url}: {shown[:1500]}"
        return self

    def sees_nothing_of(self, *words: str) -> "Worker":
        """Look that words are nowhere on the page, in its title or its address."""
        shown = self.page.content() + self.page.url
        for one in words:
            assert one not in shown, f"{self.email} sees {one!r} on {self.page.url}"
        return self


def text_of(mail: EmailMessage) -> str:
    """Return an e-mail as plain text."""
    part = mail.get_body(("plain",))
    assert part is not None
    return str(part.get_content())


def link_beside(text: str, about: str) -> str:
    """Return the first link to an answer after some words of an e-mail, or the first there is."""
    after = LINK.search(text, max(text.find(about), 0)) or LINK.search(text)
    assert after is not None, f"the e-mail has no link to an answer: {text}"
    return after[0].rstrip(".,)>")


def settings_for(url: str, mail: Path) -> Settings:
    """Return the settings of a desk over a record, at a port that is free, whose codes go to a folder."""
    given = read_settings(url)
    return Settings(
        record=shipped(RecordSettings, database_url=url),
        mail=shipped(MailSettings, mail_folder=mail, operator_email="ops@agency.example"),
        serve=given.serve,
        desk=shipped(DeskSettings, desk_port=free_port()),
        log=given.log,
        assurance=given.assurance,
        figures=given.figures,
    ).with_the_desk


@contextmanager
def office(folder: Path, template: Path, day: str, directory: Sequence[dict[str, str]] = ()) -> Iterator[Office]:
    """Open an office on a day at ten, with a directory and no case."""
    url = f"sqlite:///{folder}/record.db"
    shutil.copy(template, folder / "record.db")
    mail = folder / "mail"
    with time_machine.travel(at(day, 10), tick=True) as clock, chromium() as browser:
        settings = settings_for(url, mail)
        record = with_mail_in(opened(url), mail, desk_url=settings.mail.desk_url)
        story = Story(record, folder, directory or MEETING_DIRECTORY)
        desk = Desk(record, settings)
        desk.start()
        try:
            yield Office(story, settings, clock, browser, mail)
        finally:
            desk.stop()
            record.close()
