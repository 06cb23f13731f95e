"""What the record shows of meetings and what surrounds them: referrals, actions, absences, drafts, documents.

Plain dictionaries with stable JSON fields, as in ``views``: a handful of queries whatever the number of rows. No
view but a document carries the text of an action or a name of the person; owners and Chairs are professionals.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import and_, exists, or_, select
from sqlalchemy.orm import Session, aliased

from casework.facts.querying import BATCH, Query, View, about, day, given
from models.cases import Case, Draft
from models.meetings import Absence, Action, Meeting, MinutesVersion, Participant
from models.people import Person
from models.referrals import LevelSpell, Referral
from policy.vocabulary import Attendance
from views.times import iso

# Meetings


def meetings(
    session: Session,
    *,
    crn: str | None = None,
    area: str | None = None,
    state: str | None = None,
    since: datetime | None = None,
    until: datetime | None = None,
) -> Iterator[View]:
    """Yield meetings that begin from ``since`` to ``until`` (both included), by case reference and number."""
    query = given(
        select(
            Person.crn,
            Case.reference,
            Meeting.id,
            Meeting.number,
            Meeting.state,
            Meeting.level,
            Meeting.starts_at,
            Meeting.place,
            Meeting.chair_name,
            Meeting.minutes_on,
            Meeting.posted_on,
        )
        .select_from(Meeting)
        .join(Case, Meeting.case_id == Case.id)
        .join(Person, Case.person_id == Person.id)
        .order_by(Case.reference, Meeting.number),
        about(crn),
        None if area is None else Case.area == area,
        None if state is None else Meeting.state == state,
        None if since is None else Meeting.starts_at >= since,
        None if until is None else Meeting.starts_at <= until,
    )
    for rows in session.execute(query.execution_options(yield_per=BATCH)).partitions():
        people = agencies_by_meeting(session, [row.id for row in rows])
        for row in rows:
            yield meeting_view(row, people[row.id])


def meeting_view(row: Any, people: dict[str, list[str]]) -> View:
    """Return the JSON object of a meeting; required, invited and attended are agencies, each once."""
    return {
        "crn": row.crn,
        "case": row.reference,
        "meeting": row.number,
        "state": row.state,
        "level": row.level,
        "starts_at": iso(row.starts_at),
        "place": row.place,
        "chair": row.chair_name,
        "required": people["required"],
        "invited": people["invited"],
        "attended": people["attended"],
        "minutes_on": day(row.minutes_on),
        "posted_on": day(row.posted_on),
    }


def agencies_by_meeting(session: Session, ids: Sequence[int]) -> dict[int, dict[str, list[str]]]:
    """Return the agencies required, invited and there, of some meetings."""
    found: dict[int, dict[str, list[str]]] = defaultdict(lambda: {"required": [], "invited": [], "attended": []})
    rows = session.execute(
        select(
            Participant.meeting_id,
            Participant.agency,
            Participant.required,
            Participant.invited_at,
            Participant.status,
        )
        .where(Participant.meeting_id.in_(ids))
        .order_by(Participant.agency, Participant.id)
    )
    for row in rows:
        holds = {
            "required": row.required,
            "invited": row.invited_at is not None,
            "attended": row.status == Attendance.ATTENDED,
        }
        for name, holds_here in holds.items():
            if holds_here and row.agency not in found[row.meeting_id][name]:
                found[row.meeting_id][name].append(row.agency)
    return found


# Actions


def actions(
    session: Session,
    *,
    crn: str | None = None,
    area: str | None = None,
    state: str | None = None,
    due_before: date | None = None,
) -> Iterator[View]:
    """Yield actions by case reference and number."""
    query = given(
        of_meetings(Action).order_by(Case.reference, Action.number),
        about(crn),
        None if area is None else Case.area == area,
        None if state is None else Action.state == state,
        None if due_before is None else Action.due_on < due_before,
    )
    for action, reference, owner, number in session.execute(query.execution_options(yield_per=BATCH)):
        yield {
            "crn": owner,
            "case": reference,
            "action": action.number,
            "meeting": number,
            "agency": action.agency,
            "owner": action.owner_name,
            "due_on": day(action.due_on),
            "state": action.state,
            "outcome": action.outcome,
            "closed_on": day(action.closed_on),
        }


def of_meetings(model: type[Action] | type[Absence]) -> Query:
    """Return actions or absences with the case reference, the CRN and the number of the meeting."""
    return (
        select(model, Case.reference, Person.crn, Meeting.number)
        .join(Meeting, model.meeting_id == Meeting.id)
        .join(Case, model.case_id == Case.id)
        .join(Person, Case.person_id == Person.id)
    )


# Absences


def absences(
    session: Session,
    *,
    crn: str | None = None,
    area: str | None = None,
    agency: str | None = None,
    unsettled: bool = False,
) -> Iterator[View]:
    """Yield required agencies that neither came nor reported, by case reference, meeting and agency."""
    query = given(
        of_meetings(Absence).order_by(Case.reference, Meeting.number, Absence.agency),
        about(crn),
        None if area is None else Case.area == area,
        None if agency is None else Absence.agency == agency,
        Absence.settled_on.is_(None) if unsettled else None,
    )
    for absence, reference, crn_of_case, number in session.execute(query.execution_options(yield_per=BATCH)):
        yield {
            "crn": crn_of_case,
            "case": reference,
            "meeting": number,
            "agency": absence.agency,
            "nth": absence.nth,
            "status": absence.status,
            "settled_on": day(absence.settled_on),
            "settled_by": absence.settled_by,
            "history": list(absence.history),
        }


# Referrals and levels


def referrals(
    session: Session, *, crn: str | None = None, area: str | None = None, unanswered: bool = False
) -> Iterator[View]:
    """Yield referrals by case reference, the day they were received, and id."""
    query = given(
        select(
            Person.crn,
            Case.reference,
            Referral.received_on,
            Referral.complete,
            Referral.missing,
            Referral.returned_on,
            Referral.decision,
            Referral.decided_on,
        )
        .select_from(Referral)
        .join(Case, Referral.case_id == Case.id)
        .join(Person, Case.person_id == Person.id)
        .order_by(Case.reference, Referral.received_on, Referral.id),
        about(crn),
        None if area is None else Case.area == area,
        waits_for_somebody() if unanswered else None,
    )
    for row in session.execute(query.execution_options(yield_per=BATCH)):
        yield {
            "crn": row.crn,
            "case": row.reference,
            "received_on": day(row.received_on),
            "complete": row.complete,
            "missing": list(row.missing),
            "returned_on": day(row.returned_on),
            "decision": row.decision,
            "decided_on": day(row.decided_on),
        }


def waits_for_somebody() -> Any:
    """Return the condition of a referral that still waits: for screening, or to come again after it was sent back.

    The newest of an open case, as for the timescales (``policy.obligations.all.owed_on_referrals``); one sent back
    waits no longer once a level was decided.
    """
    later = aliased(Referral)
    newest = ~exists().where(
        later.case_id == Referral.case_id,
        or_(
            later.received_on > Referral.received_on,
            and_(later.received_on == Referral.received_on, later.id > Referral.id),
        ),
    )
    level_since = exists().where(LevelSpell.case_id == Referral.case_id, LevelSpell.since >= Referral.returned_on)
    waits = or_(Referral.decided_on.is_(None), Referral.returned_on.is_not(None))
    return and_(Case.closed_on.is_(None), newest, waits, or_(Referral.returned_on.is_(None), ~level_since))


def levels(session: Session, case: Case) -> list[View]:
    """Return the history of levels of a case, the oldest first."""
    spells = session.scalars(
        select(LevelSpell).where(LevelSpell.case_id == case.id).order_by(LevelSpell.since, LevelSpell.id)
    )
    return [
        {
            "level": spell.level,
            "category": spell.category,
            "since": day(spell.since),
            "decided_by": spell.decided_by,
            "reason": spell.reason,
        }
        for spell in spells
    ]


# Drafts


def drafts(session: Session, *, crns: Sequence[str] = (), unsettled: bool = False) -> Iterator[View]:
    """Yield the forms that were refused and kept, by number; ``crns``: as the person was named when it was typed."""
    query = given(
        select(Draft.id, Draft.crn, Draft.kind, Draft.reasons, Draft.kept_at, Draft.kept_by, Draft.settled_at).order_by(
            Draft.id
        ),
        Draft.crn.in_(crns) if crns else None,
        Draft.settled_at.is_(None) if unsettled else None,
    )
    for row in session.execute(query.execution_options(yield_per=BATCH)):
        yield {
            "draft": row.id,
            "crn": row.crn,
            "kind": row.kind,
            "reasons": list(row.reasons),
            "kept_at": iso(row.kept_at),
            "kept_by": row.kept_by,
            "settled_at": iso(row.settled_at),
        }


# Documents


def find_meeting(session: Session, case: Case, number: int) -> Meeting | None:
    """Return a meeting of a case by its number."""
    return session.scalar(select(Meeting).where(Meeting.case_id == case.id, Meeting.number == number))


def numbers_of_meetings(session: Session, case: Case) -> list[int]:
    """Return the numbers of the meetings of a case."""
    return list(session.scalars(select(Meeting.number).where(Meeting.case_id == case.id).order_by(Meeting.number)))


def versions(session: Session, meeting: Meeting) -> list[MinutesVersion]:
    """Return the versions of the minutes of a meeting, the oldest first."""
    query = select(MinutesVersion).where(MinutesVersion.meeting_id == meeting.id)
    return list(session.scalars(query.order_by(MinutesVersion.version)))


def minutes_view(person: Person, case: Case, meeting: Meeting, version: MinutesVersion) -> View:
    """Return the JSON object of one version of the minutes."""
    return {
        "crn": person.crn,
        "case": case.reference,
        "meeting": meeting.number,
        "version": version.version,
        "state": version.state,
        "written_by": version.written_by,
        "written_on": day(version.written_on),
        "approved_by": version.approved_by,
        "approved_on": day(version.approved_on),
        "final_on": day(version.final_on),
        "text": version.text,
        "html": version.html,
    }
