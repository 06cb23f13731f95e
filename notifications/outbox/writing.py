"""The e-mail of a message, written at the moment of sending: its prompts, and what the record adds to them."""

from collections.abc import Sequence
from datetime import datetime
from email.message import EmailMessage

from sqlalchemy.orm import Session

from notifications.claim import Claim
from notifications.letters.duties import with_duties, with_owners
from notifications.letters.letter import Contact
from notifications.letters.registry import letter_of
from notifications.letters.rendering import DIGEST, ESCALATION, Envelope, render
from notifications.letters.states import with_states
from notifications.outbox.contents import Carried, subject_line
from notifications.recipients import directory_of
from notifications.settings import MailSettings
from policy.calendar import london_date
from policy.letters import MessageKind


def written(
    session: Session,
    claim: Claim,
    recipient: str,
    prompts: Sequence[Carried],
    fewer: bool,
    as_at: datetime,
    settings: MailSettings,
) -> tuple[str, EmailMessage]:
    """Return the subject and the e-mail of a message; one that carries fewer prompts gets a subject that says so."""
    lines = [prompt.line for prompt in prompts]
    subject = subject_line(claim, lines) if fewer else claim.subject
    contact = contact_for(session, claim.area, recipient, as_at)
    envelope = Envelope(
        claim.kind, claim.area, recipient, claim.recipient_name, subject, claim.header_id, as_at, contact
    )
    if claim.kind in (DIGEST, ESCALATION, MessageKind.EVENT):
        lines = with_states(session, lines, as_at)
    letter = letter_of(session, claim, lines, as_at)
    if claim.kind == ESCALATION:
        lines = with_duties(session, claim, lines, as_at)
    elif claim.kind == MessageKind.STUCK_LIST:
        lines = with_owners(session, claim, lines, as_at)
    return subject, render(envelope, lines, settings, claim.repeat, letter)


def contact_for(session: Session, area: str, reader: str, as_at: datetime) -> Contact | None:
    """Return who of the MAPPA unit gets the answers to a message, by the directory of the day; not its reader."""
    directory = directory_of(session, area, london_date(as_at))
    found = directory.unit_contact(area, besides=reader)
    if found is None:
        return None
    return Contact(found.email, found.role, found.name or "", *directory.unit_telephone(area, besides=reader))
