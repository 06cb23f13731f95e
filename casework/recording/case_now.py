"""A case as it stands, in the few things that decide which kinds of fact are offered for it."""

from dataclasses import dataclass

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from models.cases import WHOSE_DUTY, Case, Problem
from models.meetings import Action, Meeting
from models.merges import Merge
from models.obligations import Timescale
from models.people import Sentence
from models.plans import PlanVersion
from models.registrations import Registration
from models.take_on import is_undecided
from policy.kinds import Kind, kind_named
from policy.obligations.release import NOTIFIES
from policy.vocabulary import ActionState, Category, Level, Location, MeetingState, State

OWED = (State.OPEN, State.PAUSED)


@dataclass(frozen=True, slots=True)
class CaseNow:
    """A case as it stands. ``owed`` are the kinds of its open timescales.

    ``undecided``: a sentence waits for a person to decide on eligibility. ``action_done``: an action is done and not
    yet accepted by the Chair. ``paused``: something owed is paused. ``names_people``: a plan, or a meeting that was
    held, names people whose lives change. ``merged``: another record was folded into the case. ``disowned``: somebody
    says of a duty that it is not theirs. ``taken_on``: something was overdue when the area was taken on, and nobody has
    decided on it. ``registered``: it was taken on with a registration of another system. ``notifies``: the person must
    notify the police of where they live.
    """

    open: bool
    level: Level | None
    location: Location
    owed: frozenset[Kind]
    undecided: bool
    meeting_planned: bool
    action_done: bool
    names_people: bool
    paused: bool = False
    merged: bool = False
    disowned: bool = False
    taken_on: bool = False
    registered: bool = False
    notifies: bool = False


def case_now(session: Session, case: Case) -> CaseNow:
    """Read how a case stands."""
    meetings = exists().where(Meeting.case_id == case.id)
    flags = {
        "undecided": exists().where(Sentence.person_id == case.person_id, Sentence.questions.is_not(None)),
        "meeting_planned": meetings.where(Meeting.state == MeetingState.PLANNED),
        "action_done": exists().where(Action.case_id == case.id, Action.state == ActionState.DONE),
        "planned_for": exists().where(PlanVersion.case_id == case.id),
        "paused": exists().where(Timescale.case_id == case.id, Timescale.state == State.PAUSED),
        "merged": exists().where(Merge.case_id == case.id, Merge.split_on.is_(None)),
        "disowned": exists().where(
            Problem.case_id == case.id, Problem.stage == WHOSE_DUTY, Problem.resolved_at.is_(None)
        ),
        "taken_on": exists().where(Timescale.case_id == case.id, is_undecided(case.area)),
        "registered": exists().where(Registration.case_id == case.id, Registration.withdrawn_on.is_(None)),
        "met": meetings.where(Meeting.state == MeetingState.HELD),
    }
    found = session.execute(select(*(condition.label(name) for name, condition in flags.items()))).one()
    owed = select(Timescale.kind).where(Timescale.case_id == case.id, Timescale.state.in_(OWED)).distinct()
    return CaseNow(
        open=case.closed_on is None,
        level=None if case.level is None else Level(case.level),
        location=Location(case.location),
        owed=frozenset(kind_named(kind) for kind in session.scalars(owed)),
        undecided=found.undecided,
        meeting_planned=found.meeting_planned,
        action_done=found.action_done,
        paused=found.paused,
        merged=found.merged,
        disowned=found.disowned,
        taken_on=found.taken_on,
        registered=found.registered,
        notifies=not NOTIFIES.isdisjoint(Category(number) for number in case.categories),
        names_people=found.planned_for or found.met,
    )
