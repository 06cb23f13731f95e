"""A duty that is open ends as done, as missed, or goes on: whatever overtakes it, it does not simply vanish.

Missed is what was owed and overtaken without being done; cancelled is what was never owed. So of each kind a duty is
opened here, and then what may overtake it happens: the case is closed (Criminal Justice Act 2003 s.327: nobody is held
any more), the person is released (joint inspection 2015, 4.10, 4.11, 6.39: what is due before a release is due before
that one), comes back into custody, or is managed at level 1 (6.26: neighbourhood policing helps at level 2 or 3).
"""

from dataclasses import replace
from datetime import date

import pytest

from policy.custody import Stay
from policy.events import EventKind
from policy.facts import (
    AbsenceFact,
    ActionFact,
    CaseFacts,
    ChargeFact,
    DisclosureFact,
    EndingFact,
    EventFact,
    IdentificationFact,
    LevelFact,
    NotificationFact,
    OrderFact,
    ProblemFact,
    ReferralFact,
    TransferFact,
    UrgentFact,
)
from policy.kinds import KINDS, AtClosure, Community, Kind, Release
from policy.obligations.all import owed
from policy.outside import DetailsFact, HomeFact, JourneyFact, Outside, Schedule
from policy.subjects import Subject, row
from policy.vocabulary import Category, Dwelling, FactKind, Level, Location
from tests.policy.test_meeting_dates_by_hand import came_of, facts, meeting

SENTENCED, OPENED = date(2023, 11, 12), date(2023, 11, 20)
RELEASED, BACK, TODAY = date(2026, 2, 2), date(2026, 4, 13), date(2026, 5, 20)
INSIDE = (Stay(Location.CUSTODY, SENTENCED),)
OUT = (Stay(Location.CUSTODY, SENTENCED, RELEASED), Stay(Location.COMMUNITY, RELEASED))
IN_AGAIN = (OUT[0], replace(OUT[1], until=BACK), Stay(Location.CUSTODY, BACK))
NOBODY = ("", "")
AT_2 = (LevelFact(Level.MULTI_AGENCY, date(2026, 1, 12)),)
SEXUAL = frozenset({Category.REGISTERED_SEXUAL_OFFENDER})


def in_custody(stays: tuple[Stay, ...] = INSIDE, **more) -> CaseFacts:
    return facts(location=Location.CUSTODY, release_date=date(2026, 9, 1), stays=stays, opened_on=OPENED, **more)


def outside(**more) -> CaseFacts:
    return facts(location=Location.COMMUNITY, stays=OUT, opened_on=OPENED, **more)


def event(kind: EventKind, **more) -> EventFact:
    return EventFact(row(1), 1, kind, date(2026, 5, 4), date(2026, 5, 4), **more)


LIVES = {
    "in custody": in_custody(identifications=(IdentificationFact(row(1), SENTENCED, None),)),
    "back in custody": in_custody(IN_AGAIN, levels=AT_2),
    "outside": outside(categories=SEXUAL),
    "outside at level 2": outside(levels=AT_2),
    "reviewed at level 1": outside(levels=(LevelFact(Level.LEAD_AGENCY, date(2026, 2, 9)),)),
    "referred": outside(referrals=(ReferralFact(row(1), date(2026, 5, 4), complete=True),)),
    "sent back": outside(
        referrals=(ReferralFact(row(1), date(2026, 5, 4), complete=True, returned_on=date(2026, 5, 6)),)
    ),
    "met at level 2": outside(
        levels=AT_2,
        urgent=(UrgentFact(row(3), date(2026, 5, 11)),),
        meetings=(
            meeting(1, date(2026, 5, 6), absences=(AbsenceFact("housing", 1, NOBODY),)),
            meeting(2, date(2026, 8, 12), held=False),
        ),
        actions=(ActionFact(row(1), 1, date(2026, 5, 6), date(2026, 6, 3), "police", NOBODY),),
        disclosures=(
            DisclosureFact(row(1), 1, date(2026, 5, 6), date(2026, 6, 3), "police", NOBODY),
            DisclosureFact(row(2), 2, date(2026, 5, 6), date(2026, 6, 3), "police", NOBODY, approved=True),
        ),
        charges=(ChargeFact(row(1), date(2026, 5, 7)),),
    ),
    "met at level 3": outside(
        levels=(LevelFact(Level.SENIOR_MULTI_AGENCY, date(2026, 5, 6)),), meetings=(meeting(1, date(2026, 5, 6), 3),)
    ),
    "with harm to a partner and a child": outside(
        levels=AT_2, holds_since={"domestic_abuse": date(2026, 5, 4), "children_at_risk": date(2026, 5, 4)}
    ),
    "moved": in_custody(
        events=(event(EventKind.TRANSFER, victim_contact=True),),
        actions=(ActionFact(row(1), 1, date(2026, 4, 1), date(2026, 6, 3), "prison", NOBODY),),
    ),
    "registered": outside(
        categories=SEXUAL,
        notified_on=(RELEASED,),
        events=(event(EventKind.ABSCONDED),),
        outside=Outside(
            details=(DetailsFact(row(1), "address", date(2026, 5, 4), date(2026, 5, 4)),),
            moves=(DetailsFact(row(1), "address", date(2026, 5, 4), date(2026, 5, 4)),),
            journeys=(JourneyFact(row(2), date(2026, 5, 4), date(2026, 5, 14), date(2026, 5, 28)),),
            schedules=(Schedule("police", False, RELEASED, ((RELEASED, 14),)),),
        ),
    ),
    "without a fixed home": outside(
        categories=SEXUAL, notified_on=(RELEASED,), outside=Outside(homes_notified=((RELEASED, False),))
    ),
    "dates changed": in_custody(events=(event(EventKind.RELEASE_DATE_CHANGED),)),
    "on leave": in_custody(events=(event(EventKind.TEMPORARY_RELEASE, until_on=date(2026, 5, 25)),)),
    "held by an order": outside(
        orders=(OrderFact(row(1), "SHPO", date(2027, 1, 5), date(2026, 1, 5)),),
        notification=NotificationFact(date(2020, 1, 6), young=False),
        transfers=(TransferFact(row(1), date(2026, 5, 11), "Kent", NOBODY),),
        endings=(EndingFact("category_2", date(2028, 3, 1)),),
    ),
    "to be on licence": in_custody(
        licence_until=date(2028, 9, 1), meetings=(meeting(2, date(2026, 8, 12), held=False),)
    ),
    "in approved premises": outside(
        circumstances=frozenset({"employment_restrictions"}),
        outside=Outside(homes=(HomeFact(row(1), RELEASED, Dwelling.APPROVED_PREMISES, RELEASED),)),
    ),
    "asked about": outside(
        questions=(ProblemFact(row(1), "identification", date(2026, 5, 11)),),
        failures=(ProblemFact(row(2), "meetings", date(2026, 5, 11)),),
    ),
}
Duty = tuple[Kind, Subject]


def stands(case: CaseFacts) -> dict[Duty, tuple[str, date | None]]:
    return {(item.kind, item.subject): came_of(item) for item in owed(case)}


def open_in(case: CaseFacts) -> set[Duty]:
    return {duty for duty, came in stands(case).items() if came == ("", None)}


def test_a_duty_of_each_kind_is_open_in_one_of_the_lives() -> None:
    assert {kind for case in LIVES.values() for kind, _ in open_in(case)} == set(KINDS)


@pytest.mark.parametrize("life", LIVES)
def test_closing_ends_each_duty_as_missed_or_done_unless_it_goes_on(life: str) -> None:
    came = stands(replace(LIVES[life], closed_on=TODAY))
    for kind, subject in open_in(LIVES[life]):
        spec = kind.spec
        answered = FactKind.CLOSURE in spec.answered_by
        ended = ("met" if answered else "missed", TODAY)
        assert came[kind, subject] == (("", None) if spec.at_closure is AtClosure.GOES_ON else ended), kind


@pytest.mark.parametrize(
    ("before", "after", "overtaken"),
    [
        (LIVES["to be on licence"], outside(licence_until=date(2028, 9, 1)), {
            Release.PRISON_NOTICE, Release.REFERRAL, Release.LEVEL_SETTING, Release.DATES_CHECK,
            Release.LICENCE_CONDITIONS, Release.RELEASE_HOUSING,
        }),
        (in_custody(IN_AGAIN, levels=AT_2),
         facts(stays=(*IN_AGAIN[:2], replace(IN_AGAIN[2], until=TODAY),
                                               Stay(Location.COMMUNITY, TODAY)), opened_on=OPENED, levels=AT_2),
         {Release.PRISON_NOTICE, Release.RELEASE_MEETING, Release.LEVEL_SETTING, Release.DATES_CHECK,
          Release.RELEASE_HOUSING}),
        (LIVES["in approved premises"],
         replace(LIVES["in approved premises"], location=Location.CUSTODY, stays=IN_AGAIN),
         {Release.LEVEL_SETTING, Community.MOVE_ON_PLAN, Community.JOBCENTRE_NOTICE}),
        (replace(LIVES["registered"], events=()),
         replace(LIVES["registered"], events=(), location=Location.CUSTODY,
                 stays=(*OUT[:1], replace(OUT[1], until=TODAY), Stay(Location.CUSTODY, TODAY))),
         {Release.LEVEL_SETTING, Release.NEIGHBOURHOOD_TOLD, Community.YEARLY_NOTIFICATION, Community.DETAILS_NOTIFIED,
          Community.NEW_ADDRESS, Community.TRAVEL_RETURN, Community.VISIT}),
        (LIVES["without a fixed home"],
         replace(LIVES["without a fixed home"], location=Location.CUSTODY,
                 stays=(*OUT[:1], replace(OUT[1], until=TODAY), Stay(Location.CUSTODY, TODAY))),
         {Release.LEVEL_SETTING, Release.NEIGHBOURHOOD_TOLD, Community.WEEKLY_NOTIFICATION}),
        (outside(categories=SEXUAL), in_custody(IN_AGAIN, categories=SEXUAL),
         {Release.LEVEL_SETTING, Release.FIRST_NOTIFICATION, Release.NEIGHBOURHOOD_TOLD}),
        (outside(levels=AT_2), outside(levels=(*AT_2, LevelFact(Level.LEAD_AGENCY, BACK))),
         {Release.NEIGHBOURHOOD_TOLD}),
    ],
    ids=["released", "released again", "from approved premises", "registered and back", "without a home",
         "back in custody", "down to level 1"],
)  # fmt: skip
def test_what_is_overtaken_on_the_way_is_missed_on_the_day(
    before: CaseFacts, after: CaseFacts, overtaken: set[Kind]
) -> None:
    came = stands(after)
    of_release = {duty for duty in open_in(before) if duty[0] in (*Release, *Community)}
    vanished = of_release - came.keys()
    assert vanished == set()
    assert {kind for kind, subject in of_release if came[kind, subject][0] == "missed"} == overtaken
