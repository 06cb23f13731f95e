"""Changes on cases as a feed: that something changed, not what it is."""

from collections.abc import Sequence
from dataclasses import dataclass

from pydantic import Field
from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from models.audit import AuditEntry
from models.audit_feed import settled_until
from models.cases import Case
from policy.errors import UnavailableError
from views.model import Moment, View

WINDOW = 2000
"""Entries that are looked at in one go, of whichever case: a token of a small area must not walk the whole trail."""
OF_CASES = "case/"


class ChangeView(View, title="Change"):
    """That something changed on a case. What it is now, the case itself says."""

    number: int = Field(description="The number of its entry in the audit trail.", examples=[1042])
    what: str = Field(description="What was done.", examples=["recorded-referral"])
    case: str = Field(description="The reference of the case.", examples=["LON-2026-000001"])
    at: Moment = Field(description="When.")


@dataclass(frozen=True, slots=True)
class Feed:
    """A part of the feed. ``mark``: where to go on; ``more``: there is more already."""

    changes: Sequence[ChangeView]
    mark: int
    more: bool


def present_mark(session: Session) -> int:
    """Return the mark from which a feed begins that is to tell only of what comes."""
    newest = settled_until(session)
    if newest is None:
        raise UnavailableError("somebody is writing much just now", to_do="ask again in a minute")
    return newest


def feed(session: Session, after: int, limit: int, readable: ColumnElement[bool]) -> Feed:
    """Return the changes after a mark on the cases that meet a condition, in the order of their numbers.

    What is still being written is not passed over: it comes the next time.
    """
    newest = settled_until(session)
    if newest is None or newest <= after:
        return Feed([], after, more=False)
    end = min(newest, after + WINDOW)
    query = select(AuditEntry.id, AuditEntry.chain, AuditEntry.action, AuditEntry.at).where(
        AuditEntry.id > after, AuditEntry.id <= end, AuditEntry.chain.startswith(OF_CASES, autoescape=True)
    )
    rows = [(row, int(row.chain.removeprefix(OF_CASES))) for row in session.execute(query.order_by(AuditEntry.id))]
    ids = {case_id for _, case_id in rows}
    of_cases = select(Case.id, Case.reference).where(Case.id.in_(ids), readable)
    known = {row.id: row.reference for row in session.execute(of_cases.order_by(Case.id))}
    found = [
        ChangeView(number=row.id, what=row.action, case=known[case_id], at=row.at)
        for row, case_id in rows
        if case_id in known
    ]
    if len(found) > limit:
        return Feed(found[:limit], found[limit - 1].number, more=True)
    return Feed(found, end, more=end < newest)
