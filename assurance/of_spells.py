"""What must hold of the spells that the figures count: they tell of every day of a case, once, and end as it stands."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta

from sqlalchemy import Select, and_, exists, select
from sqlalchemy.orm import Session

from assurance.findings import Findings, gathered
from models.cases import Case
from models.registrations import Spell

DAY = timedelta(days=1)
READ_AT_ONCE = 5000
# What a spell that runs says of its case, by the column of either.
ALIKE = ("category", "level", "location", "area", "unit", "lead_agency")


def spells_out_of_step(session: Session, _as_at: datetime) -> Findings:
    """Return cases whose spells leave a day out, tell one twice, or do not end as the case stands now.

    A case that was opened in error, or merged into another, has none.
    """
    found = {*broken_in_time(session), *session.scalars(otherwise_than_the_case())}
    return gathered(sorted(found))


def broken_in_time(session: Session) -> Iterator[str]:
    """Yield cases with a gap or an overlap between two spells, or whose last spell ends on another day than the case.

    Rows are read as a stream, in the order of the cases: memory does not grow with the caseload.
    """
    columns = select(Case.reference, Case.closed_on, Spell.starts_on, Spell.ends_on).join(
        Case, Case.id == Spell.case_id
    )
    rows = session.execute(columns.order_by(Spell.case_id, Spell.starts_on).execution_options(yield_per=READ_AT_ONCE))
    reference, closed_on, last = "", None, None
    for row in rows:
        if row.reference != reference:
            if reference and last != closed_on:
                yield reference
        elif not follows(last, row.starts_on):
            yield reference
        reference, closed_on, last = row.reference, row.closed_on, row.ends_on
    if reference and last != closed_on:
        yield reference


def follows(last: date | None, starts_on: date) -> bool:
    """Tell whether a spell begins on the day after the last day of the one before."""
    return last is not None and last + DAY == starts_on


def otherwise_than_the_case() -> Select[str]:
    """Return the query of open cases without a spell that runs and says what the case says."""
    says = and_(
        Spell.case_id == Case.id,
        Spell.ends_on.is_(None),
        *(getattr(Spell, name).is_not_distinct_from(getattr(Case, name)) for name in ALIKE),
    )
    return select(Case.reference).where(Case.closed_on.is_(None), ~exists().where(says).correlate(Case))
