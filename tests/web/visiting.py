"""Somebody at the desk, without a network: signed in, opening pages, filling in forms, pressing buttons."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from bs4 import BeautifulSoup, Tag
from httpx import Response
from starlette.testclient import TestClient

from models.record import Record
from models.settings import shipped
from notifications.settings import MailSettings
from web.access import sessions
from web.app import COOKIE, make_app
from web.settings import DeskSettings

BASE = "http://127.0.0.1"


@dataclass
class Page:
    """What came back: the page, its status, and where it was found in the end."""

    response: Response
    soup: BeautifulSoup = field(init=False)

    def __post_init__(self) -> None:
        self.soup = BeautifulSoup(self.response.text, "html.parser")

    @property
    def status(self) -> int:
        return self.response.status_code

    @property
    def path(self) -> str:
        return self.response.url.raw_path.decode()

    @property
    def text(self) -> str:
        """The words of the page, spaces made one."""
        main = self.soup.find("main") or self.soup
        return re.sub(r"\s+", " ", main.get_text(" ")).strip()

    @property
    def errors(self) -> list[str]:
        """The lines of the error summary."""
        return [re.sub(r"\s+", " ", one.get_text(" ")).strip() for one in self.soup.select(
            ".govuk-error-summary__list li")]  # fmt: skip

    def links(self) -> list[str]:
        return [str(link["href"]) for link in self.soup.select("main a[href]")]


class Desk:
    """The desk, and whoever is at it."""

    def __init__(self, record: Record, folder: Path) -> None:
        self.record = record
        self.mail = folder / "mail"
        self.settings = shipped(DeskSettings)
        mail = shipped(MailSettings, mail_folder=self.mail, operator_email="ops@agency.example")
        self.app = make_app(record, self.settings, mail)
        self.client = TestClient(self.app, base_url=BASE, raise_server_exceptions=True)

    def sign_in(self, email: str, as_at: datetime) -> "Desk":
        """Put a session of this address into the browser."""
        with self.record.writing() as session:
            token = sessions.begin(session, email, email.partition("@")[0].title(), "code", "test", as_at)
        self.client.cookies.clear()
        self.client.cookies.set(COOKIE, token)
        return self

    def get(self, path: str) -> Page:
        return Page(self.client.get(path))

    def post(self, path: str, data: Any) -> Page:
        return Page(self.client.post(path, data=data))

    def press(self, page: Page, button: str = "record", **typed: str) -> Page:
        """Fill in the form of a page with what is ``typed`` and press a button: as a browser would, all is sent."""
        form = page.soup.select_one("main form[method=post]")
        assert form is not None, page.text
        sent = [*dict.fromkeys(as_sent(form))]
        names = [name for name in typed if name not in {known for known, _ in sent}]
        fields = [(name, typed.get(name, value)) for name, value in sent] + [(name, typed[name]) for name in names]
        data: dict[str, list[str]] = {}
        for name, value in [*fields, ("do", button)]:
            data.setdefault(name, []).append(value)
        return self.post(str(form["action"]), data)


def as_sent(form: Tag) -> Iterator[tuple[str, str]]:
    """Yield the fields of a form as a browser sends them."""
    for one in form.select("input[name], select[name], textarea[name]"):
        name, kind = str(one["name"]), str(one.get("type", ""))
        if kind in ("radio", "checkbox") and not one.has_attr("checked"):
            continue
        if one.name == "select":
            chosen = one.select_one("option[selected]") or one.select_one("option")
            yield name, str(chosen.get("value", "")) if chosen else ""
        elif one.name == "textarea":
            yield name, one.get_text().removeprefix("\n")
        else:
            yield name, str(one.get("value", ""))
