"""Court orders, notification without an end, and cases that go to another area (SOA 2003 Part 2)."""

from datetime import timedelta
from typing import Any

from casework.recording import Entry
from models.cases import Case
from policy.agencies import Agency
from policy.roles import Role
from policy.texts import plain
from policy.vocabulary import Category, Location, OrderKind
from sample.answers.after_events import about
from sample.answers.day import Day
from sample.answers.dice import Dice
from sample.answers.event_words import (
    AFTER_NOTIFICATION,
    AFTER_ORDERS,
    COURTS,
    ORDER_CONDITIONS,
    PROPOSALS,
    TRANSFER_ANSWERS,
)
from sample.answers.open_things import Open
from sample.answers.people import Somebody
from sample.answers.plans import Step
from sample.answers.wording import pronouns
from sample.names import months_after

# A court makes an order of this length at the least (SOA 2003 s.103C, 122D; CJIA 2008 s.98).
FIVE_YEARS, TWO_YEARS = 5, 2
# An order that is found on a file still runs for some weeks, and was made within these years.
LEAST_AHEAD_DAYS, YEARS_BACK = 40, 5


def order(day: Day, of: Open, step: Step) -> list[Entry]:
    """Record a court order: made these days, or in an earlier year and on no record until now."""
    case, rates = day.cases[of.case_id], day.planner.rates.event
    dice = day.planner.person_dice(of.crn, f"order {step.on.year}")
    kind = order_kind(case, dice)
    years = max(dice.count(rates.order_years), FIVE_YEARS if kind is OrderKind.SHPO else TWO_YEARS)
    older, back = dice.says(rates.order_of_earlier_years), dice.between(30, YEARS_BACK * 365)
    starts = day.on - timedelta(days=dice.between(1, 20))
    ends = months_after(starts, 12 * years)
    if older:
        back = min(back, (ends - day.on).days - LEAST_AHEAD_DAYS)
        starts, ends = starts - timedelta(days=back), ends - timedelta(days=back)
    form = {"order": kind.value, "court": dice.one(COURTS), "starts_on": starts.isoformat(),
            "ends_on": ends.isoformat(), "conditions": dice.one(ORDER_CONDITIONS)}  # fmt: skip
    return [about(day, "order", case, form)]


def order_kind(case: Case, dice: Dice) -> OrderKind:
    """Return the order that fits what somebody did."""
    if Category.REGISTERED_SEXUAL_OFFENDER not in case.categories:
        return OrderKind.VIOLENT_OFFENDER_ORDER
    return dice.one((OrderKind.SHPO, OrderKind.SHPO, OrderKind.SEXUAL_RISK_ORDER, OrderKind.FOREIGN_TRAVEL_ORDER))


def police_of(day: Day, case: Case) -> Somebody:
    """Return who of the police answers for a case."""
    known = day.people.police_manager(case) or day.people.police_officer(case)
    return known or Somebody("Public protection desk", Role.REPRESENTATIVE)


def review_order(day: Day, of: Open, _step: Step) -> list[Entry]:
    """Decide what comes after the end of an order."""
    case, dice, rates = day.cases[of.case_id], day.planner.dice(of, "decision"), day.planner.rates.order_end
    found = next((one for one in day.between.orders[case.id] if one.id == of.subject.row), None)
    if found is None:
        return []
    chance = dice.share()
    decision = "ends"
    if chance < rates.another.share:
        decision = "applied_for_another"
    elif chance < rates.another.share + rates.varied.share:
        decision = "applied_to_vary"
    form = {"number": found.number, "decision": decision, "reason": AFTER_ORDERS[decision],
            "by": police_of(day, case).name}  # fmt: skip
    return [about(day, "order-review", case, form)]


def review_notification(day: Day, of: Open, _step: Step) -> list[Entry]:
    """Have a Superintendent review notification without an end; mostly nobody has applied for it."""
    case, dice, rates = day.cases[of.case_id], day.planner.dice(of, "decision"), day.planner.rates.notification_review
    chance, years = dice.share(), dice.count(rates.years_to_next)
    decision = "continues"
    if chance < rates.ended.share:
        decision = "ended"
    elif chance < rates.ended.share + rates.not_applied.share:
        decision = "not_applied"
    senior = day.people.holder(case, Agency.POLICE, Role.SENIOR_MANAGER) or police_of(day, case)
    form: dict[str, Any] = {"decision": decision, "reason": AFTER_NOTIFICATION[decision], "by": senior.name}
    if decision != "ended":
        form["next_on"] = months_after(day.on, 12 * years).isoformat()
    return [about(day, "notification-review", case, form)]


def propose_transfer(day: Day, of: Open, step: Step) -> list[Entry]:
    """Propose to hand a case to another area whose coordinator the directory knows."""
    case = day.cases[of.case_id]
    others = [area for area in day.people.areas() if area != case.area]
    if not others or case.location != Location.COMMUNITY:
        return []
    dice = day.planner.person_dice(of.crn, f"transfer to an area {step.on.year}")
    reason = dice.one(PROPOSALS).format(**pronouns(case.person.sex))
    form = {"to_area": dice.one(others), "reason": reason, "by": day.people.coordinator(case).name}
    return [about(day, "transfer-proposal", case, form)]


def answer_transfer(day: Day, of: Open, _step: Step) -> list[Entry]:
    """Answer for the other area: it takes the case with people who manage it there, or declines."""
    transfer, case = day.between.transfers.get(of.subject.row_id), day.cases[of.case_id]
    if transfer is None:
        return []
    dice, rates = day.planner.dice(of, "answer"), day.planner.rates.transfer_answer
    chance = dice.share()
    managers = day.people.all_of(transfer.to_area, case.lead_agency, Role.LINE_MANAGER)
    receiver = transfer.receiver_name or "The coordinator"
    accepted = chance < rates.accepted.share and managers and plain(receiver) != plain(transfer.proposed_by)
    declined = chance < rates.accepted.share + rates.declined.share
    decision = "accepted" if accepted else "declined" if declined else "withdrawn"
    by = transfer.proposed_by if decision == "withdrawn" else receiver
    form: dict[str, Any] = {"decision": decision, "reason": TRANSFER_ANSWERS[decision], "by": by}
    if accepted:
        manager = dice.one(managers)
        form |= {"offender_manager": {"name": manager.name, "email": manager.email},
                 "line_manager_email": manager.email}  # fmt: skip
    return [about(day, "transfer-answer", case, form)]


WRITERS = {
    "order": order,
    "review_order": review_order,
    "review_notification": review_notification,
    "transfer_proposal": propose_transfer,
    "answer_transfer": answer_transfer,
}
