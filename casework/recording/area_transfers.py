"""Handing a case to another area: the sender holds it until the receiver accepts (our default)."""

import datetime
from typing import Annotated

from pydantic import Field
from sqlalchemy import func, or_, select

from casework.change import CaseChange
from casework.closing import cancel_planned
from casework.errors import RefusedError
from casework.recording.fact_type import UNIT, FactType, Group, owes
from casework.recording.forms import Email, Form, Line, Name, Reason, Section, Unit, label
from models.directory import DirectoryEntry
from models.transfers import AreaTransfer
from policy.kinds import Orders
from policy.roles import Role
from policy.texts import plain, same
from policy.vocabulary import FactKind, TransferDecision


class Manager(Section):
    """Who manages the case in the receiving area."""

    name: Annotated[Name, label("Name", "Their name.", "Omar Example")]
    email: Annotated[Email, label("E-mail address", "Where their reminders go.", "omar@probation.example")] = None


class TransferProposal(Form):
    """The area proposes to hand the case over; it goes on holding it."""

    date: Annotated[datetime.date, label("Date", "The day on which the transfer is proposed.", "2027-06-01")]
    to_area: Annotated[
        Line,
        Field(min_length=2, max_length=60),
        label(
            "Receiving area", "The MAPPA area that is to take the case, spelt as in the directory.", "West Yorkshire"
        ),
    ]
    reason: Annotated[
        Reason,
        label(
            "Reason",
            "Why the other area should take the case.",
            "He has moved to Leeds for good, and the plan's agencies are there.",
        ),
    ]
    by: Annotated[Name, label("Proposed by", "Who proposes the transfer.", "Cora Example")]


class TransferAnswer(Form):
    """The receiving area accepts or declines, or the sending area withdraws its proposal.

    Accepting names who manages the case there.
    """

    date: Annotated[datetime.date, label("Date", "The day of the decision.", "2027-06-10")]
    decision: Annotated[
        TransferDecision,
        label(
            "Decision",
            "Whether the receiving area accepts or declines, or the sending area withdraws.",
            "accepted",
        ),
    ]
    reason: Annotated[
        Reason,
        label("Reason", "Why.", "The address is verified, and an offender manager has been named."),
    ]
    by: Annotated[Name, label("Decided by", "Who decided. An area does not accept its own proposal.", "Wendy Example")]
    unit: Annotated[Unit | None, label("Unit", "The unit of the receiving area that takes the case.", "Leeds")] = None
    offender_manager: Annotated[
        Manager | None,
        label("Offender manager", "If accepted: who manages the case there. The address is needed."),
    ] = None
    line_manager_email: Annotated[
        Email,
        label(
            "Line manager's e-mail address",
            "If accepted: where reminders go that the offender manager misses.",
            "lena@probation.example",
        ),
    ] = None
    police_offender_manager: Annotated[
        Manager | None,
        label(
            "Police offender manager",
            "If accepted: who manages the case for the police there.",
            {"name": "Petra Example", "email": "petra@police.example"},
        ),
    ] = None


def open_transfer(change: CaseChange) -> AreaTransfer | None:
    """Return the proposal that waits for its answer."""
    return change.session.scalar(
        select(AreaTransfer).where(AreaTransfer.case_id == change.case.id, AreaTransfer.decision.is_(None))
    )


def coordinator_of(change: CaseChange, area: str) -> tuple[str, str | None] | None:
    """Return (address, name) of who coordinates an area today."""
    entry = change.session.scalars(
        select(DirectoryEntry)
        .where(
            DirectoryEntry.area == area,
            DirectoryEntry.role == Role.COORDINATOR,
            or_(DirectoryEntry.valid_from.is_(None), DirectoryEntry.valid_from <= change.today),
            or_(DirectoryEntry.valid_to.is_(None), DirectoryEntry.valid_to >= change.today),
        )
        .order_by(DirectoryEntry.valid_from.desc().nulls_last(), DirectoryEntry.id)
        .limit(1)
    ).first()
    return (entry.email, entry.name) if entry else None


def apply_proposal(change: CaseChange, form: TransferProposal) -> str:
    """Propose to hand the case over."""
    reasons = []
    coordinated = select(DirectoryEntry.area).where(DirectoryEntry.role == Role.COORDINATOR).distinct()
    areas = sorted(change.session.scalars(coordinated))
    to_area = next((area for area in areas if same(area, form.to_area)), form.to_area)
    if same(to_area, change.case.area):
        reasons.append(f"to_area: {to_area} has the case already")
    coordinator = coordinator_of(change, to_area)
    if coordinator is None:
        reasons.append(
            f"to_area: the directory has no coordinator of {form.to_area!r} who could answer; it has those of: "
            f"{', '.join(areas) or 'no area'}"
        )
    if (waiting := open_transfer(change)) is not None:
        reasons.append(f"to_area: the proposal to {waiting.to_area} of {waiting.proposed_on} waits for its answer")
    if reasons or coordinator is None:
        raise RefusedError(reasons)
    newest = change.session.scalar(select(func.max(AreaTransfer.number)).where(AreaTransfer.case_id == change.case.id))
    change.session.add(
        AreaTransfer(
            case_id=change.case.id,
            number=(newest or 0) + 1,
            from_area=change.case.area,
            to_area=to_area,
            receiver_email=coordinator[0],
            receiver_name=coordinator[1],
            proposed_on=form.date,
            proposed_by=form.by,
            reason=form.reason,
        )
    )
    return f"proposed on {form.date} to hand the case to {form.to_area}; {change.case.area} holds it until that accepts"


def apply_answer(change: CaseChange, form: TransferAnswer) -> str:
    """Take the answer to a proposal; an accepted case is the other area's from then on."""
    transfer = open_transfer(change)
    if transfer is None:
        raise RefusedError(["decision: no proposal to hand this case over waits for an answer"])
    reasons = []
    if form.date < transfer.proposed_on:
        reasons.append(f"date: {form.date} is before the proposal of {transfer.proposed_on}")
    accepted = form.decision is TransferDecision.ACCEPTED
    if accepted and plain(form.by) == plain(transfer.proposed_by):
        reasons.append("by: who proposed the transfer does not accept it; the receiving area does")
    if accepted and (form.offender_manager is None or form.offender_manager.email is None):
        reasons.append("offender_manager: who manages the case in the receiving area, with an address?")
    if reasons:
        raise RefusedError(reasons)
    transfer.decision, transfer.answered_on = form.decision, form.date
    transfer.answered_by, transfer.answer_reason = form.by, form.reason
    if not accepted:
        return f"transfer to {transfer.to_area} {form.decision} on {form.date}; {change.case.area} holds the case"
    hand_over(change, transfer, form)
    return f"transfer to {transfer.to_area} accepted on {form.date}: the case is {transfer.to_area}'s"


def hand_over(change: CaseChange, transfer: AreaTransfer, form: TransferAnswer) -> None:
    """Give the case to the receiving area, with the people who manage it there.

    What the sending area had planned is cancelled: the receiving one meets at its own place, under its own Chair, by
    the same date.
    """
    cancel_planned(change, f"the case is handed to {transfer.to_area}")
    case, manager, police = change.case, form.offender_manager, form.police_offender_manager
    assert manager is not None
    before = {"area": case.area, "unit": case.unit}
    case.area, case.unit, case.transferred = transfer.to_area, form.unit, True
    case.offender_manager, case.offender_manager_email = manager.name, manager.email
    case.line_manager_email = form.line_manager_email
    case.police_offender_manager = police.name if police else None
    case.police_offender_manager_email = police.email if police else None
    change.note("transferred", case.reference, before, {"area": case.area, "unit": case.unit})


KINDS = (
    FactType(
        kind=FactKind.TRANSFER_PROPOSAL,
        title="Proposal to transfer to another area",
        hint="Record this when another MAPPA area should take the case. Your area holds it until that area accepts.",
        group=Group.TRANSFERS,
        who=(Role.OFFENDER_MANAGER, Role.LINE_MANAGER, *UNIT),
        offered_when=lambda now: Orders.TRANSFER_ANSWER not in now.owed,
        form=TransferProposal,
        apply=apply_proposal,
    ),
    FactType(
        kind=FactKind.TRANSFER_ANSWER,
        title="Answer to a proposed transfer",
        hint="Record this when the receiving area accepts or declines the case, or your own area withdraws.",
        group=Group.TRANSFERS,
        who=(Role.RECEIVING_COORDINATOR, *UNIT),
        offered_when=owes(Orders.TRANSFER_ANSWER),
        final="Where it is accepted, the case moves to the other area, which alone can hand it back.",
        form=TransferAnswer,
        apply=apply_answer,
    ),
)
