"""Who must be at a meeting, and whom to invite for each agency: a named person, with role and reason."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from casework import problems
from casework.facts.attendance import case_for_attendance, newest_referrals
from models.audit import Change, append
from models.cases import Case
from models.meetings import Meeting, Participant
from models.record import policies
from models.referrals import Referral
from policy.addresses import ascii_address
from policy.agencies import Agency
from policy.attendance import Required, required
from policy.calendar import london_date
from policy.roles import Role
from policy.vocabulary import FactKind, MeetingState

STAGE = "meetings"


class Found(Protocol):
    """Somebody the directory knows."""

    @property
    def email(self) -> str:
        """The address."""

    @property
    def name(self) -> str | None:
        """The name."""

    @property
    def role(self) -> str:
        """The role in which they answer."""

    @property
    def stands_in_for(self) -> str | None:
        """The role that had nobody."""


class Resolve(Protocol):
    """Looks up who holds a role of an agency for a case, up the line where nobody does."""

    def __call__(self, case: Case, role: str, agency: str, place: str | None) -> Found | None:
        """Return who it is, or None."""


@dataclass(frozen=True, slots=True)
class Prepared:
    """What became of a meeting: its case, what was done, who still has nobody to invite."""

    meeting: Meeting
    case: Case
    what: str
    vacant: tuple[str, ...] = ()


def prepare(
    session: Session, meeting_ids: Sequence[int], resolve: Resolve, as_at: datetime, actor: str
) -> list[Prepared]:
    """Work out who must be at planned meetings, and note that each of these meetings has been looked at.

    Somebody already on the list stays; an agency that has come to be required is added. An agency for which
    nobody is known is put on the list all the same, and to a person.
    """
    # The case before its meetings, as whoever records a fact locks them: neither then waits for the other for ever.
    of_meetings = select(Meeting.case_id).where(Meeting.id.in_(meeting_ids))
    session.execute(select(Case.id).where(Case.id.in_(of_meetings)).order_by(Case.id).with_for_update())
    meetings = session.scalars(
        select(Meeting)
        .where(Meeting.id.in_(meeting_ids), Meeting.prepare_at.is_not(None))
        .options(selectinload(Meeting.participants), selectinload(Meeting.case).selectinload(Case.person))
        .order_by(Meeting.id)
        .with_for_update()
    ).all()
    referrals = newest_referrals(session, [meeting.case_id for meeting in meetings])
    subjects = [problem_subject(meeting) for meeting in meetings]
    asked = problems.open_questions(session, STAGE, subjects)
    prepared, changes = [], []
    for meeting in meetings:
        case = meeting.case
        vacant: list[str] = []
        added: list[Participant] = []
        if meeting.state == MeetingState.PLANNED and case.closed_on is None:
            added = list_participants(session, meeting, referrals.get(case.id), resolve, as_at)
            vacant = [p.agency for p in meeting.participants if p.required and not p.email]
        questions = [f"meeting {meeting.number}: nobody is known to invite for {agency}" for agency in vacant]
        problems.ask(
            session,
            STAGE,
            problem_subject(meeting),
            case.id,
            questions,
            as_at,
            asked.get(problem_subject(meeting)),
            [FactKind.MEETING, FactKind.MEETING_CANCEL],
        )
        meeting.prepare_at, meeting.prepared_at = None, as_at
        if added:
            listed = [[p.agency, p.name, p.reason] for p in added]
            changes.append(Change(f"case/{case.id}", "participants-listed", f"meeting {meeting.number}",
                                  None, {"participants": listed}))  # fmt: skip
        prepared.append(Prepared(meeting, case, meeting.state, tuple(vacant)))
    session.flush()
    append(session, changes, actor=actor, at=as_at)
    return prepared


def problem_subject(meeting: Meeting) -> str:
    """Return how a question about the list of a meeting is filed."""
    return f"meeting {meeting.id}"


def list_participants(
    session: Session, meeting: Meeting, referral: Referral | None, resolve: Resolve, as_at: datetime
) -> list[Participant]:
    """Add who is required and not yet on the list of a planned meeting, and its Chair; return who was added."""
    case = meeting.case
    policy = policies(session).for_area(case.area, london_date(as_at))
    present = {p.agency for p in meeting.participants if p.required}
    wanted = {one["agency"]: one for one in (referral.data.get("agencies", ()) if referral else ())}
    added = []
    if meeting.chair_email is None:
        chair = resolve(case, Role.CHAIR, Agency.MAPPA_UNIT, None)
        if chair is not None:
            meeting.chair_email, meeting.chair_name = chair.email, meeting.chair_name or chair.name
    if meeting.chair_email and not any(p.role == Role.CHAIR for p in meeting.participants):
        added.append(Participant(agency=Agency.MAPPA_UNIT.value, name=meeting.chair_name, role=Role.CHAIR.value,
                                 email=meeting.chair_email, required=False, reason="you chair it"))  # fmt: skip
    wants = required(case_for_attendance(case, referral), meeting.on, policy.attendance)
    for one in wants:
        if one.agency not in present:
            speaks = policy.agencies[one.agency].spoken_for_by
            added.append(participant(case, one, speaks, wanted.get(one.agency), resolve))
    meeting.participants.extend(added)
    return added


def participant(
    case: Case, one: Required, speaks: Role, wanted: dict[str, Any] | None, resolve: Resolve
) -> Participant:
    """Return the entry of a required agency: the person the referral names, else whom case and directory know.

    ``speaks``: the role that speaks for the agency.
    """
    row = Participant(agency=one.agency, required=True, reason=one.reason[:300])
    if wanted and ascii_address(wanted["contact"]):
        row.name, row.role, row.email = wanted["name"], wanted["role"], wanted["contact"]
        return row
    role = Role.OFFENDER_MANAGER if one.agency == case.lead_agency else speaks
    found = resolve(case, role, one.agency, one.place)
    if found is not None and found.role != role and role != Role.REPRESENTATIVE:
        # Nobody manages the case for this agency: whoever represents it comes before the line above.
        found = resolve(case, Role.REPRESENTATIVE, one.agency, one.place) or found
    if found is not None:
        row.name, row.role, row.email = found.name, found.role, found.email
        row.stands_in_for = found.stands_in_for
    elif wanted:
        row.name, row.role = wanted["name"], wanted["role"]
    return row
