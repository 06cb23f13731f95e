"""Screening, meetings, minutes, actions and non-attendance: dates worked out by hand, with the source beside them."""

from datetime import date

import pytest

from policy.facts import AbsenceFact, ActionFact, CaseFacts, LevelFact, MeetingFact, ReferralFact, ReviewFact
from policy.kinds import Kind, Meetings, Release, Reviews, Screening
from policy.ladders import Step
from policy.obligations.all import Owed, due_and_ladder, owed
from policy.subjects import row
from policy.vocabulary import Level, Location
from tests.policy.test_dates_by_hand import CALENDAR, POLICY

SENTENCED = date(2023, 11, 12)


def facts(**changes) -> CaseFacts:
    plain = CaseFacts(Location.COMMUNITY, True, SENTENCED, None)
    return CaseFacts(**({name: getattr(plain, name) for name in CaseFacts.__dataclass_fields__} | changes))


def meeting(number: int, on: date, level: int = 2, **changes) -> MeetingFact:
    values = {"subject": row(number), "number": number, "on": on, "planned_on": on, "level": level, "held": True}
    return MeetingFact(**(values | changes))


def of_kind(kind: Kind, case: CaseFacts) -> list[tuple[Owed, date, tuple[Step, ...]]]:
    return [(item, *due_and_ladder(item, POLICY, CALENDAR)) for item in owed(case) if item.kind is kind]


def came_of(item: Owed) -> tuple[str, date | None]:
    """Return what came of an obligation, and on which day: "met", "missed", or "" while it is to be done."""
    if item.met_on is not None:
        return "met", item.met_on
    return ("missed", item.missed_on) if item.missed_on is not None else ("", None)


def days(steps: tuple[Step, ...]) -> list[tuple[str, str]]:
    return [(step.rung, step.on.isoformat()) for step in steps]


@pytest.mark.parametrize(
    ("on", "level", "due", "prompts", "source"),
    [
        (date(2026, 10, 14), 2, "2026-10-28", ["2026-10-23", "2026-10-28", "2026-10-29", "2026-11-04"],
         "Joint inspection 2015, 3.7 Darren: minutes due Wed 10-28; three working days before is day seven, Fri 10-23"),
        (date(2027, 1, 27), 2, "2027-02-10", ["2027-02-05", "2027-02-10", "2027-02-11", "2027-02-17"],
         "Joint inspection 2015, 3.7 Darren: held 2027-01-27, minutes 2027-02-10"),
        (date(2026, 12, 16), 2, "2027-01-04", ["2026-12-29", "2027-01-04", "2027-01-05", "2027-01-11"],
         "Joint inspection 2015, 5.5 Stephen: Mon 2027-01-04 (25, 28 Dec, 1 Jan skipped)"),
        (date(2026, 5, 6), 2, "2026-05-20", ["2026-05-15", "2026-05-20", "2026-05-21", "2026-05-28"],
         "Joint inspection 2015, 3.5 Rob: minutes 05-20; 25 May is a bank holiday"),
        (date(2026, 6, 10), 2, "2026-06-24", ["2026-06-19", "2026-06-24", "2026-06-25", "2026-07-01"],
         "Joint inspection 2015, 5.12 Jack: minutes 06-24"),
        (date(2027, 2, 24), 2, "2027-03-10", ["2027-03-05", "2027-03-10", "2027-03-11", "2027-03-17"],
         "Joint inspection 2015, 5.21, 5.22 Jon: meeting 2027-02-24, minutes 03-10"),
        (date(2027, 3, 24), 3, "2027-04-02", ["2027-03-31", "2027-04-02", "2027-04-05", "2027-04-09"],
         "level 3, Easter between, Fri 2027-04-02; two working days before is day three"),
    ],
)  # fmt: skip
def test_minutes_are_due_ten_working_days_after_a_level_2_meeting_five_after_level_3(on, level, due, prompts, source):
    [(_, due_on, steps)] = of_kind(Meetings.MINUTES, facts(meetings=(meeting(1, on, level),)))
    assert (due_on.isoformat(), [step.on.isoformat() for step in steps]) == (due, prompts)


@pytest.mark.parametrize(
    ("on", "level", "due"),
    [(date(2026, 10, 14), 2, "2026-10-28"), (date(2027, 3, 24), 3, "2027-04-02")],
    ids=["level 2: ten working days", "level 3: five, over Easter"],
)
def test_posting_to_visor_has_a_deadline_of_its_own(on, level, due):
    [(_, due_on, steps)] = of_kind(Meetings.VISOR_POSTING, facts(meetings=(meeting(1, on, level),)))
    assert due_on.isoformat() == due
    assert [step.rung for step in steps] == ["due", "+1W"]


@pytest.mark.parametrize(
    ("on", "level", "due", "source"),
    [
        (date(2026, 10, 14), 2, "2027-02-03", "Joint inspection 2015, 3.7 Darren: next by Wed 2027-02-03"),
        (date(2027, 1, 27), 2, "2027-05-19", "Joint inspection 2015, 3.7 Darren: next by 2027-05-19"),
        (date(2026, 12, 16), 2, "2027-04-07", "Joint inspection 2015, 5.5 Stephen: next by 2027-04-07"),
        (date(2026, 5, 6), 2, "2026-08-26", "Joint inspection 2015, 3.5 Rob: next by 08-26"),
        (date(2026, 6, 10), 2, "2026-09-30", "Joint inspection 2015, 5.12 Jack: next by 09-30"),
        (date(2027, 2, 24), 2, "2027-06-16", "Joint inspection 2015, 5.21, 5.22 Jon: next by 06-16"),
        (date(2027, 3, 24), 3, "2027-05-19", "level 3: eight weeks"),
    ],
)
def test_the_next_meeting_is_owed_by_the_level_decided(on, level, due, source):
    case = facts(levels=(LevelFact(Level(level), date(2026, 1, 5)),), meetings=(meeting(1, on, level),))
    kind = Reviews.LEVEL_2_REVIEW if level == 2 else Reviews.LEVEL_3_REVIEW
    [(item, due_on, _)] = of_kind(kind, case)
    assert (due_on.isoformat(), item.met_on) == (due, None)


def test_a_level_decided_at_a_meeting_sets_the_next_review_and_the_level_held_sets_the_minutes():
    """Our default: the level at which it was held sets the minutes clock, the level decided the next review."""
    on = date(2026, 10, 14)
    case = facts(
        levels=(LevelFact(Level(2), date(2026, 9, 18)), LevelFact(Level(3), on)), meetings=(meeting(1, on, level=2),)
    )
    assert [due.isoformat() for _, due, _ in of_kind(Reviews.LEVEL_3_REVIEW, case)] == ["2026-12-09"]
    assert of_kind(Reviews.LEVEL_2_REVIEW, case) == []
    assert [due.isoformat() for _, due, _ in of_kind(Meetings.MINUTES, case)] == ["2026-10-28"]
    [(first, _, _)] = of_kind(Reviews.FIRST_MEETING, case)
    assert first.met_on == on


def test_a_level_changed_between_meetings_restarts_the_clock():
    """Joint inspection 2015, 5.1: a new level restarts the clock. Raised on Mon 2026-11-02: by Mon 2026-12-28."""
    case = facts(
        levels=(LevelFact(Level(2), date(2026, 9, 18)), LevelFact(Level(3), date(2026, 11, 2))),
        meetings=(meeting(1, date(2026, 10, 14)),),
    )
    assert [due.isoformat() for _, due, _ in of_kind(Reviews.LEVEL_3_REVIEW, case)] == ["2026-12-28"]
    [(overtaken, _, _)] = of_kind(Reviews.LEVEL_2_REVIEW, case)
    assert came_of(overtaken) == ("missed", date(2026, 11, 2))


@pytest.mark.parametrize(
    ("accepted", "release", "due", "source"),
    [
        (date(2026, 9, 18), None, "2026-10-16", "our default: 20 working days after acceptance on Friday 18 September"),
        (date(2026, 12, 16), None, "2027-01-18", "20 working days over Christmas: 25, 28 Dec and 1 Jan skipped"),
        (date(2026, 9, 18), date(2026, 10, 9), "2026-10-08", "our default: and before release"),
        (date(2026, 9, 18), date(2026, 9, 19), "2026-09-18", "released the day after: owed at once"),
    ],
)
def test_the_first_meeting_is_within_twenty_working_days_and_before_release(accepted, release, due, source):
    where = Location.CUSTODY if release else Location.COMMUNITY
    case = facts(location=where, release_date=release, levels=(LevelFact(Level(2), accepted),))
    [(_, due_on, _)] = of_kind(Reviews.FIRST_MEETING, case)
    assert due_on.isoformat() == due


def test_a_referral_is_answered_within_ten_calendar_days():
    """Darren: received Wed 2026-09-09, due Sat 09-19; prompts Wed 09-16, Fri 09-18, Fri 09-25.

    Source: Joint inspection 2015, 3.7.
    """
    case = facts(referrals=(ReferralFact(row(7), date(2026, 9, 9), complete=True),))
    [(_, due, steps)] = of_kind(Screening.SCREENING_DECISION, case)
    assert due == date(2026, 9, 19)
    assert days(steps) == [("-3 days", "2026-09-16"), ("due", "2026-09-18"), ("+5W", "2026-09-25")]


def test_a_referral_sent_back_meets_nothing_and_is_to_come_again():
    returned = ReferralFact(
        row(7), date(2026, 9, 9), complete=True, returned_on=date(2026, 9, 14), decided_on=date(2026, 9, 14)
    )
    case = facts(location=Location.CUSTODY, release_date=date(2027, 3, 12), referrals=(returned,))
    [(referral, _, _)] = of_kind(Release.REFERRAL, case)
    assert referral.met_on is None
    [(again, due, steps)] = of_kind(Screening.RESUBMISSION, case)
    assert (again.met_on, due) == (None, date(2026, 9, 24))
    assert days(steps)[0] == ("at once", "2026-09-14")
    completed = ReferralFact(row(8), date(2026, 9, 21), complete=True)
    case = facts(location=Location.CUSTODY, release_date=date(2027, 3, 12), referrals=(returned, completed))
    assert [item.met_on for item, _, _ in of_kind(Release.REFERRAL, case)] == [date(2026, 9, 21)]
    assert [item.met_on for item, _, _ in of_kind(Screening.RESUBMISSION, case)] == [date(2026, 9, 21)]


def test_stephens_action_climbs_over_christmas():
    """Stephen: due 12-23; owner and manager 12-24; Chair Mon 2027-01-04; SMB member 2027-01-11.

    Source: Joint inspection 2015, 5.5.
    """
    action = ActionFact(row(1), 1, date(2026, 12, 16), date(2026, 12, 23), "police", ("p@police.example", "Priya"))
    [(_, due, steps)] = of_kind(Meetings.ACTION, facts(actions=(action,)))
    assert due == date(2026, 12, 23)
    assert days(steps) == [
        ("at once", "2026-12-16"),
        ("-5W", "2026-12-16"),
        ("-1W", "2026-12-22"),
        ("due", "2026-12-23"),
        ("+1W", "2026-12-24"),
        ("+5W", "2027-01-04"),
        ("+10W", "2027-01-11"),
    ]
    assert [step.to for step in steps][4] == ("action_owner", "line_manager")


def absent(agency: str, nth: int = 1, level: int = 2) -> list[tuple[str, str, tuple[str, ...]]]:
    absence = AbsenceFact(agency, nth, ("a@agency.example", "A"))
    case = facts(meetings=(meeting(1, date(2026, 5, 6), level, absences=(absence,)),))
    [(_, due, steps)] = of_kind(Meetings.ATTENDANCE, case)
    assert due == date(2026, 5, 13), "the report is owed five working days after the meeting (our default)"
    return [(step.rung, step.on.isoformat(), step.to) for step in steps]


def test_a_report_that_is_due_is_named_by_its_agency_as_people_write_it():
    absence = AbsenceFact("childrens_social_care", 1, ("a@agency.example", "A"), invited=False)
    case = facts(meetings=(meeting(1, date(2026, 5, 6), absences=(absence,)),))
    [(item, _, _)] = of_kind(Meetings.ATTENDANCE, case)
    assert item.label == "children's social care, meeting 1, nobody from it was invited"


def test_non_attendance_climbs_to_the_smb_chair_in_fifteen_working_days():
    """Our default: at once; +5W; +10W; +15W from the meeting of Wed 2026-05-06; 25 May is a bank holiday."""
    assert absent("housing") == [
        ("at once", "2026-05-06", ("representative",)),
        ("+5W", "2026-05-13", ("senior_manager",)),
        ("+10W", "2026-05-20", ("smb_member",)),
        ("+15W", "2026-05-28", ("smb_chair",)),
    ]


@pytest.mark.parametrize(
    ("nth", "expected"),
    [
        (2, [("at once", "2026-05-06"), ("+5W", "2026-05-06"), ("+10W", "2026-05-13"), ("+15W", "2026-05-20")]),
        (3, [("at once", "2026-05-06"), ("+10W", "2026-05-06"), ("+15W", "2026-05-13")]),
        (4, [("at once", "2026-05-06"), ("+15W", "2026-05-06")]),
        (9, [("at once", "2026-05-06"), ("+15W", "2026-05-06")]),
    ],
)
def test_the_second_absence_starts_at_the_second_rung_and_so_on(nth, expected):
    assert [(rung, on) for rung, on, _ in absent("housing", nth)] == expected


def test_at_level_3_the_smb_chair_comes_after_five_working_days():
    assert absent("housing", level=3)[-1] == ("+5W", "2026-05-13", ("senior_manager", "smb_member", "smb_chair"))


@pytest.mark.parametrize("agency", ["police", "probation", "prison"])
@pytest.mark.parametrize("level", [2, 3])
def test_an_absent_responsible_authority_goes_to_chair_and_smb_chair_at_once(agency, level):
    assert absent(agency, level=level)[1] == ("at once, to chairs", "2026-05-06", ("chair", "smb_chair"))


def test_level_1_is_reviewed_every_sixteen_weeks_by_lead_agency_and_police():
    """Joint inspection 2015 4.9; 16 weeks from Mon 2026-03-02 is Mon 06-22; prompt two weeks before."""
    case = facts(levels=(LevelFact(Level(1), date(2026, 3, 2)),))
    found = of_kind(Reviews.LEVEL_1_REVIEW, case)
    assert [(item.agency, item.owner_role, due.isoformat()) for item, due, _ in found] == [
        ("probation", "offender_manager", "2026-06-22"),
        ("police", "police_offender_manager", "2026-06-22"),
    ]
    # Ten and twenty working days after it: Mon 07-06, Mon 07-20.
    assert days(found[0][2]) == [
        ("-2 weeks", "2026-06-08"), ("due", "2026-06-22"), ("+10W", "2026-07-06"), ("+20W", "2026-07-20")
    ]  # fmt: skip
    reviewed = facts(
        levels=(LevelFact(Level(1), date(2026, 3, 2)),), reviews=(ReviewFact(date(2026, 6, 15), ("probation",)),)
    )
    assert [
        (item.agency, item.met_on, due.isoformat()) for item, due, _ in of_kind(Reviews.LEVEL_1_REVIEW, reviewed)
    ] == [
        ("probation", date(2026, 6, 15), "2026-06-22"),
        ("probation", None, "2026-10-05"),
        ("police", None, "2026-06-22"),
    ]


def test_where_the_police_lead_there_is_one_chain_of_reviews():
    case = facts(lead_agency="police", levels=(LevelFact(Level(1), date(2026, 3, 2)),))
    assert [item.agency for item, _, _ in of_kind(Reviews.LEVEL_1_REVIEW, case)] == ["police"]


def test_a_planned_meeting_reminds_those_invited_and_afterwards_asks_for_its_record():
    """Wed 2026-10-14: five working days before is Wed 10-07, one is Tue 10-13; a day on, Thu 10-15."""
    case = facts(meetings=(meeting(1, date(2026, 10, 14), held=False, planned_on=date(2026, 9, 21)),))
    [(_, due, steps)] = of_kind(Meetings.MEETING, case)
    assert due == date(2026, 10, 14)
    assert days(steps) == [
        ("-5W", "2026-10-07"),
        ("-1W", "2026-10-13"),
        ("+1W", "2026-10-15"),
        ("+3W", "2026-10-19"),
    ]


def test_a_closed_case_owes_no_next_step_but_what_its_meetings_left_to_do():
    case = facts(
        closed_on=date(2026, 5, 20),
        levels=(LevelFact(Level(2), date(2026, 3, 2)),),
        meetings=(meeting(1, date(2026, 5, 6)),),
    )
    to_do = [item.kind for item in owed(case) if came_of(item)[0] == ""]
    assert to_do == [Meetings.MINUTES, Meetings.VISOR_POSTING]
