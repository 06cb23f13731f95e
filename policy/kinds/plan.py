"""Disclosure with a second person, and the one risk management plan."""

from policy.kinds.spec import About, AtClosure, Kind, KindSpec
from policy.roles import Role
from policy.vocabulary import FactKind


class Plan(Kind):
    """What is due because something is to be disclosed, or the plan has to change."""

    DISCLOSURE_APPROVAL = KindSpec(
        name="disclosure_approval",
        title="Approval of a disclosure",
        heading="Disclosures to approve or refuse",
        short="approval of a disclosure",
        counted=("approval of a disclosure", "approvals of disclosures"),
        to_do="A disclosure has been proposed. Decide whether it is necessary, lawful and proportionate, then record "
        "your approval or refusal. Whoever proposed it cannot approve it.",
        undone="nobody has approved or refused a disclosure",
        chase="Make sure somebody other than the proposer decides, and records it.",
        done="The disclosure was approved or refused.",
        raised="disclosure to be approved",
        place=80,
        owner=Role.CHAIR,
        owner_agency="mappa_unit",
        named=(Role.CHAIR,),
        at_closure=AtClosure.NAMED,
        about=About.DISCLOSURE,
        example="number 1",
        derived_from=(FactKind.DISCLOSURE, FactKind.MEETING),
        answered_by=(FactKind.DISCLOSURE_APPROVAL,),
        source="Joint inspection 2015, 5.23 to 5.25; the second person is our default",
    )
    DISCLOSURE = KindSpec(
        name="disclosure",
        title="Disclosure",
        heading="Disclosures to make",
        short="disclosure",
        to_do="Make the disclosure, have the recipient sign the undertaking, then record how it went.",
        undone="the disclosure has not been made",
        chase="Make sure the disclosure is made, or that the Chair hears why it cannot be.",
        done="The disclosure was made, or given up for a reason.",
        place=90,
        owner=Role.DISCLOSER,
        owner_agency="named",
        named=(Role.DISCLOSER, Role.CHAIR),
        at_closure=AtClosure.GOES_ON,
        about=About.DISCLOSURE,
        example="number 1",
        derived_from=(FactKind.DISCLOSURE_APPROVAL,),
        answered_by=(FactKind.DISCLOSURE_OUTCOME, FactKind.MEETING),
        source="Joint inspection 2015, 5.23",
    )
    PLAN_UPDATE = KindSpec(
        name="plan_update",
        title="Risk management plan",
        heading="Risk management plan to update",
        short="plan update",
        to_do="Update the risk management plan, then record it: put in what the meeting or the event changed, and take "
        "out what is no longer true.",
        undone="the plan has not been updated",
        chase="Make sure the lead agency updates the plan, and records it.",
        done="The plan was updated.",
        place=190,
        owner=Role.OFFENDER_MANAGER,
        owner_agency="lead_agency",
        named=(Role.CHAIR,),
        at_closure=AtClosure.NAMED,
        about=About.PLAN,
        example="meeting 1",
        derived_from=(
            FactKind.MEETING,
            FactKind.CONTACT_CHANGE,
            FactKind.EVENT_REVIEW,
            FactKind.NEIGHBOURHOOD_TOLD,
        ),
        answered_by=(FactKind.PLAN,),
        source="Joint inspection 2015, 4.19, 5.18 and 5.20",
    )
    PLAN_CONFIRMED = KindSpec(
        name="plan_confirmed",
        title="Chair's word on the agency's own plan",
        heading="Plans to confirm",
        short="confirmation of a plan",
        counted=("confirmation of a plan", "confirmations of plans"),
        to_do="Ask the lead agency whether its own plan was updated after the meeting and what matters is on ViSOR. "
        "Then record that it was.",
        undone="the Chair has not confirmed that the agency's own plan was updated",
        chase="Make sure the lead agency updates its own plan, and the Chair confirms it.",
        done="The Chair confirmed that the agency's own plan was updated.",
        place=195,
        owner=Role.CHAIR,
        owner_agency="mappa_unit",
        named=(Role.CHAIR,),
        at_closure=AtClosure.ENDS,
        about=About.MEETING,
        example="meeting 1",
        derived_from=(FactKind.MEETING,),
        answered_by=(FactKind.PLAN_CONFIRMED,),
        source="Joint inspection 2015, 5.18: the Chair clarified that the agency's plan had been updated; the days are "
        "our default",
    )
