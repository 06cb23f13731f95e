"""The open actions of the board itself, as it is shown them: the overdue first, the longest of them at the top."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from figures.board.asked import Asked
from figures.tables import Heading, Table, Value
from models.board_business import BoardAction, open_at_the_end_of
from policy.words import agency_name, days_left, opening, short_date

WHAT = Heading("what", "Action", words=True)
COLUMNS = [Heading("owner", "Owner", words=True), Heading("agency", "Agency", words=True),
           Heading("due", "Due", words=True), Heading("standing", "How it stands", words=True)]  # fmt: skip


def open_actions(session: Session, asked: Asked) -> Sequence[BoardAction]:
    """Return what the boards of the areas had set and not done by the end of the day: the earliest due first."""
    query = (
        select(BoardAction)
        .where(BoardAction.area.in_(asked.areas), open_at_the_end_of(asked.on))
        .order_by(BoardAction.due_on, BoardAction.area, BoardAction.set_on, BoardAction.number)
    )
    return session.scalars(query).all()


def actions_table(found: Sequence[BoardAction], asked: Asked) -> Table:
    """Return the open actions as a table; a lay adviser's version has no text that somebody wrote: it names no case."""
    columns = COLUMNS if asked.lay_adviser else [WHAT, *COLUMNS]
    several = len(asked.areas) > 1
    rows = [
        Heading(f"{place}", f"{short_date(one.set_on)}, number {one.number}" + (f", {one.area}" if several else ""))
        for place, one in enumerate(found, 1)
    ]
    cells = {f"{place}": cells_of(one, columns, asked.after) for place, one in enumerate(found, 1)}
    notes = [] if rows else ["No action of the board is open."]
    return Table("board_actions", "Actions of the board", rows, columns, cells, notes=notes, stub="Set on")


def cells_of(one: BoardAction, columns: Sequence[Heading], today: date) -> dict[str, Value]:
    """Return what a row says of an action, on the day after the last that was counted."""
    words: dict[str, Value] = {
        "what": one.what,
        "owner": one.owner,
        "agency": agency_name(one.agency),
        "due": short_date(one.due_on),
        "standing": opening(days_left(one.due_on, today)),
    }
    return {column.name: words[column.name] for column in columns}
