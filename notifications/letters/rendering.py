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
from itertools import groupby

from jinja2 import Environment, PackageLoader, StrictUndefined, Template, select_autoescape

from notifications.letters.calendars import calendar_of
from notifications.letters.headers import POLICY
from notifications.letters.letter import NOTHING_ADDED, Attachment, Contact, Letter
from notifications.letters.subjects import Item, news_words, restricted_cases, subject_of
from notifications.settings import MailSettings
from policy.announcements import Announcement, announcement_of
from policy.calendar import LONDON, london_date
from policy.kinds.words import kind_words, place_of, speaks_apart_to
from policy.letters import MessageKind
from policy.subjects import THE_CASE, Subject
from policy.words import days, listed, long_date, near_date, opening, role_name

DIGEST = MessageKind.DIGEST.value
ESCALATION = MessageKind.ESCALATION.value
STUCK_LIST = MessageKind.STUCK_LIST.value
LINES_OF_A_LIST = 50
STUCK_ADVICE = (
    "Have each of these done and recorded, pause it with a reason, or decide that it is not needed. Until then it "
    "stays on this list."
)
WHAT_WE_ASK = "What we ask of you"
REPEAT = "You may have had this e-mail before: we do not know whether it reached you."
LONGEST_LINE = 990


@dataclass(frozen=True, slots=True)
class PromptLine:
    """One prompt as a message shows it. ``late_by_days``: calendar days after the day its rung was to go out.

    ``held_until``: a pause kept it until that day. ``subject`` is what its timescale is about. ``recipient`` is the
    address it was raised for, whatever address the message was given since. ``state``: where its duty stands, and
    ``told``: what to say of that. ``duty``: what an escalation says of whose it is, since when, and who was asked.
    ``restricted``: nothing is said of its case by e-mail but that there is one.
    """

    kind: str
    reference: str
    due_on: date
    rung: str
    rung_on: date
    late_by_days: int
    weight: str
    recipient_role: str
    stands_in_for: str | None
    timescale_id: int
    revision: int
    label: str | None = None
    subject: Subject = THE_CASE
    recipient: str = ""
    raised_at: datetime | None = None
    held_until: date | None = None
    state: str = ""
    told: str = ""
    duty: tuple[str, ...] = ()
    restricted: bool = False

    @property
    def informs(self) -> bool:
        """Tell whether the prompt only informs, of a new case or of final minutes: its reader has nothing to do."""
        announced = announcement_of(self.rung)
        return announced is not None and announced.spec.informs

    @property
    def audience(self) -> str:
        """Return the role it was meant for: the recipient's own, or that of whom they stand in for."""
        return self.stands_in_for or self.recipient_role


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


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a group: a case, what is due on it, and when; several rungs of one timescale are one row.

    ``standing``: how many days are left, or have passed.
    """

    reference: str
    what: str
    due: str
    standing: str
    overdue: bool
    notes: tuple[str, ...]
    link: str


@dataclass(frozen=True, slots=True)
class Group:
    """The rows of one kind under one heading, with the advice that goes for all of them."""

    heading: str
    advice: str
    rows: tuple[Row, ...]
    dated: bool


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
        "restricted": restricted_cases(line.reference for line in lines if line.restricted)
        if any(line.restricted for line in lines)
        else "",
        "to_do": [row for group in groups if group.dated for row in group.rows],
        "news": [row for group in groups if not group.dated for row in group.rows],
        "news_told": listed(news_words(told_once)) if (told_once := news_rungs(lines)) else "",
        "letter": letter.content,
        "notes": () if gathers else list(dict.fromkeys(note for line in lines for note in notes_on([line], today))),
        "asks": WHAT_WE_ASK if envelope.kind == ESCALATION else "",
        "enclosed": letter.enclosed,
        "desk": settings.desk_url or "",
        "answers": how_to_answer(envelope),
        "roles": listed(list(dict.fromkeys(role_name(line.recipient_role) for line in lines))),
    }
    text = template(f"{envelope.kind}/body.txt").render(content)
    html = template(f"{envelope.kind}/body.html").render(content)
    message = assembled(envelope, settings.mail_from, text, html)
    enclose(message, letter, settings.mail_from, envelope.recipient, answers_read=settings.calendar_answers_read)
    return message


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


def grouped(lines: Sequence[PromptLine], today: date, desk_url: str | None, chasing: bool) -> list[Group]:
    """Return the prompts by kind in a fixed order, what only informs last, each group's rows by due date."""
    ordered = sorted(
        lines,
        key=lambda line: (
            *group_place(line),
            line.due_on,
            line.reference,
            line.timescale_id,
            line.revision,
            line.rung_on,
        ),
    )
    groups = []
    for _, members in groupby(ordered, key=group_place):
        first, *others = members
        heading, title, advice = texts_of(first, chasing)
        by_timescale = groupby([first, *others], key=lambda line: (line.timescale_id, line.revision))
        rows = tuple(row_of(list(rungs), title, today, desk_url) for _, rungs in by_timescale)
        groups.append(Group(heading, advice, rows, not first.informs))
    return groups


def oldest_first(lines: Sequence[PromptLine], today: date, desk_url: str | None) -> tuple[list[Group], int]:
    """Return the list of what is stuck as one group, what has been due longest first, and how many are left out."""
    ordered = sorted(lines, key=lambda line: (line.due_on, place_of(line.kind), line.reference, line.timescale_id))
    by_timescale = groupby(ordered, key=lambda line: (line.due_on, line.kind, line.reference, line.timescale_id))
    rows = []
    for _, members in by_timescale:
        rungs = list(members)
        rows.append(row_of(rungs, kind_words(rungs[0].kind).title, today, desk_url))
    shown = tuple(rows[:LINES_OF_A_LIST])
    return [Group("Oldest first", STUCK_ADVICE, shown, True)] if shown else [], len(rows) - len(shown)


def texts_of(line: PromptLine, chasing: bool) -> tuple[str, str, str]:
    """Return the heading of a group, what each of its rows is called, and the advice that goes for all of them."""
    announced = announcement_of(line.rung)
    if announced is not None and announced.spec.informs:
        return announced.spec.heading, announced.spec.title, announced.spec.to_do
    words = kind_words(line.kind, line.audience, line.state)
    return words.heading, words.title, words.chase if chasing else words.to_do


def group_place(line: PromptLine) -> tuple[bool, int, str, str, str]:
    """Return where the group of a prompt stands in the message."""
    if line.informs:
        return True, -place_of(line.kind), line.kind, "", ""
    apart = line.audience if speaks_apart_to(line.kind, line.audience) else ""
    return False, place_of(line.kind), line.kind, apart, line.state


def row_of(rungs: Sequence[PromptLine], title: str, today: date, desk_url: str | None) -> Row:
    """Return the one row of a timescale from the rungs raised on it."""
    line = rungs[0]
    row = Row(
        reference=line.reference,
        what=name_of(title, line.label),
        due=near_date(line.due_on, today),
        standing=days_left(line.due_on, today),
        overdue=line.due_on < today,
        notes=tuple(notes_on(rungs, today)),
        link=f"{desk_url}/cases/{line.reference}" if desk_url else "",
    )
    return replace(row, due="", standing="", overdue=False) if line.informs else row


def name_of(title: str, label: str | None) -> str:
    """Return what a timescale is called: ``Action 5``, ``Exit plan (category 2)``."""
    if not label:
        return title
    number = label.removeprefix("number ")
    return f"{title} {number}" if number != label and " " not in title else f"{title} ({label})"


def days_left(due_on: date, today: date) -> str:
    """Return how far off a due date is: ``in 3 days``, ``today``, ``overdue by 1 day``."""
    left = (due_on - today).days
    if left == 0:
        return "today"
    return f"in {days(left)}" if left > 0 else f"overdue by {days(-left)}"


def notes_on(rungs: Sequence[PromptLine], today: date) -> list[str]:
    """Return what to say besides of the rungs of one timescale: how late they are, for whom the recipient stands in."""
    missing = dict.fromkeys(rung.stands_in_for for rung in rungs if rung.stands_in_for)
    notes = [
        note for note in (*rungs[0].duty, rungs[0].told, lateness(rungs, today), pause_words(rungs, today)) if note
    ]
    return notes + [f"We have no e-mail address for the {role_name(role)}, so we are asking you." for role in missing]


def pause_words(rungs: Sequence[PromptLine], today: date) -> str:
    """Return until when the rungs of one timescale were paused; nothing where they were not."""
    if any(announcement_of(rung.rung) is Announcement.RESUMED for rung in rungs):
        return "The pause has ended, and reminders go out again."
    held = [rung.held_until for rung in rungs if rung.held_until is not None]
    return f"This was paused until {near_date(max(held), today)}." if held else ""


def lateness(rungs: Sequence[PromptLine], today: date) -> str:
    """Return on which days late reminders should have gone out; nothing where all are on time.

    Several rungs of one day (a short sentence) count once.
    """
    late = dict.fromkeys(near_date(rung.rung_on, today) for rung in rungs if rung.late_by_days > 0)
    if not late:
        return ""
    if len({rung.rung_on for rung in rungs}) == 1:
        return f"This should have reached you on {listed(late)}."
    return f"We should have reminded you on {listed(late)}."
