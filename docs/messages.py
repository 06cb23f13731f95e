"""The page of messages: every e-mail with its trigger, its recipient, its subject and its text."""

from datetime import UTC, datetime, time
from email.message import EmailMessage

from docs.markdown import block, code, page, table
from docs.timescales import RELEASED, SENTENCED, example_calendar
from notifications.rendering import DIGEST, ESCALATION, Envelope, PromptLine, render, subject_for
from notifications.settings import MailSettings
from notifications.wording import IDENTIFIED, kind_words, role_name
from policy.book import shipped_book
from policy.calendar import london_moment
from policy.ladders import Step, due_on, ladder
from policy.vocabulary import Kind, MessageState, Role, Weight

REFERENCE = "LON-2026-000123"
RECIPIENT, NAME = "recipient@agency.example", "Robin Example"
MESSAGE_KIND = {Weight.REMINDER: DIGEST, Weight.ESCALATION: ESCALATION}
INTRODUCTION = f"""
Every e-mail is one of two kinds. A `{DIGEST}` gathers the reminders that one recipient has on one working day. An
`{ESCALATION}` goes at once. Each has a plain text and an HTML part of the same content. A message names a case by its
reference only: no name, no CRN, and no case at all in the subject of a digest. It carries a link to the case where
`MAPPA_DESK_URL` is set. The samples are rendered by the program itself, for the days of
[this example](timescales.md#an-example).
"""
STATES: dict[MessageState, str] = {
    MessageState.PENDING: "It waits for its moment.",
    MessageState.CLAIMED: "A process is sending it; the claim ends by itself after `MAPPA_LEASE_MINUTES`.",
    MessageState.SENT: "The mail server (or the folder) has it, or a person marked it as sent.",
    MessageState.RETRY: "It certainly did not go, and is tried again.",
    MessageState.UNCERTAIN: "Nobody knows whether it went. An escalation is sent again by itself, with the same "
    "Message-ID and a line that it may be a repeat; a digest is left to a person.",
    MessageState.DEAD: "It certainly did not go, and is not tried again: refused for good, or `MAPPA_MAX_TRIES` "
    "tries were made.",
    MessageState.WITHHELD: "It may not go: no recipient, an address that is none, a domain that is not allowed, or "
    "a restricted case. The reason stands beside it.",
    MessageState.CANCELLED: "It was no longer needed: what it asked for was done, or the date had moved.",
}


def page_of_messages() -> str:
    """Return the page."""
    parts = [INTRODUCTION, "## Digest: reminders", digest_words()]
    parts += [part for kind in Kind for part in samples(kind, Weight.REMINDER)]
    parts += ["### New cases identified", *new_cases(), "## Escalation", escalation_words()]
    parts += [part for kind in Kind for part in samples(kind, Weight.ESCALATION)]
    parts += ["## Lines a message may carry besides", *besides(), "## States", state_table()]
    return page("Messages", *parts)


def digest_words() -> str:
    """Return what is true of every digest."""
    return (
        "**Leaves** on a working day, from the policy's hour. What comes up after the day's digest has left waits for "
        "the next working day's."
    )


def escalation_words() -> str:
    """Return what is true of every escalation."""
    return (
        "**Leaves** at once, but not before the policy's hour. Escalations that one sweep raises for one recipient "
        "share a message."
    )


def steps_of(kind: Kind) -> tuple[datetime, tuple[Step, ...]]:
    """Return the due date (as a moment) and the rungs of a kind in the example."""
    policy, calendar = shipped_book().policies[0], example_calendar()
    rule = policy.timescales[kind]
    due = due_on(rule, SENTENCED if kind is Kind.IDENTIFICATION else RELEASED, SENTENCED, calendar)
    return datetime.combine(due, time(0), tzinfo=UTC), ladder(rule, due, SENTENCED, policy, calendar)


def samples(kind: Kind, weight: Weight) -> list[str]:
    """Return the section of one kind of timescale: triggers with their recipients, and one sample."""
    steps = [step for step in steps_of(kind)[1] if step.weight is weight]
    if not steps:
        return []
    rows = [(code(kind), code(step.rung), ", ".join(role_name(role) for role in step.to)) for step in steps]
    sample = mail(weight, [line_of(kind, steps[-1] if weight is Weight.REMINDER else steps[0])])
    return [f"### {kind_words(kind).heading}" + (", overdue" if weight is Weight.ESCALATION else ""),
            table(("Timescale", "Rung", "Recipient"), rows), *shown(sample)]  # fmt: skip


def new_cases() -> list[str]:
    """Return the section of the announcement of a new case."""
    step = steps_of(Kind.IDENTIFICATION)[1][0]
    line = line_of(Kind.IDENTIFICATION, step, rung=IDENTIFIED, recipient_role=Role.COORDINATOR.value)
    return [
        "**Trigger**: the rules have settled the category of a person, and a case is opened. "
        f"**Recipient**: {role_name(Role.COORDINATOR)}. Nothing is owed by it.",
        *shown(mail(Weight.REMINDER, [line])),
    ]


def line_of(kind: Kind, step: Step, **changes: object) -> PromptLine:
    """Return the prompt of one rung of the example."""
    values = {
        "kind": kind.value,
        "reference": REFERENCE,
        "due_on": steps_of(kind)[0].date(),
        "rung": step.rung,
        "rung_on": step.on,
        "late_by_days": 0,
        "weight": step.weight.value,
        "recipient_role": step.to[0],
        "stands_in_for": None,
        "timescale_id": 1,
        "revision": 1,
    }
    return PromptLine(**(values | changes))  # type: ignore[arg-type]


def mail(weight: Weight, lines: list[PromptLine], repeat: bool = False) -> EmailMessage:
    """Return the e-mail that carries these prompts on the day of the last of them. No setting is read."""
    day, kind = lines[-1].rung_on, MESSAGE_KIND[weight]
    hour = time(shipped_book().policies[0].prompting.from_hour)
    envelope = Envelope(
        kind=kind,
        area="London",
        recipient=RECIPIENT,
        recipient_name=NAME,
        subject=subject_for(kind, lines, day),
        header_id="<sample@mappa.example>",
        as_at=london_moment(day, hour),
    )
    settings = MailSettings.model_construct(mail_from="mappa@agency.example", desk_url=None)
    return render(envelope, lines, settings, repeat)


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
    steps = {step.rung: step for step in steps_of(Kind.REFERRAL)[1]}
    first, second, line_manager = steps["-1 month"], steps["-2 weeks"], steps["+1W"]
    late = line_of(Kind.REFERRAL, second, rung_on=second.on, late_by_days=3)
    together = [line_of(Kind.REFERRAL, first, late_by_days=16), line_of(Kind.REFERRAL, second)]
    up = line_of(
        Kind.REFERRAL, line_manager, recipient_role=Role.COORDINATOR.value, stands_in_for=Role.LINE_MANAGER.value
    )
    cases = [
        ("A reminder that goes out after its day", mail(Weight.REMINDER, [late]), "Sent late"),
        ("Several rungs of one timescale that go out together", mail(Weight.REMINDER, together), "Reminders of"),
        ("A role that has nobody", mail(Weight.ESCALATION, [up]), "You get this because"),
        ("An earlier sending that may have arrived", mail(Weight.ESCALATION, [up], repeat=True), "This may be"),
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
