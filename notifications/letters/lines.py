"""One prompt as a message shows it."""

from dataclasses import dataclass
from datetime import date, datetime

from notifications.letters.subjects import is_attended
from policy.announcements import announcement_of
from policy.subjects import THE_CASE, Subject


@dataclass(frozen=True, slots=True)
class PromptLine:
    """One prompt as a message shows it. ``late_by_days``: calendar days after the day its rung was to go out.

    ``held_until``: a pause kept it until that day. ``subject`` is what its timescale is about. ``recipient`` is the
    address it was raised for, whatever address the message was given since. ``away``, ``away_email``, ``away_until``:
    who has handed their duties to the reader, and until when. ``state``: where its duty stands, and ``told``: what to
    say of that. ``duty``: what an escalation says of whose it is and who was asked; ``own``: it is the reader's.
    ``restricted``: nothing is said of its case by e-mail but that there is one. ``level``: that of its case.
    """

    kind: str
    reference: str
    due_on: date
    rung: str
    rung_on: date
    late_by_days: int
    weight: str
    recipient_role: str
    stands_in_for: str | None
    timescale_id: int
    revision: int
    label: str | None = None
    subject: Subject = THE_CASE
    recipient: str = ""
    raised_at: datetime | None = None
    held_until: date | None = None
    away: str = ""
    away_email: str = ""
    away_until: date | None = None
    state: str = ""
    told: str = ""
    duty: tuple[str, ...] = ()
    own: bool = False
    restricted: bool = False
    level: int | None = None

    @property
    def informs(self) -> bool:
        """Tell whether the prompt only informs, of a new case or of final minutes: its reader has nothing to do."""
        announced = announcement_of(self.rung)
        return announced is not None and announced.spec.informs

    @property
    def attends(self) -> bool:
        """Tell whether the reader is to come to a meeting on the day it names: nothing of theirs is due."""
        return is_attended(self.kind, self.audience) and not self.informs

    @property
    def audience(self) -> str:
        """Return the role it was meant for: the recipient's own, or that of whom they stand in for."""
        return self.stands_in_for or self.recipient_role
