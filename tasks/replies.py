"""Replies: what comes back of e-mails reaches the record; addresses that send them back are told further up.

The mailbox is looked into while no transaction is open. Each e-mail is a transaction of its own: what it changes, that
it was handled, and how far the mailbox is read. So whatever is cut off in between is read again, and handled once.
"""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.cases import FAILURE, Problem
from models.checkpoints import checkpoint
from models.record import settings_of
from models.replies import Mailbox, ReturnedAddress
from notifications.inbox.mailbox import MailboxTrouble, Place, mailbox_name, visit
from notifications.inbox.reading import incoming
from notifications.inbox.recording import record
from notifications.outbox.carrier import ask_later, heard, to_ask
from notifications.outbox.notify import NotifyTransport
from notifications.outbox.returned import tell
from notifications.outbox.route import RESTS
from notifications.settings import MailSettings
from policy.calendar import london_date
from tasks.stage import Id, Outcome, Stage

NAME = "replies"
MAILBOX, CARRIER = "mailbox", "carrier"
AT_ONCE = 100
"""So many messages the carrier is asked about in one run; the next one goes on."""
TROUBLE = "reading the mailbox"
"""The subject of the problem that the mailbox cannot be read."""


def waiting(session: Session, as_at: datetime, area: str | None = None, limit: int | None = None) -> list[Id]:
    """Return the addresses of which somebody is to be told, the carrier where it is to be asked, and the mailbox.

    Carrier and mailbox belong to no area.
    """
    query = select(ReturnedAddress.id).where(ReturnedAddress.tell_at.is_not(None))
    if area is not None:
        query = query.where(ReturnedAddress.area == area)
    ids: list[Id] = list(session.scalars(query.order_by(ReturnedAddress.tell_at, ReturnedAddress.id)))
    settings = settings_of(session, MailSettings)
    if area is None and settings.transport == "notify" and to_ask(session, as_at, 1):
        ids.append(CARRIER)
    if area is None and is_due(session, settings, as_at):
        ids.append(MAILBOX)
    return ids[:limit]


def is_due(session: Session, settings: MailSettings, as_at: datetime) -> bool:
    """Tell whether the mailbox is to be read: so many minutes after the last time, or once its fault has rested.

    A last time that lies ahead counts for nothing: time is being replayed.
    """
    if not settings.imap_host:
        return False
    fault = open_fault(session)
    if fault is not None and fault.next_try_at is not None and fault.next_try_at > as_at:
        return False
    read_at = session.scalar(select(Mailbox.read_at).where(Mailbox.name == mailbox_name(settings)))
    return read_at is None or not as_at - timedelta(minutes=settings.imap_minutes) < read_at <= as_at


def handle(session: Session, ids: Sequence[Id], as_at: datetime) -> list[Outcome]:
    """Tell those above whom an address did not reach, ask the carrier, and read the mailbox."""
    return [OUTSIDE[one](session, as_at) if isinstance(one, str) else told(session, one, as_at) for one in ids]


def told(session: Session, mark_id: int, as_at: datetime) -> Outcome:
    """Tell what did not reach an address, and let the meetings to which it is invited be looked at."""
    raised = tell(session, mark_id, as_at)
    return Outcome(f"address {mark_id}", "done", f"told further up: {raised}")


def read(session: Session, as_at: datetime) -> Outcome:
    """Read what is new in the mailbox and bring it to the record, one e-mail a transaction."""
    settings = settings_of(session, MailSettings)
    known = mailbox_of(session, settings)
    place = Place(known.uid_validity, known.last_uid)
    session.commit()
    try:
        found = visit(settings, place, london_date(as_at))
    except MailboxTrouble as trouble:
        note_trouble(session, str(trouble), as_at)
        return Outcome(MAILBOX, "failed", str(trouble))
    checkpoint("replies.read")
    counts: Counter[str] = Counter()
    for uid, content in found.messages:
        handled = record(session, incoming(content), as_at)
        counts["handled before" if handled is None else f"{handled.kind} {handled.outcome}"] += 1
        move_on(session, settings, Place(found.place.uid_validity, uid))
        session.commit()
        checkpoint("replies.recorded")
    move_on(session, settings, found.place).read_at = None if found.more else as_at
    end_trouble(session, as_at)
    counted = ", ".join(f"{number} {what.replace('_', ' ')}" for what, number in sorted(counts.items()))
    return Outcome(MAILBOX, "done", counted or "nothing new")


def asked(session: Session, as_at: datetime) -> Outcome:
    """Ask the carrier what became of messages it has taken, with no transaction open; each answer is one of its own."""
    settings = settings_of(session, MailSettings)
    waits = to_ask(session, as_at, AT_ONCE)
    session.commit()
    counts: Counter[str] = Counter()
    with NotifyTransport(settings) as carrier:
        for one in waits:
            state = carrier.state_of(one.carrier_id)
            if state is None:
                ask_later(session, waits, as_at)
                return Outcome(CARRIER, "failed", "GOV.UK Notify does not say what became of messages")
            heard(session, one, state, as_at, settings)
            session.commit()
            counts[state] += 1
    return Outcome(CARRIER, "done", ", ".join(f"{number} {state}" for state, number in sorted(counts.items())))


def mailbox_of(session: Session, settings: MailSettings) -> Mailbox:
    """Return how far the mailbox is read, locked."""
    name = mailbox_name(settings)
    known = session.scalar(select(Mailbox).where(Mailbox.name == name).with_for_update())
    if known is None:
        known = Mailbox(name=name, uid_validity=0, last_uid=0)
        session.add(known)
        session.flush()
    return known


def move_on(session: Session, settings: MailSettings, place: Place) -> Mailbox:
    """Write down how far the mailbox is read; another process may have come further."""
    known = mailbox_of(session, settings)
    if known.uid_validity != place.uid_validity:
        known.uid_validity, known.last_uid = place.uid_validity, place.last_uid
    known.last_uid = max(known.last_uid, place.last_uid)
    return known


def open_fault(session: Session) -> Problem | None:
    """Return the problem that the mailbox cannot be read, None where there is none."""
    mine = (Problem.stage == NAME, Problem.subject == TROUBLE, Problem.resolved_at.is_(None))
    return session.scalar(select(Problem).where(*mine).order_by(Problem.id).limit(1))


def note_trouble(session: Session, why: str, as_at: datetime) -> None:
    """Write down that the mailbox cannot be read; the rest before the next try grows from five minutes to an hour."""
    fault = open_fault(session)
    if fault is None:
        fault = Problem(stage=NAME, subject=TROUBLE, kind=FAILURE, reason=why, tries=0, first_seen_at=as_at,
                        last_seen_at=as_at)  # fmt: skip
        session.add(fault)
    fault.tries += 1
    fault.reason, fault.last_seen_at = why, as_at
    fault.next_try_at = as_at + RESTS[min(fault.tries, len(RESTS)) - 1]


def end_trouble(session: Session, as_at: datetime) -> None:
    """Close the problem: the mailbox has been read."""
    fault = open_fault(session)
    if fault is not None:
        fault.resolved_at = as_at


OUTSIDE = {MAILBOX: read, CARRIER: asked}
# It reaches outside the record: a dry run only says what waits.
STAGE = Stage(NAME, "replies", waiting, handle, rehearses=False)
