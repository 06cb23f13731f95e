"""What is past the last rung of its ladder: its place on the next list of what is stuck, as a rung of the same ladder.

So a list is raised like any rung: due at a moment, once for each timescale, revision, day and recipient, in the
transaction that adds the next one. An open duty is never without a next prompt.
"""

from datetime import date
from typing import Any

from policy.calendar import WorkingCalendar
from policy.ladders import goes_out
from policy.letters import MessageKind
from policy.numbers import Policy
from policy.stuck import next_list_day
from policy.vocabulary import Weight

LIST = "list"
"""The first word of its rung; the day follows."""


def place_on_the_list(after: date, policy: Policy, calendar: WorkingCalendar) -> dict[str, Any]:
    """Return the rung of the first list after a day, as a ladder keeps it."""
    day = next_list_day(after, policy.stuck_list, calendar)
    return {
        "rung": f"{LIST} {day}",
        "on": day.isoformat(),
        "at": goes_out(day, policy.prompting.from_hour).isoformat(),
        "to": [role.value for role in policy.stuck_list.weekly],
        "weight": Weight.NOTICE.value,
        "message": MessageKind.STUCK_LIST.value,
    }


def is_on_the_list(step: dict[str, Any]) -> bool:
    """Tell whether a rung is a place on the list."""
    return step.get("message") == MessageKind.STUCK_LIST.value
