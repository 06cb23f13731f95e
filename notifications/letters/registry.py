"""What the record adds to a message at the moment of its sending."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime

from sqlalchemy.orm import Session

from notifications.claim import Claim
from notifications.letters.absences import attendance_letter, gp_letter
from notifications.letters.actions import actions
from notifications.letters.besides import besides
from notifications.letters.blank_forms import forms_for
from notifications.letters.disclosures import to_be_made
from notifications.letters.events import event
from notifications.letters.letter import NOTHING_ADDED, Letter
from notifications.letters.lines import PromptLine
from notifications.letters.meetings import cancellation, invitation, minutes, no_longer_invited
from notifications.letters.referrals import outcome, returned
from notifications.letters.rendering import DIGEST, ESCALATION
from notifications.letters.source import Source
from policy.calendar import london_date
from policy.letters import MessageKind

GATHERS = frozenset(kind.value for kind in MessageKind if kind.spec.gathers)
LETTERS: dict[str, Callable[[Source], Letter]] = {
    MessageKind.REFERRAL_RETURNED: returned,
    MessageKind.SCREENING_OUTCOME: outcome,
    MessageKind.INVITATION: invitation,
    MessageKind.CANCELLATION: cancellation,
    MessageKind.INVITATION_TAKEN_BACK: no_longer_invited,
    MessageKind.ACTIONS: actions,
    MessageKind.MINUTES: minutes,
    MessageKind.ATTENDANCE_LETTER: attendance_letter,
    MessageKind.GP_LETTER: gp_letter,
    MessageKind.DISCLOSURE: to_be_made,
    MessageKind.EVENT: event,
}


def letter_of(session: Session, claim: Claim, lines: Sequence[PromptLine], as_at: datetime) -> Letter | None:
    """Return what the record adds to a message now; None where it has nothing to add."""
    day = london_date(as_at)
    if claim.kind in GATHERS:
        forms = forms_for(session, claim, lines, day) if claim.kind in (DIGEST, ESCALATION) else None
        return replace(forms or NOTHING_ADDED, besides=besides(session, claim, lines, day))
    write = LETTERS.get(claim.kind)
    return write(Source(session, claim, lines, day)) if write else None
