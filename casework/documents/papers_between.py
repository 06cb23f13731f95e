"""What happened between the meetings, in the papers of the next: disclosures, events, orders, risk assessments."""

from collections import defaultdict
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from casework.documents.blocks import Section, Table
from casework.documents.wording import Names, disclosed_by
from models.cases import Case, Fact
from models.disclosures import Disclosure
from models.events import CustodyEvent
from models.meetings import Meeting
from models.obligations import Timescale
from models.orders import CourtOrder
from policy.calendar import london_date
from policy.events import EventKind
from policy.kinds import KINDS, About, kind_named
from policy.vocabulary import DisclosureState, FactKind, RiskTool, State
from policy.words import (
    answer_words,
    day_of,
    days,
    known,
    listed,
    opening,
    order_name,
    plain_words,
    short_date,
    tool_name,
)

EVENTS = "Events since the last meeting, and earlier ones with something left to do"
# What an event may leave to do.
OF_EVENTS = tuple(kind for kind in KINDS if kind.spec.about is About.EVENT)
WAITING = (DisclosureState.PROPOSED, DisclosureState.APPROVED)


def disclosures_of(session: Session, case: Case) -> list[Disclosure]:
    """Return the disclosures of a case in their order."""
    query = select(Disclosure).where(Disclosure.case_id == case.id).order_by(Disclosure.number)
    return list(session.scalars(query))


def disclosures(found: list[Disclosure], meeting: Meeting, agency_name: Names) -> Section:
    """Return the disclosures that are open, each to be told of at the meeting, and what came of the others.

    Source: Joint inspection 2015, 5.23.
    """
    waiting = [
        (
            f"{one.number}. {one.what}",
            one.to_whom,
            f"{disclosed_by(one, agency_name)}\n{one.how}",
            short_date(one.due_on) + (": before the meeting" if one.due_on < meeting.on else ""),
            standing(one),
        )
        for one in found
        if one.state in WAITING
    ]
    closed = [
        (
            f"{one.number}. {one.what}",
            one.to_whom,
            came_of_it(one),
            known(one.undertaking, "None: nothing was disclosed"),
        )
        for one in found
        if one.state not in WAITING
    ]
    return Section(
        "Disclosures",
        [
            Table(
                "Open: for the meeting to discuss",
                ("Disclosure", "To whom", "By whom, and how", "Due", "Where it stands"),
                waiting,
                "No disclosure is open.",
            ),
            Table(
                "Made, not made or refused",
                ("Disclosure", "To whom", "What came of it", "Undertaking"),
                closed,
                "No disclosure has been made or refused.",
            ),
        ],
    )


def standing(one: Disclosure) -> str:
    """Return where an open disclosure stands: it waits for a second person, or was approved by one."""
    proposed = f"Proposed by {one.proposed_by} on {short_date(one.proposed_on)}"
    if one.approved_by is None or one.approved_on is None:
        return f"{proposed}; waits for the approval of a second person"
    return f"{proposed}; approved by {one.approved_by} on {short_date(one.approved_on)}"


def came_of_it(one: Disclosure) -> str:
    """Return how a disclosure ended, when, and why."""
    told = one.outcome if one.state == DisclosureState.MADE else one.not_made_reason
    by = f" by {one.approved_by}" if one.state == DisclosureState.REFUSED and one.approved_by else ""
    return f"{plain_words(one.state)} on {short_date(one.closed_on or one.due_on)}{by}: {known(told)}"


def left_by_events(session: Session, case: Case) -> dict[int, list[str]]:
    """Return what is still to be done about events, by the id of the event: what their open timescales say."""
    query = select(Timescale.subject, Timescale.kind).where(
        Timescale.case_id == case.id, Timescale.kind.in_(OF_EVENTS), Timescale.state.in_((State.OPEN, State.PAUSED))
    )
    left: dict[int, list[str]] = defaultdict(list)
    for subject, kind in session.execute(query.order_by(Timescale.due_on, Timescale.id)):
        left[subject.row_id].append(kind_named(kind).spec.undone)
    return left


def events_since(session: Session, case: Case, last: Meeting | None, left: dict[int, list[str]]) -> list[CustodyEvent]:
    """Return the events since the last meeting, those nobody knew of there, and those that left something to do."""
    query = select(CustodyEvent).where(CustodyEvent.case_id == case.id)
    found = session.scalars(query.order_by(CustodyEvent.on_date, CustodyEvent.id)).all()
    if last is None:
        return list(found)
    return [one for one in found if one.id in left or max(one.on_date, london_date(one.recorded_at)) >= last.on]


def events(found: list[CustodyEvent], left: dict[int, list[str]], last: Meeting | None) -> Section:
    """Return what happened in custody, on leave or on licence, and what each event has left to do."""
    rows = [
        (
            f"{one.number}. {plain_words(one.kind)}",
            short_date(one.on_date),
            what(one),
            opening("; ".join(left[one.id])) if one.id in left else "Nothing",
        )
        for one in found
    ]
    return Section(
        EVENTS if last else "Events",
        [
            Table(
                "In custody, on leave or on licence",
                ("Event", "Date", "What happened", "Not done yet"),
                rows,
                "No event is on record.",
            )
        ],
    )


def what(event: CustodyEvent) -> str:
    """Return what happened, as it was told; of a date that was moved, from when to when."""
    if event.kind == EventKind.RELEASE_DATE_CHANGED:
        to = event.data["to"]
        return f"From {day_of(event.data['from'])} to {day_of(to) if to else 'no date that is known'}"
    told = known(event.data.get("what"))
    prison = f" ({event.data['prison']})" if event.data.get("prison") else ""
    until = f" Until {short_date(event.until_on)}." if event.until_on else ""
    serious = " A serious further offence." if event.serious else ""
    result = f" Result: {answer_words(event.data['result'])}." if event.data.get("result") else ""
    return f"{told}{prison}{until}{serious}{result}"


def orders(session: Session, case: Case, on: date) -> Section:
    """Return the court orders, from when until when, what they forbid, and what comes after them.

    Source: Joint inspection 2015, 5.17.
    """
    query = select(CourtOrder).where(CourtOrder.case_id == case.id).order_by(CourtOrder.number, CourtOrder.id)
    rows = [
        (
            f"{one.number}. {order_name(one.kind)}",
            f"{one.court}, from {short_date(one.starts_on)}",
            until(one, on),
            one.conditions,
            breaches(one),
        )
        for one in session.scalars(query)
    ]
    columns = ("Order", "Court", "Until", "Conditions in full", "Breaches")
    return Section("Court orders", [Table("Orders on the person", columns, rows, "No court order is on record.")])


def until(order: CourtOrder, on: date) -> str:
    """Return the end of an order, how far off it is on the day of the meeting, and whether it was decided what follows.

    ``reviewed_on`` is the day of that decision, which stands on the record with its reason.
    """
    if order.ends_on is None:
        return "Further order"
    off = (order.ends_on - on).days
    when = f"{days(off)} after the meeting" if off > 0 else f"{days(-off)} before the meeting" if off else "that day"
    after = f"decided on {short_date(order.reviewed_on)}" if order.reviewed_on else "not decided"
    return f"{short_date(order.ends_on)}, {when}\n(What comes after it: {after})"


def breaches(order: CourtOrder) -> str:
    """Return the days on which an order was breached."""
    return listed(day_of(day) for day in order.breaches) if order.breaches else "None on record"


def last_by_tool(session: Session, case: Case) -> dict[str, Fact]:
    """Return the last risk assessment by each tool, by the tool's name."""
    query = select(Fact).where(Fact.case_id == case.id, Fact.kind == FactKind.RISK_ASSESSMENT.value)
    return {tool_of(fact): fact for fact in session.scalars(query.order_by(Fact.on_date, Fact.id))}


def assessments(session: Session, case: Case) -> Section:
    """Return the last risk assessment by each tool: when, of what and to whom, by whom, and who authorised it.

    Source: Joint inspection 2015, 6.7.
    """
    newest = last_by_tool(session, case)
    rows = [
        (
            tool,
            short_date(fact.on_date),
            plain_words(fact.data["level"]),
            f"{fact.data['of_what']}\nTo whom: {fact.data['to_whom']}",
            f"{fact.data['author']}\n(Authorised by {fact.data['authorised_by']})",
            known(fact.data.get("analysis"), "The level had not changed"),
        )
        for tool, fact in sorted(newest.items(), key=lambda one: (one[1].on_date, one[1].id), reverse=True)
    ]
    columns = ("Tool", "Date", "Risk", "Of what", "By whom", "Why the level changed")
    nothing = "No risk assessment is on record."
    return Section("Risk assessments", [Table("The last by each tool, the newest first", columns, rows, nothing)])


def tool_of(fact: Fact) -> str:
    """Return the tool of an assessment by its name."""
    tool = fact.data["tool"]
    return str(fact.data["other_tool"]) if tool == RiskTool.OTHER else tool_name(tool)
