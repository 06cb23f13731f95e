"""Disclosure: proposed with its reason, approved by a second person, made, and the undertaking.

Source: Joint inspection 2015, 5.23.
"""

import datetime
from collections.abc import Iterator, Sequence
from typing import Annotated, Literal, Protocol

from pydantic import model_validator
from sqlalchemy import func, select

from casework.change import CaseChange
from casework.errors import RefusedError
from casework.recording.actions import Owner
from casework.recording.carried_forward import same_words
from casework.recording.fact_type import CASE_MANAGERS, UNIT, FactType, Group, always, owes
from casework.recording.forms import AgencyName, Form, Name, OwnWords, Reason, Section, label, no_reason
from models.disclosures import Disclosure
from policy.dates import Ahead
from policy.kinds import Plan
from policy.roles import Role
from policy.texts import plain, stands
from policy.vocabulary import DisclosureState, FactKind

OPEN = (DisclosureState.PROPOSED, DisclosureState.APPROVED)
WANTED = ("to_whom", "what", "how", "by", "agency", "due_on", "proposed_by")


class DisclosureDecision(Section):
    """Whether something is disclosed, decided at each meeting with its reason (Joint inspection 2015, 5.23).

    A second person approves a disclosure; without one it waits for its approval.
    """

    decision: Annotated[
        Literal["disclose", "do_not_disclose"],
        label("Decision", "Whether something is to be disclosed.", "disclose"),
    ]
    reason: Annotated[
        Reason,
        label(
            "Reason",
            "Why this is, or is not, necessary and proportionate now. Give the reason afresh each time.",
            "The landlord lets the other flat to a family with young children.",
        ),
    ]
    to_whom: Annotated[
        OwnWords | None,
        label("To whom", "If disclosed: who is to be told.", "The landlord of the flat in Chapeltown Road"),
    ] = None
    what: Annotated[
        OwnWords | None,
        label(
            "What",
            "If disclosed: what they are told, and no more than they need.",
            "That he may not be alone with children under sixteen; not the offence itself",
        ),
    ] = None
    how: Annotated[
        OwnWords | None,
        label(
            "How",
            "If disclosed: how they are told, and how their undertaking is taken.",
            "In person, by the police, with the undertaking signed there",
        ),
    ] = None
    by: Annotated[Owner | None, label("Disclosed by", "If disclosed: the person who tells them.")] = None
    agency: Annotated[AgencyName | None, label("Agency", "If disclosed: the agency of that person.", "police")] = None
    due_on: Annotated[
        datetime.date | None,
        label("Due date", "If disclosed: the day by which they are told.", "2026-11-16", ahead=Ahead.APPOINTMENT),
    ] = None
    proposed_by: Annotated[Name | None, label("Proposed by", "If disclosed: who proposes it.", "Olive Example")] = None
    approved_by: Annotated[
        Name | None,
        label(
            "Approved by",
            "A second person who approves it. Leave it out if nobody has yet.",
            "Clare Example",
            shown=False,
        ),
    ] = None

    @model_validator(mode="after")
    def a_disclosure_is_whole(self) -> "DisclosureDecision":
        """Refuse a disclosure that leaves open who is told what, how, by whom and by when, or that has two eyes."""
        if self.decision != "disclose":
            return self
        missing = [name for name in WANTED if getattr(self, name) is None]
        if missing:
            raise ValueError(
                f"give {', '.join(missing)} too: who is told what, how, by whom and by when, and who proposes it"
            )
        if self.approved_by is not None and plain(self.approved_by) == plain(self.proposed_by or ""):
            raise ValueError("approved_by: who proposes a disclosure does not approve it; a second person does")
        return self


class DisclosureForm(Form, DisclosureDecision):
    """A disclosure decided between meetings."""

    date: Annotated[datetime.date, label("Date of the decision", "The day of the decision.", "2026-11-02")]


class DisclosureApproval(Form):
    """A second person approves a proposed disclosure, or refuses it."""

    date: Annotated[datetime.date, label("Date", "The day of the approval or refusal.", "2026-11-04")]
    disclosure: Annotated[
        int | None,
        label("Disclosure number", "Which disclosure. Leave it out if only one waits for approval.", 1),
    ] = None
    decision: Annotated[
        Literal["approve", "refuse"], label("Decision", "Whether the disclosure is approved or refused.", "approve")
    ]
    reason: Annotated[
        Reason,
        label("Reason", "Why.", "Necessary and proportionate: nothing milder protects the children."),
    ]
    by: Annotated[
        Name, label("Decided by", "Who approves or refuses it. This is not who proposed it.", "Clare Example")
    ]


class DisclosureOutcome(Form):
    """A disclosure was made: how it went, and the undertaking; or not made, with the reason."""

    date: Annotated[datetime.date, label("Date", "The day on which it was made, or given up.", "2026-11-12")]
    disclosure: Annotated[
        int | None,
        label("Disclosure number", "Which disclosure. Leave it out if only one is approved and not made.", 1),
    ] = None
    state: Annotated[Literal["made", "not_made"], label("Made or not made", "Whether the disclosure was made.", "made")]
    outcome: Annotated[
        str | None,
        label(
            "Outcome",
            "If made: how they were told, and how they took it.",
            "The landlord was told in person and will call the police officer if families ask.",
        ),
    ] = None
    undertaking: Annotated[
        str | None,
        label(
            "Undertaking",
            "If made: where the signed undertaking is kept, or why there is none.",
            "Signed on 12 November; it is kept on the police file.",
        ),
    ] = None
    reason: Annotated[
        str | None,
        label(
            "Reason",
            "If not made: why not, and how the risk is met instead.",
            "The family moved away before the day; the flat stays empty until March.",
            shown=False,
        ),
    ] = None
    by: Annotated[Name, label("Reported by", "Who made the disclosure, or gave it up.", "Priya Example")]


class DisclosureClosing(Protocol):
    """What is told of a disclosure."""

    outcome: str | None
    undertaking: str | None
    reason: str | None


def disclosures_of(change: CaseChange) -> Sequence[Disclosure]:
    """Return the disclosures of a case in their order."""
    query = select(Disclosure).where(Disclosure.case_id == change.case.id).order_by(Disclosure.number)
    return change.session.scalars(query).all()


def open_disclosures(change: CaseChange) -> list[Disclosure]:
    """Return the disclosures that are neither made nor given up."""
    return [one for one in disclosures_of(change) if one.state in OPEN]


def find_disclosure(change: CaseChange, number: int | None, state: DisclosureState) -> Disclosure:
    """Return the disclosure meant: by number, else the only one in a state; or refuse."""
    found = [one for one in disclosures_of(change) if (one.state == state if number is None else one.number == number)]
    if len(found) != 1:
        known = ", ".join(str(one.number) for one in found) or "none"
        raise RefusedError([f"disclosure: say which; those that are {state} on this case: {known}"])
    return found[0]


def propose(change: CaseChange, decision: DisclosureDecision, on: datetime.date, meeting_id: int | None) -> Disclosure:
    """Write down a disclosure that was decided; approved at once where the decision names the second person."""
    by = decision.by
    assert by is not None, "a disclosure is whole before it gets here"
    newest = change.session.scalar(select(func.max(Disclosure.number)).where(Disclosure.case_id == change.case.id))
    case = change.case
    addresses = {
        plain(case.offender_manager or ""): case.offender_manager_email,
        plain(case.police_offender_manager or ""): case.police_offender_manager_email,
    }
    approved = decision.approved_by is not None
    disclosure = Disclosure(
        case_id=case.id,
        number=(newest or 0) + 1,
        meeting_id=meeting_id,
        state=DisclosureState.APPROVED if approved else DisclosureState.PROPOSED,
        reason=decision.reason,
        to_whom=decision.to_whom,
        what=decision.what,
        how=decision.how,
        agency=decision.agency,
        discloser_name=by.name,
        discloser_email=by.email or addresses.get(plain(by.name)),
        due_on=decision.due_on,
        proposed_by=decision.proposed_by,
        proposed_on=on,
        approved_by=decision.approved_by,
        approved_on=on if approved else None,
        follow_at=change.as_at,
    )
    change.session.add(disclosure)
    change.session.flush()
    return disclosure


def apply_disclosure(change: CaseChange, form: DisclosureForm) -> str:
    """Decide on a disclosure between meetings."""
    if form.decision == "do_not_disclose":
        return f"considered on {form.date}: nothing is disclosed"
    reasons = []
    if form.due_on is not None and form.due_on < form.date:
        reasons.append(f"due_on: {form.due_on} is before the decision of {form.date}")
    reasons += [
        f"reason: {same_words(one.reason, form.reason)} as for disclosure {one.number}: consider each disclosure "
        "afresh, and say why now"
        for one in disclosures_of(change)
        if plain(one.reason) == plain(form.reason) or stands(one.reason, form.reason)
    ]
    if reasons:
        raise RefusedError(reasons)
    disclosure = propose(change, form, form.date, None)
    waits = "" if disclosure.state == DisclosureState.APPROVED else "; it waits for the approval of a second person"
    return f"disclosure {disclosure.number} {disclosure.state} on {form.date}, to be made by {form.due_on}{waits}"


def apply_approval(change: CaseChange, form: DisclosureApproval) -> str:
    """Approve a disclosure, or refuse it: never who proposed it."""
    disclosure = find_disclosure(change, form.disclosure, DisclosureState.PROPOSED)
    reasons = []
    if disclosure.state != DisclosureState.PROPOSED:
        reasons.append(f"disclosure: number {disclosure.number} is {disclosure.state.replace('_', ' ')}, not proposed")
    if plain(form.by) == plain(disclosure.proposed_by):
        reasons.append("by: who proposes a disclosure does not approve it; a second person does")
    if form.date < disclosure.proposed_on:
        reasons.append(f"date: {form.date} is before it was proposed, {disclosure.proposed_on}")
    if reasons:
        raise RefusedError(reasons)
    approved = form.decision == "approve"
    disclosure.state = DisclosureState.APPROVED if approved else DisclosureState.REFUSED
    disclosure.approved_by, disclosure.approved_on = form.by, form.date
    if not approved:
        disclosure.closed_on, disclosure.not_made_reason = form.date, form.reason
    disclosure.follow_at = change.as_at
    after = {"state": disclosure.state, "reason": form.reason}
    change.note("disclosure-answered", f"disclosure {disclosure.number}", {"state": "proposed"}, after)
    due = f", to be made by {disclosure.due_on}" if approved else ""
    return f"disclosure {disclosure.number} {disclosure.state} on {form.date}{due}"


def refuse_outcome(disclosure: Disclosure, state: str, told: DisclosureClosing, on: datetime.date) -> Iterator[str]:
    """Yield why a disclosure cannot be closed by what is told of it."""
    number = disclosure.number
    if disclosure.state not in OPEN:
        yield f"disclosure {number} is {disclosure.state.replace('_', ' ')} already"
    elif state == DisclosureState.NOT_MADE:
        if no_reason(told.reason):
            yield f"disclosure {number}: not made needs a reason: why not, and how the risk is met instead"
    else:
        if disclosure.state == DisclosureState.PROPOSED:
            yield f"disclosure {number}: it is not approved yet; a second person approves it before it is made"
        if no_reason(told.outcome):
            yield f"disclosure {number}: outcome: say how they were told, and how they took it"
        if no_reason(told.undertaking):
            yield f"disclosure {number}: undertaking: say where the signed one is kept, or why there is none"
    if on < disclosure.proposed_on:
        yield f"disclosure {number}: {on} is before it was proposed, {disclosure.proposed_on}"


def close_disclosure(
    change: CaseChange, disclosure: Disclosure, state: str, told: DisclosureClosing, on: datetime.date
) -> None:
    """Close a disclosure that may be closed."""
    before = {"state": disclosure.state}
    if disclosure.state == DisclosureState.PROPOSED:
        # Given up before anybody approved it: there is nothing left to approve.
        disclosure.approved_on = on
    disclosure.state, disclosure.closed_on = state, on
    disclosure.outcome, disclosure.undertaking = told.outcome, told.undertaking
    disclosure.not_made_reason, disclosure.follow_at = told.reason, change.as_at
    change.note(
        "disclosure-closed",
        f"disclosure {disclosure.number}",
        before,
        {"state": state, "outcome": told.outcome, "undertaking": told.undertaking, "reason": told.reason},
    )


def apply_outcome(change: CaseChange, form: DisclosureOutcome) -> str:
    """Close a disclosure with what came of it."""
    disclosure = find_disclosure(change, form.disclosure, DisclosureState.APPROVED)
    if reasons := list(refuse_outcome(disclosure, form.state, form, form.date)):
        raise RefusedError(reasons)
    close_disclosure(change, disclosure, form.state, form, form.date)
    return f"disclosure {disclosure.number} {form.state.replace('_', ' ')} on {form.date}"


KINDS = (
    FactType(
        kind=FactKind.DISCLOSURE,
        title="Disclosure between meetings",
        hint="Record a decision between meetings to disclose something, or not to.",
        group=Group.RISK,
        who=(Role.CHAIR, Role.REPRESENTATIVE, *CASE_MANAGERS, *UNIT),
        offered_when=always,
        form=DisclosureForm,
        apply=apply_disclosure,
    ),
    FactType(
        kind=FactKind.DISCLOSURE_APPROVAL,
        title="Approval of a disclosure",
        hint="Record that a second person approves or refuses a proposed disclosure.",
        group=Group.RISK,
        who=(Role.CHAIR, Role.LINE_MANAGER, Role.SENIOR_MANAGER, Role.COORDINATOR),
        offered_when=owes(Plan.DISCLOSURE_APPROVAL),
        form=DisclosureApproval,
        apply=apply_approval,
    ),
    FactType(
        kind=FactKind.DISCLOSURE_OUTCOME,
        title="Outcome of a disclosure",
        hint="Record that a disclosure was made, with the undertaking, or that it will not be made.",
        group=Group.RISK,
        who=(Role.DISCLOSER, *CASE_MANAGERS, *UNIT),
        offered_when=owes(Plan.DISCLOSURE, Plan.DISCLOSURE_APPROVAL),
        form=DisclosureOutcome,
        apply=apply_outcome,
        after_closing=True,
    ),
)
