"""The flow of the reports in Prefect: what it published, numbers that anybody may see, and nobody's case."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

import figures.published
from casework.loading.bank_holidays import ensure_calendar
from figures.pdf import NoPdfError
from flows import FLOWS
from models.record import Record
from policy.publishing import PUBLISHED
from tests.figures.annual.caseload import event, someone
from tests.support.prefect import Api

BEGUN, APRIL = datetime(2026, 3, 20, 8, tzinfo=UTC), datetime(2026, 4, 16, 8, tzinfo=UTC)


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Publish the outcomes alone, without a PDF, into a folder of the test."""

    def none(_page: object) -> bytes:
        raise NoPdfError

    monkeypatch.setattr(figures.published, "page_as_pdf", none)
    monkeypatch.setattr(figures.published, "PUBLISHED", PUBLISHED[2:3])
    monkeypatch.setenv("MAPPA_PUBLISH_REPORTS", "true")
    monkeypatch.setenv("MAPPA_REPORTS_DIR", str(tmp_path / "reports"))


@pytest.mark.usefixtures("quick", "prefect_server")
def test_a_run_shows_what_it_published_and_numbers_that_anybody_may_see(record: Record, api: Api) -> None:
    """Two of seven were recalled: fewer than five, which is held back. Nobody was reconvicted: none is no secret."""
    ensure_calendar(record, BEGUN)
    with record.writing() as session:
        for number in range(7):
            case = someone(session, f"WES-{number}", ("2025-01-01", "", 1, 2))
            if number < 2:
                event(session, case, "licence_recall", "2026-03-05", 1, 2)
    assert FLOWS["reports"](as_at=BEGUN, return_state=True).name == "Completed"
    state: Any = FLOWS["reports"](as_at=APRIL, return_state=True)
    assert state.name == "Completed"
    told = api("artifacts/filter", artifacts={"flow_run_id": {"any_": [str(state.state_details.flow_run_id)]}})
    tables = {one["key"]: json.loads(one["data"]) for one in told}
    assert {"subject": "Westmarch: outcomes 2026-Q4", "what": tables["reports-done"][1]["what"]} in tables[
        "reports-done"
    ]
    rows = {row["Outcome"]: row for row in tables["reports-westmarch-outcomes-2026-q4"]}
    assert rows["Recalled to custody"]["People"] == "held back"
    assert rows["Convicted of a lesser offence"]["People"] == "0"
    everything = json.dumps(told)
    assert [word for word in ("WES-", "X10", "Okonkwo", "Darren") if word in everything] == []
