"""Before, on and after the day on which a person leaves custody."""

from policy.kinds.spec import About, AtClosure, Kind, KindSpec
from policy.kinds.states import MEETING_UNRECORDED, OF_A_MEETING, REFERRAL_BEGUN, DutyState, StateWords
from policy.roles import Role
from policy.vocabulary import FactKind


class Release(Kind):
    """What is due before somebody leaves custody, on the day, and in the first days outside."""

    PRISON_NOTICE = KindSpec(
        name="prison_notice",
        title="Prison notice",
        heading="Prison notice",
        short="prison notice",
        to_do="Tell the offender manager the release or parole eligibility date, then record the notice.",
        undone="the prison has not given its notice",
        chase="Ask the prison for the release or parole eligibility date, then record the notice.",
        done="The prison gave its notice.",
        place=270,
        owner=Role.PRISON_OFFENDER_MANAGEMENT,
        owner_agency="prison",
        at_closure=AtClosure.ENDS,
        about=About.CUSTODY,
        derived_from=("sentences", FactKind.RELEASE_DATE, FactKind.CUSTODY_EVENT),
        answered_by=(FactKind.PRISON_NOTICE,),
        source="Joint inspection 2015, 6.39",
    )
    REFERRAL = KindSpec(
        name="referral",
        title="Referral (MAPPA A)",
        heading="Referral (MAPPA A)",
        short="referral",
        to_do="Complete the referral (MAPPA A), ask your line manager to countersign it, then send it to the MAPPA "
        "coordinator.",
        undone="no referral (MAPPA A) has been received",
        chase="Make sure the offender manager refers the case, or tells the MAPPA coordinator what is in the way.",
        done="The referral was received.",
        by_state={
            DutyState.REFERRAL_BEGUN: REFERRAL_BEGUN,
            DutyState.REFERRAL_SENT_BACK: StateWords(
                name="referral sent back",
                to_do="A referral was sent back because something is missing. Add it, ask your line manager to "
                "countersign the referral again, then send it to the MAPPA coordinator.",
                chase="The referral that was received is not complete, and was sent back. Make sure the offender "
                "manager completes it, or tells the MAPPA coordinator what is in the way.",
            ),
        },
        place=100,
        owner=Role.OFFENDER_MANAGER,
        owner_agency="lead_agency",
        at_closure=AtClosure.ENDS,
        about=About.CUSTODY,
        derived_from=("sentences", FactKind.RELEASE_DATE, FactKind.CUSTODY_EVENT, FactKind.LEVEL_1_REVIEW),
        answered_by=(FactKind.REFERRAL,),
        source="Joint inspection 2015, 4.11 and 6.39",
    )
    LEVEL_SETTING = KindSpec(
        name="level_setting",
        title="Level of management",
        heading="Level to set",
        short="level decision",
        to_do="Decide at which level the case will be managed, then record it.",
        undone="no level of management has been set",
        chase="Make sure the level is decided and recorded.",
        done="The level was set.",
        by_state={
            DutyState.REFERRAL_IN_SCREENING: StateWords(
                name="referral in screening",
                to_do="A referral is waiting to be screened. Screen it, then record the decision: it sets the level.",
                chase="A referral is waiting to be screened. Make sure it is screened, and the decision recorded: it "
                "sets the level.",
            ),
            DutyState.REFERRAL_SENT_BACK: StateWords(
                name="referral sent back",
                to_do="The referral was sent back and has not been sent in again. Get it from the offender manager and "
                "screen it. If the case does not need level 2 or 3, set level 1 now.",
                chase="The referral was sent back and has not been sent in again. Make sure it is, and is screened, or "
                "that level 1 is set.",
            ),
            DutyState.MEETING_UNRECORDED: MEETING_UNRECORDED,
            DutyState.MEETING_PLANNED: StateWords(
                name="meeting planned",
                to_do="Have the meeting decide at which level the case is managed, then record it. If the meeting "
                "falls after the due date, bring it forward or set the level before.",
                chase="The meeting can decide on the level. Make sure it does, or that the level is set before if the "
                "meeting comes too late.",
            ),
        },
        place=150,
        owner=Role.COORDINATOR,
        owner_agency="mappa_unit",
        at_closure=AtClosure.ENDS,
        about=About.CUSTODY,
        derived_from=("sentences", FactKind.RELEASE_DATE, FactKind.CUSTODY_EVENT),
        answered_by=(FactKind.LEVEL, FactKind.SCREENING, FactKind.MEETING),
        source="Joint inspection 2015, 4.10; outside custody: our default",
    )
    RELEASE_MEETING = KindSpec(
        name="release_meeting",
        title="Meeting before the next release",
        heading="Meeting to hold before the next release",
        short="meeting before release",
        counted=("meeting before release", "meetings before release"),
        to_do="The person is back in custody and is managed at level 2 or 3. Hold a meeting before the next release, "
        "and decide the level again.",
        undone="no meeting has been held since the person came back into custody",
        chase="Make sure the meeting is held before the release.",
        done="A meeting was held before the release.",
        by_state=OF_A_MEETING,
        place=155,
        owner=Role.COORDINATOR,
        owner_agency="mappa_unit",
        at_closure=AtClosure.ENDS,
        about=About.CUSTODY,
        example="the recall on 4 May 2027",
        derived_from=(FactKind.CUSTODY_EVENT, FactKind.RELEASE_DATE, FactKind.RELEASE_DAY),
        answered_by=(FactKind.MEETING,),
        source="Our default: a case already at level 2 or 3 meets before a second release",
    )
    RELEASE = KindSpec(
        name="release",
        title="Release",
        heading="Release to confirm",
        short="release",
        counted=("confirmation of a release", "confirmations of releases"),
        to_do="Say whether the person has left custody. Record the release. If it did not take place, record the new "
        "release date or the Parole Board's decision.",
        undone="nobody has said whether the person was released",
        chase="Find out whether the person has left custody, and have it recorded: the release, its new date, or the "
        "Parole Board's decision.",
        done="The release was confirmed.",
        place=45,
        owner=Role.PRISON_OFFENDER_MANAGEMENT,
        owner_agency="prison",
        at_closure=AtClosure.ENDS,
        about=About.CUSTODY,
        derived_from=("sentences", FactKind.RELEASE_DATE, FactKind.RELEASE_DAY, FactKind.CUSTODY_EVENT),
        answered_by=(FactKind.CUSTODY_EVENT, FactKind.RELEASE_DATE),
        source="Our default: only a person says that somebody was released, or moves the date",
    )
    LICENCE_CONDITIONS = KindSpec(
        name="licence_conditions",
        title="Licence conditions proposed",
        heading="Licence conditions to propose",
        short="licence conditions",
        counted=("proposal of licence conditions", "proposals of licence conditions"),
        to_do="Propose the licence conditions to whoever issues the licence, word for word as the plan has them, then "
        "record the proposal.",
        undone="no licence conditions have been proposed",
        chase="Make sure the offender manager proposes the licence conditions, so that they stand in the licence.",
        done="The licence conditions were proposed.",
        place=156,
        owner=Role.OFFENDER_MANAGER,
        owner_agency="lead_agency",
        at_closure=AtClosure.ENDS,
        about=About.CUSTODY,
        derived_from=("sentences", FactKind.RELEASE_DATE, FactKind.CUSTODY_EVENT),
        answered_by=(FactKind.LICENCE_CONDITIONS,),
        source="Durham annual report 2005-06: conditions are put forward before the release; the weeks are our default",
    )
    RELEASE_HOUSING = KindSpec(
        name="release_housing",
        title="Housing before release",
        heading="Housing to find before release",
        short="housing before release",
        counted=("home to find before a release", "homes to find before releases"),
        to_do="Find out with housing where the person will live from the day of release, then record it: also which "
        "housing officer deals with it, and whether social landlords were asked.",
        undone="nobody has said where the person will live after release",
        chase="Make sure a place to live is found before the release, and recorded. Ask the housing authority at the "
        "level at which a bed can be promised.",
        done="It is on record where the person will live.",
        place=157,
        owner=Role.OFFENDER_MANAGER,
        owner_agency="lead_agency",
        at_closure=AtClosure.ENDS,
        about=About.CUSTODY,
        derived_from=("sentences", FactKind.RELEASE_DATE, FactKind.RELEASE_DAY, FactKind.CUSTODY_EVENT),
        answered_by=(FactKind.ACCOMMODATION,),
        source="Joint inspection 2015, 6.57 to 6.63: housing from prison is one of the trickiest issues; the weeks are "
        "our default",
    )
    DATES_CHECK = KindSpec(
        name="dates_check",
        title="Yearly check of release dates",
        heading="Release dates to confirm",
        short="check of release dates",
        counted=("check of release dates", "checks of release dates"),
        to_do="Check that the release dates on record still stand, then confirm or change them.",
        undone="the prison has not confirmed the release dates for a year",
        chase="Ask the prison whether the release dates still stand, then have them confirmed or changed.",
        done="The prison confirmed the dates.",
        place=275,
        owner=Role.PRISON_OFFENDER_MANAGEMENT,
        owner_agency="prison",
        at_closure=AtClosure.ENDS,
        about=About.CUSTODY,
        derived_from=("sentences", FactKind.CUSTODY_EVENT),
        answered_by=(FactKind.DATES_CHECK, FactKind.PRISON_NOTICE, FactKind.RELEASE_DATE),
        source="Our default: nobody in custody is left unasked about for more than twelve months",
    )
    FIRST_NOTIFICATION = KindSpec(
        name="first_notification",
        title="First notification to the police",
        heading="First notification to the police",
        short="first notification",
        to_do="Check that the person has notified the police of their name and address within three days of release, "
        "or of the sentence if they were not sent to custody, then record it. If they have not, it is an offence: "
        "record it and act.",
        undone="nobody has said whether the person has notified the police",
        chase="Make sure the police check that the person has notified them, and act if not.",
        done="The person notified the police.",
        place=55,
        owner=Role.POLICE_OFFENDER_MANAGER,
        owner_agency="police",
        at_closure=AtClosure.ENDS,
        about=About.CUSTODY,
        derived_from=("sentences", FactKind.CUSTODY_EVENT),
        answered_by=(FactKind.FIRST_NOTIFICATION,),
        source="Sexual Offences Act 2003 s.83; Counter-Terrorism Act 2008 s.47",
    )
    NEIGHBOURHOOD_TOLD = KindSpec(
        name="neighbourhood_told",
        title="Message to neighbourhood policing",
        heading="Neighbourhood policing to tell",
        short="telling neighbourhood policing",
        counted=("message to neighbourhood policing", "messages to neighbourhood policing"),
        to_do="Tell the neighbourhood policing team that the person has been released and lives in their area, then "
        "record it.",
        undone="neighbourhood policing has not been told of the release",
        chase="Make sure the neighbourhood policing team is told of the release.",
        done="Neighbourhood policing was told.",
        place=215,
        owner=Role.POLICE_OFFENDER_MANAGER,
        owner_agency="police",
        at_closure=AtClosure.ENDS,
        about=About.CUSTODY,
        derived_from=("sentences", FactKind.CUSTODY_EVENT),
        answered_by=(FactKind.NEIGHBOURHOOD_TOLD,),
        source="Joint inspection 2015, 5.7; the day is our default",
    )
