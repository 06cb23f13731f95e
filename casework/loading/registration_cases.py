"""The case of each episode of registrations: found or opened, brought up to what runs, closed where all has ended.

The open episode is the open case of the person, whoever told of it first; one that has ended is a case that is closed.
"""

from collections.abc import Iterator, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from casework import episodes
from casework.change import CaseChange
from casework.closing import close_case
from casework.events import note_release_by_file
from casework.facts.standing import governing
from casework.loading.registered_people import One, Target, Whole, key_of
from casework.registered_levels import decided_on_3
from models.audit import append
from models.bulk import insert_many
from models.cases import Case, Fact
from models.people import Sentence
from models.record import policies
from policy.calendar import london_date
from policy.registrations import episodes as episodes_of
from policy.registrations import level_changes, stretches
from policy.vocabulary import Category, Location, Standing

FILE = "registrations file"
# What a registration says of the case as it stands now, by the column of either.
OF_THE_CASE = ("area", "unit", "lead_agency", "location")


def find_cases(session: Session, whole: Whole, references: episodes.References, as_at: datetime) -> None:
    """Find the case of each episode in which the file told something; what has a case keeps it."""
    of_case = {case.id: Target(case, {}) for case in whole.cases}
    by_says = {key_of(one.says): one for one in whole.ones}
    for episode in episodes_of([one.as_registered() for one in whole.ones]):
        ones = [by_says[row.starts_on, row.category, row.level] for row in episode]
        if not any(one.is_told for one in ones):
            continue
        target = None
        for one in ones:
            if one.row is not None:
                one.case = of_case[one.row.case_id]
        if any(one.row is None for one in ones):
            target = case_for(whole, ones, of_case) or Target(None, new_case(session, whole, ones, references, as_at))
            for one in ones:
                one.case = one.case or target
        for one in ones:
            assert one.case is not None
            if one.case not in whole.targets:
                whole.targets.append(one.case)
    for one in whole.ones:
        case = one.case or (of_case.get(one.row.case_id) if one.row is not None else None)
        if case is not None:
            case.ones.append(one)


def case_for(whole: Whole, ones: Sequence[One], of_case: dict[int, Target]) -> Target | None:
    """Return the case on record that new registrations of an episode belong to; None: a new one.

    What runs belongs to the open case; where none is open, to one that was taken on as ended and goes on after all.
    What has ended belongs to the case of its neighbours, or to the open case where that began before it had ended.
    """
    runs = any(one.row is None and one.says["ends_on"] is None for one in ones)
    linked = [one.case for one in ones if one.case is not None]
    case = whole.open_case
    if runs and case is not None:
        return of_case[case.id]
    if runs:
        again = [one for one in linked if one.case is not None and taken_on_as_ended(one.case)]
        return again[-1] if again else None
    if linked:
        return linked[-1]
    if case is not None and ends_of(ones) >= began(whole, case):
        return of_case[case.id]
    return None


def taken_on_as_ended(case: Case) -> bool:
    """Tell whether a case was closed because its registrations had ended."""
    return (case.closed_reason or "").startswith(episodes.TAKEN_ON_AS_ENDED)


def ends_of(ones: Sequence[One]) -> date:
    """Return the last day of registrations; the end of all days where one runs."""
    return max(one.says["ends_on"] or date.max for one in ones)


def began(whole: Whole, case: Case) -> date:
    """Return the day from which a person was in the arrangements of a case, by its sentences."""
    return min((one.sentence_date for one in whole.sentences if one.case_id == case.id), default=case.opened_on)


def new_case(
    session: Session, whole: Whole, ones: Sequence[One], references: episodes.References, as_at: datetime
) -> dict[str, Any]:
    """Return the values of a new case: open from the day of the load, or closed on the day on which it had ended."""
    cut = stretches([one.as_registered() for one in ones])
    counts, level = cut[-1].counts, level_changes(cut)[-1:]
    categories = sorted({one.says["category"] for one in ones if one.says["ends_on"] is None}) or [counts.category]
    order = list(policies(session).for_area(counts.area, london_date(as_at)).eligibility.primary_order)
    today, last = london_date(as_at), ends_of(ones)
    over = last != date.max
    return {
        "reference": references.next(counts.area, today),
        "person_id": whole.person.id,
        "area": counts.area,
        "unit": counts.unit,
        "lead_agency": counts.lead_agency,
        "location": counts.location or Location.COMMUNITY.value,
        "victim_contact": False,
        "holds": [] if over else [[one, None] for one in categories if one != Category.OTHER_DANGEROUS],
        "restricted": False,
        "category": min(categories, key=order.index),
        "categories": categories,
        "level": level[0].counts.level if level else None,
        "level_set_on": level[0].starts_on if level else None,
        "stage": (Standing.CLOSED if over else Standing.MANAGED).value,
        "opened_on": min(one.says["starts_on"] for one in ones) if over else today,
        "closed_on": last if over else None,
        "closed_reason": f"{episodes.TAKEN_ON_AS_ENDED}: the registration ended on {last}" if over else None,
        "review_at": None if over else as_at,
        "notification_young": False,
        "transferred": False,
    }


def insert_cases(session: Session, targets: Sequence[Target]) -> None:
    """Insert the new cases, and give each its key."""
    new = [target.values for target in targets if target.case is None]
    insert_many(session, Case, new)
    references = [values["reference"] for values in new]
    written = session.execute(select(Case.reference, Case.id).where(Case.reference.in_(references)))
    ids = {row.reference: row.id for row in written}
    for values in new:
        values["id"] = ids[values["reference"]]


def cases_of(targets: Sequence[Target]) -> dict[int, Case]:
    """Return the cases, by key."""
    # What is new was written a moment ago: nothing of it need be read.
    return {target.id: target.case or Case(**target.values) for target in targets}


def stand(session: Session, whole: Whole, target: Target, case: Case, as_at: datetime) -> None:
    """Let a case say of itself what its running registrations say, as far as no sentence and no decision does."""
    if target.case is None or not any(one.is_told for one in target.ones):
        return
    running = [one for one in target.ones if one.says["ends_on"] is None]
    if case.closed_on is not None:
        if not running or not taken_on_as_ended(case) or whole.open_case is not None:
            return
        episodes.open_again(case, as_at)
    case.review_at = as_at
    order = policies(session).for_area(case.area, london_date(as_at)).eligibility.primary_order
    sentences = [one for one in whole.sentences if one.case_id == case.id]
    category_3 = Category.OTHER_DANGEROUS in case.categories and decided_on_3(session, target.id)
    if sentences:
        rules = [number for number, _ in case.holds]
        extra = sorted({one.says["category"] for one in running} - {*rules, int(Category.OTHER_DANGEROUS)})
        case.holds = [*case.holds, *([number, None] for number in extra)]
        categories = {one.says["category"] for one in running} | set(case.categories)
        case.categories = sorted(categories)
        case.category = min(categories, key=list(order).index, default=None)
    else:
        numbers = [one.says["category"] for one in running]
        episodes.stand_by_registrations(case, numbers, order, by_people=category_3)
    if running:
        follow(session, case, sentences, max(running, key=lambda one: one.as_registered().weight), as_at)


def follow(session: Session, case: Case, sentences: Sequence[Sentence], one: One, as_at: datetime) -> None:
    """Take the particulars of a case from the registration that counts, where that tells something new."""
    lead = governing(sentences) if sentences else None
    was = case.location
    for name in OF_THE_CASE:
        is_new = one.row is None or name in (one.before or {})
        by_sentence = lead is not None and getattr(lead, name) is not None
        kept = case.transferred and name in episodes.OF_THE_AREA
        value = one.says[name]
        if is_new and value is not None and not by_sentence and not kept:
            setattr(case, name, value)
    note_release_by_file(session, case, was, as_at, FILE)


def look_again(session: Session, told: Sequence[Whole], as_at: datetime) -> None:
    """Have the sentences of those cases identified anew of whom a registration tells something else."""
    ids = [
        sentence.id
        for whole in told
        for sentence in whole.sentences
        if sentence.identify_at is None and sentence.case_id in {target.id for target in whole.targets}
    ]
    if ids:
        session.execute(update(Sentence).where(Sentence.id.in_(ids)).values(identify_at=as_at))


def close_ended(
    session: Session, told: Sequence[Whole], cases: dict[int, Case], as_at: datetime, actor: str
) -> Iterator[Case]:
    """Close the open cases that rest on registrations alone, all of which have ended; yield them.

    A case on which somebody has recorded something here is ended by a decision, never by a file.
    """
    for whole in told:
        for target in whole.targets:
            case = cases[target.id]
            if target.case is None or case.closed_on is not None or not target.ones:
                continue
            last = ends_of(target.ones)
            if last == date.max or any(one.case_id == case.id for one in whole.sentences) or at_work(session, case):
                continue
            case.opened_on = min(case.opened_on, *(one.says["starts_on"] for one in target.ones))
            change = CaseChange(session, whole.person, case, as_at, actor)
            reason = f"{episodes.TAKEN_ON_AS_ENDED}: the registration ended on {last}"
            close_case(change, last, reason)
            append(session, change.changes, actor=actor, at=as_at)
            yield case


def at_work(session: Session, case: Case) -> bool:
    """Tell whether somebody has recorded something on a case."""
    return session.scalar(select(func.count()).where(Fact.case_id == case.id)) != 0
