"""What follows a meeting: minutes, their posting to ViSOR, and agencies that stayed away.

Source: Joint inspection 2015, 5.4, 5.37.
"""

from typing import Any

from casework.recording import Entry
from policy.agencies import Agency
from sample.answers.day import Day
from sample.answers.open_things import Open
from sample.answers.plans import Step
from sample.answers.wording import OTHER_ROUTES, REASONS, REPORTS

ANSWERS = ("no_answer", "will_report", "will_attend", "no_capacity", "not_concerned")


def minutes(day: Day, of: Open, step: Step) -> list[Entry]:
    """Draft the minutes, or bring them to their end: the Chair approves what the administrator wrote."""
    meeting = day.meeting(of)
    if meeting is None:
        return []
    case, newest = day.cases[of.case_id], day.minutes.get(meeting.id)
    writer, chair = day.people.administrator(case).name, meeting.chair_name or day.people.coordinator(case).name
    done = newest.state if newest else None
    takers = {"draft": writer, "approve": chair, "final": writer}
    left = {None: ["draft", "approve", "final"], "draft": ["approve", "final"]}.get(done, ["final"])
    wanted = left if step.what == "final" else left[:1] if done is None else []
    form = {"date": day.on.isoformat(), "meeting": meeting.number}
    return [Entry("minutes", of.crn, form | {"step": name, "by": takers[name]}) for name in wanted]


def post(day: Day, of: Open, _step: Step) -> list[Entry]:
    """Post the minutes to ViSOR once they are final; until then it waits."""
    meeting = day.meeting(of)
    if meeting is None or meeting.minutes_on is None:
        return []
    by = day.people.administrator(day.cases[of.case_id]).name
    return [Entry("visor-posting", of.crn, {"date": day.on.isoformat(), "meeting": meeting.number, "by": by})]


def absent(day: Day, of: Open, step: Step) -> list[Entry]:
    """Ask an agency about its absence, or settle it by a late report or a reason that the Chair accepts."""
    meeting, dice = day.meeting(of), day.planner.dice(of, "words")
    if meeting is None:
        return []
    agency = of.subject.agency
    form: dict[str, Any] = {"date": day.on.isoformat(), "meeting": meeting.number, "agency": agency}
    if step.what.startswith("ask_"):
        to = step.what.removeprefix("ask_")
        by = "chair" if to == "representative" else "coordinator"
        answer = "no_answer" if agency == Agency.GENERAL_PRACTICE else dice.one(ANSWERS)
        asked = {"by": by, "to": to, "answer": answer, "note": "Asked by telephone."}
        return [Entry("attendance-contact", of.crn, form | asked)]
    if step.what == "reason":
        chair = meeting.chair_name or day.people.coordinator(day.cases[of.case_id]).name
        told = {"how": "reason_accepted", "text": dice.one(REASONS), "accepted_by": chair}
    elif agency == Agency.GENERAL_PRACTICE and dice.aside("route").says(day.planner.rates.absence.another_route):
        told = {"how": "another_route", "text": dice.one(OTHER_ROUTES)}
    else:
        told = {"how": "report", "text": dice.one(REPORTS)}
    return [Entry("attendance-report", of.crn, form | told)]
