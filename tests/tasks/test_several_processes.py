"""Several processes on one database: no rung is raised twice, no message leaves twice, no person has two cases."""

import os
from collections import Counter
from dataclasses import replace

import pytest
from sqlalchemy import func, select

from models.audit_seals import verify
from models.cases import Case
from models.obligations import Message, Prompt
from models.record import Record
from tasks.registry import STAGES
from tasks.stage import run_stage
from tests.support.killed import ended, start
from tests.support.opened import opened
from tests.support.smtp_sink import SmtpSink
from tests.support.story import DARREN, Story, at
from tests.support.told_once import told_once

PEOPLE = 60


@pytest.fixture
@told_once
def story(record: Record, tmp_path) -> Story:
    story = Story(record, tmp_path)
    story.load("2026-06-01", *({**DARREN, "crn": f"X32{n:04d}", "forenames": f"Darren {n}"} for n in range(PEOPLE)))
    return story


def together(url: str, stage: str, day: str, processes: int = 3, **environment: str) -> None:
    """Run a stage in several processes at once."""

    def run() -> None:
        os.environ.update(environment)
        report = run_stage(opened(url), replace(STAGES[stage], chunk=7), at(day))
        if report.count("failed"):
            raise AssertionError([o for o in report.outcomes if o.result == "failed"])

    children = [start(run) for _ in range(processes)]
    assert [ended(child) for child in children] == [0] * processes


def test_several_identifications_open_one_case_a_person(story):
    story.record.close()
    together(story.record.url, "identification", "2026-06-01")
    with story.record.reading() as session:
        assert session.scalar(select(func.count()).select_from(Case)) == PEOPLE
        references = session.scalars(select(Case.reference)).all()
        assert len(set(references)) == PEOPLE
        announced = Counter(session.scalars(select(Prompt.timescale_id).where(Prompt.rung == "identified")))
        assert set(announced.values()) == {1}
        assert list(verify(session)) == []


def test_several_sweepers_raise_each_rung_once(story):
    story.tick("2026-06-01")
    story.record.close()
    together(story.record.url, "prompts", "2026-09-14")
    with story.record.reading() as session:
        rows = session.execute(
            select(Prompt.timescale_id, Prompt.revision, Prompt.rung).where(Prompt.rung != "identified")
        ).all()
        # Three rungs of the prison notice, four of the referral, one of the level are due by then.
        assert len(rows) == len(set(rows)) == PEOPLE * 9
        assert list(verify(session)) == []


def test_several_deliverers_send_each_message_once(story):
    story.tick("2026-06-01")
    story.tick("2026-09-14")
    story.record.close()
    with SmtpSink() as sink:
        together(
            story.record.url,
            "deliver",
            "2026-09-14",
            MAPPA_TRANSPORT="smtp",
            MAPPA_SMTP_HOST="127.0.0.1",
            MAPPA_SMTP_PORT=str(sink.port),
            MAPPA_SMTP_STARTTLS="false",
            MAPPA_ALLOWED_DOMAINS="probation.example,mappa.example,prison.example,smb.example",
        )
        arrived = Counter(sink.header_ids)
    with story.record.reading() as session:
        due = {
            m.header_id: m.state for m in session.scalars(select(Message).where(Message.not_before <= at("2026-09-14")))
        }
    assert set(due.values()) == {"sent"}
    assert arrived == Counter(dict.fromkeys(due, 1))
