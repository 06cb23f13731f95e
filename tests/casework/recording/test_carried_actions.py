"""An action carried on at a meeting: it keeps its clock and its prompts, or takes the date the meeting gave it.

Set on Wednesday 14 October 2026 and due on Wednesday 4 November; the meeting of Friday 6 November carries it on. No
bank holiday lies between October and 24 December 2026.
"""

from typing import Any

import pytest
from sqlalchemy import select

from casework.documents.minutes import write_minutes
from casework.errors import RefusedError
from models.audit import AuditEntry
from models.meetings import Action, Meeting
from tests.support.story import CLARE, PRIYA, SAM, SID, Story, anew, attended, minuted

CARRIED = {"action": 1, "position": "carried", "reason": "The police in Leeds have not answered yet."}
THERE = (
    attended("probation", "Olive Example"),
    attended("police", "Priya Example"),
    attended("prison", "Opal Example"),
    attended("childrens_social_care", "Ruth Example"),
    attended("victim_liaison", "Vera Example"),
    attended("approved_premises", "Anna Example"),
)


def carry(story: Story, **told: Any) -> None:
    data = minuted(*THERE, next_on="2027-02-24", salt="November", level=2, previous_actions=[CARRIED | told])
    data |= {"chair": {"name": "Clare Example", "email": CLARE}}
    data["plan"]["licence_conditions"] = anew(data["plan"]["licence_conditions"], "as read on 5 November")
    story.record_fact("meeting", "2026-11-06", **data)


def asked(story: Story) -> list[tuple[str, int, str, str]]:
    return [row for row in story.prompts("action") if row[3] > "2026-11-05"]


def test_without_a_new_date_it_is_asked_for_as_before(met: Story) -> None:
    """Overdue since 4 November: +5W is Wednesday 11, +10W Wednesday 18 November, as if there had been no meeting."""
    met.every_day("2026-10-14", "2026-11-05")
    carry(met)
    met.every_day("2026-11-06", "2026-11-20")
    assert met.owed("action") == [("2026-11-04", "open", None)]
    assert asked(met) == [("+5W", 1, CLARE, "2026-11-11"), ("+10W", 1, SAM, "2026-11-18")]


def test_with_a_new_date_its_prompts_count_from_there(met: Story) -> None:
    """Due Wednesday 2 December: its owner hears of it at once, then 25 November, 1, 2 and 3 December.

    With her on the 3rd the police senior manager, since no line manager of hers is known; the Chair on the 9th."""
    met.every_day("2026-10-14", "2026-11-05")
    carry(met, due_on="2026-12-02")
    met.every_day("2026-11-06", "2026-12-17")
    assert met.owed("action") == [("2026-12-02", "open", None)]
    assert [(rung, to, on) for rung, revision, to, on in asked(met) if revision == 2] == [
        ("at once", PRIYA, "2026-11-06"),
        ("-5W", PRIYA, "2026-11-25"),
        ("-1W", PRIYA, "2026-12-01"),
        ("due", PRIYA, "2026-12-02"),
        ("+1W", PRIYA, "2026-12-03"),
        ("+1W", SID, "2026-12-03"),
        ("+5W", CLARE, "2026-12-09"),
        ("+10W", SAM, "2026-12-16"),
    ]
    assert [row for row in asked(met) if row[1] == 1] == [], "nothing is asked by the old date any more"


def test_the_new_date_stands_in_the_trail_and_in_the_minutes(met: Story) -> None:
    carry(met, due_on="2026-12-02")
    with met.record.reading() as session:
        action = session.scalars(select(Action)).one()
        assert (str(action.set_on), str(action.due_on), str(action.dated_on)) == (
            "2026-10-14", "2026-12-02", "2026-11-06",
        )  # fmt: skip
        entry = session.scalars(select(AuditEntry).where(AuditEntry.action == "action-carried")).one()
        assert (entry.before, entry.after) == (
            {"due_on": "2026-11-04"},
            {"due_on": "2026-12-02", "reason": CARRIED["reason"]},
        )
        held = session.scalars(select(Meeting).where(Meeting.number == 3)).one()
        text = " ".join(write_minutes(session, held, 1)[0].split())
    assert f"Carried on to 2 December 2026: {CARRIED['reason']}" in text


def test_done_by_its_new_date_it_is_met(met: Story) -> None:
    carry(met, due_on="2026-12-02")
    met.record_fact("action-outcome", "2026-11-30", action=1, state="done",
                    outcome="The uncle lives in Leeds and has had no contact since 2023.",
                    plan_effect="Contact with the uncle is no longer a trigger.")  # fmt: skip
    assert met.owed("action") == [("2026-12-02", "met", "2026-11-30")]


@pytest.mark.parametrize(
    ("told", "said"),
    [
        ({"due_on": "2026-11-05"}, "action 1: its new date 2026-11-05 lies before the meeting of 2026-11-06"),
        ({"reason": "as before"}, "action 1 is carried on: say why it is not done yet"),
        ({"position": "not_done", "due_on": "2026-12-02"}, "action 1 is not_done: only one carried on has a new date"),
    ],
)
def test_what_carries_nothing_is_refused(met: Story, told: dict[str, str], said: str) -> None:
    with pytest.raises(RefusedError, match=said):
        carry(met, **told)
