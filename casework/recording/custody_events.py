"""What happens in custody, on leave or on licence: each event opens, closes or re-dates something.

Source: docs/reference/events.md.

Whom an event is told stands in the policy (``event_review``, by event), and of which the victim liaison officer hears.
"""

import datetime
from collections.abc import Callable, Iterator
from typing import Annotated, Literal

from pydantic import model_validator
from sqlalchemy import select

from casework import episodes
from casework.change import CaseChange
from casework.closing import close_case
from casework.errors import RefusedError
from casework.events import add_event
from casework.facts.standing import governing, not_after_its_end
from casework.facts.whereabouts import OUTSIDE_SINCE, last_recall, left_custody, release_and_floor
from casework.identification import DIED, follow_moves
from casework.recording.fact_type import CASE_MANAGERS, UNIT, FactType, Group, always
from casework.recording.forms import Form, Name, OwnWords, WrittenOut, label
from models.events import CustodyEvent
from models.people import Sentence
from models.record import working_calendar
from policy.dates import Ahead
from policy.events import LEAVES, MOVES, EventKind
from policy.roles import Role
from policy.texts import same
from policy.vocabulary import CUSTODIAL, FactKind, Level, Location

OF_EVERY_EVENT = ("date", "event", "what", "by")


class CustodyEventForm(Form):
    """Something happened to a person in custody, on leave or on licence."""

    date: Annotated[datetime.date, label("Date of the event", "The day on which it happened.", "2027-05-03")]
    event: Annotated[
        EventKind,
        label("Event", "What kind of event it is. A changed release date has a form of its own.", "recall"),
    ]
    what: Annotated[
        OwnWords,
        label(
            "What happened",
            "What happened, in a sentence or two.",
            "He missed two curfews, and was found drunk at the uncle's flat.",
        ),
    ]
    by: Annotated[Name, label("Reported by", "Who reports the event.", "Olive Example")]
    prison: Annotated[
        Name | None,
        label("Prison", "After a transfer or a recall: the prison that holds the person now.", "HMP Example"),
    ] = None
    release_date: Annotated[
        datetime.date | None,
        label(
            "Release date",
            "The day of release that the Parole Board directs, or the next one known after a recall.",
            "2027-11-26",
            ahead=Ahead.END,
        ),
    ] = None
    decision: Annotated[
        Literal["release_directed", "refused", "adjourned"] | None,
        label("Parole decision", "What the Parole Board decided.", "refused", shown=False),
    ] = None
    next_review_on: Annotated[
        datetime.date | None,
        label(
            "Next parole hearing",
            "After a refusal: the day of the next hearing.",
            "2028-05-12",
            shown=False,
            ahead=Ahead.APPOINTMENT,
        ),
    ] = None
    starts_on: Annotated[
        datetime.date | None,
        label(
            "Leave begins",
            "The first day of the leave. Hospital leave needs it.",
            "2027-05-10",
            shown=False,
            ahead=Ahead.APPOINTMENT,
        ),
    ] = None
    until: Annotated[
        datetime.date | None,
        label(
            "Leave ends", "The day by which the person is due back.", "2027-05-12", shown=False, ahead=Ahead.APPOINTMENT
        ),
    ] = None
    coordinator_told_on: Annotated[
        datetime.date | None,
        label(
            "Coordinator told on",
            "Of hospital leave: the day on which the MAPPA coordinator was told, which must be before it begins.",
            "2027-05-03",
            shown=False,
        ),
    ] = None
    offence: Annotated[
        OwnWords | None,
        label("Offence charged", "Of a further charge: the offence.", "Wounding with intent", shown=False),
    ] = None
    serious: Annotated[
        bool | None,
        label(
            "Serious further offence",
            "Of a further charge: whether it is for a serious further offence.",
            True,
            shown=False,
        ),
    ] = None
    result: Annotated[
        Literal["clear", "not_clear", "inconclusive", "not_taken"] | None,
        label(
            "Result",
            "Of a polygraph test, or of a drug or alcohol test: what it showed. A clear one needs no review.",
            "not_clear",
            shown=False,
        ),
    ] = None
    conditions: Annotated[
        WrittenOut | None,
        label(
            "New conditions",
            "Of changed conditions: the licence conditions as they are now, word for word.",
            "Not to enter Chapeltown, Leeds; to be at the approved premises from 19:00 to 07:00.",
            shown=False,
        ),
    ] = None

    @model_validator(mode="after")
    def it_tells_what_the_event_needs(self) -> "CustodyEventForm":
        """Refuse an event that leaves out what follows from it, and one that has a form of its own."""
        if self.event is EventKind.RELEASE_DATE_CHANGED:
            raise ValueError("event: a changed release date is recorded with 'release-date'")
        wanted = list(self.event.spec.asks)
        if self.decision == "release_directed":
            wanted.append("release_date")
        missing = [name for name in wanted if getattr(self, name) is None]
        if missing:
            raise ValueError(f"{self.event.replace('_', ' ')}: give {', '.join(missing)} too")
        known = (*OF_EVERY_EVENT, *wanted, *self.event.spec.may_tell)
        told = [name for name in type(self).model_fields if getattr(self, name) is not None and name not in known]
        if told:
            raise ValueError(f"{self.event.replace('_', ' ')}: leave out {', '.join(told)}")
        began, field = (self.starts_on, "starts_on") if self.starts_on else (self.date, "date")
        if self.until is not None and self.until < began:
            raise ValueError(f"until: {self.until} is before the leave begins ({field}), {began}")
        return self


def apply_event(change: CaseChange, form: CustodyEventForm) -> str:
    """Write the event down and do what follows from it."""
    if reasons := list(refuse_event(change, form)):
        raise RefusedError(reasons)
    case = change.case
    event = add_event(
        change.session,
        case,
        form.event,
        form.date,
        change.as_at,
        form.model_dump(mode="json", exclude={"date", "event"}, exclude_none=True) | dict(outside_before(change, form)),
        from_on=(form.starts_on or form.date) if form.event in LEAVES else None,
        until_on=form.until if form.event in LEAVES else None,
        serious=bool(form.serious),
    )
    before = {"location": case.location, "prison": case.prison, "release_date": str(case.release_date)}
    overtaken = form.event in MOVES and moved_later(change, form.date)
    follows = "; what happened since stands" if overtaken else ""
    if form.event in FOLLOWS and not overtaken:
        follows = FOLLOWS[form.event](change, form)
    if form.event in MOVES:
        follow_moves(change.session, case, change.as_at, change.actor)
    after = {"location": case.location, "prison": case.prison, "release_date": str(case.release_date)}
    if before != after:
        change.note("custody-event", f"event {event.number}", before, after)
    return f"event {event.number}: {form.event.replace('_', ' ')} on {form.date}{follows}"


def outside_before(change: CaseChange, form: CustodyEventForm) -> Iterator[tuple[str, str]]:
    """Yield since when somebody was outside whom a recall takes back, where the dates tell: it moves those dates."""
    if form.event is EventKind.RECALL:
        since = left_custody(custodial(change), min(change.case.opened_on, form.date), working_calendar(change.session))
        if since is not None:
            yield OUTSIDE_SINCE, since.isoformat()


def refuse_event(change: CaseChange, form: CustodyEventForm) -> Iterator[str]:
    """Yield why an event cannot have happened as it is told."""
    case, event = change.case, form.event
    if case.location not in event.spec.places and not moved_later(change, form.date):
        places = " or ".join(event.spec.places)
        yield f"event: {event.replace('_', ' ')} is of a person in {places}, and this one is in {case.location}"
    if event is EventKind.RECALL and not any(one.disposal in CUSTODIAL for one in custodial(change)):
        yield "event: a recall is of a person on licence, and this case has no custodial sentence on record"
    if event is EventKind.TRANSFER and same(form.prison, case.prison) and not moved_later(change, form.date):
        yield f"prison: {form.prison} holds the person already"
    if event is EventKind.HOSPITAL_LEAVE:
        yield from leave_told_too_late(form)
    if form.release_date is not None and form.release_date < form.date:
        yield f"release_date: {form.release_date} is before the event of {form.date}"
    if sentences := custodial(change):
        yield from not_after_its_end("release_date", form.release_date, governing(sentences))
        yield from not_after_its_end("next_review_on", form.next_review_on, governing(sentences))
    if event is EventKind.RETURNED and not away(change, form.date):
        yield f"event: nobody is away on {form.date}: no leave of this case has begun, and nobody absconded"


def leave_told_too_late(form: CustodyEventForm) -> Iterator[str]:
    """Yield that the coordinator was not told before the leave (report 2014-15: mental health services must)."""
    if form.coordinator_told_on and form.coordinator_told_on > form.date:
        yield f"coordinator_told_on: {form.coordinator_told_on} is after {form.date}, the day of this report"
    elif form.coordinator_told_on and form.starts_on and form.coordinator_told_on >= form.starts_on:
        yield (
            f"coordinator_told_on: {form.coordinator_told_on} is not before the leave of {form.starts_on}: the "
            "coordinator is told first; put the leave off, or record an 'incident' where it has begun already"
        )


def away(change: CaseChange, on: datetime.date) -> list[CustodyEvent]:
    """Return the leaves and the absconding that have begun by a day, and from which the person has not come back."""
    wanted = (*LEAVES, EventKind.ABSCONDED)
    query = select(CustodyEvent).where(CustodyEvent.case_id == change.case.id, CustodyEvent.kind.in_(wanted))
    still = change.session.scalars(query.where(CustodyEvent.returned_on.is_(None)).order_by(CustodyEvent.id))
    return [event for event in still if (event.from_on or event.on_date) <= on]


def moved_later(change: CaseChange, on: datetime.date) -> bool:
    """Tell whether it is known where the person was moved after a day: an older move told late moves nobody back."""
    later = select(CustodyEvent.id).where(
        CustodyEvent.case_id == change.case.id, CustodyEvent.kind.in_(MOVES), CustodyEvent.on_date > on
    )
    return bool(change.session.scalar(select(later.exists())))


def custodial(change: CaseChange) -> list[Sentence]:
    """Return the custodial sentences of the case."""
    query = select(Sentence).where(Sentence.case_id == change.case.id).order_by(Sentence.id)
    found = change.session.scalars(query).all()
    return [one for one in found if one.disposal in CUSTODIAL] or list(found)


def move_to(change: CaseChange, location: Location, prison: str | None) -> None:
    """Note where the person is: on the case, and on its sentences, from which a later identification takes it."""
    episodes.note_particulars(change.session, change.case, location=location, prison=prison)
    re_date(change)


def re_date(change: CaseChange) -> None:
    """Take the release date from the sentences as they stand now: the event itself tells of it."""
    of_case = CustodyEvent.case_id == change.case.id
    recalled_on = last_recall(change.session.scalars(select(CustodyEvent).where(of_case)))
    change.case.release_date, _ = release_and_floor(change.case, custodial(change), change.today, recalled_on)


def follow_transfer(change: CaseChange, form: CustodyEventForm) -> str:
    """Move the person to another prison: it gives the notice, and is to be the partner on ViSOR."""
    move_to(change, Location.CUSTODY, form.prison)
    return f" to {form.prison}"


def follow_recall(change: CaseChange, form: CustodyEventForm) -> str:
    """Take the person back into custody: release is prepared anew, from the next date that is known."""
    sentences = custodial(change)
    if sentences:
        sentence = governing(sentences)
        sentence.post_recall_release_date = form.release_date
        sentence.approved_parole_date, sentence.hdc_approved_date = None, None
    move_to(change, Location.CUSTODY, form.prison)
    at_level = f" at level {change.case.level}" if change.case.level else ""
    known = f"; release on {change.case.release_date}" if change.case.release_date else "; no release date is known"
    return f" to {form.prison}{at_level}{known}"


def follow_parole(change: CaseChange, form: CustodyEventForm) -> str:
    """Take over the day of a release that was directed; after a refusal the next hearing is the next date."""
    sentences = custodial(change)
    if sentences:
        sentence = governing(sentences)
        directed = form.decision == "release_directed"
        sentence.approved_parole_date = form.release_date if directed else None
        if not directed:
            sentence.parole_eligibility_date = form.next_review_on
    re_date(change)
    return f": {(form.decision or '').replace('_', ' ')}; release date {change.case.release_date or 'not known'}"


def follow_hospital(change: CaseChange, _form: CustodyEventForm) -> str:
    """Move the person to hospital."""
    move_to(change, Location.HOSPITAL, None)
    return ""


def follow_release(change: CaseChange, form: CustodyEventForm) -> str:
    """Move the person to the community."""
    move_to(change, Location.COMMUNITY, None)
    for event in away(change, form.date):
        # Whoever is released is not expected back.
        event.returned_on = form.date
    return "" if change.case.level else "; no level has been set"


def follow_return(change: CaseChange, form: CustodyEventForm) -> str:
    """Note that the person is back: nobody asks after them any more."""
    events = away(change, form.date)
    for event in events:
        event.returned_on = form.date
    return f": event {', '.join(str(event.number) for event in events)}"


def follow_charge(change: CaseChange, form: CustodyEventForm) -> str:
    """Say what a charge means: a serious further offence at level 2 or 3 goes to the SMB."""
    managed = change.case.level in (Level.MULTI_AGENCY, Level.SENIOR_MULTI_AGENCY)
    if form.serious and managed:
        return f": a serious further offence at level {change.case.level}; the SMB considers a case review"
    return ": a serious further offence" if form.serious else ""


def follow_death(change: CaseChange, form: CustodyEventForm) -> str:
    """Close the case; what its meetings and this event left to do goes on."""
    close_case(change, form.date, f"{DIED}: {form.what}", died=True)
    return ": the case is closed"


FOLLOWS: dict[EventKind, Callable[[CaseChange, CustodyEventForm], str]] = {
    EventKind.TRANSFER: follow_transfer,
    EventKind.RECALL: follow_recall,
    EventKind.PAROLE_OUTCOME: follow_parole,
    EventKind.HOSPITAL_TRANSFER: follow_hospital,
    EventKind.RELEASE: follow_release,
    EventKind.RETURNED: follow_return,
    EventKind.FURTHER_CHARGE: follow_charge,
    EventKind.DEATH: follow_death,
}
KINDS = (
    FactType(
        kind=FactKind.CUSTODY_EVENT,
        title="Custody or licence event",
        hint="Record a recall, release, transfer, leave, parole decision, charge or death on the day you learn of it.",
        group=Group.CUSTODY,
        who=(Role.PRISON_OFFENDER_MANAGEMENT, Role.REPRESENTATIVE, *CASE_MANAGERS, *UNIT),
        offered_when=always,
        form=CustodyEventForm,
        apply=apply_event,
    ),
)
