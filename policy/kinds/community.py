"""What is due while a person lives in the community."""

from policy.kinds.spec import About, AtClosure, Kind, KindSpec
from policy.roles import Role
from policy.vocabulary import FactKind


class Community(Kind):
    """What is due because of where and how somebody lives outside."""

    MOVE_ON_PLAN = KindSpec(
        name="move_on_plan",
        title="Move-on plan from approved premises",
        heading="Move-on plans from approved premises",
        short="move-on plan",
        to_do="The stay in approved premises comes to its end. Find with housing where the person will live next, then "
        "record it: also which housing officer deals with it, and whether social landlords were asked.",
        undone="nobody has said where the person will live after the approved premises",
        chase="Make sure housing names a place to move on to, and the offender manager records it.",
        done="It is on record where the person moves on to.",
        place=158,
        owner=Role.OFFENDER_MANAGER,
        owner_agency="lead_agency",
        at_closure=AtClosure.ENDS,
        about=About.HOME,
        example="stay from 12 March 2027",
        derived_from=(FactKind.ACCOMMODATION,),
        answered_by=(FactKind.ACCOMMODATION,),
        source="Joint inspection 2015, 6.63; Norfolk annual report 2018-19: a place for twelve weeks; from the eighth "
        "week: our default",
    )
    JOBCENTRE_NOTICE = KindSpec(
        name="jobcentre_notice",
        title="Notice to Jobcentre Plus (MAPPA J)",
        heading="Jobcentre Plus to tell (MAPPA J)",
        short="notice to Jobcentre Plus",
        counted=("notice to Jobcentre Plus", "notices to Jobcentre Plus"),
        to_do="There are restrictions on what work the person may do. Tell Jobcentre Plus which (MAPPA J), then record "
        "it.",
        undone="nobody has told Jobcentre Plus of the restrictions on employment",
        chase="Make sure Jobcentre Plus is told (MAPPA J), and that it is recorded.",
        done="Jobcentre Plus was told.",
        place=217,
        owner=Role.OFFENDER_MANAGER,
        owner_agency="lead_agency",
        at_closure=AtClosure.ENDS,
        about=About.CUSTODY,
        derived_from=(FactKind.CIRCUMSTANCES, FactKind.REFERRAL, FactKind.CUSTODY_EVENT),
        answered_by=(FactKind.JOBCENTRE_NOTICE,),
        source="Joint inspection 2015, 6.68; London annual report 2013-14; form J; the days are our default",
    )
    YEARLY_NOTIFICATION = KindSpec(
        name="yearly_notification",
        title="Yearly notification to the police",
        heading="Yearly notifications to the police",
        short="yearly notification",
        to_do="Check that the person has confirmed their details with the police within a year of the last time, then "
        "record it. If they have not, it is an offence: record it and act.",
        undone="nobody has said whether the person has confirmed their details with the police this year",
        chase="Make sure the police check that the person has confirmed their details, and act if not.",
        done="The person notified the police again.",
        place=218,
        owner=Role.POLICE_OFFENDER_MANAGER,
        owner_agency="police",
        at_closure=AtClosure.ENDS,
        about=About.CUSTODY,
        derived_from=("sentences", FactKind.FIRST_NOTIFICATION, FactKind.POLICE_NOTIFICATION),
        answered_by=(FactKind.POLICE_NOTIFICATION,),
        source="Sexual Offences Act 2003 s.85; Counter-Terrorism Act 2008 s.49; the ladder is our default",
    )
    WEEKLY_NOTIFICATION = KindSpec(
        name="weekly_notification",
        title="Weekly notification of a person without a fixed home",
        heading="Weekly notifications to the police",
        short="weekly notification",
        to_do="The person has no fixed home. Check that they have confirmed their details with the police within seven "
        "days of the last time, then record it. If they have not, it is an offence: record it and act.",
        undone="nobody has said whether the person, who has no fixed home, has confirmed their details this week",
        chase="Make sure the police check that the person has confirmed their details this week, and act if not.",
        done="The person notified the police again.",
        place=54,
        owner=Role.POLICE_OFFENDER_MANAGER,
        owner_agency="police",
        at_closure=AtClosure.ENDS,
        about=About.CUSTODY,
        derived_from=(FactKind.FIRST_NOTIFICATION, FactKind.POLICE_NOTIFICATION),
        answered_by=(FactKind.POLICE_NOTIFICATION,),
        source="Sexual Offences Act 2003 s.85(5)(a) and (6); Sexual Offences Act 2003 (Notification Requirements) "
        "(England and Wales) Regulations 2012; the ladder is our default",
    )
    DETAILS_NOTIFIED = KindSpec(
        name="details_notified",
        title="Notification of changed details",
        heading="Changed details to be notified",
        short="notification of changed details",
        counted=("notification of changed details", "notifications of changed details"),
        to_do="Details of the person have changed, and they have not told the police. Check whether they have by now, "
        "then record it. After three days it is an offence: record it and act.",
        undone="nobody has said whether the person has told the police of changed details",
        chase="Make sure the police check that the person has told them, and act if not.",
        done="The person notified the police.",
        place=56,
        owner=Role.POLICE_OFFENDER_MANAGER,
        owner_agency="police",
        at_closure=AtClosure.ENDS,
        about=About.DETAILS,
        example="address, changed on 2 November 2026",
        derived_from=(FactKind.DETAILS_CHANGE,),
        answered_by=(FactKind.POLICE_NOTIFICATION,),
        source="Sexual Offences Act 2003 s.84: three days beginning with the change; the ladder is our default",
    )
    NEW_ADDRESS = KindSpec(
        name="new_address",
        title="What follows from a new address",
        heading="New addresses to follow up",
        short="new address",
        counted=("new address", "new addresses"),
        to_do="The person has moved. Tell the neighbourhood policing team of the new address, and look at whether the "
        "plan still fits it; then record both.",
        undone="nobody has told neighbourhood policing of the new address and looked at the plan",
        chase="Make sure neighbourhood policing knows the new address, and that the plan is looked at.",
        done="Neighbourhood policing knows the new address, and the plan was looked at.",
        place=57,
        owner=Role.POLICE_OFFENDER_MANAGER,
        owner_agency="police",
        at_closure=AtClosure.ENDS,
        about=About.HOME,
        example="moved on 2 November 2026",
        derived_from=(FactKind.POLICE_NOTIFICATION, FactKind.DETAILS_CHANGE),
        answered_by=(FactKind.NEIGHBOURHOOD_TOLD,),
        source="Joint inspection 2015, 5.7 and 5.20: neighbourhood policing knows who lives there, and the plan keeps "
        "up; that a move asks for both, and the days, are our default",
    )
    TRAVEL_RETURN = KindSpec(
        name="travel_return",
        title="Return from abroad",
        heading="Returns from abroad",
        short="return from abroad",
        counted=("return from abroad", "returns from abroad"),
        to_do="The person told the police of a journey abroad. Check that they are back and have told the police, then "
        "record it. If you cannot find them, record that they are missing (absconded).",
        undone="nobody has said whether the person is back from abroad",
        chase="Find out whether the person is back, and have it recorded; if nobody can find them, that they are "
        "missing.",
        done="The person is back, or did not go.",
        place=31,
        owner=Role.POLICE_OFFENDER_MANAGER,
        owner_agency="police",
        at_closure=AtClosure.ENDS,
        about=About.JOURNEY,
        example="journey of 2 November 2026",
        derived_from=(FactKind.FOREIGN_TRAVEL,),
        answered_by=(FactKind.TRAVEL_RETURN,),
        source="Police authorised professional practice: travel is notified seven days ahead; Sexual Offences Act 2003 "
        "s.86; the ladder is our default",
    )
    VISIT = KindSpec(
        name="visit",
        title="Visit",
        heading="Visits to make",
        short="visit",
        to_do="The plan promises this visit, and none is on record. Make it, then record what you found. If the plan "
        "asks for too much, change the plan.",
        undone="a visit that the plan promises is not on record",
        chase="Make sure the visit is made and recorded, or the plan changed.",
        done="The visit was made.",
        place=216,
        owner=Role.OFFENDER_MANAGER,
        owner_agency="named",
        at_closure=AtClosure.ENDS,
        about=About.VISIT,
        example="police, unannounced",
        derived_from=(FactKind.PLAN, FactKind.CUSTODY_EVENT),
        answered_by=(FactKind.VISIT, FactKind.MEETING),
        source="Joint inspection 2015, 5.15, 5.16 and 6.26 to 6.28; how often: the plan; the ladder is our default",
    )
