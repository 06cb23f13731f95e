"""Keep the timescales of cases in step with their facts.

Met stays met as long as the fact that met it stands: a referral that is sent back makes its timescale owed again.
Missed is what something overtook before it was done; cancelled is what the facts no longer ask for.
A moved anchor is a new revision with a ladder of its own, computed under the policy in force that day; while the
anchor stands, the running ladder is left alone, whatever became of the policy.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from casework import problems
from casework.attendance_changes import keep_in_step
from casework.events import add_event, release_moved
from casework.facts.gather import Gathered, facts_of, gather
from casework.facts.problems import read_problems
from casework.facts.standing import standing
from casework.facts.whereabouts import last_recall, release_and_floor
from casework.pauses import end_overtaken
from casework.redating import follow_the_calendar
from casework.revisions import (
    Terms,
    adopt,
    follow,
    has_moved,
    has_other_numbers,
    lay,
    reopen,
    start_revision,
    stays_put_down,
)
from casework.same_duty import keep_what_was_renamed
from casework.spells import keep_spells
from models.audit import Change, append
from models.cases import Case, Problem
from models.obligations import Timescale
from models.record import policies, working_calendar
from models.take_on import begins_on
from policy.calendar import london_date, london_time
from policy.events import EventKind
from policy.facts import CaseFacts
from policy.kinds import KINDS, Kind
from policy.obligations.all import Owed, owed
from policy.subjects import Subject
from policy.vocabulary import FactKind, Location, State

# The stage under which questions about release dates are filed.
QUESTIONS = "pre_release"
NO_LONGER_OWED = "the facts no longer ask for it"


def refresh(
    session: Session,
    cases: Sequence[Case],
    as_at: datetime,
    actor: str,
    kinds: Collection[Kind] = KINDS,
    *,
    quiet: bool = False,
    lay_again: bool = False,
) -> dict[int, list[str]]:
    """Bring the timescales (of some kinds), the release date and the stage of open cases in step with their facts.

    ``quiet``: running ladders follow the policy in force too, and no rung whose moment has gone by is raised any more.
    ``lay_again``: ladders of which nothing has been raised are laid anew, since the area has another first day.
    Returns, by case id, a sentence for each timescale that changed. Appends one audit entry a changed case.
    """
    session.flush()
    ids = [case.id for case in cases]
    found = gather(session, ids)
    before = {case.id: {"release_date": case.release_date, "stage": case.stage} for case in cases}
    for case in cases:
        note_moved_release(session, case, found, as_at)
    changes, told = keep_in_step(session, cases, as_at), {}
    if changes:
        found = gather(session, ids)
    existing, settled = standing_timescales(session, ids)
    asked = problems.open_questions(session, QUESTIONS, [problem_subject(case) for case in cases])
    in_error: set[int] = set()
    for case in cases:
        case_facts = facts_of(case, found, as_at)
        if case_facts.closed and case_facts.opened_in_error:
            in_error.add(case.id)
        if ask_about_release(session, case, case_facts, asked.get(problem_subject(case)), as_at):
            found.problems[case.id] = read_problems(session, [case.id])[case.id]
            case_facts = facts_of(case, found, as_at)
        case.stage = standing(case, case_facts.referred)
        case.review_at = review_due_at(case_facts, as_at)
        case.end_at = end_due_at(case_facts)
        wanted = {(item.kind.value, item.subject): item for item in owed(case_facts) if item.kind in kinds}
        never = {key: wanted.pop(key).never_owed for key, item in list(wanted.items()) if item.never_owed}
        renamed = keep_what_was_renamed(session, case, wanted, existing[case.id], settled[case.id], london_date(as_at))
        bring_back(session, wanted, settled[case.id], existing[case.id])
        changed = reconcile(
            session, case, wanted, never, existing[case.id], as_at, kinds, quiet=quiet, lay_again=lay_again
        )
        told[case.id] = renamed + changed
        after = {"release_date": case.release_date, "stage": case.stage}
        if told[case.id] or before[case.id] != after:
            changes.append(
                Change(
                    f"case/{case.id}",
                    "timescales-refreshed",
                    case.reference,
                    before[case.id],
                    after | {"timescales": told[case.id]},
                )
            )
    session.flush()
    keep_spells(session, cases, found.sentences, found.measures.events, london_date(as_at), in_error=in_error)
    end_overtaken(session, ids, as_at)
    append(session, changes, actor=actor, at=as_at)
    return told


def ask_about_release(
    session: Session, case: Case, facts: CaseFacts, standing: Problem | None, as_at: datetime
) -> bool:
    """Put, or take back, the question about the release of a case; tell whether that changed anything."""
    questions = questions_of(facts)
    changed = bool(questions) is not (standing is not None)
    dates = [FactKind.RELEASE_DATE, FactKind.DATES_CHECK]
    problems.ask(session, QUESTIONS, problem_subject(case), case.id, questions, as_at, standing, dates)
    if changed:
        session.flush()
    return changed


def note_moved_release(session: Session, case: Case, found: Gathered, as_at: datetime) -> None:
    """Bring the release date of a case up to its sentences; write down that it was changed, whatever way that came.

    Police and probation are consulted then.
    """
    today = london_date(as_at)
    recalled_on = last_recall(found.measures.events[case.id])
    now, _ = release_and_floor(case, found.sentences[case.id], today, recalled_on)
    if release_moved(case, now, today):
        moved = {"from": str(case.release_date), "to": now and now.isoformat()}
        consulted_on = consulted_with(found.facts[case.id], as_at)
        kind = EventKind.RELEASE_DATE_CHANGED
        event = add_event(session, case, kind, today, as_at, moved, consulted_on=consulted_on)
        found.measures.events[case.id].append(event)
    case.release_date = now


def consulted_with(facts: Sequence[Any], as_at: datetime) -> date | None:
    """Return the day of the fact that is being recorded, if it changes a release date and tells of consultation."""
    changes = [fact for fact in facts if fact.kind == FactKind.RELEASE_DATE and fact.recorded_at == as_at]
    return next((fact.on_date for fact in reversed(changes) if fact.data.get("consulted")), None)


def end_due_at(facts: CaseFacts) -> datetime | None:
    """Return when the next end comes that nobody has decided on: the beginning of its day, gone by or not."""
    if facts.closed:
        return None
    open_ends = [ending.on for ending in facts.endings if ending.checked_on is None]
    return london_time(min(open_ends), time(0)) if open_ends else None


Key = tuple[str, Subject]
Standing = dict[int, dict[Key, Timescale]]
Settled = dict[int, dict[Key, tuple[int, str]]]
SETTLED = (State.MET, State.MISSED)


def standing_timescales(session: Session, case_ids: Sequence[int]) -> tuple[Standing, Settled]:
    """Return the timescales of cases that are not settled, locked, and (id, state) of those that are.

    Each by kind and subject. Settled is what was met or missed: a case with a history has many of them, and hardly
    ever is one owed again.
    """
    existing: Standing = defaultdict(dict)
    of_cases, is_settled = Timescale.case_id.in_(case_ids), Timescale.state.in_(SETTLED)
    locked = select(Timescale).where(of_cases, ~is_settled).order_by(Timescale.id).with_for_update()
    for timescale in session.scalars(locked):
        existing[timescale.case_id][timescale.kind, timescale.subject] = timescale
    settled: Settled = defaultdict(dict)
    columns = select(Timescale.case_id, Timescale.kind, Timescale.subject, Timescale.id, Timescale.state)
    for case_id, kind, subject, timescale_id, state in session.execute(columns.where(of_cases, is_settled)):
        settled[case_id][kind, subject] = (timescale_id, state)
    return existing, settled


def bring_back(
    session: Session,
    wanted: dict[Key, Owed],
    settled: dict[Key, tuple[int, str]],
    existing: dict[Key, Timescale],
) -> None:
    """Leave out what is settled and stays so; fetch what a fact that no longer stands, or a new one, unsettles."""
    for key in wanted.keys() & settled.keys():
        timescale_id, state = settled[key]
        if state == settled_as(wanted[key]):
            del wanted[key]
        else:
            existing[key] = session.get_one(Timescale, timescale_id, with_for_update=True)


def settled_as(item: Owed) -> State | None:
    """Return how the facts settle an obligation; None where it is still to be done."""
    if item.met_on is not None:
        return State.MET
    return State.MISSED if item.missed_on is not None else None


def problem_subject(case: Case) -> str:
    """Return how a question about a case is filed."""
    return f"case {case.id}"


def questions_of(facts: CaseFacts) -> list[str]:
    """Return what only a person can tell about a case before release."""
    if facts.eligible and facts.location is Location.CUSTODY and facts.release_date is None:
        return ["in custody, and no release date still to come is on record: record the next one with 'release-date'"]
    return []


def review_due_at(facts: CaseFacts, as_at: datetime) -> datetime | None:
    """Return when time alone may change what is owed: the day after the release date goes by.

    A person still in custody then has another release date; once the last known one has gone by, nothing
    changes any more until somebody records a fact.
    """
    if facts.release_date is None:
        return None
    when = london_time(facts.release_date + timedelta(days=1), time(0))
    return when if when > as_at else None


def reconcile(
    session: Session,
    case: Case,
    wanted: dict[Key, Owed],
    never: Mapping[Key, str | None],
    existing: dict[Key, Timescale],
    as_at: datetime,
    kinds: Collection[Kind],
    *,
    quiet: bool = False,
    lay_again: bool = False,
) -> list[str]:
    """Open, move, meet and cancel the timescales of one case; return a sentence for each change.

    ``never`` has why something was not owed after all, by what is known now.
    """
    today = london_date(as_at)
    policy = policies(session).for_area(case.area, today)
    terms = Terms(policy, working_calendar(session), begins_on(session, case.area), as_at if quiet else None)
    told = []
    for key, item in wanted.items():
        timescale = existing.get(key)
        if timescale is None:
            timescale = Timescale(
                case_id=case.id,
                kind=item.kind.value,
                subject=item.subject,
                revision=0,
                state=State.OPEN,
                opened_at=as_at,
            )
            told.append(start_revision(timescale, item, terms))
            session.add(timescale)
        elif settled_as(item) is None and not stays_put_down(timescale, item):
            # What is settled keeps the date by which it was due, whatever became of it since.
            if (
                timescale.state == State.MET
                or has_moved(timescale, item)
                or (quiet and has_other_numbers(timescale, item, terms))
            ):
                told += follow(timescale, item, terms)
            elif timescale.state in (State.CANCELLED, State.MISSED):
                told += reopen(timescale)
            told += follow_the_calendar(session, timescale, item, policy)
            adopt(timescale, item, terms)
            if lay_again:
                told += lay(timescale, item, terms)
        if (item.named or None) != timescale.named:
            timescale.named = item.named or None
        # A second event of its kind on its day gives the first a name that tells it from that one.
        timescale.label = item.label
        told += settle(timescale, item)
    for key, timescale in existing.items():
        if key[0] in kinds and key not in wanted and timescale.state in (State.OPEN, State.PAUSED):
            reason = never.get(key) or NO_LONGER_OWED
            timescale.state, timescale.reason, timescale.next_prompt_at = State.CANCELLED, reason, None
            told.append(f"{timescale.kind} cancelled: {reason}")
    return told


def settle(timescale: Timescale, item: Owed) -> list[str]:
    """Write that a timescale is met, or missed, where the facts say so; return the sentence that says it."""
    settled = settled_as(item)
    if settled is None or timescale.state == settled:
        return []
    timescale.state, timescale.next_prompt_at = settled, None
    if settled is State.MET:
        timescale.met_on, timescale.missed_on, timescale.reason = item.met_on, None, None
        return [f"{timescale.kind} met on {item.met_on}, due {timescale.due_on}"]
    timescale.met_on, timescale.missed_on, timescale.reason = None, item.missed_on, item.overtaken_by or None
    why = f": {item.overtaken_by}" if item.overtaken_by else ""
    return [f"{timescale.kind} missed on {item.missed_on}, due {timescale.due_on}{why}"]
