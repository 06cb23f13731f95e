"""The page of messages: every e-mail with its trigger, its recipient, its subject and its text."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, time
from email.message import EmailMessage

from docs.markdown import block, code, page, table
from docs.sample_letters import COORDINATOR, EVENTS, REFERENCE, SAMPLES, sample_invitation, steps_of
from docs.timescales import reader, rules
from notifications.letters.duties import Asked, Owner, with_duty
from notifications.letters.letter import Contact, Letter
from notifications.letters.lines import PromptLine
from notifications.letters.rendering import DIGEST, ESCALATION, Envelope, render, subject_for
from notifications.settings import MailSettings
from policy.announcements import Announcement, AnnouncementSpec
from policy.book import shipped_book
from policy.calendar import london_time
from policy.kinds import KINDS, Identification, Kind, Meetings, Release, Screening
from policy.kinds.words import kind_words
from policy.ladders import Step
from policy.letters import LETTERS, MessageKind
from policy.roles import Role
from policy.take_on import TAKE_ON
from policy.vocabulary import MessageState, Weight
from policy.words import role_name

RECIPIENT, NAME = "recipient@agency.example", "Robin Example"
INTRODUCTION = f"""
An e-mail gathers prompts, or is a letter about one thing. A `{DIGEST}` gathers the reminders that one recipient has on
one working day. An `{ESCALATION}` goes at once. Every other kind is a letter. Each has a plain text and an HTML part
of the same content. A message names a case by its reference only: no name, no CRN; its subject too. What people wrote
(the text of an action, reasons, answers, titles of papers, minutes) travels only where the area's policy allows it:
`details_in_bodies` under `[messages]`. A message carries a link to the case where `MAPPA_DESK_URL` is set. The samples
are rendered by the program itself, for the days of [this example](timescales.md#an-example).
"""
OF_THE_EXAMPLE = {"lead_agency": "probation", "named": "housing"}
STATES: dict[MessageState, str] = {
    MessageState.PENDING: "It is waiting for its time to go out.",
    MessageState.CLAIMED: "A process is sending it; the claim ends on its own after `MAPPA_LEASE_MINUTES`.",
    MessageState.SENT: "The mail server (or the folder) has it, or a person marked it as sent.",
    MessageState.RETRY: "It certainly did not go, and is tried again.",
    MessageState.UNCERTAIN: "Nobody knows whether it went. An escalation, an attendance letter and a letter about an "
    "event are sent again by themselves, with the same Message-ID and a line that it may be a repeat; any other is "
    "left to a person.",
    MessageState.DEAD: "It certainly did not go, and is not tried again: refused for good, or refused for "
    "now for `MAPPA_RETRY_DAYS` days.",
    MessageState.WITHHELD: "It may not go: no recipient, an address that is none, a domain that is not allowed, or "
    "a restricted case. The reason stands beside it.",
    MessageState.CANCELLED: "It was no longer needed: what it asked for was done, or the date had moved.",
}


def page_of_messages() -> str:
    """Return the page."""
    parts = [INTRODUCTION, "## Digest: reminders", digest_words()]
    parts += [part for kind in KINDS for part in samples(kind, MessageKind.DIGEST)]
    parts += [f"### {Announcement.IDENTIFIED.spec.heading}", *new_cases(), "## Escalation", escalation_words()]
    parts += [part for kind in KINDS for part in samples(kind, MessageKind.ESCALATION)]
    parts += ["## List of what is stuck", *stuck_words(), "## Letters", letter_words()]
    parts += [part for kind in LETTERS for part in letter(kind)]
    parts += ["## Lines a message may carry besides", *besides(), "## States", state_table()]
    return page("Messages", *parts)


def digest_words() -> str:
    """Return what is true of every digest."""
    return (
        "**Leaves** on a working day, from the policy's hour. What comes up after the day's digest has left waits for "
        "the next working day's. **Attached** where a referral is asked of its reader: the referral form of each case, "
        "filled in as far as the record goes."
    )


def escalation_words() -> str:
    """Return what is true of every escalation."""
    return (
        "**Leaves** at once: on the first working day, not before the policy's hour. "
        "Escalations that one sweep raises for one recipient "
        "share a message. It says whose duty it is, since when it is overdue, and who was asked and when. **Attached** "
        "as in a digest."
    )


def stuck_words() -> list[str]:
    """Return the section of the list of what is stuck: a list of two things."""
    day, lines = date(2026, 10, 5), []
    for number, kind in enumerate((Release.PRISON_NOTICE, Release.REFERRAL), 1):
        step = replace(steps_of(kind)[1][-1], rung=f"list {day}", on=day, weight=Weight.NOTICE)
        lines.append(line_of(kind, step, recipient_role=Role.COORDINATOR.value, timescale_id=number))
    words = (
        "**Leaves** on Monday, or the working day after it, to the coordinator; the first list of a month goes to the "
        "SMB Chair too. It names what is open past the last rung of its ladder, what has been due longest first, until "
        "it is done, paused or decided. The day and the readers are numbers of the policy (`stuck_list`)."
    )
    begins = (
        "An area that is [taken on](../how-to-take-on.md) with a caseload that already ran begins with one such list, "
        "on the working day before its first reminders: what was overdue by then, the highest level first."
    )
    taken_on = [replace(line, rung=TAKE_ON, level=2) for line in lines]
    return [
        words, *shown(mail(lines, kind=MessageKind.STUCK_LIST.value)),
        begins, *shown(mail(taken_on, kind=MessageKind.STUCK_LIST.value)),
    ]  # fmt: skip


def letter_words() -> str:
    """Return what is true of every letter."""
    return (
        "**Leaves** at once: on the first working day, not before the policy's hour. "
        "Each is about one thing; only the actions that one "
        "sweep raises for one recipient share a message. What a letter says is read from the record at the moment of "
        "sending. The samples are those of an area whose e-mail carries no details."
    )


def samples(kind: Kind, message: MessageKind) -> list[str]:
    """Return the section of one kind of timescale in one kind of message: rungs and recipients, samples by audience."""
    steps = [step for step in steps_of(kind)[1] if step.message is message]
    if not steps:
        return []
    rows = [(code(kind), code(step.rung), ", ".join(role_name(role) for role in step.to)) for step in steps]
    words = kind_words(kind)
    escalated = f", {'escalated' if words.raised else 'overdue'}" if message is MessageKind.ESCALATION else ""
    parts = [f"### {words.heading}{escalated}", table(("Timescale", "Rung", "Recipient"), rows)]
    # Of reminders the last says most; of escalations the first.
    ordered = reversed(steps) if message is MessageKind.DIGEST else steps
    first = {kind_words(kind, step.to[0]): step for step in reversed(list(ordered))}
    for step in sorted(first.values(), key=lambda step: step.at):
        line = line_of(kind, step)
        parts += shown(mail([escalated_line(kind, step, line) if message is MessageKind.ESCALATION else line]))
    return parts


def escalated_line(kind: Kind, step: Step, line: PromptLine) -> PromptLine:
    """Return the line of an escalation of the example with what it says of its duty, after the rungs before it."""
    policy, (_, steps) = shipped_book().policies[0], steps_of(kind)
    rule = policy.timescales[kind]
    agency = OF_THE_EXAMPLE.get(rule.owner_agency, rule.owner_agency)
    asked = [Asked(role, one.on) for one in steps if one.on < step.on for role in one.to]
    return with_duty(line, Owner(rule.owner, policy.agency_name(agency)), asked, step.on)


def new_cases() -> list[str]:
    """Return the section of the announcement of a new case."""
    step = steps_of(Identification.IDENTIFICATION)[1][0]
    line = line_of(
        Identification.IDENTIFICATION, step, rung=Announcement.IDENTIFIED.value, recipient_role=Role.COORDINATOR.value
    )
    return [
        "**Trigger**: the rules have settled the category of a person, and a case is opened. "
        f"**Recipient**: {role_name(Role.COORDINATOR)}. It asks for nothing by a date.",
        *shown(mail([line])),
    ]


def letter(kind: MessageKind) -> list[str]:
    """Return the section of one letter: what sends it and to whom, and a sample."""
    parts = [f"### {kind.spec.title}", f"Message kind {code(kind)}."]
    rows = list(rungs_by(kind))
    if rows:
        parts.append(table(("Timescale", "Variant", "Rung", "Recipient"), rows))
    if kind.spec.trigger:
        rung, told = announced_by(kind)
        parts.append(
            f"**Trigger**: {kind.spec.trigger}. **Recipient**: {role_name(told.to)}. "
            f"Rung {code(rung)} of {code(told.kind)}."
        )
    if kind.spec.enclosed:
        parts.append(f"**Attached**: {kind.spec.enclosed}.")
    for lines, content in letter_samples(kind):
        parts += shown(mail(lines, content, kind=kind))
    return parts


def announced_by(kind: MessageKind) -> tuple[str, AnnouncementSpec]:
    """Return the rung beside the ladders that a letter carries, and what is known of it."""
    told = next(one for one in Announcement if one.spec.letter is kind)
    counted = {Announcement.INVITATION: " 0", Announcement.CANCELLATION: " 1", Announcement.TAKEN_BACK: " 1"}
    return f"{told.value}{counted.get(told, '')}", told.spec


def rungs_by(kind: MessageKind) -> Iterator[tuple[str, str, str, str]]:
    """Yield the rungs of all ladders that are sent by a letter."""
    for about, variant, rule in rules(shipped_book().policies[0]):
        for rung in rule.rungs:
            if rung.letter is kind:
                to = ", ".join(role_name(reader(rule, to)) for to in rung.to)
                yield code(about), code(variant), code(rung.known_as), to


def letter_samples(kind: MessageKind) -> Iterator[tuple[list[PromptLine], Letter]]:
    """Yield what is needed for the samples of a letter: the prompts, and what the record adds."""
    if kind in (MessageKind.ATTENDANCE_LETTER, MessageKind.GP_LETTER):
        role = Role.SMB_CHAIR if kind is MessageKind.ATTENDANCE_LETTER else Role.REPRESENTATIVE
        yield (
            [line_of(Meetings.ATTENDANCE, steps_of(Meetings.ATTENDANCE)[1][-1], recipient_role=role.value)],
            SAMPLES[kind](),
        )
        return
    if kind is MessageKind.EVENT:
        for about, role, content in EVENTS:
            step = next(step for step in steps_of(about)[1] if step.message is kind)
            yield [line_of(about, step, recipient_role=role.value)], content()
        return
    if kind.spec.trigger:
        rung, told = announced_by(kind)
        assert told.kind is not None, "a letter beside the ladders is about one kind"
        about = told.kind
        step = replace(steps_of(about)[1][0], rung=rung, to=(told.to.value,))
    else:
        about = Meetings.ACTION if kind is MessageKind.ACTIONS else Screening.RESUBMISSION
        step = next(step for step in steps_of(about)[1] if step.message is kind)
    yield [line_of(about, step)], SAMPLES[kind]()
    if kind is MessageKind.INVITATION:
        yield [line_of(about, step)], sample_invitation(general_practice=True)


def line_of(kind: Kind, step: Step, **changes: object) -> PromptLine:
    """Return the prompt of one rung of the example."""
    values = {
        "kind": kind.value,
        "reference": REFERENCE,
        "due_on": steps_of(kind)[0],
        "rung": step.rung,
        "rung_on": step.on,
        "late_by_days": 0,
        "weight": step.weight.value,
        "recipient_role": step.to[0],
        "stands_in_for": None,
        "timescale_id": 1,
        "revision": 1,
        "label": kind.spec.example or None,
    }
    return PromptLine(**(values | changes))  # type: ignore[arg-type]


def mail(
    lines: list[PromptLine], content: Letter | None = None, *, kind: str | None = None, repeat: bool = False
) -> EmailMessage:
    """Return the e-mail that carries these prompts on the day of the last of them. No setting is read."""
    day = lines[-1].rung_on
    kind = kind or (ESCALATION if lines[-1].weight == Weight.ESCALATION else DIGEST)
    hour = time(shipped_book().policies[0].prompting.from_hour)
    envelope = Envelope(
        kind=kind,
        area="London",
        recipient=RECIPIENT,
        recipient_name=NAME,
        subject=subject_for(kind, lines, day),
        header_id="<sample@mappa.example>",
        as_at=london_time(day, hour),
        contact=Contact(COORDINATOR, Role.COORDINATOR, "", "01632 960101", Role.COORDINATOR),
    )
    settings = MailSettings.model_construct(mail_from="mappa@agency.example", desk_url=None)
    return render(envelope, lines, settings, repeat, content)


def text_of(message: EmailMessage) -> str:
    """Return the plain text of an e-mail."""
    part = message.get_body(("plain",))
    assert part is not None
    return str(part.get_content()).strip()


def shown(message: EmailMessage) -> list[str]:
    """Return subject and plain text of an e-mail."""
    return [f"**Subject**: {message['Subject']}", block(text_of(message))]


def besides() -> list[str]:
    """Return samples of what is said of late, gathered, redirected and repeated messages."""
    steps = {step.rung: step for step in steps_of(Release.REFERRAL)[1]}
    first, second, line_manager = steps["-1 month"], steps["-2 weeks"], steps["+1W"]
    late = line_of(Release.REFERRAL, second, rung_on=second.on, late_by_days=3)
    together = [
        line_of(Release.REFERRAL, first, late_by_days=19),
        line_of(Release.REFERRAL, second, rung_on=second.on, late_by_days=3),
    ]
    up = line_of(
        Release.REFERRAL,
        line_manager,
        recipient_role=Role.COORDINATOR.value,
        stands_in_for=Role.LINE_MANAGER.value,
    )
    cases = [
        ("A reminder that goes out after its day", mail([late]), "This should"),
        ("Several rungs of one timescale that go out together", mail(together), "We should"),
        ("A role that has nobody", mail([up]), "We have no"),
        ("An earlier sending that may have arrived", mail([up], repeat=True), "You may have"),
    ]
    return [table(("When", "The message says"), [(when, line_with(message, begin)) for when, message, begin in cases])]


def line_with(message: EmailMessage, begin: str) -> str:
    """Return the line of a message that begins in some way."""
    lines = (line.strip() for line in text_of(message).splitlines())
    return next(line for line in lines if line.startswith(begin))


def state_table() -> str:
    """Return what each state means."""
    assert set(STATES) == set(MessageState), "every state needs its words"
    return table(("State", "Means"), [(code(state.value), STATES[state]) for state in MessageState])
