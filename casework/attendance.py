"""Who must be at a meeting, and whom to invite for each agency: a named person, with role and reason."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from casework import problems
from casework.facts.attendance import attendance_facts, basis_of, newest_referrals, wanted_at
from models.audit import Change, append
from models.cases import Case
from models.meetings import Meeting, Participant
from models.record import policies
from models.referrals import Referral
from policy.addresses import ascii_address
from policy.agencies import Agency
from policy.attendance import Required, guest_area
from policy.roles import Role, stands_outside
from policy.vocabulary import FactKind, MeetingState

STAGE = "meetings"
# What ends the question whom to invite.
ANSWER = [FactKind.MEETING, FactKind.MEETING_CANCEL]


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


# Why somebody of another area is on a list: the name of the area follows.
GUEST = "another area has a part in the case:"


class Resolve(Protocol):
    """Looks up who holds a role of an agency for a case, up the line where nobody does."""

    def __call__(self, case: Case, role: str, agency: str, place: str | None, area: str | None = None) -> Found | None:
        """Return who it is, or None; ``area``: looked up there, where that is another than the case's."""


@dataclass(frozen=True, slots=True)
class Prepared:
    """What became of a meeting: its case, what was done, who still has nobody to invite.

    ``newly_listed`` are the addresses that came on the list, or came on it for one more agency.
    """

    meeting: Meeting
    case: Case
    what: str
    vacant: tuple[str, ...] = ()
    newly_listed: frozenset[str] = frozenset()


def prepare(
    session: Session, meeting_ids: Sequence[int], resolve: Resolve, as_at: datetime, actor: str
) -> list[Prepared]:
    """Work out who must be at planned meetings, and note that each of these meetings has been looked at.

    The list follows the case: an agency that has come to be required is added, one that no longer is goes, and where
    somebody else now speaks for it, so does the list. An agency for which nobody is known, or only somebody who stands
    in, is put on the list all the same, and to a person.
    """
    meetings = locked(session, meeting_ids)
    cases = list({meeting.case_id: meeting.case for meeting in meetings}.values())
    facts = attendance_facts(session, cases)
    referrals = newest_referrals(session, [case.id for case in cases])
    asked = problems.open_questions(session, STAGE, [problem_subject(meeting) for meeting in meetings])
    prepared: list[Prepared] = []
    changes: list[Change] = []
    for meeting in meetings:
        case = meeting.case
        listed = Listed()
        vacant: list[str] = []
        if meeting.state == MeetingState.PLANNED and case.closed_on is None:
            wants = wanted_at(session, case, meeting, facts[case.id])
            other = guest_area(facts[case.id], meeting.on)
            listed = list_participants(session, meeting, wants, referrals.get(case.id), resolve, other)
            meeting.basis = basis_of(case, meeting, facts[case.id], wants)
            vacant = [p.agency for p in meeting.participants if p.required and not is_own(p)]
        questions = [f"meeting {meeting.number}: nobody is known to invite for {agency}" for agency in vacant]
        subject = problem_subject(meeting)
        problems.ask(session, STAGE, subject, case.id, questions, as_at, asked.get(subject), ANSWER)
        meeting.prepare_at, meeting.prepared_at = None, as_at
        changes += listed.changes(meeting)
        newly = frozenset(p.email for p in listed.added if p.email)
        prepared.append(Prepared(meeting, case, meeting.state, tuple(vacant), newly))
    session.flush()
    append(session, changes, actor=actor, at=as_at)
    return prepared


def locked(session: Session, meeting_ids: Sequence[int]) -> Sequence[Meeting]:
    """Return those of some meetings that wait to be looked at, locked, with their lists and cases."""
    # The case before its meetings, as whoever records a fact locks them: neither then waits for the other for ever.
    of_meetings = select(Meeting.case_id).where(Meeting.id.in_(meeting_ids))
    session.execute(select(Case.id).where(Case.id.in_(of_meetings)).order_by(Case.id).with_for_update())
    return session.scalars(
        select(Meeting)
        .where(Meeting.id.in_(meeting_ids), Meeting.prepare_at.is_not(None))
        .options(selectinload(Meeting.participants), selectinload(Meeting.case).selectinload(Case.person))
        .order_by(Meeting.id)
        .with_for_update()
    ).all()


@dataclass(slots=True)
class Listed:
    """What changed on the list of a meeting."""

    added: list[Participant] = field(default_factory=list)
    taken_off: list[Participant] = field(default_factory=list)

    def changes(self, meeting: Meeting) -> Iterator[Change]:
        """Yield what is to be written down."""
        for action, rows in (("participants-listed", self.added), ("participants-taken-off", self.taken_off)):
            if rows:
                told = {"participants": [[p.agency, p.name, p.reason] for p in rows]}
                before, after = (None, told) if rows is self.added else (told, None)
                yield Change(f"case/{meeting.case_id}", action, f"meeting {meeting.number}", before, after)


def problem_subject(meeting: Meeting) -> str:
    """Return how a question about the list of a meeting is filed."""
    return f"meeting {meeting.id}"


def list_participants(
    session: Session,
    meeting: Meeting,
    wants: Sequence[Required],
    referral: Referral | None,
    resolve: Resolve,
    other_area: str | None = None,
) -> Listed:
    """Bring the list of a planned meeting up to who is required, with its Chair; return what changed.

    ``other_area``: one that has a part in the case, whose coordinator is invited too.
    """
    case = meeting.case
    agencies = policies(session).for_area(case.area, meeting.on).agencies
    named = {one["agency"]: one for one in (referral.data.get("agencies", ()) if referral else ())}
    listed = Listed()
    if meeting.chair_email is None:
        chair = resolve(case, Role.CHAIR, Agency.MAPPA_UNIT, None)
        if chair is not None:
            meeting.chair_email, meeting.chair_name = chair.email, meeting.chair_name or chair.name
    if meeting.chair_email and not any(p.role == Role.CHAIR for p in meeting.participants):
        listed.added.append(Participant(agency=Agency.MAPPA_UNIT.value, name=meeting.chair_name, role=Role.CHAIR.value,
                                        email=meeting.chair_email, required=False, reason="you chair it"))  # fmt: skip
    before = {p.agency: p for p in meeting.participants if p.required}
    for one in wants:
        speaks = agencies[one.agency].spoken_for_by
        wanted, known = participant(case, one, speaks, named.get(one.agency), resolve), before.pop(one.agency, None)
        if known is None or known.email != wanted.email:
            listed.added.append(wanted)
            listed.taken_off += [known] if known is not None else []
        else:
            known.name, known.role, known.stands_in_for = wanted.name, wanted.role, wanted.stands_in_for
            known.reason = wanted.reason
    listed.taken_off += before.values()
    invite_guest(meeting, resolve, other_area, listed)
    put_on_list(session, meeting, listed)
    return listed


def invite_guest(meeting: Meeting, resolve: Resolve, area: str | None, listed: Listed) -> None:
    """Bring the guest of a list up to the other area that has a part in the case: its coordinator."""
    reason = f"{GUEST} {area}" if area else ""
    there = [one for one in meeting.participants if not one.required and (one.reason or "").startswith(GUEST)]
    listed.taken_off += [one for one in there if one.reason != reason]
    if area is None or any(one.reason == reason for one in there):
        return
    found = resolve(meeting.case, Role.COORDINATOR, Agency.MAPPA_UNIT, None, area)
    if found is not None:
        listed.added.append(Participant(agency=Agency.MAPPA_UNIT.value, name=found.name, role=found.role,
                                        email=found.email, required=False, reason=reason))  # fmt: skip


def put_on_list(session: Session, meeting: Meeting, listed: Listed) -> None:
    """Write what changed on a list that has been looked at before as a new state of the event."""
    for row in listed.taken_off:
        meeting.participants.remove(row)
        session.delete(row)
    meeting.participants.extend(listed.added)
    if meeting.prepared_at is not None and any(row.email for row in (*listed.added, *listed.taken_off)):
        meeting.sequence += 1


def is_own(one: Participant) -> bool:
    """Tell whether somebody of the agency itself is invited, not somebody of the area who stands in."""
    return one.email is not None and not (one.stands_in_for and stands_outside(one.role))


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
    found = resolve(case, role, one.agency, one.place, one.area)
    if found is not None and found.role != role and role != Role.REPRESENTATIVE:
        # Nobody manages the case for this agency: whoever represents it comes before the line above.
        found = resolve(case, Role.REPRESENTATIVE, one.agency, one.place, one.area) or found
    if found is not None:
        row.name, row.role, row.email = found.name, found.role, found.email
        row.stands_in_for = found.stands_in_for
    elif wanted:
        row.name, row.role = wanted["name"], wanted["role"]
    return row
