"""The plan of a case, written anew after each meeting and after what else asks for it (Joint inspection 2015, 5.20).

Its words come from rings, each version the next ones; what stands all the same is confirmed by the offender manager.
"""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from casework.facts.plan_sections import PILLARS, sections
from casework.recording import Entry
from models.cases import Case
from models.plans import ContactChange, PlanVersion
from policy.agencies import Agency
from policy.texts import plain, stands
from policy.vocabulary import ContactChangeKind, Location
from sample.answers.after_events import MEETS, about
from sample.answers.day import Day
from sample.answers.dice import Dice
from sample.answers.life import FOR_LIFE
from sample.answers.minute_book import Book
from sample.answers.open_things import Open
from sample.answers.people import Somebody
from sample.answers.plan_words import (
    CONFIRMED,
    CONTACT_NOTES,
    CONTRIBUTIONS,
    HOW_OFTEN,
    NO_CONDITIONS,
    RESTRICTIONS,
    SUCCESS,
    ZONES,
)
from sample.answers.plans import Step
from sample.answers.wording import CONDITIONS, PLAN
from sample.names import forename_of, surname_of

GONE = (ContactChangeKind.DIED, ContactChangeKind.NO_LONGER_AT_RISK)
# Who is asked for by how somebody lives, and so does something for the plan.
BY_CIRCUMSTANCE = {
    "approved_premises": "approved_premises",
    "children_at_risk": Agency.CHILDRENS_SOCIAL_CARE,
    "victim_contact": Agency.VICTIM_LIAISON,
}


def write_plan(day: Day, of: Open, step: Step) -> list[Entry]:
    """Write the next version of the plan; one version meets all that asks for it today."""
    case = day.cases[of.case_id]
    first = next(one for one, its in day.steps if one.case_id == of.case_id and its.what == step.what)
    if first is not of or case.closed_on is not None:
        return []
    return [next_version(day, case)]


def next_version(day: Day, case: Case, *, unannounced: bool = False) -> Entry:
    """Return the next version of a plan; ``unannounced``: outside custody it has a visit that is not announced."""
    previous = day.between.plans.get(case.id)
    turn = previous.version if previous else 0
    dice = day.planner.person_dice(case.person.crn, f"plan {turn}")
    book = Book(day.planner.seed, case.person.crn, case.person.sex, turn, dice)
    form = plan_form(day, case, book, previous)
    if unannounced and form["visits"]:
        form["visits"][-1]["announced"] = False
    return about(day, "plan", case, form)


def plan_form(day: Day, case: Case, book: Book, previous: PlanVersion | None) -> dict[str, Any]:
    """Return the whole plan."""
    manager, rates = day.people.offender_manager(case), day.planner.rates.plan_update
    before = previous.content if previous else {}
    form: dict[str, Any] = {name: book.text(PLAN[name], f"version.{name}") for name in (*PILLARS, "contingency")}
    if previous and book.dice.says(rates.carried):
        pillar = book.dice.one(PILLARS)
        form[pillar] = before[pillar]
    form |= conditions(day, case, book, before)
    form |= {
        "agency": case.lead_agency,
        "by": manager.name,
        "contact_restrictions": [
            {"person": name, "restriction": book.text(RESTRICTIONS, f"restriction {place}")}
            for place, name in enumerate(named_in(day, case))
        ],
        "visits": list(visits(day, case, book, manager)),
        "contributions": [
            {"agency": agency, "what": book.text(CONTRIBUTIONS[agency], f"contribution.{agency}")}
            for agency in contributors(case)
        ],
        "success": book.text(SUCCESS, "version.success"),
        "conclusion": book.text(PLAN["conclusion"], "version.conclusion"),
    }
    if day.planner.person_dice(case.person.crn, "zone").says(rates.zone):
        form["exclusion_zones"] = [{"text": book.text(ZONES, "zone")}]
    form["carried_forward"] = dict(confirmed(form, before, manager))
    return form


def conditions(day: Day, case: Case, book: Book, before: dict[str, Any]) -> dict[str, Any]:
    """Return the conditions of a licence that runs or is to come, and the orders, in full; else why there are none.

    The conditions mostly stand as they did; what a court said always does.
    """
    licence = licence_of(day, case)
    orders = [one for one in day.between.orders[case.id] if one.ends_on is None or one.ends_on >= day.on]
    found: dict[str, Any] = {
        "orders": [
            {"order": one.kind, "text": one.conditions, "starts_on": one.starts_on.isoformat(),
             "ends_on": one.ends_on and one.ends_on.isoformat()}
            for one in orders
        ]
    }  # fmt: skip
    if licence is not None:
        starts, ends = licence
        stands = book.dice.says(day.planner.rates.deciding.conditions_confirmed)
        old = [one["text"] for one in before.get("licence_conditions") or ()]
        text = old[0] if old and stands else book.text(CONDITIONS, "version.conditions")
        found["licence_conditions"] = [{"text": text, "starts_on": starts.isoformat(), "ends_on": ends}]
    elif not orders:
        found["no_conditions_because"] = book.text(NO_CONDITIONS, "no conditions")
    return found


def licence_of(day: Day, case: Case) -> tuple[date, str | None] | None:
    """Return from when until when a licence of the case runs; None where there is none or it is over."""
    found = []
    for one in day.between.sentences[case.id]:
        starts = case.release_date or one.conditional_release_date or one.sentence_date
        if one.disposal in FOR_LIFE:
            return starts, None
        ends = one.licence_expiry_date
        if ends is not None and ends >= day.on and starts <= ends:
            found.append((ends, starts))
    if not found:
        return None
    ends, starts = max(found)
    return starts, ends.isoformat()


def named_in(day: Day, case: Case) -> list[str]:
    """Return the people whom the plan of a case names: invented once, and changed as became known since."""
    dice = Dice(day.planner.seed, case.person.crn, "named in the plan")
    names = [f"{forename_of(dice.rng, sex)} {surname_of(dice.rng)}"
             for sex in ("female", "male")[: dice.count(day.planner.rates.plan_update.contacts)]]  # fmt: skip
    for change in day.between.contacts[case.id]:
        names = list(after_change(names, change))
    return names


def after_change(names: list[str], change: ContactChange) -> Iterator[str]:
    """Yield the names there are after a change."""
    for name in names:
        if plain(name) != plain(change.person):
            yield name
        elif change.what not in GONE:
            yield change.now_called or name


def visits(day: Day, case: Case, book: Book, manager: Somebody) -> Iterator[dict[str, Any]]:
    """Yield the visits that are planned outside custody, most of those by the police unannounced."""
    if case.location == Location.CUSTODY:
        return
    often = book.next_of(HOW_OFTEN, "visits")
    yield {"agency": case.lead_agency, "by": manager.name, "how_often": often, "announced": True}
    police = day.people.police_manager(case)
    if police is not None and case.lead_agency != Agency.POLICE:
        announced = not book.dice.says(day.planner.rates.plan_update.visit_unannounced)
        yield {"agency": "police", "by": police.name, "how_often": book.next_of(HOW_OFTEN, "police visits"),
               "announced": announced}  # fmt: skip


def contributors(case: Case) -> list[str]:
    """Return the agencies that do something for the plan."""
    about_them = case.circumstances or {}
    found = [case.lead_agency, Agency.POLICE.value]
    found += [Agency.PRISON.value] if case.location == Location.CUSTODY else []
    found += [str(agency) for name, agency in BY_CIRCUMSTANCE.items() if about_them.get(name)]
    return [agency for agency in dict.fromkeys(found) if agency in CONTRIBUTIONS]


def confirmed(form: dict[str, Any], before: dict[str, Any], manager: Somebody) -> Iterator[tuple[str, dict[str, str]]]:
    """Yield the confirmation of each section that stands as it did, by the name of the section."""
    was, now = sections(before), sections(form)
    for name, text in now.items():
        if stands(was.get(name, ""), text):
            yield name, {"confirmed_by": manager.name, "because": CONFIRMED}


def contact_change(day: Day, of: Open, step: Step) -> list[Entry]:
    """Tell what became of somebody whom the plan of a case at level 2 or 3 names; it is then to be written anew."""
    case, plan = day.cases[of.case_id], day.between.plans.get(of.case_id)
    named = (plan.content.get("contact_restrictions") or []) if plan and case.level in MEETS else []
    if not named:
        return []
    dice = day.planner.person_dice(of.crn, f"contact {step.on.year}")
    what, person = dice.one(tuple(ContactChangeKind)), named[0]["person"]
    form = {"person": person, "what": what.value, "note": CONTACT_NOTES[what],
            "since": (day.on - timedelta(days=dice.between(0, 20))).isoformat()}  # fmt: skip
    if what is ContactChangeKind.NAME_CHANGED:
        form["now_called"] = f"{person.split()[0]} {surname_of(dice.rng)}"
    return [about(day, "contact-change", case, form)]


WRITERS = {"write_plan": write_plan, "contact_change": contact_change}
