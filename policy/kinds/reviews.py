"""How often a case is met and reviewed, by its level."""

from policy.kinds.spec import About, AtClosure, Kind, KindSpec
from policy.kinds.states import OF_A_MEETING
from policy.roles import Role
from policy.vocabulary import FactKind

NO_REVIEW = "no review meeting has been held"
HOLD_IT = "Make sure the meeting is held now, and that the MAPPA coordinator hears what is in the way."


class Reviews(Kind):
    """What is due while a case is managed at a level."""

    FIRST_MEETING = KindSpec(
        name="first_meeting",
        title="First meeting",
        heading="First meeting to hold",
        short="first meeting",
        to_do="Arrange the first meeting so that it is held in time and those invited can prepare.",
        undone="the first meeting has not been held",
        chase="Make sure the meeting is arranged now.",
        done="The first meeting was held.",
        by_state=OF_A_MEETING,
        place=160,
        owner=Role.COORDINATOR,
        owner_agency="mappa_unit",
        at_closure=AtClosure.ENDS,
        about=About.LEVEL,
        derived_from=(FactKind.SCREENING, FactKind.LEVEL),
        answered_by=(FactKind.MEETING,),
        source="Joint inspection 2015, 5.1; within 20 working days and before release: our default",
    )
    LEVEL_3_REVIEW = KindSpec(
        name="level_3_review",
        title="Review meeting at level 3",
        heading="Level 3 review to hold",
        short="level 3 review",
        to_do="No meeting is planned yet. Arrange it now, so that it is held in time.",
        undone=NO_REVIEW,
        chase=HOLD_IT,
        done="The review meeting was held.",
        by_state=OF_A_MEETING,
        place=240,
        owner=Role.COORDINATOR,
        owner_agency="mappa_unit",
        named=(Role.CHAIR,),
        at_closure=AtClosure.ENDS,
        about=About.LEVEL,
        derived_from=(FactKind.MEETING, FactKind.LEVEL),
        answered_by=(FactKind.MEETING,),
        source="Joint inspection 2015, 5.1",
    )
    LEVEL_2_REVIEW = KindSpec(
        name="level_2_review",
        title="Review meeting at level 2",
        heading="Level 2 review to hold",
        short="level 2 review",
        to_do="No meeting is planned yet. Arrange it now, so that it is held in time.",
        undone=NO_REVIEW,
        chase=HOLD_IT,
        done="The review meeting was held.",
        by_state=OF_A_MEETING,
        place=250,
        owner=Role.COORDINATOR,
        owner_agency="mappa_unit",
        named=(Role.CHAIR,),
        at_closure=AtClosure.ENDS,
        about=About.LEVEL,
        derived_from=(FactKind.MEETING, FactKind.LEVEL),
        answered_by=(FactKind.MEETING,),
        source="Joint inspection 2015, 5.1",
    )
    LEVEL_1_REVIEW = KindSpec(
        name="level_1_review",
        title="Level 1 review",
        heading="Level 1 review",
        short="level 1 review",
        to_do="Lead agency and police: review the risk and the plan together, then record the review. If the risk has "
        "gone up, refer the case (MAPPA A) instead.",
        undone="no level 1 review has been recorded",
        chase="Make sure the lead agency and the police review the case, and record it.",
        done="The case was reviewed.",
        place=260,
        owner=Role.OFFENDER_MANAGER,
        owner_agency="named",
        at_closure=AtClosure.ENDS,
        about=About.AGENCY_REVIEW,
        derived_from=(FactKind.LEVEL, FactKind.LEVEL_1_REVIEW),
        answered_by=(FactKind.LEVEL_1_REVIEW,),
        source="Joint inspection 2015, 4.9",
    )
    URGENT_MEETING = KindSpec(
        name="urgent_meeting",
        title="Urgent meeting",
        heading="Urgent meeting to hold",
        short="urgent meeting",
        to_do="There has been an incident that needs an urgent meeting. Hold it in time, then record it.",
        undone="the urgent meeting after an incident has not been held",
        chase="Make sure the meeting is held in time, and recorded.",
        done="A meeting was held after the incident.",
        raised="urgent meeting needed",
        by_state=OF_A_MEETING,
        place=50,
        owner=Role.COORDINATOR,
        owner_agency="mappa_unit",
        at_closure=AtClosure.NAMED,
        about=About.INCIDENT,
        derived_from=(FactKind.INCIDENT, FactKind.EVENT_REVIEW),
        answered_by=(FactKind.MEETING,),
        source="Police authorised professional practice: the leading agency decides; the days are our default",
    )
