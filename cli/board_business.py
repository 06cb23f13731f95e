"""The lists of the board's business: its agenda, its actions, and who is trained."""

from datetime import date, datetime
from typing import Annotated

import typer

from cli.look import looking, show_views
from cli.options import Area, AsAt, Json, Limit, as_at_or_now
from policy.calendar import london_date
from service.output import ROWS_SHOWN

Overdue = Annotated[bool, typer.Option("--overdue", help="Only actions that are not done and past their due date.")]
Gaps = Annotated[bool, typer.Option("--gaps", help="Only officers without training, or with one too long ago.")]


def agenda(area: Area = None, limit: Limit = ROWS_SHOWN, json: Json = False) -> None:
    """List the agenda of each meeting of the Strategic Management Board, and what was decided.

    mappa load board-agenda records it.
    """
    from views.board_business import AgendaItemView
    from views.board_business import agenda as find

    with looking(area) as session:
        show_views(find(session, area), AgendaItemView, "no agenda of the board", json, limit)


def actions(
    area: Area = None,
    overdue: Overdue = False,
    as_at: AsAt = None,
    limit: Limit = ROWS_SHOWN,
    json: Json = False,
) -> None:
    """List the actions of the Strategic Management Board: who does what by when, and what came of it.

    mappa load board-actions records them.
    """
    from views.board_business import BoardActionView, board_actions

    with looking(area) as session:
        found = board_actions(session, area, today(as_at), only_overdue=overdue)
        show_views(found, BoardActionView, "no actions of the board", json, limit)


def training(
    area: Area = None,
    gaps: Gaps = False,
    as_at: AsAt = None,
    limit: Limit = ROWS_SHOWN,
    json: Json = False,
) -> None:
    """List the police offender managers: their open cases, and when each took the MOSAVO course or an equivalent.

    mappa load training records it. How long it holds is policy.
    """
    from views.training import TrainingView
    from views.training import training as find

    with looking(area) as session:
        found = find(session, area, today(as_at), only_gaps=gaps)
        show_views(found, TrainingView, "no police offender managers", json, limit)


def today(as_at: datetime | None) -> date:
    """Return the day asked for, Europe/London."""
    return london_date(as_at_or_now(as_at))
