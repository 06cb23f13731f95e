"""The end of a pause: whoever paused a duty and the coordinator hear of it, and the ladder goes on."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from models.pauses import Pause
from notifications.prompts.raising import Addresses, Raised, addressed
from notifications.recipients import Recipient
from policy.announcements import Announcement
from policy.vocabulary import Weight

ITS_END_CAME = "its last day came"


@dataclass(frozen=True, slots=True)
class Paused:
    """The latest pause of a timescale. ``over_on``: the day on which it was over, or is to be."""

    pause_id: int
    over_on: date
    by: str
    by_email: str | None


def pauses_of(session: Session, timescale_ids: Sequence[int]) -> dict[int, Paused]:
    """Return the latest pause of each of these timescales that had one."""
    query = select(Pause).where(Pause.timescale_id.in_(timescale_ids)).order_by(Pause.id)
    return {
        pause.timescale_id: Paused(pause.id, pause.ended_on or pause.until, pause.paused_by, pause.paused_by_email)
        for pause in session.scalars(query)
    }


def told_of_the_end(row: Any, paused: Paused, addresses: Addresses) -> list[Raised]:
    """Return what whoever paused it and the coordinator are told when a pause ends; once for each pause."""
    told, rung = Announcement.RESUMED.spec, f"{Announcement.RESUMED} {paused.pause_id}"
    weight, message = Weight.REMINDER.value, told.letter.value
    roles = [told.to.value] if paused.by_email else [row.owner_role, told.to.value]
    found = addressed(row, rung, addresses.today, roles, weight, message, addresses)
    if paused.by_email and all(one.email != paused.by_email for one in found):
        who = Recipient(paused.by_email, paused.by, row.owner_role)
        found.append(Raised(row, rung, addresses.today, weight, message, who, row.owner_role, 0))
    return found


def end_pauses(session: Session, timescale_ids: Sequence[int], today: date) -> None:
    """Write down that the pauses of timescales that go on are over."""
    if timescale_ids:
        session.execute(
            update(Pause)
            .where(Pause.timescale_id.in_(timescale_ids), Pause.ended_on.is_(None))
            .values(ended_on=today, ended_because=ITS_END_CAME),
            execution_options={"synchronize_session": False},
        )
