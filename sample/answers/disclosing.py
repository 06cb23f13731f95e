"""Disclosure: decided at a meeting or between two, approved by a second person, made or not.

Source: Joint inspection 2015, 5.23 to 5.25.
"""

from typing import Any

from casework.recording import Entry
from models.cases import Case
from models.disclosures import Disclosure
from models.meetings import Meeting
from policy.agencies import Agency
from policy.kinds import Plan
from policy.subjects import Subject
from policy.texts import plain
from policy.vocabulary import DisclosureState
from sample.answers.after_events import MEETS, about
from sample.answers.day import Day
from sample.answers.dice import Dice, working_day_after
from sample.answers.event_words import APPROVALS, DISCLOSED, DISCLOSURE_CARRIED, HOW_TO_DISCLOSE, NOT_DISCLOSED
from sample.answers.minute_book import Book
from sample.answers.open_things import Open
from sample.answers.people import Somebody
from sample.answers.plans import Step
from sample.answers.wording import DISCLOSE, DO_NOT_DISCLOSE, pronouns


def decided_there(day: Day, case: Case, meeting: Meeting, book: Book, chair: Somebody) -> dict[str, Any]:
    """Return the decision of a meeting on disclosure, reasoned anew; the Chair is mostly the second person."""
    rates = day.planner.rates.deciding
    if not book.dice.says(rates.disclose):
        return {"decision": "do_not_disclose", "reason": book.text(DO_NOT_DISCLOSE, "do_not_disclose")}
    reason, to_whom, what = book.next_of(DISCLOSE, "disclose")
    approved_there = book.dice.says(rates.disclosure_approved_there)
    form = whole(day, case, book.dice, to_whom, what.format(**book.words), since=meeting.on)
    if approved_there and plain(chair.name) != plain(form["proposed_by"]):
        form["approved_by"] = chair.name
    return form | {"reason": reason.format(**book.words)}


def whole(day: Day, case: Case, dice: Dice, to_whom: str, what: str, since: Any) -> dict[str, Any]:
    """Return a disclosure with all it must say: to whom, what, how, by whom and by when."""
    police, manager = day.people.police_manager(case), day.people.offender_manager(case)
    by = police or manager
    days = dice.count(day.planner.rates.deciding.disclosure_in_working_days)
    return {
        "decision": "disclose",
        "to_whom": to_whom,
        "what": what,
        "how": dice.one(HOW_TO_DISCLOSE),
        "by": {"name": by.name, "email": by.email},
        "agency": Agency.POLICE.value if police else case.lead_agency,
        "due_on": working_day_after(day.planner.calendar, since, days).isoformat(),
        "proposed_by": manager.name,
    }


def disclose(day: Day, of: Open, step: Step) -> list[Entry]:
    """Propose a disclosure between two meetings of a case at level 2 or 3; its approval follows."""
    case = day.cases[of.case_id]
    if case.level not in MEETS:
        return []
    dice = day.planner.person_dice(of.crn, f"disclosure {step.on.year}")
    reason, to_whom, what = dice.one(DISCLOSE)
    words = pronouns(case.person.sex)
    form = whole(day, case, dice, to_whom, what.format(**words), since=day.on)
    form["reason"] = f"{reason.format(**words)} It became known on {day.on:%d.%m.%Y}, and cannot wait for the meeting."
    return [about(day, "disclosure", case, form)]


def found(day: Day, of: Open, state: DisclosureState) -> Disclosure | None:
    """Return the disclosure something is about, if it stands where it is to be answered."""
    return next(
        (one for one in day.between.disclosures[of.case_id] if one.id == of.subject.row and one.state == state), None
    )


def answer_disclosure(day: Day, of: Open, _step: Step) -> list[Entry]:
    """Approve a proposed disclosure, or refuse it: the Chair, who is never the one who proposed it."""
    disclosure, case = found(day, of, DisclosureState.PROPOSED), day.cases[of.case_id]
    if disclosure is None:
        return []
    chair = day.people.chair(case, day.planner.person_dice(of.crn, "chair"))
    if plain(chair.name) == plain(disclosure.proposed_by):
        chair = day.people.coordinator(case)
    approved = day.planner.dice(of, "answer").says(day.planner.rates.disclosure_approval.approved)
    decision = "approve" if approved else "refuse"
    form = {"disclosure": disclosure.number, "decision": decision, "reason": APPROVALS[decision], "by": chair.name}
    return [about(day, "disclosure-approval", case, form)]


def close_disclosure(day: Day, of: Open, _step: Step) -> list[Entry]:
    """Tell that a disclosure was made, and how it went; or why it was not."""
    disclosure, case = found(day, of, DisclosureState.APPROVED), day.cases[of.case_id]
    if disclosure is None:
        return []
    form = {"disclosure": disclosure.number, "by": disclosure.discloser_name}
    return [about(day, "disclosure-outcome", case, form | what_came_of_it(day, case, of, "state"))]


def what_came_of_it(day: Day, case: Case, of: Open, field: str) -> dict[str, Any]:
    """Return how a disclosure went, with the undertaking; or why it was not made."""
    dice = day.planner.dice(of, "came of it")
    if not dice.says(day.planner.rates.disclosure.made):
        return {field: "not_made", "reason": dice.one(NOT_DISCLOSED).format(**pronouns(case.person.sex))}
    outcome, undertaking = dice.one(DISCLOSED)
    return {field: "made", "outcome": outcome, "undertaking": undertaking}


def told_there(day: Day, of: Open, case: Case, meeting: Meeting) -> list[dict[str, Any]]:
    """Return what a meeting is told of each disclosure that is open: what was to be made by today, the rest carried."""
    told = []
    for one in day.between.disclosures[case.id]:
        if one.proposed_on >= meeting.on:
            continue
        item = Open(of.case_id, of.crn, of.lead_agency, Plan.DISCLOSURE, Subject(row=one.id), f"number {one.number}",
                    one.due_on, one.due_on, one.approved_on or one.proposed_on)  # fmt: skip
        proposed = one.state == DisclosureState.PROPOSED
        if proposed or not any(step.on <= day.on for step in day.planner.steps(item)):
            came = {"position": "carried", "reason": DISCLOSURE_CARRIED[proposed]}
        else:
            came = what_came_of_it(day, case, item, "position")
        told.append({"disclosure": one.number} | came)
    return told


WRITERS = {
    "disclosure": disclose,
    "answer_disclosure": answer_disclosure,
    "close_disclosure": close_disclosure,
}
