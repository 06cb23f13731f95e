"""The forms that somebody has in hand: to go on with, or to put down."""

from sqlalchemy import select
from starlette.responses import Response

from casework.recording.drafts import put_down
from casework.recording.registry import KINDS
from models.cases import Case, Draft
from models.people import Person
from policy.vocabulary import FactKind
from web.access.rights import Action
from web.pages import go, page
from web.routes import Pages
from web.visit import Visit

PAGES = Pages()


@PAGES.get("/drafts", Action.SIGNED_IN)
def drafts(visit: Visit) -> Response:
    """Show the reader's own drafts, the newest first, each with the case it is about."""
    mine = (
        select(Draft.ticket, Draft.kind, Draft.kept_at, Draft.reasons, Case.reference)
        .join(Person, Person.crn == Draft.crn)
        .join(Case, Case.person_id == Person.id)
        .where(Draft.owner == visit.reader.email, Draft.settled_at.is_(None))
        .where(Case.id == select(Case.id).where(Case.person_id == Person.id).order_by(Case.id.desc()).limit(1)
               .correlate(Person).scalar_subquery())
        .order_by(Draft.kept_at.desc(), Draft.id.desc())
    )  # fmt: skip
    with visit.record.reading() as session:
        rows = [(row, KINDS[FactKind(row.kind)].title) for row in session.execute(mine)]
        return page(visit, "drafts.html", rows=rows)


@PAGES.post("/drafts/drop", Action.SIGNED_IN)
def drop(visit: Visit) -> Response:
    """Put a draft down for good."""
    with visit.record.writing() as session:
        put_down(session, visit.text("ticket"), visit.reader.email, actor=visit.actor(), as_at=visit.as_at)
    return go("/drafts")
