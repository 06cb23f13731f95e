"""The record: SQLAlchemy tables, one file an aggregate; engine and session.

Importing this package makes every table known to the metadata.
"""

from models.audit import AuditChain, AuditEntry
from models.base import Base
from models.cases import Case, CaseNumber, Fact, Problem
from models.directory import BankHoliday, CalendarVersion, DirectoryEntry
from models.obligations import Message, Prompt, Timescale
from models.people import Offence, Person, Sentence

__all__ = [
    "AuditChain",
    "AuditEntry",
    "BankHoliday",
    "Base",
    "CalendarVersion",
    "Case",
    "CaseNumber",
    "DirectoryEntry",
    "Fact",
    "Message",
    "Offence",
    "Person",
    "Problem",
    "Prompt",
    "Sentence",
    "Timescale",
]
