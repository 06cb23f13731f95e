"""The business of the invented area's board: what it talked of, what it set itself, and who is trained.

One action is left overdue and some officers without training, so that the pack has something to tell.
"""

from collections.abc import Iterator
from datetime import date, timedelta

from casework.loading.board_business import ACTIONS, AGENDA
from casework.loading.training import TRAINING
from sample.board_meetings import days_before
from sample.directory import directory_rows, payroll_of

AGENDA_COLUMNS, ACTION_COLUMNS, TRAINING_COLUMNS = (tuple(one.names) for one in (AGENDA, ACTIONS, TRAINING))
ITEMS = (
    ("The quarter's pack: indicators below target", "Each agency below its target reports at the next meeting."),
    ("Level 1 sample: what was found", "Ten cases are checked again next quarter."),
    ("Training of police offender managers", "The force buys four places on the MOSAVO course."),
    ("Actions of the last meeting", "Noted."),
)
TASKS = (
    ("housing", "Report how many people left prison without an address", "Eleven of 96, and where they are now."),
    ("police", "Book places on the MOSAVO course for the officers without it", "Four places in the autumn are booked."),
    ("health", "Name a single point of contact for requests to general practices", "A named nurse answers them."),
)
QUARTER = timedelta(weeks=13)
OVERDUE_SINCE = 3
"""Which of the last meetings, counted back from today, set the action that nobody has done."""
UNTRAINED, LONG_AGO = 6, 8
"""Of so many officers one has no training, or one of more than five years ago."""


def agenda_rows(*, today: date, area: str = "Westmarch", meetings: int = 4) -> Iterator[dict[str, str]]:
    """Yield the agenda of the last meetings before a day, with what was decided."""
    for day in days_before(today, meetings):
        for number, (item, decision) in enumerate(ITEMS, 1):
            yield dict(zip(AGENDA_COLUMNS, (area, day.isoformat(), str(number), item, decision), strict=True))


def action_rows(
    *, today: date, people: int = 600, seed: int = 2026, area: str = "Westmarch", meetings: int = 4
) -> Iterator[dict[str, str]]:
    """Yield the actions of the last meetings before a day: done by the next, but for one that is overdue since long."""
    posts = directory_rows(today=today, people=people, seed=seed, area=area)
    members = {row["agency"]: row["name"] for row in posts if row["role"] == "smb_member" and row["area"] == area}
    for back, day in enumerate(reversed(days_before(today, meetings)), 1):
        due = day + QUARTER
        for number, (agency, what, outcome) in enumerate(TASKS, 1):
            if agency not in members:
                continue
            late = back == OVERDUE_SINCE and agency == "housing"
            done = due < today and not late
            ended = ((due - timedelta(days=number)).isoformat(), outcome) if done else ("", "")
            values = (area, day.isoformat(), str(number), what, members[agency], agency, due.isoformat(), *ended)
            yield dict(zip(ACTION_COLUMNS, values, strict=True))


def training_rows(
    *, today: date, people: int = 600, seed: int = 2026, area: str = "Westmarch"
) -> Iterator[dict[str, str]]:
    """Yield the training of the area's police offender managers; some have none, some one of six years ago."""
    found = payroll_of(area, people, seed).officers
    officers = [one for (agency, _), there in found.items() if agency == "police" for one in there]
    for number, one in enumerate(officers, 1):
        if number % UNTRAINED == 0:
            continue
        years = 6 if number % LONG_AGO == 0 else 1 + number % 4
        day = today - timedelta(days=365 * years)
        yield dict(zip(TRAINING_COLUMNS, (area, one.email, day.isoformat(), one.name, ""), strict=True))
