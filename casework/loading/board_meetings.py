"""The board meetings file: who was invited to each meeting of the Strategic Management Board, and who came."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from casework.loading.as_written import AREA, areas_as_written
from casework.loading.cells import Words, iso_day, outside_limits, read_cells
from casework.loading.columns import Column, Columns, Reader, agency, one_of
from casework.loading.lines import Row
from casework.loading.mapping import FileMapping
from casework.loading.reading import Check, beside_others, first_reading, good_rows
from casework.loading.report import LoadReport, Progress, Reject, RejectsFile
from casework.loading.table import Table, open_table
from models.audit import Change, append
from models.board_meetings import BoardInvitation, BoardMeeting
from models.record import Record
from policy.agencies import AgencyClass
from policy.book import PolicyBook
from policy.calendar import london_date
from policy.texts import plain
from policy.vocabulary import AtTheBoard

WITH_DUTY = (AgencyClass.RESPONSIBLE_AUTHORITY, AgencyClass.DUTY_TO_CO_OPERATE)
Key = tuple[str, date, str, str]


def columns(agencies: Collection[str], area: Reader = AREA) -> Columns:
    """Return the columns; ``agencies`` are those that the policies know, ``area`` reads the name of an area."""
    return Columns(
        Column("area", area, required=True, about="The MAPPA area."),
        Column("date", iso_day, required=True, about="The day of the meeting."),
        Column("agency", agency(agencies), required=True, about="The agency that was invited."),
        Column("attendance", one_of(AtTheBoard), required=True, about="Whether it came."),
        Column("name", Words(120), about="Who was invited; empty: the agency alone."),
    )


def checker(book: PolicyBook, today: date, known: Columns) -> Check:
    """Return the check of one row by itself: its values, and every reason against it."""

    def check(row: Row) -> tuple[dict[str, Any], list[Reject]]:
        values, rejects = read_cells(row, known)
        if rejects:
            return values, rejects
        policy = book.for_area(values["area"], values["date"])
        rejects += outside_limits(row.line, values, known, policy.dates, today)
        entry = policy.agencies.get(values["agency"])
        if entry is None:
            reason = f"{values['agency']!r} is not an agency of {values['area']}: add it to the policy of the area"
            rejects.append(Reject(row.line, "agency", reason))
        values["has_duty"] = entry is not None and entry.class_ in WITH_DUTY
        return values, rejects

    return check


def key_of(values: Mapping[str, Any]) -> Key:
    """Return what tells an invitation from another: area, day, agency and name, in any spelling of the name."""
    return values["area"], values["date"], values["agency"], plain(values["name"] or "")


def conflicts(table: Table, check: Check) -> dict[Key, str]:
    """Return why neither of two rows can go in that tell one invitation differently: no order would make one right."""
    first: dict[Key, tuple[int, str]] = {}
    found: dict[Key, str] = {}
    for row, values in first_reading(table, check):
        line, told = first.setdefault(key_of(values), (row.line, values["attendance"]))
        if told != values["attendance"]:
            reason = f"lines {line} and {row.line} tell the same invitation differently; neither went in"
            found.setdefault(key_of(values), reason)
    return found


@dataclass(slots=True)
class Meetings:
    """The meetings on record, and the invitations to each, by what tells one from another."""

    session: Session
    as_at: datetime
    meetings: dict[tuple[str, date], BoardMeeting] = field(default_factory=dict)
    invitations: dict[Key, BoardInvitation] = field(default_factory=dict)

    def read(self) -> None:
        """Read them all: an area has four a year."""
        for meeting in self.session.scalars(select(BoardMeeting).order_by(BoardMeeting.id)):
            self.meetings[meeting.area, meeting.held_on] = meeting
            for one in meeting.invitations:
                self.invitations[meeting.area, meeting.held_on, one.agency, plain(one.name)] = one

    def take(self, values: Mapping[str, Any]) -> Change | None:
        """Write what a row tells; None where nothing differs."""
        key, told = key_of(values), {name: values[name] for name in ("attendance", "has_duty")}
        there = self.invitations.get(key)
        before = None if there is None else {name: getattr(there, name) for name in told}
        withdrawn = values["attendance"] == AtTheBoard.WITHDRAWN
        if before == told or (there is None and withdrawn):
            return None
        meeting = self.meetings.get(key[:2]) or self.add(key)
        if there is None:
            self.invitations[key] = BoardInvitation(agency=key[2], name=values["name"] or "", **told)
            meeting.invitations.append(self.invitations[key])
        elif withdrawn:
            meeting.invitations.remove(self.invitations.pop(key))
        else:
            there.attendance, there.has_duty = told["attendance"], told["has_duty"]
        meeting.loaded_at = self.as_at
        who = {"date": key[1], "agency": key[2], "name": values["name"] or ""}
        action = "board-invitation-withdrawn" if withdrawn else "board-meeting-loaded"
        return Change(f"board/{key[0]}", action, f"board meeting {key[1]}", before and who | before,
                      None if withdrawn else who | told)  # fmt: skip

    def add(self, key: Key) -> BoardMeeting:
        """Add a meeting that is not on record yet."""
        meeting = BoardMeeting(area=key[0], held_on=key[1], loaded_at=self.as_at)
        self.session.add(meeting)
        self.meetings[key[:2]] = meeting
        return meeting

    def remove_empty(self) -> None:
        """Take out each meeting all of whose invitations were told in error: it was none."""
        for meeting in self.meetings.values():
            if not meeting.invitations:
                self.session.delete(meeting)


def load_board_meetings(
    record: Record,
    path: Path,
    *,
    as_at: datetime,
    actor: str,
    dry_run: bool = False,
    rejects: Path | None = None,
    progress: Progress | None = None,
    mapping: FileMapping | None = None,
    areas: Collection[str] | None = None,
) -> LoadReport:
    """Load a board meetings file; a row is known by area, date, agency and name, and a later file corrects it.

    A row whose attendance is ``withdrawn`` takes a known one out: it was told in error. ``areas``: those for which
    whoever loads may load; None: every area. Raises ``FileRefusedError`` for a file that cannot be read whole.
    """
    known = columns(record.policies.agencies, areas_as_written(record, areas))
    table = open_table(path, "board-meetings", known, mapping)
    alone = checker(record.policies, london_date(as_at), known)
    contradicted = conflicts(table, alone)

    def against(row: Row, values: dict[str, Any]) -> list[Reject]:
        reason = contradicted.get(key_of(values))
        return [] if reason is None else [Reject(row.line, "attendance", reason)]

    report = LoadReport()
    with RejectsFile(rejects, table.header) as rejects_file, record.writing() as session:
        there = Meetings(session, as_at)
        there.read()
        changes: list[Change] = []
        for row, values in good_rows(table, beside_others(alone, against), report, rejects_file, progress):
            change = there.take(values)
            if change is None:
                report.unchanged += 1
                continue
            changes.append(change)
            if change.before is None:
                report.added += 1
            else:
                now = values["attendance"]
                report.change(f"line {row.line}: {values['agency']} on {values['date']} in {values['area']}: "
                              f"{change.before['attendance']} -> {now}")  # fmt: skip
        there.remove_empty()
        append(session, changes, actor=actor, at=as_at)
        session.flush()
        if dry_run:
            session.rollback()
    return report
