"""What the record adds to the sample of each letter on the page of messages."""

from collections.abc import Callable
from datetime import UTC, date, datetime

from docs.timescales import ANCHORS, worked_through
from notifications.letters.absences import Away, HealthAsked, Missed, Tried, how_often
from notifications.letters.actions import Task, Tasks
from notifications.letters.calendars import Event
from notifications.letters.disclosures import ToBeMade
from notifications.letters.events import CHARGED, VICTIM_CONTACT, Asked, Happened, Happening
from notifications.letters.letter import Letter
from notifications.letters.meetings import (
    INVITE_FILE,
    Cancellation,
    Capacity,
    FinalMinutes,
    Invitation,
    NoLongerInvited,
    duration,
    spoken,
)
from notifications.letters.referrals import FORM, Returned, screened
from policy.book import shipped_book
from policy.events import EventKind
from policy.kinds import Events, Kind, Meetings, Plan, Screening
from policy.ladders import Step
from policy.letters import MessageKind
from policy.roles import Role
from policy.vocabulary import ScreeningDecision
from policy.words import role_name

REFERENCE, COORDINATOR = "LON-2026-000123", "coordinator@mappa.example"
MET_ON = ANCHORS["meeting_date"]
MET_AT = datetime(2026, 10, 14, 9, tzinfo=UTC)


def steps_of(kind: Kind) -> tuple[date, tuple[Step, ...]]:
    """Return the due date and the rungs of a kind in the example."""
    policy = shipped_book().policies[0]
    return worked_through(kind, policy.timescales[kind], policy)


def sample_returned() -> Letter:
    """Return a referral that came in incomplete."""
    missing = ("Risk of serious harm, imminence: how soon, and what would bring it on",
               "Agencies, number 1 (housing): name, contact")  # fmt: skip
    due = steps_of(Screening.RESUBMISSION)[0]
    return Letter(Returned(REFERENCE, ANCHORS["referral_received"], False, missing, due, COORDINATOR), enclosed=FORM)


def sample_outcome() -> Letter:
    """Return a referral that was accepted at level 2."""
    form = {
        "eligible": {"answer": "yes", "reason": "not told"},
        "need": {"answer": "yes", "reason": "not told"},
        "took_part": [{"agency": "mappa_unit"}, {"agency": "police"}],
        "thresholds": {"high_risk": True},
        "reason": "not told",
    }
    days = ANCHORS["referral_received"], ANCHORS["acceptance"]
    return Letter(
        screened(REFERENCE, days, 2, ScreeningDecision.LEVEL_2, form, shipped_book().policies[0], details=False)
    )


def sample_invitation(general_practice: bool = False) -> Letter:
    """Return an invitation to a meeting at level 2."""
    housing = Capacity("housing", role_name(Role.REPRESENTATIVE), "asked for in the referral", "")
    practice = Capacity("general practice", role_name(Role.REPRESENTATIVE),
                        "facts on health are needed from the general practice", "")  # fmt: skip
    content = Invitation(
        reference=REFERENCE,
        number=1,
        level=2,
        when=spoken(MET_AT, 60),
        lasts=duration(60),
        place="Civic Centre, room 3",
        chair="",
        capacities=(practice if general_practice else housing,),
        changed=False,
        chairs=False,
        general_practice=general_practice,
        paper_count=0 if general_practice else 2,
        papers=None,
        answer_to=COORDINATOR,
    )
    event = Event("REQUEST", "sample", 0, MET_AT, MET_AT, 60, "Civic Centre, room 3", REFERENCE, 2)
    return Letter(content, enclosed=INVITE_FILE, event=event)


def sample_cancellation() -> Letter:
    """Return a meeting that does not take place."""
    return Letter(Cancellation(REFERENCE, 1, 2, spoken(MET_AT, 60), None))


def sample_no_longer_invited() -> Letter:
    """Return a meeting that takes place without its reader."""
    return Letter(NoLongerInvited(REFERENCE, 1, 2, spoken(MET_AT, 60), COORDINATOR))


def sample_actions() -> Letter:
    """Return one action."""
    return Letter(Tasks((Task(REFERENCE, 1, 3, "police", ANCHORS["own_date"], 1, MET_ON, None),), told=False))


def sample_minutes() -> Letter:
    """Return minutes that are final."""
    return Letter(FinalMinutes(REFERENCE, 1, MET_ON, 2, steps_of(Meetings.MINUTES)[0], attached=False))


def sample_away() -> Letter:
    """Return an agency that stayed away, with what was tried on the ladder and by a person."""
    due, steps = steps_of(Meetings.ATTENDANCE)
    tried = [Tried(step.on, f"e-mail to the {role_name(step.to[0])}", 1, "sent") for step in steps[:-1]]
    asked = Tried(steps[0].on, "the Chair asked the agency representative", 1, "promised a report")
    return Letter(
        Away(
            reference=REFERENCE,
            agency="housing",
            required_for="asked for in the referral",
            number=1,
            how_often=how_often(1),
            missed=(Missed(1, MET_ON, 2, "absent without apologies", ""),),
            tried=(tried[0], asked, *tried[1:]),
            due_on=due,
            overdue=True,
            for_smb_chair=True,
            also_to="",
            untold=True,
            answer_to=COORDINATOR,
        )
    )


def sample_health() -> Letter:
    """Return a general practice that is asked for the first time."""
    return Letter(HealthAsked(REFERENCE, MET_ON, steps_of(Meetings.ATTENDANCE)[0], None, COORDINATOR))


def sample_disclosure() -> Letter:
    """Return a disclosure that has been approved."""
    due, proposed_on = steps_of(Plan.DISCLOSURE)[0], ANCHORS["proposal_date"]
    return Letter(ToBeMade(REFERENCE, 1, "police", due, proposed_on, None, "", "", COORDINATOR))


def sample_recall() -> Letter:
    """Return a recall, as the offender manager hears of it."""
    [owner, *_] = shipped_book().policies[0].concerns[EventKind.RECALL]
    return happened(EventKind.RECALL.spec.happened, owner.changes, asked_of(Events.EVENT_REVIEW))


def sample_for_chair() -> Letter:
    """Return the same recall, as the Chair hears of it: nothing is asked."""
    rows = shipped_book().policies[0].concerns[EventKind.RECALL]
    changes = next(row.changes for row in rows if row.role == Role.CHAIR)
    return happened(EventKind.RECALL.spec.happened, changes)


def sample_for_victim() -> Letter:
    """Return the same recall, as the victim liaison officer hears of it."""
    asked = asked_of(Events.VICTIM_UPDATE)
    return happened(EventKind.RECALL.spec.happened, VICTIM_CONTACT, asked)


def sample_charge() -> Letter:
    """Return a serious further offence, as the coordinator hears of it."""
    return happened(CHARGED, "", asked_of(Events.CASE_REVIEW), which="")


def asked_of(kind: Kind) -> Asked:
    """Return what is asked of whoever owes a duty of a kind."""
    return Asked(kind.spec.to_do, steps_of(kind)[0])


def happened(what: str, changes: str, *asked: Asked, which: str = "event 1") -> Letter:
    """Return what happened on the day of the example."""
    return Letter(Happened(REFERENCE, (Happening(what, ANCHORS["event_date"], which, None, None, changes),), asked))


SAMPLES: dict[MessageKind, Callable[[], Letter]] = {
    MessageKind.REFERRAL_RETURNED: sample_returned,
    MessageKind.SCREENING_OUTCOME: sample_outcome,
    MessageKind.INVITATION: sample_invitation,
    MessageKind.CANCELLATION: sample_cancellation,
    MessageKind.INVITATION_TAKEN_BACK: sample_no_longer_invited,
    MessageKind.ACTIONS: sample_actions,
    MessageKind.MINUTES: sample_minutes,
    MessageKind.ATTENDANCE_LETTER: sample_away,
    MessageKind.GP_LETTER: sample_health,
    MessageKind.DISCLOSURE: sample_disclosure,
}
# A letter about an event asks something else of each reader.
EVENTS: tuple[tuple[Kind, Role, Callable[[], Letter]], ...] = (
    (Events.EVENT_REVIEW, Role.OFFENDER_MANAGER, sample_recall),
    (Events.EVENT_REVIEW, Role.CHAIR, sample_for_chair),
    (Events.VICTIM_UPDATE, Role.REPRESENTATIVE, sample_for_victim),
    (Events.CASE_REVIEW, Role.COORDINATOR, sample_charge),
)
