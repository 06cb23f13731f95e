"""Five years of an invented area whose people answer: no case is forgotten, and each closed one says why.

Nor is anything between the meetings: disclosures, plans, what happens in custody and on licence, orders, transfers.
"""

import shutil
from collections import Counter
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from casework.loading import load_directory, load_sentences
from models.audit_seals import verify
from models.cases import Case, Fact
from models.disclosures import Disclosure
from models.events import CustodyEvent
from models.obligations import Prompt, Timescale
from models.orders import CourtOrder
from models.record import Record
from policy.events import CLEAR
from policy.kinds import Events, Orders, Plan
from policy.vocabulary import DisclosureState, State
from sample.answers import Answering
from sample.area import write_area
from sample.simulate import Span, simulate
from tests.support.opened import opened, with_mail_in
from tests.support.story import at
from views.cases import closed_cases

pytestmark = pytest.mark.slow

FIRST, LAST = date(2026, 3, 2), date(2031, 2, 28)
BETWEEN_MEETINGS = (
    Plan.DISCLOSURE_APPROVAL, Plan.DISCLOSURE, Plan.PLAN_UPDATE, Events.EVENT_REVIEW, Events.CONSULTATION,
    Events.VISOR_PARTNER, Events.RETURN_DUE, Events.VICTIM_UPDATE, Events.OFFENCE_REPORT,
    Events.CASE_REVIEW, Orders.ORDER_END, Orders.NOTIFICATION_REVIEW, Orders.TRANSFER_ANSWER,
)  # fmt: skip
# What has to come up in five years of forty people for the rest to say anything.
COMES_UP = (
    "disclosure-outcome", "disclosure-approval", "plan", "custody-event", "event-review", "visor-partner",
    "victim-update", "order", "transfer-proposal", "transfer-answer", "contact-change",
)  # fmt: skip
OPEN_DISCLOSURES = (DisclosureState.PROPOSED, DisclosureState.APPROVED)


@pytest.fixture(scope="module")
def lived(tmp_path_factory: pytest.TempPathFactory, sqlite_template: Path) -> Iterator[Record]:
    folder = tmp_path_factory.mktemp("five-years")
    path = folder / "record.db"
    shutil.copy(sqlite_template, path)
    record = with_mail_in(opened(f"sqlite:///{path}"), folder / "mail")
    files = write_area(folder, today=FIRST, people=40)
    load_directory(record, files.directory, as_at=at("2026-03-01", 18), actor="t")
    load_sentences(record, files.sentences, as_at=at("2026-03-01", 18), actor="t")
    result = simulate(record, Span(FIRST, LAST), answering=Answering(record, seed=5))
    assert result.answers is not None
    assert result.answers.unexpected == []
    assert not sum(result.failed.values())
    yield record
    record.close()


def test_after_five_years_every_case_is_closed_with_its_reason_or_has_something_open(lived: Record) -> None:
    with lived.reading() as session:
        closed = list(closed_cases(session))
        ways = Counter(one.how for one in closed)
        assert len(closed) >= 5, ways
        assert all(one.how and one.reason for one in closed)
        assert {way.partition(" ")[0] for way in ways} <= {"de-registered", "handed", "category", "died"}
        for case in session.scalars(select(Case).where(Case.closed_on.is_(None))):
            ends = [date.fromisoformat(until) for _, until in case.holds if until]
            indefinite = len(ends) < len(case.holds)
            if not case.holds or indefinite or max(ends) > LAST:
                continue
            waits = session.scalars(
                select(Timescale).where(Timescale.case_id == case.id, Timescale.state == "open")
            ).all()
            checks = [one for one in waits if one.kind == "end_of_sentence_check"]
            goes_on = case.category == 3 and any(one.kind.startswith(("level_", "first_")) for one in waits)
            assert goes_on or all(one.next_rung > 0 for one in checks if one.due_on <= LAST), case.reference
            assert goes_on or checks, f"{case.reference} is past its last end, and nothing asks about it"
        assert list(verify(session)) == []


def test_what_comes_up_between_meetings_is_answered_or_asked_about(lived: Record) -> None:
    """What is past due has been prompted, and most was answered: a report of what came up stands in the output."""
    with lived.reading() as session:
        facts = Counter(session.scalars(select(Fact.kind)))
        happened = Counter(session.scalars(select(CustodyEvent.kind)))
        assert all(facts[kind] for kind in COMES_UP), facts
        assert happened["release"] > 10
        assert all(happened[kind] for kind in ("recall", "transfer", "parole_outcome", "temporary_release")), happened
        came_up: Counter[tuple[str, str]] = Counter()
        for timescale in session.scalars(select(Timescale).where(Timescale.kind.in_(BETWEEN_MEETINGS))):
            came_up[timescale.kind, timescale.state] += 1
            if timescale.state == State.OPEN and timescale.due_on < LAST:
                told = f"{timescale.kind} of case {timescale.case_id}, due {timescale.due_on}"
                assert timescale.next_rung > 0, f"{told}: nobody was asked"
                assert prompted(session, timescale), f"{told}: no prompt stands on record"
        print(f"between meetings: {dict(sorted(came_up.items()))}; events: {dict(happened)}")
        for kind in (
            Plan.DISCLOSURE,
            Plan.PLAN_UPDATE,
            Events.EVENT_REVIEW,
            Events.VICTIM_UPDATE,
        ):
            assert came_up[kind.value, "met"] > 10 * came_up[kind.value, "open"], came_up


def prompted(session: Session, timescale: Timescale) -> bool:
    return session.scalar(select(Prompt.id).where(Prompt.timescale_id == timescale.id).limit(1)) is not None


def test_nobody_stays_in_custody_past_the_day_of_release(lived: Record) -> None:
    with lived.reading() as session:
        held = session.scalars(select(Case).where(Case.closed_on.is_(None), Case.location == "custody")).all()
        assert all(case.release_date is None or case.release_date >= LAST for case in held)


def test_nothing_of_a_closed_case_hangs(lived: Record) -> None:
    """A disclosure, an event or an order of a closed case is settled, or somebody was asked about it."""
    with lived.reading() as session:
        closed = select(Case.id).where(Case.closed_on.is_not(None))
        timescales = session.scalars(
            select(Timescale).where(Timescale.case_id.in_(closed), Timescale.kind.in_(BETWEEN_MEETINGS))
        ).all()
        asked = {(one.kind, one.subject.row) for one in timescales if one.next_rung > 0 or one.state == State.MET}
        looked_at = 0
        for disclosure in session.scalars(select(Disclosure).where(Disclosure.case_id.in_(closed))):
            looked_at += 1
            kinds = (Plan.DISCLOSURE, Plan.DISCLOSURE_APPROVAL)
            waits = disclosure.state in OPEN_DISCLOSURES and disclosure.due_on < LAST
            assert not waits or any((kind, disclosure.id) in asked for kind in kinds), disclosure.number
        for event in session.scalars(select(CustodyEvent).where(CustodyEvent.case_id.in_(closed))):
            looked_at += 1
            # Coming back answers a leave, and a test that found nothing leaves nothing to look at.
            nothing = event.kind == "returned" or event.data.get("result") == CLEAR
            waits = event.reviewed_on is None and not nothing
            assert not waits or (Events.EVENT_REVIEW, event.id) in asked, (
                event.case_id,
                event.kind,
                event.on_date,
            )
        # An order on somebody who died has come to its end. One that ran on was named, and left, when the case closed.
        of_closed = select(CourtOrder, Case.closed_on).join(Case, Case.id == CourtOrder.case_id)
        alive = of_closed.where(Case.closed_on.is_not(None), Case.closed_reason.not_like("died%"))
        for order, closed_on in session.execute(alive):
            looked_at += 1
            waits = order.reviewed_on is None and order.ends_on is not None and order.ends_on < closed_on
            assert not waits or (Orders.ORDER_END, order.id) in asked, (
                order.case_id,
                order.kind,
                order.ends_on,
            )
        assert looked_at > 10
