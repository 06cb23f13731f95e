"""A meeting and what it leaves to do: minutes, posting to ViSOR, actions, agencies that stayed away."""

from policy.kinds.spec import About, AtClosure, Kind, KindSpec, Words
from policy.kinds.states import DutyState, StateWords
from policy.roles import Role
from policy.vocabulary import FactKind

RECORD_IT = (
    "Once the meeting has been held, record who came, the decisions and the actions. If it does not take place, record "
    "that it was moved or cancelled."
)
HAVE_IT_RECORDED = (
    "Until it is recorded no actions and no minutes go out. Make sure it is recorded, moved or cancelled."
)


class Meetings(Kind):
    """What is due because a meeting is planned, or was held."""

    MEETING = KindSpec(
        name="meeting",
        title="Meeting",
        heading="Meeting to record",
        short="record of a meeting",
        counted=("record of a meeting", "records of meetings"),
        to_do=RECORD_IT,
        undone="the meeting has not been recorded",
        chase=HAVE_IT_RECORDED,
        done="The meeting was recorded.",
        by_state={
            DutyState.DAY_PASSED: StateWords(
                name="day passed",
                to_do="The day of the meeting has passed. Record who came, the decisions and the actions; if it did "
                "not take place, record that it was moved or cancelled.",
                chase=f"The day of the meeting has passed, and it has not been recorded. {HAVE_IT_RECORDED}",
                for_role={
                    Role.INVITEE: "The day of the meeting has passed. If nobody came from your agency, send your "
                    "report to the MAPPA coordinator now."
                },
            ),
            DutyState.READER_CHAIRS: StateWords(
                name="reader chairs",
                to_do=RECORD_IT,
                chase=HAVE_IT_RECORDED,
                for_role={
                    Role.INVITEE: "Read the papers and chair the meeting. If you cannot, tell the MAPPA coordinator at "
                    "once."
                },
            ),
            DutyState.READER_WRITES: StateWords(
                name="reader writes",
                to_do=RECORD_IT,
                chase=HAVE_IT_RECORDED,
                for_role={
                    Role.INVITEE: "You need not come. Send the MAPPA coordinator what your practice knows in writing "
                    "before the meeting."
                },
            ),
        },
        for_role={
            Role.INVITEE: Words(
                name="invitee",
                heading="Meetings you are invited to",
                short="meeting",
                to_do="Read the papers and come. If you cannot, send somebody who can speak for your agency, or send "
                "a report before the meeting.",
            )
        },
        place=170,
        owner=Role.ADMINISTRATOR,
        owner_agency="mappa_unit",
        named=(Role.INVITEE, Role.CHAIR),
        at_closure=AtClosure.ENDS,
        about=About.MEETING,
        example="number 1",
        derived_from=(FactKind.MEETING_PLAN,),
        answered_by=(FactKind.MEETING, FactKind.MEETING_CANCEL),
        source="Joint inspection 2015, 5.7 and 5.10",
    )
    PRISON_REPORT = KindSpec(
        name="prison_report",
        title="Prison's report (MAPPA F)",
        heading="Reports from prison to write (MAPPA F)",
        short="prison's report",
        to_do="Write the prison's report to the meeting (MAPPA F): what is known of the person in prison, item by "
        "item, each with why it matters for the risk. Then record it: it goes into the papers.",
        undone="the prison has sent no report (MAPPA F) to the meeting",
        chase="Make sure the prison sends its report before the meeting.",
        done="The prison reported, or came to the meeting.",
        place=165,
        owner=Role.PRISON_OFFENDER_MANAGEMENT,
        owner_agency="prison",
        at_closure=AtClosure.ENDS,
        about=About.MEETING,
        example="meeting 1",
        derived_from=(FactKind.MEETING_PLAN, FactKind.CUSTODY_EVENT),
        answered_by=(FactKind.PRISON_REPORT, FactKind.MEETING),
        source="Joint inspection 2015, 6.40; the days are our default",
    )
    MINUTES = KindSpec(
        name="minutes",
        title="Minutes",
        heading="Minutes to finish",
        short="minutes",
        counted=("set of minutes", "sets of minutes"),
        to_do="Draft the minutes, have the Chair approve them, then record them as final. They go out at once.",
        undone="the minutes have not been made final",
        chase="Make sure the minutes are drafted, approved by the Chair and recorded as final.",
        done="The minutes are final.",
        by_state={
            DutyState.MINUTES_DRAFTED: StateWords(
                name="minutes drafted",
                to_do="The minutes have been drafted. Have the Chair approve them, then record them as final. They go "
                "out at once.",
                chase="The minutes have been drafted and are with the Chair. Make sure they are approved and recorded "
                "as final.",
            ),
            DutyState.MINUTES_APPROVED: StateWords(
                name="minutes approved",
                to_do="The Chair has approved the minutes. Record them as final. They go out at once.",
                chase="The Chair has approved the minutes. Make sure they are recorded as final.",
            ),
        },
        place=200,
        owner=Role.ADMINISTRATOR,
        owner_agency="mappa_unit",
        named=(Role.CHAIR,),
        at_closure=AtClosure.GOES_ON,
        about=About.MEETING,
        example="meeting 1",
        derived_from=(FactKind.MEETING,),
        answered_by=(FactKind.MINUTES,),
        source="Joint inspection 2015, 5.37",
    )
    VISOR_POSTING = KindSpec(
        name="visor_posting",
        title="Minutes on ViSOR",
        heading="Minutes to post to ViSOR",
        short="ViSOR posting",
        to_do="Post the final minutes to ViSOR, then record the posting.",
        undone="the minutes have not been posted to ViSOR",
        chase="Make sure the minutes are posted to ViSOR, and the posting recorded.",
        done="The minutes are on ViSOR.",
        by_state={
            DutyState.MINUTES_NOT_FINAL: StateWords(
                name="minutes not final",
                to_do="The minutes are not final yet. Finish them, then post them to ViSOR and record the posting.",
                chase="The minutes are not final yet, so they cannot be posted to ViSOR. Make sure they are finished "
                "and posted.",
            ),
        },
        place=210,
        owner=Role.ADMINISTRATOR,
        owner_agency="mappa_unit",
        named=(Role.CHAIR,),
        at_closure=AtClosure.GOES_ON,
        about=About.MEETING,
        example="meeting 1",
        derived_from=(FactKind.MEETING,),
        answered_by=(FactKind.VISOR_POSTING,),
        source="Joint inspection 2015, 5.37",
    )
    ACTION = KindSpec(
        name="action",
        title="Action",
        heading="Actions to do",
        short="action",
        to_do='Do the action, then say what you found or what changed, and what that means for the plan. "Done" is not '
        "enough.",
        undone="the action has not been done",
        chase="Make sure somebody records the outcome of the action, or why it cannot be done.",
        done="The outcome of the action was recorded.",
        place=180,
        owner=Role.ACTION_OWNER,
        owner_agency="named",
        named=(Role.ACTION_OWNER, Role.CHAIR),
        at_closure=AtClosure.GOES_ON,
        about=About.ACTION,
        example="number 3",
        derived_from=(FactKind.MEETING,),
        answered_by=(FactKind.ACTION_OUTCOME, FactKind.MEETING),
        source="Joint inspection 2015, 5.9, 5.11 and 5.12",
    )
    ATTENDANCE = KindSpec(
        name="attendance",
        title="Report on a missed meeting",
        heading="Agencies that stayed away",
        short="report of an agency",
        counted=("report of an agency", "reports of agencies"),
        to_do="A required agency neither came to the meeting nor sent a report. Ask it for its report, then record "
        "what it answers.",
        undone="a required agency has sent no report",
        chase="Make sure the agency sends its report, and comes next time.",
        done="The agency reported, or its reason was accepted.",
        raised="required agency absent",
        by_state={
            DutyState.AGENCY_NOT_INVITED: StateWords(
                name="agency not invited",
                to_do="A required agency was not invited to the meeting, because we know nobody there. Find out who "
                "speaks for it and ask for its report, then record what it answers.",
                chase="A required agency was not invited to the meeting, because we know nobody there. Find out who "
                "speaks for it, have them added to the directory, and ask for the report.",
                for_role={
                    Role.REPRESENTATIVE: "Your agency had to be at the meeting, but we did not invite it because we "
                    "knew nobody there. Send the MAPPA coordinator what your agency knows of the case and what it will "
                    "do."
                },
            ),
            DutyState.AGENCY_ANSWERED: StateWords(
                name="agency answered",
                to_do="The agency has answered, but has sent no report. Ask it again for its report, or ask the Chair "
                "whether its reason is accepted, then record it.",
                chase="The agency has answered, but has sent no report, and the Chair has accepted no reason. Make "
                "sure it does as it said, sends its report, and comes next time.",
                for_role={
                    Role.REPRESENTATIVE: "Your agency has answered, but its report has not come. Send the MAPPA "
                    "coordinator what your agency knows of the case and what it will do."
                },
            ),
            DutyState.PRACTICE_SILENT: StateWords(
                name="practice silent",
                to_do="The general practice has not answered. Record each letter without an answer, then try another "
                "way to the facts on health: the person's consent, the mental health trust, health care in prison. "
                "Record what you found.",
                chase="The general practice has not answered our letters. Make sure somebody tries another way to the "
                "facts on health (the person's consent, the mental health trust, health care in prison) and records "
                "what they found.",
                for_role={
                    Role.REPRESENTATIVE: "We asked your practice for facts on the person's health and have had no "
                    "answer. Send the MAPPA coordinator what your practice knows, or say why you cannot."
                },
            ),
            DutyState.AGENCY_APOLOGISED: StateWords(
                name="agency apologised",
                to_do="A required agency sent apologies and no report. Ask it for its report, then record what it "
                "answers.",
                chase="A required agency sent apologies and no report. Make sure it sends its report, and comes next "
                "time.",
                for_role={
                    Role.REPRESENTATIVE: "Your agency had to be at the meeting. It sent apologies and no report. Send "
                    "the MAPPA coordinator what your agency knows of the case and what it will do."
                },
            ),
        },
        for_role={
            Role.REPRESENTATIVE: Words(
                name="representative",
                heading="Report your agency has to send",
                short="report of your agency",
                counted=("report of your agency", "reports of your agency"),
                to_do="Your agency had to be at the meeting, and neither came nor sent a report. Send the MAPPA "
                "coordinator what your agency knows of the case and what it will do. If you could not come, say why.",
            )
        },
        place=70,
        owner=Role.REPRESENTATIVE,
        owner_agency="named",
        named=(Role.REPRESENTATIVE, Role.CHAIR),
        at_closure=AtClosure.GOES_ON,
        about=About.AGENCY_AT_MEETING,
        example="housing, meeting 1",
        derived_from=(FactKind.MEETING,),
        answered_by=(FactKind.ATTENDANCE_REPORT,),
        chased_by=(FactKind.ATTENDANCE_CONTACT,),
        source="Joint inspection 2015, 5.4, 6.55 and 7.24",
    )
