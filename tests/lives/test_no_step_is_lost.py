"""Whatever is recorded, in whatever order and however late: a step that is required has an open timescale.

The steps are read from the record by other means than the rules: straight from its tables, one sentence a step.
"""

import shutil
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, event, given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.orm import Session

from casework.errors import RefusedError
from models.cases import Case, Fact
from models.disclosures import Disclosure
from models.events import CustodyEvent
from models.meetings import Absence, Action, Meeting
from models.obligations import Timescale
from models.plans import PlanVersion
from models.referrals import LevelSpell, Referral
from tests.support.opened import opened
from tests.support.story import DARREN, HANA, MEETING_DIRECTORY, PRIYA, Story, anew, attended, form, minuted

HOUSING = {"agency": "housing", "name": "Hana", "employer": "Camden Council", "role": "Housing officer",
           "contact": HANA, "why": "He has nowhere to live."}  # fmt: skip
START = date(2026, 9, 1)
KINDS = (
    "referral",
    "incomplete referral",
    "screening 1",
    "screening 2",
    "screening 3",
    "more information",
    "level 1",
    "level 2",
    "level 3",
    "plan",
    "move",
    "cancel",
    "meeting",
    "meeting away",
    "meeting down",
    "meeting up",
    "minutes",
    "posting",
    "action",
    "report",
    "review",
    "incident",
    "release",
    "disclosure",
    "approval",
    "made",
    "risk plan",
    "transfer",
    "recall",
    "leave",
    "returned",
    "charge",
    "let out",
    "looked at",
    "victim told",
    "tick",
)
# How a case may have begun: steps most of the others need before them.
BEGINNINGS = (
    (),
    ("referral",),
    ("referral", "screening 2"),
    ("referral", "more information"),
    ("incomplete referral", "referral", "screening 3"),
    ("level 1",),
    ("level 2", "plan"),
    ("level 2", "meeting away"),
    ("referral", "level 2", "meeting", "minutes"),
    ("level 2", "transfer", "let out", "recall"),
    ("level 2", "disclosure", "approval", "meeting"),
    ("level 2", "leave", "charge"),
)
PACE, LATENESS = st.integers(0, 40), st.integers(0, 30)
STEPS = st.builds(
    lambda begun, more: [(kind, 5, 0) for kind in begun] + more,
    st.sampled_from(BEGINNINGS),
    st.lists(st.tuples(st.sampled_from(KINDS), PACE, LATENESS), min_size=2, max_size=12),
)


def required_steps(session: Session, case: Case) -> Iterator[tuple[str, str]]:
    """Yield (what is required, a kind of timescale one of which must be open for it), straight from the tables."""
    referrals = session.scalars(
        select(Referral).where(Referral.case_id == case.id).order_by(Referral.received_on, Referral.id)
    ).all()
    spells = session.scalars(
        select(LevelSpell).where(LevelSpell.case_id == case.id).order_by(LevelSpell.since, LevelSpell.id)
    ).all()
    yield from of_referrals(referrals, spells)
    if spells:
        level = spells[-1].level
        yield f"level {level} goes on", "level_1_review" if level == 1 else f"first_meeting level_{level}_review"
    if case.location == "custody" and case.release_date and case.level is None:
        yield "a level is wanted before release", "level_setting"
        if not any(r.complete and r.returned_on is None for r in referrals):
            yield "a referral is wanted before release", "referral"
    yield from of_meetings(session, case)
    yield from of_disclosures_and_the_plan(session, case)
    yield from of_events(session, case)


def of_disclosures_and_the_plan(session: Session, case: Case) -> Iterator[tuple[str, str]]:
    for one in session.scalars(select(Disclosure).where(Disclosure.case_id == case.id)):
        if one.state == "proposed":
            yield f"disclosure {one.number} is approved by a second person", "disclosure_approval"
        if one.state == "approved":
            yield f"disclosure {one.number} is made", "disclosure"
    held = select(Meeting).where(Meeting.case_id == case.id, Meeting.state == "held")
    days = [meeting.on for meeting in session.scalars(held)]
    written = session.scalars(select(PlanVersion.written_on).where(PlanVersion.case_id == case.id)).all()
    if days and not any(on >= max(days) for on in written):
        yield "the plan is written after the last meeting", "plan_update"


def of_events(session: Session, case: Case) -> Iterator[tuple[str, str]]:
    events = session.scalars(
        select(CustodyEvent).where(CustodyEvent.case_id == case.id).order_by(CustodyEvent.on_date, CustodyEvent.id)
    ).all()
    held = select(Meeting).where(Meeting.case_id == case.id, Meeting.state == "held")
    days = [meeting.on for meeting in session.scalars(held)]
    for one in events:
        known_on = one.recorded_at.date()
        met_since = any(on > one.on_date and on >= known_on for on in days)
        if one.kind != "returned" and one.reviewed_on is None and not met_since:
            yield f"event {one.number} is looked at", "event_review"
        if one.victim_contact and one.victim_told_on is None:
            yield f"the victim hears of event {one.number}", "victim_update"
        if one.until_on is not None and one.returned_on is None:
            yield f"the return from event {one.number}", "return_due"
        if one.kind == "release_date_changed":
            yield f"the consultation on event {one.number}", "consultation"
        if one.serious and one.level in (2, 3):
            yield f"the SMB considers event {one.number}", "case_review"
            yield f"the report on event {one.number} is sent", "offence_report"
    moves = [one for one in events if one.kind in ("transfer", "recall", "release")]
    if moves and moves[-1].kind != "release":
        yield "the prison is the partner on ViSOR", "visor_partner"


def of_referrals(referrals: Sequence[Referral], spells: Sequence[LevelSpell]) -> Iterator[tuple[str, str]]:
    if not referrals:
        return
    newest = referrals[-1]
    if newest.complete and newest.decided_on is None:
        yield "the newest referral waits for an answer", "screening_decision"
    decided_since = any(spell.since >= (newest.returned_on or date.max) for spell in spells)
    if newest.returned_on is not None and not decided_since:
        yield "the newest referral was sent back", "resubmission"


def of_meetings(session: Session, case: Case) -> Iterator[tuple[str, str]]:
    meetings = session.scalars(select(Meeting).where(Meeting.case_id == case.id)).all()
    yield from (("a planned meeting is held or told of", "meeting") for m in meetings if m.state == "planned")
    held = [meeting for meeting in meetings if meeting.state == "held"]
    yield from (("a meeting has minutes", "minutes") for m in held if m.minutes_on is None)
    yield from (("minutes are posted", "visor_posting") for m in held if m.posted_on is None)
    for action in session.scalars(select(Action).where(Action.case_id == case.id, Action.state == "open")):
        yield f"action {action.number} is done", "action"
    for absence in session.scalars(select(Absence).where(Absence.case_id == case.id, Absence.settled_on.is_(None))):
        yield f"{absence.agency} reports", "attendance"
    for incident in session.scalars(select(Fact).where(Fact.case_id == case.id, Fact.kind == "incident")):
        if not any(meeting.on >= incident.on_date for meeting in held):
            yield "an urgent meeting is held", "urgent_meeting"


def check(story: Story) -> None:
    with story.record.reading() as session:
        case = session.scalars(select(Case)).one()
        timescales = session.scalars(select(Timescale).where(Timescale.case_id == case.id)).all()
        open_kinds = [t.kind for t in timescales if t.state == "open"]
        wanted: dict[str, int] = {}
        for what, kinds in required_steps(session, case):
            assert set(kinds.split()) & set(open_kinds), f"{what}, and nothing of {kinds} is open: {open_kinds}"
            wanted[kinds] = wanted.get(kinds, 0) + 1
        for kinds, count in wanted.items():
            found = sum(open_kinds.count(kind) for kind in kinds.split())
            # Charges of one day are considered together.
            at_least = 1 if kinds in ("case_review", "offence_report") else count
            assert found >= at_least, f"{count} of {kinds} are required, {found} are open"
        for timescale in timescales:
            climbed = timescale.next_rung >= len(timescale.ladder)
            due = timescale.state == "open"
            assert (timescale.next_prompt_at is not None) == (due and not climbed), timescale.kind


def data_of(kind: str, on: date, salt: str) -> tuple[str, dict[str, Any]]:
    """Return the kind of fact and its form."""
    next_on = (on + timedelta(weeks=7)).isoformat()
    core = [attended("probation", "Olive"), attended("police", "Priya", grade="Superintendent"),
            attended("prison", "Opal"), attended("neighbourhood_policing", "Nell")]  # fmt: skip
    level = {"meeting down": 1, "meeting up": 3}.get(kind, 2)
    cppc = {"decision": "no", "reason": "No central funding is needed."}
    action = {"text": f"Find a room for him {salt}", "agency": "housing", "owner": {"name": "Hana", "email": HANA},
              "due_on": (on + timedelta(days=21)).isoformat()}  # fmt: skip

    def held(status: str) -> dict[str, Any]:
        rows = [*core, attended("housing", "Hana", status)]
        told = minuted(*rows, level=level, salt=salt, next_on=None if level == 1 else next_on,
                       critical_public_protection_case=cppc, actions=[action])  # fmt: skip
        return told | {"level": 2}

    starts = (on + timedelta(days=14)).isoformat() + "T10:00"
    by_kind: dict[str, tuple[str, dict[str, Any]]] = {
        "referral": ("referral", form("referral", agencies=[HOUSING], circumstances={}, special_issues=f"Two. {salt}")),
        "incomplete referral": ("referral", form("referral", added_value="", special_issues=f"None yet. {salt}")),
        "more information": ("screening", form("screening", decision="more_information", wanted=[f"His plans {salt}"])),
        "plan": ("meeting-plan", form("meeting-plan", starts_at=starts, level=2)),
        "move": ("meeting-move", form("meeting-move", starts_at=starts, meeting=None)),
        "cancel": ("meeting-cancel", form("meeting-cancel", reason=f"The room is closed. {salt}", meeting=None)),
        "meeting away": ("meeting", held("absent")),
        "posting": ("visor-posting", {"by": "Adam"}),
        "action": ("action-outcome", {"action": 1, "state": "not_done", "reason": f"No room is to be had. {salt}"}),
        "report": ("attendance-report", {"agency": "housing", "how": "report", "text": f"A room is free. {salt}"}),
        "review": ("level-1-review", form("level-1-review", reason=f"The plan is robust. {salt}")),
        "incident": ("incident", form("incident", what=f"He threatened a neighbour. {salt}", disclosure=None)),
        "release": (
            "release-date",
            {
                "which": "conditional_release_date",
                "release_date": (on + timedelta(days=200)).isoformat(),
                "reason": f"Added days. {salt}",
            },
        ),
        "disclosure": (
            "disclosure",
            form(
                "disclosure",
                reason=anew("The landlord lets to a family.", salt),
                due_on=(on + timedelta(9)).isoformat(),
            ),
        ),
        "approval": ("disclosure-approval", form("disclosure-approval", disclosure=None)),
        "made": ("disclosure-outcome", form("disclosure-outcome", disclosure=None)),
        "risk plan": ("plan", risk_plan(salt)),
        "looked at": ("event-review", form("event-review", event=1, plan="unchanged")),
        "victim told": ("victim-update", form("victim-update", event=None)),
    }
    if kind in EVENTS:
        until = {"until": (on + timedelta(days=3)).isoformat()} if kind == "leave" else {}
        return "custody-event", {"what": f"As it was told. {salt}", "by": "Olive", **EVENTS[kind], **until}
    if kind in by_kind:
        return by_kind[kind]
    if kind.startswith("meeting"):
        return "meeting", held("attended")
    chosen = int(kind[-1])
    if kind.startswith("level"):
        return "level", {"level": chosen, "reason": f"As the panel decided. {salt}"}
    decision = {1: "remain_level_1", 2: "level_2", 3: "level_3"}[chosen]
    thresholds = {"high_risk": True, "senior_representation": "A bed is wanted at once."}
    return "screening", form("screening", decision=decision, thresholds=thresholds, reason=f"As agreed. {salt}")


EVENTS: dict[str, dict[str, Any]] = {
    "transfer": {"event": "transfer", "prison": "HMP Other"},
    "recall": {"event": "recall", "prison": "HMP Example", "release_date": "2029-06-15"},
    "leave": {"event": "temporary_release"},
    "returned": {"event": "returned"},
    "charge": {"event": "further_charge", "offence": "Wounding with intent", "serious": True},
    "let out": {"event": "release"},
}


def risk_plan(salt: str) -> dict[str, Any]:
    """Return a version of the plan in words of its own."""
    data = form("plan")
    for name in ("supervision", "monitoring_and_control", "interventions_and_treatment", "victim_safety",
                 "contingency", "conclusion"):  # fmt: skip
        data[name] = anew(data[name], salt)
    for name, key in (("licence_conditions", "text"), ("exclusion_zones", "text"), ("contributions", "what"),
                      ("contact_restrictions", "restriction")):  # fmt: skip
        for row in data[name]:
            row[key] = anew(row[key], salt)
    return data


def tell_previous(story: Story, data: dict[str, Any], on: date) -> None:
    """Add what became of open actions, which every record of a meeting must tell."""
    with story.record.reading() as session:
        numbers = session.scalars(select(Action.number).where(Action.state == "open", Action.set_on < on))
        data["previous_actions"] = [
            {"action": n, "position": "carried", "reason": "The room is not free yet."} for n in numbers
        ]
        waiting = select(Disclosure.number).where(
            Disclosure.state.in_(("proposed", "approved")), Disclosure.proposed_on < on
        )
        data["previous_disclosures"] = [
            {"disclosure": n, "position": "carried", "reason": "The landlord is away."}
            for n in session.scalars(waiting)
        ]


def step(story: Story, kind: str, today: date, back: int, number: int) -> None:
    on = max(today - timedelta(days=back), START)
    if kind == "tick":
        story.tick(today.isoformat())
        return
    salt = f"Entry {number}."
    if kind == "minutes":
        for words in ({"step": "draft", "by": "Adam"}, {"step": "approve", "by": "Clare Example"},
                      {"step": "final", "by": "Adam"}):  # fmt: skip
            record(story, "minutes", on, words, today)
        return
    fact, data = data_of(kind, on, salt)
    if fact == "meeting":
        tell_previous(story, data, on)
    record(story, fact, on, data, today)


def record(story: Story, kind: str, on: date, data: dict[str, Any], today: date) -> None:
    from casework.recording import Entry, record_many
    from tests.support.story import CLERK, at

    try:
        with story.record.writing() as session:
            told = {"date": on.isoformat(), **data}
            record_many(session, [Entry(kind, "X320741", told)], actor=CLERK, as_at=at(today.isoformat(), 9))
        event(f"recorded {kind}")
    except RefusedError:
        event(f"refused {kind}")


@pytest.fixture(scope="module")
def at_the_start(tmp_path_factory: pytest.TempPathFactory, sqlite_template: Path) -> Path:
    """A record with one case in custody, identified."""
    folder = tmp_path_factory.mktemp("steps")
    path = folder / "record.db"
    shutil.copy(sqlite_template, path)
    story = Story(opened(f"sqlite:///{path}"), folder, MEETING_DIRECTORY)
    story.load("2026-09-01", DARREN | {"police_offender_manager": "Priya", "police_offender_manager_email": PRIYA})
    story.tick("2026-09-01", hour=6)
    story.record.close()
    return path


@pytest.mark.slow
@settings(max_examples=80, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(STEPS)
def test_no_order_of_facts_leaves_a_required_step_without_an_open_timescale(at_the_start, tmp_path, steps):
    path = tmp_path / "record.db"
    for left in tmp_path.glob("record.db*"):
        left.unlink()
    shutil.copy(at_the_start, path)
    story = Story(opened(f"sqlite:///{path}"), tmp_path, [])
    today = START
    for number, (kind, forward, back) in enumerate(steps):
        today += timedelta(days=forward)
        step(story, kind, today, back, number)
        check(story)
    story.record.close()
