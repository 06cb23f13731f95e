"""Measurements of meetings: one hundred prepared, and a year of an area that lives.

Each is run by ``bench.measures`` in a process of its own.
"""

import tempfile
import time
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import func, select

from bench import area
from casework.loading.bank_holidays import ensure_calendar
from casework.loading.shipped_offences import ensure_offences
from models import Fact, Meeting, Message, Participant, Prompt
from models.record import Record
from tasks import deliver, meetings
from tasks.stage import run_stage
from tests.support.opened import opened, with_mail_in

TODAY = date(2026, 1, 5)
BEFORE = datetime(2025, 12, 1, tzinfo=UTC)


def fresh_area(url: str, cases: int, managed: int, asked: int = 7) -> Record:
    """Return a record with the area of the measurement."""
    record = opened(url)
    record.migrate()
    ensure_calendar(record, BEFORE)
    ensure_offences(record, BEFORE)
    area.build(record, cases, managed, TODAY, asked)
    return record


def prepare(url: str, cases: str, managed: str, count: str) -> dict[str, Any]:
    """Prepare meetings: lists of who must come, and an invitation with a calendar event for each; then send them."""
    wanted = int(count)
    record = fresh_area(url, int(cases), int(managed))
    area.plan_meetings(record, wanted, TODAY)
    as_at = area.at(TODAY)
    start = time.perf_counter()
    report = run_stage(record, meetings.STAGE, as_at)
    prepared = time.perf_counter() - start
    with tempfile.TemporaryDirectory() as folder:
        start = time.perf_counter()
        sent = run_stage(with_mail_in(record, Path(folder)), deliver.STAGE, as_at)
        delivered = time.perf_counter() - start
    with record.reading() as session:
        listed = session.scalar(select(func.count()).select_from(Participant))
        invited = session.scalar(select(func.count()).select_from(Prompt).where(Prompt.rung == "invitation 0"))
    assert report.count("done") == wanted, report
    assert sent.count("done") == invited, sent
    return {"seconds": prepared, "delivering": delivered, "listed": listed, "invited": invited}


def year(url: str, cases: str, managed: str, days: str) -> dict[str, Any]:
    """Simulate days of an area whose people answer: refer, meet, minute, act, stay away, report late."""
    from sample.answers import Answering
    from sample.simulate import Span, simulate

    record = fresh_area(url, int(cases), int(managed), asked=5)
    span = Span(TODAY, TODAY + timedelta(days=int(days) - 1))
    with tempfile.TemporaryDirectory() as folder:
        start = time.perf_counter()
        result = simulate(with_mail_in(record, Path(folder)), span, answering=Answering(record, seed=2026))
        seconds = time.perf_counter() - start
    with record.reading() as session:
        held = session.scalar(select(func.count()).select_from(Meeting).where(Meeting.state == "held"))
        messages = session.scalar(select(func.count()).select_from(Message))
        facts = session.scalar(select(func.count()).select_from(Fact))
    return {"seconds": seconds, "prompts": result.prompts, "meetings": held, "messages": messages, "facts": facts}
