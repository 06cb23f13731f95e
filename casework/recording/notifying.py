"""What a person who must notify the police tells them: yearly, on a change, before and after a journey abroad.

Source: Sexual Offences Act 2003 s.84 to 86; police authorised professional practice.
"""

import datetime
from enum import StrEnum
from typing import Annotated, Literal

from pydantic import model_validator
from sqlalchemy import select

from casework.change import CaseChange
from casework.errors import RefusedError
from casework.recording.custody_events import away
from casework.recording.fact_type import CASE_MANAGERS, UNIT, FactType, Group, owes
from casework.recording.forms import Form, Line, Name, OwnWords, label
from models.cases import Fact
from models.record import policies
from policy.dates import Ahead
from policy.events import EventKind
from policy.kinds import Community, Events
from policy.obligations.release import NOTIFIES
from policy.roles import Role
from policy.vocabulary import Category, FactKind, NotifiedHome

# Three days beginning with the day of a change (Sexual Offences Act 2003 s.84): the last of them is two days after it.
DAYS_TO_NOTIFY = 2
POLICE = (Role.POLICE_OFFENDER_MANAGER, Role.REPRESENTATIVE, *UNIT)


class Detail(StrEnum):
    """What a person who must notify has to tell the police of."""

    NAME = "name"
    ADDRESS = "address"
    SECOND_ADDRESS = "second_address"
    HOUSEHOLD_WITH_A_CHILD = "household_with_a_child"
    BANK_ACCOUNT = "bank_account"
    PASSPORT = "passport"
    OTHER = "other"


class PoliceNotification(Form):
    """The person notified the police again: the yearly or weekly confirmation, or a change of details."""

    date: Annotated[datetime.date, label("Date", "The day on which the person notified the police.", "2028-03-10")]
    why: Annotated[
        Literal["yearly", "weekly", "change"],
        label(
            "Why",
            "The yearly confirmation, the weekly one of a person without a fixed home, or a change of details.",
            "yearly",
        ),
    ]
    detail: Annotated[
        Detail | None, label("What changed", "Of a change: what it is about.", "address", shown=False)
    ] = None
    changed_on: Annotated[
        datetime.date | None, label("Changed on", "Of a change: the day of the change.", "2028-03-08", shown=False)
    ] = None
    home: Annotated[
        NotifiedHome | None,
        label(
            "Home",
            "Whether the person has no fixed home. Leave it out if nothing has changed; a new address ends it.",
            "no_fixed_home",
            shown=False,
        ),
    ] = None
    station: Annotated[Name, label("Police station", "Where they notified.", "Brixton")]
    by: Annotated[Name, label("Recorded by", "The police officer who saw it.", "Priya Example")]

    @model_validator(mode="after")
    def a_change_says_which(self) -> "PoliceNotification":
        """Refuse a change without what and when, and a change that comes after it was told."""
        if (self.why == "change") != (self.detail is not None and self.changed_on is not None):
            raise ValueError("detail and changed_on: a change needs both, and a confirmation neither")
        if self.changed_on is not None and self.changed_on > self.date:
            raise ValueError(f"changed_on: {self.changed_on} is after the date on which it was told, {self.date}")
        return self


class DetailsChange(Form):
    """Somebody learnt that details have changed which the person has not told the police."""

    date: Annotated[datetime.date, label("Date", "The day on which you learnt of it.", "2027-11-03")]
    detail: Annotated[Detail, label("What changed", "What the change is about.", "address")]
    changed_on: Annotated[datetime.date, label("Changed on", "The day of the change, as far as known.", "2027-11-02")]
    what: Annotated[
        OwnWords,
        label("What is known", "What has changed, and how you know.", "A neighbour says that he left on Tuesday."),
    ]
    by: Annotated[Name, label("Recorded by", "Who learnt of it.", "Priya Example")]


class ForeignTravel(Form):
    """The person told the police of a journey abroad, at least seven days before it."""

    date: Annotated[datetime.date, label("Date", "The day on which they told the police.", "2027-07-01")]
    leaves_on: Annotated[
        datetime.date, label("Leaves on", "The day on which they leave.", "2027-07-12", ahead=Ahead.APPOINTMENT)
    ]
    returns_on: Annotated[
        datetime.date,
        label("Returns on", "The day on which they mean to be back.", "2027-07-26", ahead=Ahead.APPOINTMENT),
    ]
    destination: Annotated[Line, label("Destination", "Where they go, and where they stay.", "Porto, with a cousin")]
    by: Annotated[Name, label("Recorded by", "The police officer who was told.", "Priya Example")]

    @model_validator(mode="after")
    def the_return_follows(self) -> "ForeignTravel":
        """Refuse a return before the journey begins."""
        if self.returns_on < self.leaves_on:
            raise ValueError(f"returns_on: {self.returns_on} is before they leave (leaves_on), {self.leaves_on}")
        return self


class TravelReturn(Form):
    """The person is back from abroad and has told the police, or did not go."""

    date: Annotated[datetime.date, label("Date", "The day on which the police knew it.", "2027-07-27")]
    leaves_on: Annotated[
        datetime.date,
        label("Which journey", "The day on which they left, or were to leave.", "2027-07-12", ahead=Ahead.APPOINTMENT),
    ]
    outcome: Annotated[
        Literal["returned", "did_not_go"], label("Outcome", "Whether they are back, or did not go.", "returned")
    ]
    by: Annotated[Name, label("Recorded by", "The police officer who saw it.", "Priya Example")]


class MissingDecision(Form):
    """What is done this week to find a person who absconded or is missing."""

    date: Annotated[datetime.date, label("Date", "The day of the decision.", "2027-11-10")]
    done: Annotated[
        OwnWords,
        label(
            "What was done",
            "What was done since the last decision, and what it showed.",
            "Two addresses were visited; the sister has not heard from him since Friday.",
        ),
    ]
    next: Annotated[
        OwnWords,
        label("What is next", "Who does what in the coming week.", "The police ask the bank; the flag goes to ports."),
    ]
    by: Annotated[Name, label("Decided by", "Who decided it.", "Priya Example")]


def must_notify(change: CaseChange) -> bool:
    """Tell whether the person must notify the police of where they live."""
    return not NOTIFIES.isdisjoint(Category(number) for number in change.case.categories)


def refuse_who_need_not(change: CaseChange) -> None:
    """Refuse what only a person tells who must notify the police."""
    if not must_notify(change):
        raise RefusedError(["the person is in neither category 1 nor 4, and need not notify the police"])


def apply_police_notification(change: CaseChange, form: PoliceNotification) -> str:
    """Note a notification; one of a change that came late is an offence, and says so."""
    refuse_who_need_not(change)
    if form.changed_on is None:
        return f"confirmed their details with the police on {form.date}"
    late = (form.date - form.changed_on).days - DAYS_TO_NOTIFY
    told = f"notified the police on {form.date} of a change of {form.changed_on}"
    return told + (f": {late} days late, which is an offence: record an 'incident' if you act on it" * (late > 0))


def apply_details_change(change: CaseChange, form: DetailsChange) -> str:
    """Note a change that nobody told the police of."""
    refuse_who_need_not(change)
    if form.changed_on > form.date:
        raise RefusedError([f"changed_on: {form.changed_on} is after {form.date}, the day on which you learnt of it"])
    return f"{form.detail.replace('_', ' ')} changed on {form.changed_on}: the person has not told the police"


def apply_foreign_travel(change: CaseChange, form: ForeignTravel) -> str:
    """Note a journey abroad; one that was told too late says so."""
    refuse_who_need_not(change)
    if form.leaves_on in journeys(change):
        raise RefusedError([f"leaves_on: a journey of {form.leaves_on} is on record already"])
    days = (form.leaves_on - form.date).days
    wanted = policies(change.session).for_area(change.case.area, change.today).notification.travel.notice_days
    late = f"; told {days} days before, and {wanted} are asked for: record an 'incident' if you act on it"
    return f"abroad from {form.leaves_on} until {form.returns_on}" + (late if days < wanted else "")


def journeys(change: CaseChange) -> list[datetime.date]:
    """Return the days on which the person leaves, of the journeys on record."""
    query = select(Fact.data).where(Fact.case_id == change.case.id, Fact.kind == FactKind.FOREIGN_TRAVEL)
    return [datetime.date.fromisoformat(data["leaves_on"]) for data in change.session.scalars(query.order_by(Fact.id))]


def apply_travel_return(change: CaseChange, form: TravelReturn) -> str:
    """Note that the person is back, or did not go."""
    known = journeys(change)
    if form.leaves_on not in known:
        listed = ", ".join(map(str, known)) or "none"
        raise RefusedError([f"leaves_on: no journey of {form.leaves_on} is on record; those there are: {listed}"])
    if form.outcome == "returned" and form.date < form.leaves_on:
        raise RefusedError([f"date: {form.date} is before they left, {form.leaves_on}"])
    return f"journey of {form.leaves_on}: {form.outcome.replace('_', ' ')}, known on {form.date}"


def apply_missing_decision(change: CaseChange, form: MissingDecision) -> str:
    """Note what is done to find somebody."""
    missing = [event for event in away(change, form.date) if event.kind == EventKind.ABSCONDED]
    if not missing:
        raise RefusedError(["the person is not missing: record the event 'absconded' first"])
    return f"missing since {missing[0].on_date}: decided on {form.date} what is done"


KINDS = (
    FactType(
        kind=FactKind.POLICE_NOTIFICATION,
        title="Notification to the police",
        hint="Record each time the person notifies the police after the first: yearly, weekly, or of a change.",
        group=Group.CUSTODY,
        who=POLICE,
        offered_when=lambda now: now.notifies,
        form=PoliceNotification,
        apply=apply_police_notification,
    ),
    FactType(
        kind=FactKind.DETAILS_CHANGE,
        title="Changed details, not notified",
        hint="Record this when you learn of a change that the person has not told the police.",
        group=Group.CUSTODY,
        who=(*CASE_MANAGERS, Role.REPRESENTATIVE, *UNIT),
        offered_when=lambda now: now.notifies,
        form=DetailsChange,
        apply=apply_details_change,
    ),
    FactType(
        kind=FactKind.FOREIGN_TRAVEL,
        title="Journey abroad notified",
        hint="Record this when the person tells the police of a journey abroad.",
        group=Group.CUSTODY,
        who=POLICE,
        offered_when=lambda now: now.notifies,
        form=ForeignTravel,
        apply=apply_foreign_travel,
        reads_facts=True,
    ),
    FactType(
        kind=FactKind.TRAVEL_RETURN,
        title="Return from abroad",
        hint="Record that the person is back from a journey abroad, or did not go.",
        group=Group.CUSTODY,
        who=(*POLICE, Role.OFFENDER_MANAGER),
        offered_when=owes(Community.TRAVEL_RETURN),
        form=TravelReturn,
        apply=apply_travel_return,
        reads_facts=True,
    ),
    FactType(
        kind=FactKind.MISSING_DECISION,
        title="Decision on a missing person",
        hint="Record each week what is done to find a person who is missing.",
        group=Group.CUSTODY,
        who=(*CASE_MANAGERS, *UNIT),
        offered_when=owes(Events.MISSING_DECISION),
        form=MissingDecision,
        apply=apply_missing_decision,
    ),
)
