"""An index page of the demo's mail folder: who got what, when, with the text of each e-mail, in one page to search."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from email import message_from_bytes
from functools import cache
from itertools import groupby
from pathlib import Path

from jinja2 import Environment, PackageLoader, StrictUndefined
from sqlalchemy import select

from models.obligations import Message
from models.record import Record
from policy.calendar import LONDON, london_date
from policy.letters import MessageKind
from policy.vocabulary import MessageState
from policy.words import MONTHS, long_date
from views.times import spoken

INDEX = "index.html"
LEFT = Message.sent_at.is_not(None) & Message.state.in_((MessageState.SENT, MessageState.DEAD))
"""E-mails that left, those that came back later among them."""
PREVIEW_LENGTH = 180
GREETING = "Hello "


@dataclass(frozen=True, slots=True)
class Mail:
    """One e-mail as the index shows it."""

    sent_at: datetime
    kind: str
    to: str
    subject: str
    file: str
    text: str

    @property
    def on(self) -> date:
        """Return the day on which it went, in Europe/London."""
        return london_date(self.sent_at)

    @property
    def time(self) -> str:
        """Return the minute at which it went, in Europe/London."""
        return f"{self.sent_at.astimezone(LONDON):%H:%M}"

    @property
    def preview(self) -> str:
        """Return how it begins, without its greeting and the marks of its lists."""
        lines = [line.strip().removeprefix("* ") for line in self.text.splitlines()]
        said = " ".join(line for line in lines if line and not line.startswith(GREETING))
        return said if len(said) <= PREVIEW_LENGTH else said[:PREVIEW_LENGTH].rsplit(" ", 1)[0] + " …"


@dataclass(frozen=True, slots=True)
class Day:
    """The e-mails of a day."""

    title: str
    mails: Sequence[Mail]


@dataclass(frozen=True, slots=True)
class Month:
    """The days of a month on which e-mails went, the newest first."""

    key: str
    title: str
    days: Sequence[Day]

    @property
    def number(self) -> int:
        """Return how many e-mails went in it."""
        return sum(len(day.mails) for day in self.days)


def write_index(record: Record, folder: Path, as_at: datetime) -> Path:
    """Write the index of every e-mail that was sent and lies in the folder; return where it is."""
    mails = list(sent_mails(record, folder))
    kinds = Counter(MessageKind(mail.kind).spec.title for mail in mails).most_common()
    page = templates().get_template("mail_index.html")
    path = folder / INDEX
    html = page.render(mails=mails, kinds=kinds, months=list(months_of(mails)), as_at=spoken(as_at))
    path.write_text(html, encoding="utf-8")
    return path


@cache
def templates() -> Environment:
    """Return the page's template: everything is escaped, and nothing may be missing."""
    return Environment(
        loader=PackageLoader("sample"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )


def sent_mails(record: Record, folder: Path) -> Iterator[Mail]:
    """Yield what was sent and lies in the folder, the newest first."""
    query = (
        select(Message.sent_at, Message.kind, Message.recipient, Message.subject, Message.id)
        .where(LEFT)
        .order_by(Message.sent_at.desc().nulls_last(), Message.recipient, Message.id)
    )
    with record.reading() as session:
        rows = session.execute(query).all()
    for sent_at, kind, to, subject, key in rows:
        path = folder / f"{key}.eml"
        if sent_at is not None and path.exists():
            yield Mail(sent_at, kind, to, subject, path.name, text_of(path.read_bytes()))


def text_of(mail: bytes) -> str:
    """Return the plain text of an e-mail."""
    for part in message_from_bytes(mail).walk():
        if part.get_content_type() == "text/plain":
            content = part.get_payload(decode=True)
            assert isinstance(content, bytes)
            return content.decode(part.get_content_charset("utf-8"), "replace").strip()
    return ""


def months_of(mails: Sequence[Mail]) -> Iterator[Month]:
    """Yield e-mails, the newest first, by month and day."""
    for key, of_month in groupby(mails, key=lambda mail: f"{mail.on:%Y-%m}"):
        days = [Day(long_date(on), list(of_day)) for on, of_day in groupby(of_month, key=lambda mail: mail.on)]
        yield Month(key, f"{MONTHS[days[0].mails[0].on.month - 1]} {key[:4]}", days)
