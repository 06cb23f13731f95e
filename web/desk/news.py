"""Since you were last here: what others recorded meanwhile, counted by kind and listed with its cases."""

from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session
from starlette.responses import Response

from casework.recording.registry import KINDS
from models.cases import Case, Fact
from policy.vocabulary import FactKind
from web.access.relations import readable
from web.access.rights import Action
from web.desk.paging import paged
from web.pages import page
from web.routes import Pages
from web.visit import Visit

PAGES = Pages()
NEWS_FOR = timedelta(days=14)
"""What is older is no news, however long somebody was away."""


def is_news(visit: Visit) -> Sequence[ColumnElement[bool]] | None:
    """Return the conditions of a fact that is news for the reader; None for whoever was never here."""
    if visit.visited_before is None:
        return None
    since = max(visit.visited_before, visit.as_at - NEWS_FOR)
    return (
        Fact.recorded_at > since, Fact.recorded_by != visit.reader.name, readable(visit.reader, visit.as_at),
    )  # fmt: skip


def news(session: Session, visit: Visit) -> list[tuple[str, str, int]]:
    """Return what others recorded since the reader was last here: the kind of fact, its title, how many."""
    conditions = is_news(visit)
    if conditions is None:
        return []
    number = func.count(Fact.id)
    query = select(Fact.kind, number.label("number")).join(Case, Case.id == Fact.case_id).where(*conditions)
    found = session.execute(query.group_by(Fact.kind).order_by(number.desc(), Fact.kind))
    return [(row.kind, KINDS[FactKind(row.kind)].title, row.number) for row in found]


@PAGES.get("/news", Action.SIGNED_IN)
def listed(visit: Visit) -> Response:
    """Show what others recorded, the newest first; of one kind where the address asks for it."""
    conditions, kind = is_news(visit), visit.query.get("kind", "")
    with visit.record.reading() as session:
        counts = news(session, visit)
        shown = [one for one in counts if kind in ("", one[0])]
        pages = paged(visit, sum(number for _, _, number in shown))
        query = select(Fact.kind, Fact.recorded_at, Fact.recorded_by, Case.reference).join(
            Case, Case.id == Fact.case_id
        )
        query = query.where(*(conditions or ()), Fact.kind.in_([one[0] for one in shown]))
        ordered = query.order_by(Fact.recorded_at.desc(), Fact.id.desc()).limit(pages.size).offset(pages.offset)
        rows = [(KINDS[FactKind(row.kind)].title, row) for row in session.execute(ordered)]
        return page(visit, "news.html", rows=rows, counts=counts, kind=kind, pages=pages)
