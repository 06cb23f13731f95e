"""Episodes: a person has at most one open case; it gets a reference that names nobody."""

import re
from collections.abc import Collection, Iterable, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from casework.facts.standing import governing, where_is
from models.cases import Case, CaseNumber
from models.people import Sentence
from policy.calendar import london_date
from policy.vocabulary import CUSTODIAL, Category, Standing

# How the reason of a closure begins where a registration that had ended made the case.
TAKEN_ON_AS_ENDED = "taken on as ended"
# Who manages a case: a file that does not name them leaves them as they are.
MANAGERS = frozenset(
    {
        "offender_manager",
        "offender_manager_email",
        "line_manager_email",
        "police_offender_manager",
        "police_offender_manager_email",
    }
)
# What a case takes over from the sentence that governs it.
TAKEN_OVER = (
    "area",
    "unit",
    "lead_agency",
    "offender_manager",
    "offender_manager_email",
    "line_manager_email",
    "police_offender_manager",
    "police_offender_manager_email",
    "prison",
    "rosh_level",
    "victim_contact",
)

OF_THE_AREA = MANAGERS | {"area", "unit"}


def prefixes(area: str) -> list[str]:
    """Return the prefixes an area may have, the best first: London is LON, West Mercia WES, WME, WM, then numbered."""
    words = re.findall(r"[A-Z0-9]+", area.upper()) or ["AREA"]
    joined = "".join(words)
    choices = [joined[:3]]
    if len(words) > 1:
        choices += [words[0][0] + words[1][:2], "".join(word[0] for word in words)[:4]]
    return list(dict.fromkeys(choices)) + [f"{joined[:3]}{n}" for n in range(2, 100)]


class References:
    """The counters of case references, locked from their first use until the transaction ends."""

    def __init__(self, session: Session) -> None:
        """Take the session of the transaction."""
        self._session = session
        self._counters: dict[tuple[str, int], CaseNumber] = {}

    def next(self, area: str, on: date) -> str:
        """Return the next reference of an area and year, such as ``LON-2026-000123``."""
        counter = self._counters.get((area, on.year)) or self._lock(area, on.year)
        self._counters[area, on.year] = counter
        counter.last += 1
        return f"{counter.prefix}-{on.year}-{counter.last:06d}"

    def _lock(self, area: str, year: int) -> CaseNumber:
        counter = self._session.scalar(
            select(CaseNumber).where(CaseNumber.area == area, CaseNumber.year == year).with_for_update()
        )
        if counter is not None:
            return counter
        prefix = self._session.scalar(select(CaseNumber.prefix).where(CaseNumber.area == area).distinct())
        if prefix is None:
            taken = set(self._session.scalars(select(CaseNumber.prefix)))
            prefix = next(choice for choice in prefixes(area) if choice not in taken)
        counter = CaseNumber(area=area, year=year, prefix=prefix, last=0)
        self._session.add(counter)
        return counter


def open_case(session: Session, references: References, sentences: Sequence[Sentence], as_at: datetime) -> Case:
    """Open a case for the person whose sentences these are."""
    lead, today = governing(sentences), london_date(as_at)
    case = Case(
        reference=references.next(lead.area, today),
        person_id=lead.person_id,
        location=where_is(lead, today),
        stage=Standing.IDENTIFICATION,
        categories=[],
        opened_on=today,
        review_at=as_at,
        **{name: getattr(lead, name) for name in TAKEN_OVER},
    )
    session.add(case)
    return case


def stand_by_registrations(
    case: Case, running: Iterable[int], primary_order: Sequence[int], *, by_people: bool
) -> None:
    """Give a case the categories of its running registrations, beside an end that waits for its check.

    ``by_people``: category 3 was decided on here. A case that nothing holds any more keeps its category.
    """
    registered = set(running)
    held = sorted(registered - {int(Category.OTHER_DANGEROUS)})
    case.holds = [[number, None] for number in held] + [hold for hold in case.holds if hold[1] is not None]
    if categories := registered | ({int(Category.OTHER_DANGEROUS)} if by_people else set()):
        case.category = min(categories, key=list(primary_order).index)
        case.categories, case.eligible_until = sorted(categories), None


def taken_up_again(cases: Sequence[Case], sentences: Sequence[Sentence], as_at: datetime) -> Case | None:
    """Open the case again that was taken on as ended, where sentences tell that it was still going on; None: no case.

    They are one episode: what the registrations told of it belongs to it.
    """
    ended = [case for case in cases if (case.closed_reason or "").startswith(TAKEN_ON_AS_ENDED)]
    newest = max(ended, key=lambda case: (case.closed_on or date.min, case.id), default=None)
    if newest is None or newest.closed_on is None or all(one.sentence_date > newest.closed_on for one in sentences):
        return None
    open_again(newest, as_at)
    return newest


def open_again(case: Case, as_at: datetime) -> None:
    """Open a case that was taken on as ended: from today on the record sees what happens."""
    case.closed_on = case.closed_reason = None
    case.opened_on, case.review_at = london_date(as_at), as_at


def take_over(
    case: Case, sentences: Sequence[Sentence], joined: Collection[Sentence], today: date, *, placed: bool = False
) -> None:
    """Bring the case's particulars up to those of its governing sentence.

    Without a word on where the person is, a sentence to custody says where they must be only when it has just
    ``joined`` the case: one that is looked at again leaves them where they are, and so does any where a registration
    that runs has ``placed`` them.
    """
    lead = governing(sentences)
    if lead.location or (not placed and (lead.disposal not in CUSTODIAL or lead in joined)):
        case.location = where_is(lead, today)
    # The area that handed the case over goes on telling its own particulars: they are no longer the case's.
    kept = OF_THE_AREA if case.transferred and lead.area != case.area else frozenset[str]()
    if lead.unit is None and lead.area == case.area:
        kept |= {"unit"}
    for name in TAKEN_OVER:
        if name in kept:
            continue
        value = getattr(lead, name)
        if value is not None or name not in MANAGERS:
            setattr(case, name, value)


def note_particulars(session: Session, case: Case, **particulars: Any) -> None:
    """Note what somebody recorded of a case, on its sentences too: what is looked at anew takes it from there.

    A file that tells again what it told before does not undo it (``Sentence.as_told``).
    """
    for name, value in particulars.items():
        setattr(case, name, value)
    for sentence in session.scalars(select(Sentence).where(Sentence.case_id == case.id)):
        for name, value in particulars.items():
            setattr(sentence, name, value)
