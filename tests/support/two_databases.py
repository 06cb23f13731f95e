"""One record on two databases: filled with hostile rows, and copied so that its rows lie the other way round.

On SQLite the order of rows that nobody asked for can be turned about as well: what differs then was never determined.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, event, select, text
from sqlalchemy.orm import Session

from models import Base
from models.audit_seals import UPGRADE, seal
from models.board_business import AgendaItem
from models.cases import Case, Draft, Fact
from models.disclosures import Disclosure
from models.events import CustodyEvent
from models.orders import CourtOrder
from models.pauses import Pause
from models.publications import Publication
from models.record import Record
from models.referrals import LevelSpell
from models.registrations import ReportedEvent, Spell
from models.row_reseals import reseal
from models.take_on import TakeOn
from models.transfers import AreaTransfer
from tests.support import meeting_rows, rows

DAY = date(2026, 9, 9)
NAMES = (
    "Ångström", "angstrom", "Angstrom", "O'Brien", "O\u2019Brien", "obrien", "Óbrien", "Zed", "zed", "de la Cruz",
    "De-la Cruz", "dela Cruz", "10 Downing", "9 Downing", "_under", "Łukasz", "Straße", "STRASSE", "naïve", "ñandú",
)  # fmt: skip
"""What collations put in different orders: accents, case, punctuation, digits, spaces."""
AREAS = ("London", "Dyfed-Powys", "Dyfed Powys", "Avon & Somerset", "Avon and Somerset", "West Yorkshire")


def hostile(record: Record) -> None:
    """Add a case for each name with one of each thing that is listed: every date the same, or NULL where it may be."""
    with record.writing() as session:
        for number, name in enumerate(NAMES):
            one_case(session, number, name)
            rows.board_invitation(session, AREAS[number % len(AREAS)], DAY, name=name)
            the_boards(session, AREAS[number % len(AREAS)], number, name)
            session.add(Publication(area=AREAS[number % 2], report="indicators", period=f"{number}", ends_on=DAY,
                                    months=1 + number % 2, due_on=DAY))  # fmt: skip
        waits = rows.person(session, "X320743", surname="Third")
        for key in "12":
            rows.sentence(session, waits, outcome=None, outcome_reason=None, offence_date_key=key)
        # What is due on the day was overdue when its area was taken on, a day later.
        for area in AREAS:
            session.add(
                TakeOn(area=area, begins_on=DAY + timedelta(days=1), decided_at=rows.MORNING, decided_by="Cora")
            )
        rows.directory_entry(session, name="Ælfric", email="aelfric@mappa.example", valid_from=None)


def the_boards(session: Session, area: str, number: int, name: str) -> None:
    """Add an item of the board's agenda, an action that is due and one that is done, two trainings of an officer."""
    session.add(AgendaItem(area=area, held_on=DAY, number=number + 1, item=name, loaded_at=rows.MORNING))
    rows.board_action(session, area, DAY, DAY, number=number + 1, owner=name)
    rows.board_action(session, area, DAY, DAY, number=number + 101, done_on=DAY, outcome=name)
    for called, day in ((name, DAY), (name.lower(), DAY - timedelta(days=1))):
        rows.training(session, area, f"{number}@police.example", day, name=called)


def one_case(session: Session, number: int, name: str) -> None:
    """Add a person with a case; every second has NULL wherever the first has a value, every third is closed."""
    empty, area = number % 2 == 0, AREAS[number % len(AREAS)]
    someone = rows.person(session, f"X4{number:05}", surname=name, forenames=name, date_of_birth=date(1980, 1, 1))
    ended: dict[str, Any] = {"closed_on": DAY, "closed_reason": "died: told."} if number % 3 == 0 else {}
    case = rows.case(
        session, someone, f"{'DYF' if number % 4 else 'D2'}-2026-{500 - number:06}", area=area,
        unit=None if empty else name, level=None if empty else 2, level_set_on=None if empty else DAY,
        release_date=None if empty else DAY, eligible_until=None if empty else DAY, **ended,
    )  # fmt: skip
    rows.sentence(session, someone, case_id=case.id, area=area, unit=case.unit)
    rows.directory_entry(
        session, area=area, name=name, email=f"{number}@mappa.example", valid_from=None if empty else DAY,
    )  # fmt: skip
    duties_and_mail(session, case, number, name, empty)
    meetings_and_more(session, case, number, name, empty)


def duties_and_mail(session: Session, case: Case, number: int, name: str, empty: bool) -> None:
    """Add duties that tie in their dates, one of them paused, with a prompt and a message."""
    duty = rows.timescale(session, case, due_on=DAY, next_prompt_at=None if empty else rows.MORNING,
                          stuck_since=DAY if empty else None)  # fmt: skip
    rows.timescale(session, case, "prison_notice", due_on=DAY, state="met", met_on=DAY, next_prompt_at=None)
    paused = {"case_id": case.id, "timescale_id": duty.id, "revision": 1, "way": "snooze", "begins_on": DAY}
    for ended_on in (DAY, None if empty else DAY):
        over = {"ended_on": ended_on, "ended_because": None if ended_on is None else "over", "until": DAY}
        rows.added(session, Pause(reason=name, paused_by=name), paused | over)
    sent_at, state = (None, "uncertain") if empty else (rows.MORNING, "sent")
    message = rows.message(session, f"{name}{number}", sent_at=sent_at, recipient=f"{number}@x.example", state=state)
    rows.prompt(session, duty, message)
    rows.problem(session, f"hostile {number}", case_id=case.id, next_try_at=None if empty else rows.MORNING)
    draft = {"kind": "plan", "crn": case.person.crn, "data": {}, "reasons": [name], "kept_at": rows.MORNING}
    rows.added(session, Draft(kept_by=name), draft | {"settled_at": None if empty else rows.MORNING})


def meetings_and_more(session: Session, case: Case, number: int, name: str, empty: bool) -> None:
    """Add what comes of meetings and between them, all on one day."""
    for decided_on in (None, DAY):
        meeting_rows.referral(session, case, received_on=DAY, decided_on=decided_on)
    held = meeting_rows.meeting(session, case, state="held", chair_name=None if empty else name)
    planned = meeting_rows.meeting(session, case, number=2, uid=f"2{case.id:031x}")
    for meeting in (held, planned):
        meeting_rows.participant(session, meeting, name=name)
        meeting_rows.participant(session, meeting, name=NAMES[number - 1])
        meeting_rows.absence(session, meeting, settled_on=None if empty else DAY)
        meeting_rows.action(session, meeting, number=meeting.number, due_on=DAY, closed_on=None if empty else DAY)
        meeting_rows.minutes(session, meeting)
    rows.added(session, LevelSpell(case_id=case.id, level=2, since=DAY, reason=name, decided_by=name), {})
    rows.added(session, LevelSpell(case_id=case.id, level=2, since=DAY, reason=name, decided_by=name), {})
    fact = {"kind": "plan", "on_date": DAY, "data": {}, "recorded_by": name, "recorded_at": rows.MORNING}
    rows.added(session, Fact(case_id=case.id), fact)
    rows.added(session, Fact(case_id=case.id), fact)
    proposed = {"case_id": case.id, "number": 1, "meeting_id": held.id, "state": "proposed", "agency": "police"}
    texts = dict.fromkeys(("reason", "to_whom", "what", "how", "discloser_name", "proposed_by"), name)
    rows.added(session, Disclosure(**proposed), texts | {"proposed_on": DAY, "due_on": DAY})
    order = {"case_id": case.id, "person_id": case.person_id, "number": 1, "kind": "shpo", "court": name}
    days = {"starts_on": DAY, "known_on": DAY, "ends_on": None if empty else DAY, "conditions": name}
    rows.added(session, CourtOrder(**order), days)
    for place in (1, 2):
        happened = CustodyEvent(case_id=case.id, number=place, kind="recall", on_date=DAY, data={})
        rows.added(session, happened, {"recorded_at": rows.MORNING, "returned_on": None if empty else DAY})
    days = {"starts_on": date(2020, 1, 1), "ends_on": None if empty else DAY}
    spell = Spell(case_id=case.id, person_id=case.person_id, area=case.area, lead_agency="probation", level=2)
    rows.added(session, spell, days | {"unit": case.unit, "location": "community", "category": 1, "categories": [1]})
    for place in (1, 2):
        told = ReportedEvent(person_id=case.person_id, kind="licence_recall", on_date=date(2026, 3, 1), number=place)
        more = {"case_id": None if empty else case.id, "category": 1, "level": 2, "loaded_at": rows.MORNING}
        rows.added(session, told, more | {"area": case.area})
    transfer = {"case_id": case.id, "number": 1, "from_area": case.area, "to_area": "Kent", "proposed_on": DAY}
    rows.added(session, AreaTransfer(receiver_email="wendy@mappa.example", reason=name, proposed_by=name), transfer)


def sealed_anew(record: Record) -> None:
    """Seal every row as it lies there: a copy has the seals of the other database, whose rows read differently."""
    with record.writing() as session:
        seal(session, rows.MORNING, UPGRADE, reseal(session))


def copied(source: Record, target: Record) -> None:
    """Put every row into another, migrated record, those that came last first."""
    tables = Base.metadata.sorted_tables
    with source.engine.connect() as old:
        every = {table.name: old.execute(select(table)).mappings().all() for table in tables}
    with target.engine.begin() as new:
        new.execute(text("SET session_replication_role = replica"))
        for table in tables:
            new.execute(table.delete())
            if every[table.name]:
                new.execute(table.insert(), [dict(row) for row in reversed(every[table.name])])
            if "id" in table.c and table.c["id"].type.python_type is int and every[table.name]:
                count_on = "SELECT setval(pg_get_serial_sequence(:name, 'id'), :newest)"
                newest = max(row["id"] for row in every[table.name])
                new.execute(text(count_on), {"name": f'"{table.name}"', "newest": newest})


@contextmanager
def turned_about(file: Path, folder: Path) -> Iterator[str]:
    """Yield the URL of a copy of an SQLite file whose rows come the other way round where no order is asked for."""
    copy = folder / "turned.db"
    with closing(sqlite3.connect(file)) as old, closing(sqlite3.connect(copy)) as new:
        old.backup(new)

    def turn(connection: Any, _entry: Any) -> None:
        if isinstance(connection, sqlite3.Connection):
            connection.execute("PRAGMA reverse_unordered_selects=ON")

    event.listen(Engine, "connect", turn)
    try:
        yield f"sqlite:///{copy}"
    finally:
        event.remove(Engine, "connect", turn)
