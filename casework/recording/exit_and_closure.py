"""The end of a case: the plan for what comes after, the end-of-sentence check, and closing for another reason."""

import datetime
from collections.abc import Iterator
from typing import Annotated, Literal

from sqlalchemy import select

from casework import problems
from casework.change import CaseChange
from casework.closing import close_case, has_victim_contact, newest_referral_waits, open_eligibility, open_things
from casework.errors import RefusedError
from casework.facts.ends import decided_ends, endings_of, held_by
from casework.identification import DIED
from casework.recording.fact_type import CASE_MANAGERS, UNIT, FactType, Group, always, owes
from casework.recording.forms import Form, Name, OwnWords, Reason, label
from models.people import Sentence
from policy.dates import Ahead
from policy.kinds import Endings
from policy.obligations.endings import still_held
from policy.roles import Role
from policy.vocabulary import Category, EndOutcome, FactKind, Level

# A check may be made shortly before the day: a decision that waits for it comes too late.
EARLIEST = datetime.timedelta(weeks=4)
CLOSES = (EndOutcome.HANDED_TO_IOM, EndOutcome.DEREGISTERED)
WHATEVER_HOLDS = ("died", "left_the_country", "recorded_in_error")


class ExitPlan(Form):
    """The plan for life after MAPPA (Joint inspection 2015, 5.13, 5.21)."""

    date: Annotated[datetime.date, label("Date of the plan", "The day on which the plan was agreed.", "2027-03-05")]
    ends_on: Annotated[
        datetime.date,
        label(
            "End date",
            "The end of the sentence, licence, order or notification it is for.",
            "2027-05-28",
            ahead=Ahead.END,
        ),
    ]
    accommodation: Annotated[
        OwnWords,
        label(
            "Accommodation",
            "Where the person lives after the end, and who visits.",
            "A tenancy with the housing association runs on; the officer visits monthly.",
        ),
    ]
    engagement: Annotated[
        OwnWords,
        label(
            "Engagement",
            "What the person goes on with by consent.",
            "He goes on with the alcohol service until the autumn, by consent.",
        ),
    ]
    victims: Annotated[
        OwnWords,
        label(
            "Victims",
            "What the victim is told, when, and by whom.",
            "The victim liaison officer tells her on the day, and how to reach the police.",
        ),
    ]
    integrated_offender_management: Annotated[
        OwnWords,
        label(
            "Integrated offender management",
            "Whether it was considered, and what came of it.",
            "Considered on 24 February; the team takes him for six months.",
        ),
    ]
    outstanding_risks: Annotated[
        OwnWords,
        label(
            "Outstanding risks",
            "What could still raise the risk, and who would see it.",
            "A new relationship would raise the risk; the police flag the address.",
        ),
    ]
    by: Annotated[Name, label("Written by", "Who wrote the plan.", "Olive Example")]


class EndCheck(Form):
    """What becomes of a case when a sentence, licence, order or notification period ends."""

    date: Annotated[datetime.date, label("Date of the check", "The day of the decision.", "2027-05-28")]
    ends_on: Annotated[
        datetime.date,
        label(
            "End date",
            "The end of the sentence, licence, order or notification it is about.",
            "2027-05-28",
            ahead=Ahead.END,
        ),
    ]
    outcome: Annotated[EndOutcome, label("Decision", "What becomes of the case.", "deregistered")]
    reason: Annotated[
        Reason,
        label("Reason", "Why.", "The risk is reduced; every agency agreed at the meeting of 12 May."),
    ]
    despite_open: Annotated[
        Reason | None,
        label(
            "Reason to close with work open",
            "If something is still open: why you close the case anyway.",
            "Action 4 was to find him work, and he has found it himself.",
            shown=False,
        ),
    ] = None
    victims_told: Annotated[
        Reason | None,
        label(
            "Victim told",
            "If there is victim contact: how the victim liaison officer was told, and tells the victim.",
            "The victim liaison officer was told on 27 May, and tells the victim today.",
        ),
    ] = None
    to_whom: Annotated[
        Name | None,
        label(
            "Handed to",
            "If handed over: the integrated offender management team that takes the case.",
            "Integrated offender management team, Leeds",
            shown=False,
        ),
    ] = None
    by: Annotated[Name, label("Decided by", "Who decided.", "Cora Example")]


class Closure(Form):
    """A case is closed for another reason than the end of a sentence; category 3 once the risk is reduced enough."""

    date: Annotated[datetime.date, label("Date closed", "The day on which the case is closed.", "2027-04-14")]
    why: Annotated[
        Literal["risk_reduced", "died", "left_the_country", "recorded_in_error"],
        label(
            "Why it is closed",
            "Which reason it is. Only category 3 closes because the risk is reduced.",
            "risk_reduced",
        ),
    ]
    reason: Annotated[
        Reason,
        label(
            "Reason",
            "What the decision rests on.",
            "Two years without an incident; the agencies agree that the risk is reduced enough.",
        ),
    ]
    despite_open: Annotated[
        Reason | None,
        label(
            "Reason to close with work open",
            "If something is still open: why you close the case anyway.",
            "Action 4 was to find him work, and he has found it himself.",
            shown=False,
        ),
    ] = None
    victims_told: Annotated[
        Reason | None,
        label(
            "Victim told",
            "If there is victim contact: how the victim liaison officer was told, and tells the victim.",
            "The victim liaison officer was told on 13 April, and tells the victim today.",
            shown=False,
        ),
    ] = None
    by: Annotated[Name, label("Decided by", "Who decided.", "Cora Example")]


def ends(change: CaseChange) -> list[tuple[str, datetime.date]]:
    """Return what ends on the case and when."""
    query = select(Sentence).where(Sentence.case_id == change.case.id).order_by(Sentence.id)
    return endings_of(change.case, change.session.scalars(query).all())


def settle_end(change: CaseChange, form: ExitPlan | EndCheck) -> datetime.date:
    """Return the end a form is about; refuse one that is none, or on which a check has decided."""
    decided = decided_ends(change.session, [change.case.id])[change.case.id]
    waiting = [on for _, on in ends(change) if on not in decided]
    if form.ends_on not in waiting:
        known = ", ".join(on.isoformat() for on in waiting) or "none"
        raise RefusedError(
            [f"ends_on: {form.ends_on} is no end of this case that waits for a decision; these are: {known}"]
        )
    return form.ends_on


def apply_plan(change: CaseChange, form: ExitPlan) -> str:
    """Note the plan for what comes after an end."""
    return f"exit plan for the end on {settle_end(change, form)} recorded on {form.date}"


def apply_check(change: CaseChange, form: EndCheck) -> str:
    """Decide what becomes of a case at an end."""
    end = settle_end(change, form)
    left = still_held(held_by(change.case), end, decided_ends(change.session, [change.case.id])[change.case.id])
    if reasons := list(refuse_check(change, form, end, left)):
        raise RefusedError(reasons)
    case = change.case
    settle_question(change, end)
    if form.outcome in CLOSES:
        handed = form.outcome is EndOutcome.HANDED_TO_IOM
        told = "handed to integrated offender management" if handed else "de-registered"
        to_whom = f"{form.to_whom}, by consent; " if handed else ""
        close_case(change, form.date, f"{told}: {to_whom}{form.reason}")
        return f"end on {end}: {told}, the case is closed"
    if form.outcome is EndOutcome.CATEGORY_3_REFERRAL:
        case.category, case.categories, case.eligible_until = None, [], None
        return f"end on {end}: category 3 is asked for, and its screening decides"
    go_on(change, left)
    return f"end on {end}: the case stays open under category {case.category}"


def refuse_check(change: CaseChange, form: EndCheck, end: datetime.date, left: list[Category]) -> Iterator[str]:
    """Yield why a decision does not fit the case."""
    if form.date < end - EARLIEST:
        yield f"date: the check of the end on {end} is made from {end - EARLIEST} on"
    is_category_3 = change.case.category == Category.OTHER_DANGEROUS
    if form.outcome is EndOutcome.STAYS_OPEN and not left and not is_category_3:
        yield (
            f"outcome: no other category holds after {end}; the options are a category 3 referral, handing over to "
            "integrated offender management, or de-registration"
        )
    if form.outcome is EndOutcome.CATEGORY_3_REFERRAL and (left or is_category_3):
        yield "outcome: category 3 is for people who qualify under no other category, and this case does: it stays open"
    if form.outcome is EndOutcome.CATEGORY_3_REFERRAL and not newest_referral_waits(change):
        yield "outcome: record the referral for category 3 first, complete; its screening then decides"
    if form.outcome is EndOutcome.CATEGORY_3_REFERRAL:
        yield from open_eligibility(change)
    if form.outcome in CLOSES:
        if left:
            names = ", ".join(str(category.value) for category in left)
            yield f"outcome: category {names} holds beyond {end}: the case stays open under it"
        yield from refuse_closing(change, form)
    if form.outcome is EndOutcome.HANDED_TO_IOM and form.to_whom is None:
        yield "to_whom: which integrated offender management team takes over"


def refuse_closing(
    change: CaseChange, form: EndCheck | Closure, *, open_matters: bool = True, died: bool = False
) -> Iterator[str]:
    """Yield what is still open, where nobody says why the case is closed all the same; and a victim who is not told.

    Over an open question of eligibility no case is closed, whatever anybody says, unless the person has died.
    """
    if not died:
        yield from open_eligibility(change)
    if open_matters and form.despite_open is None:
        for thing in open_things(change):
            yield f"{thing}: settle it first, or say in 'despite_open' why you close the case anyway"
    if form.victims_told is None and has_victim_contact(change.case):
        yield "victims_told: there is victim contact; say how the victim liaison officer was told, and tells the victim"


def go_on(change: CaseChange, left: list[Category]) -> None:
    """Keep a case open under what still holds: category 1 ends but the licence runs, and it is category 2."""
    case = change.case
    if case.category == Category.OTHER_DANGEROUS and not left:
        return
    order = change.policy.eligibility.primary_order
    before = {"category": case.category, "categories": case.categories}
    kept = [*left, *([Category.OTHER_DANGEROUS] if 3 in case.categories else [])]
    case.category = int(min(kept, key=order.index))
    case.categories = sorted(int(category) for category in kept)
    untils = [until for number, until in case.holds if Category(number) in left]
    case.eligible_until = None if None in untils else max(map(datetime.date.fromisoformat, untils), default=None)
    change.note("re-evaluated", case.reference, before, {"category": case.category, "categories": case.categories})


def settle_question(change: CaseChange, end: datetime.date) -> None:
    """Take back the question the exit planning flow put for an end."""
    subject = problems.end_subject(change.case.id, end)
    standing = problems.open_questions(change.session, problems.ENDS, [subject]).get(subject)
    check = [FactKind.END_OF_SENTENCE_CHECK]
    problems.ask(change.session, problems.ENDS, subject, change.case.id, [], change.as_at, standing, check)


def apply_closure(change: CaseChange, form: Closure) -> str:
    """Close a case for another reason."""
    case = change.case
    reasons = []
    if form.why == "risk_reduced" and case.category != Category.OTHER_DANGEROUS:
        reasons.append(
            "why: only category 3 ends because the risk is reduced; any other ends with its sentence, licence, order "
            "or notification period, by 'end-of-sentence-check'"
        )
    if form.why == "risk_reduced" and case.level is not None and case.level > Level.MULTI_AGENCY:
        reasons.append("why: a case at level 3 steps down before it is closed because the risk is reduced")
    died = form.why == DIED
    reasons += list(refuse_closing(change, form, open_matters=form.why not in WHATEVER_HOLDS, died=died))
    if reasons:
        raise RefusedError(reasons)
    close_case(change, form.date, f"{form.why.replace('_', ' ')}: {form.reason}", died=died)
    return f"closed on {form.date}: {form.why.replace('_', ' ')}"


KINDS = (
    FactType(
        kind=FactKind.EXIT_PLAN,
        title="Exit plan",
        hint="Record the plan for life after MAPPA before a sentence, licence, order or notification period ends.",
        group=Group.ENDINGS,
        who=(*CASE_MANAGERS, *UNIT),
        offered_when=owes(Endings.EXIT_PLAN, Endings.END_OF_SENTENCE_CHECK),
        form=ExitPlan,
        apply=apply_plan,
        reads_facts=True,
    ),
    FactType(
        kind=FactKind.END_OF_SENTENCE_CHECK,
        title="End-of-sentence check",
        hint="Record what becomes of the case when a sentence, licence, order or notification period ends.",
        group=Group.ENDINGS,
        who=(Role.COORDINATOR,),
        offered_when=owes(Endings.END_OF_SENTENCE_CHECK),
        final="Where nothing else holds the person, the case is closed and not opened again.",
        form=EndCheck,
        apply=apply_check,
        reads_facts=True,
    ),
    FactType(
        kind=FactKind.CLOSURE,
        title="Closure for another reason",
        hint="Record this to close a case before its end: risk reduced (category 3), death, emigration or an error.",
        group=Group.ENDINGS,
        who=(Role.COORDINATOR,),
        offered_when=always,
        final="The case is closed: nothing more is asked on it, and it is not opened again.",
        form=Closure,
        apply=apply_closure,
    ),
)
