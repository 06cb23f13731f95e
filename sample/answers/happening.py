"""What happens to people: recall, transfer, leave, charge, parole, release and death (docs/reference/events.md)."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from casework.facts.standing import governing
from casework.recording import Entry
from models.cases import Case
from policy.agencies import Agency
from policy.events import EventKind
from policy.roles import Role
from policy.vocabulary import CUSTODIAL
from sample.answers.day import Day
from sample.answers.dice import Dice, working_day_after
from sample.answers.event_words import (
    ABSCONDED,
    CHARGES,
    CONDITIONS_CHANGED,
    DEATHS,
    LEAVES,
    MOVED_DATES,
    PAROLE_REASONS,
    RECALLS,
    RELEASES,
    RETURNS,
    SERIOUS,
    TRANSFERS,
)
from sample.answers.open_things import Open
from sample.answers.people import Somebody
from sample.answers.plans import Step
from sample.answers.wording import CONDITIONS, pronouns
from sample.names import ADULT_PRISONS, months_after

# A fixed-term recall is of so many days (CJA 2003 s.255A).
FIXED_TERM = 28
# Leave is given in the last year, and not in the last weeks.
LEAVE_FROM_DAYS, LEAVE_UNTIL_DAYS = 365, 21
# The date of a release that is near stands.
MOVABLE_FROM_DAYS = 60
# A hospital tells the coordinator of a leave so many working days before.
TOLD_BEFORE = (3, 10)


def event(day: Day, case: Case, kind: EventKind, what: str, by: str, **more: Any) -> list[Entry]:
    """Return an event of today."""
    form = {"date": day.on.isoformat(), "event": kind.value, "what": what.format(**pronouns(case.person.sex)), "by": by}
    return [Entry("custody-event", case.reference, form | more)]


def from_prison(day: Day, case: Case, prison: str | None) -> str:
    """Return who tells of what happens in a prison."""
    known = day.people.holder(case, Agency.PRISON, Role.PRISON_OFFENDER_MANAGEMENT, prison)
    return known.name if known else f"Offender management unit, {prison or 'prison not known'}"


def prison_for(day: Day, case: Case, dice: Dice) -> str:
    """Return a prison that does not hold the person already."""
    prisons = day.people.prisons(case.area) or list(ADULT_PRISONS)
    return dice.one([prison for prison in prisons if prison != case.prison] or list(ADULT_PRISONS))


def transfer(day: Day, case: Case, _of: Open, dice: Dice) -> list[Entry]:
    """Move somebody to another prison."""
    prison = prison_for(day, case, dice)
    return event(day, case, EventKind.TRANSFER, dice.one(TRANSFERS), from_prison(day, case, prison), prison=prison)


def recall(day: Day, case: Case, of: Open, dice: Dice) -> list[Entry]:
    """Recall somebody on licence, mostly with a date of the next release; never past the end of the licence."""
    rates, chance = day.planner.rates.event, dice.share()
    fixed = chance < rates.recall_fixed_term.share
    release = day.on + timedelta(days=FIXED_TERM if fixed else dice.count(rates.recall_days))
    if of.bound is not None:
        if of.bound <= day.on + timedelta(days=FIXED_TERM):
            return []
        release = min(release, of.bound)
    by, known = day.people.offender_manager(case).name, chance < 1 - rates.recall_without_date.share
    more = {"release_date": release.isoformat()} if known else {}
    prison = prison_for(day, case, dice)
    return event(day, case, EventKind.RECALL, dice.one(RECALLS), by, prison=prison, **more)


def leave_until(day: Day, dice: Dice, begins: date) -> str:
    """Return the working day by which somebody is back from a leave."""
    until = begins + timedelta(days=dice.count(day.planner.rates.event.leave_days))
    return day.planner.calendar.on_or_after(until).isoformat()


def temporary_release(day: Day, case: Case, of: Open, dice: Dice) -> list[Entry]:
    """Let somebody out for some days, in the last year before release."""
    ahead = (of.bound - day.on).days if of.bound else 0
    if not LEAVE_UNTIL_DAYS < ahead < LEAVE_FROM_DAYS:
        return []
    until, by = leave_until(day, dice, day.on), from_prison(day, case, case.prison)
    return event(day, case, EventKind.TEMPORARY_RELEASE, dice.one(LEAVES), by, until=until)


def hospital_leave(day: Day, case: Case, _of: Open, dice: Dice) -> list[Entry]:
    """Give leave from hospital, of which the coordinator is told before."""
    begins = working_day_after(day.planner.calendar, day.on, dice.between(*TOLD_BEFORE))
    more = {"starts_on": begins.isoformat(), "until": leave_until(day, dice, begins),
            "coordinator_told_on": day.on.isoformat()}  # fmt: skip
    return event(day, case, EventKind.HOSPITAL_LEAVE, dice.one(LEAVES), day.people.offender_manager(case).name, **more)


def release_date_changed(day: Day, case: Case, of: Open, dice: Dice) -> list[Entry]:
    """Move the release date, often without asking police and probation first."""
    sentences = [one for one in day.between.sentences[case.id] if one.disposal in CUSTODIAL]
    if not sentences or of.bound is None or (of.bound - day.on).days < MOVABLE_FROM_DAYS:
        return []
    sentence = governing(sentences)
    names = ("post_recall_release_date", "conditional_release_date", "automatic_release_date")
    which = next((name for name in names if getattr(sentence, name) == of.bound), None)
    if which is None:
        return []
    moved = of.bound + timedelta(days=dice.count(day.planner.rates.event.release_moved_days))
    form: dict[str, Any] = {"date": day.on.isoformat(), "which": which, "release_date": moved.isoformat(),
                            "reason": dice.one(MOVED_DATES)}  # fmt: skip
    if dice.says(day.planner.rates.event.consulted_at_once):
        form["consulted"] = consulted(day, case)
    return [Entry("release-date", case.reference, form)]


def consulted(day: Day, case: Case) -> dict[str, str]:
    """Return who of police and probation was asked about a release date."""
    police = day.people.police_manager(case) or day.people.police_officer(case)
    return {"police": police.name if police else "Public protection desk",
            "probation": day.people.offender_manager(case).name}  # fmt: skip


def conditions_changed(day: Day, case: Case, of: Open, dice: Dice) -> list[Entry]:
    """Change the conditions of a licence that runs."""
    if of.bound is not None and of.bound <= day.on:
        return []
    by = day.people.offender_manager(case).name
    what, conditions = dice.one(CONDITIONS_CHANGED), dice.one(CONDITIONS)
    return event(day, case, EventKind.CONDITIONS_CHANGED, what, by, conditions=conditions)


def further_charge(day: Day, case: Case, _of: Open, dice: Dice) -> list[Entry]:
    """Charge somebody; a few with a serious further offence."""
    serious = dice.says(day.planner.rates.event.charge_serious)
    offence, what = dice.one(SERIOUS if serious else CHARGES)
    by = (day.people.police_manager(case) or Somebody("The officer in the case", Role.REPRESENTATIVE)).name
    return event(day, case, EventKind.FURTHER_CHARGE, what, by, offence=offence, serious=serious)


def absconded(day: Day, case: Case, of: Open, dice: Dice) -> list[Entry]:
    """Lose somebody on licence or in hospital from sight."""
    if of.bound is not None and of.bound <= day.on:
        return []
    by = day.people.offender_manager(case).name
    return event(day, case, EventKind.ABSCONDED, dice.one(ABSCONDED), by)


def death(day: Day, case: Case, _of: Open, dice: Dice) -> list[Entry]:
    """Note that somebody died: the case is closed."""
    return event(day, case, EventKind.DEATH, dice.one(DEATHS), day.people.offender_manager(case).name)


Happen = Callable[[Day, Case, Open, Dice], list[Entry]]


def happens(happen: Happen) -> Callable[[Day, Open, Step], list[Entry]]:
    """Return the writer of something that happens; its dice are those of the person and the day."""

    def write(day: Day, of: Open, step: Step) -> list[Entry]:
        dice = day.planner.person_dice(of.crn, f"{step.what} {step.on.year}")
        return happen(day, day.cases[of.case_id], of, dice)

    return write


def release(day: Day, of: Open, _step: Step) -> list[Entry]:
    """Let somebody go whose day has come."""
    case, dice = day.cases[of.case_id], day.planner.dice(of, "words")
    if case.location != "custody":
        return []
    return event(day, case, EventKind.RELEASE, dice.one(RELEASES), from_prison(day, case, case.prison))


def parole_outcome(day: Day, of: Open, _step: Step) -> list[Entry]:
    """Decide on parole: the day of release, or the next hearing."""
    case, dice, rates = day.cases[of.case_id], day.planner.dice(of, "decision"), day.planner.rates.parole
    chance, days, months = dice.share(), dice.count(rates.days_to_release), dice.count(rates.months_to_next)
    if chance < rates.release_directed.share:
        decision = "release_directed"
        more = {"release_date": (max(of.due, day.on) + timedelta(days=days)).isoformat()}
    else:
        adjourned = chance < rates.release_directed.share + rates.adjourned.share
        decision = "adjourned" if adjourned else "refused"
        # What was adjourned is heard within months.
        more = {"next_review_on": months_after(day.on, months // 6 if adjourned else months).isoformat()}
    by = from_prison(day, case, case.prison)
    return event(day, case, EventKind.PAROLE_OUTCOME, PAROLE_REASONS[decision], by, decision=decision, **more)


def back(day: Day, of: Open, _step: Step) -> list[Entry]:
    """Note that somebody is back from leave, or was found."""
    case, dice = day.cases[of.case_id], day.planner.dice(of, "words")
    return event(day, case, EventKind.RETURNED, dice.one(RETURNS), day.people.offender_manager(case).name)


WRITERS: dict[str, Callable[[Day, Open, Step], list[Entry]]] = {
    "transfer": happens(transfer),
    "recall": happens(recall),
    "temporary_release": happens(temporary_release),
    "hospital_leave": happens(hospital_leave),
    "release_date_changed": happens(release_date_changed),
    "conditions_changed": happens(conditions_changed),
    "further_charge": happens(further_charge),
    "absconded": happens(absconded),
    "death": happens(death),
    "release": release,
    "parole_outcome": parole_outcome,
    "back": back,
}
