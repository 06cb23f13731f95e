"""Disclosures, the plan, events, orders, notification, transfers: dates worked out by hand, with the rule beside them.

Bank holidays met here are of 2026: 3 and 6 April, 25 May, 31 August, 25 and 28 December; of 2027: 1 January, 26 and
29 March, 3 and 31 May. Each rule and its source stand in policy/data/p2012.toml under the kind.
"""

from collections import Counter
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from policy.events import LEAVES, EventKind
from policy.facts import (
    CaseFacts,
    ChargeFact,
    DisclosureFact,
    EventFact,
    NotificationFact,
    OrderFact,
    PlanCause,
    TransferFact,
)
from policy.kinds import AtClosure, Events, Kind, Orders, Plan
from policy.obligations.all import due_and_ladder, owed
from policy.subjects import Subject, row
from tests.policy.test_dates_by_hand import CALENDAR, POLICY
from tests.policy.test_meeting_dates_by_hand import came_of, days, facts, meeting, of_kind

PRIYA, WENDY = ("priya@police.example", "Priya"), ("wendy@west.example", "Wendy")
NEW = (
    Plan.DISCLOSURE_APPROVAL,
    Plan.DISCLOSURE,
    Plan.PLAN_UPDATE,
    Events.EVENT_REVIEW,
    Events.CONSULTATION,
    Events.VISOR_PARTNER,
    Events.RETURN_DUE,
    Events.VICTIM_UPDATE,
    Events.OFFENCE_REPORT,
    Events.CASE_REVIEW,
    Orders.ORDER_END,
    Orders.NOTIFICATION_REVIEW,
    Orders.TRANSFER_ANSWER,
)


CLOSED = date(2028, 3, 1)


def on(day: str) -> date:
    return date.fromisoformat(day)


def event(kind: str, day: str, **changes: Any) -> CaseFacts:
    return facts(events=(EventFact(row(1), 1, EventKind(kind), on(day), on(day), **changes),))


def disclosure(proposed: str, due: str, **changes: Any) -> CaseFacts:
    return facts(disclosures=(DisclosureFact(row(1), 1, on(proposed), on(due), "police", PRIYA, **changes),))


def order(ends: str, known: str) -> CaseFacts:
    return facts(orders=(OrderFact(row(1), "shpo, number 1", on(ends), on(known)),))


def notified(since: str, *reviews: tuple[str, str], young: bool = False) -> CaseFacts:
    told = tuple((on(day), on(following)) for day, following in reviews)
    return facts(notification=NotificationFact(on(since), young, told))


def transfer(proposed: str) -> CaseFacts:
    return facts(transfers=(TransferFact(row(1), on(proposed), "West Yorkshire", WENDY),))


@pytest.mark.parametrize(
    ("kind", "case", "due", "ladder"),
    [
        # Five working days from Wed 23 Dec: 24, 29, 30, 31 Dec, 4 Jan; one more: 5 Jan.
        (Events.EVENT_REVIEW, event("transfer", "2026-12-23"), "2027-01-04",
         {"at once": "2026-12-23", "due": "2027-01-04", "+1W": "2027-01-05", "+5W": "2027-01-11"}),
        # The same and, five working days after it was due, the Chair: 5, 6, 7, 8 and 11 Jan.
        (Events.EVENT_REVIEW, event("recall", "2026-12-23"), "2027-01-04",
         {"at once": "2026-12-23", "due": "2027-01-04", "+1W": "2027-01-05", "+5W": "2027-01-11"}),
        (Events.EVENT_REVIEW, event("further_charge", "2026-12-23"), "2027-01-04",
         {"at once": "2026-12-23", "due": "2027-01-04", "+1W": "2027-01-05", "+5W": "2027-01-11"}),
        (Events.EVENT_REVIEW, event("death", "2026-12-23"), "2027-01-04",
         {"at once": "2026-12-23", "due": "2027-01-04", "+1W": "2027-01-05", "+5W": "2027-01-11"}),
        # At large: one working day, Thu 24 Dec; then Tue 29 Dec; then 29, 30 and 31 Dec.
        (Events.EVENT_REVIEW, event("absconded", "2026-12-23"), "2026-12-24",
         {"at once": "2026-12-23", "due": "2026-12-24", "+1W": "2026-12-29", "+3W": "2026-12-31"}),
        # On the Saturday of a long weekend: nobody works before Tuesday 1 September.
        (Events.EVENT_REVIEW, event("absconded", "2026-08-29"), "2026-09-01",
         {"at once": "2026-09-01", "due": "2026-09-01", "+1W": "2026-09-02", "+3W": "2026-09-04"}),
        # Over Easter 2027, from Thu 25 Mar: 30 and 31 Mar, 1, 2 and 5 Apr.
        (Events.EVENT_REVIEW, event("release_date_changed", "2027-03-25"), "2027-04-05",
         {"at once": "2027-03-25", "due": "2027-04-05", "+1W": "2027-04-06", "+5W": "2027-04-12"}),
        # One working day from the Thursday before Easter 2026: Tuesday 7 April.
        (Events.CONSULTATION, event("release_date_changed", "2026-04-02"), "2026-04-07",
         {"at once": "2026-04-02", "due": "2026-04-07", "+1W": "2026-04-08"}),
        (Events.VISOR_PARTNER, event("transfer", "2027-03-25"), "2027-04-05",
         {"due": "2027-04-05", "+1W": "2027-04-06"}),
        (Events.VISOR_PARTNER, event("recall", "2026-08-28"), "2026-09-07", {"due": "2026-09-07", "+1W": "2026-09-08"}),
        # Back by Mon 28 Dec, a holiday: asked on Thu 24 Dec, then on Tue 29 and Thu 31 Dec.
        (Events.RETURN_DUE, event("temporary_release", "2026-12-24", until_on=on("2026-12-28")), "2026-12-28",
         {"due": "2026-12-24", "+1W": "2026-12-29", "+3W": "2026-12-31"}),
        # Back on the day it began, a Saturday: asked on Monday.
        (Events.RETURN_DUE, event("hospital_leave", "2026-06-06", until_on=on("2026-06-06")), "2026-06-06",
         {"due": "2026-06-08", "+1W": "2026-06-08", "+3W": "2026-06-10"}),
        # One working day from Fri 30 Apr 2027: Tue 4 May; two more: 5 and 6 May.
        (Events.VICTIM_UPDATE, event("release", "2027-04-30", victim_contact=True), "2027-05-04",
         {"at once": "2027-04-30", "due": "2027-05-04", "+2W": "2027-05-06", "+5W": "2027-05-11"}),
        # Five calendar days from Wed 23 Dec: Mon 28 Dec, a holiday, asked on Thu 24 Dec; a working day on: Tue 29 Dec.
        (Events.CASE_REVIEW, facts(charges=(ChargeFact(Subject.read("charge 2026-12-23"), on("2026-12-23")),)),
         "2026-12-28", {"at once": "2026-12-23", "due": "2026-12-24", "+1W": "2026-12-29"}),
        # The report on it by the same day; a working day on, those above are told.
        (Events.OFFENCE_REPORT, facts(charges=(ChargeFact(Subject.read("charge 2026-12-23"), on("2026-12-23")),)),
         "2026-12-28", {"due": "2026-12-24", "+1W": "2026-12-29"}),
        # Two working days from Thu 24 Dec: 29 and 30 Dec.
        (Plan.DISCLOSURE_APPROVAL, disclosure("2026-12-24", "2027-01-20"), "2026-12-30",
         {"at once": "2026-12-24", "due": "2026-12-30", "+1W": "2026-12-31"}),
        # By Mon 31 May 2027, a holiday: Fri 28 May is the working day before, and when the day itself is asked about.
        (Plan.DISCLOSURE, disclosure("2027-05-10", "2027-05-31", approved=True), "2027-05-31",
         {"-1W": "2027-05-28", "due": "2027-05-28", "+1W": "2027-06-01"}),
        # By the day it was decided.
        (Plan.DISCLOSURE, disclosure("2026-08-28", "2026-08-28", approved=True), "2026-08-28",
         {"-1W": "2026-08-28", "due": "2026-08-28", "+1W": "2026-09-01"}),
        # Five working days from Wed 16 Dec: Wed 23 Dec; five more: 24, 29, 30, 31 Dec, 4 Jan.
        (Plan.PLAN_UPDATE, facts(meetings=(meeting(1, on("2026-12-16")),)), "2026-12-23",
         {"due": "2026-12-23", "+5W": "2027-01-04"}),
        (Plan.PLAN_UPDATE, facts(plan_causes=(PlanCause(row(1), on("2026-05-21"), "somebody it names"),)),
         "2026-05-29", {"due": "2026-05-29", "+5W": "2026-06-05"}),
        # Twelve weeks before Mon 31 May 2027: Mon 8 March; four: Mon 3 May, a holiday, so Fri 30 Apr.
        (Orders.ORDER_END, order("2027-05-31", "2026-04-03"), "2027-05-31",
         {"-12 weeks": "2027-03-08", "-4 weeks": "2027-04-30", "due": "2027-05-28", "+1W": "2027-06-01"}),
        # Known three weeks before the end: what lies before is asked on that day, Mon 10 May.
        (Orders.ORDER_END, order("2027-05-31", "2027-05-10"), "2027-05-31",
         {"-12 weeks": "2027-05-10", "-4 weeks": "2027-05-10", "due": "2027-05-28", "+1W": "2027-06-01"}),
        # Fifteen years from 10 April 2012: Sat 10 April 2027; twelve weeks before: Sat 16 Jan.
        (Orders.NOTIFICATION_REVIEW, notified("2012-04-10"), "2027-04-10",
         {"-12 weeks": "2027-01-15", "due": "2027-04-09", "+10W": "2027-04-23"}),
        # From 29 February 2012: Sun 28 February 2027; twelve weeks before: Sun 6 December.
        (Orders.NOTIFICATION_REVIEW, notified("2012-02-29"), "2027-02-28",
         {"-12 weeks": "2026-12-04", "due": "2027-02-26", "+10W": "2027-03-12"}),
        # Eight years of a juvenile from 3 May 2019: Mon 3 May 2027, a holiday; ten working days on: Mon 17 May.
        (Orders.NOTIFICATION_REVIEW, notified("2019-05-03", young=True), "2027-05-03",
         {"-12 weeks": "2027-02-08", "due": "2027-04-30", "+10W": "2027-05-17"}),
        # The review itself set Mon 31 May 2027: twelve weeks before Mon 8 March; ten working days on: Mon 14 June.
        (Orders.NOTIFICATION_REVIEW, notified("2010-01-01", ("2026-06-02", "2027-05-31")), "2027-05-31",
         {"-12 weeks": "2027-03-08", "due": "2027-05-28", "+10W": "2027-06-14"}),
        # Ten working days from Thu 17 Dec: 18, 21 to 24, 29 to 31 Dec, 4 and 5 Jan; three before: 4 Jan, 31 and 30 Dec.
        (Orders.TRANSFER_ANSWER, transfer("2026-12-17"), "2027-01-05",
         {"at once": "2026-12-17", "-3W": "2026-12-30", "due": "2027-01-05", "+5W": "2027-01-12"}),
    ],
)  # fmt: skip
def test_due_dates_and_ladders(kind, case, due, ladder):
    [found] = [one for one in of_kind(kind, case) if one[0].met_on is None]
    assert (found[1].isoformat(), dict(days(found[2]))) == (due, ladder)


def test_that_somebody_is_back_is_no_event_to_be_looked_at():
    assert [item.kind for item in owed(event("returned", "2026-06-10")) if isinstance(item.kind, Events)] == []


def test_a_meeting_looks_at_what_happened_before_it_and_was_known_by_then():
    """Our default. A meeting of the day itself may have been over; one before the news knew nothing of it."""
    told_late = EventFact(row(1), 1, EventKind.TRANSFER, on("2026-06-10"), on("2026-06-20"))
    for held, met in (("2026-06-10", False), ("2026-06-17", False), ("2026-06-20", True), ("2026-07-01", True)):
        [(item, _, _)] = of_kind(Events.EVENT_REVIEW, facts(events=(told_late,), meetings=(meeting(1, on(held)),)))
        assert (item.met_on is not None) == met, held


def test_a_planned_meeting_looks_at_nothing():
    planned = meeting(1, on("2026-07-01"), held=False)
    [(item, _, _)] = of_kind(Events.EVENT_REVIEW, replace(event("transfer", "2026-06-10"), meetings=(planned,)))
    assert item.met_on is None


def test_only_the_prison_that_holds_the_person_is_to_be_the_partner():
    """Joint inspection 2015 5.35: anew after each move; what was done for an earlier one stays done."""
    moves = tuple(
        EventFact(row(n), n, kind, on(day), on(day), partnered_on=on("2026-06-03") if n == 1 else None)
        for n, kind, day in (
            (1, EventKind.TRANSFER, "2026-06-01"), (2, EventKind.TRANSFER, "2026-06-10"),
            (3, EventKind.RELEASE, "2026-06-20"), (4, EventKind.RECALL, "2026-07-01"))
    )  # fmt: skip
    items = [item for item, _, _ in of_kind(Events.VISOR_PARTNER, facts(events=moves))]
    partners = [(str(item.subject), *came_of(item)) for item in items]
    assert partners == [("1", "met", on("2026-06-03")), ("2", "missed", on("2026-06-20")), ("4", "", None)]


def test_the_plan_of_a_meeting_that_the_next_overtook_is_owed_by_the_next():
    """Joint inspection 2015, 4.19: updated after every meeting. Written between two it met the first."""
    overtaken = ("1", "missed", on("2026-07-01"))
    two = (meeting(1, on("2026-06-01")), meeting(2, on("2026-07-01")))
    for written, expected in (
        ((), [overtaken, ("2", "", None)]),
        (("2026-06-30",), [("1", "met", on("2026-06-30")), ("2", "", None)]),
        (("2026-07-01",), [overtaken, ("2", "met", on("2026-07-01"))]),
        (("2026-05-31",), [overtaken, ("2", "", None)]),
    ):
        case = facts(meetings=two, plans_on=tuple(map(on, written)))
        assert [(str(item.subject), *came_of(item)) for item, _, _ in of_kind(Plan.PLAN_UPDATE, case)] == expected


# Whatever happens: what is not done is owed, once, and nothing else is


DAYS = st.dates(date(2026, 1, 5), date(2027, 12, 1))
DONE = st.none() | DAYS


@st.composite
def an_event(draw: st.DrawFn) -> EventFact:
    kind, day = draw(st.sampled_from(EventKind)), draw(DAYS)
    return EventFact(
        row(0), 0, kind, day, day + timedelta(draw(st.integers(0, 30))), victim_contact=draw(st.booleans()),
        until_on=day + timedelta(draw(st.integers(0, 9))) if kind in LEAVES else None, reviewed_on=draw(DONE),
        consulted_on=draw(DONE), partnered_on=draw(DONE), returned_on=draw(DONE), victim_told_on=draw(DONE),
    )  # fmt: skip


def a_disclosure(number: int, proposed: date, due: date, answered: date | None, state: int) -> DisclosureFact:
    """State 0: refused, 1: approved, 2: made."""
    approved, closed = bool(state) and answered is not None, answered if state != 1 else None
    return DisclosureFact(row(number), number, proposed, due, "police", PRIYA, ("", ""), answered, approved, closed)


@st.composite
def cases(draw: st.DrawFn) -> CaseFacts:
    happened = sorted(draw(st.lists(an_event(), max_size=6)), key=lambda one: one.on)
    told = draw(st.lists(st.tuples(DAYS, DAYS, DONE, st.integers(0, 2)), max_size=3))
    met = sorted(draw(st.lists(DAYS, max_size=4, unique=True)))
    marks = sorted(draw(st.lists(DAYS, max_size=4, unique=True)))
    reviews = tuple(zip(marks, [*marks[1:], draw(DONE)][: len(marks)], strict=True))
    notification = NotificationFact(on("2012-04-10"), False, reviews)
    orders, others = (
        draw(st.lists(st.tuples(DAYS, DAYS, DONE), max_size=3)),
        st.lists(st.tuples(DAYS, DONE), max_size=2),
    )
    return facts(
        closed_on=draw(st.none() | st.just(CLOSED)),
        events=tuple(replace(one, subject=row(n), number=n) for n, one in enumerate(happened)),
        charges=tuple(ChargeFact(Subject("charge", row=n), *one, draw(DONE)) for n, one in enumerate(draw(others))),
        disclosures=tuple(a_disclosure(n, *one) for n, one in enumerate(told)),
        orders=tuple(OrderFact(row(n), "shpo", *one) for n, one in enumerate(orders)),
        meetings=tuple(meeting(n, day, held=draw(st.booleans())) for n, day in enumerate(met)),
        plans_on=tuple(draw(st.lists(DAYS, max_size=3))),
        plan_causes=tuple(PlanCause(Subject("cause", row=n), day, "news") for n, (day, _) in enumerate(draw(others))),
        notification=draw(st.sampled_from([None, notification])),
        transfers=tuple(TransferFact(row(n), day, "Kent", WENDY, done) for n, (day, done) in enumerate(draw(others))),
    )


def not_done(case: CaseFacts) -> Counter[tuple[Kind, Subject]]:
    """What is not done, read off the facts: a sentence a kind."""
    held = [m for m in case.meetings if m.held]
    found = [(Plan.DISCLOSURE_APPROVAL, d.subject) for d in case.disclosures if d.answered_on is None]
    found += [(Plan.DISCLOSURE, d.subject) for d in case.disclosures if d.approved and d.closed_on is None]
    found += [(Orders.ORDER_END, o.subject) for o in case.orders if o.reviewed_on is None]
    found += [(Orders.TRANSFER_ANSWER, t.subject) for t in case.transfers if t.answered_on is None]
    undecided = [c for c in case.charges if c.considered_on is None]
    found += [(Events.CASE_REVIEW, c.subject) for c in undecided]
    found += [(Events.OFFENCE_REPORT, c.subject) for c in undecided if c.reported_on is None]
    wanted = [(m.subject, m.on) for m in held[-1:]] + [(cause.subject, cause.since) for cause in case.plan_causes]
    found += [(Plan.PLAN_UPDATE, what) for what, since in wanted if not any(day >= since for day in case.plans_on)]
    for place, one in enumerate(case.events):
        later = {other.kind for other in case.events[place + 1 :]}
        met = one.kind != EventKind.DEATH and any(m.on > one.on and m.on >= one.known_on for m in held)
        open_of = {
            Events.EVENT_REVIEW: one.kind != EventKind.RETURNED and one.reviewed_on is None and not met,
            Events.CONSULTATION: one.kind == EventKind.RELEASE_DATE_CHANGED and one.consulted_on is None,
            Events.VISOR_PARTNER: one.kind in ("transfer", "recall") and one.partnered_on is None
            and not later & {EventKind.TRANSFER, EventKind.RECALL, EventKind.RELEASE},
            Events.VICTIM_UPDATE: one.victim_contact and one.victim_told_on is None,
            Events.RETURN_DUE: one.kind in LEAVES and one.returned_on is None,
        }  # fmt: skip
        found += [(kind, one.subject) for kind, still in open_of.items() if still]
    if (notification := case.notification) is not None:
        following = notification.reviews[-1][1] if notification.reviews else None
        if not notification.reviews or following is not None:
            found.append((Orders.NOTIFICATION_REVIEW, Subject(day=following)))
    return Counter(found)


@settings(max_examples=150, deadline=None, derandomize=True)
@given(cases())
def test_what_is_not_done_is_owed_once_and_nothing_besides(case):
    items = [item for item in owed(case) if item.kind in NEW]
    expected = not_done(case)
    if case.closed:
        expected = Counter({key: n for key, n in expected.items() if key[0].spec.at_closure is AtClosure.GOES_ON})
    assert Counter((item.kind, item.subject) for item in items if came_of(item) == ("", None)) == expected
    if case.closed:
        ended = {key for key in not_done(case) if key[0].spec.at_closure is not AtClosure.GOES_ON}
        missed = {(item.kind, item.subject) for item in items if came_of(item) == ("missed", CLOSED)}
        assert ended == missed, "what the closing overtook is missed, and nothing just goes"
    assert [item for item in owed(case) if item.kind in NEW] == items, "the same facts owe the same again"


@settings(max_examples=60, deadline=None, derandomize=True)
@given(cases())
def test_every_ladder_rises_from_its_floor_on_working_days(case):
    for item in owed(case):
        if item.kind not in NEW:
            continue
        due, steps = due_and_ladder(item, POLICY, CALENDAR)
        assert due >= item.floor
        assert [step.at for step in steps] == sorted(step.at for step in steps)
        assert all(step.on >= item.floor and CALENDAR.is_working_day(step.on) for step in steps)


@settings(max_examples=60, deadline=None, derandomize=True)
@given(cases(), DAYS)
def test_doing_one_thing_more_takes_away_what_it_meets_and_nothing_else(case, day):
    """A plan written leaves everything else as it was; so does an order that was decided on."""
    before = not_owed_of(Plan.PLAN_UPDATE, case)
    assert not_owed_of(Plan.PLAN_UPDATE, replace(case, plans_on=(*case.plans_on, day))) == before
    decided = tuple(replace(one, reviewed_on=one.reviewed_on or day) for one in case.orders)
    after = replace(case, orders=decided)
    assert not_owed_of(Orders.ORDER_END, after) == not_owed_of(Orders.ORDER_END, case)
    assert not [item for item in owed(after) if item.kind is Orders.ORDER_END and came_of(item)[0] != "met"]


def not_owed_of(kind: Kind, case: CaseFacts) -> list[tuple[Kind, str, date | None]]:
    """Return what is owed of the other kinds."""
    return [(item.kind, item.subject, item.met_on) for item in owed(case) if item.kind is not kind]
