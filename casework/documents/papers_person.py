"""The person themselves in the papers of a meeting: what they know of their status, and their own views.

Source: Joint inspection 2015, 4.20; Lancashire annual report 2014-15.
"""

from sqlalchemy import select
from sqlalchemy.orm import Session

from casework.documents.blocks import Facts, Section, Words
from casework.facts.person import own_views_for
from models.cases import Fact
from models.meetings import Meeting
from policy.vocabulary import FactKind
from policy.words import long_date, short_date

ANSWERED = {
    "wrote": "What they wrote",
    "said": "What they said",
    "declined": "They did not want to say anything",
    "not_asked": "They could not be asked",
}
NOT_ASKED = "Nobody has recorded yet that the person was asked. The Chair asks the offender manager."


def own_views(session: Session, meeting: Meeting, last: Meeting | None) -> Section:
    """Return whether the person knows of their status, their views for this meeting, and those told at the last."""
    answers = [
        Words(fact.data["text"] or "", f"{ANSWERED[fact.data['answer']]}: {short_date(fact.on_date)}, "
                                       f"asked by {fact.data['by']}")
        for fact in own_views_for(session, meeting)
    ]  # fmt: skip
    before = (last.record or {}).get("offender_views") if last else None
    return Section(
        "The person's own views",
        [
            Facts([("Told of their MAPPA status", told_of_status(session, meeting))]),
            *(answers or [Words(NOT_ASKED)]),
            *([Words(before, f"At the meeting of {short_date(last.on)}")] if before and last else []),
        ],
    )


def told_of_status(session: Session, meeting: Meeting) -> str:
    """Return when the person was last told of their status, or that it was decided not to tell them."""
    told = session.scalars(
        select(Fact)
        .where(Fact.case_id == meeting.case_id, Fact.kind == FactKind.STATUS_TOLD.value)
        .order_by(Fact.on_date.desc(), Fact.id.desc())
        .limit(1)
    ).first()
    if told is None:
        return "Not on record"
    if told.data["told"] == "not_told":
        return f"Not to be told, decided on {long_date(told.on_date)}: {told.data['how']}"
    return f"In writing, on {long_date(told.on_date)}"
