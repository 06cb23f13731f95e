"""The cases that somebody may read: found, filtered, sorted, and taken away as a file."""

from collections.abc import Iterator

from sqlalchemy import ColumnElement
from starlette.responses import Response, StreamingResponse

from models.cases import Case
from policy.texts import csv_line
from views.case_list import SORTS, ListedCaseView, how_many, listed_cases, matching, names_like
from web.access.relations import known_to, readable
from web.access.rights import Action
from web.desk.paging import paged
from web.pages import go, page
from web.routes import Pages
from web.visit import Visit

PAGES = Pages()
MOST_EXPORTED = 20_000
COLUMNS = ("case", "crn", "surname", "forenames", "date_of_birth", "category", "level", "stage", "area", "unit",
           "lead_agency", "offender_manager", "location", "release_date", "eligible_until", "closed_on")  # fmt: skip


@PAGES.get("/cases", Action.SIGNED_IN)
def cases(visit: Visit) -> Response:
    """Show the cases that match what was typed; a single one at once."""
    conditions = [readable(visit.reader, visit.as_at), *filters(visit)]
    typed = visit.query.get("q", "").strip()
    with visit.record.reading() as session:
        total = how_many(session, *conditions)
        pages = paged(visit, total)
        rows = list(
            listed_cases(session, *conditions, sort=sort_of(visit), limit=pages.size, offset=pages.offset)
        )  # fmt: skip
        if total == 1 and typed.upper() in (rows[0].case, rows[0].crn):
            return go(f"/cases/{rows[0].case}")
        restricted = how_many(session, known_to(visit.reader, visit.as_at), Case.restricted.is_(True),
                              ~readable(visit.reader, visit.as_at))  # fmt: skip
        near = names_like(session, typed, conditions[0]) if typed and not total else []
        return page(visit, "cases.html", rows=rows, total=total, pages=pages, asked=visit.query, near=near,
                    restricted=restricted, sorts=SORTS, sort=sort_of(visit))  # fmt: skip


def sort_of(visit: Visit) -> str:
    """Return what the address sorts by; the reference where it asks for nothing that there is."""
    asked = visit.query.get("sort", "reference")
    return asked if asked in SORTS else "reference"


def filters(visit: Visit) -> Iterator[ColumnElement[bool] | None]:
    """Yield the conditions that the address asks for. Closed cases are shown only where they are asked for."""
    asked = visit.query
    yield matching(asked.get("q", ""))
    if asked.get("level") in ("1", "2", "3"):
        yield Case.level == int(asked["level"])
    if asked.get("level") == "none":
        yield Case.level.is_(None)
    if asked.get("category") in ("1", "2", "3", "4"):
        yield Case.category == int(asked["category"])
    if asked.get("location") in ("custody", "community", "hospital"):
        yield Case.location == asked["location"]
    yield Case.closed_on.is_not(None) if asked.get("closed") == "yes" else Case.closed_on.is_(None)


@PAGES.get("/cases.csv", Action.SIGNED_IN)
def export(visit: Visit) -> Response:
    """Return the same list as a file for a spreadsheet, the newest filters applied."""
    conditions = [readable(visit.reader, visit.as_at), *filters(visit)]
    with visit.record.reading() as session:
        rows = list(listed_cases(session, *conditions, sort=sort_of(visit), limit=MOST_EXPORTED))
    headers = {"Content-Disposition": 'attachment; filename="cases.csv"'}
    return StreamingResponse(lines(rows), media_type="text/csv; charset=utf-8", headers=headers)


def lines(rows: list[ListedCaseView]) -> Iterator[bytes]:
    """Yield the lines of the file. It begins with a mark by which spreadsheets know the encoding."""
    yield b"\xef\xbb\xbf"
    yield csv_line(COLUMNS).encode()
    for row in rows:
        yield csv_line([getattr(row, column) for column in COLUMNS]).encode()
