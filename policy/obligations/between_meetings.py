"""What a disclosure, the plan, an order, notification without an end and a transfer between areas make owed."""

from collections.abc import Iterator
from datetime import date

from policy.facts import CaseFacts, DisclosureFact
from policy.kinds import Orders, Plan
from policy.obligations.owed import NEXT_MEETING, Owed, people
from policy.obligations.rules import makes_due
from policy.subjects import THE_CASE, Subject
from policy.timescale_rules import VariantName
from policy.vocabulary import Level


@makes_due(Plan.DISCLOSURE_APPROVAL, Plan.DISCLOSURE)
def owed_on_disclosures(facts: CaseFacts) -> Iterator[Owed]:
    """Yield what each disclosure makes due."""
    for disclosure in facts.disclosures:
        yield from owed_on_disclosure(disclosure)


@makes_due(Orders.ORDER_END)
def owed_on_orders(facts: CaseFacts) -> Iterator[Owed]:
    """Yield the decision on what comes after each court order that ends."""
    for order in facts.orders:
        floor = min(order.known_on, order.ends_on)
        yield Owed(Orders.ORDER_END, order.subject, order.ends_on, floor, order.reviewed_on, label=order.what)


@makes_due(Orders.TRANSFER_ANSWER)
def owed_on_transfers(facts: CaseFacts) -> Iterator[Owed]:
    """Yield the answer to each proposal to hand the case to another area."""
    for transfer in facts.transfers:
        yield Owed(
            Orders.TRANSFER_ANSWER,
            transfer.subject,
            transfer.proposed_on,
            transfer.proposed_on,
            transfer.answered_on,
            named=people(receiving_coordinator=(transfer.receiver,)),
            label=f"to {transfer.to_area}",
        )


def owed_on_disclosure(disclosure: DisclosureFact) -> Iterator[Owed]:
    """Yield the approval of a proposed disclosure, and once approved that it is made by its date.

    One that a meeting carries on keeps its clock; with a new date its prompts count from there, and who makes it hears
    of the date, unless the letter of the approval still tells it. Source: Joint inspection 2015, 5.23.
    """
    label = f"number {disclosure.number}"
    chair = (disclosure.chair,)
    proposed_on = disclosure.proposed_on
    yield Owed(
        Plan.DISCLOSURE_APPROVAL,
        disclosure.subject,
        proposed_on,
        proposed_on,
        disclosure.answered_on,
        named=people(chair=chair),
        label=label,
    )
    if disclosure.approved:
        dated_on, answered_on = disclosure.dated_on, disclosure.answered_on
        redated = dated_on is not None and answered_on is not None and dated_on >= answered_on
        yield Owed(
            Plan.DISCLOSURE,
            disclosure.subject,
            disclosure.due_on,
            min(dated_on or proposed_on, disclosure.due_on),
            disclosure.closed_on,
            ("carried",) if redated else (),
            agency=disclosure.agency,
            named=people(discloser=(disclosure.discloser,), chair=chair),
            label=label,
        )


@makes_due(Plan.PLAN_UPDATE)
def owed_on_plan(facts: CaseFacts) -> Iterator[Owed]:
    """Yield the update of the plan after each meeting, and after what else asks for one.

    Source: Joint inspection 2015, 4.19, 5.20.

    The next meeting overtakes one that nobody has made, and asks for it anew.
    """
    held = sorted((m for m in facts.meetings if m.held and m.level != Level.LEAD_AGENCY), key=lambda m: m.on)
    for place, meeting in enumerate(held):
        following = held[place + 1].on if place + 1 < len(held) else None
        written = first_from(facts.plans_on, meeting.on, before=following)
        yield Owed(
            Plan.PLAN_UPDATE, meeting.subject, meeting.on, meeting.on, written,
            named=people(chair=(meeting.chair,)), label=f"meeting {meeting.number}",
            missed_on=following, overtaken_by=NEXT_MEETING,
        )  # fmt: skip
    for cause in facts.plan_causes:
        knowing = facts.plans_on if cause.answered_by is None else cause.answered_by
        written = first_from(knowing, cause.since)
        yield Owed(Plan.PLAN_UPDATE, cause.subject, cause.since, cause.since, written, label=cause.what)


@makes_due(Plan.PLAN_CONFIRMED)
def owed_on_the_chair(facts: CaseFacts) -> Iterator[Owed]:
    """Yield, after each meeting at level 2 or 3, the Chair's word that the agency's own plan was updated.

    Source: Joint inspection 2015, 5.18. The next meeting overtakes it.
    """
    held = sorted((m for m in facts.meetings if m.held and m.level != Level.LEAD_AGENCY), key=lambda m: m.on)
    for place, meeting in enumerate(held):
        following = held[place + 1].on if place + 1 < len(held) else None
        named = [one.on for one in facts.plans_confirmed if one.meeting == meeting.number]
        of_the_last = tuple(one.on for one in facts.plans_confirmed if one.meeting is None)
        last = first_from(of_the_last, meeting.on, before=following)
        yield Owed(
            Plan.PLAN_CONFIRMED, meeting.subject, meeting.on, meeting.on,
            min([*named, *([last] if last else [])], default=None),
            named=people(chair=(meeting.chair,)), label=f"meeting {meeting.number}",
            missed_on=following, overtaken_by=NEXT_MEETING,
        )  # fmt: skip


def first_from(days: tuple[date, ...], start: date, before: date | None = None) -> date | None:
    """Return the first of some days from a day on, and before another."""
    return min((day for day in days if day >= start and (before is None or day < before)), default=None)


@makes_due(Orders.NOTIFICATION_REVIEW)
def owed_on_notification(facts: CaseFacts) -> Iterator[Owed]:
    """Yield the marks at which notification without an end may be reviewed: 15 years, 8 under 18 (report 2018-19).

    A review may set the day of the next one.
    """
    notification = facts.notification
    if notification is None:
        return
    since, reviews = notification.since, notification.reviews
    first = reviews[0][0] if reviews else None
    young: tuple[VariantName, ...] = ("juvenile",) if notification.young else ()
    yield Owed(Orders.NOTIFICATION_REVIEW, THE_CASE, since, since, first, variants=young)
    for place, (_, next_on) in enumerate(reviews):
        if next_on is not None:
            met_on = reviews[place + 1][0] if place + 1 < len(reviews) else None
            subject = Subject(day=next_on)
            yield Owed(
                Orders.NOTIFICATION_REVIEW,
                subject,
                next_on,
                min(since, next_on),
                met_on,
                variants=("set_date",),
            )
