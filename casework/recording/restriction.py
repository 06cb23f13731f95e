"""A restricted case: nothing is sent about it by e-mail, and at the desk only some may read it."""

import datetime
from typing import Annotated

from pydantic import AfterValidator, Field
from sqlalchemy import delete, select

from casework.change import CaseChange
from casework.recording.fact_type import FactType, Group, always
from casework.recording.forms import Form, Reason, label
from models.cases import CaseReader
from policy.addresses import email_address
from policy.roles import Role
from policy.vocabulary import FactKind


class Restriction(Form):
    """Whether e-mail about the case is withheld (security marking; Joint inspection 2015, 6.31-6.32)."""

    date: Annotated[datetime.date, label("Date", "The day from which this holds.", "2026-03-03")]
    restricted: Annotated[bool, label("Withhold e-mail", "Whether e-mail about the case is withheld.", True)]
    reason: Annotated[Reason, label("Reason", "Why.", "Handled outside this system.")]
    readers: Annotated[
        list[Annotated[str, AfterValidator(email_address)]],
        label(
            "Who may read it",
            "The e-mail addresses of those who may read the case, whatever their role. Without any, its MAPPA "
            "coordinators and those who manage it may.",
            ["clare@probation.example"],
            shown=False,
        ),
    ] = Field(default_factory=list)


def apply_restriction(change: CaseChange, form: Restriction) -> str:
    """Withhold e-mail about the case, or allow it again; say who may read it meanwhile."""
    case = change.case
    known = select(CaseReader.email).where(CaseReader.case_id == case.id).order_by(CaseReader.email)
    before = {"restricted": case.restricted, "readers": list(change.session.scalars(known))}
    readers = sorted(set(form.readers)) if form.restricted else []
    change.note("restricted", case.reference, before, {"restricted": form.restricted, "readers": readers})
    change.session.execute(delete(CaseReader).where(CaseReader.case_id == case.id))
    change.session.add_all(CaseReader(case_id=case.id, email=email) for email in readers)
    case.restricted = form.restricted
    if not form.restricted:
        return "e-mail about this case goes out again"
    only = f"; {len(readers)} {'person' if len(readers) == 1 else 'people'} may read it" if readers else ""
    return f"e-mail about this case is withheld{only}"


KINDS = (
    FactType(
        kind=FactKind.RESTRICTION,
        title="E-mail withheld or allowed",
        hint="Record this when a case is too sensitive for e-mail, and again when it no longer is.",
        group=Group.CASE,
        who=(Role.COORDINATOR, Role.COORDINATOR_MANAGER),
        offered_when=always,
        form=Restriction,
        apply=apply_restriction,
    ),
)
