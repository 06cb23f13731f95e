"""How tests of letters send one and read it as it arrives: its texts, its attachments, its calendar."""

from collections.abc import Callable, Iterable
from email import message_from_bytes, policy
from email.message import EmailMessage
from html.parser import HTMLParser
from io import BytesIO
from xml.etree import ElementTree
from zipfile import ZipFile

from sqlalchemy.orm import Session

from models.cases import Case
from models.record import Record
from notifications.outbox.claims import waiting
from notifications.outbox.deliver import deliver
from notifications.outbox.transports import FolderTransport, Handed
from notifications.settings import MailSettings
from tests.support import rows
from tests.support.factories import SURNAME
from tests.support.rows import MORNING

WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
CRN, REFERENCE = "X320741", "LON-2026-000123"
FREE = "Free text"
DETAILS = """
version = "London 2026"
in_force_from = 2020-01-01
area = "London"
base = "P2012"

[messages]
details_in_bodies = true
"""
Add = Callable[[Session, Case], None]


class Box(FolderTransport):
    """A way out that keeps what it is given, as it arrives; a message sent twice is one."""

    def __init__(self) -> None:
        self.given: list[EmailMessage] = []

    def send(self, message: EmailMessage, recipient: str) -> Handed:
        self.given.append(arrived(message))
        return Handed("sent")


def arrived(message: EmailMessage) -> EmailMessage:
    """Return a message as its recipient's program reads it."""
    read = message_from_bytes(message.as_bytes(), policy=policy.default)
    assert isinstance(read, EmailMessage)
    assert read["Subject"] == " ".join(read["Subject"].split())
    return read


def delivered(record: Record, **settings: object) -> list[EmailMessage]:
    """Deliver everything that waits, and return it."""
    box = Box()
    with record.writing() as session:
        done = deliver(session, waiting(session, MORNING), MORNING, box, MailSettings(**settings))  # type: ignore[arg-type]
    assert {(one.result, one.detail) for one in done} <= {("done", "sent")}, done
    return box.given


def text_of(message: EmailMessage, form: str = "plain") -> str:
    part = message.get_body((form,))
    assert part is not None
    return str(part.get_content())


def seen(message: EmailMessage) -> str:
    """Return what a reader sees of the HTML, as one line."""
    parts: list[str] = []

    class Reader(HTMLParser):
        def handle_data(self, data: str) -> None:
            parts.append(data)

    Reader().feed(text_of(message, "html").partition("<body")[2].join(("<body", "")))
    return one_line(" ".join(parts))


def both(message: EmailMessage) -> tuple[str, str]:
    """Return both texts, each as one line."""
    return one_line(text_of(message)), seen(message)


def one_line(text: str) -> str:
    return " ".join(text.split()).replace(" .", ".").replace(" ,", ",")


def files(message: EmailMessage) -> dict[str, EmailMessage]:
    """Return the attachments by their names."""
    found = {}
    for part in message.iter_attachments():
        assert isinstance(part, EmailMessage)
        found[str(part.get_filename())] = part
    return found


def form_in(part: EmailMessage) -> tuple[list[str], dict[str, list[str]]]:
    """Return what a form for a word processor says above its table, and its rows: the first line, and the others."""
    with ZipFile(BytesIO(part.get_payload(decode=True))) as file:  # type: ignore[arg-type]  # an attachment is bytes
        assert file.testzip() is None
        for name in file.namelist():
            ElementTree.fromstring(file.read(name))
        document = ElementTree.fromstring(file.read("word/document.xml"))
    body = document[0]
    rows = [[words for cell in row.iter(f"{WORD}tc") for words in paragraphs(cell)] for row in body.iter(f"{WORD}tr")]
    return [words for one in body.findall(f"{WORD}p") for words in paragraphs([one])], {
        first: others for first, *others in reversed(rows)
    }


def paragraphs(inside: Iterable[ElementTree.Element]) -> list[str]:
    """Return the paragraphs of a part of a document that say something."""
    found = [
        "".join(text.itertext())
        for one in inside
        for text in ([one] if one.tag == f"{WORD}p" else one.iter(f"{WORD}p"))
    ]
    return [words for words in found if words]


def calendar_part(message: EmailMessage) -> EmailMessage:
    """Return the third form of a message, which calendars act on."""
    (part,) = [part for part in message.walk() if part.get_content_type() == "text/calendar"]
    return part


def sent(record: Record, add: Add, **settings: object) -> EmailMessage:
    """Put one letter in the outbox, deliver it, and hold it to what goes for every letter."""
    with record.writing() as session:
        rows.directory_entry(session)
        person = rows.person(session, CRN, surname=SURNAME)
        case = rows.case(session, person, REFERENCE, police_offender_manager="Priya Example")
        add(session, case)
    (message,) = delivered(record, **settings)
    for part in [message, *message.walk()]:
        content = "" if part.is_multipart() else str(part.get_payload(decode=True))
        assert SURNAME not in content
        assert "Darren" not in content
        assert CRN not in content
    for body in both(message):
        assert "Hello Robin Reader," in body
        assert "in the MAPPA area London" in body
    return message


def says(message: EmailMessage, *words: str) -> None:
    for body in both(message):
        for word in words:
            assert word in body, word


def silent(message: EmailMessage, *words: str) -> None:
    for body in both(message):
        for word in words:
            assert word not in body, word
