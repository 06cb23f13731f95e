"""Identification: what a person's sentences mean, and the one open case they belong to.

Source: Joint inspection 2015, 4.1, 4.3.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from casework import episodes, likeness, problems
from casework.events import note_release_by_file
from casework.facts.between_meetings import read_events
from casework.facts.ends import decided_ends, endings_of, held_by
from casework.facts.listings import listings
from casework.facts.registrations import running_registrations
from casework.facts.standing import governing, where_is
from casework.facts.whereabouts import moves_are_known, whereabouts
from casework.timescales import refresh
from models.audit import Change, append
from models.cases import Case, Problem
from models.orders import CourtOrder
from models.people import Person, Sentence
from models.record import policies, working_calendar
from models.registrations import Registration
from policy.calendar import london_date
from policy.categories import Decision, SentenceFacts
from policy.custody import Stay
from policy.eligibility import Assessment, Finding, OrderFacts, assess, held_by_orders, with_registered
from policy.kinds import Identification
from policy.numbers import Policy
from policy.obligations.endings import Held, kept
from policy.offences import Listing
from policy.vocabulary import Category, Disposal, FactKind, Location, OrderKind

STAGE = "identification"
# How the reason of a closure begins where the person has died.
DIED = "died"
SAME_NAMED = (
    "restriction_order",
    "term_months",
    "total_term_months",
    "victim_age",
    "offender_age_at_offence",
    "licence_expiry_date",
    "sentence_expiry_date",
    "order_end_date",
    "top_up_supervision_expiry_date",
    "notification_order",
    "shpo",
    "shpo_end_date",
    "notification_ended_on",
    "sentence_date",
    "offence_date",
    "offence_code",
)


@dataclass(frozen=True, slots=True)
class Identified:
    """What came of one sentence: ``opened`` names the case where this identification opened it."""

    sentence_id: int
    subject: str
    outcome: str
    detail: str
    case_id: int | None = None
    opened: bool = False


@dataclass(frozen=True, slots=True)
class Look:
    """One person looked at: the assessment, the case (new where ``opened``), the sentences that hold it."""

    person: Person
    assessment: Assessment
    case: Case | None
    opened: bool
    holding: Sequence[Sentence]
    policy: Policy
    known: dict[str, tuple[Listing, ...]]
    orders: Sequence[OrderFacts]
    registered: Sequence[Registration] = ()


def facts_of(sentence: Sentence, known: dict[str, tuple[Listing, ...]]) -> SentenceFacts:
    """Return a sentence as the rules see it."""
    return SentenceFacts(
        subject=str(sentence.id),
        listings=known.get(sentence.offence_code),
        disposal=Disposal(sentence.disposal),
        decisions=tuple(decision_of(one) for one in sentence.decisions or ()),
        **{name: getattr(sentence, name) for name in SAME_NAMED},
    )


def decision_of(kept_as: dict[str, Any]) -> Decision:
    """Return a person's decision as the rules see it (``Sentence.decisions``)."""
    category, about, until = kept_as["category"], kept_as["about"], kept_as["until"]
    return Decision(
        Category(category) if category else None,
        date.fromisoformat(until) if until else None,
        kept_as["reason"],
        Category(about) if about else None,
        kept_as["no_end"],
        date.fromisoformat(kept_as["on"]),
    )


def identify(session: Session, sentence_ids: Sequence[int], as_at: datetime, actor: str) -> list[Identified]:
    """Assess the people whose sentences wait, open or join their one open case, and set the timescales.

    Every sentence of a person is looked at together, since one may hold what another loses. What the
    rules cannot settle opens a case without a category and a question for a person.
    """
    people = session.scalars(
        select(Person)
        .where(Person.id.in_(select(Sentence.person_id).where(Sentence.id.in_(sentence_ids))))
        .options(selectinload(Person.sentences), selectinload(Person.cases))
        .order_by(Person.id)
        .with_for_update()
    ).all()
    for sentence in (s for person in people for s in person.sentences if s.withdrawn_on is not None):
        sentence.identify_at = None
    people = [person for person in people if person.standing or any(c.closed_on is None for c in person.cases)]
    known = listings(session, [s.offence_code for person in people for s in person.standing])
    references = episodes.References(session)
    orders = orders_on(session, [person.id for person in people])
    registered = running_registrations(session, [person.id for person in people], london_date(as_at))
    looked_at = [
        look_at(session, person, known, orders[person.id], registered[person.id], references, as_at)
        for person in people
    ]
    # One flush for the chunk gives every new case its id.
    session.flush()
    asked = problems.open_questions(session, STAGE, [problem_subject(person) for person in people])
    results: list[Identified] = []
    changes: list[Change] = []
    decided = decided_ends(session, [look.case.id for look in looked_at if look.case is not None])
    for first_look in looked_at:
        look = join_case(session, first_look, decided[first_look.case.id] if first_look.case else set(), as_at)
        results.extend(settle_person(session, look, asked, as_at))
        changes.append(audit_of(look))
    append(session, changes, actor=actor, at=as_at)
    session.flush()
    likeness.ask(session, people, as_at)
    touched = [look.case for look in looked_at if look.case is not None]
    refresh(session, touched, as_at, actor, [Identification.IDENTIFICATION])
    for case in touched:
        # What else the case makes owed is the pre-release flow's to work out, at its next turn.
        case.review_at = as_at
    return results


def follow_moves(session: Session, case: Case, as_at: datetime, actor: str) -> None:
    """Look at once at what a move changes in what holds a person: category 4 does not end while they are in custody."""
    if Category.TERRORIST not in {Category(number) for number, _ in case.holds}:
        return
    session.flush()
    identify(session, [sentence.id for sentence in case.person.standing], as_at, actor)


def orders_on(session: Session, person_ids: Sequence[int]) -> dict[int, list[OrderFacts]]:
    """Return the court orders on people, by person."""
    found: dict[int, list[OrderFacts]] = defaultdict(list)
    columns = select(CourtOrder.person_id, CourtOrder.kind, CourtOrder.ends_on, CourtOrder.starts_on)
    for person_id, kind, ends_on, starts_on in session.execute(columns.where(CourtOrder.person_id.in_(person_ids))):
        found[person_id].append(OrderFacts(OrderKind(kind), ends_on, starts_on))
    return found


def problem_subject(person: Person) -> str:
    """Return how a question about a person is filed: by number, since a CRN identifies somebody."""
    return f"person {person.id}"


def look_at(
    session: Session,
    person: Person,
    known: dict[str, tuple[Listing, ...]],
    orders: Sequence[OrderFacts],
    registered: Sequence[Registration],
    references: episodes.References,
    as_at: datetime,
) -> Look:
    """Assess one person, and open a case where something holds or is asked and none is open."""
    today = london_date(as_at)
    case = next((c for c in person.cases if c.closed_on is None), None)
    area = case.area if case else governing(person.standing).area
    policy = policies(session).for_area(area, today)
    registered = [row for row in registered if case is not None and row.case_id == case.id]
    assessment = assessed(session, person, case, known, orders, registered, policy, today)
    holding = [
        s
        for s, f in zip(person.standing, assessment.findings, strict=True)
        if f.questions or any(hold.current(today) for hold in f.holds)
    ]
    # A sentence of a closed case told again opens nothing: somebody decided on it. A new sentence is a new episode, and
    # so is a new question on an old one: no case was closed over it, unless the person has died.
    closed = {c.id for c in person.cases if c.closed_on is not None}
    died = any((c.closed_reason or "").startswith(DIED) for c in person.cases)
    opened = case is None and any(s.case_id not in closed for s in holding)
    opened = opened or (case is None and not died and bool(assessment.questions))
    if opened:
        case = episodes.taken_up_again(person.cases, holding, as_at)
        case = case or episodes.open_case(session, references, holding, as_at)
    return Look(person, assessment, case, opened, holding, policy, known, orders, registered)


def assessed(
    session: Session,
    person: Person,
    case: Case | None,
    known: dict[str, tuple[Listing, ...]],
    orders: Sequence[OrderFacts],
    registered: Sequence[Registration],
    policy: Policy,
    today: date,
) -> Assessment:
    """Return what a person's sentences and orders mean. Where the person has been is read only where it matters."""
    stays: tuple[Stay, ...] = ()
    sentences = [facts_of(s, known) for s in person.standing]
    if any(of_terrorism(one) for one in sentences):
        began = min((c.opened_on for c in person.cases), default=today)
        stays = where_of(session, person, case, began, today)
        sentences = [
            replace(one, moves_known=moves_are_known(row, stays, began))
            for one, row in zip(sentences, person.standing, strict=True)
        ]
    found = assess(person.date_of_birth, sentences, today, policy, orders, stays)
    return with_registered(found, (row.category for row in registered), policy)


def of_terrorism(sentence: SentenceFacts) -> bool:
    """Tell whether a sentence may give category 4, whose period does not run in custody (CTA 2008 s.53(7))."""
    by_law = any(one.schedule == "15" and one.part == "3" for one in sentence.listings or ())
    return by_law or any(one.category is Category.TERRORIST for one in sentence.decisions)


def where_of(session: Session, person: Person, case: Case | None, began: date, today: date) -> tuple[Stay, ...]:
    """Return where a person has been since the record of them began."""
    by_case = read_events(session, [c.id for c in person.cases if c.id is not None])
    moves = sorted((row for rows in by_case.values() for row in rows), key=lambda row: (row.on_date, row.id))
    now = where_is(governing(person.standing), today) if case is None else Location(case.location)
    return whereabouts(person.standing, moves, began, now, working_calendar(session))


def join_case(session: Session, look: Look, decided_on: set[date], as_at: datetime) -> Look:
    """Attach what holds a person to the case, and bring the case's particulars and categories up to it.

    Returns the look as it is then: the particulars may tell that the person has moved.
    """
    case, today = look.case, london_date(as_at)
    if case is None:
        return look
    joining = [sentence for sentence in look.holding if sentence.case_id != case.id]
    for sentence in joining:
        sentence.case_id = case.id
    joined = [s for s in look.person.standing if s.case_id == case.id]
    if joined:
        was = case.location
        placed = any(row.location for row in look.registered)
        episodes.take_over(case, joined, joining, today, placed=placed)
        note_release_by_file(session, case, was, as_at)
        if look.opened or case.location != was:
            anew = assessed(session, look.person, case, look.known, look.orders, look.registered, look.policy, today)
            look = replace(look, assessment=anew)
    before = case.holds
    set_categories(look, decided_on, today)
    if before and before != case.holds:
        take_back_ends(session, case, joined, as_at)
    return look


def take_back_ends(session: Session, case: Case, sentences: Sequence[Sentence], as_at: datetime) -> None:
    """Take back the questions about ends that are none any more: the end has moved."""
    waiting = {problems.end_subject(case.id, on) for _, on in endings_of(case, sentences)}
    for subject, standing in problems.questions_about_ends(session, case.id).items():
        if subject not in waiting:
            check = [FactKind.END_OF_SENTENCE_CHECK]
            problems.ask(session, problems.ENDS, subject, case.id, [], as_at, standing, check)


def set_categories(look: Look, decided_on: set[date], today: date) -> None:
    """Write the categories the rules give; a category 3 that people decided on stays beside them.

    A case that nothing holds any more keeps its category: ending it is a decision of the end-of-sentence
    check, never a side effect. What such a check has decided on does not come back by a file that tells it again.
    """
    case, holds = look.case, look.assessment.holds
    assert case is not None
    case.category_history = history_of_categories(look)
    present = [Held(hold.category, hold.until) for hold in holds]
    case.holds = [
        [int(one.category), one.until and one.until.isoformat()] for one in kept(held_by(case), present, today)
    ]
    lasting = next((hold for hold in holds if hold.until is None and hold.since is not None), None)
    # One that a review ended stays on record, as what was owed of it has been met.
    if lasting is not None or all(one.notification_ended_on is None for one in look.person.standing):
        case.notification_from = lasting.since if lasting else None
        case.notification_young = lasting is not None and lasting.young
    running = [hold for hold in holds if hold.until is None or hold.until not in decided_on]
    if not running:
        return
    by_people = {Category.OTHER_DANGEROUS} if Category.OTHER_DANGEROUS in case.categories else set()
    categories = {hold.category for hold in running}
    case.category = min(categories, key=look.policy.eligibility.primary_order.index)
    case.categories = sorted(int(category) for category in categories | by_people)
    ends = [hold.until for hold in running]
    case.eligible_until = None if by_people or None in ends else max(end for end in ends if end)


def history_of_categories(look: Look) -> list[list[Any]]:
    """Return the categories that the sentences of a case and the orders ever gave: [category, since, until]."""
    assert look.case is not None
    found = {
        (int(hold.category), sentence.sentence_date, hold.until)
        for sentence, finding in zip(look.person.standing, look.assessment.findings, strict=True)
        for hold in finding.holds
        if sentence.case_id == look.case.id
    }
    for order in look.orders:
        if order.starts_on is not None:
            found |= {(int(hold.category), order.starts_on, hold.until) for hold in held_by_orders([order])}
    in_order = sorted(found, key=lambda one: (one[0], one[1], one[2] or date.max))
    return [[number, since.isoformat(), until and until.isoformat()] for number, since, until in in_order]


def settle_person(session: Session, look: Look, asked: dict[str, Problem], as_at: datetime) -> list[Identified]:
    """Write each sentence's outcome, put the questions to a person, and say what came of each."""
    today, case, assessment = london_date(as_at), look.case, look.assessment
    results = []
    for sentence, finding in zip(look.person.standing, assessment.findings, strict=True):
        waited = sentence.identify_at is not None
        outcome, reason = outcome_of(finding, today)
        sentence.outcome, sentence.outcome_reason, sentence.identify_at = outcome, reason[:500], None
        asks = [[one.category and int(one.category), one.words] for one in finding.questions]
        sentence.questions = asks or None
        if finding.settled:
            sentence.identified_on = sentence.identified_on or today
        if waited:
            # A person without a case has no reference to show, so the sentence's own number stands for it.
            subject = case.reference if case is not None else f"sentence {sentence.id}"
            results.append(
                Identified(
                    sentence.id,
                    subject,
                    outcome,
                    "" if case else "no category holds",
                    case.id if case else None,
                    look.opened,
                )
            )
    # Nobody is asked about a person who has died; anyone else of whom something is asked has a case.
    questions, answers = list(assessment.questions) if case else [], [FactKind.IDENTIFICATION]
    if case is not None and not assessment.holds and not assessment.questions and case.category not in (None, 3):
        questions.append("no category holds any more by the dates on record: end-of-sentence check")
        answers = [FactKind.END_OF_SENTENCE_CHECK]
    subject = problem_subject(look.person)
    problems.ask(session, STAGE, subject, case.id if case else None, questions, as_at, asked.get(subject), answers)
    return results


def outcome_of(finding: Finding, today: date) -> tuple[str, str]:
    """Return the outcome of a sentence on a day and why, in words for a person."""
    current = [hold for hold in finding.holds if hold.current(today)]
    if current:
        return "eligible", "; ".join(f"category {h.category.value}: {h.because}" for h in current)
    if finding.questions:
        return "undecided", "; ".join(one.words for one in finding.questions)
    if finding.holds:
        return "ended", "; ".join(f"category {h.category.value} ended on {h.until}" for h in finding.holds)
    return "not_eligible", "in neither schedule with a qualifying disposal"


def audit_of(look: Look) -> Change:
    """Return the audit entry of an identification."""
    after = {
        "categories": [int(c) for c in look.assessment.categories],
        "eligible_until": look.assessment.eligible_until,
        "questions": list(look.assessment.questions),
        "sentences": {s.id: s.outcome for s in look.person.standing},
    }
    if look.case is None:
        return Change(f"person/{look.person.id}", "identified", problem_subject(look.person), after=after)
    action = "case-opened" if look.opened else "identified"
    return Change(f"case/{look.case.id}", action, look.case.reference, after=after)
