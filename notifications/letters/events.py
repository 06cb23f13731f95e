"""The letter about events in custody or on licence: what happened and when, what it changes, and what is asked."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from models.cases import Case
from models.events import CustodyEvent
from models.obligations import Timescale
from notifications.letters.letter import Letter
from notifications.letters.lines import PromptLine
from notifications.letters.source import Source, one_line
from notifications.recipients import directory_of
from policy.concerns import Concern
from policy.events import EventKind, told_by
from policy.kinds import BY_NAME, Events
from policy.kinds.words import kind_words
from policy.roles import Role
from policy.subjects import Subject
from policy.vocabulary import State

CHARGED = "A serious further offence has been charged while the person was managed at level 2 or 3."
VICTIM_CONTACT = "There is victim contact on this case, so the victim should be told."


@dataclass(frozen=True, slots=True)
class Happening:
    """One event. ``which``: its number, and its hour where another of its kind is of the same day.

    ``what`` None: what was written about it is on the record alone. ``until``: a leave ends. ``changes``: what it
    changes for the reader.
    """

    happened: str
    on: date
    which: str
    until: date | None
    what: str | None
    changes: str


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked of the reader, and by when it is to be recorded."""

    to_do: str
    due_on: date


@dataclass(frozen=True, slots=True)
class Happened:
    """What happened on one case. ``asked`` is empty where the letter only informs."""

    reference: str
    happenings: tuple[Happening, ...]
    asked: tuple[Asked, ...]


def event(source: Source) -> Letter:
    """Return the letter about what its timescales are about: events, or a serious further offence.

    What is asked of its reader is what they owe about these events by the record as it stands now.
    """
    case = source.session.scalars(select(Case).where(Case.reference == source.line.reference)).one()
    about: dict[Subject, list[PromptLine]] = {}
    for line in source.lines:
        about.setdefault(line.subject, []).append(line)
    happenings = [happening(source, case, lines) for lines in about.values()]
    asked = [one for lines in about.values() for one in asked_of_reader(source, case, lines)]
    ordered = sorted(happenings, key=lambda one: one.on)
    return Letter(Happened(case.reference, tuple(ordered), tuple(dict.fromkeys(asked))))


def happening(source: Source, case: Case, lines: Sequence[PromptLine]) -> Happening:
    """Return one event as its reader hears of it."""
    line = lines[0]
    if line.kind == Events.CASE_REVIEW:
        assert line.subject.day is not None, "a case review is about the day of a charge"
        return Happening(CHARGED, line.subject.day, "", None, None, "")
    found = source.session.get_one(CustodyEvent, line.subject.row_id)
    kind = EventKind(found.kind)
    _, apart = told_by(line.label or "")
    told = source.details and "what" in found.data
    changes = [
        row.changes
        for one in lines
        if one.kind == Events.EVENT_REVIEW and (row := concern_of(source, case, one, kind)) is not None
    ]
    if any(one.kind == Events.VICTIM_UPDATE for one in lines):
        changes.append(VICTIM_CONTACT)
    return Happening(
        happened=kind.spec.happened,
        on=found.on_date,
        which=apart or f"event {found.number}",
        until=found.until_on,
        what=one_line(found.data["what"]) if told else None,
        changes=" ".join(changes),
    )


def concern_of(source: Source, case: Case, line: PromptLine, kind: EventKind) -> Concern | None:
    """Return why the policy says that an event concerns its reader: the row of their role, and of their agency."""
    owner = source.session.get_one(Timescale, line.timescale_id).owner_role
    rows = [
        row
        for row in source.policy.concerns.get(kind, ())
        if (owner if row.role == "owner" else row.role) == line.audience
    ]
    if len(rows) < 2:
        return next(iter(rows), None)
    directory, fallback = directory_of(source.session, case.area, source.on), source.policy.fallback
    for row in rows:
        found = directory.resolve(case, line.audience, row.agency or case.lead_agency, fallback)
        if found is not None and found.email == line.recipient:
            return row
    return None


def asked_of_reader(source: Source, case: Case, lines: Sequence[PromptLine]) -> Iterator[Asked]:
    """Yield what the reader owes about an event; those told of a duty of another are asked to see to it."""
    line = lines[0]
    owed = source.session.scalars(
        select(Timescale)
        .where(Timescale.case_id == case.id, Timescale.subject == line.subject, Timescale.kind.in_(list(Events)))
        .where(Timescale.state.in_((State.OPEN, State.PAUSED)))
        .order_by(Timescale.due_on, Timescale.id)
    )
    for duty in owed:
        own = [one for one in lines if one.timescale_id == duty.id]
        # Each agency has a representative: only the letter about their own duty asks them for it.
        read_by = own if duty.owner_role == Role.REPRESENTATIVE else lines
        if any(one.audience == duty.owner_role for one in read_by):
            state, told = next(((one.state, one.told) for one in own), ("", ""))
            to_do = kind_words(duty.kind, state=state).to_do
            yield Asked(f"{told} {to_do}" if told else to_do, duty.due_on)
        elif own and duty.kind != Events.EVENT_REVIEW:
            yield Asked(BY_NAME[duty.kind].spec.chase, duty.due_on)
