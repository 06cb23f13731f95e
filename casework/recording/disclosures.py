"""Disclosure: proposed with its reason, approved by a second person, made, and the undertaking (``domain.md`` 2.12)."""

import datetime
from collections.abc import Iterator, Sequence
from typing import Literal, Protocol

from pydantic import model_validator
from sqlalchemy import func, select

from casework.change import CaseChange
from casework.errors import RefusedError
from casework.recording.actions import Owner
from casework.recording.fact_type import FactType
from casework.recording.forms import AgencyName, Form, Name, OwnWords, Reason, Section
from models.disclosures import Disclosure
from policy.texts import plain
from policy.vocabulary import DisclosureState, FactKind

OPEN = (DisclosureState.PROPOSED, DisclosureState.APPROVED)
WANTED = ("to_whom", "what", "how", "by", "agency", "due_on", "proposed_by")


class DisclosureDecision(Section):
    """Whether something is disclosed, decided at each meeting with its reason (joint inspection 2015 5.23).

    A disclosure says to whom, what, how, by whom and by when. ``approved_by`` is a second person; without one it
    waits for its approval.
    """

    decision: Literal["disclose", "do_not_disclose"]
    reason: Reason
    to_whom: OwnWords | None = None
    what: OwnWords | None = None
    how: OwnWords | None = None
    by: Owner | None = None
    agency: AgencyName | None = None
    due_on: datetime.date | None = None
    proposed_by: Name | None = None
    approved_by: Name | None = None

    @model_validator(mode="after")
    def a_disclosure_is_whole(self) -> "DisclosureDecision":
        """Refuse a disclosure that leaves open who is told what, how, by whom and by when, or that has two eyes."""
        if self.decision != "disclose":
            return self
        missing = [name for name in WANTED if getattr(self, name) is None]
        if missing:
            raise ValueError(
                f"{', '.join(missing)} wanted: who is told what, how, by whom and by when, and who proposes it"
            )
        if self.approved_by is not None and plain(self.approved_by) == plain(self.proposed_by or ""):
            raise ValueError("approved_by: who proposes a disclosure does not approve it; a second person does")
        return self


class DisclosureForm(Form, DisclosureDecision):
    """A disclosure decided between meetings."""


class DisclosureApproval(Form):
    """A second person approves a proposed disclosure, or refuses it."""

    disclosure: int | None = None
    decision: Literal["approve", "refuse"]
    reason: Reason
    by: Name


class DisclosureOutcome(Form):
    """A disclosure was made: how it went, and the undertaking; or not made, with the reason.

    ``undertaking``: where the recipient's signed undertaking is kept, or why there is none.
    """

    disclosure: int | None = None
    state: Literal["made", "not_made"]
    outcome: str | None = None
    undertaking: str | None = None
    reason: str | None = None
    by: Name


class PreviousDisclosure(Section):
    """What became of an earlier disclosure, as told at the meeting: made, not made, or carried on."""

    disclosure: int
    position: Literal["made", "not_made", "carried"]
    outcome: str | None = None
    undertaking: str | None = None
    reason: str | None = None


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
        f"reason: the same words as for disclosure {one.number}: a disclosure is considered, and reasoned, anew"
        for one in disclosures_of(change)
        if plain(one.reason) == plain(form.reason)
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
        if not told.reason or len(told.reason) < 10:
            yield f"disclosure {number}: not made needs a reason: why not, and how the risk is met instead"
    else:
        if disclosure.state == DisclosureState.PROPOSED:
            yield f"disclosure {number}: it is not approved yet; a second person approves it before it is made"
        if not told.outcome or len(told.outcome) < 10:
            yield f"disclosure {number}: outcome is wanted: how it was told, and how the recipient took it"
        if not told.undertaking or len(told.undertaking) < 10:
            yield f"disclosure {number}: undertaking is wanted: where the signed one is kept, or why there is none"
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


KINDS = {
    FactKind.DISCLOSURE: FactType(
        DisclosureForm,
        apply_disclosure,
        {
            "date": "2026-11-02",
            "decision": "disclose",
            "reason": "The landlord lets the other flat to a family with young children.",
            "to_whom": "The landlord of the flat in Chapeltown Road",
            "what": "That he may not be alone with children under sixteen; not the offence itself",
            "how": "In person, by the police, with the undertaking signed there",
            "by": {"name": "Priya Example", "email": "priya@police.example"},
            "agency": "police",
            "due_on": "2026-11-16",
            "proposed_by": "Olive Example",
        },
    ),
    FactKind.DISCLOSURE_APPROVAL: FactType(
        DisclosureApproval,
        apply_approval,
        {
            "date": "2026-11-04",
            "disclosure": 1,
            "decision": "approve",
            "reason": "Necessary and proportionate: nothing milder protects the children.",
            "by": "Clare Example",
        },
    ),
    FactKind.DISCLOSURE_OUTCOME: FactType(
        DisclosureOutcome,
        apply_outcome,
        {
            "date": "2026-11-12",
            "disclosure": 1,
            "state": "made",
            "outcome": "The landlord was told in person and will call the police officer if families ask.",
            "undertaking": "Signed on 12 November; it is kept on the police file.",
            "by": "Priya Example",
        },
        after_closing=True,
    ),
}
