"""The record: SQLAlchemy tables, one file an aggregate; engine and session.

Importing this package makes every table known to the metadata.
"""

from models.assurance import AssuranceRun
from models.audit import AuditChain, AuditEntry
from models.audit_seals import AuditSeal
from models.base import Base
from models.board_business import AgendaItem, BoardAction
from models.board_meetings import BoardInvitation, BoardMeeting
from models.cases import Case, CaseNumber, CaseReader, Draft, Fact, Problem
from models.clock_mark import ClockMark
from models.desk import DeskSession, SignInCode
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

__all__ = [
    "Absence",
    "Action",
    "AgendaItem",
    "AreaTransfer",
    "AssuranceRun",
    "AuditChain",
    "AuditEntry",
    "AuditSeal",
    "BankHoliday",
    "Base",
    "BoardAction",
    "BoardInvitation",
    "BoardMeeting",
    "CalendarVersion",
    "CarriedMessage",
    "Case",
    "CaseNumber",
    "CaseReader",
    "ClockMark",
    "ContactChange",
    "CourtOrder",
    "CustodyEvent",
    "DeskSession",
    "DirectoryEntry",
    "Disclosure",
    "Draft",
    "Fact",
    "HandOver",
    "HandledEvent",
    "LevelSpell",
    "Mailbox",
    "Meeting",
    "MeetingAnswer",
    "Merge",
    "Message",
    "MinutesVersion",
    "Offence",
    "Participant",
    "Pause",
    "Person",
    "PlanVersion",
    "Population",
    "Problem",
    "Prompt",
    "Publication",
    "ReceivedMail",
    "Referral",
    "Registration",
    "ReportedEvent",
    "ReturnedAddress",
    "RowCheck",
    "RowNote",
    "RowSeal",
    "RowSum",
    "Sentence",
    "SignInCode",
    "Spell",
    "TakeOn",
    "Timescale",
    "Training",
]
