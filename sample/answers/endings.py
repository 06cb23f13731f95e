"""The end of a sentence, licence, order or notification period: the plan for it, and the check.

Source: Joint inspection 2015, 5.21.
"""

from casework.facts.ends import held_by
from casework.recording import Entry
from policy.obligations.endings import still_held
from policy.vocabulary import Category, EndOutcome
from sample.answers.day import Day
from sample.answers.open_things import Open
from sample.answers.plans import Step
from sample.answers.wording import ENDINGS, HOMES, IOM, RISKS_LEFT, SERVICES, VICTIMS_TOLD


def plan_exit(day: Day, of: Open, _step: Step) -> list[Entry]:
    """Record the plan for life after MAPPA."""
    case, dice = day.cases[of.case_id], day.planner.dice(of, "words")
    form = {
        "date": day.on.isoformat(),
        "ends_on": of.anchor.isoformat(),
        "accommodation": dice.one(HOMES),
        "engagement": dice.one(SERVICES),
        "victims": dice.one(VICTIMS_TOLD),
        "integrated_offender_management": dice.one(IOM),
        "outstanding_risks": dice.one(RISKS_LEFT),
        "by": case.offender_manager or "Offender manager",
    }
    return [Entry("exit-plan", of.crn, form)]


def check_end(day: Day, of: Open, _step: Step) -> list[Entry]:
    """Decide what becomes of a case: it stays open under what still holds, or is closed with a reason.

    Category 3 goes on more often than not: it never ends by itself.
    """
    case, dice, rates = day.cases[of.case_id], day.planner.dice(of, "words"), day.planner.rates.end_of_sentence
    form = {
        "date": day.on.isoformat(),
        "ends_on": of.anchor.isoformat(),
        "reason": dice.one(ENDINGS),
        "by": day.people.coordinator(case).name,
    }
    goes_on = case.category == Category.OTHER_DANGEROUS and dice.says(rates.category_3_goes_on)
    if still_held(held_by(case), of.anchor) or goes_on:
        return [Entry("end-of-sentence-check", of.crn, form | {"outcome": EndOutcome.STAYS_OPEN.value})]
    form["victims_told"] = "The victim liaison officer was told, and tells the victim, where there is one."
    form["despite_open"] = "All of it was told to those it concerns, and each of them goes on with it."
    if dice.says(rates.handed_to_iom):
        form |= {"outcome": EndOutcome.HANDED_TO_IOM.value, "to_whom": f"IOM team {case.unit or case.area}"}
    else:
        form["outcome"] = EndOutcome.DEREGISTERED.value
    return [Entry("end-of-sentence-check", of.crn, form)]
