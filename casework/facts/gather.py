"""Gather the facts of cases as the rules see them: a handful of queries, whatever the number of cases."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from casework.facts.between_meetings import (
    Measures,
    by,
    charge_facts,
    disclosure_fact,
    event_fact,
    notification_fact,
    order_facts,
    plan_causes,
    read_measures,
    transfer_facts,
)
from casework.facts.ends import ending_facts
from casework.facts.outside import (
    outside_facts,
    read_planned_visits,
    read_restricted_work,
    read_visits_of_meetings,
)
from casework.facts.person import own_views_facts, visor_facts, visor_from
from casework.facts.problems import failure_facts, question_facts, read_problems
from casework.facts.release_day import day_of_release
from casework.facts.safeguarding import Harms, conference_facts, confirmed_facts, holds_since, read_harms
from casework.facts.standing import last_day_on_licence
from casework.facts.whereabouts import last_recall, release_and_floor, where_over_time
from models.base import Base, table_of
from models.cases import Case, Fact
from models.meetings import Absence, Action, Meeting, Participant
from models.people import Sentence
from models.record import policies, working_calendar
from models.referrals import LevelSpell, Referral
from policy.book import PolicyBook
from policy.calendar import WorkingCalendar, london_date
from policy.facts import (
    AbsenceFact,
    ActionFact,
    CaseFacts,
    IdentificationFact,
    LevelFact,
    MeetingFact,
    Named,
    ReferralFact,
    ReviewFact,
    UrgentFact,
)
from policy.outcomes import Closing
from policy.subjects import Subject
from policy.vocabulary import Category, FactKind, Level, Location, MeetingState

OF_REFERRAL = ("id", "received_on", "complete", "returned_on", "decided_on")
OF_ABSENCE = ("meeting_id", "agency", "nth", "contact_email", "contact_name", "settled_on", "invited",
              "withdrawn_because")  # fmt: skip
OF_ACTION = (
    "id",
    "number",
    "meeting_id",
    "set_on",
    "due_on",
    "dated_on",
    "agency",
    "owner_email",
    "owner_name",
    "closed_on",
)
OF_INTEREST = (
    FactKind.PRISON_NOTICE.value,
    FactKind.LEVEL_1_REVIEW.value,
    FactKind.INCIDENT.value,
    FactKind.OFFENCE_REPORT.value,
    FactKind.CASE_REVIEW.value,
    FactKind.RELEASE_DATE.value,
    FactKind.RELEASE_DAY.value,
    FactKind.DATES_CHECK.value,
    FactKind.FIRST_NOTIFICATION.value,
    FactKind.NEIGHBOURHOOD_TOLD.value,
    FactKind.PRISON_REPORT.value,
    FactKind.LICENCE_CONDITIONS.value,
    FactKind.ACCOMMODATION.value,
    FactKind.JOBCENTRE_NOTICE.value,
    FactKind.POLICE_NOTIFICATION.value,
    FactKind.DETAILS_CHANGE.value,
    FactKind.FOREIGN_TRAVEL.value,
    FactKind.TRAVEL_RETURN.value,
    FactKind.MISSING_DECISION.value,
    FactKind.ACTION_OWNER.value,
    FactKind.VISIT.value,
    FactKind.EVENT_REVIEW.value,
    FactKind.NOTIFICATION_REVIEW.value,
    FactKind.EXIT_PLAN.value,
    FactKind.END_OF_SENTENCE_CHECK.value,
    FactKind.CLOSURE.value,
    FactKind.STATUS_TOLD.value,
    FactKind.OWN_VIEWS.value,
    FactKind.VISOR_RECORD.value,
    FactKind.PLAN_CONFIRMED.value,
    FactKind.CONFERENCE.value,
)
# What the prison says of the release dates.
TELL_OF_DATES = (FactKind.PRISON_NOTICE, FactKind.RELEASE_DATE, FactKind.DATES_CHECK)


@dataclass(frozen=True, slots=True)
class Gathered:
    """What the record holds of some cases, by case id; people invited by meeting id."""

    sentences: dict[int, list[Sentence]]
    facts: dict[int, list[Any]]
    referrals: dict[int, list[Any]]
    levels: dict[int, list[Any]]
    meetings: dict[int, list[Any]]
    absences: dict[int, list[Any]]
    actions: dict[int, list[Any]]
    invited: dict[int, list[Named]]
    measures: Measures
    calendar: WorkingCalendar
    problems: dict[int, list[Any]]
    restricted_work: dict[int, date]
    planned_visits: dict[int, list[tuple[date, list[Any]]]]
    visits_of_meetings: dict[int, list[Any]]
    policies: PolicyBook
    harms: Harms


def gather(session: Session, ids: Sequence[int]) -> Gathered:
    """Read what the rules need of cases."""

    def rows(table: type[Base], columns: Sequence[str], *order: str) -> Iterable[Any]:
        # Plain columns, and only those that say something about time: forms and records of meetings are long.
        wanted = [table_of(table).c[name] for name in ("case_id", *columns)]
        query = select(*wanted).where(table_of(table).c.case_id.in_(ids))
        return session.execute(query.order_by(*(table_of(table).c[name] for name in order))).all()

    meetings = session.execute(
        select(
            Meeting.id, Meeting.case_id, Meeting.number, Meeting.state, Meeting.level, Meeting.starts_at,
            Meeting.planned_on, Meeting.chair_email, Meeting.chair_name, Meeting.minutes_on, Meeting.posted_on,
        )
        .where(Meeting.case_id.in_(ids), Meeting.state != MeetingState.CANCELLED)
        .order_by(Meeting.starts_at, Meeting.id)
    ).all()  # fmt: skip
    planned = [meeting.id for meeting in meetings if meeting.state == MeetingState.PLANNED]
    sentences = session.scalars(select(Sentence).where(Sentence.case_id.in_(ids)).order_by(Sentence.id))
    facts = session.execute(
        select(Fact.case_id, Fact.id, Fact.kind, Fact.on_date, Fact.recorded_at, Fact.data)
        .where(Fact.case_id.in_(ids), Fact.kind.in_(OF_INTEREST))
        .order_by(Fact.on_date, Fact.id)
    ).all()
    return Gathered(
        sentences=by(sentences, lambda row: row.case_id),
        facts=by(facts, lambda row: row.case_id),
        referrals=by(rows(Referral, OF_REFERRAL, "received_on", "id"), lambda row: row.case_id),
        levels=by(rows(LevelSpell, ("level", "since"), "since", "id"), lambda row: row.case_id),
        meetings=by(meetings, lambda row: row.case_id),
        absences=by(rows(Absence, OF_ABSENCE, "id"), lambda row: row.meeting_id),
        actions=by(rows(Action, OF_ACTION, "id"), lambda row: row.case_id),
        invited=invited_to(session, planned),
        measures=read_measures(session, ids),
        calendar=working_calendar(session),
        problems=read_problems(session, ids),
        restricted_work=read_restricted_work(session, ids),
        planned_visits=read_planned_visits(session, ids),
        visits_of_meetings=read_visits_of_meetings(session, ids),
        policies=policies(session),
        harms=read_harms(session, ids),
    )


def invited_to(session: Session, meeting_ids: Sequence[int]) -> dict[int, list[Named]]:
    """Return who is invited to meetings: each address once."""
    found: dict[int, dict[str, Named]] = defaultdict(dict)
    if meeting_ids:
        query = select(Participant.meeting_id, Participant.email, Participant.name).where(
            Participant.meeting_id.in_(meeting_ids), Participant.email.is_not(None)
        )
        for meeting_id, email, name in session.execute(query.order_by(Participant.id)):
            address = email or ""
            found[meeting_id].setdefault(address, (address, name or ""))
    return {meeting_id: list(people.values()) for meeting_id, people in found.items()}


def facts_of(case: Case, found: Gathered, as_at: datetime) -> CaseFacts:
    """Return what the rules need to know of a case.

    No mark lies before a recall.
    """
    sentences, of_kind, measures = found.sentences[case.id], by_kind(found.facts[case.id]), found.measures
    events = measures.events[case.id]
    recalled_on = last_recall(events)
    release, floor = release_and_floor(case, sentences, london_date(as_at), recalled_on)
    floor = max(floor, recalled_on)
    levels = tuple(LevelFact(Level(row.level), row.since) for row in found.levels[case.id])
    return CaseFacts(
        location=Location(case.location),
        eligible=case.category is not None,
        closed_on=case.closed_on,
        opened_in_error=opened_in_error(case, of_kind),
        lead_agency=case.lead_agency,
        sentence_date=floor,
        release_date=release,
        door_opens_on=day_of_release(release, of_kind[FactKind.RELEASE_DAY.value], found.calendar),
        identifications=tuple(
            IdentificationFact(Subject(row=s.id), s.sentence_date, s.identified_on, s.identifying_agency)
            for s in sentences
        ),
        stays=where_over_time(case, sentences, events, found.calendar),
        categories=frozenset(Category(number) for number in case.categories),
        prison_notices=days_of(of_kind, FactKind.PRISON_NOTICE),
        dates_told=(*days_of(of_kind, *TELL_OF_DATES), *decisions_on_release(events)),
        notified_on=days_of(of_kind, FactKind.FIRST_NOTIFICATION),
        neighbourhood_told_on=days_of(of_kind, FactKind.NEIGHBOURHOOD_TOLD),
        referrals=tuple(referral_fact(row) for row in found.referrals[case.id]),
        levels=levels,
        reviews=tuple(
            ReviewFact(
                fact.on_date,
                tuple(fact.data["agencies"]),
                Subject("review", row=fact.id),
                fact.data.get("outcome") == "refer",
            )
            for fact in of_kind[FactKind.LEVEL_1_REVIEW.value]
        ),
        meetings=tuple(meeting_fact(row, found) for row in found.meetings[case.id]),
        actions=tuple(action_fact(row, found.meetings[case.id], of_kind) for row in found.actions[case.id]),
        urgent=tuple(urgent_facts(of_kind)),
        opened_on=case.opened_on,
        endings=tuple(ending_facts(case, sentences, of_kind)),
        charges=tuple(charge_facts(events, of_kind, lambda on: level_on(levels, on))),
        disclosures=tuple(disclosure_fact(row) for row in measures.disclosures[case.id]),
        plans_on=tuple(row.written_on for row in measures.plans[case.id]),
        plan_causes=tuple(plan_causes(measures.contacts[case.id], measures.plans[case.id], of_kind)),
        events=tuple(event_fact(row) for row in events),
        orders=tuple(order_facts(measures.orders[case.id])),
        notification=notification_fact(case, of_kind),
        transfers=tuple(transfer_facts(measures.transfers[case.id])),
        questions=question_facts(found.problems[case.id]),
        failures=failure_facts(found.problems[case.id]),
        circumstances=frozenset(name for name, holds in (case.circumstances or {}).items() if holds is True),
        police_named=bool(case.police_offender_manager or case.police_offender_manager_email),
        licence_until=last_day_on_licence(sentences),
        licence_proposed_on=days_of(of_kind, FactKind.LICENCE_CONDITIONS),
        prison_reported_on=days_of(of_kind, FactKind.PRISON_REPORT),
        outside=outside_facts(
            of_kind,
            found.restricted_work.get(case.id),
            found.planned_visits[case.id],
            found.visits_of_meetings[case.id],
        ),
        status_told_on=days_of(of_kind, FactKind.STATUS_TOLD),
        own_views=own_views_facts(of_kind),
        visor_from=visor_from(case, found.policies.for_area(case.area, london_date(as_at))),
        on_visor=visor_facts(of_kind),
        conferences=conference_facts(of_kind),
        holds_since=holds_since(case, found.harms),
        assessed_by=found.harms.assessed[case.id],
        plans_confirmed=confirmed_facts(of_kind),
    )


def opened_in_error(case: Case, of_kind: dict[str, list[Any]]) -> bool:
    """Tell whether a case should never have been: somebody said so, or all that it rested on was told in error."""
    said = any(fact.data["why"] == "recorded_in_error" for fact in of_kind[FactKind.CLOSURE.value])
    return said or (case.closed_reason or "").startswith((Closing.SENTENCE_WITHDRAWN, Closing.REGISTRATION_WITHDRAWN))


def days_of(of_kind: dict[str, list[Any]], *kinds: FactKind) -> tuple[date, ...]:
    """Return the days of the facts of some kinds."""
    return tuple(fact.on_date for kind in kinds for fact in of_kind[kind.value])


def decisions_on_release(events: Iterable[Any]) -> Iterator[date]:
    """Yield the days of the events that say when the person is to leave custody."""
    return (row.on_date for row in events if row.data.get("release_date") or row.data.get("next_review_on"))


def level_on(levels: Sequence[LevelFact], on: date) -> int | None:
    """Return the level that held on a day."""
    return next((spell.level for spell in reversed(levels) if spell.since <= on), None)


def urgent_facts(facts: dict[str, list[Any]]) -> Iterator[UrgentFact]:
    """Yield the incidents, and the reviews of events, that ask for an urgent meeting."""
    for fact in facts[FactKind.INCIDENT.value]:
        if (fact.data.get("urgent_meeting") or {}).get("needed"):
            yield UrgentFact(Subject("incident", row=fact.id), fact.on_date)
    for fact in facts[FactKind.EVENT_REVIEW.value]:
        if fact.data["meeting"] == "needed":
            yield UrgentFact(Subject("review", row=fact.id), fact.on_date)


def by_kind(facts: Iterable[Any]) -> dict[str, list[Any]]:
    """Return facts by their kind."""
    found: dict[str, list[Any]] = defaultdict(list)
    for fact in facts:
        found[fact.kind].append(fact)
    return found


def referral_fact(row: Any) -> ReferralFact:
    """Return a referral as the rules see it."""
    return ReferralFact(Subject(row=row.id), row.received_on, row.complete, row.returned_on, row.decided_on)


def meeting_fact(row: Any, found: Gathered) -> MeetingFact:
    """Return a meeting as the rules see it."""
    return MeetingFact(
        subject=Subject(row=row.id),
        number=row.number,
        on=london_date(row.starts_at),
        planned_on=row.planned_on,
        level=row.level,
        held=row.state == MeetingState.HELD,
        invitees=tuple(found.invited.get(row.id, ())),
        chair=(row.chair_email or "", row.chair_name or ""),
        minutes_on=row.minutes_on,
        posted_on=row.posted_on,
        absences=tuple(absence_fact(a) for a in found.absences.get(row.id, ())),
    )


def absence_fact(row: Any) -> AbsenceFact:
    """Return an absence as the rules see it."""
    contact = (row.contact_email or "", row.contact_name or "")
    return AbsenceFact(row.agency, row.nth, contact, row.settled_on, row.invited, row.withdrawn_because)


def action_fact(row: Any, meetings: Iterable[Any], of_kind: dict[str, list[Any]]) -> ActionFact:
    """Return an action as the rules see it, with the Chair of the meeting that set it."""
    meeting = next((m for m in meetings if m.id == row.meeting_id), None)
    chair = (meeting.chair_email or "", meeting.chair_name or "") if meeting else ("", "")
    return ActionFact(
        Subject(row=row.id),
        row.number,
        row.set_on,
        row.due_on,
        row.agency,
        (row.owner_email or "", row.owner_name),
        chair,
        row.closed_on,
        row.dated_on,
        tuple(fact.on_date for fact in of_kind[FactKind.ACTION_OWNER.value] if fact.data["action"] == row.number),
    )
