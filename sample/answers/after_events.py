"""What an event left to do: a look at it, the consultation, the ViSOR partner, the victim, a case review."""

from typing import Any

from casework.recording import Entry
from models.cases import Case
from policy.agencies import Agency
from policy.events import EventKind
from policy.roles import Role
from sample.answers.day import Day
from sample.answers.event_words import LOOKED_AT, REVIEWS_OF_CASES, VICTIM_TOLD
from sample.answers.happening import consulted
from sample.answers.open_things import Open
from sample.answers.people import Somebody
from sample.answers.plans import Step

MEETS = (2, 3)
# After these a person at level 2 or 3 is met about before the next date, now and then.
GRAVE = (EventKind.RECALL, EventKind.FURTHER_CHARGE, EventKind.ABSCONDED)


def look_at_event(day: Day, of: Open, _step: Step) -> list[Entry]:
    """Look at an event: what it changes in the risk and in the plan, and whether a meeting is needed."""
    event = day.between.events.get(of.subject.row_id)
    if event is None:
        return []
    case, dice, rates = day.cases[of.case_id], day.planner.dice(of, "look"), day.planner.rates.event_review
    changed, planned, meets = dice.says(rates.risk_changed), dice.says(rates.plan_updated), dice.share()
    alive = event.kind != EventKind.DEATH and case.closed_on is None
    urgent = alive and event.kind in GRAVE and case.level in MEETS and meets < rates.meeting_needed.share
    form = {
        "event": event.number,
        "risk_changed": alive and changed,
        "plan": "to_be_updated" if alive and planned and case.level is not None else "unchanged",
        "meeting": "needed" if urgent else "not_needed",
        "reason": dice.one(LOOKED_AT),
        "by": day.people.offender_manager(case).name,
    }
    return [about(day, "event-review", case, form)]


def about(day: Day, kind: str, case: Case, form: dict[str, Any]) -> Entry:
    """Return a fact of today on a case by its reference: what events left to do goes on after a case is closed."""
    return Entry(kind, case.reference, {"date": day.on.isoformat()} | form)


def consult(day: Day, of: Open, _step: Step) -> list[Entry]:
    """Consult police and probation about a release date that was changed without them."""
    event = day.between.events.get(of.subject.row_id)
    if event is None:
        return []
    case = day.cases[of.case_id]
    form = {"release_date": event.data.get("to"), "consulted": consulted(day, case)}
    return [about(day, "consultation", case, form)]


def partner(day: Day, of: Open, _step: Step) -> list[Entry]:
    """Make the prison that holds the person the partner on ViSOR."""
    event, case = day.between.events.get(of.subject.row_id), day.cases[of.case_id]
    if event is None or case.prison is None:
        return []
    police = day.people.police_manager(case) or day.people.police_officer(case) or Somebody("ViSOR desk", "desk")
    return [about(day, "visor-partner", case, {"event": event.number, "prison": case.prison, "by": police.name})]


def tell_victim(day: Day, of: Open, _step: Step) -> list[Entry]:
    """Have the victim liaison officer tell the victim."""
    event = day.between.events.get(of.subject.row_id)
    if event is None:
        return []
    case, dice = day.cases[of.case_id], day.planner.dice(of, "words")
    officer = day.people.representative(case, Agency.VICTIM_LIAISON)
    by = officer.name if officer else "The victim liaison officer"
    return [about(day, "victim-update", case, {"event": event.number, "how": dice.one(VICTIM_TOLD), "by": by})]


def report_offence(day: Day, of: Open, _step: Step) -> list[Entry]:
    """Send the report on a serious further offence to the Chair of the SMB and the coordinator."""
    case = day.cases[of.case_id]
    form = {"charged_on": of.anchor.isoformat(), "by": day.people.offender_manager(case).name}
    return [about(day, "offence-report", case, form)]


def consider_case_review(day: Day, of: Open, _step: Step) -> list[Entry]:
    """Have the SMB consider a case review after a serious further offence: its Chair, with a lay adviser."""
    case, dice = day.cases[of.case_id], day.planner.dice(of, "words")
    chair = day.people.holder(case, Agency.SMB, Role.SMB_CHAIR)
    advisers = day.people.all_of(case.area, Agency.SMB, Role.LAY_ADVISER)
    decision, reason = dice.one(REVIEWS_OF_CASES)
    form = {
        "charged_on": of.anchor.isoformat(),
        "decision": decision,
        "reason": reason,
        "lay_adviser": dice.one(advisers).name if advisers else "The lay adviser",
        "by": chair.name if chair else "The Chair of the SMB",
    }
    return [about(day, "case-review", case, form)]


def notify_police(day: Day, of: Open, _step: Step) -> list[Entry]:
    """Note that somebody notified the police after release."""
    case = day.cases[of.case_id]
    officer = day.people.police_manager(case) or day.people.police_officer(case)
    by = officer.name if officer else "The police station"
    form = {"station": f"{case.unit or case.area} police station", "by": by}
    if day.planner.dice(of, "home").says(day.planner.rates.weekly_notification.no_fixed_home):
        form["home"] = "no_fixed_home"
    return [about(day, "first-notification", case, form)]


def tell_neighbourhood(day: Day, of: Open, _step: Step) -> list[Entry]:
    """Tell the neighbourhood policing team of a release."""
    case = day.cases[of.case_id]
    officer = day.people.police_manager(case) or day.people.police_officer(case)
    team, by = f"{case.unit or case.area} neighbourhood team", officer.name if officer else "The public protection desk"
    return [about(day, "neighbourhood-told", case, {"team": team, "by": by})]


WRITERS = {
    "notify_police": notify_police,
    "tell_neighbourhood": tell_neighbourhood,
    "look_at_event": look_at_event,
    "consult": consult,
    "partner": partner,
    "tell_victim": tell_victim,
    "report_offence": report_offence,
    "consider_case_review": consider_case_review,
}
