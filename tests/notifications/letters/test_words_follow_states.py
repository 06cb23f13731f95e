"""Every kind of duty in every state that the record can tell: who is asked is asked for the right thing.

Each is read in the e-mail itself, by its owner and by those above. Today is Monday 30 March 2026.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime

import pytest
from sqlalchemy.orm import Session

from models.cases import Case, Draft
from models.events import CustodyEvent
from models.orders import CourtOrder
from models.record import Record
from policy.kinds import (
    KINDS,
    Community,
    Endings,
    Events,
    Identification,
    Kind,
    Meetings,
    Orders,
    Plan,
    Questions,
    Release,
    Reviews,
    Safeguarding,
    Screening,
    ThePerson,
)
from policy.kinds.states import DutyState
from policy.letters import MessageKind
from policy.vocabulary import Weight
from tests.notifications.letters.reading import CRN, both, one_line, sent
from tests.support import meeting_rows as at_meetings
from tests.support.rows import added

TODAY, YESTERDAY, LATER = date(2026, 3, 30), date(2026, 3, 29), date(2026, 4, 30)
# British Summer Time began on 29 March: 09:15 UTC is 10:15 in London.
AHEAD, BEHIND = datetime(2026, 4, 20, 9, 15, tzinfo=UTC), datetime(2026, 3, 25, 10, 15, tzinfo=UTC)

Put = Callable[[Session, Case], str]
"""Puts what makes a state into the record; returns what the duty is about."""

ALWAYS_RIGHT: dict[Kind, str] = {
    Identification.IDENTIFICATION: "it is open only until the identification is recorded, and nothing begins it",
    Release.PRISON_NOTICE: "it is open only until the notice is recorded; a release overtakes it",
    Release.RELEASE: "it is open only until a person says what became of the release",
    Release.DATES_CHECK: "any word on the dates meets it",
    Release.FIRST_NOTIFICATION: "it is open only after a release and until it is answered; a recall overtakes it",
    Release.NEIGHBOURHOOD_TOLD: "it is open only after a release and until it is answered; a recall overtakes it",
    Release.LICENCE_CONDITIONS: "it is open only until the conditions are proposed; a release overtakes it",
    Release.RELEASE_HOUSING: "it is open only until a home is found; a release overtakes it",
    Meetings.PRISON_REPORT: "it is open only until the prison reports or the meeting is held",
    Community.MOVE_ON_PLAN: "it is open only until the next home is told; a recall overtakes it",
    Community.JOBCENTRE_NOTICE: "it is open only until Jobcentre Plus is told; a recall overtakes it",
    Community.YEARLY_NOTIFICATION: "it speaks of the year that ends; any notification meets it, a recall overtakes it",
    Community.WEEKLY_NOTIFICATION: "a notification or a recall ends the week, and a home makes the next a yearly one",
    Community.NEW_ADDRESS: "it is open only until it is followed up; the next move overtakes it, and a recall does",
    Community.DETAILS_NOTIFIED: "any notification meets it; a recall overtakes it",
    Community.TRAVEL_RETURN: "it is open only until it is told whether the person is back",
    Events.MISSING_DECISION: "it is open only while the person is missing",
    Events.PRISON_ACTIONS: "it is open only while an action has no new owner; the next move overtakes it",
    Community.VISIT: "it is open only until the visit is on record; a new plan or a recall overtakes it",
    Identification.VISOR_RECORD: "it is open only until somebody says what ViSOR has",
    Plan.PLAN_CONFIRMED: "it is open only until the Chair confirms it, and the next meeting overtakes it",
    Safeguarding.MARAC: "a day, an outcome or a reason for none meets it",
    Safeguarding.SARA_ASSESSMENT: "it is open only until SARA was done",
    Safeguarding.CHILD_PROTECTION: "a day, an outcome or a reason for none meets it",
    ThePerson.STATUS_TOLD: "it is open only until the person was told, and the next level overtakes it",
    ThePerson.OWN_VIEWS: "it is open only until an answer is recorded or the meeting was held",
    Screening.SCREENING_DECISION: "a decision of any kind meets it, and a newer referral overtakes it",
    Reviews.LEVEL_1_REVIEW: "the review is due whatever else goes on, and it says what to do if the risk has gone up",
    Meetings.ACTION: "an outcome meets it; nothing on record lies between",
    Plan.DISCLOSURE_APPROVAL: "approval and refusal meet it",
    Plan.DISCLOSURE: "it is open only once approved, until it was made or given up",
    Plan.PLAN_UPDATE: "a plan meets it; the next meeting overtakes it",
    Events.CONSULTATION: "it is open only until a consultation is recorded",
    Events.VISOR_PARTNER: "it is overtaken when the person leaves that prison",
    Events.VICTIM_UPDATE: "it is open only until the victim was told",
    Events.OFFENCE_REPORT: "it is open only until the report was sent, and a decision shows that it was",
    Events.CASE_REVIEW: "a decision of any kind meets it",
    Orders.TRANSFER_ANSWER: "it is open only until the transfer is answered or withdrawn",
    Endings.EXIT_PLAN: "it speaks of an end that comes, and its last prompt is on the day of the end",
    Questions.QUESTION: "it is open only until somebody decides",
    Questions.DATA_PROBLEM: "it is open only while the work fails",
}


def nothing(_: Session, __: Case) -> str:
    return ""


def meeting(starts_at: datetime, state: str = "planned") -> Put:
    def put(session: Session, case: Case) -> str:
        at_meetings.meeting(session, case, state=state, starts_at=starts_at)
        return ""

    return put


def invited(**values: str) -> Put:
    """Put a meeting ahead to which the reader is invited, as ``values`` say, with others."""

    def put(session: Session, case: Case) -> str:
        ahead = at_meetings.meeting(session, case, starts_at=AHEAD)
        at_meetings.participant(session, ahead)
        at_meetings.participant(session, ahead, **{"agency": "police", "email": "cora@mappa.example"} | values)
        return str(ahead.id)

    return put


def minutes(state: str | None) -> Put:
    def put(session: Session, case: Case) -> str:
        held = at_meetings.meeting(session, case)
        if state:
            at_meetings.minutes(session, held, state=state)
        return str(held.id)

    return put


def absence(**values: object) -> Put:
    def put(session: Session, case: Case) -> str:
        held = at_meetings.meeting(session, case)
        at_meetings.absence(session, held, **values)
        return f"{held.id}:{values.get('agency', 'housing')}"

    return put


def event(kind: str, also: Put = nothing) -> Put:
    def put(session: Session, case: Case) -> str:
        row = CustodyEvent(case_id=case.id, number=1, kind=kind, on_date=YESTERDAY, recorded_at=BEHIND, data={})
        also(session, case)
        return str(added(session, row, {}).id)

    return put


def order(*ends: date | None, kinds: tuple[str, ...] = ("shpo", "shpo")) -> Put:
    """Put orders of some kinds that end on some days; the duty is about the first."""

    def put(session: Session, case: Case) -> str:
        rows = [
            CourtOrder(
                case_id=case.id,
                person_id=case.person_id,
                number=number,
                kind=kind,
                court="Example",
                starts_on=date(2021, 3, 30),
                ends_on=on,
                conditions="None",
                known_on=date(2021, 3, 30),
            )
            for number, (on, kind) in enumerate(zip(ends, kinds, strict=False), start=1)
        ]
        return str(min(added(session, row, {}).id for row in rows))

    return put


def draft(session: Session, _: Case, settled_at: datetime | None = None, kind: str = "referral") -> str:
    row = Draft(crn=CRN, kind=kind, data={}, reasons=["x"], kept_at=BEHIND, kept_by="Olive", settled_at=settled_at)
    added(session, row, {})
    return ""


def settled_draft(session: Session, case: Case) -> str:
    draft(session, case, kind="level")
    return draft(session, case, settled_at=AHEAD)


def open_duty(kind: str, state: str = "open") -> Put:
    """Put a referral received, or sent back, on 23 March, and the duty that follows it."""

    def put(session: Session, case: Case) -> str:
        received = at_meetings.referral(session, case)
        at_meetings.owed(session, case, kind, str(received.id), anchor_on=date(2026, 3, 23), state=state)
        return ""

    return put


SENT_BACK, IN_SCREENING = open_duty("resubmission"), open_duty("screening_decision")
ANSWER = {"on": "2026-03-27", "by": "chair", "to": "representative", "answer": "will_report", "note": ""}
SILENT = ANSWER | {"answer": "no_answer"}
DRAFTED = ("it is kept as a draft. Complete it", "The draft was last changed on Wednesday 25 March.")
RETURNED = ("It was sent back on Monday 23 March.",)
WAITS = ("A referral is waiting to be screened.", "The referral was received on Monday 23 March.")
PLANNED = ("A meeting is planned for Monday 20 April, 10:15.",)
PAST = ("A meeting was planned for Wednesday 25 March, 10:15.", "Record the meeting. If it did not take place")
PAST_ABOVE = (PAST[0], "Nobody has recorded it. Make sure the meeting is recorded")


@dataclass(frozen=True)
class Told:
    """What is said to the owner, or to ``role``, and to those above, of a duty in a state; and what is not."""

    kind: Kind
    state: DutyState | None
    put: Put
    owner: tuple[str, ...]
    above: tuple[str, ...] = ()
    never: tuple[str, ...] = ()
    due_on: date = LATER
    role: str = "coordinator"


def of_meetings(kind: Kind, ask: str) -> list[Told]:
    return [
        Told(kind, None, nothing, (ask,), never=("is planned for", "was planned for")),
        Told(kind, None, meeting(AHEAD, "cancelled"), (ask,)),
        Told(kind, DutyState.MEETING_UNRECORDED, meeting(BEHIND), PAST, PAST_ABOVE, (ask, "No meeting is planned")),
        Told(kind, DutyState.MEETING_PLANNED, meeting(AHEAD), (*PLANNED, "Hold the meeting, then record it"),
             (*PLANNED, "Make sure the meeting takes place"), (ask, "No meeting is planned", "rrange")),
    ]  # fmt: skip


def at_the_end(kind: Kind, before: str, owner: str, above: str, put: Put = nothing) -> list[Told]:
    return [
        Told(kind, None, put, (before,), never=(owner,)),
        Told(kind, None, put, (before,), never=(owner,), due_on=TODAY),
        Told(kind, DutyState.DAY_PASSED, put, (owner,), (above,), (before,), due_on=YESTERDAY),
    ]


REPRESENTATIVE = "representative"
STATES = [
    Told(Release.REFERRAL, None, nothing, ("Complete the referral (MAPPA A)",), ("No referral (MAPPA A) has been",)),
    Told(Release.REFERRAL, None, settled_draft, ("Complete the referral (MAPPA A)",)),
    Told(Release.REFERRAL, None, open_duty("resubmission", "met"), ("Complete the referral (MAPPA A)",)),
    Told(Release.REFERRAL, DutyState.REFERRAL_BEGUN, draft, DRAFTED, ("Make sure the offender manager completes it",),
         ("Complete the referral (MAPPA A)", "No referral (MAPPA A)")),
    Told(Release.REFERRAL, DutyState.REFERRAL_SENT_BACK, SENT_BACK, (*RETURNED, "Add it, ask your line manager"),
         (*RETURNED, "is not complete, and was sent back"), ("Complete the referral (MAPPA A)", "No referral")),
    Told(Screening.RESUBMISSION, None, nothing, ("Your referral was sent back. Add what is missing",)),
    Told(Screening.RESUBMISSION, DutyState.REFERRAL_BEGUN, draft, DRAFTED, never=("Add what is missing",)),
    Told(Release.LEVEL_SETTING, None, nothing, ("Decide at which level the case will be managed, then record it.",),
         never=("after release",)),
    Told(Release.LEVEL_SETTING, DutyState.REFERRAL_IN_SCREENING, IN_SCREENING, (*WAITS, "it sets the level"), WAITS,
         ("Decide at which level", "No level of management has been set")),
    Told(Release.LEVEL_SETTING, DutyState.REFERRAL_SENT_BACK, SENT_BACK, (*RETURNED, "set level 1 now"), RETURNED,
         ("Decide at which level",)),
    Told(Release.LEVEL_SETTING, DutyState.MEETING_UNRECORDED, meeting(BEHIND), PAST, PAST_ABOVE),
    Told(Release.LEVEL_SETTING, DutyState.MEETING_PLANNED, meeting(AHEAD), (*PLANNED, "Have the meeting decide"),
         (*PLANNED, "The meeting can decide on the level")),
    *of_meetings(Release.RELEASE_MEETING, "Hold a meeting before the next release"),
    *of_meetings(Reviews.FIRST_MEETING, "Arrange the first meeting"),
    *of_meetings(Reviews.LEVEL_2_REVIEW, "No meeting is planned yet. Arrange it now"),
    *of_meetings(Reviews.LEVEL_3_REVIEW, "No meeting is planned yet. Arrange it now"),
    *of_meetings(Reviews.URGENT_MEETING, "Hold it in time, then record it"),
    *at_the_end(Meetings.MEETING, "Once the meeting has been held, record who came",
                "The day of the meeting has passed. Record who came", "Until it is recorded no actions"),
    Told(Meetings.MEETING, None, nothing, ("Read the papers and come.",), role="invitee"),
    Told(Meetings.MEETING, DutyState.DAY_PASSED, nothing, ("If nobody came from your agency, send your report",),
         never=("Read the papers and come",), due_on=YESTERDAY, role="invitee"),
    Told(Meetings.MEETING, None, invited(), ("20 April", "10:15, Civic Centre, room 3.", "Read the papers and come."),
         never=("Due",), due_on=AHEAD.date(), role="invitee"),
    Told(Meetings.MEETING, None, invited(email="hugo@probation.example", role="chair"), ("Read the papers and come.",),
         never=("10:15",), due_on=AHEAD.date(), role="invitee"),
    Told(Meetings.MEETING, DutyState.READER_CHAIRS, invited(role="chair"),
         ("10:15, Civic Centre, room 3.", "Read the papers and chair the meeting."),
         never=("send somebody",), due_on=AHEAD.date(), role="invitee"),
    Told(Meetings.MEETING, DutyState.READER_WRITES, invited(agency="general_practice"),
         ("You need not come. Send the MAPPA coordinator what your practice knows",), never=("and come",),
         due_on=AHEAD.date(), role="invitee"),
    Told(Meetings.MINUTES, None, minutes(None), ("Draft the minutes",)),
    Told(Meetings.MINUTES, DutyState.MINUTES_DRAFTED, minutes("draft"),
         ("The minutes have been drafted. Have the Chair",),
         ("are with the Chair",), ("Draft the minutes",)),
    Told(Meetings.MINUTES, DutyState.MINUTES_APPROVED, minutes("approved"), ("Record them as final.",),
         ("The Chair has approved the minutes.",), ("Draft the minutes",)),
    Told(Meetings.VISOR_POSTING, None, minutes("final"), ("Post the final minutes to ViSOR",)),
    Told(Meetings.VISOR_POSTING, DutyState.MINUTES_NOT_FINAL, minutes("draft"), ("Finish them, then post them",),
         ("they cannot be posted",), ("Post the final minutes",)),
    Told(Meetings.VISOR_POSTING, DutyState.MINUTES_NOT_FINAL, minutes(None), ("Finish them, then post them",)),
    Told(Meetings.ATTENDANCE, None, absence(), ("neither came to the meeting nor sent a report",)),
    Told(Meetings.ATTENDANCE, None, absence(history=[ANSWER, SILENT]), ("neither came nor sent a report",),
         role=REPRESENTATIVE),
    Told(Meetings.ATTENDANCE, DutyState.AGENCY_NOT_INVITED, absence(invited=False), ("Find out who speaks for it",),
         ("have them added to the directory",), ("neither came",)),
    Told(Meetings.ATTENDANCE, DutyState.AGENCY_NOT_INVITED, absence(invited=False),
         ("we did not invite it because we knew nobody",),
         never=("neither came",), role=REPRESENTATIVE),
    Told(Meetings.ATTENDANCE, DutyState.AGENCY_ANSWERED, absence(history=[SILENT, ANSWER]),
         ("Asked on Friday 27 March, the agency promised a report.", "The agency has answered, but has sent no report"),
         ("Make sure it does as it said",), ("neither came",)),
    Told(Meetings.ATTENDANCE, DutyState.AGENCY_ANSWERED, absence(history=[ANSWER]),
         ("Your agency has answered, but its report has not come.",), never=("neither came",), role=REPRESENTATIVE),
    Told(Meetings.ATTENDANCE, DutyState.AGENCY_APOLOGISED, absence(status="apologies"),
         ("sent apologies and no report. Ask it",), ("Make sure it sends its report",), ("neither came",)),
    Told(Meetings.ATTENDANCE, DutyState.AGENCY_APOLOGISED, absence(status="apologies"),
         ("Your agency had to be at the meeting. It sent apologies and no report.",), role=REPRESENTATIVE),
    Told(Meetings.ATTENDANCE, DutyState.PRACTICE_SILENT, absence(agency="general_practice"),
         ("try another way to the facts on health",), ("has not answered our letters",), ("neither came",)),
    Told(Meetings.ATTENDANCE, DutyState.PRACTICE_SILENT, absence(agency="general_practice"),
         ("have had no answer",), role=REPRESENTATIVE),
    Told(Meetings.ATTENDANCE, DutyState.AGENCY_APOLOGISED, absence(agency="general_practice", status="apologies"),
         ("sent apologies and no report",)),
    Told(Events.EVENT_REVIEW, None, event("recall"), ("If a meeting has discussed it since, you need do nothing.",),
         never=("is planned for", "has died")),
    Told(Events.EVENT_REVIEW, DutyState.MEETING_PLANNED, event("recall", meeting(AHEAD)),
         (*PLANNED, "whether the event can wait for that meeting"), (*PLANNED, "Make sure the event is on its agenda"),
         ("whether a meeting is needed",)),
    Told(Events.EVENT_REVIEW, DutyState.PERSON_DIED, event("death", meeting(AHEAD)), ("The person has died.",),
         ("The person has died, and nobody",), ("meeting", "the risk")),
    *at_the_end(Events.RETURN_DUE, "Record on the last day of the leave",
                "Find out where the person is, then record it", "nobody has recorded that the person is back"),
    *at_the_end(Orders.ORDER_END, "Decide whether to apply for another", "The order has ended. Record what was decided",
                "nobody has decided what comes after it", order(LATER)),
    Told(Orders.ORDER_END, None, order(LATER, LATER), ("Decide whether to apply for another",)),
    Told(Orders.ORDER_END, None, order(LATER, None, kinds=("shpo", "sexual_risk_order")), ("Decide whether to apply",)),
    Told(Orders.ORDER_END, DutyState.ORDER_FOLLOWED, order(LATER, date(2031, 3, 30)),
         ("Another order of the same kind is on record.",), ("Another order of the same kind is on record.",),
         ("apply for another",)),
    Told(Orders.ORDER_END, DutyState.ORDER_FOLLOWED, order(YESTERDAY, None), ("Another order of the same kind",),
         due_on=YESTERDAY),
    *at_the_end(Orders.NOTIFICATION_REVIEW, "From this day the person may ask",
                "Record what the Superintendent decided", "Make sure somebody records what the Superintendent decided"),
    *at_the_end(Endings.END_OF_SENTENCE_CHECK, "notification period ends. Check", "period has ended. Check what",
                "has ended, and nobody has decided what becomes of the case"),
]  # fmt: skip


def read(record: Record, told: Told, kind: MessageKind, role: str) -> tuple[str, str]:
    """Return both texts of the e-mail that asks a role for a duty."""

    def add(session: Session, case: Case) -> None:
        on = at_meetings.owed(session, case, told.kind.value, told.put(session, case), due_on=told.due_on)
        _, prompt = at_meetings.letter(session, "m1", kind, on, "due", to="cora@mappa.example", role=role)
        prompt.due_on, prompt.rung_on, prompt.weight = told.due_on, TODAY, Weight.REMINDER.value

    plain, html = both(sent(record, add))
    return one_line(plain), html


@pytest.mark.parametrize("told", STATES, ids=lambda told: f"{told.kind.value}: {told.state or 'plain'}, {told.role}")
def test_its_owner_is_asked_for_what_is_right_now(sqlite_record: Record, told: Told) -> None:
    for text in read(sqlite_record, told, MessageKind.DIGEST, told.role):
        assert [words for words in told.owner if words not in text] == []
        assert [words for words in told.never if words in text] == []


@pytest.mark.parametrize(
    "told", [one for one in STATES if one.above], ids=lambda told: f"{told.kind.value}: {told.state}"
)
def test_those_above_are_told_how_it_stands(sqlite_record: Record, told: Told) -> None:
    for text in read(sqlite_record, told, MessageKind.ESCALATION, "chair"):
        assert [words for words in told.above if words not in text] == []
        assert [words for words in told.never if words in text] == []


def test_every_state_of_every_kind_is_read_here_by_owner_and_above() -> None:
    known = {(kind, state) for kind in KINDS for state in kind.spec.by_state}
    assert {(one.kind, one.state) for one in STATES if one.state} == known
    assert {(one.kind, one.state) for one in STATES if one.state and one.above} >= known - {
        (Screening.RESUBMISSION, DutyState.REFERRAL_BEGUN),
        (Meetings.MEETING, DutyState.READER_CHAIRS),
        (Meetings.MEETING, DutyState.READER_WRITES),
    }
    assert {one.kind for one in STATES if one.state is None} == {kind for kind, _ in known}


def test_the_words_of_every_other_kind_hold_in_every_state() -> None:
    assert {kind for kind in KINDS if not kind.spec.by_state} == set(ALWAYS_RIGHT)
