"""What people record before there is a meeting, and at level 1: notices, referrals, screening, levels, reviews."""

from datetime import timedelta
from typing import Any

from casework.recording import Entry
from models.cases import Case
from policy.agencies import Agency
from policy.kinds import Release, Screening
from policy.roles import Role
from policy.vocabulary import Category
from sample.answers.day import Day
from sample.answers.dice import Dice
from sample.answers.open_things import Open
from sample.answers.people import Somebody
from sample.answers.plans import Step
from sample.answers.rates import ReferralRates
from sample.answers.wording import INCIDENTS, RETAINED, pronouns

HIGH = "Two earlier assaults and the use of a weapon carry the assessment."
# What an incomplete referral lacks, by the rate that says how often.
LACKING = {
    "no_likelihood": ("likelihood_of_reoffending",),
    "no_risk": ("risk_of_serious_harm",),
    "no_agencies": ("agencies",),
    "no_assessment": ("risk_assessment",),
    "no_plan": ("risk_management_plan",),
    "no_special_issues": ("special_issues",),
}
CIRCUMSTANCES = (
    "approved_premises", "tagged", "children_at_risk", "adult_at_risk", "general_practice", "immigration",
    "employment_restrictions", "registered_social_landlord",
)  # fmt: skip
ASKED_ASIDE = ("domestic_abuse", "personality_disorder")

# What needs senior people at level 3.
BED = "A bed must be committed at short notice."


def notice(day: Day, of: Open, _step: Step) -> list[Entry]:
    """Give the prison's notice of a release date."""
    case = day.cases[of.case_id]
    release = case.release_date.isoformat() if case.release_date else None
    contact = f"Offender management unit, {case.prison or 'prison not known'}"
    return [Entry("prison-notice", of.crn, {"date": day.on.isoformat(), "release_date": release, "contact": contact})]


def confirm_dates(day: Day, of: Open, _step: Step) -> list[Entry]:
    """Confirm that the release dates still stand."""
    case = day.cases[of.case_id]
    release = case.release_date.isoformat() if case.release_date else None
    by = f"Offender management unit, {case.prison or 'prison not known'}"
    return [Entry("dates-check", of.crn, {"date": day.on.isoformat(), "release_date": release, "by": by})]


def refer(day: Day, of: Open, _step: Step) -> list[Entry]:
    """Refer: in custody before release, once more after a referral was sent back, or for category 3."""
    under_way = [r for r in day.referrals[of.case_id] if r.decided_on is None or r.received_on >= of.opened]
    if of.kind == Release.REFERRAL and under_way:
        # One is under way: it waits for its answer, or for what it lacked.
        return []
    if not of.case_id:
        return [Entry("referral", of.crn, category_3_referral(day, of))]
    case, dice = day.cases[of.case_id], day.planner.dice(of, "referral")
    rates = day.planner.rates.referral
    again = of.kind == Screening.RESUBMISSION
    form = referral_form(day, case, dice, case.category == 3)
    if not again and dice.says(rates.incomplete):
        lessen(form, dice, rates)
    return [Entry("referral", of.crn, form)]


def category_3_referral(day: Day, of: Open) -> dict[str, Any]:
    """Return the referral of somebody who has no case."""
    sentence = max(day.persons[of.crn].sentences, key=lambda s: (s.sentence_date, s.id))
    case = Case(**{name: getattr(sentence, name) for name in (
        "area", "unit", "lead_agency", "offender_manager", "offender_manager_email", "line_manager_email",
        "police_offender_manager", "police_offender_manager_email")})  # fmt: skip
    return referral_form(day, case, day.planner.dice(of, "referral"), category_3=True)


def referral_form(day: Day, case: Case, dice: Dice, category_3: bool) -> dict[str, Any]:
    """Return a referral with all that it must hold (Joint inspection 2015, 4.8)."""
    people, rates, on = day.people, day.planner.rates.referral, day.on
    manager = people.offender_manager(case)
    about = circumstances(day, case, dice)
    agencies: list[str] = [Agency.CHILDRENS_SOCIAL_CARE] if about["children_at_risk"] else []
    agencies += [Agency.MENTAL_HEALTH] if dice.says(rates.wants_mental_health) else []
    agencies += ["housing"] if dice.says(rates.wants_housing) or not agencies else []
    wanted = [asked_for(agency, who, dice) for agency in agencies
              if (who := people.representative(case, agency, about.get("local_authority")))]  # fmt: skip
    return {
        "date": on.isoformat(),
        "referred_by": manager.name,
        "referrer_email": manager.email,
        "proposed_level": 3 if dice.says(rates.level_3) else 2,
        "category": 3 if category_3 else None,
        "reason": "The plan needs more than one agency to act, and some of them before release.",
        "likelihood_of_reoffending": f"High: {HIGH}",
        "risk_of_serious_harm": {
            "level": case.rosh_level or "high",
            "of_what": "Serious assault, or sexual assault",
            "to_whom": "The victim, and whoever takes the victim's place in a next relationship",
            "imminence": f"Within {dice.between(2, 12)} weeks of release, sooner with drink",
        },
        "risk_assessment": {
            "tool": "OASys",
            "on": (on - timedelta(days=dice.between(5, 60))).isoformat(),
            "by": manager.name,
            "conclusion": "High risk of serious harm in the community.",
        },
        "risk_management_plan": "Supervision every week, a curfew by night, no contact with the victim by any way.",
        "added_value": "Only together can housing, treatment and the police cover the first weeks.",
        "special_issues": "The family lives in the area of two authorities, and one of them holds the file.",
        "agencies": wanted,
        "countersigned_by": people.line_manager(case).name,
        "countersigned_on": on.isoformat(),
        "circumstances": about,
    }


def asked_for(agency: str, who: Somebody, dice: Dice) -> dict[str, Any]:
    """Return an agency that a referral asks for, with a named person (Joint inspection 2015, 6.47)."""
    why = dice.one(("Somebody in the household is known to them.", "They hold a part of the plan.",
                    "Without them the first weeks stay open."))  # fmt: skip
    return {
        "agency": str(agency),
        "name": who.name,
        "employer": f"{str(agency).replace('_', ' ').capitalize()} service",
        "role": (who.grade or who.role).replace("_", " "),
        "contact": who.email or "",
        "why": why,
    }


def circumstances(day: Day, case: Case, dice: Dice) -> dict[str, Any]:
    """Return how somebody lives, by the rates of the referral."""
    rates = day.planner.rates.referral
    found: dict[str, Any] = {name: dice.says(getattr(rates, name)) for name in CIRCUMSTANCES}
    authorities = day.people.authorities(case.area)
    if authorities:
        found["local_authority"] = dice.one(authorities)
    found |= {name: dice.aside(name).says(getattr(rates, name)) for name in ASKED_ASIDE}
    # Who is on the pathway has been screened for it; of many others nobody says.
    if found["personality_disorder"] or dice.aside("personality_screened").says(rates.personality_screened):
        found["personality_screened"] = True
    return found


def lessen(form: dict[str, Any], dice: Dice, rates: ReferralRates) -> None:
    """Take from a referral what the inspectors found missing, and something at least."""
    for name, fields in LACKING.items():
        if dice.says(getattr(rates, name)):
            for field in fields:
                form.pop(field, None)
    risk = form.get("risk_of_serious_harm")
    if risk and dice.says(rates.no_imminence):
        risk.pop("imminence")
    form.pop("special_issues", None)


def screen(day: Day, of: Open, _step: Step) -> list[Entry]:
    """Answer a complete referral: legality, then need, then the level (Joint inspection 2015, 4.4)."""
    case, dice, people = day.cases[of.case_id], day.planner.dice(of, "decision"), day.people
    referral = next((r for r in day.referrals[case.id] if r.id == of.subject.row), None)
    for_category_3 = bool(referral and referral.category_3) or case.category == 3
    decision, level = decided(day, dice, for_category_3)
    need = level in (2, 3)
    coordinator, officer = people.coordinator(case), people.police_officer(case)
    took_part = [{"agency": "mappa_unit", "name": coordinator.name, "role": "Coordinator"}]
    took_part += [{"agency": "police", "name": officer.name, "role": "Police representative"}] if officer else []
    form: dict[str, Any] = {
        "date": day.on.isoformat(),
        "eligible": {"answer": "yes", "reason": f"Category {case.category or 3} by what is on record of the sentence."},
        "need": {
            "answer": "yes" if need else "no",
            "reason": "Two or more agencies must act together." if need else "The lead agency can act by itself.",
        },
        "took_part": took_part,
        "decision": decision,
        "reason": "The risk is high, and the parts of the plan lie with several agencies." if need
        else "What the referral wants is ordinary management by the lead agency.",
        "thresholds": {"high_risk": need},
        "sources": ["OASys", "ViSOR"],
    }  # fmt: skip
    if level == 3:
        form["thresholds"]["senior_representation"] = BED
    if decision == "category_3_accepted":
        form["level"] = level
    if decision == "more_information":
        form["wanted"] = ["What has become of the programme begun in custody"]
    return [Entry("screening", of.crn, form)]


def decided(day: Day, dice: Dice, for_category_3: bool) -> tuple[str, int | None]:
    """Return what screening decides, and the level it leads to."""
    rates, chance = day.planner.rates.screening, dice.share()
    if for_category_3:
        if chance < rates.category_3_accepted.share:
            return "category_3_accepted", 2
        return "category_3_rejected", None
    for rate, decision, level in (
        (rates.accepted_level_2, "level_2", 2),
        (rates.accepted_level_3, "level_3", 3),
        (rates.more_information, "more_information", None),
    ):
        if chance < rate.share:
            return decision, level
        chance -= rate.share
    return "remain_level_1", 1


def level_1(day: Day, of: Open, _step: Step) -> list[Entry]:
    """Set level 1 where nobody was referred; at level 2 or 3 a meeting decides."""
    if day.cases[of.case_id].level in (2, 3):
        return []
    reason = "The lead agency's own plan is robust, and no other agency must meet."
    return [Entry("level", of.crn, {"date": day.on.isoformat(), "level": 1, "reason": reason})]


def first_level(day: Day, of: Open, _step: Step) -> list[Entry]:
    """Set the level of a case in the community; who meets about it has to know how the person lives.

    A case taken on has had its level for a while: never longer than its sentence, nor than one interval of review.
    """
    case, dice, rates = day.cases[of.case_id], day.planner.dice(of, "level"), day.planner.rates.caseload
    chance = dice.share()
    terrorist = case.category == Category.TERRORIST and dice.aside("terrorist").says(rates.terrorist_level_2)
    level_2 = terrorist or chance < rates.level_3.share + rates.level_2.share
    level = 3 if chance < rates.level_3.share else 2 if level_2 else 1
    back = dice.count(rates.days_at_level_1 if level == 1 else rates.days_at_level_2_or_3)
    least = of.anchor + timedelta(days=day.planner.dice(of).count(rates.days_to_first_level))
    since = min(day.on, max(least, of.opened - timedelta(days=back)))
    reason = "The lead agency's own plan is robust." if level == 1 else "Several agencies must work together."
    form = {"date": since.isoformat(), "level": level, "reason": reason}
    if level != 1:
        form["thresholds"] = {"high_risk": True} | ({"senior_representation": BED} if level == 3 else {})
    entries = [Entry("level", of.crn, form)]
    if level != 1:
        entries.append(Entry("circumstances", of.crn, told_circumstances(day, case, dice)))
    return entries


def told_circumstances(day: Day, case: Case, dice: Dice) -> dict[str, Any]:
    """Return how somebody lives, and the police offender manager where none was named."""
    return {"date": day.on.isoformat(), **circumstances(day, case, dice), **police_named(day, case)}


def police_named(day: Day, case: Case) -> dict[str, Any]:
    """Return whom the police name now; without somebody no police action can be set (Joint inspection 2015, 5.5)."""
    officer = day.people.police_officer(case)
    named = day.planner.person_dice(case.person.crn, "police").says(day.planner.rates.caseload.no_police_manager_mended)
    if officer is None or not named or case.police_offender_manager:
        return {}
    return {"police_offender_manager": {"name": officer.name, "email": officer.email}}


def review_level_1(day: Day, of: Open, _step: Step) -> list[Entry]:
    """Review at level 1: lead agency and police, mostly together; now and then it leads to a referral."""
    case, dice = day.cases[of.case_id], day.planner.dice(of, "outcome")
    if case.level != 1:
        return []
    agency = of.subject.agency
    together = agency == case.lead_agency and day.planner.jointly(of.crn)
    agencies = list(dict.fromkeys([agency, "police"])) if together else [agency]
    refers = agency == case.lead_agency and dice.says(day.planner.rates.level_1_review.referred)
    by = day.people.offender_manager(case) if agency == case.lead_agency else (
        day.people.police_manager(case) or Somebody("The police", Role.REPRESENTATIVE))  # fmt: skip
    form = {
        "date": day.on.isoformat(),
        "agencies": agencies,
        "outcome": "refer" if refers else "retain",
        "reason": "A second agency has to act from now on." if refers else dice.one(RETAINED),
        "by": by.name,
    }
    entries = [Entry("level-1-review", of.crn, form)]
    if refers:
        entries.append(Entry("referral", of.crn, referral_form(day, case, dice, category_3=False)))
    return entries


def incident(day: Day, of: Open, _step: Step) -> list[Entry]:
    """Tell of an incident; one decision is sometimes left open."""
    case, dice, rates = day.cases[of.case_id], day.planner.dice(of, "incident"), day.planner.rates.incident
    if case.level not in (2, 3) or case.location != "community":
        return []
    kind, what = dice.one(INCIDENTS)
    by = day.people.line_manager(case).name
    form: dict[str, Any] = {
        "date": day.on.isoformat(),
        "kind": kind,
        "what": what.format(**pronouns(case.person.sex)),
        "enforcement": {"decision": dice.one(("breach", "recall", "neither")), "by": by,
                        "reason": "Weighed against what supervision can still hold."},
        "urgent_meeting": {"needed": dice.says(rates.urgent), "by": by,
                           "reason": "Whether the plan still holds cannot wait for the next date."},
        "disclosure": {"decision": "do_not_disclose", "reason": "Who is near enough to be at risk knows already."},
        "serious_further_offence": {"charged": False, "review": "not_applicable",
                                    "reason": "No charge of that weight has been brought."},
    }  # fmt: skip
    if dice.says(rates.undecided):
        form.pop(dice.one(("enforcement", "disclosure", "serious_further_offence")))
    return [Entry("incident", of.crn, form)]
