"""The coordinator answers a question about a case: eligibility, or the next release date."""

from datetime import timedelta
from typing import Any

from casework.recording import Entry
from policy.vocabulary import Category
from sample.answers.day import Day
from sample.answers.open_things import Open
from sample.answers.plans import Step

REASON = "The court's own words were looked up, and the offence is in Schedule 15 as it was committed."
ENDS = "The court's record tells how long it was for, and the end follows from it."
VICTIM = "The indictment tells the age of the victim, and the paragraph is met."
NOT_THIS_ONE = "The court's record was looked up, and the condition is not met."
# How long goes on what the record does not tell the end of.
YEARS_MORE = 5
TOLD = "The prison gave the next date on the telephone."


def answer_question(day: Day, of: Open, _step: Step) -> list[Entry]:
    """Answer what a person alone can tell; other questions are answered by the next meeting or plan."""
    about, on = of.name.partition(",")[0], day.on.isoformat()
    if about == "identification":
        return [Entry("identification", of.crn, {"date": on} | decision_on(day, of))]
    if about == "pre release":
        after = day.planner.dice(of, "release date").between(120, 400)
        release = {"which": "parole_eligibility_date", "release_date": (day.on + timedelta(days=after)).isoformat()}
        return [Entry("release-date", of.crn, {"date": on, "reason": TOLD} | release)]
    return []


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
        return {"decision": "not_eligible", "reason": REASON}
    return {"decision": "eligible", "category": 2, "until": until.isoformat(), "reason": REASON}


WRITERS = {"answer_question": answer_question}
