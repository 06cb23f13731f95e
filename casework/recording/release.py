"""The prison's notice, and release dates that change."""

import datetime
from typing import Literal

from pydantic import Field
from sqlalchemy import select

from casework.change import CaseChange
from casework.errors import RefusedError
from casework.facts.standing import governing
from casework.recording.event_follow_up import Consulted
from casework.recording.fact_type import FactType
from casework.recording.forms import Form
from models.people import Sentence
from policy.vocabulary import CUSTODIAL, FactKind, Location

ReleaseField = Literal[
    "conditional_release_date",
    "automatic_release_date",
    "parole_eligibility_date",
    "approved_parole_date",
    "hdc_approved_date",
    "post_recall_release_date",
]


class PrisonNotice(Form):
    """The prison told the offender manager the release date (joint inspection 2015 6.39)."""

    release_date: datetime.date | None = None
    contact: str | None = None


class ReleaseDateChange(Form):
    """A release date changed; ``release_date`` null takes it away. ``which`` is a column of the sentences file.

    ``consulted``: who of police and probation was consulted about it; without it that is owed.
    """

    which: ReleaseField
    release_date: datetime.date | None
    reason: str = Field(min_length=5)
    sentence_date: datetime.date | None = None
    consulted: Consulted | None = None


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


KINDS = {
    FactKind.PRISON_NOTICE: FactType(
        PrisonNotice,
        apply_prison_notice,
        {"date": "2026-07-09", "release_date": "2027-03-12", "contact": "OMU, HMP Example"},
    ),
    FactKind.RELEASE_DATE: FactType(
        ReleaseDateChange,
        apply_release_date,
        {
            "date": "2026-10-01",
            "which": "conditional_release_date",
            "release_date": "2027-05-14",
            "reason": "Added days after an adjudication.",
            "consulted": {"police": "Priya Example", "probation": "Olive Example"},
        },
    ),
}
