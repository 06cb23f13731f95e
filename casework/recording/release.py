"""The prison's notice, and release dates that change."""

import datetime
from typing import Annotated, Literal

from pydantic import Field
from sqlalchemy import select

from casework.change import CaseChange
from casework.errors import RefusedError
from casework.facts.standing import governing
from casework.recording.event_follow_up import Consulted
from casework.recording.fact_type import CASE_MANAGERS, UNIT, FactType, Group
from casework.recording.forms import Form, label
from models.people import Sentence
from policy.roles import Role
from policy.vocabulary import CUSTODIAL, FactKind, Location

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
        datetime.date | None, label("Release date", "The release date that the prison gives.", "2027-03-12")
    ] = None
    contact: Annotated[str | None, label("Prison contact", "Whom to ask in the prison.", "OMU, HMP Example")] = None


class ReleaseDateChange(Form):
    """A release date changed, or was taken away. Until somebody has been consulted about it, that is owed."""

    date: Annotated[datetime.date, label("Date", "The day on which you learnt of the change.", "2026-10-01")]
    which: Annotated[
        ReleaseField,
        label("Which date", "Which release date changed: a column of the sentences file.", "conditional_release_date"),
    ]
    release_date: Annotated[
        datetime.date | None, label("New date", "The new date; null takes the date away.", "2027-05-14")
    ]
    reason: Annotated[str, Field(min_length=5), label("Reason", "Why it changed.", "Added days after an adjudication.")]
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


def apply_prison_notice(change: CaseChange, form: PrisonNotice) -> str:
    """Note the prison's notice; a release date in it that differs from the record is put to a person."""
    known = change.case.release_date
    if form.release_date and known and form.release_date != known:
        raise RefusedError(
            [
                f"release_date: the prison gives {form.release_date}, the record has {known}; record the "
                "change with 'release-date' first, then this notice"
            ]
        )
    return f"prison notice given on {form.date}"


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
    if form.release_date is not None and form.release_date < sentence.sentence_date:
        raise RefusedError([f"release_date: {form.release_date} is before the sentence of {sentence.sentence_date}"])
    was = getattr(sentence, form.which)
    setattr(sentence, form.which, form.release_date)
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
)
