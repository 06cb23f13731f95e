"""What waits for an answer: open timescales, cases without a level, people who may be referred for category 3.

Read from the record whole at first, and then only of the cases whose timescales have changed since: every such
change has its entry in the audit trail, so that no caseload is searched from day to day.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from models.audit import AuditEntry
from models.cases import Case
from models.obligations import Timescale
from models.people import Person, Sentence
from policy.calendar import london_date
from policy.kinds import KINDS, Identification, Release, Reviews
from policy.subjects import THE_CASE, Subject
from policy.vocabulary import Location, State

FIRST_LEVEL, CATEGORY_3, INCIDENT = "first_level", "category_3", "incident"
PAROLE, RELEASE, AT_LARGE = "parole", "release", "at_large"
REVIEWS = (Reviews.LEVEL_2_REVIEW, Reviews.LEVEL_3_REVIEW)
# Answered once, whatever becomes of the date they run from.
BEFORE_RELEASE = (Release.PRISON_NOTICE, Release.REFERRAL, Release.LEVEL_SETTING)
# A release is answered as a part of somebody's life.
ANSWERED = tuple(kind for kind in KINDS if kind not in (Identification.IDENTIFICATION, Release.RELEASE))
REFRESHED, CHAIN = "timescales-refreshed", "case/"
PART = 5000


@dataclass(frozen=True, slots=True)
class Open:
    """Something that waits for an answer.

    ``name`` tells it from others of its kind on the case without the ids of the record, which hang on what other
    cases did: the dice are thrown for it. ``subject`` is that of the record.
    """

    case_id: int
    crn: str
    lead_agency: str
    kind: str
    subject: Subject
    name: str
    anchor: date
    due: date
    opened: date
    bound: date | None = None

    @property
    def key(self) -> tuple[str, str, str]:
        """Return what it is known by."""
        return self.crn, self.kind, str(self.subject)


def newest_entry(session: Session) -> int:
    """Return the number of the newest entry of the audit trail."""
    return session.scalar(select(func.max(AuditEntry.id))) or 0


def changed_since(session: Session, entry: int) -> list[int]:
    """Return the cases whose timescales have changed since an entry of the audit trail."""
    chains = session.scalars(
        select(AuditEntry.chain).where(AuditEntry.id > entry, AuditEntry.action == REFRESHED).distinct()
    )
    return sorted(int(chain.removeprefix(CHAIN)) for chain in chains)


def open_things(session: Session, area: str | None, case_ids: Sequence[int] | None = None) -> Iterator[Open]:
    """Yield what waits for an answer, on some cases or on all (of an area)."""
    if case_ids is None:
        yield from of_cases(session, area, None)
        return
    for start in range(0, len(case_ids), PART):
        yield from of_cases(session, area, case_ids[start : start + PART])


def of_cases(session: Session, area: str | None, case_ids: Sequence[int] | None) -> Iterator[Open]:
    """Yield the open timescales and the missing levels of cases."""
    timescales = (
        select(
            Timescale.case_id, Person.crn, Case.lead_agency, Timescale.kind, Timescale.subject, Timescale.label,
            Timescale.anchor_on, Timescale.due_on, Timescale.opened_at, Timescale.bound_on,
        )
        .join(Case, Timescale.case_id == Case.id)
        .join(Person, Case.person_id == Person.id)
        .where(Timescale.state == State.OPEN, Timescale.kind.in_(ANSWERED))
    )  # fmt: skip
    for row in session.execute(narrowed(timescales, area, case_ids)):
        name = row.label or ""
        if not name and row.kind not in BEFORE_RELEASE:
            name = str(row.subject) if row.kind == Reviews.LEVEL_1_REVIEW else row.anchor_on.isoformat()
        yield Open(row.case_id, row.crn, row.lead_agency, row.kind, row.subject, name, row.anchor_on, row.due_on,
                   london_date(row.opened_at), row.bound_on)  # fmt: skip
    yield from without_level(session, area, case_ids)


def narrowed(query: Any, area: str | None, case_ids: Sequence[int] | None) -> Any:
    """Return a query for an area and for some cases only."""
    if area is not None:
        query = query.where(Case.area == area)
    return query if case_ids is None else query.where(Case.id.in_(case_ids))


def without_level(session: Session, area: str | None, case_ids: Sequence[int] | None) -> Iterator[Open]:
    """Yield identified cases outside custody that have no level: nothing on record asks for one, but people set it.

    ``anchor`` is the day of the latest sentence: no level goes back before it.
    """
    sentenced = select(func.max(Sentence.sentence_date)).where(Sentence.case_id == Case.id).scalar_subquery()
    query = (
        select(Case.id, Person.crn, Case.lead_agency, Case.opened_on, sentenced.label("sentenced"))
        .join(Person, Case.person_id == Person.id)
        .where(Case.closed_on.is_(None), Case.category.is_not(None), Case.level.is_(None))
        .where(Case.location != Location.CUSTODY)
    )
    for row in session.execute(narrowed(query, area, case_ids)):
        yield Open(row.id, row.crn, row.lead_agency, FIRST_LEVEL, THE_CASE, "", row.sentenced or row.opened_on,
                   row.opened_on, row.opened_on)  # fmt: skip


def without_case(session: Session, area: str | None) -> Iterator[Open]:
    """Yield people who are on record and not eligible: somebody may refer them for category 3.

    Source: Joint inspection 2015, 4.1.
    """
    query = (
        select(Person.crn, func.min(Sentence.lead_agency), func.min(Sentence.identified_on))
        .join(Sentence, Sentence.person_id == Person.id)
        .where(Person.id.not_in(select(Case.person_id)))
        .group_by(Person.crn)
        .having(func.count(Sentence.identified_on) == func.count())
    )
    if area is not None:
        query = query.where(Sentence.area == area)
    for crn, lead_agency, identified_on in session.execute(query):
        assert identified_on is not None, "each of their sentences is identified: the query asks for no others"
        yield Open(0, crn, lead_agency, CATEGORY_3, THE_CASE, "", identified_on, identified_on, identified_on)
