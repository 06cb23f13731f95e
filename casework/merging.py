"""Two records of one person: the one is folded into the other, and parted from it again.

What was recorded of the other person goes on under the case that is kept: the rows change hands, with their numbers
after those that stand there. What both told alike (a recall of one day, an order, a sentence) stays where it is, and
counts once. The other case is closed, and says into which it went; its trail stays as it is.
"""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

from sqlalchemy import delete, func, select, update

from casework.change import CaseChange
from casework.episodes import stand_by_registrations
from casework.facts.registrations import running_registrations
from casework.identification import identify
from casework.levels import set_level
from casework.spells import drop_spells
from casework.timescales import refresh
from models.base import Base
from models.cases import Case, Fact
from models.disclosures import Disclosure
from models.events import CustodyEvent
from models.meetings import Absence, Action, Meeting
from models.merges import Merge
from models.obligations import Timescale
from models.orders import CourtOrder
from models.pauses import Pause
from models.people import Person, Sentence
from models.plans import ContactChange, PlanVersion
from models.referrals import LevelSpell, Referral
from models.registrations import Registration, ReportedEvent
from models.transfers import AreaTransfer
from policy.vocabulary import Category, State

PLAIN: tuple[Any, ...] = (Fact, Absence, ContactChange, LevelSpell, Referral)
NUMBERED: tuple[Any, ...] = (Meeting, Action, Disclosure, AreaTransfer)
# What both cases may tell of the same day, and what says that it is the same.
TOLD_ALIKE: tuple[tuple[Any, tuple[str, ...]], ...] = (
    (CustodyEvent, ("kind", "on_date")),
    (CourtOrder, ("kind", "starts_on")),
)
# What files told of a person, whichever case it is of, and what says that two tell the same.
OF_A_PERSON: tuple[tuple[Any, tuple[str, ...]], ...] = (
    (Registration, ("starts_on", "category", "level")),
    (ReportedEvent, ("kind", "on_date")),
)
BY_TABLE: dict[str, Any] = {
    model.__tablename__: model
    for model in (
        *PLAIN,
        *NUMBERED,
        *(model for model, _ in (*TOLD_ALIKE, *OF_A_PERSON)),
        *(PlanVersion, Timescale, Pause, Sentence),
    )
}
SAYS_OF_ITSELF = (
    "category", "categories", "holds", "eligible_until", "level", "level_set_on", "restricted", "circumstances",
    "stage", "opened_on",
)  # fmt: skip
SAID_BY_PEOPLE = ("restricted", "circumstances")
SENTENCE_KEY = ("offence_code", "sentence_date", "offence_date_key")


def fold(change: CaseChange, other: Person, other_case: Case | None, on: date) -> Merge:
    """Make ``other`` and the person of the change one, under the case of the change."""
    kept = change.case
    merge = Merge(case_id=kept.id, other_person_id=other.id, merged_on=on, moved={}, before={"kept": as_it_is(kept)})
    if other_case is not None:
        merge.other_case_id, merge.before = other_case.id, merge.before | {"other": as_it_is(other_case)}
        merge.moved = hand_over(change, other_case)
        added = bring_together(change, other_case, on)
        merge.before |= {"added_level": added, "merged": as_it_is(kept)}
        close(change, other_case, on)
    merge.moved |= {"sentence": hand_over_sentences(change, other, on)}
    merge.moved |= hand_over_told(change, other, other_case)
    other.merged_into_id = change.person.id
    change.session.add(merge)
    change.session.flush()
    look_anew(change, change.person)
    stand_by_what_runs(change)
    return merge


def as_it_is(case: Case) -> dict[str, Any]:
    """Return what a case says of itself, in plain values."""
    values = {name: getattr(case, name) for name in SAYS_OF_ITSELF}
    return {name: value.isoformat() if isinstance(value, date) else value for name, value in values.items()}


def hand_over(change: CaseChange, other: Case) -> dict[str, list[list[Any]]]:
    """Give what stands on another case to the case of the change; return what changed hands, each [id, number]."""
    moved: dict[str, list[list[Any]]] = {}
    for model in PLAIN:
        moved[model.__tablename__] = [[row.id, None] for row in of_case(change, model, other)]
    for model in NUMBERED:
        moved[model.__tablename__] = numbered(change, model, of_case(change, model, other))
    for model, names in TOLD_ALIKE:
        there = {tuple(getattr(row, n) for n in names) for row in of_case(change, model, change.case)}
        new = [row for row in of_case(change, model, other) if tuple(getattr(row, n) for n in names) not in there]
        moved[model.__tablename__] = numbered(change, model, new)
    moved["plan_version"] = newer_plans(change, other)
    moved["timescale"] = [[row.id, row.state] for row in duties_of_its_own(change, other)]
    duties = [row_id for row_id, _ in moved["timescale"]]
    pauses = select(Pause.id).where(Pause.timescale_id.in_(duties))
    moved["pause"] = [[row_id, None] for row_id in change.session.scalars(pauses)]
    for table, rows in moved.items():
        put(change, BY_TABLE[table], [row_id for row_id, _ in rows], case_id=change.case.id)
    orders = [row_id for row_id, _ in moved["court_order"]]
    put(change, CourtOrder, orders, person_id=change.person.id)
    return {table: rows for table, rows in moved.items() if rows}


def of_case(change: CaseChange, model: Any, case: Case) -> Sequence[Any]:
    """Return the rows of a table that belong to a case, the oldest first."""
    return change.session.scalars(select(model).where(model.case_id == case.id).order_by(model.id)).all()


def numbered(change: CaseChange, model: Any, rows: Sequence[Any], name: str = "number") -> list[list[Any]]:
    """Give rows the numbers after those that stand on the case that is kept; return each with its number before."""
    column = getattr(model, name)
    # A court order is numbered within the person, everything else within the case.
    there = model.person_id == change.person.id if model is CourtOrder else model.case_id == change.case.id
    last = change.session.scalar(select(func.max(column)).where(there)) or 0
    before = [[row.id, getattr(row, name)] for row in rows]
    # From the highest down: no two may have one number of one case at any moment.
    for place, row in reversed(list(enumerate(rows, start=1))):
        setattr(row, name, last + place)
        change.session.flush()
    return before


def newer_plans(change: CaseChange, other: Case) -> list[list[Any]]:
    """Return the versions of the plan that are newer than the newest of the kept case, numbered after it.

    The newest version is the plan: an older one of the other case stays there to be read.
    """
    newest = max((plan.written_on for plan in of_case(change, PlanVersion, change.case)), default=date.min)
    newer = [plan for plan in of_case(change, PlanVersion, other) if plan.written_on > newest]
    return numbered(change, PlanVersion, newer, "version")


def duties_of_its_own(change: CaseChange, other: Case) -> Iterator[Timescale]:
    """Yield the timescales of another case that the kept one has not: what was prompted there was prompted."""
    there = {(row.kind, row.subject) for row in of_case(change, Timescale, change.case)}
    return (row for row in of_case(change, Timescale, other) if (row.kind, row.subject) not in there)


def put(change: CaseChange, model: type[Base], ids: Sequence[int], **values: Any) -> None:
    """Set columns of some rows of a table."""
    if ids:
        rows: Any = model
        change.session.execute(
            update(model).where(rows.id.in_(ids)).values(**values), execution_options={"synchronize_session": "fetch"}
        )


def bring_together(change: CaseChange, other: Case, on: date) -> int | None:
    """Let the kept case say what either said: restricted if one was, the higher level, category 3 beside the rest.

    Returns the id of the entry in the history of levels that this made; None where it made none.
    """
    kept = change.case
    kept.restricted = kept.restricted or other.restricted
    kept.circumstances = {**(other.circumstances or {}), **(kept.circumstances or {})} or None
    kept.holds = [*kept.holds, *other.holds]
    kept.opened_on = min(kept.opened_on, other.opened_on)
    if Category.OTHER_DANGEROUS in other.categories:
        kept.categories = sorted({*kept.categories, int(Category.OTHER_DANGEROUS)})
    if kept.category is None:
        kept.category, kept.eligible_until = other.category, other.eligible_until
    spells = select(LevelSpell).where(LevelSpell.case_id == kept.id)
    newest_first = spells.order_by(LevelSpell.since.desc(), LevelSpell.id.desc()).limit(1)
    standing = change.session.scalars(newest_first).first()
    if standing is None:
        return None
    highest = max(case.level for case in (kept, other) if case.level is not None)
    if standing.level == highest:
        kept.level, kept.level_set_on = standing.level, standing.since
        return None
    set_level(change, highest, on, f"The higher level of two cases of one person: {other.reference}.", change.actor)
    return change.session.scalars(newest_first).one().id


def close(change: CaseChange, other: Case, on: date) -> None:
    """Close the other case: what it still owed is owed by the kept one or by nobody."""
    into = f"merged into {change.case.reference}"
    change.session.execute(
        update(Timescale)
        .where(Timescale.case_id == other.id, Timescale.state.in_((State.OPEN, State.PAUSED)))
        .values(state=State.CANCELLED, reason=into, next_prompt_at=None),
        execution_options={"synchronize_session": "fetch"},
    )
    other.closed_on, other.closed_reason = on, into
    other.review_at = other.end_at = None
    # The kept case tells of those days from now on.
    drop_spells(change.session, other.id)
    change.note("case-merged", other.reference, None, {"closed_on": on, "into": change.case.reference})


def hand_over_sentences(change: CaseChange, other: Person, on: date) -> list[list[Any]]:
    """Give the sentences of another person to the person of the change; return each [id, its case before].

    One that both tell stays with the other, withdrawn: it counts once.
    """
    there = {tuple(getattr(row, n) for n in SENTENCE_KEY) for row in change.person.sentences}
    moved = []
    for sentence in list(other.sentences):
        moved.append([sentence.id, sentence.case_id])
        if tuple(getattr(sentence, n) for n in SENTENCE_KEY) not in there:
            sentence.person_id = change.person.id
        elif sentence.withdrawn_on is None:
            sentence.withdrawn_on, sentence.withdrawn_because = on, f"told under {change.person.crn} too"
            sentence.questions = None
        sentence.case_id = sentence.identify_at = None
    change.session.flush()
    return moved


def hand_over_told(change: CaseChange, other: Person, other_case: Case | None) -> dict[str, list[list[Any]]]:
    """Give what files told of another person to the person of the change; return each [id, its case before].

    What both tell stays with the other, and counts once.
    """
    moved: dict[str, list[list[Any]]] = {}
    for model, names in OF_A_PERSON:
        mine = change.session.scalars(select(model).where(model.person_id == change.person.id))
        there = {tuple(getattr(row, n) for n in names) for row in mine}
        theirs = change.session.scalars(select(model).where(model.person_id == other.id).order_by(model.id)).all()
        new = [row for row in theirs if tuple(getattr(row, n) for n in names) not in there]
        moved[model.__tablename__] = [[row.id, row.case_id] for row in new]
        for row in new:
            row.person_id = change.person.id
            if other_case is not None and row.case_id == other_case.id:
                row.case_id = change.case.id
    change.session.flush()
    return {table: rows for table, rows in moved.items() if rows}


def give_back_told(change: CaseChange, merge: Merge, other: Person) -> None:
    """Give what files told back to the person and the case that it was of."""
    for model, _ in OF_A_PERSON:
        for row_id, case_id in merge.moved.get(model.__tablename__, ()):
            put(change, model, [row_id], person_id=other.id, case_id=case_id)


def stand_by_what_runs(change: CaseChange) -> None:
    """Give a case that rests on registrations alone the categories of all that run."""
    case, session = change.case, change.session
    of_person = running_registrations(session, [change.person.id], change.today)[change.person.id]
    running = [row.category for row in of_person if row.case_id == case.id]
    if running and not change.person.standing:
        by_people = Category.OTHER_DANGEROUS in case.categories
        stand_by_registrations(case, running, change.policy.eligibility.primary_order, by_people=by_people)


def look_anew(change: CaseChange, person: Person) -> None:
    """Identify a person anew by the sentences that stand now."""
    change.session.expire(person)
    ids = [sentence.id for sentence in person.standing]
    if ids:
        identify(change.session, ids, change.as_at, change.actor)


def unfold(change: CaseChange, merge: Merge, on: date) -> Case | None:
    """Part what was merged: every row goes back with its number; what was recorded since stays with the kept case.

    Returns the case that is open again, None where there was none.
    """
    session, kept = change.session, change.case
    other = session.get_one(Person, merge.other_person_id)
    other.merged_into_id = None
    give_back_sentences(change, merge, other)
    give_back_told(change, merge, other)
    again = session.get(Case, merge.other_case_id) if merge.other_case_id is not None else None
    if again is not None:
        if (added := merge.before["added_level"]) is not None:
            session.execute(delete(LevelSpell).where(LevelSpell.id == added))
        give_back(change, merge, again)
        since = {name: getattr(kept, name) for name in SAID_BY_PEOPLE}
        since = {name: value for name, value in since.items() if value != merge.before["merged"][name]}
        # What people have said since stands; a restriction was then meant for both.
        as_it_was(kept, merge.before["kept"] | since)
        as_it_was(again, merge.before["other"] | ({"restricted": True} if since.get("restricted") else {}))
        for case in (kept, again):
            level_by_history(change, case)
        again.closed_on = again.closed_reason = None
        again.review_at = change.as_at
        change.note("case-split", again.reference, None, {"from": kept.reference, "on": on})
    merge.split_on = on
    session.flush()
    for person in (change.person, other):
        look_anew(change, person)
    if again is not None:
        refresh(session, [again], change.as_at, change.actor)
    return again


def give_back_sentences(change: CaseChange, merge: Merge, other: Person) -> None:
    """Give sentences back to the person and the case that they were of."""
    rows = dict(merge.moved["sentence"])
    for sentence in change.session.scalars(select(Sentence).where(Sentence.id.in_(rows))):
        if sentence.person_id == other.id:
            sentence.withdrawn_on = sentence.withdrawn_because = None
        sentence.person_id, sentence.case_id = other.id, rows[sentence.id]
    change.session.flush()


def give_back(change: CaseChange, merge: Merge, other: Case) -> None:
    """Give rows back to the case that they were of, with the numbers that they had."""
    for table, rows in merge.moved.items():
        model = BY_TABLE[table]
        if model is Sentence or model in {one for one, _ in OF_A_PERSON}:
            continue
        ids = [row_id for row_id, _ in rows]
        put(change, model, ids, case_id=other.id)
        if model is CourtOrder:
            put(change, model, ids, person_id=other.person_id)
        if model is not Timescale:
            name = "version" if model is PlanVersion else "number"
            for row_id, number in rows:
                if number is not None:
                    put(change, model, [row_id], **{name: number})


def as_it_was(case: Case, before: dict[str, Any]) -> None:
    """Let a case say of itself what it said before the merge; the level follows its history."""
    for name in SAYS_OF_ITSELF:
        value = before[name]
        if name in ("eligible_until", "level_set_on", "opened_on") and value is not None:
            value = date.fromisoformat(value)
        setattr(case, name, value)


def level_by_history(change: CaseChange, case: Case) -> None:
    """Take the level of a case from its own history."""
    newest = change.session.scalars(
        select(LevelSpell)
        .where(LevelSpell.case_id == case.id)
        .order_by(LevelSpell.since.desc(), LevelSpell.id.desc())
        .limit(1)
    ).first()
    case.level, case.level_set_on = (newest.level, newest.since) if newest else (None, None)
