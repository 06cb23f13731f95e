"""Which cases the ids of a stage are about: to drive one case, and to name the case that failed.

It reads nothing but keys: the row itself may be what cannot be read.
"""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from models.cases import Case
from models.disclosures import Disclosure
from models.meetings import Meeting
from models.obligations import Message, Prompt, Timescale
from models.people import Sentence
from models.referrals import Referral

OF_A_CASE = select(Case.id, Case.reference)
# A sentence belongs to a person, and is about the case that is open or, where none is, about every earlier one.
OF_A_STAGE: dict[str, Select[*tuple[Any, ...]]] = {
    "identification": select(Sentence.id, Case.reference).join(Case, Case.person_id == Sentence.person_id),
    "pre_release": OF_A_CASE,
    "screening": select(Referral.id, Case.reference).join(Case, Case.id == Referral.case_id),
    "meetings": select(Meeting.id, Case.reference).join(Case, Case.id == Meeting.case_id),
    "disclosure": select(Disclosure.id, Case.reference).join(Case, Case.id == Disclosure.case_id),
    "exit_planning": OF_A_CASE,
    "prompts": select(Timescale.id, Case.reference).join(Case, Case.id == Timescale.case_id),
    "deliver": select(Message.id, Case.reference)
    .join(Prompt, Prompt.message_id == Message.id)
    .join(Timescale, Timescale.id == Prompt.timescale_id)
    .join(Case, Case.id == Timescale.case_id)
    .distinct(),
}
ASKED_AT_ONCE = 500


def ids_of(session: Session, stage: str, case_id: int) -> set[int | str]:
    """Return every id of a stage that is about a case, whether or not it waits; none of a stage that is about none."""
    query = OF_A_STAGE.get(stage)
    return {row[0] for row in session.execute(query.where(Case.id == case_id))} if query is not None else set()


def references(session: Session, stage: str, ids: Sequence[int | str]) -> dict[int | str, str]:
    """Return the case reference by id; an id that is about no case is left out, of several cases the last is named."""
    query = OF_A_STAGE.get(stage)
    if query is None:
        return {}
    key = query.selected_columns[0]
    parts = (ids[start : start + ASKED_AT_ONCE] for start in range(0, len(ids), ASKED_AT_ONCE))
    return {
        one: reference
        for part in parts
        for one, reference in session.execute(query.where(key.in_(part)).order_by(Case.id, key))
    }


def case_of(session: Session, stage: str, subject: str) -> tuple[int, str] | None:
    """Return id and reference of the case a stage's subject is about; a message may be about many, and so about none.

    A person may have had several cases; what is still to be done is about the newest.
    """
    if not subject.isdecimal() or stage not in OF_A_STAGE:
        return None
    query = OF_A_STAGE[stage]
    key = query.selected_columns[0]
    found = session.execute(query.add_columns(Case.id).where(key == int(subject)).order_by(Case.id.desc())).first()
    return (found[2], found[1]) if found else None
