"""The prison's notice, and release dates that change."""

import datetime
from typing import Annotated, Literal

from sqlalchemy import select

from casework import disagreements
from casework.change import CaseChange
from casework.errors import RefusedError
from casework.facts.between_meetings import read_events
from casework.facts.standing import governing, not_after_its_end
from casework.facts.whereabouts import where_over_time
from casework.recording.case_now import OWED
from casework.recording.event_follow_up import Consulted
from casework.recording.fact_type import CASE_MANAGERS, UNIT, FactType, Group, owes
from casework.recording.forms import Form, Line, Name, Reason, label
from models.obligations import Timescale
from models.people import Sentence
from models.record import working_calendar
from policy.dates import Ahead
from policy.kinds import Community, Release
from policy.release import door_opens, earlier_days
from policy.roles import Role
from policy.vocabulary import CUSTODIAL, FactKind, Location, NotifiedHome
from policy.words import long_date

# The columns of the sentences file in which a release date stands.
ReleaseField = Literal[
    "conditional_release_date",
    "automatic_release_date",
    "parole_eligibility_date",
    "approved_parole_date",
    "hdc_approved_date",
    "post_recall_release_date",
]


class PrisonNotice(Form):
    """The prison told the offender manager the release date (Joint inspection 2015, 6.39)."""

    date: Annotated[
        datetime.date, label("Date of the notice", "The day on which the prison gave notice.", "2026-07-09")
    ]
    release_date: Annotated[
        datetime.date | None,
        label("Release date", "The release date that the prison gives.", "2027-03-12", ahead=Ahead.END),
    ] = None
    contact: Annotated[Line | None, label("Prison contact", "Whom to ask in the prison.", "OMU, HMP Example")] = None


class ReleaseDateChange(Form):
    """A release date changed, or was taken away. Until somebody has been consulted about it, that is owed."""

    date: Annotated[datetime.date, label("Date", "The day on which you learnt of the change.", "2026-10-01")]
    which: Annotated[
        ReleaseField,
        label("Which date", "Which release date changed: a column of the sentences file.", "conditional_release_date"),
    ]
    release_date: Annotated[
        datetime.date | None,
        label("New date", "The new date; null takes the date away.", "2027-05-14", ahead=Ahead.END),
    ]
    reason: Annotated[Reason, label("Reason", "Why it changed.", "Added days after an adjudication.")]
    sentence_date: Annotated[
        datetime.date | None,
        label(
            "Sentence date",
            "Which sentence, by its date. Leave it out for the latest one.",
            "2023-11-12",
            shown=False,
        ),
    ] = None
    consulted: Annotated[
        Consulted | None,
        label("Consulted", "Who was consulted about it. Leave it out if nobody has been yet."),
    ] = None


class ReleaseDay(Form):
    """The release of one person was brought forward, or that decision was taken back."""

    date: Annotated[datetime.date, label("Date of the decision", "The day of the decision.", "2027-02-15")]
    release_date: Annotated[
        datetime.date, label("Release date", "The release date it is about.", "2027-03-12", ahead=Ahead.END)
    ]
    opens_on: Annotated[
        datetime.date | None,
        label(
            "Brought forward to",
            "The day on which the person leaves; null if the release is no longer brought forward.",
            "2027-03-10",
            ahead=Ahead.END,
        ),
    ]
    reason: Annotated[Reason, label("Reason", "Why.", "No housing office is open between Friday and Monday.")]
    by: Annotated[Name, label("Decided by", "Who decided it in the prison.", "Opal Example")]


class DatesCheck(Form):
    """The prison confirmed that the release dates on record still stand."""

    date: Annotated[datetime.date, label("Date", "The day on which the prison confirmed the dates.", "2026-11-12")]
    release_date: Annotated[
        datetime.date | None,
        label(
            "Release date",
            "The release date that stands; leave it out if none is known.",
            "2027-03-12",
            ahead=Ahead.END,
        ),
    ] = None
    by: Annotated[Name, label("Confirmed by", "Who in the prison confirmed them.", "Opal Example")]


class FirstNotification(Form):
    """A person who must notify the police did so after release (Sexual Offences Act 2003 s.83)."""

    date: Annotated[datetime.date, label("Date", "The day on which the person notified the police.", "2027-03-14")]
    home: Annotated[
        NotifiedHome | None,
        label(
            "Home",
            "Whether the person has no fixed home: then they notify every week. Leave it out if they have one.",
            "no_fixed_home",
            shown=False,
        ),
    ] = None
    station: Annotated[Name, label("Police station", "Where they notified.", "Brixton")]
    by: Annotated[Name, label("Recorded by", "The police officer who saw it.", "Priya Example")]


class NeighbourhoodTold(Form):
    """The neighbourhood policing team was told that somebody was released into its area, or has moved."""

    date: Annotated[datetime.date, label("Date", "The day on which the team was told.", "2027-03-12")]
    team: Annotated[Name, label("Team", "The neighbourhood policing team.", "Coldharbour neighbourhood team")]
    plan: Annotated[
        Literal["unchanged", "to_be_updated"] | None,
        label("Plan", "After a move: whether the plan still fits the new address.", "unchanged", shown=False),
    ] = None
    by: Annotated[Name, label("Told by", "Who told the team.", "Priya Example")]


def apply_prison_notice(change: CaseChange, form: PrisonNotice) -> str:
    """Note the prison's notice; a release date in it that differs from the record is put to a person."""
    refuse_another_date(change, form.release_date)
    return f"prison notice given on {form.date}"


def refuse_another_date(change: CaseChange, given: datetime.date | None) -> None:
    """Refuse a release date that differs from the record: which of them stands is for a person to say."""
    known = change.case.release_date
    if given and known and given != known:
        raise RefusedError(
            [
                f"release_date: the prison gives {given}, the record has {known}; record the change with "
                "'release-date' first, then this"
            ]
        )


def apply_release_day(change: CaseChange, form: ReleaseDay) -> str:
    """Note the day to which a release is brought forward: one that the law allows."""
    if change.case.release_date is None:
        raise RefusedError(["release_date: no release date is on record: record it with 'release-date' first"])
    refuse_another_date(change, form.release_date)
    calendar = working_calendar(change.session)
    allowed = earlier_days(form.release_date, calendar)
    if form.opens_on is None:
        return f"the release of {form.release_date} is not brought forward"
    if form.opens_on not in allowed:
        opens = door_opens(form.release_date, calendar)
        days = " or ".join(map(str, allowed))
        raise RefusedError(
            [
                f"opens_on: the door opens on {long_date(opens)}: "
                + (f"it may be opened on {days}" if days else "only a Friday or a day before a holiday can be avoided")
            ]
        )
    return f"the release of {form.release_date} is brought forward to {long_date(form.opens_on)}"


def apply_dates_check(change: CaseChange, form: DatesCheck) -> str:
    """Note that the dates still stand."""
    refuse_another_date(change, form.release_date)
    disagreements.settle(change.session, change.case.id, change.as_at)
    return f"release dates confirmed on {form.date}"


def apply_first_notification(change: CaseChange, form: FirstNotification) -> str:
    """Note the first notification after the last release, or after the sentence of somebody whom it left outside."""
    released = last_release(change, or_none_needed=True)
    if released is None:
        return f"notified the police on {form.date}"
    if form.date < released:
        raise RefusedError([f"date: {form.date} is before the release of {released}"])
    return f"notified the police on {form.date}, released on {released}"


def apply_neighbourhood_told(change: CaseChange, form: NeighbourhoodTold) -> str:
    """Note that the neighbourhood policing team knows of the last release, or of a new address."""
    if told_of_a_move(change, form):
        stands = "still fits" if form.plan == "unchanged" else "is to be updated"
        return f"neighbourhood policing was told on {form.date} of the new address; the plan {stands}"
    released = last_release(change)
    if released is not None and form.date < released:
        raise RefusedError(
            [f"date: {form.date} is before the release of {released}: tell the team that the person has been released"]
        )
    return f"neighbourhood policing was told on {form.date} of the release of {released}"


def told_of_a_move(change: CaseChange, form: NeighbourhoodTold) -> bool:
    """Tell whether it is about a new address; refuse what leaves out the plan, or comes before anybody knew of one."""
    query = select(Timescale.anchor_on, Timescale.state).where(
        Timescale.case_id == change.case.id, Timescale.kind == Community.NEW_ADDRESS
    )
    moves = change.session.execute(query.order_by(Timescale.anchor_on, Timescale.id)).all()
    waits = [move.anchor_on for move in moves if move.state in OWED]
    if form.plan is None:
        if waits:
            raise RefusedError(["plan: the person has moved: say whether the plan still fits the new address"])
        return False
    if not moves:
        raise RefusedError(["plan: no new address is on record: leave it out, or record the change of address first"])
    if waits and form.date < waits[-1]:
        raise RefusedError([f"date: {form.date} is before {waits[-1]}, when the new address came to be known"])
    return True


def last_release(change: CaseChange, *, or_none_needed: bool = False) -> datetime.date | None:
    """Return the day of the last release that is known, or refuse.

    ``or_none_needed``: somebody who has been outside from the start needs none, and None stands for that.
    """
    case = change.case
    sentences = change.session.scalars(select(Sentence).where(Sentence.case_id == case.id).order_by(Sentence.id)).all()
    events = read_events(change.session, [case.id])[case.id]
    known = where_over_time(case, sentences, events, working_calendar(change.session))
    came = [stay.since for stay in known[1:] if stay.location is Location.COMMUNITY]
    if came:
        return came[-1]
    if or_none_needed and known[0].location is Location.COMMUNITY:
        return None
    raise RefusedError(["no release of this person is on record: record it with 'custody-event' first"])


def apply_release_date(change: CaseChange, form: ReleaseDateChange) -> str:
    """Change one release date of the sentence that governs the case (or of the one named by its date)."""
    query = select(Sentence).where(Sentence.case_id == change.case.id)
    if form.sentence_date is not None:
        query = query.where(Sentence.sentence_date == form.sentence_date)
    sentences = [s for s in change.session.scalars(query) if s.disposal in CUSTODIAL]
    if not sentences:
        raise RefusedError(["no custodial sentence of this case has such a date to change"])
    if change.case.location != Location.CUSTODY:
        raise RefusedError(
            [f"the person is in the {change.case.location}, not in custody: there is no release to re-date"]
        )
    sentence = governing(sentences)
    # Time served on remand counts: the release may lie before the sentence (Criminal Justice Act 2003 s.240ZA), but not
    # before the offence.
    if form.release_date is not None and sentence.offence_date and form.release_date < sentence.offence_date:
        raise RefusedError([f"release_date: {form.release_date} is before the offence of {sentence.offence_date}"])
    if reasons := list(not_after_its_end("release_date", form.release_date, sentence)):
        raise RefusedError(reasons)
    was = getattr(sentence, form.which)
    setattr(sentence, form.which, form.release_date)
    disagreements.settle(change.session, change.case.id, change.as_at)
    return f"{form.which} changed from {was or 'none'} to {form.release_date or 'none'}"


KINDS = (
    FactType(
        kind=FactKind.PRISON_NOTICE,
        title="Prison notice",
        hint="Record this when the prison has told the offender manager the release date.",
        group=Group.BEFORE_RELEASE,
        who=(Role.PRISON_OFFENDER_MANAGEMENT, Role.OFFENDER_MANAGER, *UNIT),
        offered_when=lambda now: now.location is Location.CUSTODY,
        form=PrisonNotice,
        apply=apply_prison_notice,
    ),
    FactType(
        kind=FactKind.RELEASE_DATE,
        title="Release date changed",
        hint="Record this when a release date is set, moved or taken away.",
        group=Group.BEFORE_RELEASE,
        who=(Role.PRISON_OFFENDER_MANAGEMENT, *CASE_MANAGERS, *UNIT),
        offered_when=lambda now: now.location is Location.CUSTODY,
        form=ReleaseDateChange,
        apply=apply_release_date,
    ),
    FactType(
        kind=FactKind.RELEASE_DAY,
        title="Release brought forward",
        hint="Record this when the prison decides that one person leaves earlier than on a Friday or before a holiday.",
        group=Group.BEFORE_RELEASE,
        who=(Role.PRISON_OFFENDER_MANAGEMENT, *CASE_MANAGERS, *UNIT),
        offered_when=lambda now: now.location is Location.CUSTODY,
        form=ReleaseDay,
        apply=apply_release_day,
    ),
    FactType(
        kind=FactKind.DATES_CHECK,
        title="Release dates confirmed",
        hint="Record this when the prison confirms that the release dates still stand.",
        group=Group.BEFORE_RELEASE,
        who=(Role.PRISON_OFFENDER_MANAGEMENT, *CASE_MANAGERS, *UNIT),
        offered_when=lambda now: now.location is Location.CUSTODY,
        form=DatesCheck,
        apply=apply_dates_check,
    ),
    FactType(
        kind=FactKind.FIRST_NOTIFICATION,
        title="First notification to the police",
        hint="Record this when a person who must notify the police has done so after release.",
        group=Group.CUSTODY,
        who=(Role.POLICE_OFFENDER_MANAGER, *UNIT),
        offered_when=owes(Release.FIRST_NOTIFICATION),
        form=FirstNotification,
        apply=apply_first_notification,
    ),
    FactType(
        kind=FactKind.NEIGHBOURHOOD_TOLD,
        title="Neighbourhood policing told",
        hint="Record this when the neighbourhood policing team has been told of a release, or of a new address.",
        group=Group.CUSTODY,
        who=(Role.POLICE_OFFENDER_MANAGER, *UNIT),
        offered_when=owes(Release.NEIGHBOURHOOD_TOLD, Community.NEW_ADDRESS),
        form=NeighbourhoodTold,
        apply=apply_neighbourhood_told,
        reads_facts=True,
    ),
)
