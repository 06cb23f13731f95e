"""What a change to a case works on: the person, the open case, the moment, and who does it."""

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from sqlalchemy.orm import Session

from models.audit import Change
from models.cases import Case
from models.people import Person
from models.record import policies
from policy.calendar import london_date
from policy.numbers import Policy


@dataclass(slots=True)
class CaseChange:
    """What an applied fact works on: the person, the open case, the moment, and who records it.

    ``changes`` gathers what is to be written down in the audit trail beside the fact itself.
    """

    session: Session
    person: Person
    case: Case
    as_at: datetime
    actor: str
    changes: list[Change] = field(default_factory=list)

    @property
    def today(self) -> date:
        """Return the day of the recording, in Europe/London."""
        return london_date(self.as_at)

    @property
    def policy(self) -> Policy:
        """Return the numbers in force for the case today."""
        return policies(self.session).for_area(self.case.area, self.today)

    def note(self, action: str, subject: str, before: dict[str, Any] | None, after: dict[str, Any] | None) -> None:
        """Have a change written down in the chain of the case."""
        self.changes.append(Change(f"case/{self.case.id}", action, subject, before, after))
