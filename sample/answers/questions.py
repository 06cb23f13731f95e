"""The coordinator answers a question about a case: eligibility, or the next release date."""

from datetime import timedelta

from casework.recording import Entry
from sample.answers.day import Day
from sample.answers.open_things import Open
from sample.answers.plans import Step

REASON = "The court's own words were looked up, and the offence is in Schedule 15 as it was committed."
TOLD = "The prison gave the next date on the telephone."


def answer_question(day: Day, of: Open, _step: Step) -> list[Entry]:
    """Answer what a person alone can tell; other questions are answered by the next meeting or plan."""
    about, on = of.name.partition(",")[0], day.on.isoformat()
    if about == "identification":
        sentences = day.between.sentences[of.case_id]
        until = max((one.licence_expiry_date for one in sentences if one.licence_expiry_date), default=None)
        if until is None or until <= day.on:
            return [Entry("identification", of.crn, {"date": on, "decision": "not_eligible", "reason": REASON})]
        decision = {"decision": "eligible", "category": 2, "until": until.isoformat(), "reason": REASON}
        return [Entry("identification", of.crn, {"date": on} | decision)]
    if about == "pre release":
        after = day.planner.dice(of, "release date").between(120, 400)
        release = {"which": "parole_eligibility_date", "release_date": (day.on + timedelta(days=after)).isoformat()}
        return [Entry("release-date", of.crn, {"date": on, "reason": TOLD} | release)]
    return []


WRITERS = {"answer_question": answer_question}
