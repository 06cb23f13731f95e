"""Everything that is due, filtered by whose it is, when, kind, level and unit. The filters stay in the address."""

from collections.abc import Sequence
from urllib.parse import urlencode

from sqlalchemy import ColumnElement, and_, select
from sqlalchemy.orm import Session
from starlette.responses import Response

from casework.recording.case_now import case_now
from models.cases import Case
from models.obligations import Timescale
from models.take_on import is_undecided
from policy.errors import NotFoundError
from policy.kinds import KINDS
from views.duties import count_of, duties, duty
from web.access.owing import has_team, of_the_team, owed_by, owed_for
from web.access.relations import access_to, readable
from web.access.rights import Action, answering
from web.desk.paging import paged
from web.desk.today import NEXT, THIS_WEEK, masked_among
from web.pages import go, page
from web.routes import Pages
from web.visit import Visit

PAGES = Pages()
LATER = "later"
WHEN = {
    "": "Any time",
    "overdue": "Overdue",
    "week": "This week",
    "next": "The seven weeks after",
    LATER: "Later",
    "stuck": "Past the last reminder",
    "taken-on": "Overdue when taken on",
}


@PAGES.get("/due", Action.SIGNED_IN)
def due(visit: Visit) -> Response:
    """Show what is due, under the filters of the address."""
    team = has_team(visit.reader) and visit.query.get("of") == "team"
    stands_in = any(hat.away for hat in visit.reader.hats)
    whose = owed_for(visit.reader) if visit.query.get("of") == "others" else owed_by(visit.reader)
    conditions = [of_the_team(visit.reader) if team else whose, *filters(visit)]
    with visit.record.reading() as session:
        total = count_of(session, *conditions)
        pages = paged(visit, total)
        rows = list(duties(session, *conditions, limit=pages.size, offset=pages.offset))
        return page(
            visit, "due.html", rows=rows, total=total, pages=pages, team=team, has_team=has_team(visit.reader),
            stands_in=stands_in,
            masked=masked_among(session, visit, (row.case for row in rows)), kinds=KINDS, whens=WHEN,
            units=units(session, visit), asked=visit.query,
        )  # fmt: skip


def filters(visit: Visit) -> Sequence[ColumnElement[bool] | None]:
    """Return the conditions that the address asks for; what it does not know narrows nothing."""
    asked, today = visit.query, visit.today
    level = asked.get("level", "")
    when: dict[str, ColumnElement[bool]] = {
        "overdue": Timescale.due_on < today,
        "week": and_(Timescale.due_on >= today, Timescale.due_on <= today + THIS_WEEK),
        "next": and_(Timescale.due_on > today + THIS_WEEK, Timescale.due_on <= today + NEXT),
        LATER: Timescale.due_on > today + NEXT,
        "stuck": Timescale.stuck_since.is_not(None),
        "taken-on": is_undecided(),
    }
    return (
        Timescale.kind == asked["kind"] if asked.get("kind") else None,
        when.get(asked.get("when", "")),
        Case.level == int(level) if level in ("1", "2", "3") else None,
        Case.unit == asked["unit"] if asked.get("unit") else None,
    )


def units(session: Session, visit: Visit) -> list[str]:
    """Return the units of the areas in which the reader works."""
    query = select(Case.unit).where(Case.area.in_(visit.reader.areas), Case.unit.is_not(None)).distinct()
    return [unit for unit in session.scalars(query.order_by(Case.unit)) if unit]


@PAGES.get("/answer/{number}", Action.SIGNED_IN)
def answer(visit: Visit) -> Response:
    """Open what an e-mail asks for: the form that answers it, or the page of the duty where there are several.

    What is done by now leads to the case too: the link of an old e-mail is no dead end.
    """
    number = visit.number("number")
    with visit.record.reading() as session:
        row = session.execute(
            select(Case.id, Case.reference)
            .join(Timescale, Timescale.case_id == Case.id)
            .where(Timescale.id == number, readable(visit.reader, visit.as_at))
        ).first()
        owed = duty(session, number)
        if row is None:
            raise NotFoundError("what this link asks for is not yours to answer, or not on record")
        access = access_to(session, visit.reader, row.id, visit.as_at)
        now = case_now(session, session.get_one(Case, row.id))
    mine = () if owed is None else answering(access, owed.kind, now)
    if owed is None:
        return go(f"/cases/{row.reference}?{urlencode({'done_by_now': number})}")
    if len(mine) == 1:
        return go(f"/cases/{row.reference}/record/{mine[0].kind.value}?about={number}")
    return go(f"/cases/{row.reference}/due/{number}")
