"""What the record holds between the meetings of today's cases: disclosures, plans, events, orders, transfers."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session, undefer

from casework.recording.disclosures import OPEN
from models.base import Base
from models.cases import Fact, Problem
from models.disclosures import Disclosure
from models.events import CustodyEvent
from models.orders import CourtOrder
from models.people import Sentence
from models.plans import ContactChange, PlanVersion
from models.transfers import AreaTransfer
from policy.kinds import Community, Events, Kind, Meetings, Orders, Plan, Questions
from sample.answers.open_things import Open

PART = 500
DISCLOSURES = (Meetings.MEETING, Plan.DISCLOSURE, Plan.DISCLOSURE_APPROVAL)
EVENTS = (
    Events.EVENT_REVIEW,
    Events.CONSULTATION,
    Events.VISOR_PARTNER,
    Events.VICTIM_UPDATE,
)
# Things that happen to somebody, by what is done, which want to be known with the plan or with the sentences.
WITH_PLAN = ("answer_question", "write_plan", "contact_change")
WITH_SENTENCES = ("answer_question", "write_plan", "release_date_changed")
WITH_ORDERS = ("answer_question", "write_plan", "review_order")


@dataclass(slots=True)
class Between:
    """Rows by case id, or by their own id as text, as the subject of what waits tells it."""

    disclosures: dict[int, list[Disclosure]] = field(default_factory=lambda: defaultdict(list))
    plans: dict[int, PlanVersion] = field(default_factory=dict)
    contacts: dict[int, list[ContactChange]] = field(default_factory=lambda: defaultdict(list))
    sentences: dict[int, list[Sentence]] = field(default_factory=lambda: defaultdict(list))
    orders: dict[int, list[CourtOrder]] = field(default_factory=lambda: defaultdict(list))
    events: dict[int, CustodyEvent] = field(default_factory=dict)
    transfers: dict[int, AreaTransfer] = field(default_factory=dict)
    questions: dict[int, Problem] = field(default_factory=dict)
    journeys: dict[int, Fact] = field(default_factory=dict)


def parts(ids: Collection[int]) -> Iterator[list[int]]:
    """Yield ids in lists that a query can take."""
    ordered = sorted(ids)
    for start in range(0, len(ordered), PART):
        yield ordered[start : start + PART]


def read_between(session: Session, steps: Sequence[tuple[Open, Any]]) -> Between:
    """Read what today's answers are about, beside their cases and meetings."""
    found = Between()

    def cases_of(*what: str) -> set[int]:
        return {of.case_id for of, step in steps if step.what in what}

    def rows(model: type[Base], case_ids: Collection[int], into: dict[int, list[Any]]) -> None:
        table: Any = model
        for part in parts(case_ids):
            for row in session.scalars(select(table).where(table.case_id.in_(part)).order_by(table.id)):
                into[row.case_id].append(row)

    for part in parts({of.case_id for of, _ in steps if of.kind in DISCLOSURES}):
        query = select(Disclosure).where(Disclosure.case_id.in_(part), Disclosure.state.in_(OPEN))
        for disclosure in session.scalars(query.order_by(Disclosure.number, Disclosure.id)):
            found.disclosures[disclosure.case_id].append(disclosure)
    read_plans(session, cases_of(*WITH_PLAN), found)
    rows(ContactChange, cases_of(*WITH_PLAN), found.contacts)
    rows(Sentence, cases_of(*WITH_SENTENCES), found.sentences)
    rows(CourtOrder, cases_of(*WITH_ORDERS), found.orders)
    by_row(session, CustodyEvent, steps, EVENTS, found.events)
    by_row(session, Problem, steps, (Questions.QUESTION,), found.questions)
    by_row(session, Fact, steps, (Community.TRAVEL_RETURN,), found.journeys)
    by_row(session, AreaTransfer, steps, (Orders.TRANSFER_ANSWER,), found.transfers)
    return found


def by_row(
    session: Session,
    model: type[Base],
    steps: Sequence[tuple[Open, Any]],
    kinds: Collection[Kind],
    into: dict[int, Any],
) -> None:
    """Read the rows that what waits of some kinds is about, by their own ids."""
    table: Any = model
    for part in parts({of.subject.row_id for of, _ in steps if of.kind in kinds}):
        for row in session.scalars(select(table).where(table.id.in_(part))):
            into[row.id] = row


def read_plans(session: Session, case_ids: Collection[int], found: Between) -> None:
    """Read the newest version of each plan, with what it says."""
    for part in parts(case_ids):
        newest = select(func.max(PlanVersion.id)).where(PlanVersion.case_id.in_(part)).group_by(PlanVersion.case_id)
        query = select(PlanVersion).where(PlanVersion.id.in_(newest)).options(undefer(PlanVersion.content))
        for version in session.scalars(query):
            found.plans[version.case_id] = version
