"""Where a letter is read from: the timescale its prompt was raised on, the case, and what its area allows."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session, joinedload

from models.cases import Case
from models.meetings import Meeting
from models.record import policies
from notifications.claim import Claim
from notifications.letters.lines import PromptLine
from notifications.recipients import directory_of
from policy.agencies import Agency
from policy.numbers import Policy
from policy.roles import Role


@dataclass(frozen=True, slots=True)
class Source:
    """A message to be written, and the record as it stands now. ``on`` is the day of sending, Europe/London."""

    session: Session
    claim: Claim
    lines: Sequence[PromptLine]
    on: date

    @property
    def line(self) -> PromptLine:
        """Return the one prompt of a letter about one thing."""
        return self.lines[0]

    @property
    def policy(self) -> Policy:
        """Return the policy in force for the area."""
        return policies(self.session).for_area(self.claim.area, self.on)

    @property
    def details(self) -> bool:
        """Tell whether the area lets e-mail carry what people wrote."""
        return self.policy.messages.details_in_bodies

    def meeting(self) -> Meeting:
        """Return the meeting the timescale is about."""
        meeting_id = self.line.subject.row_id
        # Held on to, as a session forgets what nobody holds: all who are invited would each read it anew. What is
        # held is read again after each commit.
        held: dict[int, Meeting] = self.session.info.setdefault("meetings", {})
        if meeting_id not in held:
            held[meeting_id] = self.session.get_one(Meeting, meeting_id, options=[joinedload(Meeting.case)])
        return held[meeting_id]

    def answer_to(self, case: Case) -> str:
        """Return the address of the MAPPA coordinator, since replies to the message itself reach nobody."""
        found = directory_of(self.session, case.area, self.on).holder(case, Role.COORDINATOR, Agency.MAPPA_UNIT)
        return found[0] if found else ""


def one_line(text: str) -> str:
    """Return what somebody wrote as one line, so that it stays inside its place in a plain text."""
    return " ".join(text.split())
