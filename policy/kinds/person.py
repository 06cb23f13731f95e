"""The person themselves: told of their status, and asked for their own views before each meeting."""

from policy.kinds.spec import About, AtClosure, Kind, KindSpec
from policy.roles import Role
from policy.vocabulary import FactKind


class ThePerson(Kind):
    """What is due because the person has a right to know, and a view of their own."""

    STATUS_TOLD = KindSpec(
        name="status_told",
        title="Person told of their status",
        heading="People to tell of their MAPPA status",
        short="letter on MAPPA status",
        counted=("letter on MAPPA status", "letters on MAPPA status"),
        to_do="The level has been set. Tell the person in writing that they are managed under MAPPA, at which level "
        "and what that means for them, then record it. If telling them would put somebody at risk, record that and "
        "why.",
        undone="the person has not been told of their MAPPA status",
        chase="Make sure the offender manager tells the person in writing, or records why not.",
        done="The person was told, or it was decided not to tell them.",
        place=265,
        owner=Role.OFFENDER_MANAGER,
        owner_agency="lead_agency",
        at_closure=AtClosure.ENDS,
        about=About.LEVEL,
        example="level 2 from 18 September 2026",
        derived_from=(FactKind.LEVEL, FactKind.SCREENING, FactKind.MEETING),
        answered_by=(FactKind.STATUS_TOLD,),
        source="Joint inspection 2015, 4.20; the days are our default",
    )
    OWN_VIEWS = KindSpec(
        name="own_views",
        title="Person's own views for a meeting",
        heading="People to ask for their own views",
        short="own views for a meeting",
        counted=("request for somebody's own views", "requests for people's own views"),
        to_do="Tell the person that the meeting takes place and ask for their views in writing: how they see the risk, "
        "and what would help. Then record what they wrote or said, or that they did not want to. It goes into the "
        "papers.",
        undone="nobody has asked the person for their own views",
        chase="Make sure the offender manager asks the person before the meeting, and records the answer.",
        done="The person was asked for their own views.",
        place=175,
        owner=Role.OFFENDER_MANAGER,
        owner_agency="lead_agency",
        at_closure=AtClosure.ENDS,
        about=About.MEETING,
        example="meeting 1",
        derived_from=(FactKind.MEETING_PLAN, FactKind.MEETING),
        answered_by=(FactKind.OWN_VIEWS, FactKind.MEETING, FactKind.MEETING_CANCEL),
        source="Lancashire annual report 2014-15: asked in writing for each meeting; the days are our default",
    )
