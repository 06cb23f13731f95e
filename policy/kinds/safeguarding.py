"""What other arrangements know of the same harm: MARAC and SARA in domestic abuse, conferences on children."""

from policy.kinds.spec import About, AtClosure, Kind, KindSpec
from policy.roles import Role
from policy.vocabulary import FactKind


class Safeguarding(Kind):
    """What is due because a partner, or a child, may be harmed."""

    MARAC = KindSpec(
        name="marac",
        title="Multi-agency risk assessment conference (MARAC)",
        heading="MARAC: dates and outcomes",
        short="MARAC",
        counted=("MARAC", "MARACs"),
        to_do="There is domestic abuse. Find out when MARAC discusses it, or refer it, then record the day and what "
        "was decided there. If it is not to be referred, record why.",
        undone="nobody has said when MARAC discusses the case, or what it decided",
        chase="Make sure the lead agency asks MARAC, and records its date and its outcome.",
        done="The MARAC was recorded.",
        place=235,
        owner=Role.OFFENDER_MANAGER,
        owner_agency="lead_agency",
        at_closure=AtClosure.ENDS,
        about=About.CASE,
        example="MARAC on 2 November 2026",
        derived_from=(FactKind.CIRCUMSTANCES, FactKind.REFERRAL, FactKind.CONFERENCE),
        answered_by=(FactKind.CONFERENCE,),
        source="Durham annual report 2005-06: the agenda links to MARAC; the days are our default",
    )
    SARA_ASSESSMENT = KindSpec(
        name="sara_assessment",
        title="Spousal assault risk assessment (SARA)",
        heading="SARA to do",
        short="SARA",
        counted=("SARA", "SARAs"),
        to_do="There is domestic abuse. Assess the risk with SARA, have a supervisor authorise it, then record it as a "
        "risk assessment.",
        undone="the risk to a partner has not been assessed with SARA",
        chase="Make sure the lead agency assesses the risk with SARA, and records it.",
        done="The risk was assessed with SARA.",
        place=236,
        owner=Role.OFFENDER_MANAGER,
        owner_agency="lead_agency",
        at_closure=AtClosure.ENDS,
        about=About.CASE,
        example="told on 2 November 2026",
        derived_from=(FactKind.CIRCUMSTANCES, FactKind.REFERRAL),
        answered_by=(FactKind.RISK_ASSESSMENT,),
        source="Joint inspection 2015, 2.11; the days are our default",
    )
    CHILD_PROTECTION = KindSpec(
        name="child_protection",
        title="Child protection conference",
        heading="Child protection conferences: dates and outcomes",
        short="child protection conference",
        to_do="A child may be at risk. Ask children's social care whether there is a child protection conference, then "
        "record its day and what was decided there. If there is none, record why.",
        undone="nobody has said whether there is a child protection conference, or what it decided",
        chase="Make sure the lead agency asks children's social care, and records the conference and its outcome.",
        done="The child protection conference was recorded.",
        place=234,
        owner=Role.OFFENDER_MANAGER,
        owner_agency="lead_agency",
        at_closure=AtClosure.ENDS,
        about=About.CASE,
        example="conference on 2 November 2026",
        derived_from=(FactKind.CIRCUMSTANCES, FactKind.REFERRAL, FactKind.CONFERENCE),
        answered_by=(FactKind.CONFERENCE,),
        source="Joint inspection 2015, 4.18 and 6.46; the days are our default",
    )
