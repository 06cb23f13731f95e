"""The commands that look: timescales, prompts, problems, and the cases of ``case list`` and ``case show``.

Tables for people carry no name but ``case show``, which is for a coordinator at the machine.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import date, datetime
from functools import partial
from typing import TYPE_CHECKING, Annotated

import typer

from cli.options import (
    Area,
    AsAt,
    Crn,
    Json,
    Limit,
    as_at_or_now,
    command,
    end_of,
    group,
    one_of,
    settings,
    start_of,
    wrong_usage,
)
from policy.identifiers import looked_up
from policy.kinds import BY_NAME
from policy.vocabulary import Standing, State
from service.output import MOST_COUNTED, ROWS_SHOWN, print_view, print_views, show_table
from views.times import parse_day

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from views.model import View

cases = group("List cases, or show one.")

if TYPE_CHECKING:
    KindOption = str | None
else:
    KindOption = one_of("Kind", BY_NAME, typer.Option("--kind", help="Only timescales of this kind."))
DueBefore = Annotated[
    date | None,
    typer.Option(
        "--due-before", metavar="DATE", parser=wrong_usage(parse_day), help="Only what is due before this day."
    ),
]
Since = Annotated[
    datetime | None,
    typer.Option(
        "--since",
        metavar="MOMENT",
        parser=wrong_usage(start_of),
        help="Only prompts sent at or after this time. A date alone means the start of that day.",
    ),
]
Until = Annotated[
    datetime | None,
    typer.Option(
        "--until",
        metavar="MOMENT",
        parser=wrong_usage(end_of),
        help="Only prompts sent at or before this time. A date alone means the end of that day.",
    ),
]


@contextmanager
def looking(area: str | None = None) -> "Iterator[Session]":
    """Yield a session that only reads; refuse an area the record does not know."""
    from service.open_record import record_of, refuse_unknown_area

    record = record_of(settings())
    refuse_unknown_area(record, area)
    with record.reading() as session:
        yield session


def show_views(
    views: "Iterable[View]", model: "type[View]", nothing: str, as_json: bool, limit: int = ROWS_SHOWN
) -> None:
    """Print views as one JSON list, or as a table."""
    from views.model import Found, columns

    if as_json:
        print_views(views)
        return
    more = None
    if limit and isinstance(views, Found):
        more = partial(views.beyond, limit, MOST_COUNTED + 1)
        views = views.first(limit)
    shown = columns(model)
    rows = ([column.of(view) for column in shown] for view in views)
    show_table([column.heading for column in shown], rows, nothing=nothing, limit=limit, more=more)


def timescales(
    crn: Crn = None,
    kind: KindOption = None,
    state: Annotated[State | None, typer.Option("--state", help="Only timescales in this state.")] = None,
    area: Area = None,
    due_before: DueBefore = None,
    stuck: Annotated[
        bool, typer.Option("--stuck", help="Only what is open past its last reminder, the oldest first.")
    ] = False,
    taken_on: Annotated[
        bool,
        typer.Option(
            "--taken-on", help="Only what was overdue when its area was taken on and nobody has decided, by harm."
        ),
    ] = False,
    limit: Limit = ROWS_SHOWN,
    json: Json = False,
) -> None:
    """List what is due, who must do it and by when.

    Includes what was met, missed or cancelled, unless you filter by --state.
    """
    from views.timescales import TimescaleView
    from views.timescales import timescales as find

    with looking(area) as session:
        found = find(
            session, crn=crn, kind=kind, state=state, area=area, due_before=due_before, stuck=stuck, taken_on=taken_on
        )
        show_views(found, TimescaleView, "no timescales", json, limit)


def prompts(
    crn: Crn = None,
    kind: KindOption = None,
    area: Area = None,
    since: Since = None,
    until: Until = None,
    limit: Limit = ROWS_SHOWN,
    json: Json = False,
) -> None:
    """List the reminders and escalations that were raised.

    Shows who got each one, when, how many days late, and in which message.
    """
    from views.prompts import PromptView
    from views.prompts import prompts as find

    with looking(area) as session:
        found = find(session, crn=crn, kind=kind, area=area, since=since, until=until)
        show_views(found, PromptView, "no prompts", json, limit)


def problems(
    stage: Annotated[str | None, typer.Option("--stage", metavar="STAGE", help="Only problems of this stage.")] = None,
    unresolved: Annotated[bool, typer.Option("--open", help="Only problems that are not resolved.")] = False,
    limit: Limit = ROWS_SHOWN,
    json: Json = False,
) -> None:
    """List work that failed and questions that need a decision.

    Failed work is tried again at the time shown. A question stays open until somebody answers it.
    """
    from views.problems import ProblemView
    from views.problems import problems as find

    with looking() as session:
        found = find(session, stage=stage, unresolved=unresolved)
        show_views(found, ProblemView, "no problems", json, limit)


@command(cases, "list")
def case_list(
    area: Area = None,
    stage: Annotated[Standing | None, typer.Option("--stage", help="Only cases at this stage.")] = None,
    category: Annotated[
        int | None, typer.Option("--category", min=1, max=4, help="Only cases of this primary category (1 to 4).")
    ] = None,
    silent: Annotated[
        bool,
        typer.Option("--silent", help="Only open cases about which nobody is asked for longer than the policy allows."),
    ] = False,
    as_at: AsAt = None,
    limit: Limit = ROWS_SHOWN,
    json: Json = False,
) -> None:
    """List cases, open and closed."""
    from views.cases import CaseView
    from views.cases import cases as find

    with looking(area) as session:
        only = None
        if silent:
            from assurance.silence import silent_cases

            only = silent_cases(session, as_at_or_now(as_at), area)
        found = find(session, area=area, stage=stage, category=category, only=only, with_timescales=json)
        show_views(found, CaseView, "no cases", json, limit)


@command(cases, "closed")
def case_closed(area: Area = None, limit: Limit = ROWS_SHOWN, json: Json = False) -> None:
    """List closed cases and how each was closed.

    The full reason is in the JSON only, because it may contain a name.
    """
    from views.cases import ClosedCaseView
    from views.cases import closed_cases as find

    with looking(area) as session:
        show_views(find(session, area=area), ClosedCaseView, "no case is closed", json, limit)


@command(cases, "show")
def case_show(
    crn: Annotated[str, typer.Argument(metavar="CRN", help="The person's CRN or case reference.")],
    json: Json = False,
) -> None:
    """Show one person's case.

    The open case, or the most recent one. This page shows the person's name.
    """
    from cli.case_page import print_page
    from views.cases import case_of_person
    from views.person_page import person_page

    key = looked_up(crn)
    with looking() as session:
        if json:
            print_view(case_of_person(session, key))
        else:
            print_page(person_page(session, key))
