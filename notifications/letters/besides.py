"""What a gathered message says besides its prompts: what is of no case, so that no duty and no ladder can carry it.

The coordinator and the SMB Chair hear of overdue actions of the board; a line manager of officers with more cases than
the policy allows (joint inspection 2015, 6.29). It is one line of an e-mail that goes anyway, never an e-mail more.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from models.board_business import BoardAction, overdue
from models.caseloads import MANAGERS, Caseload, caseloads_of
from models.cases import Case
from models.record import policies
from notifications.claim import Claim
from notifications.letters.lines import PromptLine
from notifications.recipients import directory_of
from policy.addresses import normal
from policy.agencies import Agency
from policy.letters import MessageKind
from policy.roles import Role
from policy.words import counted, listed, near_date

OF_THE_BOARD = (Role.COORDINATOR, Role.SMB_CHAIR)
LISTS = (MessageKind.DIGEST, MessageKind.STUCK_LIST)
CHASES = (MessageKind.DIGEST, MessageKind.ESCALATION)
LISTED_BY = "The MAPPA unit can list them with mappa board-actions --overdue"


def besides(session: Session, claim: Claim, lines: Sequence[PromptLine], on: date) -> tuple[str, ...]:
    """Return what a gathered message says besides, a sentence or two each; nothing of most."""
    roles = {line.recipient_role for line in lines}
    told = []
    if claim.kind in LISTS and roles.intersection(OF_THE_BOARD):
        late = overdue_actions(session, claim.area, on)
        told.append(f"{late} {LISTED_BY}" if late else "")
    if claim.kind in CHASES and Role.LINE_MANAGER in roles:
        told.append(caseload_warnings(session, claim.area, on).get(normal(claim.recipient), ""))
    return tuple(one for one in told if one)


def overdue_actions(session: Session, area: str, on: date) -> str:
    """Return how many actions of the board of an area are overdue on a day; "" where none is."""
    query = select(func.count(), func.min(BoardAction.due_on)).where(BoardAction.area == area, overdue(on))
    number, since = session.execute(query).one()
    if not number:
        return ""
    oldest = "it was due" if number == 1 else "the oldest was due"
    what = f"{counted(number, 'action')} of the board {'is' if number == 1 else 'are'} overdue"
    return f"{what}: {oldest} on {near_date(since, on)}."


def caseload_warnings(session: Session, area: str, on: date) -> Mapping[str, str]:
    """Return what each line manager of an area is told of caseloads above the policy, by address; once a session."""
    known: dict[tuple[str, date], dict[str, str]] = session.info.setdefault("caseload warnings", {})
    if (area, on) not in known:
        found: dict[str, dict[str, str]] = defaultdict(dict)
        for role, limit in policies(session).for_area(area, on).board.cases_per_officer.items():
            for officer in caseloads_of(session, area, role) if role in MANAGERS else ():
                if officer.cases > limit:
                    for manager in managers_of(session, area, role, officer, on):
                        found[manager][f"{officer.name or officer.email} ({officer.cases:,}; at most {limit:,})"] = ""
        known[area, on] = {manager: warning(list(told)) for manager, told in found.items()}
    return known[area, on]


def managers_of(session: Session, area: str, role: Role, officer: Caseload, on: date) -> Iterator[str]:
    """Yield the address of each line manager of an officer: by their cases, else by the directory."""
    directory = directory_of(session, area, on)
    query = (
        select(Case)
        .where(Case.area == area, Case.closed_on.is_(None), func.lower(MANAGERS[role][0]) == officer.email)
        .order_by(Case.id)
    )
    for case in session.scalars(query):
        agency = Agency.POLICE if role == Role.POLICE_OFFENDER_MANAGER else case.lead_agency
        if (holder := directory.holder(case, Role.LINE_MANAGER, agency)) is not None:
            yield normal(holder[0])


def warning(officers: Sequence[str]) -> str:
    """Return whose caseload is above the policy, in a sentence."""
    return f"More open cases than the policy allows: {listed(officers)}. Please see who can take some over."
