"""Keep the timescales of cases in step with their facts.

Met stays met. A moved anchor is a new revision with a ladder of its own, computed under the policy in
force that day; while the anchor stands, the running ladder is left alone, whatever became of the policy.
"""

from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from casework import episodes, problems
from models.audit import Change, append
from models.cases import Case, Fact
from models.obligations import Timescale
from models.people import Sentence
from models.record import policies, working_calendar
from policy.calendar import london_date, london_moment
from policy.ladders import Step
from policy.numbers import Policy
from policy.release import DATE_NAMES, ReleaseDates, release_date
from policy.timescales import CaseFacts, IdentificationFact, Owed, due_and_ladder, owed
from policy.vocabulary import FactKind, Kind, Level, Location, State

# The stage under which questions about release dates are filed.
QUESTIONS = "pre_release"
NO_LONGER_OWED = "the facts no longer ask for it"


def refresh(
    session: Session, cases: Sequence[Case], as_at: datetime, actor: str, kinds: Collection[Kind] = tuple(Kind)
) -> dict[int, list[str]]:
    """Bring the timescales (of some kinds), the release date and the stage of open cases in step with their facts.

    Returns, by case id, a sentence for each timescale that changed. Appends one audit entry a changed case.
    """
    session.flush()
    ids = [case.id for case in cases]
    sentences: dict[int, list[Sentence]] = defaultdict(list)
    for sentence in session.scalars(select(Sentence).where(Sentence.case_id.in_(ids)).order_by(Sentence.id)):
        sentences[sentence.case_id or 0].append(sentence)
    facts: dict[int, list[Fact]] = defaultdict(list)
    for fact in session.scalars(select(Fact).where(Fact.case_id.in_(ids)).order_by(Fact.on_date, Fact.id)):
        facts[fact.case_id].append(fact)
    existing: dict[int, dict[tuple[str, str], Timescale]] = defaultdict(dict)
    for timescale in session.scalars(select(Timescale).where(Timescale.case_id.in_(ids)).with_for_update()):
        existing[timescale.case_id][timescale.kind, timescale.subject] = timescale
    asked = problems.open_questions(session, QUESTIONS, [subject_of(case) for case in cases])
    changes, told = [], {}
    for case in cases:
        before = {"release_date": case.release_date, "stage": case.stage}
        case_facts = facts_of(case, sentences[case.id], facts[case.id], as_at)
        case.release_date = case_facts.release_date
        case.stage = episodes.standing(case, case_facts.referred_on is not None)
        case.review_at = review_moment(case_facts, as_at)
        told[case.id] = reconcile(session, case, case_facts, existing[case.id], as_at, kinds)
        subject = subject_of(case)
        problems.ask(session, QUESTIONS, subject, case.id, questions_of(case_facts), as_at, asked.get(subject))
        after = {"release_date": case.release_date, "stage": case.stage}
        if told[case.id] or before != after:
            changes.append(
                Change(
                    f"case/{case.id}",
                    "timescales-refreshed",
                    case.reference,
                    before,
                    after | {"timescales": told[case.id]},
                )
            )
    session.flush()
    append(session, changes, actor=actor, at=as_at)
    return told


def subject_of(case: Case) -> str:
    """Return how a question about a case is filed."""
    return f"case {case.id}"


def facts_of(case: Case, sentences: Sequence[Sentence], facts: Sequence[Fact], as_at: datetime) -> CaseFacts:
    """Return what the rules need to know of a case.

    Of several custodial sentences the one that ends custody last governs: its release date, its floor.
    """
    today = london_date(as_at)
    custodial = [s for s in sentences if s.disposal in episodes.CUSTODIAL] or list(sentences)
    floor = max((s.sentence_date for s in custodial), default=case.opened_on)
    release: date | None = None
    if case.location == Location.CUSTODY:
        dated = [(release_date(release_dates(s), today, case.release_date), s.sentence_date) for s in custodial]
        known = [(found, sentenced) for found, sentenced in dated if found is not None]
        if known:
            release, floor = max(known)
    first = {kind: next((f.on_date for f in facts if f.kind == kind), None) for kind in FactKind}
    return CaseFacts(
        location=Location(case.location),
        eligible=case.category is not None,
        sentence_date=floor,
        release_date=release,
        identifications=tuple(IdentificationFact(str(s.id), s.sentence_date, s.identified_on) for s in sentences),
        prison_notified_on=first[FactKind.PRISON_NOTICE],
        referred_on=first[FactKind.REFERRAL],
        level=None if case.level is None else Level(case.level),
        level_set_on=case.level_set_on,
    )


def release_dates(sentence: Sentence) -> ReleaseDates:
    """Return the release dates of a sentence as the rules see them."""
    return ReleaseDates(**{name: getattr(sentence, name) for name in DATE_NAMES})


def questions_of(facts: CaseFacts) -> list[str]:
    """Return what only a person can tell about a case before release."""
    if facts.eligible and facts.location is Location.CUSTODY and facts.release_date is None:
        return ["in custody, and no release date still to come is on record: record the next one with 'release-date'"]
    return []


def review_moment(facts: CaseFacts, as_at: datetime) -> datetime | None:
    """Return when time alone may change what is owed: the day after the release date goes by.

    A person still in custody then has another release date; once the last known one has gone by, nothing
    changes any more until somebody records a fact.
    """
    if facts.release_date is None:
        return None
    moment = london_moment(facts.release_date + timedelta(days=1), time(0))
    return moment if moment > as_at else None


def reconcile(
    session: Session,
    case: Case,
    facts: CaseFacts,
    existing: dict[tuple[str, str], Timescale],
    as_at: datetime,
    kinds: Collection[Kind],
) -> list[str]:
    """Open, move, meet and cancel the timescales of one case; return a sentence for each change."""
    today = london_date(as_at)
    policy = policies(session).for_area(case.area, today)
    told = []
    wanted = {(item.kind.value, item.subject): item for item in owed(facts) if item.kind in kinds}
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
            told.append(start_revision(session, timescale, item, policy))
            session.add(timescale)
        elif timescale.state == State.MET:
            continue
        elif timescale.anchor_on != item.anchor:
            told.append(start_revision(session, timescale, item, policy))
        elif timescale.state == State.CANCELLED:
            timescale.state, timescale.reason = State.OPEN, None
            timescale.next_prompt_at = moment_of_rung(timescale)
            told.append(f"{timescale.kind} is owed again, due {timescale.due_on}")
        if item.met_on is not None and timescale.state != State.MET:
            timescale.state, timescale.met_on, timescale.next_prompt_at = State.MET, item.met_on, None
            told.append(f"{timescale.kind} met on {item.met_on}, due {timescale.due_on}")
    for key, timescale in existing.items():
        if key[0] in kinds and key not in wanted and timescale.state == State.OPEN:
            timescale.state, timescale.reason, timescale.next_prompt_at = State.CANCELLED, NO_LONGER_OWED, None
            told.append(f"{timescale.kind} cancelled: {NO_LONGER_OWED}")
    return told


def start_revision(session: Session, timescale: Timescale, item: Owed, policy: Policy) -> str:
    """Give a timescale its (new) due date and a fresh ladder; return a sentence that says so."""
    calendar = working_calendar(session)
    was = timescale.due_on
    due, steps = due_and_ladder(item, policy, calendar)
    rule = policy.timescales[item.kind]
    timescale.revision += 1
    timescale.anchor_on, timescale.due_on = item.anchor, due
    timescale.owner_role, timescale.owner_agency = rule.owner.value, str(rule.owner_agency)
    timescale.ladder, timescale.next_rung = [snapshot(step) for step in steps], 0
    timescale.policy_version, timescale.calendar_version = policy.version, calendar.version
    timescale.state, timescale.reason = State.OPEN, None
    timescale.next_prompt_at = moment_of_rung(timescale)
    if timescale.revision == 1:
        return f"{timescale.kind} due {due}"
    return f"{timescale.kind} moved from {was} to {due}, revision {timescale.revision}"


def snapshot(step: Step) -> dict[str, Any]:
    """Return a rung as it is kept in the record: plain values, the moment in UTC."""
    return {
        "rung": step.rung,
        "on": step.on.isoformat(),
        "at": step.at.isoformat(),
        "to": list(step.to),
        "weight": step.weight.value,
    }


def moment_of_rung(timescale: Timescale) -> datetime | None:
    """Return when the next rung of a timescale goes out; None when the ladder is climbed."""
    if timescale.next_rung >= len(timescale.ladder):
        return None
    return datetime.fromisoformat(timescale.ladder[timescale.next_rung]["at"])
