"""A registration told in error is taken out: it gives no category and no level, and counts on no day.

Source: Joint inspection 2015, 4.3: registrations that were wrong, or told twice, stayed open.
"""

import datetime
from collections.abc import Sequence
from typing import Annotated

from pydantic import Field
from sqlalchemy import select

from casework.change import CaseChange
from casework.closing import close_case, newest_referral_waits
from casework.episodes import OF_THE_AREA, stand_by_registrations
from casework.errors import RefusedError
from casework.facts.between_meetings import read_events
from casework.identification import orders_on
from casework.merging import look_anew
from casework.recording.fact_type import UNIT, FactType, Group
from casework.recording.forms import Form, Name, Reason, label
from casework.registered_levels import decided_on_3, keep_levels
from casework.spells import keep_spells, registered
from models.cases import Case
from models.people import Sentence
from models.registrations import Registration
from policy.eligibility import held_by_orders
from policy.outcomes import Closing
from policy.registrations import flags_of_each, stretches
from policy.vocabulary import FactKind

# Where a person is follows from what happened to them: no day is told by taking a registration out.
FOLLOWED = ("area", "unit", "lead_agency")


class WithdrawRegistrationForm(Form):
    """A registration was told in error, and is taken out."""

    date: Annotated[datetime.date, label("Date", "The day of the decision.", "2026-06-02")]
    registered_on: Annotated[
        datetime.date, label("Registered from", "The first day of the registration, as it was told.", "2022-01-01")
    ]
    category: Annotated[int, Field(ge=1, le=4), label("Category", "The category of the registration.", 2)]
    level: Annotated[
        int | None,
        Field(ge=1, le=3),
        label("Level", "The level of the registration; leave it out where none was set.", 1, shown=False),
    ] = None
    reason: Annotated[Reason, label("Reason", "Why.", "The registration is of another person of that name.")]
    by: Annotated[Name, label("Decided by", "Who decided.", "Cora Example")]


def apply_withdrawal(change: CaseChange, form: WithdrawRegistrationForm) -> str:
    """Take a registration out, with what followed from it; a case that rested on it alone is closed."""
    case, rows = change.case, standing_of(change)
    wrong = the_one(case, rows, form)
    wrong.withdrawn_on, wrong.withdrawn_because = form.date, form.reason[:500]
    rows = [row for row in rows if row is not wrong]
    change.note(
        "registration-withdrawn", f"registration {wrong.id}", None, {"withdrawn_on": form.date, "reason": form.reason}
    )
    for row, flags in zip(rows, flags_of_each([registered(row) for row in rows]), strict=True):
        row.flags = flags
    left = [row for row in rows if row.case_id == case.id]
    change.session.flush()
    keep_levels(change.session, {case.id: stretches([registered(row) for row in left])}, {case.id: case}, change.actor)
    stand_by(change, [row for row in left if row.ends_on is None or row.ends_on >= change.today])
    about = f"the registration of {wrong.starts_on} under category {wrong.category} is withdrawn"
    in_error = not left and rests_on_nothing(change)
    if in_error:
        put_away(change, f"{Closing.REGISTRATION_WITHDRAWN.value}: {form.reason}", form.date)
        about = f"{about}; {case.reference} rested on it alone, and counts nowhere"
    count_anew(change, wrong, in_error=in_error)
    return about


def standing_of(change: CaseChange) -> Sequence[Registration]:
    """Return the registrations of the person that nobody has withdrawn, the oldest first."""
    of_person = select(Registration).where(Registration.person_id == change.person.id)
    found = of_person.where(Registration.withdrawn_on.is_(None)).order_by(Registration.starts_on, Registration.id)
    return change.session.scalars(found).all()


def the_one(case: Case, rows: Sequence[Registration], form: WithdrawRegistrationForm) -> Registration:
    """Return the registration that a form means, or refuse with those of the case."""
    wanted = (form.registered_on, form.category, form.level)
    of_case = [row for row in rows if row.case_id == case.id]
    for row in of_case:
        if (row.starts_on, row.category, row.level) == wanted:
            return row
    known = "; ".join(f"{row.starts_on}, category {row.category}, level {row.level or 'none'}" for row in of_case)
    reason = f"registered_on: no registration of {case.reference} fits; on record: {known or 'none'}"
    if any((row.starts_on, row.category, row.level) == wanted for row in rows):
        reason += ". The one you mean belongs to another case of this person: give the reference of that case"
    raise RefusedError([reason])


def stand_by(change: CaseChange, running: Sequence[Registration]) -> None:
    """Let the open case say of itself what its other registrations and its sentences say."""
    case = change.case
    if case.closed_on is not None:
        return
    # What holds now is worked out anew. An end that waits for its check goes on waiting.
    case.holds = [hold for hold in case.holds if hold[1] is not None]
    change.session.flush()
    if change.person.standing:
        look_anew(change, change.person)
        return
    orders = held_by_orders(orders_on(change.session, [change.person.id])[change.person.id])
    numbers = [row.category for row in running] + [int(hold.category) for hold in orders if hold.current(change.today)]
    by_people = decided_on_3(change.session, case.id)
    stand_by_registrations(case, numbers, change.policy.eligibility.primary_order, by_people=by_people)
    if running:
        counts = max(running, key=lambda row: registered(row).weight)
        for name in FOLLOWED:
            if not (case.transferred and name in OF_THE_AREA):
                setattr(case, name, getattr(counts, name))


def rests_on_nothing(change: CaseChange) -> bool:
    """Tell whether no sentence, no order, no decision on category 3 and no referral holds a case."""
    case = change.case
    held = case.closed_on is None and any(until is None for _, until in case.holds)
    by_people = decided_on_3(change.session, case.id)
    return not (change.person.standing or held or by_people or newest_referral_waits(change))


def put_away(change: CaseChange, reason: str, on: datetime.date) -> None:
    """Close a case that should never have been; one that is closed already says why it counts no more."""
    case = change.case
    if case.closed_on is None:
        close_case(change, on, reason)
        return
    change.note("case-closed", case.reference, {"reason": case.closed_reason}, {"reason": reason})
    case.closed_reason = reason[:500]


def count_anew(change: CaseChange, wrong: Registration, *, in_error: bool) -> None:
    """Work out the spells of the case without the days that only the withdrawn registration told of."""
    session, case = change.session, change.case
    session.flush()
    of_case = select(Sentence).where(Sentence.case_id == case.id).order_by(Sentence.id)
    keep_spells(
        session,
        [case],
        {case.id: session.scalars(of_case).all()},
        read_events(session, [case.id]),
        change.today,
        {case.id: [(wrong.starts_on, wrong.ends_on)]},
        in_error={case.id} if in_error else (),
    )


KINDS = (
    FactType(
        kind=FactKind.WITHDRAW_REGISTRATION,
        title="Registration told in error",
        hint="Record this when a registration taken from another system is wrong and should never have been.",
        group=Group.CASE,
        who=UNIT,
        offered_when=lambda now: now.registered,
        after_closing=True,
        final="The registration no longer counts, and a case that rests on it alone is closed.",
        form=WithdrawRegistrationForm,
        apply=apply_withdrawal,
    ),
)
