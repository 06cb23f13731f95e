"""What those record who notify the police; tests, missing people, and the actions of another prison."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from casework.recording import Entry
from models.cases import Case
from policy.events import EventKind
from policy.obligations.release import NOTIFIES
from policy.vocabulary import Category
from sample.answers.after_events import about
from sample.answers.day import Day
from sample.answers.dice import Dice
from sample.answers.happening import event, happens
from sample.answers.open_things import Open
from sample.answers.plans import Step

DETAILS = (
    ("address", "The landlord says that the room has stood empty since the weekend."),
    ("bank_account", "A letter from a bank lay open that nobody had heard of."),
    ("household_with_a_child", "The partner's daughter has moved in, the school says."),
)
DESTINATIONS = ("Porto, with a cousin", "Gdansk, at the home of the parents", "Crete, a hotel with the club")
SEARCHED = (
    ("Two addresses were visited, and the family has heard nothing.", "The police ask the bank and the ports."),
    ("The telephone was last seen on in the next town.", "The offender manager asks the aunt who lives there."),
)


def station(case: Case) -> str:
    """Return the police station of a case."""
    return f"{case.unit or case.area} police station"


def officer(day: Day, case: Case) -> str:
    """Return who records it for the police."""
    found = day.people.police_manager(case) or day.people.police_officer(case)
    return found.name if found else "The police station"


def notify_again(day: Day, of: Open, _step: Step) -> list[Entry]:
    """Note that somebody has confirmed their details with the police."""
    case = day.cases[of.case_id]
    form = {"why": "yearly", "station": station(case), "by": officer(day, case)}
    return [about(day, "police-notification", case, form)]


def notify_this_week(day: Day, of: Open, _step: Step) -> list[Entry]:
    """Note that somebody without a fixed home has confirmed their details, or has found a home."""
    case, found = day.cases[of.case_id], day.planner.rates.weekly_notification.found_one
    form: dict[str, Any] = {"why": "weekly", "station": station(case), "by": officer(day, case)}
    if day.planner.dice(of, "home").says(found):
        form |= {"why": "change", "detail": "address", "changed_on": day.on.isoformat()}
    return [about(day, "police-notification", case, form)]


def follow_up_a_move(day: Day, of: Open, _step: Step) -> list[Entry]:
    """Tell the neighbourhood policing team of a new address, and say that the plan still fits it."""
    case = day.cases[of.case_id]
    team = f"{case.unit or case.area} neighbourhood team"
    return [about(day, "neighbourhood-told", case, {"team": team, "plan": "unchanged", "by": officer(day, case)})]


def notify_change(day: Day, of: Open, _step: Step) -> list[Entry]:
    """Note that somebody has told the police of a change after all."""
    case = day.cases[of.case_id]
    changed = {"detail": "other", "changed_on": of.anchor.isoformat()}
    form = {"why": "change", "station": station(case), "by": officer(day, case)} | changed
    return [about(day, "police-notification", case, form)]


def return_from_abroad(day: Day, of: Open, _step: Step) -> list[Entry]:
    """Note that somebody is back from abroad."""
    case, journey = day.cases[of.case_id], day.between.journeys.get(of.subject.row_id)
    if journey is None:
        return []
    went = not day.planner.dice(of, "went").says(day.planner.rates.travel_return.otherwise)
    outcome = "returned" if went else "did_not_go"
    form = {"leaves_on": journey.data["leaves_on"], "outcome": outcome, "by": officer(day, case)}
    return [about(day, "travel-return", case, form)]


def decide_missing(day: Day, of: Open, _step: Step) -> list[Entry]:
    """Decide what is done this week to find somebody."""
    case, dice = day.cases[of.case_id], day.planner.dice(of, "words")
    done, then = dice.one(SEARCHED)
    return [about(day, "missing-decision", case, {"done": done, "next": then, "by": officer(day, case)})]


def take_over_actions(day: Day, of: Open, _step: Step) -> list[Entry]:
    """Say who does the actions of the prison before: those who did them go on with it from where they are."""
    case = day.cases[of.case_id]
    by = f"Offender management unit, {case.prison or 'prison not known'}"
    return [
        about(
            day,
            "action-owner",
            case,
            {"action": one.number, "owner": {"name": one.owner_name, "email": one.owner_email}, "by": by},
        )
        for one in day.actions[case.id]
        if one.agency == "prison" and one.set_on <= of.anchor
    ]


def foreign_travel(day: Day, case: Case, _of: Open, dice: Dice) -> list[Entry]:
    """Tell the police of a journey abroad; a few do it later than seven days before."""
    ahead, days, destination = dice.between(4, 30), dice.between(5, 21), dice.one(DESTINATIONS)
    if not notifies(case):
        return []
    leaves = day.on + timedelta(days=ahead)
    form = {
        "leaves_on": leaves.isoformat(),
        "returns_on": (leaves + timedelta(days=days)).isoformat(),
        "destination": destination,
        "by": officer(day, case),
    }
    return [about(day, "foreign-travel", case, form)]


def details_change(day: Day, case: Case, _of: Open, dice: Dice) -> list[Entry]:
    """Learn of a change that somebody has not told the police."""
    (detail, what), ago = dice.one(DETAILS), dice.between(0, 6)
    if not notifies(case):
        return []
    changed = (day.on - timedelta(days=ago)).isoformat()
    form = {"detail": detail, "changed_on": changed, "what": what, "by": officer(day, case)}
    return [about(day, "details-change", case, form)]


def notifies(case: Case) -> bool:
    """Tell whether somebody must notify the police."""
    return not NOTIFIES.isdisjoint(Category(number) for number in case.categories)


def polygraph(day: Day, case: Case, _of: Open, dice: Dice) -> list[Entry]:
    """Record a polygraph test; most find nothing."""
    clear = ("clear", "The four questions were answered without a reaction.")
    reacted = ("not_clear", "{He} reacted to the question about children, and then told of a visit to the park.")
    return tested(day, case, EventKind.POLYGRAPH, dice, clear, reacted)


def drug_test(day: Day, case: Case, _of: Open, dice: Dice) -> list[Entry]:
    """Record a drug test; most find nothing."""
    clear = ("clear", "The test of this week was negative.")
    found = ("not_clear", "The test found cocaine; {he} said that it was a birthday, and has asked for help.")
    return tested(day, case, EventKind.DRUG_TEST, dice, clear, found)


def tested(
    day: Day, case: Case, kind: EventKind, dice: Dice, clear: tuple[str, str], found: tuple[str, str]
) -> list[Entry]:
    """Return the result of a test."""
    result, what = found if dice.says(day.planner.rates.event.test_not_clear) else clear
    return event(day, case, kind, what, day.people.offender_manager(case).name, result=result)


def curfew_violation(day: Day, case: Case, _of: Open, _dice: Dice) -> list[Entry]:
    """Record that somebody did not keep a curfew."""
    what = "{He} came in two hours late, by the word of the monitoring firm; {he} says that the bus broke down."
    return event(day, case, EventKind.CURFEW_VIOLATION, what, day.people.offender_manager(case).name)


def tag_violation(day: Day, case: Case, _of: Open, _dice: Dice) -> list[Entry]:
    """Record that a tag was not charged."""
    what = "The tag was not charged for a night; the firm found it whole when it looked."
    return event(day, case, EventKind.TAG_VIOLATION, what, day.people.offender_manager(case).name)


WRITERS: dict[str, Callable[[Day, Open, Step], list[Entry]]] = {
    "notify_again": notify_again,
    "notify_this_week": notify_this_week,
    "follow_up_a_move": follow_up_a_move,
    "notify_change": notify_change,
    "return_from_abroad": return_from_abroad,
    "decide_missing": decide_missing,
    "take_over_actions": take_over_actions,
    "foreign_travel": happens(foreign_travel),
    "details_change": happens(details_change),
    "polygraph": happens(polygraph),
    "drug_test": happens(drug_test),
    "curfew_violation": happens(curfew_violation),
    "tag_violation": happens(tag_violation),
}
