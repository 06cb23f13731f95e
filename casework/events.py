"""Events in custody, on leave or on licence as they are written down (docs/reference/events.md)."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from casework.closing import has_victim_contact
from models.cases import Case
from models.events import CustodyEvent
from models.record import policies
from models.referrals import LevelSpell
from policy.calendar import london_date
from policy.events import EventKind
from policy.vocabulary import Location


def add_event(
    session: Session,
    case: Case,
    kind: EventKind,
    on: date,
    as_at: datetime,
    data: dict[str, Any],
    *,
    from_on: date | None = None,
    until_on: date | None = None,
    consulted_on: date | None = None,
    serious: bool = False,
) -> CustodyEvent:
    """Write an event down, with the level and category of the case on its day."""
    spell = session.scalars(
        select(LevelSpell)
        .where(LevelSpell.case_id == case.id, LevelSpell.since <= on)
        .order_by(LevelSpell.since.desc(), LevelSpell.id.desc())
        .limit(1)
    ).first()
    newest = session.scalar(select(func.max(CustodyEvent.number)).where(CustodyEvent.case_id == case.id)) or 0
    told_of = policies(session).for_area(case.area, london_date(as_at)).victims.told_of
    event = CustodyEvent(
        case_id=case.id,
        number=newest + 1,
        kind=kind,
        on_date=on,
        recorded_at=as_at,
        level=spell.level if spell is not None else None,
        category=spell.category if spell is not None and spell.category is not None else case.category,
        data=data,
        from_on=from_on,
        until_on=until_on,
        consulted_on=consulted_on,
        serious=serious,
        victim_contact=kind in told_of and has_victim_contact(case),
    )
    session.add(event)
    session.flush()
    return event


def note_release_by_file(session: Session, case: Case, was: str, as_at: datetime, file: str = "sentences file") -> None:
    """Write a release down of which a file tells: it says that somebody who was in custody is in the community.

    The day is that of the file, as it names no other. What follows a release then follows this one too.
    """
    if was != Location.CUSTODY or case.location != Location.COMMUNITY or case.closed_on is not None:
        return
    told = {"what": f"The {file} says that the person is in the community.", "by": file}
    add_event(session, case, EventKind.RELEASE, london_date(as_at), as_at, told)


def release_moved(case: Case, now: date | None, today: date) -> bool:
    """Tell whether somebody changed the release date of a person in custody; one that went by has not been changed."""
    was = case.release_date
    return (
        was is not None
        and was >= today
        and now != was
        and case.location == Location.CUSTODY
        and case.closed_on is None
        and case.category is not None
    )
