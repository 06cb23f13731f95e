"""What an escalation says of a duty: whose it is, and who was asked and when. Its row says since when it is due."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from models.obligations import Message, Prompt, Timescale
from models.record import policies
from notifications.claim import Claim
from notifications.letters.lines import PromptLine
from policy.announcements import announcement_of
from policy.calendar import london_date
from policy.kinds import Events, Meetings
from policy.letters import MessageKind
from policy.roles import Role
from policy.vocabulary import MessageState
from policy.words import listed, near_date, role_name

UNCERTAIN = "it is not known whether it arrived"
FAILED = "it did not arrive"
HELD_BACK = "no e-mail could be sent"
ARRIVED: dict[str, str] = {
    MessageState.SENT: "",
    MessageState.UNCERTAIN: UNCERTAIN,
    MessageState.DEAD: FAILED,
    MessageState.WITHHELD: HELD_BACK,
}


SAYS_ITS_AGENCY = (
    Role.COORDINATOR,
    Role.ADMINISTRATOR,
    Role.CHAIR,
    Role.OFFENDER_MANAGER,
    Role.POLICE_OFFENDER_MANAGER,
    Role.PRISON_OFFENDER_MANAGEMENT,
    Role.RECEIVING_COORDINATOR,
)
"""Roles that a reader knows without their agency."""


@dataclass(frozen=True, slots=True)
class Owner:
    """Whose duty something is: their role, and the name of their agency."""

    role: str
    agency: str

    @property
    def whose(self) -> str:
        """Return the sentence that says it."""
        agency = "" if self.role in SAYS_ITS_AGENCY else f" ({self.agency})"
        return f"This is for the {role_name(self.role)}{agency} to do."


@dataclass(frozen=True, slots=True)
class Asked:
    """One e-mail that asked a role for a duty. ``what_became``: what is known of it, "" where it was sent.

    ``reader``: it went to whoever reads this one.
    """

    role: str
    on: date
    what_became: str = ""
    reader: bool = False

    @property
    def who(self) -> str:
        """Return who was asked, as a sentence to this reader says it."""
        return "you" if self.reader else f"the {role_name(self.role)}"


def with_duties(session: Session, claim: Claim, lines: Sequence[PromptLine], as_at: datetime) -> list[PromptLine]:
    """Return the lines of an escalation, each with what it says of its duty."""
    today = london_date(as_at)
    owners = owners_of(session, claim, lines, today)
    before = asked_before(session, claim, owners)
    return [with_duty(line, owners[line.timescale_id], before.get(identity(line), ()), today) for line in lines]


def with_duty(line: PromptLine, owner: Owner, asked: Sequence[Asked], today: date) -> PromptLine:
    """Return a line of an escalation with what it says of its duty. ``asked``: in the order of the days."""
    own = line.audience == line.recipient_role == owner.role
    if own:
        # That nobody else was asked is no news to whoever has to do it.
        before = asked_words(asked, today) if asked else []
        return replace(line, own=True, duty=("This is for you to do.", *before))
    return replace(line, own=False, duty=(owner.whose, *asked_words(asked, today)))


def with_owners(session: Session, claim: Claim, lines: Sequence[PromptLine], as_at: datetime) -> list[PromptLine]:
    """Return the lines of a list, each with whose duty it is."""
    owners = owners_of(session, claim, lines, london_date(as_at))
    return [replace(line, duty=(owners[line.timescale_id].whose,)) for line in lines]


def owners_of(session: Session, claim: Claim, lines: Iterable[PromptLine], today: date) -> dict[int, Owner]:
    """Return whose duty each line is about, by timescale."""
    policy = policies(session).for_area(claim.area, today)
    ids = {line.timescale_id for line in lines}
    query = select(Timescale.id, Timescale.owner_role, Timescale.owner_agency).where(Timescale.id.in_(ids))
    return {row.id: Owner(row.owner_role, policy.agency_name(row.owner_agency)) for row in session.execute(query)}


def identity(line: PromptLine) -> tuple[int, int]:
    """Return what the prompts of one due date share."""
    return line.timescale_id, line.revision


def asked_before(session: Session, claim: Claim, ids: Iterable[int]) -> dict[tuple[int, int], list[Asked]]:
    """Return who was asked so far by other messages, by timescale and revision; what only tells asks nobody."""
    query = (
        select(
            Prompt.timescale_id,
            Prompt.revision,
            Prompt.rung,
            Prompt.recipient_role,
            Prompt.stands_in_for,
            Prompt.recipient,
            Timescale.kind,
            Timescale.owner_role,
            Message.kind.label("letter"),
            Message.state,
            func.coalesce(Message.sent_at, Prompt.raised_at).label("at"),
        )
        .join(Message, Message.id == Prompt.message_id)
        .join(Timescale, Timescale.id == Prompt.timescale_id)
        .where(Prompt.timescale_id.in_(ids), Prompt.message_id != claim.id, Prompt.withdrawn.is_(None))
        .where(Message.state.in_(ARRIVED))
        .order_by("at", Prompt.id)
    )
    found: dict[tuple[int, int], list[Asked]] = {}
    for row in session.execute(query):
        if asks_for_it(row):
            asked = Asked(row.recipient_role, london_date(row.at), ARRIVED[row.state], row.recipient == claim.recipient)
            found.setdefault((row.timescale_id, row.revision), []).append(asked)
    return found


def asks_for_it(row: Any) -> bool:
    """Tell whether a prompt asked its reader for the duty itself.

    Whoever is invited is asked to come, and to record nothing; the letter about an event asks for the review whose
    duty that is, and tells the others.
    """
    announced = announcement_of(row.rung)
    audience = row.stands_in_for or row.recipient_role
    if announced is not None and announced.spec.informs:
        return False
    if row.kind == Meetings.MEETING:
        return bool(audience != Role.INVITEE)
    return not (row.kind == Events.EVENT_REVIEW and row.letter == MessageKind.EVENT and audience != row.owner_role)


def asked_words(asked: Sequence[Asked], today: date) -> list[str]:
    """Return who was asked and when, each role once, and which e-mails did not arrive for sure."""
    days: dict[tuple[str, str], dict[date, None]] = {}
    for one in asked:
        days.setdefault((one.what_became, one.who), {})[one.on] = None
    told: dict[str, list[str]] = {}
    for (what_became, who), on in days.items():
        told.setdefault(what_became, []).append(f"{who} on {listed(near_date(day, today) for day in on)}")
    if not told:
        return ["We have not asked anybody else yet."]
    sent = [f"We asked {'; '.join(told[''])}."] if "" in told else []
    return sent + [
        f"We {'also ' if sent else ''}tried to reach {'; '.join(parts)}: {what_became}."
        for what_became, parts in told.items()
        if what_became
    ]
