"""One person, one case: make two records one, part them again, and take out a sentence that was told in error.

Source: Joint inspection 2015, 4.3: a person has one open episode; registrations told twice stayed open.
"""

import datetime
from collections.abc import Sequence
from typing import Annotated, Literal

from pydantic import Field
from sqlalchemy import and_, or_, select

from casework import likeness
from casework.change import CaseChange
from casework.closing import close_case, newest_referral_waits
from casework.errors import RefusedError
from casework.facts.ends import held_by
from casework.facts.querying import find_person
from casework.identification import STAGE as IDENTIFICATION
from casework.merging import fold, look_anew, stand_by_what_runs, unfold
from casework.recording.fact_type import UNIT, FactType, Group, always
from casework.recording.forms import Form, Line, Name, Reason, label
from models.cases import QUESTION, Case, Problem
from models.merges import Merge
from models.people import Person, Sentence
from models.record import working_calendar
from policy.offsets import shift
from policy.outcomes import Closing
from policy.roles import Role
from policy.vocabulary import Category, FactKind

ENDS = ("licence_expiry_date", "sentence_expiry_date", "top_up_supervision_expiry_date", "order_end_date")
# Asked anew by the program itself, of the case that is kept.
ASKED_ANEW = (IDENTIFICATION, likeness.STAGE, "pre_release", "exit_planning")
Other = Annotated[Line, Field(min_length=3, max_length=20)]


class MergeForm(Form):
    """Two CRNs are one person, and the case on which this is recorded is kept; or they are two people."""

    date: Annotated[datetime.date, label("Date", "The day of the decision.", "2026-06-02")]
    other: Annotated[Other, label("Other record", "The other CRN, or the reference of its case.", "X999999")]
    decision: Annotated[
        Literal["one_person", "two_people"],
        label("Decision", "Whether the two are one person. If so, the other case is closed into this one.",
              "one_person"),
    ]  # fmt: skip
    reason: Annotated[
        Reason,
        label("Reason", "What the decision rests on.", "The prison has one person of this NOMIS number."),
    ]
    by: Annotated[Name, label("Decided by", "Who decided.", "Cora Example")]


class SplitForm(Form):
    """Two records that were merged are two people after all: each is a case of its own again."""

    date: Annotated[datetime.date, label("Date", "The day of the decision.", "2026-06-09")]
    other: Annotated[Other, label("Other record", "The CRN, or the reference, that was merged into it.", "X999999")]
    reason: Annotated[
        Reason, label("Reason", "Why they are two people.", "The fingerprints differ: they are brothers.")
    ]
    by: Annotated[Name, label("Decided by", "Who decided.", "Cora Example")]


class WithdrawForm(Form):
    """A sentence was told in error and is taken out; or it stands beside the other that looks like it."""

    date: Annotated[datetime.date, label("Date", "The day of the decision.", "2026-06-02")]
    offence_code: Annotated[Line, label("Offence code", "The offence of the sentence.", "COML022")]
    sentence_date: Annotated[
        datetime.date, label("Sentence date", "The day of the sentence, as it was told.", "2023-11-12")
    ]
    offence_date: Annotated[
        datetime.date | None,
        label("Offence date", "The day of the offence, where several sentences fit.", "2023-01-05", shown=False),
    ] = None
    decision: Annotated[
        Literal["withdrawn", "stands"],
        label("Decision", "Whether the sentence is taken out, or stands beside the other.", "withdrawn"),
    ]
    reason: Annotated[
        Reason, label("Reason", "Why.", "The court's register has 21 November; the file had the figures turned round.")
    ]
    by: Annotated[Name, label("Decided by", "Who decided.", "Cora Example")]


def the_other(change: CaseChange, key: str) -> Person:
    """Return the person of another CRN or case reference, or refuse."""
    wanted = key.strip().upper()
    other = find_person(change.session, wanted)
    if other is None:
        raise RefusedError([f"other: nobody on record has the CRN or case reference {wanted}"])
    if other.erased:
        raise RefusedError([f"other: the data of {wanted} were erased"])
    return other


def apply_merge(change: CaseChange, form: MergeForm) -> str:
    """Make two records one, or note that they are two people."""
    session, kept = change.session, change.case
    other = the_other(change, form.other)
    if other.id == change.person.id:
        raise RefusedError([f"other: {form.other} is the person of this case already"])
    pair = [likeness.of_people(change.person.id, other.id)]
    if form.decision == "two_people":
        likeness.settle(session, pair, change.as_at)
        return f"{kept.reference} and {form.other} are two people: {form.reason}"
    theirs = session.scalar(select(Case).where(Case.person_id == other.id, Case.closed_on.is_(None)).with_for_update())
    if theirs is not None and (waiting := questions_on(change, theirs)):
        raise RefusedError([f"other: answer the open questions of {theirs.reference} first: {'; '.join(waiting)}"])
    likeness.settle(session, pair, change.as_at)
    if theirs is not None:
        take_back_questions(change, theirs, pair)
    fold(change, other, theirs, form.date)
    closed = f"; {theirs.reference} is closed into it" if theirs is not None else ""
    return f"{form.other} is the person of {kept.reference}{closed}"


def questions_on(change: CaseChange, case: Case) -> Sequence[str]:
    """Return the open questions on a case that the case that is kept would not be asked by itself."""
    asked = select(Problem.reason).where(
        Problem.case_id == case.id, Problem.kind == QUESTION, Problem.resolved_at.is_(None),
        Problem.stage.not_in(ASKED_ANEW),
    )  # fmt: skip
    return change.session.scalars(asked.order_by(Problem.id)).all()


def take_back_questions(change: CaseChange, case: Case, decided: Sequence[str]) -> None:
    """Take back the questions on a case that the kept one is asked anew.

    Those about likenesses go on there, and so does the one that the merge has answered: its duty is met.
    """
    about = and_(Problem.case_id == case.id, Problem.kind == QUESTION)
    waiting = or_(Problem.resolved_at.is_(None), Problem.subject.in_(decided))
    for problem in change.session.scalars(select(Problem).where(about, waiting)):
        if problem.stage == likeness.STAGE:
            problem.case_id = change.case.id
        else:
            problem.resolved_at = change.as_at


def apply_split(change: CaseChange, form: SplitForm) -> str:
    """Part two records that were merged."""
    session, kept = change.session, change.case
    other = session.scalar(select(Person).where(Person.crn == form.other.strip().upper())) or session.scalar(
        select(Person).join(Case).where(Case.reference == form.other.strip().upper())
    )
    standing = select(Merge).where(Merge.case_id == kept.id, Merge.split_on.is_(None)).order_by(Merge.id.desc())
    merges = session.scalars(standing).all()
    merge = next((one for one in merges if other is not None and one.other_person_id == other.id), None)
    if merge is None:
        raise RefusedError([f"other: {form.other} was not merged into {kept.reference}, or is parted from it already"])
    last = shift(merge.merged_on, change.policy.merging.undone_within, working_calendar(session))
    reasons = []
    if merge is not merges[0]:
        reasons.append("other: another record was merged into this case later; part that one first")
    if form.date < merge.merged_on:
        reasons.append(f"date: {form.date} is before the merge of {merge.merged_on}")
    if form.date > last:
        reasons.append(f"date: a merge can be undone until {last}; correct what is wrong on each case instead")
    if reasons:
        raise RefusedError(reasons)
    again = unfold(change, merge, form.date)
    opened = f"; {again.reference} is open again" if again is not None else ""
    return f"{form.other} and {kept.reference} are parted{opened}"


def apply_withdrawal(change: CaseChange, form: WithdrawForm) -> str:
    """Take a sentence out, with what it made due; or note that it stands beside the other."""
    session, case = change.session, change.case
    standing = [s for s in change.person.standing if s.offence_code == form.offence_code.strip().upper()]
    found = [
        s for s in standing if s.sentence_date == form.sentence_date and form.offence_date in (None, s.offence_date)
    ]
    if len(found) != 1:
        known = "; ".join(f"{s.offence_code} of {s.sentence_date}" for s in change.person.standing) or "none"
        what = "no sentence fits" if not found else "more than one sentence fits; give the date of the offence"
        raise RefusedError([f"sentence_date: {what}; on record: {known}"])
    [sentence] = found
    pairs = [likeness.of_sentences(sentence.id, other.id) for other in standing if other is not sentence]
    likeness.settle(session, pairs, change.as_at)
    about = f"the sentence of {sentence.sentence_date} for {sentence.offence_code}"
    if form.decision == "stands":
        return f"{about} stands beside the other: {form.reason}"
    withdraw(change, sentence, form)
    left = [s for s in change.person.standing if s is not sentence]
    look_anew(change, change.person)
    stand_by_what_runs(change)
    rests_on_it = not any(until is None for _, until in case.holds)
    if (
        not left
        and rests_on_it
        and Category.OTHER_DANGEROUS not in case.categories
        and not newest_referral_waits(change)
    ):
        # Nobody was ever eligible by it: the case was opened in error.
        close_case(change, form.date, f"{Closing.SENTENCE_WITHDRAWN.value}: {form.reason}")
        return f"{about} is withdrawn, and {case.reference} is closed: it rested on that sentence alone"
    return f"{about} is withdrawn; what it made due is cancelled"


def withdraw(change: CaseChange, sentence: Sentence, form: WithdrawForm) -> None:
    """Write on a sentence that it was told in error, and take from the case what came of it."""
    sentence.withdrawn_on, sentence.withdrawn_because = form.date, form.reason[:500]
    sentence.case_id = sentence.identify_at = sentence.questions = None
    sentence.outcome, sentence.outcome_reason = "withdrawn", form.reason[:500]
    # What holds now is worked out anew. An end of another sentence that waits for its check goes on waiting.
    ends = {getattr(sentence, name) for name in ENDS} - {None}
    change.case.holds = [
        [one.category, one.until.isoformat()]
        for one in held_by(change.case)
        if one.until is not None and one.until < change.today and one.until not in ends
    ]
    change.note(
        "sentence-withdrawn", f"sentence {sentence.id}", None, {"withdrawn_on": form.date, "reason": form.reason}
    )
    change.session.flush()


KINDS = (
    FactType(
        kind=FactKind.MERGE,
        title="Two records of one person",
        hint="Record this when the same person may stand under two CRNs: say whether they are one, and keep one case.",
        group=Group.CASE,
        who=UNIT,
        offered_when=always,
        final="Two records become one. They can be parted again only for as long as the policy says, such as 90 days.",
        form=MergeForm,
        apply=apply_merge,
    ),
    FactType(
        kind=FactKind.SPLIT,
        title="Undo a merge",
        hint="Record this when two records that were merged turn out to be two people.",
        group=Group.CASE,
        who=(Role.COORDINATOR,),
        offered_when=lambda now: now.merged,
        final="The records are parted for good: each keeps what was recorded of it.",
        form=SplitForm,
        apply=apply_split,
    ),
    FactType(
        kind=FactKind.WITHDRAW_SENTENCE,
        title="Sentence told in error",
        hint="Record this when a sentence on record is wrong and another stands for it, or never was.",
        group=Group.CASE,
        who=UNIT,
        offered_when=always,
        final="The sentence no longer counts, and a case that rests on it alone is closed.",
        form=WithdrawForm,
        apply=apply_withdrawal,
    ),
)
