"""Court orders and notification without an end: what runs, until when, and what comes after (SOA 2003 Part 2)."""

import datetime
from typing import Annotated, Literal

from pydantic import model_validator
from sqlalchemy import func, select

from casework import problems
from casework.change import CaseChange
from casework.closing import breach_question
from casework.errors import RefusedError
from casework.facts.ends import held_by
from casework.identification import identify
from casework.recording.fact_type import UNIT, FactType, Group, always, owes
from casework.recording.forms import Form, Name, Reason, WrittenOut, label
from models.orders import CourtOrder
from models.people import Sentence
from policy.dates import Ahead
from policy.kinds import Orders
from policy.roles import Role
from policy.vocabulary import ORDERS_OF_CATEGORY_1, Category, FactKind, OrderKind

# The stage under which questions about breaches are filed.
BREACHES = "meetings"


class Order(Form):
    """A court made an order, or changed one (then ``number`` says which)."""

    date: Annotated[datetime.date, label("Date", "The day on which you learnt of the order.", "2026-04-03")]
    number: Annotated[
        int | None,
        label("Order number", "Only if the court changed an order: its number on this person.", 1, shown=False),
    ] = None
    order: Annotated[OrderKind, label("Kind of order", "What kind of order the court made.", "shpo")]
    court: Annotated[Name, label("Court", "The court that made the order.", "Leeds Crown Court")]
    starts_on: Annotated[
        datetime.date, label("Start date", "The first day of the order.", "2026-04-02", ahead=Ahead.END)
    ]
    ends_on: Annotated[
        datetime.date | None,
        label(
            "End date", "The last day of the order; null if it runs until further order.", "2031-04-01", ahead=Ahead.END
        ),
    ]
    conditions: Annotated[
        WrittenOut,
        label(
            "Conditions",
            "What the order forbids or requires, word for word.",
            "Not to be alone with any child under sixteen; not to use a device without monitoring.",
        ),
    ]

    @model_validator(mode="after")
    def the_end_follows(self) -> "Order":
        """Refuse an order that ends before it begins."""
        if self.ends_on is not None and self.ends_on < self.starts_on:
            raise ValueError(f"ends_on: {self.ends_on} is before the order begins (starts_on), {self.starts_on}")
        return self


class OrderReview(Form):
    """It was decided what comes after the end of an order."""

    date: Annotated[datetime.date, label("Date of the decision", "The day of the decision.", "2031-01-10")]
    number: Annotated[int | None, label("Order number", "Which order. Leave it out if the person has only one.", 1)] = (
        None
    )
    decision: Annotated[
        Literal["applied_for_another", "applied_to_vary", "ends"],
        label(
            "Decision",
            "Whether another order is applied for, a variation is applied for, or the order is to end.",
            "applied_for_another",
        ),
    ]
    reason: Annotated[
        Reason,
        label(
            "Reason",
            "Why.",
            "The risk to children is as it was; the application is before the court on 3 March.",
        ),
    ]
    by: Annotated[Name, label("Decided by", "Who decided.", "Priya Example")]


class NotificationReview(Form):
    """Notification without an end was reviewed (report 2018-19 (i))."""

    date: Annotated[datetime.date, label("Date of the review", "The day of the review.", "2041-04-10")]
    decision: Annotated[
        Literal["continues", "ended", "not_applied"],
        label(
            "Decision",
            "Whether notification continues, has ended, or the person did not apply for a review.",
            "continues",
        ),
    ]
    reason: Annotated[Reason, label("Reason", "Why.", "He was cautioned in 2039; the risk is not low enough.")]
    next_on: Annotated[
        datetime.date | None,
        label(
            "Next review",
            "Unless it has ended: the day from which it may be reviewed again.",
            "2049-04-10",
            ahead=Ahead.END,
        ),
    ] = None
    by: Annotated[Name, label("Decided by", "The Superintendent who decided.", "Superintendent Sunita Example")]

    @model_validator(mode="after")
    def it_goes_on_somewhere(self) -> "NotificationReview":
        """Refuse notification that continues without the day of the next review: it would be asked about no more."""
        if (self.decision == "ended") != (self.next_on is None):
            raise ValueError("next_on: where notification continues, the day of the next review; where it ended, none")
        if self.next_on is not None and self.next_on <= self.date:
            raise ValueError(f"next_on: {self.next_on} is not after the date of the review, {self.date}")
        return self


def find_order(change: CaseChange, number: int | None) -> CourtOrder:
    """Return the order meant: by number, else the only one on the person; or refuse."""
    query = select(CourtOrder).where(CourtOrder.person_id == change.person.id).order_by(CourtOrder.number)
    orders = change.session.scalars(query).all()
    found = [order for order in orders if number in (None, order.number)]
    if len(found) != 1:
        known = ", ".join(f"{o.number} ({o.kind.replace('_', ' ')} of {o.starts_on})" for o in orders) or "none"
        raise RefusedError([f"number: say which order; this person has: {known}"])
    return found[0]


def apply_order(change: CaseChange, form: Order) -> str:
    """Note an order, or its change; one that makes its subject notify holds category 1 from then on."""
    order = find_order(change, form.number) if form.number is not None else new_order(change, form)
    if order.kind != form.order:
        raise RefusedError([f"order: number {order.number} is a {order.kind.replace('_', ' ')}"])
    before = {"ends_on": str(order.ends_on), "conditions": order.conditions}
    if order.ends_on != form.ends_on:
        order.reviewed_on = None
    order.court, order.starts_on, order.ends_on, order.conditions = (
        form.court,
        form.starts_on,
        form.ends_on,
        form.conditions,
    )
    change.session.flush()
    if form.number is not None:
        after = {"ends_on": str(order.ends_on), "conditions": order.conditions}
        change.note("order-changed", f"order {order.number}", before, after)
    if form.order in ORDERS_OF_CATEGORY_1:
        identify_anew(change)
        subject = breach_question(change.case)
        standing = problems.open_questions(change.session, BREACHES, [subject]).get(subject)
        problems.ask(change.session, BREACHES, subject, change.case.id, [], change.as_at, standing, [FactKind.ORDER])
    until = form.ends_on or "further order"
    changed = "changed" if form.number is not None else "made"
    return f"order {order.number}, {order.kind.replace('_', ' ')}: {changed}, from {form.starts_on} until {until}"


def new_order(change: CaseChange, form: Order) -> CourtOrder:
    """Return a new order of the case."""
    of_person = CourtOrder.person_id == change.person.id
    newest = change.session.scalar(select(func.max(CourtOrder.number)).where(of_person))
    order = CourtOrder(
        case_id=change.case.id,
        person_id=change.person.id,
        number=(newest or 0) + 1,
        kind=form.order,
        court=form.court,
        starts_on=form.starts_on,
        ends_on=form.ends_on,
        conditions=form.conditions,
        known_on=form.date,
        breaches=[],
    )
    change.session.add(order)
    change.session.flush()
    return order


def identify_anew(change: CaseChange) -> None:
    """Look at what holds the person once more."""
    query = select(Sentence.id).where(Sentence.person_id == change.person.id)
    identify(change.session, list(change.session.scalars(query)), change.as_at, change.actor)


def apply_order_review(change: CaseChange, form: OrderReview) -> str:
    """Note what comes after the end of an order."""
    order = find_order(change, form.number)
    if order.ends_on is None:
        raise RefusedError([f"number: order {order.number} runs until further order: it has no end to be decided on"])
    if order.reviewed_on is not None:
        raise RefusedError([f"number: it was decided on {order.reviewed_on} what comes after order {order.number}"])
    order.reviewed_on = form.date
    return f"order {order.number}, which ends on {order.ends_on}: {form.decision.replace('_', ' ')}"


def apply_notification_review(change: CaseChange, form: NotificationReview) -> str:
    """Note the review of notification without an end; one that ended it ends category 1."""
    case = change.case
    lasting_notification = any(
        one.category is Category.REGISTERED_SEXUAL_OFFENDER and one.until is None for one in held_by(case)
    )
    if case.notification_from is None or not lasting_notification:
        raise RefusedError(["decision: the person is under no notification without an end that could be reviewed"])
    since = case.notification_from
    if form.decision != "ended":
        return f"notification since {since} continues; its next review is of {form.next_on}"
    lasting = select(Sentence).where(Sentence.person_id == change.person.id, Sentence.sentence_date <= since)
    for sentence in change.session.scalars(lasting):
        sentence.notification_ended_on = form.date
    change.session.flush()
    was = {"categories": case.categories}
    identify_anew(change)
    change.note("notification-ended", case.reference, was, {"on": form.date, "category": Category(1).value})
    return f"notification since {since} ended on {form.date}: the end of category 1"


# Who deals with orders and notification beside the MAPPA unit.
MANAGERS = (Role.OFFENDER_MANAGER, Role.POLICE_OFFENDER_MANAGER)
KINDS = (
    FactType(
        kind=FactKind.ORDER,
        title="Court order",
        hint="Record a court order when it is made, and again when the court changes it.",
        group=Group.ORDERS,
        who=(*MANAGERS, *UNIT),
        offered_when=always,
        form=Order,
        apply=apply_order,
        # An order made on application may be what makes somebody a registered sexual offender.
        opens_a_case=lambda form: form.number is None and form.order in ORDERS_OF_CATEGORY_1,
    ),
    FactType(
        kind=FactKind.ORDER_REVIEW,
        title="Decision at the end of an order",
        hint="Record what was decided before an order ends: another one, a variation, or that it ends.",
        group=Group.ORDERS,
        who=(*MANAGERS, *UNIT),
        offered_when=owes(Orders.ORDER_END),
        form=OrderReview,
        apply=apply_order_review,
    ),
    FactType(
        kind=FactKind.NOTIFICATION_REVIEW,
        title="Review of indefinite notification",
        hint="Record what the police decided on reviewing a notification requirement without an end.",
        group=Group.ORDERS,
        who=(Role.POLICE_OFFENDER_MANAGER, *UNIT),
        offered_when=owes(Orders.NOTIFICATION_REVIEW),
        form=NotificationReview,
        apply=apply_notification_review,
    ),
)
