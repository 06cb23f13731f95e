"""What people record about reports from prison, licence conditions, homes and Jobcentre Plus."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from casework.recording import Entry
from models.cases import Case
from policy.agencies import Agency
from policy.roles import Role
from policy.vocabulary import Dwelling, Location
from sample.answers.after_events import about
from sample.answers.day import Day
from sample.answers.dice import Dice
from sample.answers.open_things import Open
from sample.answers.plans import Step
from sample.answers.wording import CONDITIONS, pronouns

WEEKS_IN_APPROVED_PREMISES = 12
HOMES = (Dwelling.FAMILY_OR_FRIENDS, Dwelling.PRIVATE_LANDLORD, Dwelling.SUPPORTED, Dwelling.OWN_HOME)
ITEMS = (
    ("conduct", "Two warnings since May, both for noise at night; none for violence.",
     "The calm of the last year seems to hold, which bears on the choice of the home."),
    ("contacts", "Writes to one friend and to an aunt; two letters to a third person were stopped.",
     "The third person is not named in the plan, and has to be."),
    ("sentence_plan", "Has finished the programme, and was late for two of its twelve sessions.",
     "What is left to work on goes into the licence."),
    ("intelligence", "Was seen with somebody from the group of the offence in the exercise yard.",
     "An address near that group would bring the old pattern back."),
    ("release", "Has no home to go to, and has asked the housing officer in prison for help.",
     "Without a home in time the first nights are the risk."),
)  # fmt: skip
LANDLORDS = (
    "Two landlords were asked; one keeps a flat open, the other has nothing before the summer.",
    "None was asked: the home is with people who know of the conditions.",
    "All three of the area were asked, and each declined because of the offence.",
)
DECLINED = (
    "Both landlords of the area declined because of the offence; the council looks further out.",
    "One has a list of half a year, the other wants a report from the prison first.",
)
NOBODY_IN = (
    "Nobody opened, and the post of two days lay in the hall; tried again.",
    "A neighbour says that the car went early; no answer on the telephone.",
)
FINDINGS = (
    "{He} was alone and sober, and showed the telephone without being asked.",
    "{He} had a guest who left when we came; the name was taken and is not on the list.",
    "The flat was tidy, and {he} spoke of the work that begins next month.",
)
RESTRICTION = "No work, paid or not, that brings contact with children or with vulnerable adults."


def report_from_prison(day: Day, of: Open, _step: Step) -> list[Entry]:
    """Write the prison's report to a meeting."""
    case, dice = day.cases[of.case_id], day.planner.dice(of, "words")
    if case.location != Location.CUSTODY:
        return []
    first = dice.between(0, len(ITEMS) - 1)
    items = [ITEMS[(first + step) % len(ITEMS)] for step in range(dice.between(2, 3))]
    form = {
        "items": [{"topic": topic, "what": what, "why": why} for topic, what, why in items],
        "by": f"Offender management unit, {case.prison or 'prison not known'}",
    }
    return [about(day, "prison-report", case, form)]


def propose_conditions(day: Day, of: Open, _step: Step) -> list[Entry]:
    """Propose licence conditions before a release."""
    case, dice = day.cases[of.case_id], day.planner.dice(of, "words")
    if case.location != Location.CUSTODY:
        return []
    words = [dice.one(CONDITIONS).format(**pronouns(case.person.sex))]
    form = {
        "conditions": words,
        "proposed_to": case.prison or "The prison",
        "by": day.people.offender_manager(case).name,
    }
    return [about(day, "licence-conditions", case, form)]


def find_home(day: Day, of: Open, _step: Step) -> list[Entry]:
    """Find where somebody lives from the day of release."""
    case, dice = day.cases[of.case_id], day.planner.dice(of, "home")
    circumstances = case.circumstances or {}
    if circumstances.get("approved_premises"):
        return home(day, case, dice, of, Dwelling.APPROVED_PREMISES)
    rents = circumstances.get("registered_social_landlord")
    return home(day, case, dice, of, Dwelling.SOCIAL_LANDLORD if rents else dice.one(HOMES))


def no_home(day: Day, of: Open, _step: Step) -> list[Entry]:
    """Tell that no home has been found yet, and what was tried: it stays open."""
    case, dice = day.cases[of.case_id], day.planner.dice(of, "no home")
    if case.location != Location.CUSTODY:
        return []
    form = {
        "dwelling": Dwelling.NONE_FOUND.value,
        "place": "None yet; the council has been told the date",
        "since": max(of.anchor, day.on).isoformat(),
        "social_landlords": dice.one(DECLINED),
        "by": day.people.offender_manager(case).name,
    }
    return [about(day, "accommodation", case, form)]


def move_on(day: Day, of: Open, _step: Step) -> list[Entry]:
    """Find where somebody moves on to from approved premises."""
    dice = day.planner.dice(of, "home")
    return home(day, day.cases[of.case_id], dice, of, Dwelling.SOCIAL_LANDLORD)


def home(day: Day, case: Case, dice: Dice, of: Open, dwelling: Dwelling) -> list[Entry]:
    """Return where somebody lives from the day of release, or from today."""
    officer = day.people.holder(case, "housing", Role.REPRESENTATIVE)
    since = max(of.anchor, day.on)
    form: dict[str, Any] = {
        "dwelling": dwelling.value,
        "place": case.unit or case.area,
        "since": since.isoformat(),
        "housing_officer": officer.name if officer else "The housing officer",
        "social_landlords": dice.one(LANDLORDS),
        "by": day.people.offender_manager(case).name,
    }
    if dwelling is Dwelling.APPROVED_PREMISES:
        form["until"] = (since + timedelta(weeks=WEEKS_IN_APPROVED_PREMISES)).isoformat()
    return [about(day, "accommodation", case, form)]


def tell_jobcentre(day: Day, of: Open, _step: Step) -> list[Entry]:
    """Tell Jobcentre Plus of restrictions on employment."""
    case = day.cases[of.case_id]
    coach = day.people.holder(case, "jobcentre", Role.REPRESENTATIVE)
    form = {
        "restriction": RESTRICTION,
        "told": coach.name if coach else "Partnership manager",
        "by": day.people.offender_manager(case).name,
    }
    return [about(day, "jobcentre-notice", case, form)]


def visit(day: Day, of: Open, _step: Step) -> list[Entry]:
    """Make a visit that the plan promises."""
    case, dice = day.cases[of.case_id], day.planner.dice(of, "words")
    if case.location == Location.CUSTODY:
        return []
    police = day.people.police_manager(case) if of.subject.agency == Agency.POLICE else None
    form = {
        "agency": of.subject.agency,
        "by": (police or day.people.offender_manager(case)).name,
        "announced": not of.subject.what,
        "seen": True,
        "finding": dice.one(FINDINGS).format(**pronouns(case.person.sex)),
    }
    return [*nobody_in(day, of, case, form), about(day, "visit", case, form)]


def nobody_in(day: Day, of: Open, case: Case, form: dict[str, Any]) -> list[Entry]:
    """Return the visit of the working day before at which nobody was in, where there was one."""
    # A visit is called alike each time: its day tells it from the next.
    dice, before = (
        day.planner.person_dice(of.crn, f"nobody in {of.subject}"),
        day.planner.calendar.add_working_days(day.on, -1),
    )
    if before <= of.opened or not dice.says(day.planner.rates.visit.otherwise):
        return []
    tried = form | {"date": before.isoformat(), "seen": False, "finding": dice.one(NOBODY_IN)}
    return [Entry("visit", case.reference, tried)]


WRITERS: dict[str, Callable[[Day, Open, Step], list[Entry]]] = {
    "report_from_prison": report_from_prison,
    "propose_conditions": propose_conditions,
    "find_home": find_home,
    "no_home": no_home,
    "move_on": move_on,
    "tell_jobcentre": tell_jobcentre,
    "visit": visit,
}
