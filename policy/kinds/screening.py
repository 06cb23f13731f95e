"""A referral is answered, or comes back complete."""

from policy.kinds.spec import About, AtClosure, Kind, KindSpec
from policy.kinds.states import REFERRAL_BEGUN, DutyState
from policy.roles import Role
from policy.vocabulary import FactKind


class Screening(Kind):
    """What is due once a referral has been received."""

    SCREENING_DECISION = KindSpec(
        name="screening_decision",
        title="Screening (MAPPA Q)",
        heading="Referral to screen",
        short="screening",
        to_do="Screen the referral, then record the decision with its reasons. The referrer is told at once.",
        undone="nobody has answered a referral",
        chase="Make sure the referral is screened, and the decision recorded with its reasons.",
        done="The referral was answered.",
        place=120,
        owner=Role.COORDINATOR,
        owner_agency="mappa_unit",
        named=(Role.REFERRER,),
        at_closure=AtClosure.NAMED,
        about=About.REFERRAL,
        derived_from=(FactKind.REFERRAL,),
        answered_by=(FactKind.SCREENING, FactKind.LEVEL),
        source="Joint inspection 2015, 4.8",
    )
    RESUBMISSION = KindSpec(
        name="resubmission",
        title="Completed referral (MAPPA A)",
        heading="Referral to complete",
        short="completed referral",
        to_do="Your referral was sent back. Add what is missing, have it countersigned again, then send it to the "
        "MAPPA coordinator.",
        undone="a referral that was sent back has not been sent in again",
        chase="Make sure the offender manager completes it, or tells the MAPPA coordinator why not.",
        done="The referral came back complete.",
        by_state={DutyState.REFERRAL_BEGUN: REFERRAL_BEGUN},
        place=110,
        owner=Role.OFFENDER_MANAGER,
        owner_agency="lead_agency",
        at_closure=AtClosure.ENDS,
        about=About.REFERRAL,
        derived_from=(FactKind.REFERRAL, FactKind.SCREENING),
        answered_by=(FactKind.REFERRAL,),
        source="Joint inspection 2015, 4.8: a referral sent back is still a referral; its clock is our default",
    )
