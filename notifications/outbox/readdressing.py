"""Who is asked at the moment of sending: whoever holds the role then, not who held it when the prompt was raised.

Between the two an officer changes and a leaver's entry ends. A rung is never lost with the person: it goes to whoever
holds the role now, up the line where nobody does, and is withheld where the one asked has left and nobody follows. The
same goes for an address that sends e-mail back.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import bindparam, select, update
from sqlalchemy.orm import Session

from models.audit import Change
from models.directory import DirectoryEntry
from models.hand_overs import deputies_on
from models.obligations import Prompt
from models.record import policies
from models.replies import returned_addresses
from notifications.claim import Claim
from notifications.outbox.contents import Carried, set_apart
from notifications.prompts.queueing import NOBODY
from notifications.prompts.raising import TIMESCALES, with_case
from notifications.recipients import Recipient, directory_of, or_colleague
from policy.addresses import normal
from policy.announcements import Announcement, announcement_of
from policy.book import PolicyError
from policy.calendar import london_date
from policy.roles import role_and_agency
from policy.vocabulary import MessageState

LOOKED_UP = (None, Announcement.IDENTIFIED, Announcement.RECEIVED)
"""What goes to the holder of a role: the rungs of a ladder, and these; any other announcement goes to people."""
ASKED_ALREADY = "its new recipient has been asked already"
# Built once: they run for every message that leaves.
OF_TIMESCALES = with_case().where(TIMESCALES.c.id.in_(bindparam("timescales", expanding=True)))
POSTS = (
    select(DirectoryEntry.email, DirectoryEntry.agency, DirectoryEntry.valid_to)
    .where(DirectoryEntry.email.in_(bindparam("addresses", expanding=True)))
    .order_by(DirectoryEntry.id)
)


@dataclass(frozen=True, slots=True)
class Holders:
    """What tells who holds a role now, read once for all the messages that are about to leave.

    ``rows``: the timescales with what their case says, by id. ``posts``: the agency and the last day of each entry of
    the directory, by address. ``returned``: the addresses that send e-mail back.
    """

    session: Session
    as_at: datetime
    rows: Mapping[int, Any]
    posts: Mapping[str, Sequence[tuple[str, date | None]]]
    returned: frozenset[str] = frozenset()

    def has_left(self, address: str) -> bool:
        """Tell whether nobody is reached by an address: it sends e-mail back, or each of its entries has ended.

        Somebody whom the directory does not know has not left.
        """
        if normal(address) in self.returned:
            return True
        today = london_date(self.as_at)
        ends = [end for _, end in self.posts.get(normal(address), ())]
        return bool(ends) and all(end is not None and end < today for end in ends)

    def agencies_left_by(self, address: str) -> set[str]:
        """Return the agencies for which the directory had an address; none for somebody whom it never knew."""
        return {agency for agency, _ in self.posts.get(normal(address), ())}


def holders(session: Session, claims: Iterable[Claim], prompts: Sequence[Carried], as_at: datetime) -> Holders:
    """Read what tells who gets the prompts of some claimed messages now: three queries, however many there are."""
    ids = {"timescales": sorted({one.line.timescale_id for one in prompts})}
    rows = {row.id: row for row in session.connection().execute(OF_TIMESCALES, ids)}
    named = (email for row in rows.values() for people in (row.named or {}).values() for email, _ in people)
    asked = (*(claim.recipient for claim in claims), *(one.first for one in prompts), *named)
    posts: dict[str, list[tuple[str, date | None]]] = defaultdict(list)
    for email, agency, until in session.execute(POSTS, {"addresses": sorted(set(map(normal, asked)))}):
        posts[email].append((agency, until))
    return Holders(session, as_at, rows, posts, returned_addresses(session))


def addressed_anew(known: Holders, claim: Claim, prompts: Sequence[Carried]) -> tuple[list[Carried], list[Change]]:
    """Move the prompts of a message that are for somebody else now to messages of their own.

    Returns those that stay, and what to write down. Where a person has given the message its address, it stands.
    """
    ours = [one for one in prompts if normal(one.line.recipient) == normal(claim.recipient)]
    moved: dict[tuple[str, str], list[tuple[Carried, Recipient | None]]] = defaultdict(list)
    for one in ours:
        row = known.rows[one.line.timescale_id]
        now = holder_now(known, row, one)
        if now is None and not known.has_left(claim.recipient):
            continue
        if now is None or normal(now.email) != normal(claim.recipient):
            moved[row.area, now.email if now else ""].append((one, now))
    entries: list[Change] = []
    for group in moved.values():
        entries += hand_on(known, claim, group)
    gone = {one.prompt_id for group in moved.values() for one, _ in group}
    return [one for one in prompts if one.prompt_id not in gone], entries


def holder_now(known: Holders, row: Any, prompt: Carried) -> Recipient | None:
    """Return who gets a prompt by the case and the directory of the day; whom it has where people are named for it."""
    line = prompt.line
    if announcement_of(line.rung) not in LOOKED_UP:
        return Recipient(line.recipient, None, line.recipient_role, line.stands_in_for)
    deputies = deputies_on(known.session, london_date(known.as_at))
    return or_colleague(owner_now(known, row, prompt), row.area, deputies)


def owner_now(known: Holders, row: Any, prompt: Carried) -> Recipient | None:
    """Return for whom a prompt is by the case and the directory of the day, away or not."""
    line = prompt.line
    whose = line.away_email or line.recipient
    asked = Recipient(whose, None, line.recipient_role, line.stands_in_for)
    role = line.stands_in_for or line.recipient_role
    agencies = agencies_of(row, line.rung, role)
    named = (row.named or {}).get(role, ())
    if named:
        first = normal(prompt.first)
        if not known.has_left(first) or first not in {normal(email) for email, _ in named}:
            there = [(email, name) for email, name in named if not known.has_left(email)]
            if any(normal(email) == normal(whose) for email, _ in there):
                return asked
            if there:
                return Recipient(there[0][0], there[0][1] or None, role)
        # The others who are named have prompts of their own: who follows in the agency of the one who left is asked.
        agencies = known.agencies_left_by(first) or agencies
    today = london_date(known.as_at)
    book = policies(known.session)
    try:
        fallback = book.version(row.policy_version).fallback
    except PolicyError:
        fallback = book.for_area(row.area, today).fallback
    if len(agencies) > 1:
        # The prompt does not say for which of them it was raised.
        return asked
    return directory_of(known.session, row.area, today).resolve(row, role, agencies.pop(), fallback)


def agencies_of(row: Any, rung: str, role: str) -> set[str]:
    """Return the agencies of which a rung asks a role: those that its ladder names, else that of the duty's owner."""
    owner = row.lead_agency if row.owner_agency == "lead_agency" else row.owner_agency
    asked = [role_and_agency(to) for step in row.ladder if step["rung"] == rung for to in step["to"]]
    return {agency or owner for one, agency in asked if one == role} or {owner}


def hand_on(known: Holders, claim: Claim, group: Sequence[tuple[Carried, Recipient | None]]) -> list[Change]:
    """Give prompts their new recipient, in a message of their own; what that one was asked already is withdrawn."""
    session, now = known.session, group[0][1]
    entries, left = [], []
    for one, recipient in group:
        line = one.line
        address = recipient.email if recipient else ""
        same = (Prompt.timescale_id == line.timescale_id, Prompt.revision == line.revision, Prompt.rung == line.rung)
        asked = session.scalar(select(Prompt.id).where(*same, Prompt.recipient == address, Prompt.id != one.prompt_id))
        values: dict[str, Any] = {"withdrawn": ASKED_ALREADY}
        if asked is None:
            left.append(one)
            values = {"recipient": address, "first_recipient": one.first}
            if recipient is not None:
                values |= {"recipient_role": recipient.role, "stands_in_for": recipient.stands_in_for,
                           "hand_over_id": recipient.hand_over}  # fmt: skip
        changed = update(Prompt).where(Prompt.id == one.prompt_id).values(values)
        session.execute(changed, execution_options={"synchronize_session": False})
        row = known.rows[line.timescale_id]
        told = {"rung": line.rung, "revision": line.revision}
        before = told | {"recipient": line.recipient}
        after = told | {"recipient": address, "withdrawn": values.get("withdrawn")}
        entries.append(Change(f"case/{row.case_id}", "prompt-readdressed", f"timescale {row.id}", before, after))
    if left:
        state = MessageState.WITHHELD if now is None else MessageState.PENDING
        reason = NOBODY if now is None else None
        name = now.name if now else None
        entries.append(set_apart(session, claim, left, known.as_at, state, reason, (now.email if now else "", name)))
    return entries
