"""Drafts: the forms that were refused and kept."""

from collections.abc import Iterator
from typing import Annotated, Any

from pydantic import Field
from sqlalchemy import select
from sqlalchemy.orm import Session

from casework.facts.querying import find_person, given
from models.cases import Draft
from policy.errors import NotFoundError
from policy.vocabulary import FactKind
from views.model import COUNTED, Moment, View, filled


class DraftView(View, title="Draft"):
    """A form that was refused and kept: nothing that was typed is lost."""

    draft: int = Field(description="The number of the draft.", examples=[1])
    crn: str = Field(description="The CRN of the person, as far as known; else as it was typed.")
    kind: FactKind = Field(description="What was to be recorded.")
    reasons: Annotated[list[str], COUNTED] = Field(description="Why it was refused, a sentence each.")
    kept_at: Moment = Field(description="When it was kept.")
    kept_by: str = Field(description="Who recorded it.")
    settled_at: Moment | None = Field(
        description="When the same kind was recorded, or refused again, for this person; null before."
    )


def drafts(session: Session, *, crn: str | None = None, unsettled: bool = False) -> Iterator[DraftView]:
    """Yield drafts by number; ``crn``: of one person, by CRN or as the person was named when it was typed."""
    query = given(
        select(
            Draft.id.label("draft"),
            Draft.crn,
            Draft.kind,
            Draft.reasons,
            Draft.kept_at,
            Draft.kept_by,
            Draft.settled_at,
        ).order_by(Draft.id),
        None if crn is None else Draft.crn.in_(names_of(session, crn)),
        Draft.settled_at.is_(None) if unsettled else None,
    )
    return filled(session, query, DraftView)


def names_of(session: Session, crn: str) -> list[str]:
    """Return how a draft may name a person: as asked for, and by CRN."""
    person = find_person(session, crn)
    return [crn] if person is None else [crn, person.crn]


def draft_form(session: Session, number: int) -> tuple[dict[str, Any], bytes | None]:
    """Return the form of a draft, and the bytes that it came as; None where the form shows all that was typed."""
    draft = session.get(Draft, number)
    if draft is None:
        raise NotFoundError(f"there is no draft {number}", to_do="mappa drafts lists them")
    return draft.data, draft.as_typed
