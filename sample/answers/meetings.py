"""Arranging meetings and holding them: who came, what was said, decided and set (Durham annual report 2005-06)."""

from datetime import date, timedelta
from typing import Any

from casework.recording import Entry
from models.cases import Case
from models.meetings import Meeting
from policy.agencies import Agency
from policy.attendance import Required
from policy.kinds import Reviews
from policy.roles import Role
from policy.vocabulary import Attendance, Category, Level
from sample.answers import disclosing
from sample.answers.actions import new_actions, told_at_the_meeting
from sample.answers.before_meetings import police_named
from sample.answers.day import Day
from sample.answers.dice import Dice, working_day_after
from sample.answers.minute_book import Book
from sample.answers.open_things import REVIEWS, Open
from sample.answers.people import NOBODY, STANDS_IN, Somebody
from sample.answers.plans import Step
from sample.names import forename_of, surname_of

PLACES = ("Civic Centre, room 3", "Police headquarters, room 12", "Probation office, large room", "By video link")
HOURS = ("09:30", "10:00", "11:15", "13:30", "14:45")
MEETS = (Level.MULTI_AGENCY, Level.SENIOR_MULTI_AGENCY)


def slot(on: date, dice: Dice) -> dict[str, Any]:
    """Return a time and a place on a day."""
    starts_at = f"{on.isoformat()}T{dice.one(HOURS)}"
    return {"starts_at": starts_at, "minutes_long": 60, "place": dice.one(PLACES)}


def arrange(day: Day, of: Open, _step: Step) -> list[Entry]:
    """Arrange the meeting that is owed, unless one is planned; an urgent one brings the planned one forward."""
    case, dice, rates = day.cases[of.case_id], day.planner.dice(of, "arrange"), day.planner.rates.arranging
    planned = day.planned(case.id)
    urgent = of.kind == Reviews.URGENT_MEETING
    if case.level not in MEETS or (planned and not urgent):
        return []
    on = working_day_after(
        day.planner.calendar,
        day.on,
        dice.count(rates.urgent_in_working_days if urgent else rates.first_in_working_days),
    )
    if of.kind not in REVIEWS and not urgent:
        on = first_date(day, of, on, dice)
    form: dict[str, Any] = {"date": day.on.isoformat(), **slot(on, dice)}
    if planned:
        if planned[0].on <= on:
            return []
        form |= {"meeting": planned[0].number, "reason": "An incident asks for a meeting within days."}
        return [Entry("meeting-move", of.crn, form)]
    chair = day.people.chair(case, day.planner.person_dice(of.crn, "chair"))
    form["chair"] = {"name": chair.name, "email": chair.email}
    entries = [Entry("meeting-plan", of.crn, form)]
    if told := police_named(day, case) | elsewhere(day, case):
        entries.insert(0, Entry("circumstances", of.crn, {"date": day.on.isoformat(), **told}))
    return entries


def elsewhere(day: Day, case: Case) -> dict[str, str]:
    """Return the other area in which the victim lives, and the one that has a part, where nobody has told it yet."""
    rates, dice = day.planner.rates.referral, day.planner.person_dice(case.person.crn, "elsewhere")
    falls = {"victim_area": case.victim_contact and dice.says(rates.victim_elsewhere)}
    falls["other_area"] = dice.says(rates.other_area)
    others = [area for area in day.people.areas() if area != case.area] if any(falls.values()) else []
    known = case.circumstances or {}
    return {name: others[0] for name, it_is in falls.items() if it_is and others and not known.get(name)}


def first_date(day: Day, of: Open, on: date, dice: Dice) -> date:
    """Return the day of a first meeting: by its date and before release, but for a few that come late."""
    calendar, rates = day.planner.calendar, day.planner.rates.arranging
    latest = min(of.due, of.bound - timedelta(days=1)) if of.bound else of.due
    if dice.says(rates.first_late):
        return max(on, working_day_after(calendar, latest, dice.between(1, 10)))
    soonest = working_day_after(calendar, day.on, 2)
    return max(soonest, min(on, calendar.on_or_before(latest)))


def move(day: Day, of: Open, _step: Step) -> list[Entry]:
    """Move a planned meeting to another day."""
    meeting, dice = day.meeting(of), day.planner.dice(of, "move")
    if meeting is None:
        return []
    days = dice.count(day.planner.rates.arranging.moved_by_working_days)
    on = working_day_after(day.planner.calendar, meeting.on, days)
    form = {"date": day.on.isoformat(), "meeting": meeting.number, **slot(on, dice)}
    form["reason"] = "The offender manager has to be at court on that day."
    return [Entry("meeting-move", of.crn, form)]


def cancel(day: Day, of: Open, _step: Step) -> list[Entry]:
    """Cancel a planned meeting; the review it was for is still owed."""
    meeting = day.meeting(of)
    if meeting is None:
        return []
    reason = "The Chair is on leave on that day; another date follows."
    form = {"date": day.on.isoformat(), "meeting": meeting.number, "reason": reason}
    return [Entry("meeting-cancel", of.crn, form)]


def hold(day: Day, of: Open, _step: Step) -> list[Entry]:
    """Hold a meeting and record it whole."""
    case, meeting = day.cases[of.case_id], day.meeting(of)
    if meeting is None:
        return []
    dice = day.planner.dice(of, "held")
    held = [m for m in day.held(case.id) if m.on < meeting.on]
    previous: dict[str, Any] = (held[-1].record or {}) if held else {}
    book = Book(day.planner.seed, of.crn, case.person.sex, len(held), dice)
    chair = Somebody(meeting.chair_name or day.people.coordinator(case).name, "chair", meeting.chair_email)
    rows = attendance(day, of, case, meeting)
    level = level_decided(day, case, meeting, dice)
    form: dict[str, Any] = {
        "date": meeting.on.isoformat(),
        "meeting": meeting.number,
        "chair": {"name": chair.name, "email": chair.email},
        "confidentiality": {"declared": True, "by": chair.name},
        "attendance": [*rows, *guest(day, case), chair_row(chair)],
        "previous_actions": told_at_the_meeting(day, of, case, meeting.on),
        "previous_disclosures": disclosing.told_there(day, of, case, meeting),
        "disclosure": disclosing.decided_there(day, case, meeting, book, chair),
        "visits": visits(day, case, meeting, held, dice),
        "level_decision": {"level": level, "reason": book.level_reason(level, meeting.level)},
        "article_8": {"declared": True, "by": chair.name},
        "actions": new_actions(day, case, meeting, rows, book, chair),
        **book.words_of_the_meeting([row["agency"] for row in rows if row["status"] == Attendance.ATTENDED], case),
    }  # fmt: skip
    if meeting.level == Level.SENIOR_MULTI_AGENCY:
        form["critical_public_protection_case"] = book.critical(day.planner.rates.deciding)
        form["media_strategy"] = book.media()
    elif previous.get("media_strategy"):
        form["struck"] = {"media_strategy": "The press has lost interest since the level was lowered."}
    book.confirm_conditions(form, previous, day.people.offender_manager(case), day.planner.rates.deciding)
    if level in MEETS:
        form["next_meeting"] = next_meeting(day, level, meeting.on, dice)
    return [Entry("meeting", of.crn, form)]


def attendance(day: Day, of: Open, case: Case, meeting: Meeting) -> list[dict[str, Any]]:
    """Return who of each required agency came, sent a report, apologised or stayed away."""
    complete = [r for r in day.referrals[case.id] if r.complete]
    wanted = {one["agency"]: one for one in (complete[-1].data.get("agencies", ()) if complete else ())}
    rows = []
    for one in day.must_come(case, meeting):
        agency = one.agency
        status = how_it_came(day, of, one.agency)
        who = who_came(day, of, case, one, wanted.get(agency)) if status == Attendance.ATTENDED else (
            day.people.who_comes(case, agency, wanted.get(agency), one.area))  # fmt: skip
        row: dict[str, Any] = {"agency": agency, "name": who.name, "role": who.role.replace("_", " "),
                               "grade": who.grade, "email": who.email, "status": status}  # fmt: skip
        if status == Attendance.APOLOGIES_WITH_REPORT:
            row["report"] = "Two contacts since the last meeting, both without concern; the next is arranged."
        rows.append(row)
        if agency == Agency.POLICE and meeting.level == Level.SENIOR_MULTI_AGENCY and status == Attendance.ATTENDED:
            row["grade_reason"] = "The named offender manager came beside a senior officer."
            rows.extend(senior_officer(day, case))
    return rows


def who_came(day: Day, of: Open, case: Case, one: Required, wanted: dict[str, str] | None) -> Somebody:
    """Return who of an agency came: who was expected, the manager alone, or somebody else (Joint inspection 2015, 5.4).

    An agency of which nobody is known sends nobody in place of another.
    """
    rates, dice = day.planner.rates.attendance, day.planner.dice(of, f"{one.agency} sends")
    expected = day.people.who_comes(case, one.agency, wanted, one.area)
    alone, another = dice.says(rates.manager_alone), dice.says(rates.somebody_else)
    if one.agency in (case.lead_agency, Agency.POLICE):
        manager = day.people.representative(case, one.agency)
        return manager if alone and manager is not None else expected
    if expected is NOBODY or not another:
        return expected
    sex = dice.one(("female", "male"))
    return Somebody(f"{forename_of(dice.rng, sex)} {surname_of(dice.rng)}", STANDS_IN, None, expected.grade)


def guest(day: Day, case: Case) -> list[dict[str, Any]]:
    """Return the coordinator of another area that has a part in the case: they come though they need not."""
    area = (case.circumstances or {}).get("other_area")
    held = day.people.all_of(area, Agency.MAPPA_UNIT, Role.COORDINATOR) if area else []
    return [{"agency": "mappa_unit", "name": one.name, "role": f"Coordinator, {area}", "grade": one.grade,
             "email": one.email, "status": Attendance.ATTENDED} for one in held[:1]]  # fmt: skip


def how_it_came(day: Day, of: Open, agency: str) -> Attendance:
    """Return how an agency took part, by its rates."""
    rates, dice = day.planner.rates.attendance, day.planner.dice(of, agency)
    if agency not in rates.came or dice.says(rates.came[agency]):
        return Attendance.ATTENDED
    chance = dice.share()
    if chance < rates.reported.share:
        return Attendance.APOLOGIES_WITH_REPORT
    return Attendance.APOLOGIES if chance < rates.reported.share + rates.apologised.share else Attendance.ABSENT


def senior_officer(day: Day, case: Case) -> list[dict[str, Any]]:
    """Return the senior officer whom level 3 wants for the police (Joint inspection 2015, 5.6)."""
    senior = day.people.holder(case, Agency.POLICE, "senior_manager")
    if senior is None:
        return []
    row = {"agency": "police", "name": senior.name, "role": "Senior manager", "grade": senior.grade,
           "email": senior.email, "status": Attendance.ATTENDED}  # fmt: skip
    if senior.grade is None:
        row["grade_reason"] = "The directory tells no grade; the officer commits what level 3 asks for."
    return [row]


def chair_row(chair: Somebody) -> dict[str, Any]:
    """Return the Chair's own line on the list of who was there."""
    return {"agency": "mappa_unit", "name": chair.name, "role": "chair", "email": chair.email,
            "status": Attendance.ATTENDED}  # fmt: skip


def level_decided(day: Day, case: Case, meeting: Meeting, dice: Dice) -> int:
    """Return the level from now on: mostly the same; category 3 is never at level 1.

    Source: London annual report 2013-14, note (d).
    """
    rates, chance = day.planner.rates.deciding, dice.share()
    if chance < rates.level_down.share:
        lowest = 2 if case.category == Category.OTHER_DANGEROUS else 1
        return max(lowest, meeting.level - 1)
    if chance < rates.level_down.share + rates.level_up.share:
        return min(3, meeting.level + 1)
    return meeting.level


def visits(day: Day, case: Case, meeting: Meeting, held: list[Meeting], dice: Dice) -> list[dict[str, Any]]:
    """Return the visits since the last meeting, of somebody who is in the community."""
    if case.location != "community":
        return []
    since = held[-1].on if held else meeting.on - timedelta(days=60)
    long = max(2, (meeting.on - since).days)
    by = day.people.police_manager(case) or day.people.offender_manager(case)
    agency = "police" if case.police_offender_manager else case.lead_agency
    return [
        {
            "on": (since + timedelta(days=dice.between(1, long - 1))).isoformat(),
            "agency": agency,
            "by": by.name,
            "announced": not dice.says(day.planner.rates.deciding.visit_unannounced),
        }
        for _ in range(dice.between(0, 3))
    ]


def next_meeting(day: Day, level: int, on: date, dice: Dice) -> dict[str, Any]:
    """Return the next date: as often as the level wants it (Joint inspection 2015, 5.1), but for a few."""
    rates, calendar = day.planner.rates.arranging, day.planner.calendar
    weeks = rates.level_3_weeks if level == Level.SENIOR_MULTI_AGENCY else rates.level_2_weeks
    found = calendar.on_or_before(on + timedelta(weeks=dice.count(weeks)))
    late = dice.says(rates.next_late)
    if late:
        found = working_day_after(calendar, on + timedelta(weeks=weeks.last), dice.between(2, 9))
    # Whoever records late, or with very few weeks, still sets a date to come.
    found = max(found, working_day_after(calendar, max(on, day.on), 1))
    reason = "No day before suits the Chair and the police together."
    return slot(found, dice) | ({"late_because": reason} if late or (found - on).days > 7 * weeks.last else {})
