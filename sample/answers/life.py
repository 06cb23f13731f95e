"""What happens to people, whatever is due of them: on days that follow from seed, person and year alone.

A year of somebody's life is thrown once. What cannot happen where the person is by then does not happen.
"""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.cases import Case
from models.events import CustodyEvent
from models.people import Person, Sentence
from policy.events import EventKind
from policy.subjects import THE_CASE, Subject
from policy.vocabulary import CUSTODIAL, Disposal, Location
from sample.answers.dice import Dice
from sample.answers.open_things import AT_LARGE, PAROLE, PART, RELEASE, Open, narrowed
from sample.answers.rates import HappeningRates

IN_CUSTODY, ON_LICENCE, IN_COMMUNITY, IN_HOSPITAL = "in_custody", "on_licence", "in_community", "in_hospital"
ANYWHERE = ("death", "contact_change", "disclosure")
OUTSIDE = (*ANYWHERE, "further_charge", "order", "transfer_proposal")
# What only those do who must notify the police.
NOTIFIED = ("foreign_travel", "details_change")
# What can happen to somebody, by where they are.
HAPPENS: dict[str, Sequence[str]] = {
    IN_CUSTODY: (*ANYWHERE, "transfer", "temporary_release", "release_date_changed"),
    ON_LICENCE: (
        *OUTSIDE,
        *NOTIFIED,
        "recall",
        "conditions_changed",
        "absconded",
        "polygraph",
        "drug_test",
        "curfew_violation",
        "tag_violation",
    ),
    IN_COMMUNITY: (*OUTSIDE, *NOTIFIED),
    IN_HOSPITAL: (*ANYWHERE, "order", "hospital_leave", "absconded"),
}
KINDS = tuple(HappeningRates.model_fields)
# The last days of a year stay free: what is put off to the next working day stays in its year.
LAST_DAY = 358
FOR_LIFE = (Disposal.LIFE, Disposal.IPP)


def happenings(seed: int, crn: str, year: int, rates: HappeningRates) -> tuple[tuple[date, str], ...]:
    """Return what would happen to somebody in a year, wherever they are: days and kinds, the earliest first."""
    dice = Dice(seed, crn, "life", year)
    found = []
    for kind in KINDS:
        happens, day = dice.says(getattr(rates, kind)), dice.between(0, LAST_DAY)
        if happens:
            found.append((date(year, 1, 1) + timedelta(days=day), kind))
    return tuple(sorted(found))


def lives(session: Session, area: str | None, case_ids: Sequence[int] | None) -> Iterator[Open]:
    """Yield the lives of people whose cases are open, on some cases or on all: where they are, and what awaits them."""
    if case_ids is None:
        yield from lives_of(session, area, None)
        return
    for start in range(0, len(case_ids), PART):
        yield from lives_of(session, area, case_ids[start : start + PART])


def lives_of(session: Session, area: str | None, case_ids: Sequence[int] | None) -> Iterator[Open]:
    """Yield the lives of people; of those in custody the release or the parole hearing that comes next.

    Of somebody whose category is not decided on nothing is told but the release.
    """
    columns = (
        Case.id, Person.crn, Case.lead_agency, Case.location, Case.release_date, Case.opened_on, Case.category,
    )  # fmt: skip
    query = select(*columns).join(Person, Case.person_id == Person.id)
    query = query.where(Case.closed_on.is_(None))
    cases = session.execute(narrowed(query, area, case_ids)).all()
    hearings, licences = dates_of_sentences(session, area, case_ids)
    for row in cases:
        of = Open(
            row.id, row.crn, row.lead_agency, IN_COMMUNITY, THE_CASE, "", row.opened_on, row.opened_on, row.opened_on
        )
        if row.location == Location.CUSTODY and row.release_date is not None:
            kind = PAROLE if row.release_date in hearings.get(row.id, ()) else RELEASE
            yield like(of, kind, row.release_date)
        if row.category is None:
            continue
        if row.location == Location.CUSTODY:
            yield like(of, IN_CUSTODY, row.release_date)
        elif row.location == Location.HOSPITAL:
            yield like(of, IN_HOSPITAL, None)
        elif row.id in licences:
            yield like(of, ON_LICENCE, licences[row.id])
        else:
            yield of
    yield from at_large(session, area, case_ids)


def like(of: Open, kind: str, on: date | None) -> Open:
    """Return a life of a kind; ``on``: the day that awaits it, after which it is named."""
    name = on.isoformat() if on is not None and kind in (PAROLE, RELEASE) else ""
    due = on or of.due
    return Open(of.case_id, of.crn, of.lead_agency, kind, THE_CASE, name, due, due, of.opened, on)


def dates_of_sentences(
    session: Session, area: str | None, case_ids: Sequence[int] | None
) -> tuple[dict[int, set[date]], dict[int, date | None]]:
    """Return the parole hearings to come of cases, and until when licences run (None: for life)."""
    columns = (
        Sentence.case_id, Sentence.disposal, Sentence.licence_expiry_date, Sentence.parole_eligibility_date,
        Sentence.approved_parole_date,
    )  # fmt: skip
    query = select(*columns).join(Case, Sentence.case_id == Case.id)
    query = query.where(Sentence.disposal.in_(CUSTODIAL), Case.closed_on.is_(None))
    hearings: dict[int, set[date]] = {}
    licences: dict[int, date | None] = {}
    for row in session.execute(narrowed(query, area, case_ids)):
        if row.parole_eligibility_date is not None and row.approved_parole_date is None:
            hearings.setdefault(row.case_id, set()).add(row.parole_eligibility_date)
        if row.disposal in FOR_LIFE:
            licences[row.case_id] = None
        elif row.licence_expiry_date is not None:
            before = licences.get(row.case_id, row.licence_expiry_date)
            licences[row.case_id] = before and max(before, row.licence_expiry_date)
    return hearings, licences


def at_large(session: Session, area: str | None, case_ids: Sequence[int] | None) -> Iterator[Open]:
    """Yield those who absconded and are not back."""
    query = (
        select(Case.id, Person.crn, Case.lead_agency, CustodyEvent.number, CustodyEvent.on_date)
        .select_from(CustodyEvent)
        .join(Case, CustodyEvent.case_id == Case.id)
        .join(Person, Case.person_id == Person.id)
        .where(CustodyEvent.kind == EventKind.ABSCONDED, CustodyEvent.returned_on.is_(None))
        .where(Case.closed_on.is_(None))
    )
    for row in session.execute(narrowed(query, area, case_ids)):
        about, number = Subject(row=row.number), str(row.number)
        yield Open(row.id, row.crn, row.lead_agency, AT_LARGE, about, number, row.on_date, row.on_date, row.on_date)
