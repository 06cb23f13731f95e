"""A caseload that lives: invented people answer, the same for the same seed, whatever the ticking."""

import json
import shutil
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session, undefer

from casework.loading import load_directory, load_sentences
from models.audit_seals import verify
from models.cases import Case, Draft, Fact, Problem
from models.disclosures import Disclosure
from models.events import CustodyEvent
from models.meetings import Absence, Action, Meeting, Participant
from models.obligations import Prompt, Timescale
from models.people import Person
from models.plans import PlanVersion
from models.record import Record
from models.referrals import Referral
from policy.calendar import london_date
from policy.subjects import row
from policy.vocabulary import Attendance
from sample.answers import Answering, read_rates
from sample.answers.open_things import Open, open_things
from sample.answers.plans import Planner
from sample.area import write_area
from sample.simulate import Simulated, Span, simulate
from tests.support.opened import opened, with_mail_in
from tests.support.story import at

pytestmark = pytest.mark.slow

FIRST, LAST = date(2026, 3, 2), date(2026, 9, 1)
OUTAGE = Span(date(2026, 4, 13), date(2026, 4, 26))
SEED = 11
# A small area in which enough happens for shares to be looked at.
LIVELY = """
[caseload]
level_2 = { share = 0.6 }
level_3 = { share = 0.2 }
[referral]
referred = { share = 0.6 }
incomplete = { share = 0.4 }
domestic_abuse = { share = 0.6 }
personality_disorder = { share = 0.5 }
victim_elsewhere = { share = 0.6 }
other_area = { share = 0.5 }
general_practice = { share = 0.6 }
employment_restrictions = { share = 0.5 }
[incident]
happens = { share = 0.3 }
[deciding]
disclose = { share = 0.7 }
disclosure_approved_there = { share = 0.5 }
[disclosure]
made = { share = 0.6 }
[happening]
transfer = { share = 0.6 }
recall = { share = 0.3 }
absconded = { share = 0.3 }
foreign_travel = { share = 1.0 }
polygraph = { share = 1.0 }
drug_test = { share = 1.0 }
curfew_violation = { share = 1.0 }
tag_violation = { share = 1.0 }
[event]
test_not_clear = { share = 0.6 }
[absence]
another_route = { share = 1.0 }
[housing]
otherwise = { share = 0.6 }
[visit]
otherwise = { share = 0.2 }
[status_told]
otherwise = { share = 0.2 }
[own_views]
otherwise = { share = 0.2 }
"""


@pytest.fixture(scope="module")
def loaded(tmp_path_factory: pytest.TempPathFactory, sqlite_template: Path) -> Path:
    """An invented area of forty people, loaded the evening before the half-year begins."""
    folder = tmp_path_factory.mktemp("answers")
    path = folder / "record.db"
    shutil.copy(sqlite_template, path)
    record = opened(f"sqlite:///{path}")
    files = write_area(folder, today=FIRST, people=40)
    load_directory(record, files.directory, as_at=at("2026-03-01", 18), actor="t")
    load_sentences(record, files.sentences, as_at=at("2026-03-01", 18), actor="t")
    record.close()
    return path


@pytest.fixture(scope="module")
def lively(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Rates at which a small area sees many meetings."""
    path = tmp_path_factory.mktemp("rates") / "lively.toml"
    path.write_text(LIVELY, encoding="utf-8")
    return path


@contextmanager
def mail_in(folder: Path) -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("MAPPA_MAIL_FOLDER", str(folder))
        yield


Lived = tuple[Record, Simulated]


@pytest.fixture(scope="module")
def live(loaded: Path, lively: Path, tmp_path_factory: pytest.TempPathFactory) -> Callable[..., Lived]:
    """Simulate spans on a copy of the area, each span begun anew on the record."""

    def run(*spans: Span, every: str = "day", outage: Span | None = None, seed: int = SEED) -> Lived:
        folder = tmp_path_factory.mktemp("run")
        shutil.copy(loaded, folder / "record.db")
        record = with_mail_in(opened(f"sqlite:///{folder}/record.db"), folder / "mail")
        result = None
        for span in spans:
            answering = Answering(record, seed, read_rates(lively))
            result = simulate(record, span, every, outage, answering=answering)  # type: ignore[arg-type]
        assert result is not None
        return record, result

    return run


@pytest.fixture(scope="module")
def half_year(live: Callable[..., Lived]) -> Lived:
    return live(Span(FIRST, LAST))


def test_what_is_told_at_once_is_told_on_the_day_on_which_it_was_recorded(half_year: Lived) -> None:
    """People record at 16:00, and the clock beats after it: nobody reads that what came at once comes late."""
    record, _ = half_year
    query = select(Prompt.raised_at, Prompt.rung_on, Timescale.opened_at).join_from(Prompt, Timescale)
    query = query.where(Prompt.rung == "at once", Prompt.revision == 1)
    with record.reading() as session:
        told = [(london_date(raised), max(on, london_date(opened))) for raised, on, opened in session.execute(query)]
    assert len(told) > 20
    assert [(raised, wanted) for raised, wanted in told if raised != wanted] == []


def facts(record: Record, until: date = LAST) -> list[tuple[str, str, date, str]]:
    """Return (person, kind, day, form) of every fact recorded until a day, in whatever order cases came."""
    query = select(Person.crn, Fact.kind, Fact.on_date, Fact.data, Fact.recorded_at).select_from(Fact)
    with record.reading() as session:
        rows = session.execute(query.join(Case).join(Person))
        return sorted(
            (crn, kind, on, json.dumps(data, sort_keys=True))
            for crn, kind, on, data, recorded_at in rows
            if london_date(recorded_at) <= until
        )


def decisions(record: Record) -> Counter[tuple[str, str, str]]:
    """Return how often each decision stands: person, kind, and what it is about, without its day."""

    def about(kind: str, data: dict[str, Any]) -> str:
        names = ("meeting", "action", "agency", "agencies", "step", "how", "level", "decision", "outcome", "state")
        told = {name: data[name] for name in names if name in data}
        if kind == "meeting":
            told |= {"decided": data["level_decision"]["level"], "actions": len(data["actions"])}
        return json.dumps(told, sort_keys=True)

    return Counter((crn, kind, about(kind, json.loads(data))) for crn, kind, _, data in facts(record))


def test_nothing_is_refused_but_what_was_meant_to_be(half_year: Lived) -> None:
    record, result = half_year
    assert result.answers is not None
    assert result.answers.unexpected == []
    assert result.answers.refused == 0
    assert result.answers.refused_as_meant > 0
    assert not any(result.failed.values())
    with record.reading() as session:
        drafts = session.scalars(select(Draft)).all()
        assert len(drafts) == result.answers.refused_as_meant
        assert {draft.kind for draft in drafts} == {"action-outcome"}
        assert all("says only that it was done" in " ".join(draft.reasons) for draft in drafts)
        # What was told without an outcome is told again with one, but for the last of the half-year.
        assert sum(draft.settled_at is None for draft in drafts) <= 2
        assert list(verify(session)) == []


def test_half_a_year_has_all_that_a_caseload_lives_through(half_year: Lived) -> None:
    record, result = half_year
    assert result.answers is not None
    kinds = result.answers.facts
    for kind in ("prison-notice", "referral", "screening", "level", "level-1-review", "circumstances", "meeting-plan",
                 "meeting-move", "meeting", "minutes", "visor-posting", "action-outcome", "action-acceptance",
                 "attendance-contact", "attendance-report", "incident", "plan", "disclosure-approval",
                 "disclosure-outcome", "custody-event", "event-review", "victim-update", "visor-partner"):  # fmt: skip
        assert kinds[kind] > 0, kind
    assert kinds.total() == len(facts(record))
    assert result.answers.meetings_held == kinds["meeting"] > 20
    with record.reading() as session:
        assert result.answers.absences == session.scalar(select(func.count(Absence.id)))
        letters = select(func.count(Prompt.id)).where(Prompt.recipient_role == "smb_chair")
        assert result.answers.escalations_to_smb_chair == session.scalar(letters) > 0


# The needs of the sources that people answer, each by its kind of fact and, of some, by what it tells.
LIVED: dict[str, tuple[str, ...]] = {
    "prison-report": (),
    "licence-conditions": (),
    "accommodation": ("dwelling approved_premises", "dwelling none_found"),
    "jobcentre-notice": (),
    "first-notification": (),
    "neighbourhood-told": (),
    "foreign-travel": (),
    "travel-return": (),
    "missing-decision": (),
    "visit": ("announced True", "announced False", "seen False"),
    "custody-event": ("event curfew_violation", "result not_clear", "event absconded"),
    "status-told": ("told in_writing", "told not_told"),
    "own-views": ("answer said", "answer wrote", "answer declined", "answer not_asked"),
    "visor-record": (),
    "conference": ("which marac", "which child_protection"),
    "risk-assessment": ("tool sara",),
    "circumstances": ("victim_area Eastmere", "other_area Eastmere"),
    "attendance-report": ("how another_route",),
    "plan-confirmed": (),
}


def test_the_invented_people_live_what_the_sources_ask_for(half_year: Lived) -> None:
    """Each need of the sources happens at least once, so that the sample area shows it."""
    told: dict[str, set[str]] = {kind: set() for kind in LIVED}
    for _, kind, _, data in facts(half_year[0]):
        if kind in told:
            told[kind] |= {
                f"{name} {value}" for name, value in json.loads(data).items() if isinstance(value, str | bool)
            }
    missing = [kind for kind, said in told.items() if not said]
    missing += [f"{kind}: {one}" for kind, wanted in LIVED.items() for one in wanted if one not in told[kind]]
    assert not missing, missing
    with half_year[0].reading() as session:
        roles = {(one.agency, one.role) for one in session.scalars(select(Participant))}
        assert any(role == "Stands in" for _, role in roles)
        assert ("mappa_unit", "Coordinator, Eastmere") in roles
        assert {"psychology", "domestic_abuse_service"} <= {agency for agency, _ in roles}


def test_the_same_seed_gives_the_same_facts_and_another_gives_others(
    live: Callable[..., Lived], half_year: Lived
) -> None:
    """Weeks lived again, beside the same weeks of the half-year: it changes nothing either on which day it ends."""
    weeks = Span(FIRST, FIRST + timedelta(days=55))
    again = facts(live(weeks)[0])
    assert len(again) > 100
    assert again == facts(half_year[0], weeks.last)
    fortnight = Span(FIRST, FIRST + timedelta(days=13))
    assert facts(live(fortnight, seed=12)[0]) != facts(half_year[0], fortnight.last) != []


def test_an_outage_of_the_clock_changes_no_decision(live: Callable[..., Lived], half_year: Lived) -> None:
    """People record while the clock stands still; what the clock prepares for them comes later."""
    broken, _ = live(Span(FIRST, LAST), outage=OUTAGE)
    assert decisions(broken) == decisions(half_year[0])


def test_an_hourly_clock_changes_no_fact(live: Callable[..., Lived], half_year: Lived) -> None:
    weeks = Span(FIRST, FIRST + timedelta(days=27))
    hourly = facts(live(weeks, every="hour")[0])
    assert hourly
    assert hourly == facts(half_year[0], weeks.last)


def test_a_simulation_taken_up_again_comes_to_the_same_facts(live: Callable[..., Lived], half_year: Lived) -> None:
    first, then = Span(FIRST, date(2026, 5, 3)), Span(date(2026, 5, 4), date(2026, 6, 28))
    in_two, _ = live(first, then)
    assert len(facts(in_two)) > len(facts(in_two, first.last)) + 100
    assert facts(in_two) == facts(half_year[0], then.last)


@pytest.mark.parametrize(
    ("kind", "in_time"),
    [
        ("referral", 0.67),  # Joint inspection 2015, 4.11: two-thirds of referrals in custody in time
        ("screening_decision", 0.8),  # 4.8: four-fifths within ten days
        ("minutes", 0.9),  # 5.37: generally timely
        ("visor_posting", 0.33),  # 5.37: two-thirds posted late
        ("action", 0.88),  # 5.12: nearly all
        ("plan_update", 0.8),
        ("disclosure", 0.8),
        ("event_review", 0.8),
        ("visor_partner", 0.75),
        ("victim_update", 0.8),
    ],
)
def test_plans_keep_to_the_rates(kind: str, in_time: float, half_year: Lived) -> None:
    planner = Planner(SEED, read_rates(), Answering(half_year[0], SEED).planner.calendar)
    due = date(2026, 6, 30)
    many = [Open(n, f"X{n:06d}", "probation", kind, row(n), "", due, due, date(2026, 1, 5)) for n in range(4000)]
    plans = [steps for of in many if (steps := planner.steps(of))]
    early = sum(steps[-1].on <= due for steps in plans if steps[-1].what != "no_outcome")
    never = 1 if kind == "referral" else len(plans) / len(many)
    assert early / len(plans) * never == pytest.approx(in_time, abs=0.05)


def test_people_answer_roughly_at_their_rates(half_year: Lived) -> None:
    with half_year[0].reading() as session:
        assert on_time(session, "visor_posting") < 0.5 < on_time(session, "minutes")
        came = attended(session)
        assert came["police"] > 0.9
        assert came["neighbourhood_policing"] < 0.65
        complete = session.scalars(select(Referral.complete)).all()
        assert set(complete) == {True, False}


def on_time(session: Session, kind: str) -> float:
    met = session.execute(
        select(Timescale.met_on, Timescale.due_on).where(Timescale.kind == kind, Timescale.met_on.is_not(None))
    ).all()
    return sum(on <= due for on, due in met) / len(met)


def attended(session: Session) -> dict[str, float]:
    counted: dict[str, list[bool]] = {}
    query = select(Participant.agency, Participant.status).where(Participant.status.is_not(None), Participant.required)
    for agency, status in session.execute(query):
        counted.setdefault(agency, []).append(status == Attendance.ATTENDED)
    return {agency: sum(came) / len(came) for agency, came in counted.items()}


def test_nothing_is_copied_forward_without_somebody_who_confirms_it(half_year: Lived) -> None:
    with half_year[0].reading() as session:
        confirmed = [m for m in session.scalars(select(Meeting)) if m.record and m.record["carried_forward"]]
        assert confirmed
        for action in session.scalars(select(Action).where(Action.agency == "police")):
            assert action.meeting.case.police_offender_manager


def test_a_disclosure_has_two_pairs_of_eyes(half_year: Lived) -> None:
    with half_year[0].reading() as session:
        disclosures = session.scalars(select(Disclosure)).all()
        approved = [one for one in disclosures if one.approved_by is not None]
        assert len(approved) > 5
        assert all(one.approved_by != one.proposed_by for one in disclosures)
        assert any(one.approved_on is not None and one.approved_on > one.proposed_on for one in approved)
        assert {one.state for one in disclosures} >= {"made", "not_made"}


def test_plans_are_written_anew_and_what_stands_is_confirmed(half_year: Lived) -> None:
    with half_year[0].reading() as session:
        versions = session.scalars(select(PlanVersion).options(undefer(PlanVersion.content))).all()
        later = [one.content for one in versions if one.version > 1]
        assert any(content["carried_forward"] for content in later)
        assert any(not content["carried_forward"] for content in later)
        visits = [visit for one in versions for visit in one.content["visits"]]
        assert {visit["announced"] for visit in visits} == {True, False}
        assert all(one.content["licence_conditions"] or one.content["orders"] or one.content["no_conditions_because"]
                   for one in versions)  # fmt: skip


def test_people_leave_custody_by_the_day_of_their_release(half_year: Lived) -> None:
    with half_year[0].reading() as session:
        released = session.scalars(select(CustodyEvent).where(CustodyEvent.kind == "release")).all()
        assert released
        held = session.scalars(select(Case).where(Case.location == "custody", Case.closed_on.is_(None))).all()
        assert all(case.release_date is None or case.release_date >= LAST for case in held)


def test_a_case_answers_alike_whoever_else_is_on_record(half_year: Lived) -> None:
    planner = Answering(half_year[0], SEED).planner
    with half_year[0].reading() as session:
        waiting = list(open_things(session, None))
        some = waiting[0]
        alone = list(open_things(session, None, [some.case_id]))
    assert some in alone
    plans = {of.key: planner.steps(of) for of in waiting}
    assert all(planner.steps(of) == plans[of.key] for of in alone)
    other = Planner(SEED + 1, planner.rates, planner.calendar)
    assert any(other.steps(of) != plans[of.key] for of in waiting)


def test_questions_are_answered_by_what_they_name_most_of_them_in_time(half_year: Lived) -> None:
    """As the rates of an answer say: 85 % within the time, 3 % never, the others late."""
    record, _ = half_year
    by_a_person = {"identification", "release-date", "plan"}
    with record.reading() as session:
        asked = {one.id: one for one in session.scalars(select(Problem)) if by_a_person & set(one.answered_by)}
        duties = session.scalars(select(Timescale).where(Timescale.kind == "question")).all()
        due = [one for one in duties if one.subject.row_id in asked and one.due_on < LAST - timedelta(days=14)]
        met = [one for one in due if one.state == "met"]
    assert len(due) >= 5
    assert {kind for one in due for kind in asked[one.subject.row_id].answered_by} >= {"identification", "plan"}
    assert len(met) >= 0.8 * len(due)
    assert sum(one.met_on is not None and one.met_on <= one.due_on for one in met) >= 0.6 * len(due)
