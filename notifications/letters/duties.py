"""What an escalation says of a duty: whose it is, since when it is overdue, and who was asked and when."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from models.obligations import Message, Prompt, Timescale
from models.record import policies
from notifications.claim import Claim
from notifications.letters.rendering import PromptLine
from policy.announcements import announcement_of
from policy.calendar import london_date
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
    policy = policies(session).for_area(claim.area, today)
    ids = {line.timescale_id for line in lines}
    query = select(Timescale.id, Timescale.owner_role, Timescale.owner_agency).where(Timescale.id.in_(ids))
    owners = {row.id: (row.owner_role, policy.agency_name(row.owner_agency)) for row in session.execute(query)}
    before = asked_before(session, claim, ids)
    return [
        replace(
            line,
            duty=duty_words(
                *owners[line.timescale_id],
                line.due_on,
                today,
                before.get(identity(line), ()),
                own=line.audience == line.recipient_role == owners[line.timescale_id][0],
            ),
        )
        for line in lines
    ]


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
            Prompt.recipient,
            Message.state,
            func.coalesce(Message.sent_at, Prompt.raised_at).label("at"),
        )
        .join(Message, Message.id == Prompt.message_id)
        .where(Prompt.timescale_id.in_(ids), Prompt.message_id != claim.id, Prompt.withdrawn.is_(None))
        .where(Message.state.in_(ARRIVED))
        .order_by("at", Prompt.id)
    )
    found: dict[tuple[int, int], list[Asked]] = {}
    for row in session.execute(query):
        announced = announcement_of(row.rung)
        if announced is None or not announced.spec.informs:
            asked = Asked(row.recipient_role, london_date(row.at), ARRIVED[row.state], row.recipient == claim.recipient)
            found.setdefault((row.timescale_id, row.revision), []).append(asked)
    return found


def duty_words(
    owner: str, agency: str, due_on: date, today: date, asked: Sequence[Asked], own: bool = False
) -> tuple[str, ...]:
    """Return the sentences on a duty, the reader's ``own`` or not. ``asked``: in the order of the days."""
    whose = "This is for you to do." if own else f"This is for the {role_name(owner)} ({agency}) to do."
    return whose, since_when(due_on, today), *asked_words(asked, today)


def since_when(due_on: date, today: date) -> str:
    """Return since when a duty is overdue; where its day has not ended, that it is not overdue."""
    if due_on < today:
        return f"It has been overdue since {near_date(due_on + timedelta(days=1), today)}."
    if due_on == today:
        return "It is due today and is not overdue yet."
    return f"It is due on {near_date(due_on, today)} and is not overdue yet."


def asked_words(asked: Sequence[Asked], today: date) -> list[str]:
    """Return who was asked and when, each role once, and which e-mails did not arrive for sure."""
    days: dict[tuple[str, str], dict[date, None]] = {}
    for one in asked:
        days.setdefault((one.what_became, one.who), {})[one.on] = None
    told: dict[str, list[str]] = {}
    for (what_became, who), on in days.items():
        told.setdefault(what_became, []).append(f"{who} on {listed(near_date(day, today) for day in on)}")
    if not told:
        return ["We have asked nobody before you."]
    sent = [f"We have asked {'; '.join(told[''])}."] if "" in told else []
    return sent + [
        f"We {'also ' if sent else ''}tried to reach {'; '.join(parts)}: {what_became}."
        for what_became, parts in told.items()
        if what_became
    ]
