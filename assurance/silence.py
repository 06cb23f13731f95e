"""Which open cases nobody is asked about for longer than the policy allows: each is a release or a risk unwatched."""

from datetime import datetime, time

from sqlalchemy import ColumnElement, Select, and_, false, or_, select
from sqlalchemy.orm import Session

from assurance.findings import Findings, findings_of
from models.cases import Case
from models.obligations import Timescale
from models.people import Sentence
from models.record import policies, working_calendar
from policy.calendar import london_date, london_time
from policy.silence import asked_by
from policy.vocabulary import Level, Location, State


def silent_cases(session: Session, as_at: datetime, area: str | None = None) -> Select[str]:
    """Return the query of the references of open cases about which nobody is asked within the longest silence.

    A sentence that waits to be identified, and a case that waits for a look, are work of a stage, which
    ``stages-run`` watches.
    """
    identified = (
        ~select(Sentence.id).where(Sentence.person_id == Case.person_id, Sentence.identify_at.is_not(None)).exists()
    )
    looked_at = or_(Case.review_at.is_(None), Case.review_at > as_at)
    query = select(Case.reference).where(
        Case.closed_on.is_(None), identified, looked_at, ~asked_in_time(session, as_at)
    )
    return query if area is None else query.where(Case.area == area)


def asked_in_time(session: Session, as_at: datetime) -> ColumnElement[bool]:
    """Return the condition that somebody is asked about a case in time, by the policy of its area.

    What is past its last rung stands on the list of what is stuck.
    """
    today, calendar = london_date(as_at), working_calendar(session)
    kinds_of_cases = (
        (Location.CUSTODY, None, Case.location == Location.CUSTODY),
        (Location.COMMUNITY, None, and_(Case.location != Location.CUSTODY, Case.level.is_(None))),
        (Location.COMMUNITY, Level.LEAD_AGENCY, and_(Case.location != Location.CUSTODY, Case.level.is_not(None))),
    )
    of_areas: dict[tuple[datetime, ...], list[str]] = {}
    for area in session.scalars(select(Case.area).where(Case.closed_on.is_(None)).distinct().order_by(Case.area)):
        numbers = policies(session).for_area(area, today).silence
        limits = tuple(
            london_time(asked_by(numbers, place, level, today, calendar), time.max)
            for place, level, _ in kinds_of_cases
        )
        of_areas.setdefault(limits, []).append(area)
    in_time = [
        and_(Case.area.in_(areas), which, asked_before(limit))
        for limits, areas in of_areas.items()
        for limit, (_, _, which) in zip(limits, kinds_of_cases, strict=True)
    ]
    return or_(false(), *in_time)


def asked_before(limit: datetime) -> ColumnElement[bool]:
    """Return the condition that something owed on a case has its next prompt by a moment, or is stuck or paused.

    A pause may last longer: it was decided for a reason, within the limits of the policy, and is prompted at its end.
    """
    by_then = or_(Timescale.next_prompt_at.is_(None), Timescale.next_prompt_at <= limit)
    return (
        select(Timescale.id)
        .where(
            Timescale.case_id == Case.id,
            or_(Timescale.state == State.PAUSED, and_(Timescale.state == State.OPEN, by_then)),
        )
        .exists()
    )


def cases_gone_silent(session: Session, as_at: datetime) -> Findings:
    """Return the open cases about which nobody is asked in time."""
    return findings_of(session, silent_cases(session, as_at))
