"""The record: SQLAlchemy tables, one file an aggregate; engine and session.

Importing this package makes every table known to the metadata.
"""

from models.assurance import AssuranceRun
from models.audit import AuditChain, AuditEntry
from models.base import Base
from models.cases import Case, CaseNumber, Draft, Fact, Problem
from models.directory import BankHoliday, CalendarVersion, DirectoryEntry
from models.meetings import Absence, Action, Meeting, MinutesVersion, Participant
from models.obligations import Message, Prompt, Timescale
from models.people import Offence, Person, Sentence
from models.referrals import LevelSpell, Referral

__all__ = [
    "Absence",
    "Action",
    "AssuranceRun",
    "AuditChain",
    "AuditEntry",
    "BankHoliday",
    "Base",
    "CalendarVersion",
    "Case",
    "CaseNumber",
    "DirectoryEntry",
    "Draft",
    "Fact",
    "LevelSpell",
    "Meeting",
    "Message",
    "MinutesVersion",
    "Offence",
    "Participant",
    "Person",
    "Problem",
    "Prompt",
    "Referral",
    "Sentence",
    "Timescale",
]
