"""Polygraph, curfew, tag and drug tests as events: what is not clear is looked at within five working days.

Source: Lancashire annual report 2014-15 and joint inspection 2015, 6.15 (polygraph), 5.20 (the plan follows a notable
change); that a clear test leaves nothing to review is our default. Mon 4 May 2026 and Mon 25 May are bank holidays.
"""

from datetime import date

import pytest

from policy.events import EventKind
from policy.facts import EventFact
from policy.kinds import Events
from policy.subjects import row
from tests.policy.test_meeting_dates_by_hand import days, facts, of_kind

ON = date(2026, 4, 29)


def reviews(kind: EventKind, *, clear: bool = False) -> list[tuple[str, list[tuple[str, str]]]]:
    case = facts(events=(EventFact(row(1), 1, kind, ON, ON, clear=clear),))
    return [(due.isoformat(), days(steps)) for _, due, steps in of_kind(Events.EVENT_REVIEW, case)]


@pytest.mark.parametrize("kind", ["polygraph", "curfew_violation", "tag_violation", "drug_test"])
def test_what_is_not_clear_is_looked_at_in_five_working_days(kind: str) -> None:
    """Wed 29 April: 30, 1, 5, 6 and Thu 7 May; a working day on, Fri 8; five on, Thu 14."""
    [(due, prompts)] = reviews(EventKind(kind))
    assert due == "2026-05-07"
    assert prompts == [
        ("at once", "2026-04-29"), ("due", "2026-05-07"), ("+1W", "2026-05-08"), ("+5W", "2026-05-14"),
    ]  # fmt: skip


@pytest.mark.parametrize("kind", ["polygraph", "drug_test"])
def test_a_clear_test_leaves_nothing_to_review(kind: str) -> None:
    assert reviews(EventKind(kind), clear=True) == []
