"""What the record holds of today's cases: read once a day, in a handful of queries whatever their number."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from casework.facts.attendance import attendance_facts, wanted_at
from models.cases import Case
from models.meetings import Action, Meeting, MinutesVersion
from models.people import Person
from models.record import policies
from models.referrals import Referral
from policy.attendance import CaseOverTime, Required
from policy.kinds import Events, Meetings, Release, Reviews, Screening
from policy.numbers import Policy
from policy.vocabulary import ActionState, MeetingState
from sample.answers.between import Between, parts, read_between
from sample.answers.open_things import Open
from sample.answers.people import People
from sample.answers.plans import Planner, Step

OF_MEETINGS = {Meetings.MEETING, Meetings.MINUTES, Meetings.VISOR_POSTING, Meetings.ATTENDANCE, Reviews.FIRST_MEETING,
               Reviews.LEVEL_2_REVIEW, Reviews.LEVEL_3_REVIEW, Reviews.URGENT_MEETING}  # fmt: skip
WITH_ACTIONS = (Meetings.MEETING, Meetings.ACTION, Events.PRISON_ACTIONS)
OF_REFERRALS = {Release.REFERRAL, Screening.RESUBMISSION, Screening.SCREENING_DECISION, Meetings.MEETING}


@dataclass(slots=True)
class Day:
    """A day and the rows of its cases. ``session`` only reads."""

    session: Session
    on: date
    planner: Planner
    steps: Sequence[tuple[Open, Step]]
    cases: dict[int, Case] = field(default_factory=dict)
    persons: dict[str, Person] = field(default_factory=dict)
    meetings: dict[int, list[Meeting]] = field(default_factory=lambda: defaultdict(list))
    actions: dict[int, list[Action]] = field(default_factory=lambda: defaultdict(list))
    referrals: dict[int, list[Referral]] = field(default_factory=lambda: defaultdict(list))
    attendance: dict[int, CaseOverTime] = field(default_factory=dict)
    minutes: dict[int, MinutesVersion] = field(default_factory=dict)
    between: Between = field(default_factory=Between)
    areas: set[str] = field(default_factory=set)
    _people: People | None = None

    @property
    def people(self) -> People:
        """Return the people of the day's areas; most days ask for them, a quiet one does not."""
        if self._people is None:
            self._people = People(self.session, self.areas, self.on)
        return self._people

    def planned(self, case_id: int) -> list[Meeting]:
        """Return the meetings of a case that are planned."""
        return [m for m in self.meetings[case_id] if m.state == MeetingState.PLANNED]

    def held(self, case_id: int) -> list[Meeting]:
        """Return the meetings of a case that were held, the oldest first."""
        return [m for m in self.meetings[case_id] if m.state == MeetingState.HELD]

    def meeting(self, of: Open) -> Meeting | None:
        """Return the meeting something is about."""
        return next((m for m in self.meetings[of.case_id] if m.id == of.subject.row), None)

    def policy(self, case: Case) -> Policy:
        """Return the numbers in force for a case."""
        return policies(self.session).for_area(case.area, self.on)

    def must_come(self, case: Case, meeting: Meeting) -> list[Required]:
        """Return the agencies required at a meeting on its day."""
        if case.id not in self.attendance:
            self.attendance |= attendance_facts(self.session, [case])
        return wanted_at(self.session, case, meeting, self.attendance[case.id])


def read_day(session: Session, on: date, planner: Planner, steps: Sequence[tuple[Open, Step]]) -> Day:
    """Read what today's answers are about."""
    day = Day(session, on, planner, steps)
    for part in parts({of.case_id for of, _ in steps if of.case_id}):
        for case in session.scalars(select(Case).where(Case.id.in_(part)).options(joinedload(Case.person))):
            day.cases[case.id] = case
            day.areas |= {case.area, *areas_beside(case)}
    read_persons(day)
    read_meetings(day, {of.case_id for of, _ in steps if of.kind in OF_MEETINGS})
    read_actions(day, {of.case_id for of, _ in steps if of.kind in WITH_ACTIONS})
    for part in parts({of.case_id for of, _ in steps if of.kind in OF_REFERRALS}):
        query = select(Referral).where(Referral.case_id.in_(part)).order_by(Referral.received_on, Referral.id)
        for referral in session.scalars(query):
            day.referrals[referral.case_id].append(referral)
    day.between = read_between(session, steps)
    day.areas |= {transfer.to_area for transfer in day.between.transfers.values()}
    return day


def areas_beside(case: Case) -> set[str]:
    """Return the other areas that have a part in a case, or in which the victim lives."""
    told = case.circumstances or {}
    return {told[name] for name in ("victim_area", "other_area") if told.get(name)}


def read_persons(day: Day) -> None:
    """Read the people who have no case."""
    wanted = [of.crn for of, _ in day.steps if not of.case_id]
    for person in day.session.scalars(
        select(Person).where(Person.crn.in_(wanted)).options(joinedload(Person.sentences))
    ).unique():
        day.persons[person.crn] = person
        day.areas |= {sentence.area for sentence in person.sentences}


def read_meetings(day: Day, case_ids: Collection[int]) -> None:
    """Read the meetings of cases, who was invited to those that are to be held, and the newest minutes."""
    for part in parts(case_ids):
        query = select(Meeting).where(Meeting.case_id.in_(part), Meeting.state != MeetingState.CANCELLED)
        # What was recorded is long, and read of the last meeting only.
        query = query.order_by(Meeting.starts_at, Meeting.id)
        for meeting in day.session.scalars(query):
            day.meetings[meeting.case_id].append(meeting)
    about = [of.subject.row_id for of, _ in day.steps if of.kind in (Meetings.MEETING, Meetings.MINUTES)]
    for part in parts(about):
        versions = select(MinutesVersion).where(MinutesVersion.meeting_id.in_(part))
        for version in day.session.scalars(versions.order_by(MinutesVersion.version, MinutesVersion.id)):
            day.minutes[version.meeting_id] = version


def read_actions(day: Day, case_ids: Collection[int]) -> None:
    """Read the open actions of cases."""
    for part in parts(case_ids):
        query = select(Action).where(Action.case_id.in_(part), Action.state == ActionState.OPEN)
        # Who accepts what came of it is the Chair of the meeting that set it.
        query = query.options(joinedload(Action.meeting).load_only(Meeting.chair_name)).order_by(
            Action.number, Action.id
        )
        for action in day.session.scalars(query):
            day.actions[action.case_id].append(action)
