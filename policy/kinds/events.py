"""What an event in custody, on leave or on licence leaves to do."""

from policy.kinds.spec import About, AtClosure, Kind, KindSpec
from policy.kinds.states import DutyState, StateWords
from policy.roles import Role
from policy.vocabulary import FactKind


class Events(Kind):
    """What is due because something happened in custody or on licence."""

    EVENT_REVIEW = KindSpec(
        name="event_review",
        title="Review of an event",
        heading="Events to review",
        short="review of an event",
        counted=("review of an event", "reviews of events"),
        to_do="Decide what the event changes (the risk, the plan, whether a meeting is needed), then record it. If a "
        "meeting has discussed it since, you need do nothing.",
        undone="nobody has reviewed an event",
        chase="Make sure somebody decides what the event changes, and records it.",
        done="The event was reviewed.",
        by_state={
            DutyState.PERSON_DIED: StateWords(
                name="person died",
                to_do="The person has died. Decide what is left to do: who should be told, and whether the case is "
                "to be reviewed. Then record it.",
                chase="The person has died, and nobody has recorded what is left to do. Make sure somebody decides it, "
                "and records it.",
            ),
            DutyState.MEETING_PLANNED: StateWords(
                name="meeting planned",
                to_do="Decide whether the event can wait for that meeting. If it can, put it on the agenda: the record "
                "of the meeting answers this. If not, decide now what it changes (the risk, the plan, an earlier "
                "meeting), then record it.",
                chase="The record of that meeting answers this. Make sure the event is on its agenda, or, if it cannot "
                "wait, that somebody decides now what it changes, and records it.",
            ),
        },
        place=20,
        owner=Role.OFFENDER_MANAGER,
        owner_agency="lead_agency",
        at_closure=AtClosure.GOES_ON,
        about=About.EVENT,
        example="recall on 2 November 2026",
        derived_from=(FactKind.CUSTODY_EVENT, FactKind.RELEASE_DATE),
        answered_by=(FactKind.EVENT_REVIEW, FactKind.MEETING),
        source="Joint inspection 2015, 5.20: the plan follows a notable change; its events and days are our defaults",
    )
    CONSULTATION = KindSpec(
        name="consultation",
        title="Consultation on a release date",
        heading="Changed release date: consultation missing",
        short="consultation on a release date",
        counted=("consultation on a release date", "consultations on release dates"),
        to_do="A release date was changed, and nobody has recorded that the police and probation were consulted. "
        "Consult them, then record whom you consulted.",
        undone="police and probation have not been consulted about a changed release date",
        chase="Make sure they are consulted, and that somebody records it.",
        done="Police and probation were consulted.",
        raised="release date changed without consultation",
        place=60,
        owner=Role.PRISON_OFFENDER_MANAGEMENT,
        owner_agency="prison",
        at_closure=AtClosure.ENDS,
        consults=("police", "probation"),
        about=About.EVENT,
        example="release date changed on 2 November 2026",
        derived_from=(FactKind.RELEASE_DATE, "sentences"),
        answered_by=(FactKind.CONSULTATION,),
        source="Durham annual report 2005-06: no change to release dates without consulting police and probation",
    )
    VISOR_PARTNER = KindSpec(
        name="visor_partner",
        title="Prison as partner on ViSOR",
        heading="Prison to make partner on ViSOR",
        short="ViSOR partner",
        to_do="Another prison holds the person. Make it the partner on ViSOR, then record it.",
        undone="the prison is not the partner on ViSOR",
        chase="Make sure the prison that holds the person is the partner on ViSOR.",
        done="The prison is the partner on ViSOR.",
        place=220,
        owner=Role.POLICE_OFFENDER_MANAGER,
        owner_agency="police",
        at_closure=AtClosure.NAMED,
        about=About.EVENT,
        example="recall on 2 November 2026",
        derived_from=(FactKind.CUSTODY_EVENT,),
        answered_by=(FactKind.VISOR_PARTNER,),
        source="Joint inspection 2015, 5.35",
    )
    MISSING_DECISION = KindSpec(
        name="missing_decision",
        title="Weekly decision on a missing person",
        heading="Missing people: what is done this week",
        short="decision on a missing person",
        counted=("decision on a missing person", "decisions on missing people"),
        to_do="The person is still missing. Decide this week what is done to find them, with the lead agency, then "
        "record it. If they were found, record that they are back.",
        undone="nobody has decided this week what is done to find the person",
        chase="Make sure somebody decides what is done to find the person, and records it.",
        done="It was decided what is done, or the person was found.",
        place=25,
        owner=Role.POLICE_OFFENDER_MANAGER,
        owner_agency="police",
        at_closure=AtClosure.ENDS,
        about=About.CUSTODY,
        example="missing since 2 November 2026",
        derived_from=(FactKind.CUSTODY_EVENT, FactKind.MISSING_DECISION),
        answered_by=(FactKind.MISSING_DECISION, FactKind.CUSTODY_EVENT),
        source="Our default: a missing offender is found, or somebody decides each week what is done",
    )
    PRISON_ACTIONS = KindSpec(
        name="prison_actions",
        title="Actions of the prison after a transfer",
        heading="Actions to take over from another prison",
        short="taking over a prison's actions",
        counted=("taking over of a prison's actions", "takings over of a prison's actions"),
        to_do="The person was moved to you from another prison, which had actions to do. Say for each who does it now, "
        "or record its outcome.",
        undone="nobody in the prison has taken over the actions of the prison before",
        chase="Make sure the prison that holds the person names who does each action.",
        done="Each action has an owner, or is closed.",
        place=181,
        owner=Role.PRISON_OFFENDER_MANAGEMENT,
        owner_agency="prison",
        at_closure=AtClosure.ENDS,
        about=About.EVENT,
        example="transfer on 2 November 2026",
        derived_from=(FactKind.CUSTODY_EVENT, FactKind.MEETING),
        answered_by=(FactKind.ACTION_OWNER, FactKind.ACTION_OUTCOME),
        source="Joint inspection 2015, 6.41: prisons do their actions and say so; the days are our default",
    )
    RETURN_DUE = KindSpec(
        name="return_due",
        title="Return from leave",
        heading="Return from leave",
        short="return from leave",
        counted=("return from leave", "returns from leave"),
        to_do="Record on the last day of the leave that the person is back, or that they are not.",
        undone="nobody has recorded that the person is back from leave",
        chase="Find out where the person is, then record it: back, or absconded.",
        done="The person is back, or has absconded.",
        by_state={
            DutyState.DAY_PASSED: StateWords(
                name="day passed",
                to_do="The leave has ended. Find out where the person is, then record it: back, or absconded.",
                chase="The leave has ended, and nobody has recorded that the person is back. Find out where the person "
                "is, then record it: back, or absconded.",
            ),
        },
        place=30,
        owner=Role.OFFENDER_MANAGER,
        owner_agency="lead_agency",
        at_closure=AtClosure.NAMED,
        about=About.EVENT,
        example="temporary release on 2 November 2026",
        derived_from=(FactKind.CUSTODY_EVENT,),
        answered_by=(FactKind.CUSTODY_EVENT,),
        source="Lancashire annual report 2014-15: the coordinator hears of leave; the days are our default",
    )
    VICTIM_UPDATE = KindSpec(
        name="victim_update",
        title="News for the victim",
        heading="Victims to tell",
        short="victim to be told",
        counted=("update for a victim", "updates for victims"),
        to_do="Tell the victim what happened, as far as the scheme allows, then record how you told them. This system "
        "never contacts victims.",
        undone="the victim has not been told of an event",
        chase="Make sure the victim liaison officer tells the victim, and records it.",
        done="The victim was told.",
        place=40,
        owner=Role.REPRESENTATIVE,
        owner_agency="victim_liaison",
        at_closure=AtClosure.GOES_ON,
        about=About.EVENT,
        example="recall on 2 November 2026",
        derived_from=(FactKind.CUSTODY_EVENT,),
        answered_by=(FactKind.VICTIM_UPDATE,),
        source="Durham annual report 2005-06: what victims hear of",
    )
    OFFENCE_REPORT = KindSpec(
        name="offence_report",
        title="Report on a serious further offence",
        heading="Serious further offences: reports to the SMB Chair",
        short="report on a serious further offence",
        counted=("report on a serious further offence", "reports on serious further offences"),
        to_do="Send the report on the serious further offence to the SMB Chair and the MAPPA coordinator. Then record "
        "it.",
        undone="the report on the serious further offence has not reached the SMB Chair",
        chase="Make sure the lead agency sends the report on the serious further offence to the SMB Chair and the "
        "MAPPA coordinator.",
        done="The report on the serious further offence reached the SMB Chair.",
        place=11,
        owner=Role.OFFENDER_MANAGER,
        owner_agency="lead_agency",
        at_closure=AtClosure.GOES_ON,
        about=About.CHARGE,
        example="charge on 2 November 2026",
        derived_from=(FactKind.CUSTODY_EVENT, FactKind.INCIDENT),
        answered_by=(FactKind.OFFENCE_REPORT, FactKind.CASE_REVIEW),
        source="MAPPA guidance 2012, serious further offence forms: within 5 days to the SMB Chair and the coordinator",
    )
    CASE_REVIEW = KindSpec(
        name="case_review",
        title="Decision on a case review",
        heading="Serious further offences: is there to be a case review?",
        short="case review to be considered",
        counted=("decision on a case review", "decisions on case reviews"),
        to_do="Have the SMB Chair decide, with a lay adviser, whether there is to be a case review. Then record it.",
        undone="the SMB has not considered a case review",
        chase="Decide with a lay adviser whether there is to be a case review, and have it recorded.",
        done="The SMB decided whether to review the case.",
        place=10,
        owner=Role.COORDINATOR,
        owner_agency="mappa_unit",
        at_closure=AtClosure.GOES_ON,
        about=About.CHARGE,
        example="charge on 2 November 2026",
        derived_from=(FactKind.CUSTODY_EVENT, FactKind.INCIDENT),
        answered_by=(FactKind.CASE_REVIEW,),
        source="MAPPA guidance 2012, serious further offence forms: within 5 days to the SMB Chair and the coordinator",
    )
