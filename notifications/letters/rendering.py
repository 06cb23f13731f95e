"""From a message and its prompts to the e-mail: subject, plain text and HTML.

A message names cases by their reference only: no name, no CRN. The same message
rendered again on the same day is the same text, byte for byte.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from email.message import EmailMessage
from email.utils import format_datetime
from functools import cache

from jinja2 import Environment, PackageLoader, StrictUndefined, Template, select_autoescape

from notifications.letters.calendars import calendar_of
from notifications.letters.groups import (
    Group,
    asks_for_an_answer,
    begins_an_area,
    grouped,
    link_to,
    notes_on,
    oldest_first,
)
from notifications.letters.headers import POLICY
from notifications.letters.leads import escalation_lead, take_on_lead
from notifications.letters.letter import NOTHING_ADDED, Attachment, Contact, Letter
from notifications.letters.lines import PromptLine
from notifications.letters.subjects import Item, news_words, restricted_cases, subject_of
from notifications.settings import MailSettings
from policy.calendar import LONDON, london_date
from policy.letters import MessageKind
from policy.words import listed, long_date, opening, role_name

DIGEST = MessageKind.DIGEST.value
ESCALATION = MessageKind.ESCALATION.value
STUCK_LIST = MessageKind.STUCK_LIST.value
WHAT_WE_ASK = "What we ask of you"
REPEAT = "You may have had this e-mail before: we do not know whether it reached you."
LONGEST_LINE = 990


@dataclass(frozen=True, slots=True)
class Envelope:
    """What a message is beside its prompts. ``as_at`` is the moment of sending; ``contact`` gets the answers to it."""

    kind: str
    area: str
    recipient: str
    recipient_name: str | None
    subject: str
    header_id: str
    as_at: datetime
    contact: Contact | None = None


@cache
def templates() -> Environment:
    """Return the templates; HTML is escaped, a missing value is an error."""
    environment = Environment(
        loader=PackageLoader("notifications.letters"),
        autoescape=select_autoescape(["html"]),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    environment.filters["long_date"] = long_date
    environment.filters["opening"] = opening
    return environment


@cache
def template(path: str) -> Template:
    """Return one template, compiled once."""
    return templates().get_template(path)


def subject_for(kind: str, prompts: Sequence[PromptLine], day: date) -> str:
    """Return the subject of a message of a kind that carries ``prompts`` on a day."""
    items = [
        Item(one.timescale_id, one.kind, one.reference, one.due_on, one.rung, one.label, one.audience, one.restricted)
        for one in prompts
    ]
    return subject_of(kind, items, day)


def render(
    envelope: Envelope,
    lines: Sequence[PromptLine],
    settings: MailSettings,
    repeat: bool = False,
    letter: Letter | None = None,
) -> EmailMessage:
    """Return the e-mail: plain text and HTML of the same content, under the message's lasting Message-ID.

    ``repeat``: an earlier sending may have arrived, and the message says so. ``letter`` is what the record adds: what
    a letter tells, what is attached, the event of a calendar.
    """
    today = london_date(envelope.as_at)
    letter = letter or NOTHING_ADDED
    gathers = letter.content is None
    groups: list[Group] = []
    more = 0
    if envelope.kind == STUCK_LIST:
        groups, more = oldest_first([line for line in lines if not line.restricted], today, settings.desk_url)
    elif gathers:
        groups = grouped(lines, today, settings.desk_url, envelope.kind == ESCALATION)
    content = {
        "subject": envelope.subject,
        "area": envelope.area,
        "greeting": envelope.recipient_name or "",
        "repeat": REPEAT if repeat else "",
        "groups": groups,
        "more": more,
        "begins": take_on_lead(more + sum(len(group.rows) for group in groups)) if begins_an_area(lines) else "",
        "restricted": restricted_cases(line.reference for line in lines if line.restricted)
        if any(line.restricted for line in lines)
        else "",
        "to_do": [row for group in groups if group.dated for row in group.rows],
        "news": [row for group in groups if not group.dated for row in group.rows],
        "news_told": listed(news_words(told_once, "one")) if (told_once := news_rungs(lines)) else "",
        "letter": letter.content,
        "notes": () if gathers else notes_of_letter(lines, today),
        "escalated": escalation_lead([(row.overdue, group.own) for group in groups for row in group.rows]),
        "asks": WHAT_WE_ASK if envelope.kind == ESCALATION else "",
        "besides": letter.besides,
        "enclosed": enclosed_words(letter, settings),
        "desk": settings.desk_url or "",
        "link": "" if gathers else link_to(lines[0], settings.desk_url),
        "asks_for_an_answer": not gathers and asks_for_an_answer(lines[0]),
        "answers": how_to_answer(envelope),
        "roles": listed(list(dict.fromkeys(role_name(line.recipient_role) for line in lines))),
    }
    text = template(f"{envelope.kind}/body.txt").render(content)
    html = template(f"{envelope.kind}/body.html").render(content)
    message = assembled(envelope, settings.mail_from, text, html)
    if carries_files(settings):
        enclose(message, letter, settings.mail_from, envelope.recipient, answers_read=settings.asks_for_answers)
    return message


def carries_files(settings: MailSettings) -> bool:
    """Tell whether the way out carries more than text: GOV.UK Notify does not."""
    return settings.transport != "notify"


def enclosed_words(letter: Letter, settings: MailSettings) -> str:
    """Return what a message says of what is attached, or of where that is where it cannot travel with it."""
    if carries_files(settings) or not (letter.enclosed or letter.attachments or letter.event):
        return letter.enclosed
    event = "Please put this into your calendar yourself: " if letter.event is not None else ""
    where = "You find them on the desk." if settings.desk_url else "Ask the MAPPA unit for them."
    if event:
        return f"{event}this e-mail cannot carry a calendar event or files. {where}"
    return f"This e-mail cannot carry files. {where}"


def notes_of_letter(lines: Sequence[PromptLine], today: date) -> list[str]:
    """Return what a letter says besides, each once. Where a duty stands is said with what is asked, by the letter."""
    return list(dict.fromkeys(note for line in lines for note in notes_on([replace(line, told="")], today)))


def news_rungs(lines: Sequence[PromptLine]) -> list[str]:
    """Return the rungs of what is only news, one for each timescale."""
    return list({line.timescale_id: line.rung for line in lines if line.informs}.values())


def how_to_answer(envelope: Envelope) -> str:
    """Return how its reader can answer a message."""
    contact = envelope.contact
    if contact is None:
        return f"If you have a question, contact the MAPPA coordinator of {envelope.area}."
    who = f"the {role_name(contact.role)}" + (f", {contact.name}" if contact.name else "")
    call = f", or call {contact.telephone} and ask for the {role_name(contact.ask_for)}" if contact.telephone else ""
    return f"Reply to this e-mail and the MAPPA unit will read it. You can also contact {who} ({contact.email}){call}."


def enclose(message: EmailMessage, letter: Letter, sender: str, recipient: str, *, answers_read: bool) -> None:
    """Add the event of a calendar and what is attached; the texts stay what a reader sees first.

    The event stands twice: as a third form of the message, which calendars act on, and as a file for those
    that do not.
    """
    attachments = list(letter.attachments)
    if letter.event is not None:
        event = calendar_of(letter.event, sender, recipient, answers_read=answers_read)
        message.add_alternative(
            event, subtype="calendar", charset="utf-8", cte=encoding_of(event), params={"method": letter.event.method}
        )
        attachments.insert(0, Attachment("invite.ics", "application/ics", event.encode()))
    for one in attachments:
        maintype, _, subtype = one.media_type.partition("/")
        params = {"charset": "utf-8"} if maintype == "text" else None
        message.add_attachment(one.content, maintype=maintype, subtype=subtype, filename=one.name, params=params)
    if attachments:
        message.set_boundary("=_mappa_mixed_=")


def assembled(envelope: Envelope, sender: str, text: str, html: str) -> EmailMessage:
    """Return the e-mail made of its two texts, all of it seven-bit: no mail server on the way converts it."""
    message = EmailMessage(policy=POLICY)
    message["From"] = f"MAPPA <{sender}>"
    if envelope.contact is not None:
        message["Reply-To"] = envelope.contact.email
    message["To"] = envelope.recipient
    message["Subject"] = envelope.subject
    message["Date"] = format_datetime(envelope.as_at.astimezone(LONDON))
    message["Message-ID"] = envelope.header_id
    message["Auto-Submitted"] = "auto-generated"
    message["X-Auto-Response-Suppress"] = "All"
    message.set_content(text, charset="utf-8", cte=encoding_of(text))
    plain_html = html.encode("ascii", "xmlcharrefreplace").decode("ascii")
    message.add_alternative(plain_html, subtype="html", charset="utf-8", cte=encoding_of(plain_html))
    # A boundary drawn by chance would make every rendering of one message differ.
    message.set_boundary("=_mappa_alternative_=")
    return message


def encoding_of(text: str) -> str:
    """Return how a text travels: as it stands where every line is ASCII and inside the limit of SMTP."""
    short = all(len(line) <= LONGEST_LINE for line in text.split("\n"))
    return "7bit" if short and text.isascii() else "quoted-printable"
