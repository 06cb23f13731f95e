"""The index page of the demo's e-mails: who, when, subject and text, in one page that runs nothing."""

from datetime import UTC, datetime
from email.message import EmailMessage
from html.parser import HTMLParser
from pathlib import Path

from models.record import Record
from sample.mail_index import PREVIEW_LENGTH, sent_mails, write_index
from tests.support import rows

WICKED = "<script>alert('x')</script> & more"
SUMMER, WINTER = datetime(2026, 7, 1, 7, 0, tzinfo=UTC), datetime(2026, 12, 1, 16, 15, tzinfo=UTC)


def mail(folder: Path, key: str, text: str) -> None:
    message = EmailMessage()
    message["Subject"] = "a subject"
    message.set_content(text)
    message.add_alternative(f"<p>{text}</p>", subtype="html")
    (folder / f"{key}.eml").write_bytes(message.as_bytes())


class Seen(HTMLParser):
    """The elements of a page, and its text."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.links: list[str] = []
        self.text: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.links += [value or "" for name, value in attrs if name == "href"]

    def handle_data(self, data: str) -> None:
        if data.strip():
            self.text.append(data.strip())


def test_the_index_lists_what_was_sent_the_newest_first_in_local_time(record: Record, tmp_path: Path) -> None:
    with record.writing() as session:
        rows.message(session, "old", state="sent", sent_at=SUMMER, recipient="a@police.example", subject="Old one")
        rows.message(session, "new", state="sent", sent_at=WINTER, recipient="b@prison.example", subject="New one")
        rows.message(session, "waits", state="pending", subject="Waits")
        rows.message(session, "nofile", state="sent", sent_at=WINTER, subject="No file")
    mail(tmp_path, "old", "Hello Ann,\n\n* Level 1 review.")
    mail(tmp_path, "new", "Hello Ben,\n\nYou have one thing to do.")
    page = Seen(write_index(record, tmp_path, WINTER).read_text(encoding="utf-8"))
    assert page.links == ["#2026-12", "#2026-07", "new.eml", "old.eml"]
    text = " | ".join(page.text)
    # 16:15 UTC is 16:15 in London in December; 07:00 UTC is 08:00 there in July.
    assert "Tuesday 1 December 2026 | When | To | Subject | 16:15 | b@prison.example | New one" in text
    assert "Wednesday 1 July 2026 | When | To | Subject | 08:00 | a@police.example | Old one | Level 1 review." in text
    assert "Waits" not in text
    assert "No file" not in text


def test_whatever_an_e_mail_says_stays_text_on_the_page(record: Record, tmp_path: Path) -> None:
    with record.writing() as session:
        rows.message(session, "m", state="sent", sent_at=SUMMER, recipient=f"{WICKED}@x", subject=WICKED)
    mail(tmp_path, "m", f"{WICKED} in the body")
    page = Seen(write_index(record, tmp_path, WINTER).read_text(encoding="utf-8"))
    assert "script" not in page.tags
    assert page.text.count(WICKED) == 1
    assert f"{WICKED}@x" in page.text
    assert page.text.count(f"{WICKED} in the body") == 2


def test_a_preview_ends_at_a_word(record: Record, tmp_path: Path) -> None:
    with record.writing() as session:
        rows.message(session, "m", state="sent", sent_at=SUMMER)
    mail(tmp_path, "m", "Hello Ann,\n\n" + "reviewed " * 60)
    [found] = sent_mails(record, tmp_path)
    assert found.preview.endswith("reviewed …")
    assert len(found.preview) <= PREVIEW_LENGTH + 2
    assert found.text.count("reviewed") == 60
