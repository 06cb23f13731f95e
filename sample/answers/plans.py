"""When something that waits is answered: decided once, by its own dice, from what the record says of it alone.

A plan is a list of steps by day. It follows from the record and the seed, so that a simulation that was broken off
and begun anew comes to the same plans.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta

from policy.agencies import Agency
from policy.calendar import WorkingCalendar
from policy.kinds import (
    Community,
    Endings,
    Events,
    Identification,
    Meetings,
    Orders,
    Plan,
    Questions,
    Release,
    Reviews,
    Safeguarding,
    Screening,
    ThePerson,
)
from sample.answers.dice import Dice, day_at_pace, working_day_after
from sample.answers.life import HAPPENS, happenings
from sample.answers.open_things import AT_LARGE, CATEGORY_3, FIRST_LEVEL, INCIDENT, PAROLE, RELEASE, REVIEWS, Open
from sample.answers.rates import Pace, Rates

# What is owed from the first day, because it should have been done before, is done within so many working days.
BACKLOG = 15
# So long before a review is due somebody looks whether it stands in the diary.
WEEKS_AHEAD = 5
# So many years of somebody's life are looked through for what happens next; by then their case has changed.
YEARS_AHEAD = 3
# So many working days before a home is found it was told that there is none.
NONE_FOUND_BEFORE = 10


@dataclass(frozen=True, slots=True)
class Step:
    """Something that is done on a day. ``lapses``: once its day has gone by, it is not done any more."""

    on: date
    what: str
    lapses: bool = False


@dataclass(frozen=True, slots=True)
class Planner:
    """Plans by seed, rates and working days."""

    seed: int
    rates: Rates
    calendar: WorkingCalendar
    _years: dict[tuple[str, int], tuple[tuple[date, str], ...]] = field(default_factory=dict, repr=False, compare=False)

    def dice(self, of: Open, about: str = "") -> Dice:
        """Return the dice of something that waits; ``about`` has dice of its own."""
        return Dice(self.seed, of.crn, of.kind, of.name, about)

    def person_dice(self, crn: str, about: str) -> Dice:
        """Return dice of a person."""
        return Dice(self.seed, crn, about)

    def steps(self, of: Open) -> list[Step]:
        """Return the steps of a plan, the earliest first; none where it is never answered."""
        steps = [
            Step(self.calendar.on_or_after(step.on), step.what, step.lapses)
            for step in PLANS.get(of.kind, unanswered)(self, of)
        ]
        return sorted(steps, key=lambda step: step.on)

    def next_step(self, of: Open, today: date) -> Step | None:
        """Return the step to be taken next, from today on."""
        if of.kind in HAPPENS:
            return self.next_happening(of, today)
        for step in self.steps(of):
            if step.on >= today:
                return step
            if not step.lapses:
                return Step(self.calendar.on_or_after(today), step.what)
        return None

    def next_happening(self, of: Open, today: date) -> Step | None:
        """Return what happens next to somebody where they are, from today on."""
        possible = HAPPENS[of.kind]
        for year in range(today.year, today.year + YEARS_AHEAD):
            if (of.crn, year) not in self._years:
                self._years[of.crn, year] = happenings(self.seed, of.crn, year, self.rates.happening)
            for day, what in self._years[of.crn, year]:
                on = self.calendar.on_or_after(day)
                if on >= today and what in possible:
                    return Step(on, what, lapses=True)
        return None

    def at_pace(self, of: Open, pace: Pace) -> date | None:
        """Return the day something due is answered at a pace.

        Where that lies before it was opened: in time all the same if it still can be, else soon after.
        """
        dice = self.dice(of)
        day = day_at_pace(dice, of.due, pace)
        if day is None or day > of.opened:
            return day
        if of.due > of.opened:
            return of.opened + timedelta(days=dice.between(1, (of.due - of.opened).days))
        return working_day_after(self.calendar, of.opened, dice.between(1, BACKLOG))

    def is_referred(self, crn: str) -> bool:
        """Tell whether somebody about to be released is referred, or given level 1 without it."""
        return self.person_dice(crn, "referred").says(self.rates.referral.referred)

    def jointly(self, crn: str) -> bool:
        """Tell whether lead agency and police review a case together."""
        return self.person_dice(crn, "jointly").says(self.rates.level_1_review.jointly)


def paced(what: str, pace_of: Callable[[Rates], Pace]) -> Callable[[Planner, Open], Iterator[Step]]:
    """Return the plan of what is answered in one step, at a pace."""

    def plan(planner: Planner, of: Open) -> Iterator[Step]:
        day = planner.at_pace(of, pace_of(planner.rates))
        if day is not None:
            yield Step(day, what)

    return plan


def plan_referral(planner: Planner, of: Open) -> Iterator[Step]:
    """Yield the referral of who is referred before release, or because a level 1 review asked for it."""
    day = planner.at_pace(of, planner.rates.referral)
    if of.subject.what == "review":
        if day is not None:
            yield Step(day, "refer")
        return
    if day is not None and planner.is_referred(of.crn):
        yield Step(day, "refer")


def plan_level(planner: Planner, of: Open) -> Iterator[Step]:
    """Yield level 1 for who is not referred before release; the others get theirs by screening.

    Outside custody it is set as ``FIRST_LEVEL``.
    """
    day = planner.at_pace(of, planner.rates.level_setting)
    in_custody = of.subject.what not in ("start", "outside")
    if day is not None and in_custody and not planner.is_referred(of.crn):
        yield Step(day, "level")


def plan_first_level(planner: Planner, of: Open) -> Iterator[Step]:
    """Yield the level of a case in the community; one long known has had it all along, and is only taken on."""
    days = planner.dice(of).count(planner.rates.caseload.days_to_first_level)
    yield Step(max(of.opened, of.anchor + timedelta(days=days)), "level")


def plan_category_3(planner: Planner, of: Open) -> Iterator[Step]:
    """Yield the referral of somebody who does not qualify otherwise."""
    dice, rates = planner.dice(of), planner.rates.caseload
    days = dice.count(rates.category_3_days)
    if dice.says(rates.category_3_referred):
        yield Step(of.opened + timedelta(days=days), "refer")


def plan_arranging(planner: Planner, of: Open) -> Iterator[Step]:
    """Yield the arranging of a meeting. That of a review was set at the last one, and may have fallen away since."""
    dice = planner.dice(of)
    wait = dice.count(planner.rates.arranging.working_days_to_arrange)
    if of.kind in REVIEWS:
        look = of.due - timedelta(weeks=WEEKS_AHEAD)
        yield Step(max(working_day_after(planner.calendar, of.opened, wait), look), "arrange")
    else:
        yield Step(working_day_after(planner.calendar, of.opened, 1 if of.kind == Reviews.URGENT_MEETING else wait),
                   "arrange")  # fmt: skip


def plan_incident(planner: Planner, of: Open) -> Iterator[Step]:
    """Yield the incident between two meetings, where there is one."""
    dice = planner.dice(of)
    day = of.anchor + timedelta(days=dice.between(7, max(8, (of.due - of.anchor).days - 7)))
    if dice.says(planner.rates.incident.happens) and day > of.opened:
        yield Step(day, "incident", lapses=True)


def plan_meeting(planner: Planner, of: Open) -> Iterator[Step]:
    """Yield that a planned meeting is moved or cancelled a few days after it was arranged; then that it is held.

    Both hang on the day it was arranged: they lie behind when it has a new date.
    """
    dice, rates = planner.dice(of), planner.rates.arranging
    chance, after = dice.share(), working_day_after(planner.calendar, of.opened, dice.between(2, 6))
    late = dice.count(rates.recorded_late_working_days) if dice.says(rates.recorded_late) else 0
    if after < of.anchor:
        if chance < rates.cancelled.share:
            yield Step(after, "cancel", lapses=True)
        elif chance < rates.cancelled.share + rates.moved.share:
            yield Step(after, "move", lapses=True)
    yield Step(working_day_after(planner.calendar, of.anchor, late), "hold")


def plan_minutes(planner: Planner, of: Open) -> Iterator[Step]:
    """Yield the draft of the minutes, and the day on which the Chair approves them and they are final."""
    rates = planner.rates.minutes
    final = planner.at_pace(of, rates)
    if final is not None:
        days = planner.dice(of, "approval").count(rates.working_days_for_approval)
        yield Step(planner.calendar.add_working_days(final, -days), "draft", lapses=True)
        yield Step(final, "final")


def plan_home(planner: Planner, of: Open) -> Iterator[Step]:
    """Yield that a home is found before a release; now and then it is told a fortnight before that there is none."""
    day, rates = planner.at_pace(of, planner.rates.housing), planner.rates.housing
    if day is None:
        return
    if planner.dice(of, "none found").says(rates.otherwise):
        yield Step(planner.calendar.add_working_days(day, -NONE_FOUND_BEFORE), "no_home", lapses=True)
    yield Step(day, "find_home")


def plan_action(planner: Planner, of: Open) -> Iterator[Step]:
    """Yield what becomes of an action; one told of without an outcome is refused, and told again with one."""
    dice, rates = planner.dice(of, "outcome"), planner.rates.action
    day = planner.at_pace(of, rates)
    if day is None:
        return
    if dice.says(rates.not_done):
        yield Step(day, "not_done")
    elif dice.says(rates.no_outcome):
        yield Step(day, "no_outcome", lapses=True)
        yield Step(working_day_after(planner.calendar, day, dice.count(rates.mended_in_working_days)), "done")
    else:
        yield Step(day, "done")


def plan_attendance(planner: Planner, of: Open) -> Iterator[Step]:
    """Yield who is asked about an absence, and the report or reason that settles it, if any does."""
    dice, rates, calendar = planner.dice(of), planner.rates.absence, planner.calendar
    chance, asked = dice.share(), dice.says(rates.contacted)
    first = working_day_after(calendar, of.anchor, dice.count(rates.first_contact_working_days))
    second = working_day_after(calendar, of.anchor, dice.count(rates.second_contact_working_days))
    choices = (
        (rates.late_report, rates.report_working_days, "report"),
        (rates.reason_accepted, rates.reason_working_days, "reason"),
        (rates.settled_by_smb_chair, rates.smb_chair_working_days, "report"),
    )
    settled: Step | None = None
    for rate, days, what in choices:
        if chance < rate.share:
            settled = Step(working_day_after(calendar, of.anchor, dice.count(days)), what)
            break
        chance -= rate.share
    for day, what in ((first, "ask_representative"), (second, "ask_senior_manager")):
        if asked and (settled is None or day < settled.on):
            yield Step(day, what, lapses=True)
    if settled is not None:
        yield settled


def plan_level_1_review(planner: Planner, of: Open) -> Iterator[Step]:
    """Yield a review at level 1. Where lead agency and police review together, the lead agency's date is for both."""
    agency = of.subject.agency
    if agency == Agency.POLICE and of.lead_agency != Agency.POLICE and planner.jointly(of.crn):
        return
    day = planner.at_pace(of, planner.rates.level_1_review)
    if day is not None:
        yield Step(day, "review")


def plan_release(planner: Planner, of: Open) -> Iterator[Step]:
    """Yield the release of somebody: on the day, or on the working day before."""
    yield Step(planner.calendar.on_or_before(of.due), "release")


def plan_parole(planner: Planner, of: Open) -> Iterator[Step]:
    """Yield the decision of a parole board, some days before the day from which release is possible."""
    yield Step(of.due - timedelta(days=planner.dice(of).count(planner.rates.parole.days_before)), "parole_outcome")


def plan_coming_back(planner: Planner, of: Open) -> Iterator[Step]:
    """Yield that somebody who absconded is found; a few never are."""
    dice, rates = planner.dice(of), planner.rates.event
    days = dice.count(rates.days_at_large)
    if not dice.says(rates.never_back):
        yield Step(of.anchor + timedelta(days=days), "back")


def unanswered(_planner: Planner, _of: Open) -> Iterator[Step]:
    """Yield nothing: what invented people have no plan for climbs its ladder."""
    yield from ()


PLANS: dict[str, Callable[[Planner, Open], Iterator[Step]]] = {
    Release.PRISON_NOTICE: paced("notice", lambda rates: rates.prison_notice),
    Release.REFERRAL: plan_referral,
    Release.LEVEL_SETTING: plan_level,
    Release.RELEASE_MEETING: plan_arranging,
    Release.DATES_CHECK: paced("confirm_dates", lambda rates: rates.prison_notice),
    Release.FIRST_NOTIFICATION: paced("notify_police", lambda rates: rates.return_due),
    Release.NEIGHBOURHOOD_TOLD: paced("tell_neighbourhood", lambda rates: rates.visor_partner),
    Release.LICENCE_CONDITIONS: paced("propose_conditions", lambda rates: rates.licence_conditions),
    Release.RELEASE_HOUSING: plan_home,
    Meetings.PRISON_REPORT: paced("report_from_prison", lambda rates: rates.prison_report),
    Community.MOVE_ON_PLAN: paced("move_on", lambda rates: rates.housing),
    Community.JOBCENTRE_NOTICE: paced("tell_jobcentre", lambda rates: rates.jobcentre_notice),
    Community.YEARLY_NOTIFICATION: paced("notify_again", lambda rates: rates.yearly_notification),
    Community.WEEKLY_NOTIFICATION: paced("notify_this_week", lambda rates: rates.weekly_notification),
    Community.NEW_ADDRESS: paced("follow_up_a_move", lambda rates: rates.visor_partner),
    Community.DETAILS_NOTIFIED: paced("notify_change", lambda rates: rates.return_due),
    Community.TRAVEL_RETURN: paced("return_from_abroad", lambda rates: rates.travel_return),
    Events.MISSING_DECISION: paced("decide_missing", lambda rates: rates.return_due),
    Events.PRISON_ACTIONS: paced("take_over_actions", lambda rates: rates.visor_partner),
    Community.VISIT: paced("visit", lambda rates: rates.visit),
    Screening.RESUBMISSION: paced("refer", lambda rates: rates.resubmission),
    Screening.SCREENING_DECISION: paced("screen", lambda rates: rates.screening),
    Reviews.FIRST_MEETING: plan_arranging,
    Reviews.LEVEL_2_REVIEW: plan_arranging,
    Reviews.LEVEL_3_REVIEW: plan_arranging,
    Reviews.URGENT_MEETING: plan_arranging,
    Meetings.MEETING: plan_meeting,
    Meetings.MINUTES: plan_minutes,
    Meetings.VISOR_POSTING: paced("post", lambda rates: rates.visor_posting),
    Meetings.ACTION: plan_action,
    Meetings.ATTENDANCE: plan_attendance,
    Reviews.LEVEL_1_REVIEW: plan_level_1_review,
    Endings.EXIT_PLAN: paced("plan_exit", lambda rates: rates.exit_plan),
    Endings.END_OF_SENTENCE_CHECK: paced("check_end", lambda rates: rates.end_of_sentence),
    Identification.VISOR_RECORD: paced("put_on_visor", lambda rates: rates.visor_record),
    ThePerson.STATUS_TOLD: paced("tell_status", lambda rates: rates.status_told),
    ThePerson.OWN_VIEWS: paced("ask_own_views", lambda rates: rates.own_views),
    Safeguarding.MARAC: paced("ask_conference", lambda rates: rates.marac),
    Safeguarding.SARA_ASSESSMENT: paced("assess_sara", lambda rates: rates.sara),
    Safeguarding.CHILD_PROTECTION: paced("ask_conference", lambda rates: rates.child_protection),
    Plan.PLAN_CONFIRMED: paced("confirm_plan", lambda rates: rates.plan_confirmed),
    Plan.DISCLOSURE_APPROVAL: paced("answer_disclosure", lambda rates: rates.disclosure_approval),
    Plan.DISCLOSURE: paced("close_disclosure", lambda rates: rates.disclosure),
    Plan.PLAN_UPDATE: paced("write_plan", lambda rates: rates.plan_update),
    Events.EVENT_REVIEW: paced("look_at_event", lambda rates: rates.event_review),
    Events.CONSULTATION: paced("consult", lambda rates: rates.consultation),
    Events.VISOR_PARTNER: paced("partner", lambda rates: rates.visor_partner),
    Events.RETURN_DUE: paced("back", lambda rates: rates.return_due),
    Events.VICTIM_UPDATE: paced("tell_victim", lambda rates: rates.victim_update),
    Events.OFFENCE_REPORT: paced("report_offence", lambda rates: rates.offence_report),
    Events.CASE_REVIEW: paced("consider_case_review", lambda rates: rates.case_review),
    Orders.ORDER_END: paced("review_order", lambda rates: rates.order_end),
    Orders.NOTIFICATION_REVIEW: paced("review_notification", lambda rates: rates.notification_review),
    Orders.TRANSFER_ANSWER: paced("answer_transfer", lambda rates: rates.transfer_answer),
    Questions.QUESTION: paced("answer_question", lambda rates: rates.question),
    RELEASE: plan_release,
    PAROLE: plan_parole,
    AT_LARGE: plan_coming_back,
    FIRST_LEVEL: plan_first_level,
    CATEGORY_3: plan_category_3,
    INCIDENT: plan_incident,
}
