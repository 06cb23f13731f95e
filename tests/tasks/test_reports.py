"""The reports of an area: each published once, whole and in order, whatever is killed, down or in the way."""

import json
import signal
import sys
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

import figures.published
from casework.loading.bank_holidays import ensure_calendar
from figures.pdf import NoPdfError
from figures.published import folder_of
from figures.settings import FigureSettings
from models.audit import AuditEntry
from models.audit_seals import verify
from models.cases import Problem
from models.checkpoints import REPORT_POINTS
from models.people import Person
from models.publications import Publication
from models.record import Record
from models.settings import read
from policy.publishing import PUBLISHED
from tasks.registry import STAGES
from tasks.stage import StageReport, run_stage, what_waits
from tests.figures.annual.caseload import event, someone
from tests.support.killed import die_at, ended, start
from tests.support.opened import opened
from tests.support.story import at

STAGE = STAGES["reports"]
BEGUN, APRIL, JULY = at("2026-03-20"), at("2026-04-16"), at("2026-07-14")
OF_MARCH = ["indicators 2026-03", "indicators 2026-Q4", "outcomes 2026-Q4", "board 2026-Q4", "board-lay 2026-Q4",
            "annual 2026"]  # fmt: skip
# Ten working days after 30 April, 31 May and 30 June 2026: 15 May, 12 June, 14 July.
LATER = ["indicators 2026-04", "indicators 2026-05", "indicators 2026-06", "indicators 2027-Q1"]


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """A PDF takes longer than all else together: tests/cli and tests/figures make some."""

    def none(_page: object) -> bytes:
        raise NoPdfError

    monkeypatch.setattr(figures.published, "page_as_pdf", none)


@pytest.fixture
def indicators_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """Publish the indicators alone: what is asked is the same of any report."""
    monkeypatch.setattr(figures.published, "PUBLISHED", PUBLISHED[:2])


@pytest.fixture
def ready(record: Record, tmp_path: Path) -> Record:
    """A record that publishes into a folder of the test, with two people of Westmarch."""
    ensure_calendar(record, BEGUN)
    with record.writing() as session:
        for name in ("C-1", "C-2"):
            event(session, someone(session, name, ("2025-01-01", "", 1, 2)), "licence_recall", "2026-03-05", 1, 2)
    return publishing(record, tmp_path)


def publishing(record: Record, folder: Path) -> Record:
    return record.with_settings(read(FigureSettings, publish_reports=True, reports_dir=folder / "reports"))


def run(record: Record, as_at: datetime, area: str | None = None) -> StageReport:
    return run_stage(record, STAGE, as_at, area)


def published(record: Record) -> list[str]:
    """Return what was published, by the trail: in the order in which it was."""
    query = select(AuditEntry.subject).where(AuditEntry.action == "report-published")
    with record.reading() as session:
        assert list(verify(session)) == []
        done = select(Publication).where(Publication.published_at.is_not(None))
        rows = sorted(f"{one.report} {one.period}" for one in session.scalars(done))
        told = list(session.scalars(query.order_by(AuditEntry.id)))
    assert sorted(told) == rows
    return told


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_an_area_publishes_after_each_period_what_ran_when_it_came(ready: Record, tmp_path: Path) -> None:
    assert [one.detail for one in run(ready, BEGUN).outcomes] == ["6 reports planned"]
    assert run(ready, APRIL - timedelta(days=1)).waited == 0
    assert run(ready, APRIL).count("done") == 1 + len(OF_MARCH)
    assert published(ready) == OF_MARCH
    assert run(ready, APRIL + timedelta(hours=1)).waited == 0
    reports = tmp_path / "reports" / "Westmarch"
    assert names(reports) == ["2026", "2026-03", "2026-Q4"]
    assert names(reports / "2026-Q4") == ["board", "board-lay", "indicators", "outcomes"]
    assert {"annual.html", "annual.json", "eligible.csv"} < set(names(reports / "2026" / "annual"))
    told = json.loads((reports / "2026-Q4" / "outcomes" / "outcomes.json").read_bytes())
    [table] = [one for one in told["tables"] if one["id"] == "outcomes"]
    assert table["cells"]["recall"]["people"] == 2
    folders = [tmp_path / "reports", *(path for path in (tmp_path / "reports").rglob("*") if path.is_dir())]
    assert {path.stat().st_mode & 0o777 for path in folders} == {0o700}
    files = [path for path in reports.rglob("*") if path.is_file()]
    assert {path.stat().st_mode & 0o777 for path in files} == {0o600}
    with ready.reading() as session:
        crns = session.scalars(select(Person.crn)).all()
    assert [path for path in files if any(crn.encode() in path.read_bytes() for crn in crns)] == []


def test_a_day_begins_at_midnight_in_london(ready: Record) -> None:
    """16 April 2026 begins at 23:00 UTC of the 15th, as clocks are on summer time since 29 March."""
    run(ready, BEGUN)
    assert what_waits(ready, STAGE, datetime(2026, 4, 15, 22, 59, 59, tzinfo=UTC)) == []
    assert what_waits(ready, STAGE, datetime(2026, 4, 15, 23, 0, tzinfo=UTC)) != []


@pytest.mark.usefixtures("indicators_alone")
def test_after_an_outage_of_months_each_is_published_once_in_order(ready: Record) -> None:
    run(ready, BEGUN)
    assert run(ready, JULY).count("failed") == 0
    assert published(ready) == [*OF_MARCH[:2], *LATER]
    assert run(ready, JULY).waited == 0


@pytest.mark.usefixtures("indicators_alone")
def test_a_run_leaves_what_is_too_much_for_it_to_the_next(ready: Record, monkeypatch: pytest.MonkeyPatch) -> None:
    run(ready, BEGUN)
    # One plans what comes next, one publishes.
    monkeypatch.setattr(sys.modules[__name__], "STAGE", replace(STAGE, most=2))
    assert [run(ready, APRIL).count("done") for _ in range(3)] == [2, 1, 0]
    assert published(ready) == OF_MARCH[:2]


@pytest.mark.usefixtures("indicators_alone")
@pytest.mark.parametrize("point", REPORT_POINTS)
def test_killed_anywhere_a_report_is_whole_and_published_once(ready: Record, tmp_path: Path, point: str) -> None:
    run(ready, BEGUN)
    ready.close()

    def at_work() -> None:
        die_at(point, 1)
        run(publishing(opened(ready.url), tmp_path), APRIL)

    # The first chunk plans what comes after: it is committed before anything is published.
    assert ended(start(at_work)) == -signal.SIGKILL
    assert published(ready) == []
    assert run(ready, APRIL).count("failed") == 0
    assert published(ready) == OF_MARCH[:2]
    month = tmp_path / "reports" / "Westmarch" / "2026-03"
    assert names(month) == ["indicators"]
    assert {"indicators.html", "indicators.json", "targets.csv"} < set(names(month / "indicators"))


@pytest.mark.usefixtures("indicators_alone")
def test_two_processes_publish_each_report_once(ready: Record, tmp_path: Path) -> None:
    ready.close()

    def at_work() -> None:
        record = publishing(opened(ready.url), tmp_path)
        assert run(record, BEGUN).count("failed") == 0
        assert run(record, APRIL).count("failed") == 0

    assert [ended(child) for child in [start(at_work) for _ in range(2)]] == [0, 0]
    assert published(ready) == OF_MARCH[:2]


@pytest.mark.usefixtures("indicators_alone")
def test_a_folder_that_cannot_be_written_keeps_no_other_area_from_its_reports(ready: Record, tmp_path: Path) -> None:
    with ready.writing() as session:
        someone(session, "E-1", ("2025-01-01", "", 1, 2), area="East/mere")
    run(ready, BEGUN)
    blocked = folder_of(tmp_path / "reports", "East/mere", "2026-03", "x").parent.parent
    blocked.parent.mkdir()
    blocked.write_text("in the way")
    assert run(ready, APRIL, "East/mere").count("failed") == len(OF_MARCH[:2])
    assert published(ready) == []
    assert run(ready, APRIL).count("done") == 1 + len(OF_MARCH[:2])
    with ready.reading() as session:
        problems = session.scalars(select(Problem.stage).where(Problem.resolved_at.is_(None))).all()
        assert problems == ["reports"] * len(OF_MARCH[:2])
    blocked.unlink()
    assert run(ready, APRIL + timedelta(hours=1)).count("done") == len(OF_MARCH[:2])
    assert names(tmp_path / "reports") == ["East%2Fmere", "Westmarch"]


def test_nothing_is_published_where_the_setting_says_so(ready: Record) -> None:
    off = ready.with_settings(read(FigureSettings, publish_reports=False))
    assert run(off, BEGUN).waited == run(off, APRIL).waited == 0


def test_what_a_run_shows_names_no_case_and_holds_small_numbers_back(sqlite_record: Record, tmp_path: Path) -> None:
    """Two of seven people were recalled: fewer than five, so the number does not stand there, nor the share."""
    ensure_calendar(sqlite_record, BEGUN)
    with sqlite_record.writing() as session:
        for number in range(7):
            case = someone(session, f"C-{number}", ("2025-01-01", "", 1, 2))
            if number < 2:
                event(session, case, "licence_recall", "2026-03-05", 1, 2)
    ready = publishing(sqlite_record, tmp_path)
    run(ready, BEGUN)
    outcomes = run(ready, APRIL).outcomes
    shown = json.dumps([(one.subject, one.detail, one.figures) for one in outcomes])
    assert "C-1" not in shown
    [of_outcomes] = [one for one in outcomes if one.subject == "Westmarch: outcomes 2026-Q4"]
    rows = {row["Outcome"]: (row["People"], row["Of"], row["Share"]) for row in of_outcomes.figures}
    assert rows["Recalled to custody"] == ("held back", "7", "held back")
    assert rows["Further victimisation"] == ("0", "7", "0.0%")
    assert [one.figures for one in outcomes if one.subject == "Westmarch: board 2026-Q4"] == [()]
