"""The letter to who is to make a disclosure, once it is approved."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import joinedload

from models.disclosures import Disclosure
from notifications.letters.letter import Letter
from notifications.letters.source import Source, one_line


@dataclass(frozen=True, slots=True)
class ToBeMade:
    """A disclosure to be made. ``to_whom`` None: what is told, to whom and how is on the record alone."""

    reference: str
    number: int
    agency: str
    due_on: date
    approved_on: date
    to_whom: str | None
    what: str
    how: str
    answer_to: str


def to_be_made(source: Source) -> Letter:
    """Return the letter that asks somebody to make a disclosure."""
    disclosure = source.session.get_one(Disclosure, source.line.subject.row_id, options=[joinedload(Disclosure.case)])
    told = source.details
    return Letter(
        ToBeMade(
            reference=disclosure.case.reference,
            number=disclosure.number,
            agency=source.policy.agency_name(disclosure.agency),
            due_on=disclosure.due_on,
            approved_on=disclosure.approved_on or disclosure.proposed_on,
            to_whom=one_line(disclosure.to_whom) if told else None,
            what=one_line(disclosure.what) if told else "",
            how=one_line(disclosure.how) if told else "",
            answer_to=source.answer_to(disclosure.case),
        )
    )
