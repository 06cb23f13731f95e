"""What an event left to do: consultation, a look at it, the ViSOR partner, the victim, a case review (2.14, 2.17)."""

import datetime
from collections.abc import Callable
from typing import Any, Literal

from sqlalchemy import select

from casework.change import CaseChange
from casework.errors import RefusedError
from casework.recording.fact_type import FactType
from casework.recording.forms import Form, Name, OwnWords, Reason, Section
from models.events import CustodyEvent
from models.obligations import Timescale
from policy.events import PARTNERED, EventKind
from policy.kinds import Events
from policy.vocabulary import FactKind


class Consulted(Section):
    """Who of the police and of probation was consulted about a release date."""

    police: Name
    probation: Name


class Consultation(Form):
    """Police and probation were consulted about a changed release date; null: the date was taken away."""

    release_date: datetime.date | None
    consulted: Consulted


class EventReview(Form):
    """An event was looked at: what it changes. ``meeting`` needed: an urgent one is owed."""

    event: int
    risk_changed: bool
    plan: Literal["unchanged", "to_be_updated"]
    meeting: Literal["needed", "not_needed"]
    reason: Reason
    by: Name


class VisorPartner(Form):
    """The prison that holds the person is the partner on ViSOR (joint inspection 2015 5.35)."""

    event: int | None = None
    prison: Name
    by: Name


class VictimUpdate(Form):
    """The victim liaison officer told the victim, or it is said why nobody is to be told."""

    event: int | None = None
    how: OwnWords
    by: Name


class CaseReview(Form):
    """The SMB considered whether a serious further offence is to be reviewed (``domain.md`` 2.17).

    ``lay_adviser``: who of the lay advisers took part. ``by``: the Chair of the SMB.
    """

    charged_on: datetime.date
    decision: Literal["commissioned", "not_commissioned"]
    reason: Reason
    lay_adviser: Name
    by: Name


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
    urgent = "; an urgent meeting is owed" if form.meeting == "needed" else ""
    return f"event {event.number}, {event.kind.replace('_', ' ')}: looked at on {form.date}{plan}{urgent}"


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
    charges = change.session.scalars(
        select(Timescale.subject).where(Timescale.case_id == change.case.id, Timescale.kind == Events.CASE_REVIEW)
    ).all()
    if form.charged_on not in [about.day for about in charges]:
        known = ", ".join(str(about.day) for about in charges) or "none"
        raise RefusedError(
            [f"charged_on: no serious further offence was charged at level 2 or 3 on {form.charged_on}; known: {known}"]
        )
    return f"case review of the charge of {form.charged_on}: {form.decision.replace('_', ' ')}"


def example(**more: Any) -> dict[str, Any]:
    """Return an example of a form about the event of the examples."""
    return {"date": "2027-05-06", "event": 1, **more}


KINDS = {
    FactKind.CONSULTATION: FactType(
        Consultation,
        apply_consultation,
        {
            "date": "2026-10-02",
            "release_date": "2027-05-14",
            "consulted": {"police": "Priya Example", "probation": "Olive Example"},
        },
    ),
    FactKind.EVENT_REVIEW: FactType(
        EventReview,
        apply_review,
        example(
            risk_changed=True,
            plan="to_be_updated",
            meeting="not_needed",
            reason="The uncle's flat is the place at which he drinks; the next meeting is in two weeks.",
            by="Olive Example",
        ),
        after_closing=True,
    ),
    FactKind.VISOR_PARTNER: FactType(VisorPartner, apply_partner, example(prison="HMP Example", by="Priya Example")),
    FactKind.VICTIM_UPDATE: FactType(
        VictimUpdate,
        apply_victim_update,
        example(how="By telephone on 6 May; she asked to hear of the next date too.", by="Vera Example"),
        after_closing=True,
    ),
    FactKind.CASE_REVIEW: FactType(
        CaseReview,
        apply_case_review,
        {
            "date": "2026-06-12",
            "charged_on": "2026-06-10",
            "decision": "commissioned",
            "reason": "He was managed at level 2, and the new partner was known to nobody.",
            "lay_adviser": "Laila Example",
            "by": "Chris Example",
        },
        after_closing=True,
    ),
}
