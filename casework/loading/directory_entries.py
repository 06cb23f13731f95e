"""One entry of the directory: what is checked of it, and the one way in which it is written, from a file or by hand."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from casework.loading.as_written import AREA, alike
from casework.loading.cells import Words, email_address, iso_day, outside_limits, read_cells
from casework.loading.columns import Column, Columns, Reader, agency, one_of
from casework.loading.lines import Row
from casework.loading.reading import Check
from casework.loading.report import Reject
from models.audit import Change, append
from models.cases import Case
from models.directory import DirectoryEntry
from models.meetings import Meeting
from models.record import policies
from policy.addresses import normal
from policy.book import PolicyBook
from policy.calendar import london_date
from policy.characters import tidied
from policy.dates import Ahead
from policy.roles import DIRECTORY_ROLES
from policy.telephones import telephone_number
from policy.texts import plain
from policy.vocabulary import MeetingState

Key = tuple[str, str, str, str, str]
NAMED_BY = ("area", "agency", "unit", "role", "email")
# What an entry says, by the column of a file that says it. Area, agency and role stay: another role is another entry.
SAYS = {"unit": "unit", "email": "email", "name": "name", "grade": "grade", "telephone": "telephone",
        "valid_from": "from", "valid_to": "to"}  # fmt: skip
Guard = Callable[[DirectoryEntry | None, Mapping[str, Any]], str | None]
"""Says why somebody may not write an entry as these values have it (None: a new one); None where they may."""


def columns(agencies: Iterable[str], area: Reader = AREA) -> Columns:
    """Return the columns; ``agencies`` are those that the policies know, ``area`` reads the name of an area."""
    return Columns(
        Column("area", area, required=True, about="The MAPPA area."),
        Column("agency", agency(agencies), required=True, about="The agency for which the person holds the role."),
        Column("role", one_of(DIRECTORY_ROLES), required=True, about="What the person does in MAPPA."),
        Column("name", Words(120), required=True, about="The name by which letters address the person."),
        Column("email", email_address, required=True, about="Where their e-mails go."),
        Column("unit", Words(80), about="The team; of a prison its name, as sentences have it."),
        Column("grade", Words(60), about="The rank or grade, where a role asks for one."),
        Column("telephone", telephone_number, about="Of the coordinator: it stands at the foot of every e-mail."),
        Column("from", iso_day, ahead=Ahead.END, about="The first day in the role; empty: since ever."),
        Column("to", iso_day, ahead=Ahead.END, about="The last day in the role; empty: until further notice."),
    )


def checker(book: PolicyBook, today: date, area: Reader) -> Check:
    """Return the check of one row: its values, and every reason against it."""
    wanted = columns(book.agencies, area)

    def check(row: Row) -> tuple[dict[str, Any], list[Reject]]:
        values, rejects = read_cells(row, wanted)
        if rejects:
            return values, rejects
        policy = book.for_area(values["area"], today)
        rejects += outside_limits(row.line, values, wanted, policy.dates, today)
        if values["from"] and values["to"] and values["to"] < values["from"]:
            rejects.append(Reject(row.line, "to", f"{values['to']} is before from, {values['from']}"))
        if values["agency"] not in policy.agencies:
            reason = f"{values['agency']!r} is not an agency of {values['area']}: add it to the policy of the area"
            rejects.append(Reject(row.line, "agency", reason))
        return values, rejects

    return check


def key_of(area: str, agency: str, unit: str, role: str, email: str) -> Key:
    """Return what tells one entry from another: names and addresses in their normal forms."""
    return plain(area), agency, plain(unit), role, normal(email)


def as_told(entry: DirectoryEntry) -> Key:
    """Return what tells one entry from another, as it is written."""
    return entry.area, entry.agency, entry.unit, entry.role, entry.email


def told_by(values: Mapping[str, Any]) -> Key:
    """Return what tells an entry from another, as the values of a row have it."""
    area, agency, unit, role, email = (values[name] or "" for name in NAMED_BY)
    return area, agency, unit, role, email


class Entries:
    """The entries of the directory, each found by what tells it from the others, in any spelling."""

    def __init__(self, session: Session) -> None:
        """Read them all: a file may name any."""
        entries = list(session.scalars(select(DirectoryEntry).order_by(DirectoryEntry.id)))
        # An entry of before that is one with another is still known by its own spelling.
        self._known = {key_of(*as_told(one)): one for one in entries} | {as_told(one): one for one in entries}

    def find(self, values: Mapping[str, Any]) -> DirectoryEntry | None:
        """Return the entry that the values of a row are of; None where there is none yet."""
        told = told_by(values)
        return self._known.get(told) or self._known.get(key_of(*told))

    def add(self, entry: DirectoryEntry) -> None:
        """Know a new entry from now on."""
        self._known[key_of(*as_told(entry))] = entry


@dataclass(frozen=True, slots=True)
class Written:
    """An entry that was added (``before`` is None) or changed, with what differs."""

    entry: DirectoryEntry
    before: dict[str, Any] | None
    after: dict[str, Any]

    def change(self) -> Change:
        """Return its entry in the trail, once the record has given the entry its number."""
        entry = self.entry
        chain, subject = f"directory/{entry.area}"[:80], f"{entry.role} of {entry.agency}"
        what = "directory-entry-added" if self.before is None else "directory-entry-changed"
        return Change(chain, what, subject, self.before, {"entry": entry.id} | self.after)


def differing(entry: DirectoryEntry, values: Mapping[str, Any]) -> list[str]:
    """Return what an entry says otherwise than the values of a row."""
    return [name for name, column in SAYS.items() if not alike(getattr(entry, name) or None, values[column])]


def write(session: Session, entry: DirectoryEntry | None, values: Mapping[str, Any]) -> Written | None:
    """Add an entry, or change one; None where nothing differs. The trail is for the caller to append."""
    content = {name: values[column] for name, column in SAYS.items()}
    content["unit"] = content["unit"] or ""
    if entry is None:
        made = DirectoryEntry(**{name: values[name] for name in ("area", "agency", "role")}, **content)
        session.add(made)
        return Written(made, None, content)
    names = differing(entry, values)
    if not names:
        return None
    before = {name: getattr(entry, name) for name in names}
    for name in names:
        setattr(entry, name, content[name])
    return Written(entry, before, {name: content[name] for name in names})


def put_down(session: Session, written: Sequence[Written], *, as_at: datetime, actor: str) -> None:
    """Append to the trail what was written, and have the meetings looked at that it may concern."""
    session.flush()
    look_again(session, {one.entry.area for one in written}, as_at)
    append(session, [one.change() for one in written], actor=actor, at=as_at)
    session.flush()


def look_again(session: Session, areas: Collection[str], as_at: datetime) -> None:
    """Have the planned meetings of areas looked at: somebody else may now speak for an agency that must come."""
    of_areas = select(Case.id).where(Case.area.in_(areas), Case.closed_on.is_(None))
    session.execute(
        update(Meeting)
        .where(Meeting.state == MeetingState.PLANNED, Meeting.prepare_at.is_(None), Meeting.case_id.in_(of_areas))
        .values(prepare_at=as_at)
    )


def write_by_hand(
    session: Session,
    typed: Mapping[str, str],
    entry: DirectoryEntry | None,
    guard: Guard,
    *,
    as_at: datetime,
    actor: str,
) -> list[Reject]:
    """Add an entry as it was typed, or change one; return every reason against it, by the column of a file.

    It is checked as a row of the directory file is, and written as one. Where there is a reason, nothing is changed.
    """
    texts = {name: tidied(text) for name, text in typed.items()}
    values, rejects = checker(policies(session), london_date(as_at), AREA)(Row(0, list(texts.values()), texts, {}))
    if rejects:
        return rejects
    there = Entries(session).find(values)
    if there is not None and there is not entry:
        return [Reject(0, "email", "somebody with this address has this role already: change that entry")]
    if reason := guard(entry, values):
        return [Reject(0, "role", reason)]
    written = write(session, entry, values)
    if written is not None:
        put_down(session, [written], as_at=as_at, actor=actor)
    return []
