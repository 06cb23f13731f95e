"""What stands on a case: what is due and was prompted, meetings, plan, disclosures, orders, messages, facts.

Each comes whole: a case has no more of anything than one answer can carry.
"""

from typing import Annotated

from fastapi import APIRouter, Depends, Query
from pydantic import BaseModel, ConfigDict, Field

from models.cases import Case
from models.obligations import Timescale
from views.absences import AbsenceView, absences
from views.actions import ActionView, actions
from views.disclosures import DisclosureView, disclosures
from views.duties import DutyView, duties
from views.events import EventView, events
from views.meetings import MeetingView, meetings
from views.messages import MessageView, messages_about
from views.model import filled
from views.orders import OrderView, orders
from views.person_page import FactView, ParticularsView, facts
from views.plan import PlanView, plan_view
from views.prompts import PromptView, prompts
from views.referrals import LevelView, ReferralView, levels, referrals
from views.timescales import LabelledTimescaleView, timescale_query
from views.transfers import TransferView, transfers
from web.access.rights import Action
from web.access.tokens import Scope
from web.api.caller import CaseCaller, NeedsCase
from web.api.description import ALWAYS, OF_CASES
from web.api.lists import ListOf, whole

CALLS = APIRouter(prefix="/cases/{reference}", tags=["parts of a case"], responses=ALWAYS | OF_CASES)
Reads = Annotated[CaseCaller, Depends(NeedsCase(Action.SEE_CASE, Scope.READ))]


@CALLS.get("/particulars", summary="Who works on the case, and where the person is")
def case_particulars(caller: Reads) -> ParticularsView:
    """Show who works on the case."""
    with caller.record.reading() as session:
        return ParticularsView.model_validate(session.get_one(Case, caller.case.id))


@CALLS.get("/duties", summary="What is due now, the oldest due date first")
def case_duties(caller: Reads) -> ListOf[DutyView]:
    """List what is open or paused."""
    with caller.record.reading() as session:
        return whole(duties(session, Timescale.case_id == caller.case.id))


@CALLS.get("/timescales", summary="Everything that was or is due, in every state")
def case_timescales(caller: Reads) -> ListOf[LabelledTimescaleView]:
    """List the timescales by due date."""
    query = timescale_query().where(Case.id == caller.case.id)
    with caller.record.reading() as session:
        return whole(filled(session, query, LabelledTimescaleView))


@CALLS.get("/prompts", summary="The reminders and escalations that were raised")
def case_prompts(caller: Reads) -> ListOf[PromptView]:
    """List the prompts by due date."""
    with caller.record.reading() as session:
        return whole(prompts(session, crn=caller.case.reference))


@CALLS.get("/messages", summary="The e-mails about the case, sent or not")
def case_messages(caller: Reads) -> ListOf[MessageView]:
    """List the messages by the moment they were written, each with the prompts of this case that it carries."""
    with caller.record.reading() as session:
        return whole(messages_about(session, caller.case.reference))


@CALLS.get("/meetings", summary="The meetings")
def case_meetings(caller: Reads) -> ListOf[MeetingView]:
    """List the meetings by number."""
    with caller.record.reading() as session:
        return whole(meetings(session, crn=caller.case.reference))


@CALLS.get("/actions", summary="The actions that meetings set")
def case_actions(caller: Reads) -> ListOf[ActionView]:
    """List the actions by number."""
    with caller.record.reading() as session:
        return whole(actions(session, crn=caller.case.reference))


@CALLS.get("/absences", summary="The agencies that neither came to a meeting nor reported")
def case_absences(caller: Reads) -> ListOf[AbsenceView]:
    """List the absences by meeting."""
    with caller.record.reading() as session:
        return whole(absences(session, crn=caller.case.reference))


class WhichPlan(BaseModel):
    """Which version of the plan."""

    model_config = ConfigDict(extra="forbid")

    version: int | None = Field(default=None, ge=1, le=10_000, description="The version; left out: the newest.")


@CALLS.get("/plan", summary="The risk management plan")
def case_plan(
    caller: Annotated[CaseCaller, Depends(NeedsCase(Action.SEE_CASE, Scope.READ, query=True))],
    asked: Annotated[WhichPlan, Query()],
) -> PlanView:
    """Show a version of the plan."""
    with caller.record.reading() as session:
        return plan_view(session, caller.case.reference, asked.version, caller.today)


@CALLS.get("/disclosures", summary="The disclosures, proposed, made or not")
def case_disclosures(caller: Reads) -> ListOf[DisclosureView]:
    """List the disclosures by number."""
    with caller.record.reading() as session:
        return whole(disclosures(session, crn=caller.case.reference))


@CALLS.get("/referrals", summary="The referrals, and what screening answered")
def case_referrals(caller: Reads) -> ListOf[ReferralView]:
    """List the referrals by the day they were received."""
    with caller.record.reading() as session:
        return whole(referrals(session, crn=caller.case.reference))


@CALLS.get("/levels", summary="The history of levels")
def case_levels(caller: Reads) -> ListOf[LevelView]:
    """List the levels, the oldest first."""
    with caller.record.reading() as session:
        return whole(levels(session, session.get_one(Case, caller.case.id)))


@CALLS.get("/events", summary="What happened in custody, on leave and on licence")
def case_events(caller: Reads) -> ListOf[EventView]:
    """List the events by number."""
    with caller.record.reading() as session:
        return whole(events(session, crn=caller.case.reference))


@CALLS.get("/orders", summary="The court orders")
def case_orders(caller: Reads) -> ListOf[OrderView]:
    """List the orders."""
    with caller.record.reading() as session:
        return whole(orders(session, crn=caller.case.reference))


@CALLS.get("/transfers", summary="The transfers to another area")
def case_transfers(caller: Reads) -> ListOf[TransferView]:
    """List the transfers."""
    with caller.record.reading() as session:
        return whole(transfers(session, crn=caller.case.reference))


@CALLS.get("/facts", summary="What was recorded, without its words")
def case_facts(caller: Reads) -> ListOf[FactView]:
    """List the facts by their day."""
    with caller.record.reading() as session:
        return whole(facts(session, session.get_one(Case, caller.case.id)))
