"""From a message and its prompts to the e-mail: subject, plain text and HTML.

A message names cases by their reference only: no name, no CRN (promise 6 of the design). The same message
rendered again on the same day is the same text, byte for byte.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from email.headerregistry import HeaderRegistry
from email.message import EmailMessage
from email.policy import EmailPolicy
from email.utils import format_datetime
from functools import cache, lru_cache
from itertools import groupby
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined, Template, select_autoescape

from notifications.letters.calendars import calendar_of
from notifications.letters.letter import NOTHING_ADDED, Attachment, Letter
from notifications.settings import MailSettings
from notifications.wording import (
    REPEAT,
    TOLD,
    days,
    kind_words,
    listed,
    long_date,
    opening,
    role_name,
    standing,
)
from policy.calendar import LONDON, london_date
from policy.kind_words import KINDS_BY_ROLE, KindWords
from policy.vocabulary import Kind, MessageKind

DIGEST = MessageKind.DIGEST.value
ESCALATION = MessageKind.ESCALATION.value
# What brooks no delay first; then a case's way from referral to meeting, what follows a meeting, and the rest.
GROUP_ORDER = (
    Kind.CASE_REVIEW,
    Kind.EVENT_REVIEW,
    Kind.RETURN_DUE,
    Kind.VICTIM_UPDATE,
    Kind.URGENT_MEETING,
    Kind.CONSULTATION,
    Kind.ATTENDANCE,
    Kind.DISCLOSURE_APPROVAL,
    Kind.DISCLOSURE,
    Kind.REFERRAL,
    Kind.RESUBMISSION,
    Kind.SCREENING_DECISION,
    Kind.END_OF_SENTENCE_CHECK,
    Kind.EXIT_PLAN,
    Kind.LEVEL_SETTING,
    Kind.FIRST_MEETING,
    Kind.MEETING,
    Kind.ACTION,
    Kind.PLAN_UPDATE,
    Kind.MINUTES,
    Kind.VISOR_POSTING,
    Kind.VISOR_PARTNER,
    Kind.TRANSFER_ANSWER,
    Kind.LEVEL_3_REVIEW,
    Kind.LEVEL_2_REVIEW,
    Kind.LEVEL_1_REVIEW,
    Kind.PRISON_NOTICE,
    Kind.ORDER_END,
    Kind.NOTIFICATION_REVIEW,
    Kind.IDENTIFICATION,
)
PLACES = {kind.value: place for place, kind in enumerate(GROUP_ORDER)}
HEADER_LINE = 76
LONGEST_LINE = 990


@dataclass(frozen=True, slots=True)
class PromptLine:
    """One prompt as a message shows it. ``late_by_days``: calendar days after the day its rung was to go out.

    ``subject`` is what its timescale is about. ``recipient`` is the address it was raised for, whatever address the
    message was given since.
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
    subject: str = ""
    recipient: str = ""
    raised_at: datetime | None = None

    @property
    def informs(self) -> bool:
        """Tell whether the prompt only informs, of a new case or of final minutes: nothing is owed by it."""
        return self.rung in TOLD

    @property
    def audience(self) -> str:
        """Return the role it was meant for: the recipient's own, or that of whom they stand in for."""
        return self.stands_in_for or self.recipient_role


@dataclass(frozen=True, slots=True)
class Envelope:
    """What a message is beside its prompts. ``as_at`` is the moment of sending."""

    kind: str
    area: str
    recipient: str
    recipient_name: str | None
    subject: str
    header_id: str
    as_at: datetime


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a group: a case, what is owed on it, and when; several rungs of one timescale are one row."""

    reference: str
    owed: str
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


@dataclass(frozen=True, slots=True)
class Item:
    """One escalated thing as a subject names it: overdue, or raised before its due date."""

    name: str
    reference: str
    overdue: bool


class CachedHeaders(HeaderRegistry):
    """Headers parsed once: the same few values stand in thousands of messages."""

    __call__ = lru_cache(maxsize=4096)(HeaderRegistry.__call__)
    __getitem__ = lru_cache(maxsize=256)(HeaderRegistry.__getitem__)


class MailPolicy(EmailPolicy):
    """E-mail as SMTP wants it. A short printable ASCII header needs no parsing to be stored.

    Anything else (a line break above all) goes the long way, which encodes or refuses it.
    """

    def header_store_parse(self, name: str, value: Any) -> tuple[str, Any]:
        """Return the header as it is stored."""
        plain = type(value) is str and value.isascii() and value.isprintable()
        if plain and len(name) + len(value) < HEADER_LINE and "=?" not in value:
            return name, value
        return super().header_store_parse(name, value)


POLICY = MailPolicy(linesep="\r\n", header_factory=CachedHeaders())


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


def digest_subject(count: int, day: date) -> str:
    """Return the subject of a day's digest from the number of its prompts: no case, no person."""
    return template("digest/subject.txt").render(count=count, day=day).strip()


def escalation_subject(kinds_and_refs: Iterable[tuple[str, str]]) -> str:
    """Return the subject of an escalation from (kind, case reference) pairs; several rungs of one count once."""
    items = [
        Item(words.raised or words.short, reference, not words.raised)
        for words, reference in ((kind_words(kind), reference) for kind, reference in dict.fromkeys(kinds_and_refs))
    ]
    return template("escalation/subject.txt").render(items=items).strip()


def subject_for(kind: str, prompts: Sequence[PromptLine], day: date) -> str:
    """Return the subject of a message of a kind that carries ``prompts`` on a day."""
    return subject_for_items(kind, [(line.kind, line.reference) for line in prompts], len(prompts), day)


def subject_for_items(kind: str, kinds_and_refs: Sequence[tuple[str, str]], count: int, day: date) -> str:
    """Return the subject of a message about (kind, case reference) pairs: ``count`` prompts, on a day."""
    if kind == DIGEST:
        return digest_subject(count, day)
    if kind == ESCALATION:
        return escalation_subject(kinds_and_refs)
    references = list(dict.fromkeys(reference for _, reference in kinds_and_refs))
    return template(f"{kind}/subject.txt").render(references=references, count=count).strip()


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
    content = {
        "subject": envelope.subject,
        "area": envelope.area,
        "greeting": envelope.recipient_name or "",
        "repeat": REPEAT if repeat else "",
        "today": long_date(today),
        "groups": grouped(lines, today, settings.desk_url, envelope.kind == ESCALATION) if gathers else (),
        "letter": letter.content,
        "notes": () if gathers else list(dict.fromkeys(note for line in lines for note in notes_on([line]))),
        "enclosed": letter.enclosed,
        "desk": settings.desk_url or "",
        "roles": listed(list(dict.fromkeys(role_name(line.recipient_role) for line in lines))),
    }
    text = template(f"{envelope.kind}/body.txt").render(content)
    html = template(f"{envelope.kind}/body.html").render(content)
    message = assembled(envelope, settings.mail_from, text, html)
    enclose(message, letter, settings.mail_from, envelope.recipient)
    return message


def enclose(message: EmailMessage, letter: Letter, sender: str, recipient: str) -> None:
    """Add the event of a calendar and what is attached; the texts stay what a reader sees first.

    The event stands twice: as a third form of the message, which calendars act on, and as a file for those
    that do not.
    """
    attachments = list(letter.attachments)
    if letter.event is not None:
        event = calendar_of(letter.event, sender, recipient)
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
        words = TOLD[first.rung] if first.informs else kind_words(first.kind, first.audience)
        by_timescale = groupby([first, *others], key=lambda line: (line.timescale_id, line.revision))
        rows = tuple(row_of(list(rungs), words, today, desk_url) for _, rungs in by_timescale)
        groups.append(Group(words.heading, words.chase if chasing else words.to_do, rows, not first.informs))
    return groups


def group_place(line: PromptLine) -> tuple[bool, int, str, str]:
    """Return where the group of a prompt stands in the message."""
    if line.informs:
        return True, list(TOLD).index(line.rung), line.kind, ""
    apart = line.audience if (line.kind, line.audience) in KINDS_BY_ROLE else ""
    return False, PLACES.get(line.kind, len(PLACES)), line.kind, apart


def row_of(rungs: Sequence[PromptLine], words: KindWords, today: date, desk_url: str | None) -> Row:
    """Return the one row of a timescale from the rungs raised on it."""
    line = rungs[0]
    row = Row(
        reference=line.reference,
        owed=f"{words.owed}: {line.label}" if line.label else words.owed,
        due=long_date(line.due_on),
        standing=standing(line.due_on, today),
        overdue=line.due_on < today,
        notes=tuple(notes_on(rungs)),
        link=f"{desk_url}/cases/{line.reference}" if desk_url else "",
    )
    return replace(row, due="", standing="", overdue=False) if line.informs else row


def notes_on(rungs: Sequence[PromptLine]) -> list[str]:
    """Return what to say besides of the rungs of one timescale: how late they are, for whom the recipient stands in."""
    missing = dict.fromkeys(rung.stands_in_for for rung in rungs if rung.stands_in_for)
    notes = [note for note in (lateness(rungs),) if note]
    return notes + [f"You get this because no address is known for the {role_name(role)}." for role in missing]


def lateness(rungs: Sequence[PromptLine]) -> str:
    """Return what to say of reminders that go out late or together; nothing where one is on time.

    Several rungs of one day (a short sentence) count once.
    """
    late_by_day = {rung.rung_on: rung.late_by_days for rung in rungs}
    if len(late_by_day) == 1:
        (late,) = late_by_day.values()
        return f"Sent late by {days(late)}." if late > 0 else ""
    told = [long_date(day) + (f" (sent late by {days(late)})" if late > 0 else "") for day, late in late_by_day.items()]
    return f"Reminders of {listed(told)}."
