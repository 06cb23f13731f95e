"""One rung raised to one recipient: who gets it, and how it is written down."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from models.audit import Change
from models.base import table_of
from models.bulk import insert_many
from models.cases import Case
from models.hand_overs import deputies_on
from models.obligations import Prompt, Timescale
from models.record import policies
from notifications.recipients import Directory, Recipient, or_colleague
from policy.book import PolicyError
from policy.roles import Role, role_and_agency

ACTOR = "prompts"


@dataclass(slots=True)
class Raised:
    """One rung raised to one recipient, not yet written."""

    row: Any
    rung: str
    rung_on: date
    weight: str
    message: str
    recipient: Recipient | None
    role: str
    late_by_days: int
    message_id: str = ""

    @property
    def email(self) -> str:
        """The address, "" where there is nobody."""
        return self.recipient.email if self.recipient else ""


class Addresses:
    """Whom the prompts of one batch go to: the directory of the day, and the line above each role."""

    def __init__(self, session: Session, areas: set[str], today: date) -> None:
        """Read the directory of these areas as it holds on the day."""
        self.directory = Directory(session, areas, today)
        self.deputies = deputies_on(session, today)
        self.today = today
        self._book = policies(session)
        self._fallbacks: dict[tuple[str, str], Mapping[Role, tuple[Role, ...]]] = {}

    def meant(self, raised: "Raised") -> str:
        """Return whom a rung was for: the address of whoever is away, where a colleague is asked instead."""
        handed = raised.recipient.hand_over if raised.recipient else None
        return raised.email if handed is None else self.deputies.away_by(handed)

    def fallback_of(self, version: str, area: str) -> Mapping[Role, tuple[Role, ...]]:
        """Return the lines of the policy a timescale was computed with.

        A policy that somebody took out of the folder must not silence what runs under it: the area's present
        one then tells who comes next.
        """
        key = (version, area)
        if key not in self._fallbacks:
            try:
                policy = self._book.version(version)
            except PolicyError:
                policy = self._book.for_area(area, self.today)
            self._fallbacks[key] = policy.fallback
        return self._fallbacks[key]


# Plain columns of the tables: a sweep reads ten thousand rows, and entities would double its time.
TIMESCALES, CASES = table_of(Timescale), table_of(Case)
OF_THE_TIMESCALE = (
    "id",
    "case_id",
    "kind",
    "label",
    "revision",
    "due_on",
    "owner_role",
    "owner_agency",
    "state",
    "next_rung",
    "stuck_since",
    "ladder",
    "named",
    "policy_version",
)
OF_THE_CASE = (
    "reference",
    "area",
    "unit",
    "lead_agency",
    "prison",
    "restricted",
    "offender_manager",
    "offender_manager_email",
    "line_manager_email",
    "police_offender_manager",
    "police_offender_manager_email",
)


def with_case() -> Select[Any]:
    """Return the query of timescales with what their case says about recipients."""
    columns = [TIMESCALES.c[name] for name in OF_THE_TIMESCALE] + [CASES.c[name] for name in OF_THE_CASE]
    return select(*columns).join_from(TIMESCALES, CASES).order_by(TIMESCALES.c.id)


def addressed(
    row: Any,
    rung: str,
    rung_on: date,
    roles: Iterable[str],
    weight: str,
    message: str,
    addresses: Addresses,
    held_until: date | None = None,
) -> list[Raised]:
    """Return one rung for each of its recipients; two roles that lead to one address make one prompt.

    A role may name its agency (``representative@approved_premises``). People whom the facts name for a role come before
    those whom case and directory know. Somebody who is away is not asked, but the colleague they handed over to.
    ``held_until``: a pause kept the rung until that day, so it is not late before.
    """
    found: dict[str, Raised] = {}
    late = max(0, (addresses.today - max(rung_on, held_until or rung_on)).days)
    agency = row.lead_agency if row.owner_agency == "lead_agency" else row.owner_agency
    fallback = addresses.fallback_of(row.policy_version, row.area)
    for role, of_agency in map(role_and_agency, roles):
        recipients: list[Recipient | None] = [
            Recipient(email, name or None, role) for email, name in (row.named or {}).get(role, ())
        ]
        for asked in recipients or [addresses.directory.resolve(row, role, of_agency or agency, fallback)]:
            recipient = or_colleague(asked, row.area, addresses.deputies)
            raised = Raised(row, rung, rung_on, weight, message, recipient, role, late)
            found.setdefault(raised.email, raised)
    return list(found.values())


def write_prompts(session: Session, raised: Sequence[Raised], as_at: datetime) -> None:
    """Write the prompts."""
    rows = [
        {
            "timescale_id": p.row.id,
            "revision": p.row.revision,
            "rung": p.rung,
            "rung_on": p.rung_on,
            "due_on": p.row.due_on,
            "weight": p.weight,
            "recipient": p.email,
            "recipient_role": p.recipient.role if p.recipient else p.role,
            "stands_in_for": p.recipient.stands_in_for if p.recipient else None,
            "hand_over_id": p.recipient.hand_over if p.recipient else None,
            "raised_at": as_at,
            "late_by_days": p.late_by_days,
            "message_id": p.message_id,
        }
        for p in raised
    ]
    insert_many(session, Prompt, rows)


def audit_entries(raised: Sequence[Raised]) -> list[Change]:
    """Return one audit entry a timescale: which rungs went to whom, in which message."""
    by_timescale: dict[int, tuple[Any, list[list[str]]]] = {}
    for prompt in raised:
        _, told = by_timescale.setdefault(prompt.row.id, (prompt.row, []))
        told.append([prompt.rung, prompt.email, prompt.message_id])
    return [
        Change(
            f"case/{row.case_id}",
            "prompts-raised",
            f"timescale {key}",
            after={"kind": row.kind, "revision": row.revision, "prompts": told},
        )
        for key, (row, told) in by_timescale.items()
    ]
