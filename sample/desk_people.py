"""The page of a demo on which one chooses who to be. It stands here, so that no desk outside a demo can have it."""

from sqlalchemy import func, select
from sqlalchemy.orm import Session
from starlette.responses import Response

from models.cases import Case
from models.directory import DirectoryEntry
from policy.errors import NotFoundError
from policy.roles import DIRECTORY_ROLES, Role
from policy.words import agency_inside, opening, role_name
from web.access.hats import ON_CASES, reader_of
from web.access.rights import Action
from web.desk.signing_in import signed_in
from web.pages import page
from web.routes import Pages
from web.visit import Visit

PAGES = Pages()
HOUSING = "housing"
Person = tuple[str, str, str]
"""The e-mail address, the name, and what they are."""


def people(session: Session, visit: Visit) -> list[Person]:
    """Return one person of each role: of those that a case names, the one with most cases."""
    found: list[Person] = []
    for role in DIRECTORY_ROLES:
        entry = session.scalar(
            select(DirectoryEntry)
            .where(DirectoryEntry.role == role.value)
            .order_by(DirectoryEntry.agency != HOUSING, DirectoryEntry.id)
            .limit(1)
        )
        if entry is not None and reader_of(session, entry.email, visit.today) is not None:
            found.append((entry.email, entry.name, f"{opening(role_name(role))}, {agency_inside(entry.agency)}"))
    for role, address, _ in ON_CASES:
        busiest = select(address.label("email")).where(address.is_not(None), Case.closed_on.is_(None)).group_by(address)
        row = session.execute(busiest.order_by(func.count(Case.id).desc(), address).limit(1)).first()
        email = None if row is None else row.email
        reader = None if email is None else reader_of(session, email, visit.today)
        if reader is not None and role is not Role.LINE_MANAGER:
            found.append((reader.email, reader.name, opening(role_name(role))))
    return found


@PAGES.get("/demo", Action.ANYBODY)
def choose(visit: Visit) -> Response:
    """Show who one may be."""
    with visit.record.reading() as session:
        return page(visit, "demo.html", people=people(session, visit))


@PAGES.post("/demo", Action.ANYBODY)
def become(visit: Visit) -> Response:
    """Sign in as one of them."""
    email = visit.text("email")
    with visit.record.reading() as session:
        known = {address for address, _, _ in people(session, visit)}
        reader = reader_of(session, email, visit.today) if email in known else None
    if reader is None:
        raise NotFoundError("the demo has nobody of that address")
    return signed_in(visit, email, reader.name, "demo", "/today")
