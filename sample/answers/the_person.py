"""What is said to the person and asked of them, their record on ViSOR, conferences, the word of the Chair."""

from datetime import timedelta

from sqlalchemy import func, select

from casework.recording import Entry
from models.meetings import Meeting
from models.plans import PlanVersion
from policy.kinds import Safeguarding
from policy.vocabulary import MeetingState
from sample.answers.after_events import about
from sample.answers.day import Day
from sample.answers.minute_book import Book
from sample.answers.open_things import Open
from sample.answers.people import Somebody
from sample.answers.plans import Step
from sample.answers.wording import CONFERENCES, MARACS, OFFENDER_VIEWS, STATUS_TOLD

NO_CONFERENCE = "The children live with their father, and no contact is planned."
NO_MARAC = "The partner has moved abroad, and the police know of no other."


def tell_status(day: Day, of: Open, _step: Step) -> list[Entry]:
    """Tell the person of their status in writing."""
    case = day.cases[of.case_id]
    if case.level is None:
        return []
    dice, by = day.planner.dice(of, "words"), day.people.offender_manager(case).name
    how = dice.one(STATUS_TOLD)
    told = {"told": "in_writing", "how": how}
    if dice.says(day.planner.rates.status_told.otherwise):
        told = {"told": "not_told", "how": "An informant would be at risk if it were known that police meet about it."}
    return [about(day, "status-told", case, told | {"by": by})]


def ask_own_views(day: Day, of: Open, _step: Step) -> list[Entry]:
    """Ask the person for their own views before a meeting; some do not want to say anything."""
    meeting, case = day.session.get(Meeting, of.subject.row), day.cases[of.case_id]
    if meeting is None or meeting.state != MeetingState.PLANNED or meeting.on <= day.on:
        return []
    dice = day.planner.dice(of, "words")
    held = select(func.count(Meeting.id)).where(Meeting.case_id == case.id, Meeting.state == MeetingState.HELD)
    turn = day.session.scalar(held) or 0
    # The words that the record of the meeting will have: not those of the last one.
    views = Book(day.planner.seed, of.crn, case.person.sex, turn, dice).text(OFFENDER_VIEWS, "offender_views")
    answer = dice.one(("wrote", "said", "said", "declined"))
    told = {"answer": answer, "text": None if answer == "declined" else views}
    if dice.says(day.planner.rates.own_views.otherwise):
        told = {"answer": "not_asked", "text": "The ward let nobody in this week; the letter goes to the solicitor."}
    by = day.people.offender_manager(case).name
    return [about(day, "own-views", case, {"meeting": meeting.number, "by": by} | told)]


def put_on_visor(day: Day, of: Open, _step: Step) -> list[Entry]:
    """Make the record on ViSOR, or put it right; on a day on which something else happens to the case it waits."""
    if any(other.case_id == of.case_id and other is not of for other, _ in day.steps):
        return []
    case = day.cases[of.case_id]
    police = day.people.police_manager(case) or day.people.police_officer(case) or Somebody("ViSOR desk", "desk")
    form = {"reference": f"V{case.id:06d}", "lead_agency": case.lead_agency, "level": case.level, "by": police.name}
    return [about(day, "visor-record", case, form)]


def ask_conference(day: Day, of: Open, _step: Step) -> list[Entry]:
    """Ask whether a conference is held: mostly there is one, and later it has decided something."""
    case, dice = day.cases[of.case_id], day.planner.dice(of, "words")
    is_marac, rates = of.kind == Safeguarding.MARAC, day.planner.rates
    by = day.people.offender_manager(case).name
    if of.subject.day is not None:
        held_on = of.subject.day
        if held_on > day.on:
            return []
        told = {"held_on": held_on.isoformat(), "outcome": dice.one(MARACS if is_marac else CONFERENCES)}
    elif not dice.says((rates.marac if is_marac else rates.child_protection).otherwise):
        told = {"held_on": (day.on + timedelta(days=dice.between(7, 40))).isoformat()}
    else:
        told = {"reason": NO_MARAC if is_marac else NO_CONFERENCE}
    return [about(day, "conference", case, {"which": of.kind, "by": by} | told)]


def assess_sara(day: Day, of: Open, _step: Step) -> list[Entry]:
    """Assess the risk to a partner with SARA; it mostly confirms what was known."""
    case, people = day.cases[of.case_id], day.people
    form = {
        "tool": "sara",
        "level": case.rosh_level or "high",
        "of_what": "Assault on a partner who means to leave, and being followed after it",
        "to_whom": "The partner of now, and whoever comes after",
        "author": people.offender_manager(case).name,
        "authorised_by": people.line_manager(case).name,
        "analysis": None if case.rosh_level else "Nobody had written down a level before; this is the first.",
    }
    return [about(day, "risk-assessment", case, form)]


def confirm_plan(day: Day, of: Open, _step: Step) -> list[Entry]:
    """Have the Chair confirm that the agency's own plan was updated, once a version of the plan is on record."""
    meeting, case = day.session.get(Meeting, of.subject.row), day.cases[of.case_id]
    written = select(func.max(PlanVersion.written_on)).where(PlanVersion.case_id == of.case_id)
    newest = day.session.scalar(written)
    if meeting is None or newest is None or newest < meeting.on:
        return []
    by = meeting.chair_name or day.people.coordinator(case).name
    return [about(day, "plan-confirmed", case, {"meeting": meeting.number, "on_visor": True, "by": by})]


WRITERS = {
    "tell_status": tell_status,
    "ask_own_views": ask_own_views,
    "put_on_visor": put_on_visor,
    "ask_conference": ask_conference,
    "assess_sara": assess_sara,
    "confirm_plan": confirm_plan,
}
