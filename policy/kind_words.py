"""What each kind of timescale is called in a message, and what is asked of its owner and of those above.

No number of the policy stands here: an area may change it, and the due date in the message is what counts.
"""

from dataclasses import dataclass

from policy.vocabulary import Kind, Role


@dataclass(frozen=True, slots=True)
class KindWords:
    """Texts of a kind of timescale: a group's heading, the thing owed, its short name in a subject, what to do.

    ``to_do`` speaks to the owner of the timescale, ``chase`` to those the prompt has gone up to. ``raised`` is what
    the subject of an escalation says of a kind that escalates before it is overdue.
    """

    heading: str
    owed: str
    short: str
    to_do: str
    chase: str
    raised: str = ""


KINDS: dict[str, KindWords] = {
    Kind.REFERRAL: KindWords(
        "Referral (MAPPA A) to be made",
        "Referral (MAPPA A)",
        "referral",
        "Complete the referral (MAPPA A), have your line manager countersign it, and send it to the MAPPA "
        "coordinator by the due date.",
        "No referral (MAPPA A) has been recorded. Make sure that the offender manager makes it, or that the MAPPA "
        "coordinator hears why it cannot be made.",
    ),
    Kind.LEVEL_SETTING: KindWords(
        "Level to be set",
        "Level of management",
        "level",
        "Decide the level at which the case is to be managed after release, and record it by the due date.",
        "No level of management has been recorded. Make sure that it is decided and recorded.",
    ),
    Kind.PRISON_NOTICE: KindWords(
        "Prison notice",
        "Prison notice",
        "prison notice",
        "Tell the offender manager the release or parole eligibility date by the due date, and have the notice "
        "recorded.",
        "No prison notice has been recorded. Ask the prison for the release or parole eligibility date, and record "
        "the notice.",
    ),
    Kind.IDENTIFICATION: KindWords(
        "Identification",
        "Identification",
        "identification",
        "Check the category and the lead agency, tell the MAPPA coordinator, and record the identification by the "
        "due date.",
        "The identification has not been recorded. Make sure that the identifying agency confirms the category and "
        "the lead agency, and that it is recorded.",
    ),
    Kind.SCREENING_DECISION: KindWords(
        "Referral to be answered",
        "Screening (MAPPA Q)",
        "screening",
        "Screen the referral, and record the decision with its reasons by the due date; the referrer is then told.",
        "A referral has not been answered. Make sure that it is screened, and that the decision is recorded with its "
        "reasons.",
    ),
    Kind.RESUBMISSION: KindWords(
        "Referral to be completed",
        "Completed referral (MAPPA A)",
        "completed referral",
        "Your referral was sent back. Complete what it lacks, have it countersigned again, and send it to the MAPPA "
        "coordinator by the due date.",
        "A referral that was sent back has not come again. Make sure that the offender manager completes it, or that "
        "the MAPPA coordinator hears why it is withdrawn.",
    ),
    Kind.FIRST_MEETING: KindWords(
        "First meeting to be held",
        "First meeting",
        "first meeting",
        "Arrange the first meeting, so that it is held by the due date and those invited have time to prepare.",
        "The first meeting has not been held. Make sure that it is arranged at once.",
    ),
    Kind.LEVEL_3_REVIEW: KindWords(
        "Level 3 review to be held",
        "Review meeting at level 3",
        "level 3 review",
        "Hold the next meeting by the due date. Where none is arranged yet, arrange it now.",
        "No review meeting has been held in time. Make sure that it is held at once, and that the MAPPA coordinator "
        "hears why it is late.",
    ),
    Kind.LEVEL_2_REVIEW: KindWords(
        "Level 2 review to be held",
        "Review meeting at level 2",
        "level 2 review",
        "Hold the next meeting by the due date. Where none is arranged yet, arrange it now.",
        "No review meeting has been held in time. Make sure that it is held at once, and that the MAPPA coordinator "
        "hears why it is late.",
    ),
    Kind.LEVEL_1_REVIEW: KindWords(
        "Level 1 review to be done",
        "Review at level 1",
        "level 1 review",
        "Review the risk and the plan with the other agency, lead agency and police together, and record the review "
        "by the due date. Where the risk has risen, make a referral (MAPPA A).",
        "No level 1 review has been recorded. Make sure that lead agency and police review the case, and that it is "
        "recorded.",
    ),
    Kind.URGENT_MEETING: KindWords(
        "Urgent meeting to be held",
        "Urgent meeting",
        "urgent meeting",
        "An incident asks for an urgent meeting. Hold it by the due date, and record it.",
        "An incident asks for an urgent meeting. Make sure that it is held by the due date, and recorded.",
        "urgent meeting wanted",
    ),
    Kind.MEETING: KindWords(
        "Meeting to be recorded",
        "Meeting",
        "record of a meeting",
        "The day of the meeting has gone by. Record it with attendance, decisions and actions; where it did not take "
        "place, record that it was moved or cancelled.",
        "The day of the meeting has gone by, and nothing has been recorded. Until it is, no action and no minutes go "
        "out. Make sure that it is recorded, or that it was moved or cancelled.",
    ),
    Kind.MINUTES: KindWords(
        "Minutes to be finished",
        "Minutes",
        "minutes",
        "Draft the minutes, have the Chair approve them, and record them as final by the due date; they then go out.",
        "The minutes are not final. Make sure that they are drafted, approved by the Chair, and recorded as final.",
    ),
    Kind.VISOR_POSTING: KindWords(
        "Minutes to be posted to ViSOR",
        "ViSOR posting",
        "ViSOR posting",
        "Post the final minutes to ViSOR, and record the posting by the due date.",
        "The minutes have not been recorded as posted to ViSOR. Make sure that they are posted, and the posting "
        "recorded.",
    ),
    Kind.ACTION: KindWords(
        "Actions to be done",
        "Action",
        "action",
        "Do the action by the due date, and record its outcome: what was found or achieved, and what that changes in "
        "the plan. That it was done is not an outcome.",
        "No outcome of the action has been recorded. Make sure that it is done and its outcome recorded, or that the "
        "Chair hears why it cannot be done.",
    ),
    Kind.EXIT_PLAN: KindWords(
        "Plan for life after MAPPA",
        "Exit plan",
        "exit plan",
        "Something that holds the person ends. Record how accommodation, engagement, victims, integrated offender "
        "management and the risks that are left are provided for afterwards.",
        "Something that holds the person ends, and no exit plan has been recorded. Make sure that there is one.",
    ),
    Kind.END_OF_SENTENCE_CHECK: KindWords(
        "End-of-sentence check",
        "End-of-sentence check",
        "end-of-sentence check",
        "A sentence, licence, order or notification period ends. See what is still open and what still holds, and "
        "record what becomes of the case: nothing ends by itself.",
        "A sentence, licence, order or notification period has ended, and nobody has decided what becomes of the "
        "case. Make sure that it is decided and recorded.",
    ),
    Kind.DISCLOSURE_APPROVAL: KindWords(
        "Disclosures that wait for approval",
        "Approval of a disclosure",
        "approval of a disclosure",
        "A disclosure is proposed. Decide whether it is necessary, lawful and proportionate, and record approval "
        "or refusal by the due date. Who proposed it does not approve it.",
        "A proposed disclosure has neither been approved nor refused. Make sure that somebody other than its proposer "
        "decides, and that it is recorded.",
        "disclosure to be approved",
    ),
    Kind.DISCLOSURE: KindWords(
        "Disclosures to be made",
        "Disclosure",
        "disclosure",
        "Make the disclosure by the due date, have the recipient sign the undertaking, and record how it went.",
        "A disclosure that was approved has not been recorded as made. Make sure that it is made, or that the Chair "
        "hears why it cannot be.",
    ),
    Kind.PLAN_UPDATE: KindWords(
        "Risk management plan to be updated",
        "Update of the plan",
        "plan update",
        "Write the risk management plan anew and record it by the due date: what the meeting or the event changed, and "
        "what it still says that is no longer true.",
        "The risk management plan has not been updated. Make sure that the lead agency writes it anew, and that it is "
        "recorded.",
    ),
    Kind.EVENT_REVIEW: KindWords(
        "Events to be looked at",
        "What an event changes",
        "review of an event",
        "Something happened in custody or on licence. Look at what it changes: the risk, the plan, whether a meeting "
        "is needed. Record it by the due date; a meeting held meanwhile will do.",
        "Something happened in custody or on licence, and nobody has recorded what it changes. Make sure that it is "
        "looked at, and recorded.",
    ),
    Kind.CONSULTATION: KindWords(
        "Consultation on a changed release date",
        "Consultation on a release date",
        "consultation on a release date",
        "A release date was changed, and no consultation of police and probation is on record. Consult them, and "
        "record whom you consulted.",
        "A release date was changed, and no consultation of police and probation is on record. Make sure that they are "
        "consulted, and that it is recorded.",
        "release date changed without consultation",
    ),
    Kind.VISOR_PARTNER: KindWords(
        "Prison to be partnered on ViSOR",
        "Prison partner on ViSOR",
        "ViSOR partner",
        "Another prison holds the person. Make it the partner on ViSOR by the due date, and record it.",
        "The prison that holds the person has not been recorded as the partner on ViSOR. Make sure that it is.",
    ),
    Kind.RETURN_DUE: KindWords(
        "Return from leave",
        "Return from leave",
        "return from leave",
        "The leave ends on this day. Record that the person is back, or that they are not.",
        "The leave has ended, and nobody has recorded that the person is back. Find out, and record it: back, or "
        "absconded.",
    ),
    Kind.VICTIM_UPDATE: KindWords(
        "Victims to be told",
        "Victim to be told of an event",
        "victim to be told",
        "Tell the victim what happened, as far as the scheme allows, and record by the due date how you did.",
        "Nobody has recorded that the victim was told of an event. Make sure that the victim liaison officer tells the "
        "victim, and records it.",
    ),
    Kind.CASE_REVIEW: KindWords(
        "Case reviews to be considered",
        "Consideration of a case review",
        "case review to be considered",
        "A serious further offence has been charged. Put the report before the SMB Chair by the due date, and record "
        "whether there is to be a case review.",
        "A serious further offence has been charged, and nothing is on record of whether the SMB reviews the case. "
        "Decide it with a lay adviser, and have it recorded.",
    ),
    Kind.ORDER_END: KindWords(
        "Court orders that end",
        "End of an order",
        "end of an order",
        "A court order ends on this day. Decide whether another is to be applied for, and record it.",
        "A court order has ended, and nobody has recorded what comes after it. Make sure that it is decided.",
    ),
    Kind.NOTIFICATION_REVIEW: KindWords(
        "Reviews of notification without an end",
        "Review of notification",
        "review of notification",
        "Notification without an end may be reviewed from this day on, if its subject asks. Prepare what the "
        "Superintendent needs, and record the decision, or that nobody asked.",
        "Notification without an end may be reviewed, and nothing is on record. Make sure that it is recorded: what "
        "the Superintendent decided, or that nobody asked.",
    ),
    Kind.TRANSFER_ANSWER: KindWords(
        "Transfers between areas to be answered",
        "Answer to a transfer",
        "answer to a transfer",
        "Another area proposes to hand a case over to yours, and holds it until you accept. Accept or decline by the "
        "due date, with the reason; accepting names who will manage it.",
        "The receiving area has not answered. The sending area holds the case until it does: get the answer, or "
        "withdraw the proposal.",
        "transfer to be answered",
    ),
    Kind.ATTENDANCE: KindWords(
        "Required agencies that stayed away",
        "Report on a meeting not attended",
        "report of an agency",
        "A required agency neither came to the meeting nor reported. Ask it for its report, and record what it "
        "answers.",
        "A required agency neither came to the meeting nor reported, and its report is still owed. Make sure that the "
        "report comes, and that the agency is there next time.",
        "required agency absent",
    ),
}
COME = (
    "Read the papers, and come. If you cannot, send somebody who can speak for your agency, or send a report before "
    "the meeting."
)
REPORT = (
    "Your agency was required at the meeting, and neither came nor reported. Send the MAPPA coordinator by the due "
    "date what your agency knows of the case, and what it will do. If it could not come, say why."
)
# What one role is told in words of its own, because something else is asked of it than of everybody else.
KINDS_BY_ROLE: dict[tuple[str, str], KindWords] = {
    (Kind.MEETING, Role.INVITEE): KindWords(
        "Meetings you are invited to",
        "Meeting",
        "meeting",
        COME,
        COME,
    ),
    (Kind.ATTENDANCE, Role.REPRESENTATIVE): KindWords(
        "Your agency's report is owed",
        "Report on a meeting not attended",
        "report of your agency",
        REPORT,
        REPORT,
    ),
}
