"""What a person records on a case: checked, written, the timescales refreshed, the audit entry appended.

Every kind has a form here; a wrong file is refused whole, with every reason, and changes nothing.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator
from sqlalchemy import select
from sqlalchemy.orm import Session

from casework import episodes, problems
from casework.errors import RefusedError
from casework.identification import STAGE, identify, subject_of
from casework.timescales import refresh
from models.audit import Change, append
from models.cases import Case, Fact
from models.people import Person, Sentence
from policy import identifiers
from policy.calendar import london_date
from policy.vocabulary import Category, FactKind, Level, Location


class Form(BaseModel):
    """What every form holds: the day it happened."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)

    date: date


class PrisonNotice(Form):
    """The prison told the offender manager the release date (joint inspection 2015 6.39)."""

    release_date: date | None = None
    contact: str | None = None


class Referral(Form):
    """A referral (MAPPA A) was received."""

    referred_by: str = Field(min_length=2)
    proposed_level: Literal[2, 3]
    reason: str = Field(min_length=10)


class LevelSetting(Form):
    """A level was decided. Category 3 is decided with it, and never at level 1 (``domain.md`` 3)."""

    level: Level
    reason: str = Field(min_length=10)
    category: Literal[3] | None = None

    @model_validator(mode="after")
    def category_3_is_never_at_level_1(self) -> "LevelSetting":
        """Refuse a combination the guidance excludes."""
        if self.category == 3 and self.level == Level.LEAD_AGENCY:
            raise ValueError("category 3 is never at level 1: level 2 or 3 is wanted")
        return self


ReleaseField = Literal[
    "conditional_release_date",
    "automatic_release_date",
    "parole_eligibility_date",
    "approved_parole_date",
    "hdc_approved_date",
    "post_recall_release_date",
]


class ReleaseDateChange(Form):
    """A release date changed; ``release_date`` null takes it away. ``which`` is a column of the sentences file."""

    which: ReleaseField
    release_date: date | None
    reason: str = Field(min_length=5)
    sentence_date: date | None = None


class IdentificationDecision(Form):
    """A person decided what the rules could not settle: a category and its last day, or not eligible."""

    decision: Literal["eligible", "not_eligible"]
    category: Literal[1, 2, 4] | None = None
    until: date | None = None
    offence_code: str | None = None
    reason: str = Field(min_length=10)

    @model_validator(mode="after")
    def eligible_names_its_category(self) -> "IdentificationDecision":
        """Refuse a decision that leaves the category open."""
        if (self.decision == "eligible") != (self.category is not None):
            raise ValueError("a decision 'eligible' names its category (1, 2 or 4), 'not_eligible' names none")
        return self


class Restriction(Form):
    """Whether e-mail about the case is withheld (security marking; joint inspection 2015 6.31-6.32)."""

    restricted: bool
    reason: str = Field(min_length=5)


FORMS: dict[FactKind, type[Form]] = {
    FactKind.PRISON_NOTICE: PrisonNotice,
    FactKind.REFERRAL: Referral,
    FactKind.LEVEL: LevelSetting,
    FactKind.RELEASE_DATE: ReleaseDateChange,
    FactKind.IDENTIFICATION: IdentificationDecision,
    FactKind.RESTRICTION: Restriction,
}

EXAMPLES: dict[FactKind, dict[str, Any]] = {
    FactKind.PRISON_NOTICE: {"date": "2026-07-09", "release_date": "2027-03-12", "contact": "OMU, HMP Example"},
    FactKind.REFERRAL: {
        "date": "2026-09-09",
        "referred_by": "Offender manager",
        "proposed_level": 2,
        "reason": "Two agencies must act together before release.",
    },
    FactKind.LEVEL: {"date": "2026-09-18", "level": 2, "reason": "High risk; police and housing must work together."},
    FactKind.RELEASE_DATE: {
        "date": "2026-10-01",
        "which": "conditional_release_date",
        "release_date": "2027-05-14",
        "reason": "Added days after an adjudication.",
    },
    FactKind.IDENTIFICATION: {
        "date": "2026-03-03",
        "decision": "eligible",
        "category": 2,
        "until": "2030-07-12",
        "reason": "The offence is in Schedule 15, part 1; the code was a local one.",
    },
    FactKind.RESTRICTION: {"date": "2026-03-03", "restricted": True, "reason": "Handled outside this system."},
}


@dataclass(frozen=True, slots=True)
class Recorded:
    """What was recorded: the case reference, one sentence, and what changed on its timescales."""

    case: str
    summary: str
    changes: list[str]


def example(kind: str) -> dict[str, Any]:
    """Return a filled-in form of a kind, as a file would hold it."""
    return EXAMPLES[FactKind(kind)]


def record_fact(
    session: Session, kind: str, crn: str, data: dict[str, Any], *, as_at: datetime, actor: str
) -> Recorded:
    """Record a fact on the open case of a person; raises ``RefusedError`` with every reason.

    The same fact recorded twice (kind, day and content alike) changes nothing the second time.
    """
    fact_kind = known_kind(kind)
    form = checked(fact_kind, data, london_date(as_at))
    person = person_of(session, crn)
    case = session.scalar(select(Case).where(Case.person_id == person.id, Case.closed_on.is_(None)).with_for_update())
    if case is None:
        case = case_for_category_3(session, person, form, as_at)
    content = form.model_dump(mode="json")
    if already_recorded(session, case, fact_kind, form.date, content):
        return Recorded(case.reference, f"{fact_kind} of {form.date} was recorded before; nothing changed", [])
    before = {"level": case.level, "category": case.category, "restricted": case.restricted}
    summary = APPLY[fact_kind](session, case, form, as_at, actor)
    session.add(
        Fact(
            case_id=case.id, kind=fact_kind.value, on_date=form.date, recorded_at=as_at, recorded_by=actor, data=content
        )
    )
    session.flush()
    append(
        session,
        [Change(f"case/{case.id}", f"recorded-{fact_kind}", case.reference, before, content)],
        actor=actor,
        at=as_at,
    )
    told = refresh(session, [case], as_at, actor)
    return Recorded(case.reference, summary, told[case.id])


def known_kind(kind: str) -> FactKind:
    """Return the kind, or refuse with the kinds there are."""
    try:
        return FactKind(kind)
    except ValueError as error:
        raise RefusedError([f"{kind!r} cannot be recorded; {', '.join(FactKind)} can"]) from error


def checked(kind: FactKind, data: dict[str, Any], today: date) -> Form:
    """Return the form of a kind filled with ``data``, or refuse it with every reason."""
    try:
        form = FORMS[kind].model_validate(data)
    except ValidationError as error:
        reasons = [
            f"{'.'.join(str(part) for part in e['loc']) or kind.value}: {e['msg'].removeprefix('Value error, ')}"
            for e in error.errors()
        ]
        raise RefusedError(reasons) from error
    if form.date > today:
        raise RefusedError([f"date: {form.date} is in the future; a fact has happened by {today}"])
    return form


def person_of(session: Session, crn: str) -> Person:
    """Return the person with a CRN, or refuse."""
    try:
        wanted = identifiers.crn(crn)
    except ValueError as error:
        raise RefusedError([str(error)]) from error
    person = session.scalar(select(Person).where(Person.crn == wanted))
    if person is None:
        raise RefusedError([f"nobody with the CRN {wanted} is on record: load a sentence first"])
    return person


def case_for_category_3(session: Session, person: Person, form: Form, as_at: datetime) -> Case:
    """Open a case for a category 3 decision; any other fact needs a case that is open already."""
    if not (isinstance(form, LevelSetting) and form.category == 3):
        raise RefusedError(
            [
                f"{person.crn} has no open case. If the sentence was just loaded, run 'mappa tick' first; to take on a "
                "person who is not eligible otherwise, record a level with category 3"
            ]
        )
    case = episodes.open_case(session, episodes.References(session), person.sentences, as_at)
    session.flush()
    for sentence in person.sentences:
        sentence.case_id = case.id
    append(
        session,
        [Change(f"case/{case.id}", "case-opened", case.reference, after={"categories": [3]})],
        actor="mappa",
        at=as_at,
    )
    return case


def already_recorded(session: Session, case: Case, kind: FactKind, on: date, content: dict[str, Any]) -> bool:
    """Tell whether the latest fact of this kind is this very one.

    Only the latest: a date set back to what it was before is a new fact, not an old one told again.
    """
    latest = session.scalar(
        select(Fact).where(Fact.case_id == case.id, Fact.kind == kind.value).order_by(Fact.id.desc()).limit(1)
    )
    return latest is not None and latest.on_date == on and latest.data == content


Apply = Callable[[Session, Case, Any, datetime, str], str]


def apply_prison_notice(session: Session, case: Case, form: PrisonNotice, as_at: datetime, actor: str) -> str:
    """Note the prison's notice; a release date in it that differs from the record is put to a person."""
    del session, as_at, actor
    if form.release_date and case.release_date and form.release_date != case.release_date:
        raise RefusedError(
            [
                f"release_date: the prison gives {form.release_date}, the record has {case.release_date}; record the "
                "change with 'release-date' first, then this notice"
            ]
        )
    return f"prison notice given on {form.date}"


def apply_referral(session: Session, case: Case, form: Referral, as_at: datetime, actor: str) -> str:
    """Note the referral."""
    del session, as_at, actor
    if case.category is None:
        raise RefusedError(["the case has no category yet: record the decision on identification first"])
    return f"referral for level {form.proposed_level} received on {form.date}"


def apply_level(session: Session, case: Case, form: LevelSetting, as_at: datetime, actor: str) -> str:
    """Set the level, and category 3 where it was decided."""
    del session, as_at, actor
    if form.category == 3:
        if case.category is not None and case.category != Category.OTHER_DANGEROUS:
            raise RefusedError(
                [
                    f"category: the case is category {case.category}; category 3 is for people who do "
                    "not qualify under another"
                ]
            )
        case.category, case.categories, case.eligible_until = Category.OTHER_DANGEROUS, [3], None
    if case.category is None:
        raise RefusedError(["the case has no category yet: record the decision on identification first"])
    if case.category == Category.OTHER_DANGEROUS and form.level == Level.LEAD_AGENCY:
        raise RefusedError(["level: category 3 is never at level 1; level 2 or 3 is wanted, or closing the case"])
    case.level, case.level_set_on = int(form.level), form.date
    return f"level {int(form.level)} set on {form.date}"


def apply_release_date(session: Session, case: Case, form: ReleaseDateChange, as_at: datetime, actor: str) -> str:
    """Change one release date of the sentence that governs the case (or of the one named by its date)."""
    del as_at, actor
    query = select(Sentence).where(Sentence.case_id == case.id)
    if form.sentence_date is not None:
        query = query.where(Sentence.sentence_date == form.sentence_date)
    sentences = [s for s in session.scalars(query) if s.disposal in episodes.CUSTODIAL]
    if not sentences:
        raise RefusedError(["no custodial sentence of this case has such a date to change"])
    if case.location != Location.CUSTODY:
        raise RefusedError([f"the person is in the {case.location}, not in custody: there is no release to re-date"])
    sentence = episodes.governing(sentences)
    if form.release_date is not None and form.release_date < sentence.sentence_date:
        raise RefusedError([f"release_date: {form.release_date} is before the sentence of {sentence.sentence_date}"])
    was = getattr(sentence, form.which)
    setattr(sentence, form.which, form.release_date)
    return f"{form.which} changed from {was or 'none'} to {form.release_date or 'none'}"


def apply_identification(
    session: Session, case: Case, form: IdentificationDecision, as_at: datetime, actor: str
) -> str:
    """Write the decision on the sentences that wait for one, and identify the person anew."""
    undecided = [
        s
        for s in session.scalars(select(Sentence).where(Sentence.person_id == case.person_id))
        if s.outcome == "undecided" and form.offence_code in (None, s.offence_code)
    ]
    if not undecided:
        raise RefusedError(
            [
                "no sentence of this person waits for a decision"
                + (f" with the offence code {form.offence_code}" if form.offence_code else "")
            ]
        )
    for sentence in undecided:
        sentence.decided_category, sentence.decided_until = form.category, form.until
        sentence.decided_reason, sentence.identified_on = form.reason, form.date
    session.flush()
    identify(session, [s.id for s in undecided], as_at, actor)
    if case.category is None and form.decision == "not_eligible":
        waiting = any(
            s.outcome == "undecided" for s in session.scalars(select(Sentence).where(Sentence.case_id == case.id))
        )
        if not waiting:
            close_not_eligible(session, case, form, as_at)
    return f"{len(undecided)} sentence(s) decided: {form.decision}"


def close_not_eligible(session: Session, case: Case, form: IdentificationDecision, as_at: datetime) -> None:
    """Close a case that was open only for the question, now answered with no."""
    case.closed_on, case.closed_reason = form.date, f"not eligible: {form.reason}"
    subject = subject_of(case.person)
    standing = problems.open_questions(session, STAGE, [subject]).get(subject)
    problems.ask(session, STAGE, subject, case.id, [], as_at, standing)


def apply_restriction(session: Session, case: Case, form: Restriction, as_at: datetime, actor: str) -> str:
    """Withhold e-mail about the case, or allow it again."""
    del session, as_at, actor
    case.restricted = form.restricted
    return "e-mail about this case is withheld" if form.restricted else "e-mail about this case goes out again"


APPLY: dict[FactKind, Apply] = {
    FactKind.PRISON_NOTICE: apply_prison_notice,
    FactKind.REFERRAL: apply_referral,
    FactKind.LEVEL: apply_level,
    FactKind.RELEASE_DATE: apply_release_date,
    FactKind.IDENTIFICATION: apply_identification,
    FactKind.RESTRICTION: apply_restriction,
}
