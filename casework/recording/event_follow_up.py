"""What an event left to do: consultation, a look at it, the ViSOR partner, the victim, a case review."""

import datetime
from collections.abc import Callable
from typing import Annotated, Literal

from sqlalchemy import select

from casework.change import CaseChange
from casework.errors import RefusedError
from casework.recording.fact_type import CASE_MANAGERS, UNIT, FactType, Group, owes
from casework.recording.forms import Form, Name, OwnWords, Reason, Section, label
from models.events import CustodyEvent
from models.obligations import Timescale
from policy.dates import Ahead
from policy.events import PARTNERED, EventKind
from policy.kinds import Events
from policy.roles import Role
from policy.vocabulary import FactKind


class Consulted(Section):
    """Who of the police and of probation was consulted about a release date."""

    police: Annotated[Name, label("Police", "Who was consulted for the police.", "Priya Example")]
    probation: Annotated[Name, label("Probation", "Who was consulted for probation.", "Olive Example")]


class Consultation(Form):
    """Police and probation were consulted about a changed release date."""

    date: Annotated[datetime.date, label("Date", "The day on which both had been consulted.", "2026-10-02")]
    release_date: Annotated[
        datetime.date | None,
        label("Release date", "The new release date; null if the date was taken away.", "2027-05-14", ahead=Ahead.END),
    ]
    consulted: Annotated[Consulted, label("Consulted", "Who was consulted for the police and for probation.")]


class EventReview(Form):
    """An event was looked at: what it changes. An urgent meeting that is needed is owed from then on."""

    date: Annotated[datetime.date, label("Date", "The day on which you looked at the event.", "2027-05-06")]
    event: Annotated[int, label("Event number", "The number of the event on this case.", 1)]
    risk_changed: Annotated[bool, label("Risk changed", "Whether the event changes the risk of serious harm.", True)]
    plan: Annotated[
        Literal["unchanged", "to_be_updated"],
        label("Plan", "Whether the risk management plan needs to be updated.", "to_be_updated"),
    ]
    meeting: Annotated[
        Literal["needed", "not_needed"],
        label("Urgent meeting", "Whether an urgent meeting is needed.", "not_needed"),
    ]
    reason: Annotated[
        Reason,
        label(
            "Reason",
            "Why the risk, the plan and the next meeting stand as you say.",
            "The uncle's flat is the place at which he drinks; the next meeting is in two weeks.",
        ),
    ]
    by: Annotated[Name, label("Reviewed by", "Who looked at the event.", "Olive Example")]


class VisorPartner(Form):
    """The prison that holds the person is the partner on ViSOR (Joint inspection 2015, 5.35)."""

    date: Annotated[datetime.date, label("Date", "The day on which the prison became the partner.", "2027-05-06")]
    event: Annotated[
        int | None,
        label("Event number", "The recall or transfer it follows. Leave it out for the last one.", 1),
    ] = None
    prison: Annotated[Name, label("Prison", "The prison that holds the person now.", "HMP Example")]
    by: Annotated[Name, label("Recorded on ViSOR by", "Who made the prison the partner.", "Priya Example")]


class VictimUpdate(Form):
    """The victim liaison officer told the victim, or it is said why nobody is to be told."""

    date: Annotated[datetime.date, label("Date", "The day on which the victim was told.", "2027-05-06")]
    event: Annotated[
        int | None,
        label("Event number", "The event they were told of. Leave it out if only one waits for this.", 1),
    ] = None
    how: Annotated[
        OwnWords,
        label(
            "How they were told",
            "How the victim was told and what they asked for, or why nobody is to be told.",
            "By telephone on 6 May; she asked to hear of the next date too.",
        ),
    ]
    by: Annotated[Name, label("Told by", "The victim liaison officer.", "Vera Example")]


class OffenceReport(Form):
    """The report on a serious further offence reached SMB Chair and coordinator (MAPPA guidance 2012, forms)."""

    date: Annotated[datetime.date, label("Date", "The day on which both had it.", "2026-06-12")]
    charged_on: Annotated[
        datetime.date, label("Date of the charge", "The day of the charge that it is about.", "2026-06-10")
    ]
    by: Annotated[Name, label("Sent by", "Who sent it for the lead agency.", "Olive Example")]


class CaseReview(Form):
    """The SMB considered whether a serious further offence is to be reviewed (MAPPA guidance 2012, forms)."""

    date: Annotated[datetime.date, label("Date", "The day of the decision.", "2026-06-12")]
    charged_on: Annotated[
        datetime.date, label("Date of the charge", "The day of the charge that was considered.", "2026-06-10")
    ]
    decision: Annotated[
        Literal["commissioned", "not_commissioned"],
        label("Decision", "Whether a serious case review is commissioned.", "commissioned"),
    ]
    reason: Annotated[
        Reason,
        label("Reason", "Why.", "He was managed at level 2, and the new partner was known to nobody."),
    ]
    lay_adviser: Annotated[
        Name, label("Lay adviser", "The lay adviser who took part in the decision.", "Laila Example")
    ]
    by: Annotated[Name, label("Decided by", "The SMB Chair.", "Chris Example")]


def find_event(
    change: CaseChange, number: int | None, form: Form, *, wanted: Callable[[CustodyEvent], bool], done: str, what: str
) -> CustodyEvent:
    """Return the event meant: by number, else the only one for which ``done`` is still empty; or refuse.

    ``wanted`` tells whether an event asks for it at all, ``what`` is how a refusal calls it.
    """
    query = select(CustodyEvent).where(CustodyEvent.case_id == change.case.id).order_by(CustodyEvent.number)
    asking = [event for event in change.session.scalars(query) if wanted(event)]
    still = [event for event in asking if getattr(event, done) is None]
    found = still if number is None else [event for event in asking if event.number == number]
    if len(found) != 1:
        known = ", ".join(f"{e.number} ({e.kind.replace('_', ' ')} of {e.on_date})" for e in still) or "none"
        raise RefusedError([f"event: say which; those of this case that wait for {what}: {known}"])
    event = found[0]
    if (before := getattr(event, done)) is not None:
        raise RefusedError([f"event: {what} of event {event.number} was recorded on {before}"])
    if form.date < event.on_date:
        raise RefusedError([f"date: {form.date} is before event {event.number} of {event.on_date}"])
    return event


def apply_consultation(change: CaseChange, form: Consultation) -> str:
    """Note that police and probation were consulted about a release date."""
    wanted = form.release_date and form.release_date.isoformat()
    waiting = change.session.scalars(
        select(CustodyEvent)
        .where(
            CustodyEvent.case_id == change.case.id,
            CustodyEvent.kind == EventKind.RELEASE_DATE_CHANGED,
            CustodyEvent.consulted_on.is_(None),
        )
        .order_by(CustodyEvent.id)
    ).all()
    meant = [event for event in waiting if event.data.get("to") == wanted]
    if not meant:
        known = ", ".join(str(event.data.get("to") or "none") for event in waiting) or "none"
        raise RefusedError(
            [f"release_date: no change of this case led to {wanted}; those that wait for consultation led to: {known}"]
        )
    meant[-1].consulted_on = form.date
    return f"police and probation were consulted about the release date {wanted or 'taken away'}"


def apply_review(change: CaseChange, form: EventReview) -> str:
    """Note what an event changes."""
    event = find_event(
        change,
        form.event,
        form,
        wanted=lambda one: one.kind != EventKind.RETURNED,
        done="reviewed_on",
        what="a review",
    )
    if form.meeting == "needed" and change.case.closed_on is not None:
        raise RefusedError(["meeting: the case is closed, and no meeting is held on it any more"])
    event.reviewed_on = form.date
    plan = "; the plan is to be updated" if form.plan == "to_be_updated" else ""
    urgent = "; arrange an urgent meeting" if form.meeting == "needed" else ""
    return f"event {event.number}, {event.kind.replace('_', ' ')}: reviewed on {form.date}{plan}{urgent}"


def apply_partner(change: CaseChange, form: VisorPartner) -> str:
    """Note the partner on ViSOR: of the prison that holds the person since the last move."""
    moves = select(CustodyEvent.id).where(CustodyEvent.case_id == change.case.id, CustodyEvent.kind.in_(PARTNERED))
    ordered = moves.order_by(CustodyEvent.on_date.desc(), CustodyEvent.id.desc())
    newest = change.session.scalar(ordered.limit(1))
    event = find_event(
        change,
        form.event,
        form,
        wanted=lambda one: one.id == newest,
        done="partnered_on",
        what="a partner on ViSOR",
    )
    if change.case.prison and form.prison != change.case.prison:
        raise RefusedError([f"prison: {change.case.prison} holds the person, not {form.prison}"])
    event.partnered_on = form.date
    return f"{form.prison} is the partner on ViSOR since {form.date}"


def apply_victim_update(change: CaseChange, form: VictimUpdate) -> str:
    """Note that the victim has been told, by the victim liaison officer."""
    event = find_event(
        change,
        form.event,
        form,
        wanted=lambda one: one.victim_contact,
        done="victim_told_on",
        what="the victim liaison officer",
    )
    event.victim_told_on = form.date
    return f"event {event.number}, {event.kind.replace('_', ' ')}: the victim was told on {form.date}"


def apply_case_review(change: CaseChange, form: CaseReview) -> str:
    """Note what the SMB decided on a serious further offence."""
    refuse_unknown_charge(change, form.charged_on)
    return f"case review of the charge of {form.charged_on}: {form.decision.replace('_', ' ')}"


def apply_offence_report(change: CaseChange, form: OffenceReport) -> str:
    """Note that the report on a serious further offence is where it has to be."""
    refuse_unknown_charge(change, form.charged_on)
    if form.date < form.charged_on:
        raise RefusedError([f"date: {form.date} is before the charge (charged_on), {form.charged_on}"])
    return f"report on the charge of {form.charged_on}: with the SMB Chair and the coordinator on {form.date}"


def refuse_unknown_charge(change: CaseChange, charged_on: datetime.date) -> None:
    """Refuse a charge of which nothing is owed: it was not serious, or not at level 2 or 3."""
    query = select(Timescale.subject).where(Timescale.case_id == change.case.id, Timescale.kind == Events.CASE_REVIEW)
    charges = change.session.scalars(query.order_by(Timescale.id)).all()
    if charged_on not in [about.day for about in charges]:
        known = ", ".join(str(about.day) for about in charges) or "none"
        raise RefusedError(
            [f"charged_on: no serious further offence was charged at level 2 or 3 on {charged_on}; known: {known}"]
        )


KINDS = (
    FactType(
        kind=FactKind.CONSULTATION,
        title="Consultation on a release date",
        hint="Record this when the police and probation have been consulted about a changed release date.",
        group=Group.BEFORE_RELEASE,
        who=(Role.PRISON_OFFENDER_MANAGEMENT, *CASE_MANAGERS, *UNIT),
        offered_when=owes(Events.CONSULTATION),
        form=Consultation,
        apply=apply_consultation,
    ),
    FactType(
        kind=FactKind.EVENT_REVIEW,
        title="Review after an event",
        hint="Record what an event changes: the risk, the plan, and whether an urgent meeting is needed.",
        group=Group.CUSTODY,
        who=(*CASE_MANAGERS, *UNIT),
        offered_when=owes(Events.EVENT_REVIEW),
        form=EventReview,
        apply=apply_review,
        after_closing=True,
    ),
    FactType(
        kind=FactKind.VISOR_PARTNER,
        title="ViSOR partner prison",
        hint="Record this after a recall or a transfer, when the new prison is the partner on ViSOR.",
        group=Group.CUSTODY,
        who=(Role.OFFENDER_MANAGER, Role.POLICE_OFFENDER_MANAGER, *UNIT),
        offered_when=owes(Events.VISOR_PARTNER),
        form=VisorPartner,
        apply=apply_partner,
    ),
    FactType(
        kind=FactKind.VICTIM_UPDATE,
        title="Victim told of an event",
        hint="Record that the victim liaison officer told the victim of an event, or why nobody is to be told.",
        group=Group.CUSTODY,
        who=(Role.REPRESENTATIVE, *UNIT),
        offered_when=owes(Events.VICTIM_UPDATE),
        form=VictimUpdate,
        apply=apply_victim_update,
        after_closing=True,
    ),
    FactType(
        kind=FactKind.OFFENCE_REPORT,
        title="Report on a serious further offence",
        hint="Record this when the SMB Chair and the coordinator have the lead agency's report on the offence.",
        group=Group.CUSTODY,
        who=(*CASE_MANAGERS, Role.SMB_CHAIR, *UNIT),
        offered_when=owes(Events.OFFENCE_REPORT),
        form=OffenceReport,
        apply=apply_offence_report,
        after_closing=True,
    ),
    FactType(
        kind=FactKind.CASE_REVIEW,
        title="Decision on a serious case review",
        hint="Record what the SMB decided after a charge with a serious further offence at level 2 or 3.",
        group=Group.CUSTODY,
        who=(Role.SMB_CHAIR, Role.SMB_MEMBER, Role.COORDINATOR),
        offered_when=owes(Events.CASE_REVIEW),
        form=CaseReview,
        apply=apply_case_review,
        after_closing=True,
    ),
)
