"""The coordinator answers a question about a case, by the fact that the question names."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from casework.recording import Entry
from policy.vocabulary import Category, FactKind
from sample.answers.day import Day
from sample.answers.open_things import Open
from sample.answers.plan_book import next_version
from sample.answers.plans import Step

REASON = "The court's own words were looked up, and the offence is in Schedule 15 as it was committed."
ENDS = "The court's record tells how long it was for, and the end follows from it."
VICTIM = "The indictment tells the age of the victim, and the paragraph is met."
NOT_THIS_ONE = "The court's record was looked up, and the condition is not met."
# How long goes on what the record does not tell the end of.
YEARS_MORE = 5
TOLD = "The prison gave the next date on the telephone."
# Either writes the plan anew.
WRITES_A_PLAN = ("write_plan", "answer_question")


def decide_eligibility(day: Day, of: Open) -> list[Entry]:
    """Decide on what the rules could not settle, a question a day."""
    return [Entry("identification", of.crn, {"date": day.on.isoformat()} | decision_on(day, of))]


def decision_on(day: Day, of: Open) -> dict[str, Any]:
    """Return the decision on the first open question of a case: on the category it names, else on the offence."""
    sentences = day.between.sentences[of.case_id]
    category, words = next(((one[0], one[1]) for row in sentences for one in row.questions or ()), (None, ""))
    if words.startswith("end of category"):
        end = (day.on + timedelta(days=YEARS_MORE * 365)).isoformat()
        return {"decision": "eligible", "category": category, "until": end, "reason": ENDS}
    if category == Category.REGISTERED_SEXUAL_OFFENDER:
        return {"decision": "eligible", "category": category, "reason": VICTIM}
    if category == Category.TERRORIST:
        return {"decision": "not_eligible", "category": category, "reason": NOT_THIS_ONE}
    until = max((one.licence_expiry_date for one in sentences if one.licence_expiry_date), default=None)
    if until is None or until <= day.on:
        return {"decision": "not_eligible", "category": category, "reason": NOT_THIS_ONE}
    return {"decision": "eligible", "category": 2, "until": until.isoformat(), "reason": REASON}


def give_release_date(day: Day, of: Open) -> list[Entry]:
    """Tell the next release date."""
    after = day.planner.dice(of, "release date").between(120, 400)
    release = {"which": "parole_eligibility_date", "release_date": (day.on + timedelta(days=after)).isoformat()}
    return [Entry("release-date", of.crn, {"date": day.on.isoformat(), "reason": TOLD} | release)]


def plan_a_visit(day: Day, of: Open) -> list[Entry]:
    """Write the plan anew, with a visit that is not announced: tomorrow, where a version is written today anyway."""
    case = day.cases[of.case_id]
    today = [(step.what, one) for one, step in day.steps if one.case_id == of.case_id and step.what in WRITES_A_PLAN]
    first = next((one for what, one in today if what == "write_plan"), today[0][1])
    return [next_version(day, case, unannounced=True)] if first is of and case.closed_on is None else []


# The first of these that is named among what answers a question is how it is answered here.
ANSWERS: dict[FactKind, Callable[[Day, Open], list[Entry]]] = {
    FactKind.IDENTIFICATION: decide_eligibility,
    FactKind.RELEASE_DATE: give_release_date,
    FactKind.PLAN: plan_a_visit,
}


def answer_question(day: Day, of: Open, _step: Step) -> list[Entry]:
    """Answer a question; what is answered by the next meeting, or by a check of an end, waits for that."""
    named = day.between.questions[of.subject.row_id].answered_by
    return next((answer(day, of) for kind, answer in ANSWERS.items() if kind.value in named), [])


WRITERS = {"answer_question": answer_question}
