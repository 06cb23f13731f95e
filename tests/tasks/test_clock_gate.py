"""The gate before all work by the clock of this machine: who is stopped, who is told, and how it goes on."""

from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select

from models.audit import AuditEntry
from models.audit_seals import AuditSeal
from models.cases import Problem
from models.clock import now
from models.clock_mark import mark_of
from models.record import Record
from models.record_checks import RecordLostError
from models.settings import RecordSettings, shipped
from notifications.settings import MailSettings
from policy.clock import Fault
from service.clock import Clock
from service.prefect.runs import Runs
from tasks import clock_gate
from tasks.clock_gate import WrongClockError, confirm, let_in, refuse_wrong_clock
from tasks.moments import WrongMomentError
from tests.support.opened import opened
from tests.support.toys import Toy

HOUR, DAY, YEAR = timedelta(hours=1), timedelta(days=1), timedelta(days=365)
TEN_YEARS = timedelta(days=3653)


@pytest.fixture
def real(record: Record, tmp_path: Path) -> Record:
    """A record of real cases, whose operators have an address."""
    mail = record.settings(MailSettings).model_copy(
        update={"transport": "folder", "mail_folder": tmp_path / "mail", "operator_email": "ops@agency.example"}
    )
    return record.with_settings(shipped(RecordSettings), mail)


def ticked(record: Record, at: datetime | None) -> None:
    with record.writing() as session:
        mark_of(session).ticked_at = at


def kept(record: Record) -> datetime | None:
    with record.reading() as session:
        return mark_of(session).ticked_at


def told(record: Record) -> list[str]:
    """Return the open problems about the clock."""
    with record.reading() as session:
        return list(
            session.scalars(select(Problem.reason).where(Problem.subject == "clock", Problem.resolved_at.is_(None)))
        )


def letters(folder: Path) -> int:
    return len(list(folder.glob("mail/*.eml")))


def test_a_clock_that_is_right_is_let_in_and_kept_every_few_minutes(real: Record) -> None:
    present = now()
    let_in(real, present)
    first = kept(real)
    assert first is not None
    assert timedelta(0) <= first - present < timedelta(minutes=1)
    refuse_wrong_clock(real, first + timedelta(minutes=4))
    assert kept(real) == first
    refuse_wrong_clock(real, first + timedelta(minutes=5))
    assert kept(real) == first + timedelta(minutes=5)


@pytest.mark.parametrize(
    ("since", "said"),
    [
        (61 * DAY, "and the last tick was at .*, 61 days before; nothing was raised or sent"),
        (-HOUR - timedelta(seconds=1), "and the last tick was at .*, 1 h 0 min later; nothing was raised or sent"),
        (-YEAR, "and the last tick was at .*, 365 days later; nothing was raised or sent"),
    ],
)
def test_a_clock_out_of_the_ordinary_is_stopped_told_once_and_goes_on_when_it_is_right(
    real: Record, tmp_path: Path, since: timedelta, said: str
) -> None:
    present = now()
    ticked(real, present - since)
    for _ in range(3):
        with pytest.raises(WrongClockError, match=said):
            refuse_wrong_clock(real, present)
    assert kept(real) == present - since
    [reason] = told(real)
    assert "If the clock is wrong, set it: the work goes on by itself." in reason
    assert "mappa confirm clock --reason TEXT" in reason
    assert letters(tmp_path) == 1

    # Somebody sets it: what was told is settled.
    ticked(real, present - timedelta(minutes=1))
    refuse_wrong_clock(real, present)
    assert told(real) == []


def test_a_person_confirms_an_outage_and_it_is_written_down(real: Record) -> None:
    present = now()
    ticked(real, present - 90 * DAY)
    with pytest.raises(WrongClockError, match="90 days before"):
        refuse_wrong_clock(real, present)
    wrong = confirm(real, present, present + DAY, "The server was in repair", "Opal")
    assert wrong is not None
    assert wrong.fault is Fault.LONG_SILENCE
    assert told(real) == []
    refuse_wrong_clock(real, present)
    assert kept(real) == present
    with real.reading() as session:
        entry = session.scalars(select(AuditEntry).where(AuditEntry.action == "clock-confirmed")).one()
    assert (entry.actor, entry.after["reason"]) == ("Opal", "The server was in repair")
    # There is nothing more to be confirmed, and nothing more is written.
    assert confirm(real, present, present + DAY, "Again", "Opal") is None


def test_a_clock_confirmed_by_mistake_can_be_taken_back(real: Record) -> None:
    present = now()
    ticked(real, present + TEN_YEARS)
    with pytest.raises(WrongClockError, match="3,653 days later"):
        refuse_wrong_clock(real, present)
    assert confirm(real, present, present + DAY, "It was ten years ahead", "Opal") is not None
    refuse_wrong_clock(real, present)
    assert kept(real) == present


def test_the_first_tick_of_a_record_is_held_against_its_newest_seal(real: Record) -> None:
    present = now()
    with real.writing() as session:
        for one in session.scalars(select(AuditSeal)):
            one.at = present - 61 * DAY
    with pytest.raises(WrongClockError, match="61 days before"):
        refuse_wrong_clock(real, present)
    # A seal ahead is of a replayed future: it says nothing.
    with real.writing() as session:
        for one in session.scalars(select(AuditSeal)):
            one.at = present + 61 * DAY
    refuse_wrong_clock(real, present)


@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
@pytest.mark.parametrize("ahead", [TEN_YEARS, timedelta(minutes=16), timedelta(minutes=-16)])
def test_the_database_server_is_asked_for_the_time(real: Record, ahead: timedelta) -> None:
    present = now() + ahead
    with pytest.raises(WrongClockError, match="and that of the database server"):
        refuse_wrong_clock(real, present)
    # Its clock is the wrong one: it counts for nothing until the moment that was given, and no longer.
    confirm(real, present, present + HOUR, "The server's clock is wrong", "Opal")
    refuse_wrong_clock(real, present + timedelta(minutes=59))
    with pytest.raises(WrongClockError, match="the database server"):
        refuse_wrong_clock(real, present + timedelta(minutes=61))


def test_a_rehearsal_and_a_record_of_invented_cases_are_asked_nothing(real: Record, record: Record) -> None:
    ticked(real, now() - YEAR)
    let_in(real, now() - DAY, dry_run=True)
    let_in(record, now() + TEN_YEARS)
    assert told(real) == []
    with pytest.raises(WrongMomentError):
        let_in(real, now() + DAY)


def test_no_run_and_no_beat_does_anything_by_a_wrong_clock(real: Record, caplog: pytest.LogCaptureFixture) -> None:
    present = now()
    ticked(real, present - 61 * DAY)
    toy, worked = Toy({1}), []
    runs = Runs(real, None)
    clock = Clock(real, [toy.stage("prompts")], runs, now, worked=lambda: worked.append(1))
    assert clock.beat() == clock.beat() == []
    for run in (runs.run, runs.plainly):
        with pytest.raises(WrongClockError):
            run(toy.stage("prompts"), present)
    with pytest.raises(WrongClockError):
        runs.run_case("LON-2026-000001", present)
    assert (toy.chunks, worked) == ([], [])
    assert caplog.text.count("61 days before") == 1

    confirm(real, present, present + DAY, "Outage", "Opal")
    [ran] = clock.beat()
    assert (ran.report.waited, worked) == (1, [1])
    assert "the clock of this machine is believed again: work goes on" in caplog.text


def test_two_who_find_it_at_once_tell_it_once(real: Record, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ticked(real, now() - YEAR)
    monkeypatch.setattr(clock_gate, "is_told", lambda session: False)
    for _ in range(2):
        with pytest.raises(WrongClockError):
            refuse_wrong_clock(real, now())
    with real.reading() as session:
        assert session.scalar(select(func.count()).where(Problem.subject == "clock")) == 1
    assert letters(tmp_path) == 1


def test_a_record_whose_file_is_taken_away_is_not_worked_on(sqlite_record: Record, tmp_path: Path) -> None:
    refuse_wrong_clock(opened(sqlite_record.url).with_settings(shipped(RecordSettings)), now())
    (tmp_path / "record.db").rename(tmp_path / "elsewhere.db")
    with pytest.raises(RecordLostError, match=r"record\.db is not there any more: stop the program"):
        refuse_wrong_clock(sqlite_record, now())
    (tmp_path / "record.db").touch()
    with pytest.raises(RecordLostError, match=r"record\.db is empty"):
        refuse_wrong_clock(sqlite_record, now())
