"""The stored spells of cases, which the figures count, kept in step with the facts (``policy.spells``).

They are worked out whenever a case is looked at, and only what differs is written.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from casework.facts.whereabouts import where_over_time
from models.base import table_of
from models.bulk import insert_many
from models.cases import Case
from models.people import Sentence
from models.record import policies, working_calendar
from models.referrals import LevelSpell
from models.registrations import Registration, Spell
from policy.calendar import WorkingCalendar
from policy.custody import TAKES_TO
from policy.facts import LevelFact
from policy.registrations import FOREVER, Registered, Stretch, stretches
from policy.spells import CaseSpell, History, Span, Values, of_category_3, spells_of
from policy.vocabulary import Level

DAY = timedelta(days=1)
OF_A_LEVEL = ("case_id", "level", "category", "since", "registered")
REGISTERED = ("category", "level", "starts_on", "ends_on", "area", "unit", "lead_agency", "location")
OF_A_REGISTRATION = ("case_id", "withdrawn_on", *REGISTERED)
VALUES = ("category", "categories", "level", "location", "area", "unit", "lead_agency")
OF_A_SPELL = ("id", "case_id", "person_id", "starts_on", "ends_on", *VALUES)
Days = tuple[date, date | None]


@dataclass(frozen=True, slots=True)
class Known:
    """What the spells of some cases follow from, by case id. ``others``: closed spells elsewhere, by person id.

    ``told_anew``: days of which a registration tells something else now, so that what stands of them does not count.
    """

    sentences: Mapping[int, Sequence[Sentence]]
    events: Mapping[int, Sequence[Any]]
    levels: Mapping[int, Sequence[Any]]
    registrations: Mapping[int, Sequence[Any]]
    told: Mapping[int, Sequence[Any]]
    others: Mapping[int, Sequence[Any]]
    calendar: WorkingCalendar
    told_anew: Mapping[int, Sequence[Days]]


NOTHING_ANEW: Mapping[int, Sequence[Days]] = {}


def known_of(
    session: Session,
    cases: Sequence[Case],
    sentences: Mapping[int, Sequence[Sentence]],
    events: Mapping[int, Sequence[Any]],
    told_anew: Mapping[int, Sequence[Days]] = NOTHING_ANEW,
) -> Known:
    """Read what the spells of cases follow from, besides their sentences and moves."""
    ids = [case.id for case in cases]
    spells = rows_of(session, Spell, OF_A_SPELL, "person_id", [case.person_id for case in cases], "starts_on")
    registered_rows = rows_of(session, Registration, OF_A_REGISTRATION, "case_id", ids, "starts_on")
    of_case: dict[int, list[Any]] = defaultdict(list)
    of_person: dict[int, list[Any]] = defaultdict(list)
    for spell in spells:
        of_case[spell.case_id].append(spell)
        if spell.ends_on is not None:
            of_person[spell.person_id].append(spell)
    return Known(
        sentences=sentences,
        events=events,
        levels=by_case(rows_of(session, LevelSpell, OF_A_LEVEL, "case_id", ids, "since")),
        registrations=by_case(row for row in registered_rows if row.withdrawn_on is None),
        told=of_case,
        others=of_person,
        calendar=working_calendar(session),
        told_anew=told_anew,
    )


def rows_of(session: Session, model: Any, columns: Sequence[str], key: str, ids: Sequence[int], *order: str) -> Any:
    """Return plain rows of a table, by a key, in an order that ends with their ids."""
    table = table_of(model)
    query = select(*(table.c[name] for name in columns)).where(table.c[key].in_(ids))
    return session.execute(query.order_by(*(table.c[name] for name in order), table.c.id)).all()


def by_case(rows: Iterable[Any]) -> dict[int, list[Any]]:
    """Return rows by their case."""
    found: dict[int, list[Any]] = defaultdict(list)
    for row in rows:
        found[row.case_id].append(row)
    return found


def keep_spells(
    session: Session,
    cases: Sequence[Case],
    sentences: Mapping[int, Sequence[Sentence]],
    events: Mapping[int, Sequence[Any]],
    today: date,
    told_anew: Mapping[int, Sequence[Days]] = NOTHING_ANEW,
    in_error: Collection[int] = (),
) -> None:
    """Bring the stored spells of cases up to what the facts give: what stands already is not written again.

    ``in_error``: cases that should never have been opened, and count nowhere.
    """
    known = known_of(session, cases, sentences, events, told_anew)
    gone: list[int] = []
    changed: list[tuple[int, dict[str, Any]]] = []
    new: list[dict[str, Any]] = []
    for case in cases:
        stored = {row.starts_on: row for row in known.told.get(case.id, ())}
        for spell in spells_of(history_of(session, case, known, today)) if case.id not in in_error else ():
            row = stored.pop(spell.starts_on, None)
            values = as_row(case, spell)
            if row is None:
                new.append(values)
            elif differing := {name: value for name, value in values.items() if getattr(row, name) != value}:
                changed.append((row.id, differing))
        gone += [row.id for row in stored.values()]
    if gone:
        session.execute(delete(Spell).where(Spell.id.in_(gone)), execution_options={"synchronize_session": False})
    for spell_id, values in changed:
        session.execute(
            update(Spell).where(Spell.id == spell_id).values(**values), execution_options={"synchronize_session": False}
        )
    insert_many(session, Spell, new)


def drop_spells(session: Session, case_id: int) -> None:
    """Take away the spells of a case whose days another case tells."""
    session.execute(delete(Spell).where(Spell.case_id == case_id), execution_options={"synchronize_session": False})


def as_row(case: Case, spell: CaseSpell) -> dict[str, Any]:
    """Return a spell as it is kept."""
    values = spell.values
    return {
        "case_id": case.id,
        "person_id": case.person_id,
        "starts_on": spell.starts_on,
        "ends_on": spell.ends_on,
        "category": values.category,
        "categories": list(values.categories),
        "level": values.level,
        "location": values.location,
        "area": values.area,
        "unit": values.unit,
        "lead_agency": values.lead_agency,
    }


def as_told(row: Any) -> CaseSpell:
    """Return a stored spell as the rules see it."""
    told = {name: getattr(row, name) for name in VALUES} | {"categories": tuple(row.categories)}
    return CaseSpell(row.starts_on, row.ends_on, Values(**told))


def registered(row: Any) -> Registered:
    """Return a registration as the rules see it."""
    return Registered(**{name: getattr(row, name) for name in REGISTERED})


def history_of(session: Session, case: Case, known: Known, today: date) -> History:
    """Return what is known of a case over time."""
    sentences, events = known.sentences.get(case.id, ()), known.events.get(case.id, ())
    cut = stretches([registered(row) for row in known.registrations.get(case.id, ())])
    levels = known.levels.get(case.id, ())
    begins = began_on(case, sentences, levels, cut)
    order = policies(session).for_area(case.area, today).eligibility.primary_order
    anew = known.told_anew.get(case.id, ())
    told = [spell for row in known.told.get(case.id, ()) for spell in outside_of(as_told(row), anew)]
    return History(
        begins=after_earlier(begins, case, known.others.get(case.person_id, ())),
        ends=case.closed_on,
        today=today,
        kept_since=case.opened_on,
        now=Values(
            case.category, tuple(sorted({*case.categories, *([case.category] if case.category else ())})), case.level,
            case.location, case.area, case.unit, case.lead_agency,
        ),
        spans=tuple(spans_of(case, sentences, levels, cut, begins)),
        levels=level_facts(case, levels, begins),
        stays=where_over_time(case, sentences, events, known.calendar),
        moves_known=any(row.kind in TAKES_TO for row in events),
        registered=cut,
        told=told,
        primary_order=[int(category) for category in order],
    )  # fmt: skip


def began_on(case: Case, sentences: Sequence[Sentence], levels: Sequence[Any], cut: Sequence[Stretch]) -> date:
    """Return the day from which a person was in the arrangements: of the first sentence, registration or level."""
    days = [case.opened_on, *(one.sentence_date for one in sentences), *(one.starts_on for one in cut)]
    since: list[date] = [row.since for row in levels]
    return min(days + since)


def after_earlier(begins: date, case: Case, others: Sequence[Any]) -> date:
    """Return the first day of a case: a day that an earlier case of the person tells is not told again."""
    earlier = [row for row in others if row.case_id != case.id and row.case_id in ended_before(case, others)]
    while covering := [row for row in earlier if row.starts_on <= begins <= row.ends_on]:
        begins = max(row.ends_on for row in covering) + DAY
    return begins


def ended_before(case: Case, others: Sequence[Any]) -> set[int]:
    """Return the other cases of a person that had ended before a case was, or began before it."""
    last: dict[int, date] = {}
    for row in others:
        last[row.case_id] = max(row.ends_on, last.get(row.case_id, row.ends_on))
    mine = case.closed_on or FOREVER
    return {case_id for case_id, day in last.items() if (day, case_id) < (mine, case.id)}


def outside_of(spell: CaseSpell, days: Sequence[Days]) -> Iterator[CaseSpell]:
    """Yield what is left of a spell outside some days."""
    left = [(spell.starts_on, spell.ends_on)]
    for first, last in days:
        rest: list[Days] = []
        for starts_on, ends_on in left:
            if starts_on < first:
                rest.append((starts_on, min(ends_on or FOREVER, first - DAY)))
            if last is not None and (ends_on or FOREVER) > last:
                rest.append((max(starts_on, last + DAY), ends_on))
        left = [one for one in rest if one[0] <= (one[1] or FOREVER)]
    for starts_on, ends_on in left:
        yield CaseSpell(starts_on, ends_on, spell.values)


def level_facts(case: Case, levels: Sequence[Any], begins: date) -> Sequence[LevelFact]:
    """Return the history of levels, the oldest first."""
    if not levels and case.level is not None:
        return (LevelFact(Level(case.level), case.level_set_on or begins),)
    return tuple(LevelFact(Level(row.level), row.since) for row in levels)


def spans_of(
    case: Case, sentences: Collection[Sentence], levels: Sequence[Any], cut: Sequence[Stretch], begins: date
) -> Iterator[Span]:
    """Yield the categories of a case over time: by its sentences and orders, its registrations, and decisions."""
    if case.category_history is not None:
        for category, since, until in case.category_history:
            yield Span(category, date.fromisoformat(since), until and date.fromisoformat(until))
    else:
        # Identified before its history was kept: what holds has held since the first sentence.
        first = min((one.sentence_date for one in sentences), default=begins)
        for category, until in case.holds if sentences else ():
            yield Span(category, first, until and date.fromisoformat(until))
    for stretch in cut:
        for category in stretch.categories:
            yield Span(category, stretch.starts_on, stretch.ends_on)
    decided = [(row.since, row.category) for row in levels if not row.registered]
    yield from of_category_3(decided)
