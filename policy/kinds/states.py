"""Where a duty stands in the record when a message speaks of it, and the words that are right then."""

from enum import StrEnum

from pydantic import Field

from policy.roles import Role
from policy.specs import Spec, Text


class DutyState(StrEnum):
    """Where a duty stands in the record when a message speaks of it, and other words are right."""

    DAY_PASSED = "day passed"
    MEETING_UNRECORDED = "meeting unrecorded"
    MEETING_PLANNED = "meeting planned"
    MINUTES_DRAFTED = "minutes drafted"
    MINUTES_APPROVED = "minutes approved"
    MINUTES_NOT_FINAL = "minutes not final"
    REFERRAL_BEGUN = "referral begun"
    REFERRAL_SENT_BACK = "referral sent back"
    REFERRAL_IN_SCREENING = "referral in screening"
    AGENCY_NOT_INVITED = "agency not invited"
    AGENCY_ANSWERED = "agency answered"
    PRACTICE_SILENT = "practice silent"
    AGENCY_APOLOGISED = "agency apologised"
    READER_CHAIRS = "reader chairs"
    READER_WRITES = "reader writes"
    PERSON_DIED = "person died"
    ORDER_FOLLOWED = "order followed"


class StateWords(Spec):
    """Words for a duty in one state.

    ``to_do``: what its owner is asked. ``chase``: what those above are asked. ``for_role``: what is asked of a role
    that the kind has words of its own for, where the state changes that too.
    """

    to_do: Text
    chase: Text
    for_role: dict[Role, Text] = Field(default_factory=dict)


MEETING_UNRECORDED = StateWords(
    name="meeting unrecorded",
    to_do="Record the meeting. If it did not take place, move it, or cancel it and plan another.",
    chase="Nobody has recorded it. Make sure the meeting is recorded, or moved if it did not take place.",
)
MEETING_PLANNED = StateWords(
    name="meeting planned",
    to_do="Hold the meeting, then record it.",
    chase="It has not been held yet. Make sure the meeting takes place.",
)
REFERRAL_BEGUN = StateWords(
    name="referral begun",
    to_do="Somebody has begun the referral (MAPPA A), and it is kept as a draft. Complete it, ask your line manager to "
    "countersign it, then send it to the MAPPA coordinator.",
    chase="Somebody has begun the referral (MAPPA A), and it is kept as a draft. Make sure the offender manager "
    "completes it, or tells the MAPPA coordinator what is in the way.",
)
OF_A_MEETING = {DutyState.MEETING_UNRECORDED: MEETING_UNRECORDED, DutyState.MEETING_PLANNED: MEETING_PLANNED}
"""Of what a meeting answers: one that is past comes before one that is planned."""
