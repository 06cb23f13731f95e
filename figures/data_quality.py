"""What does not fit: history that breaks today's rules, and what two systems say differently of one case.

Source: Joint inspection 2015, 4.3, 5.29 (category and level that differ between systems), 4.14, 4.15 (lead agency),
5.5, 5.38 (a named police offender manager at level 2 and 3).
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from itertools import groupby
from typing import Any

from sqlalchemy import Select, String, and_, cast, or_, select
from sqlalchemy.orm import Session

from models.cases import Case
from models.people import Person
from models.registrations import Registration
from policy.obligations.spells import MULTI_AGENCY
from policy.registrations import Flag
from policy.words import agency_inside, inside, listed

DAY = timedelta(days=1)
READ_AT_ONCE = 1000
NONE = "[]"


class Fault(StrEnum):
    """What is wrong with a case."""

    CATEGORY_3_LEVEL = Flag.CATEGORY_3_LEVEL.value
    TWO_OPEN = Flag.TWO_OPEN.value
    LEVELS_OVERLAP = Flag.LEVELS_OVERLAP.value
    CATEGORY_DIFFERS = "category_differs"
    LEVEL_DIFFERS = "level_differs"
    REGISTRATION_ENDED = "registration_ended"
    STILL_REGISTERED = "still_registered"
    NO_OFFENDER_MANAGER = "no_offender_manager"
    NO_POLICE_OFFENDER_MANAGER = "no_police_offender_manager"


IN_THE_OTHER_SYSTEM = "Correct it in the system it came from, then load the registrations again."
IN_ERROR = "If it should never have been, withdraw it (mappa record withdraw-registration)."
OVER = f"It is over. If it is wrong: {inside(IN_THE_OTHER_SYSTEM)} {IN_ERROR}"
TO_DO = {
    Fault.CATEGORY_3_LEVEL: "Decide on level 2 or 3 and record it, or close the case. Category 3 is never at level 1.",
    Fault.TWO_OPEN: f"Find out which registration runs, and end the other one. {IN_THE_OTHER_SYSTEM} {IN_ERROR}",
    Fault.LEVELS_OVERLAP: f"Find out which level held on those days. {IN_THE_OTHER_SYSTEM}",
    Fault.CATEGORY_DIFFERS: (
        f"Load the sentence that gives the category, or end the registration and load it again. {IN_ERROR}"
    ),
    Fault.LEVEL_DIFFERS: "Record the level that holds, or correct the registration and load it again.",
    Fault.REGISTRATION_ENDED: "Close the case if it has ended, or correct the registration and load it again.",
    Fault.STILL_REGISTERED: "End the registration in the other system, and load it again.",
    Fault.NO_OFFENDER_MANAGER: "Load the sentences with the offender manager and their e-mail address.",
    Fault.NO_POLICE_OFFENDER_MANAGER: "Name the police offender manager (mappa record circumstances).",
}


@dataclass(frozen=True, slots=True)
class Line:
    """One thing that does not fit: on which case, since when, and in what words."""

    case: str
    crn: str
    area: str
    unit: str | None
    fault: Fault
    what: str
    since: date
    to_do: str


def line_of(row: Any, fault: Fault, what: str, since: date, to_do: str = "") -> Line:
    """Return the line of a fault on the case of a row; ``to_do``: where it is not what any such fault asks for."""
    return Line(row.reference, row.crn, row.area, row.unit, fault, what, since, to_do or TO_DO[fault])


def data_quality(session: Session, area: str | None = None) -> Iterator[Line]:
    """Yield what does not fit, by area and case reference. Cases of erased people are left out."""
    found = [*flagged(session, area), *differing(session, area), *unnamed(session, area)]
    yield from sorted(found, key=lambda line: (line.area, line.case, line.fault, line.since))


def asked(query: Any, area: str | None) -> Select[Any]:
    """Return a query over cases, of one area or of all; of people whose data stand."""
    of_people: Select[Any] = query.join(Person, Person.id == Case.person_id).where(~Person.erased)
    return of_people if area is None else of_people.where(Case.area == area)


def flagged(session: Session, area: str | None) -> Iterator[Line]:
    """Yield the registrations that break today's rules: each fault of a case once, since its newest registration."""
    columns = select(
        Case.reference, Person.crn, Case.area, Case.unit, Registration.flags, Registration.category,
        Registration.level, Registration.starts_on, Registration.ends_on,
    ).join_from(Registration, Case, Case.id == Registration.case_id)  # fmt: skip
    query = asked(columns, area).where(cast(Registration.flags, String) != NONE, Registration.withdrawn_on.is_(None))
    newest: dict[tuple[str, Fault], Line] = {}
    for row in session.execute(query.order_by(Registration.starts_on, Registration.id)):
        for flag in row.flags:
            what = words_of(Fault(flag), row)
            to_do = "" if row.ends_on is None else OVER
            newest[row.reference, Fault(flag)] = line_of(row, Fault(flag), what, row.starts_on, to_do)
    yield from newest.values()


def words_of(fault: Fault, row: Any) -> str:
    """Return in words what a registration breaks."""
    if fault is Fault.CATEGORY_3_LEVEL:
        return f"Registered under category 3 at {level_words(row.level)}."
    if fault is Fault.TWO_OPEN:
        return "Two registrations run at the same time."
    return "Two registrations at different levels overlap."


def level_words(level: int | None) -> str:
    """Return a level in words."""
    return "no level" if level is None else f"level {level}"


def differing(session: Session, area: str | None) -> Iterator[Line]:
    """Yield what the record and the registrations of a case say differently."""
    columns = select(
        Case.reference, Person.crn, Case.area, Case.unit, Case.category, Case.level, Case.level_set_on, Case.closed_on,
        Case.category_history, Case.opened_on, Registration.category.label("registered_category"),
        Registration.level.label("registered_level"), Registration.starts_on, Registration.ends_on,
    ).join_from(Registration, Case, Case.id == Registration.case_id)  # fmt: skip
    open_on_either_side = or_(Case.closed_on.is_(None), Registration.ends_on.is_(None))
    query = asked(columns, area).where(Registration.withdrawn_on.is_(None), open_on_either_side)
    rows = session.execute(
        query.order_by(Case.id, Registration.starts_on, Registration.id).execution_options(yield_per=READ_AT_ONCE)
    )
    for _, of_case in groupby(rows, key=lambda row: row.reference):
        yield from of_one(list(of_case))


def of_one(rows: Sequence[Any]) -> Iterator[Line]:
    """Yield what one case and its registrations say differently."""
    case, running = rows[0], [row for row in rows if row.ends_on is None]
    if case.closed_on is not None:
        what = "The case is closed here, and its registration runs."
        yield line_of(case, Fault.STILL_REGISTERED, what, max(case.closed_on, running[0].starts_on))
        return
    if not running:
        ended = max(row.ends_on for row in rows)
        what = "Every registration has ended, and the case is open here."
        yield line_of(case, Fault.REGISTRATION_ENDED, what, ended + DAY)
        return
    counts = max(running, key=lambda row: (row.starts_on, row.registered_level or 0, -row.registered_category))
    given = {category for category, _, _ in case.category_history or ()}
    unknown = sorted({row.registered_category for row in running} - given)
    if given and unknown:
        told = f"Registered under category {listed_numbers(unknown)}; the sentences on record give category "
        since = min(row.starts_on for row in running if row.registered_category in unknown)
        yield line_of(case, Fault.CATEGORY_DIFFERS, f"{told}{listed_numbers(sorted(given))}.", since)
    if counts.registered_level != case.level:
        what = f"At {level_words(case.level)} here, and registered at {level_words(counts.registered_level)}."
        yield line_of(case, Fault.LEVEL_DIFFERS, what, max(counts.starts_on, case.level_set_on or counts.starts_on))


def listed_numbers(numbers: Sequence[int]) -> str:
    """Return numbers in words of a sentence."""
    return listed([str(number) for number in numbers])


def unnamed(session: Session, area: str | None) -> Iterator[Line]:
    """Yield open cases of which nobody of the lead agency is named, or at level 2 and 3 nobody of the police."""
    columns = select(Case.reference, Person.crn, Case.area, Case.unit, Case.level, Case.level_set_on, Case.opened_on)
    columns = columns.add_columns(
        Case.offender_manager_email, Case.police_offender_manager, Case.police_offender_manager_email, Case.lead_agency
    ).select_from(Case)
    no_police = and_(Case.police_offender_manager.is_(None), Case.police_offender_manager_email.is_(None))
    lacking = or_(Case.offender_manager_email.is_(None), and_(Case.level.in_(MULTI_AGENCY), no_police))
    query = asked(columns, area).where(Case.closed_on.is_(None), lacking)
    for row in session.execute(query.order_by(Case.id).execution_options(yield_per=READ_AT_ONCE)):
        if row.offender_manager_email is None:
            what = f"No offender manager of {agency_inside(row.lead_agency)} has an e-mail address."
            yield line_of(row, Fault.NO_OFFENDER_MANAGER, what, row.opened_on)
        if row.level in MULTI_AGENCY and not (row.police_offender_manager or row.police_offender_manager_email):
            what = f"At level {row.level}, and no police offender manager is named."
            yield line_of(row, Fault.NO_POLICE_OFFENDER_MANAGER, what, row.level_set_on or row.opened_on)
