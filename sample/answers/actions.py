"""Actions: set at meetings with an owner and a date, and told of with what came of them.

Source: Joint inspection 2015, 5.12.
"""

from collections.abc import Sequence
from datetime import date
from typing import Any

from casework.recording import Entry
from models.cases import Case
from models.meetings import Action, Meeting
from policy.agencies import Agency
from policy.kinds import Meetings
from policy.subjects import Subject
from policy.vocabulary import Attendance
from sample.answers.day import Day
from sample.answers.dice import Dice, working_day_after
from sample.answers.minute_book import Book
from sample.answers.open_things import Open
from sample.answers.people import NOBODY, STANDS_IN, Somebody
from sample.answers.plans import Step
from sample.answers.wording import ACTIONS, ANYBODY, CARRIED, NOT_DONE, OTHER_ACTIONS, PRONOUNS

RINGS = (*ACTIONS.values(), OTHER_ACTIONS)
# What comes of each action, by its text with any pronoun.
OUTCOMES = {text.format(**words): (outcome, effect) for ring in RINGS for text, outcome, effect in ring
            for words in (*PRONOUNS.values(), ANYBODY)}  # fmt: skip


def new_actions(
    day: Day, case: Case, meeting: Meeting, rows: Sequence[dict[str, Any]], book: Book, chair: Somebody
) -> list[dict[str, Any]]:
    """Return the actions set at a meeting: each by another agency, owned by who was there, never by the Chair."""
    rates, dice = day.planner.rates, book.dice
    there = [row for row in reversed(rows) if row["status"] == Attendance.ATTENDED]
    owners = {row["agency"]: Somebody(row["name"], row["role"], row["email"], row["grade"]) for row in there}
    police = day.people.police_manager(case)
    if Agency.POLICE in owners and police:
        owners[Agency.POLICE] = police
    elif not police:
        # Without a named police offender manager there is no police action (Joint inspection 2015, 5.5).
        owners.pop(Agency.POLICE, None)
    # Who stands in for a day takes nothing on.
    agencies = [agency for agency, who in owners.items()
                if who.name not in (NOBODY.name, chair.name) and who.role != STANDS_IN]  # fmt: skip
    agencies.sort(key=lambda agency: (agency not in ACTIONS, agency))
    found = []
    for agency in agencies[: dice.count(rates.deciding.actions)]:
        text, _, _ = book.next_of(ACTIONS.get(agency, OTHER_ACTIONS), f"action.{agency}")
        due = working_day_after(day.planner.calendar, meeting.on, dice.count(rates.action.due_in_working_days))
        found.append({"text": text.format(**book.words), "agency": agency, "owner": owners[agency].as_owner(),
                      "due_on": due.isoformat()})  # fmt: skip
    return found


def as_open(of: Open, action: Action) -> Open:
    """Return an action as the agenda has it."""
    return Open(of.case_id, of.crn, of.lead_agency, Meetings.ACTION, Subject(row=action.id), f"number {action.number}",
                action.due_on, action.due_on, action.set_on)  # fmt: skip


def told_at_the_meeting(day: Day, of: Open, case: Case, on: date) -> list[dict[str, Any]]:
    """Return what is told of each open action: what was to be done by today is, the rest is carried with a reason."""
    told = []
    for action in day.actions[case.id]:
        if action.set_on >= on:
            continue
        item = as_open(of, action)
        steps = [step for step in day.planner.steps(item) if step.on <= day.on and step.what != "no_outcome"]
        dice = day.planner.dice(item, f"told {on}")
        if not steps:
            told.append({"action": action.number, "position": "carried", "reason": dice.one(CARRIED)})
        else:
            told.append({"action": action.number, **what_came_of_it(action, steps[-1].what, "position", dice)})
    return told


def what_came_of_it(action: Action, what: str, field: str, dice: Dice) -> dict[str, Any]:
    """Return what is told of an action: its outcome and what it changes in the plan, or why it was not done."""
    if what == "not_done":
        return {field: "not_done", "reason": dice.one(NOT_DONE)}
    outcome, effect = OUTCOMES.get(action.text, OTHER_ACTIONS[0][1:])
    return {field: "done", "outcome": outcome, "plan_effect": effect}


def answer_action(day: Day, of: Open, step: Step) -> list[Entry]:
    """Tell what became of an action; told without an outcome it is refused (Joint inspection 2015, 5.12)."""
    action = next((a for a in day.actions[of.case_id] if a.id == of.subject.row), None)
    if action is None:
        return []
    form: dict[str, Any] = {"date": day.on.isoformat(), "action": action.number}
    if step.what == "no_outcome":
        return [Entry("action-outcome", of.crn, form | {"state": "done", "outcome": "Done."})]
    dice = day.planner.dice(of, "came of it")
    entries = [Entry("action-outcome", of.crn, form | what_came_of_it(action, step.what, "state", dice))]
    chair = action.meeting.chair_name
    if step.what == "done" and chair and chair != action.owner_name and dice.says(day.planner.rates.action.accepted):
        entries.append(Entry("action-acceptance", of.crn, form | {"by": chair}))
    return entries
