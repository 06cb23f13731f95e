"""The files of the board's business: the agenda of each meeting, and the actions that it set, with their outcomes.

An action of the board has an owner, a due day and an outcome, as any action has (joint inspection 2015, 5.11).
"""

from collections.abc import Collection, Iterator, Mapping
from datetime import date
from functools import partial
from typing import Any

from casework.loading.as_written import AREA
from casework.loading.cells import Words, iso_day
from casework.loading.columns import Column, Columns, Reader, agency
from casework.loading.kept_rows import WITHDRAWN, Key, KindOfRow, load_rows
from casework.loading.lines import Row
from casework.loading.report import Reject
from models.board_business import AgendaItem, BoardAction
from policy.dates import Ahead
from policy.numbers import Policy
from policy.smart import is_a_person
from policy.texts import plain, whole_number

MOST_ITEMS = 999
KNOWN_BY = ("area", "date", "number")


def item_number(text: str) -> int:
    """Return the number of an item or an action, 1 to 999."""
    found = whole_number(text, MOST_ITEMS)
    if not found:
        raise ValueError(f"{text!r} is not a number from 1 to {MOST_ITEMS}, such as 3")
    return found


def key_of(values: Mapping[str, Any]) -> Key:
    """Return what tells an item or an action from another: area, day of the meeting, number."""
    return plain(values["area"]), values["date"], values["number"]


def agenda_columns(_: Collection[str] = (), area: Reader = AREA) -> Columns:
    """Return the columns of an agenda; ``area`` reads the name of an area."""
    return Columns(
        Column("area", area, required=True, about="The MAPPA area."),
        Column("date", iso_day, required=True, ahead=Ahead.APPOINTMENT, about="The day of the meeting."),
        Column("number", item_number, required=True, number=True, about="Its number on the agenda."),
        Column("item", Words(500), required=True, about="What is to be discussed. It names no person in a case."),
        Column("decision", Words(2000), about="What the board decided; empty before the meeting."),
        WITHDRAWN,
    )


def action_columns(agencies: Collection[str], area: Reader = AREA) -> Columns:
    """Return the columns of the board's actions; ``agencies`` are those that the policies know."""
    return Columns(
        Column("area", area, required=True, about="The MAPPA area."),
        Column("date", iso_day, required=True, about="The day of the meeting that set it."),
        Column("number", item_number, required=True, number=True, about="Its number among the actions of that day."),
        Column("action", Words(1000), required=True, about="What is to be done. It names no person in a case."),
        Column("owner", Words(120), required=True, about="The member of the board who does it: one person."),
        Column("agency", agency(agencies), required=True, about="The owner's agency."),
        Column("due_date", iso_day, required=True, ahead=Ahead.APPOINTMENT, about="The day by which it is to be done."),
        Column("done_on", iso_day, about="The day on which it was done; empty while it is open."),
        Column("outcome", Words(2000), about="What came of it; needed with done_on."),
        WITHDRAWN,
    )


def wrong_action(row: Row, values: Mapping[str, Any], policy: Policy, today: date) -> Iterator[Reject]:
    """Yield what is wrong with an action of the board: its owner, its days, or an end without an outcome."""
    del policy, today
    set_on, done_on = values["date"], values["done_on"]
    if not is_a_person(values["owner"]):
        yield Reject(row.line, "owner", f"{values['owner']!r} is not one person: name the member who does it")
    for column in ("due_date", "done_on"):
        if values[column] is not None and values[column] < set_on:
            yield Reject(row.line, column, f"{values[column]} is before the meeting of {set_on}")
    if done_on is not None and not values["outcome"]:
        yield Reject(row.line, "outcome", "say what came of it: that it was done is no outcome")
    if done_on is None and values["outcome"]:
        yield Reject(row.line, "done_on", "say on which day it was done, or leave the outcome out")


AGENDA = KindOfRow(
    file="board-agenda",
    what="board agenda",
    table=AgendaItem,
    names={"area": "area", "date": "held_on", "number": "number", "item": "item", "decision": "decision"},
    known_by=KNOWN_BY,
    key=key_of,
    chain="board",
    columns=agenda_columns,
)
ACTIONS = KindOfRow(
    file="board-actions",
    what="board action",
    table=BoardAction,
    names={"area": "area", "date": "set_on", "number": "number", "action": "what", "owner": "owner",
           "agency": "agency", "due_date": "due_on", "done_on": "done_on", "outcome": "outcome"},
    known_by=KNOWN_BY,
    key=key_of,
    chain="board",
    columns=action_columns,
    wrong=wrong_action,
)  # fmt: skip
load_board_agenda = partial(load_rows, AGENDA)
load_board_actions = partial(load_rows, ACTIONS)
