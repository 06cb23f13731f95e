"""What of a person is erased and what stays, column by column: every text and every list or form that people fill in.

What stays is what figures are counted from: references, areas, agencies, kinds, states, days and numbers; who did it in
the words of the trail; and the addresses that prompts went to, which are those of professionals. Columns of other types
(days, numbers, yes or no) are not named and stay, but for the date of birth.
"""

from datetime import date
from enum import Enum
from typing import Any

from models.assurance import AssuranceRun
from models.audit import AuditChain, AuditEntry
from models.audit_seals import AuditSeal
from models.base import Base
from models.board_business import AgendaItem, BoardAction
from models.board_meetings import BoardInvitation, BoardMeeting
from models.cases import Case, CaseNumber, CaseReader, Draft, Fact, Problem
from models.clock_mark import ClockMark
from models.desk import ApiToken, CalendarFeed, DeskSession, SignInCode
from models.directory import BankHoliday, CalendarVersion, DirectoryEntry
from models.disclosures import Disclosure
from models.domain_events import HandledEvent
from models.events import CustodyEvent
from models.hand_overs import HandOver
from models.meetings import Absence, Action, Meeting, MinutesVersion, Participant
from models.merges import Merge
from models.obligations import Message, Prompt, Timescale
from models.offences import Offence
from models.orders import CourtOrder
from models.pauses import Pause
from models.people import Person, Sentence
from models.plans import ContactChange, PlanVersion
from models.publications import Publication
from models.referrals import LevelSpell, Referral
from models.registrations import Population, Registration, ReportedEvent, Spell
from models.replies import CarriedMessage, Mailbox, MeetingAnswer, ReceivedMail, ReturnedAddress
from models.row_checks import RowCheck
from models.row_seals import RowNote, RowSeal, RowSum
from models.take_on import TakeOn
from models.training import Training
from models.transfers import AreaTransfer


class Fate(Enum):
    """What becomes of a column that is not simply replaced. ``APART``: ``casework.erasure.erase`` knows by what."""

    KEPT = 1
    APART = 2


KEPT, APART = Fate.KEPT, Fate.APART
WORD = "erased"
"""Stands for a text that was there; where there was none, there is none."""
NO_BIRTHDAY = date(1900, 1, 1)

MANAGERS: dict[str, Any] = {
    "offender_manager": None,
    "offender_manager_email": None,
    "line_manager_email": None,
    "police_offender_manager": None,
    "police_offender_manager_email": None,
}
PLACE_IN_THE_SERVICE: dict[str, Any] = dict.fromkeys(
    ("area", "unit", "lead_agency", "location", "prison", "rosh_level"), KEPT
)

COLUMNS: dict[type[Base], dict[str, Any]] = {
    Person: {
        "crn": APART,
        "noms_number": None,
        "pnc_number": None,
        "surname": WORD,
        "forenames": WORD,
        "date_of_birth": NO_BIRTHDAY,
        "sex": KEPT,
    },
    Sentence: MANAGERS
    | PLACE_IN_THE_SERVICE
    | {
        "identifying_agency": KEPT,
        "offence_code": KEPT,
        "offence_description": None,
        "offence_date_key": KEPT,
        "disposal": KEPT,
        "as_told": None,
        "outcome": KEPT,
        "outcome_reason": WORD,
        "questions": None,
        "decisions": None,
        "withdrawn_because": WORD,
    },
    Case: MANAGERS
    | PLACE_IN_THE_SERVICE
    | {
        "reference": KEPT,
        "circumstances": None,
        "holds": KEPT,
        "category_history": KEPT,
        "categories": KEPT,
        "stage": KEPT,
        "closed_reason": APART,
    },
    Fact: {"kind": KEPT, "recorded_by": KEPT, "data": {}},
    Draft: {
        "crn": APART,
        "kind": KEPT,
        "data": {},
        "reasons": [],
        "kept_by": KEPT,
        "ticket": KEPT,
        "owner": KEPT,
        "outcome": None,
        "aside": None,
        "as_typed": None,
    },
    CaseReader: {"email": KEPT},
    HandledEvent: {"event_id": KEPT, "kind": KEPT, "outcome": KEPT, "note": WORD},
    Problem: {"stage": KEPT, "subject": KEPT, "kind": KEPT, "reason": WORD, "answered_by": KEPT},
    Referral: {
        "referred_by": WORD,
        "referrer_email": None,
        "missing": [],
        "decision": KEPT,
        "screening": None,
        "data": {},
    },
    LevelSpell: {"reason": WORD, "decided_by": WORD},
    Meeting: {
        "uid": KEPT,
        "state": KEPT,
        "place": WORD,
        "chair_name": WORD,
        "chair_email": None,
        "papers": [],
        "cancelled_reason": WORD,
        "basis": KEPT,
        "case_then": None,
        "record": None,
    },
    Participant: {
        "agency": KEPT,
        "name": WORD,
        "role": WORD,
        "email": None,
        "stands_in_for": KEPT,
        "reason": WORD,
        "status": KEPT,
        "grade": KEPT,
        "grade_reason": WORD,
        "report": WORD,
    },
    MeetingAnswer: {"email": KEPT, "answer": KEPT},
    Absence: {
        "agency": KEPT,
        "status": KEPT,
        "contact_name": WORD,
        "contact_email": None,
        "history": [],
        "settled_by": KEPT,
        "withdrawn_because": KEPT,
    },
    Action: {
        "text": WORD,
        "agency": KEPT,
        "owner_name": WORD,
        "owner_email": None,
        "delegation": WORD,
        "state": KEPT,
        "outcome": WORD,
        "plan_effect": WORD,
        "not_done_reason": WORD,
        "accepted_by": WORD,
    },
    MinutesVersion: {"state": KEPT, "written_by": WORD, "approved_by": WORD, "text": WORD, "html": WORD},
    Disclosure: {
        "state": KEPT,
        "reason": WORD,
        "to_whom": WORD,
        "what": WORD,
        "how": WORD,
        "agency": KEPT,
        "discloser_name": WORD,
        "discloser_email": None,
        "proposed_by": WORD,
        "approved_by": WORD,
        "outcome": WORD,
        "undertaking": WORD,
        "not_made_reason": WORD,
    },
    PlanVersion: {"written_by": WORD, "agency": KEPT, "differs_because": WORD, "content": {}},
    ContactChange: {"person": WORD, "what": KEPT, "now_called": WORD, "note": WORD},
    CustodyEvent: {"kind": KEPT, "data": {}},
    Registration: dict.fromkeys(("area", "unit", "lead_agency", "location", "flags"), KEPT)
    | {"withdrawn_because": WORD},
    Spell: dict.fromkeys(("area", "unit", "lead_agency", "location", "categories"), KEPT),
    ReportedEvent: {"area": KEPT, "unit": KEPT, "kind": KEPT, "detail": None},
    Merge: {"moved": KEPT, "before": {}},
    CourtOrder: {"kind": KEPT, "court": WORD, "conditions": WORD, "breaches": KEPT},
    AreaTransfer: {
        "from_area": KEPT,
        "to_area": KEPT,
        "receiver_name": WORD,
        "receiver_email": WORD,
        "proposed_by": WORD,
        "reason": WORD,
        "answered_by": WORD,
        "decision": KEPT,
        "answer_reason": WORD,
    },
    Timescale: {
        "kind": KEPT,
        "subject": KEPT,
        "label": KEPT,
        "owner_role": KEPT,
        "owner_agency": KEPT,
        "state": KEPT,
        "reason": KEPT,
        "ladder": KEPT,
        "named": None,
        "policy_version": KEPT,
        "calendar_version": KEPT,
    },
    Pause: {
        "way": KEPT,
        "reason": WORD,
        "authority": WORD,
        "paused_by": WORD,
        "paused_by_email": WORD,
        "ended_because": KEPT,
    },
    Prompt: dict.fromkeys(
        (
            "rung",
            "weight",
            "recipient",
            "first_recipient",
            "recipient_role",
            "stands_in_for",
            "withdrawn",
            "message_id",
        ),
        KEPT,
    ),
    Message: dict.fromkeys(
        ("id", "kind", "area", "recipient", "subject", "gather_key", "header_id", "state", "reason", "claimed_by"), KEPT
    )
    | {"recipient_name": None},
    AuditEntry: dict.fromkeys(("chain", "actor", "action", "subject", "hash", "key_id"), KEPT)
    | {"before": APART, "after": APART},
}

OF_NOBODY: frozenset[type[Base]] = frozenset(
    {
        ApiToken,
        CalendarFeed,
        AssuranceRun,
        AuditSeal,
        AuditChain,
        AgendaItem,
        BankHoliday,
        BoardAction,
        BoardInvitation,
        BoardMeeting,
        CalendarVersion,
        CarriedMessage,
        ClockMark,
        CaseNumber,
        DeskSession,
        DirectoryEntry,
        HandOver,
        Mailbox,
        Offence,
        Population,
        Publication,
        ReceivedMail,
        ReturnedAddress,
        RowCheck,
        RowNote,
        RowSeal,
        RowSum,
        SignInCode,
        TakeOn,
        Training,
    }
)
"""Tables of which no row belongs to a person in a case: the directory holds the professionals."""
