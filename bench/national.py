"""08:00 in the whole country: 90,000 cases, 5,000 prompts due, each to somebody else, until a mail server has them all.

Three processes share the work, as workers of a fleet do; the mail server runs on the same machine.
"""

import json
import os
import subprocess
import sys
import time
from dataclasses import replace
from datetime import UTC, date
from datetime import time as clock_time
from typing import Any

from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from bench import caseload
from models import Case, Message, Prompt
from policy.calendar import london_time
from tasks.registry import STAGES
from tasks.stage import run_stage
from tests.support.opened import opened
from tests.support.smtp_sink import SmtpSink

EIGHT = london_time(date(2026, 11, 23), clock_time(8)).astimezone(UTC)
PROCESSES = 3
CHUNK = 500
"""Of a sweep: small enough that three processes share it."""
GIVE_UP_SECONDS = 1200


def morning(url: str, cases: str, due: str) -> dict[str, Any]:
    """Make the caseload, let the processes work, and time them from 08:00 to the last message accepted."""
    from bench.fresh_record import fresh

    record = fresh(url)
    caseload.build(record, int(cases) * len(caseload.KINDS), int(due), EIGHT)
    with record.writing() as session:
        each_to_somebody_else(session)
        people = session.scalar(select(func.count()).select_from(Case))
    with SmtpSink() as sink:
        workers = [start_worker(url, sink.port) for _ in range(PROCESSES)]
        for worker in workers:
            assert worker.stdout is not None
            assert worker.stdout.readline() == b"ready\n"
        begun = time.perf_counter()
        for worker in workers:
            assert worker.stdin is not None
            worker.stdin.write(b"go\n")
            worker.stdin.flush()
        answers = [worker.communicate(timeout=GIVE_UP_SECONDS)[0] for worker in workers]
        seconds = time.perf_counter() - begun
        accepted = len(set(sink.header_ids))
        doubled = len(sink.header_ids) - accepted
    assert [worker.returncode for worker in workers] == [0] * PROCESSES
    with record.reading() as session:
        prompts = session.scalar(select(func.count()).select_from(Prompt))
        messages = session.scalar(select(func.count()).select_from(Message))
        sent = session.scalar(select(func.count()).select_from(Message).where(Message.state == "sent"))
    assert prompts == int(due), prompts
    assert (messages, doubled) == (sent, 0), (messages, sent, doubled)
    assert accepted == messages, (accepted, messages)
    return {
        "cases": people,
        "prompts": prompts,
        "messages": messages,
        "sweep": max(json.loads(answer)["swept"] for answer in answers),
        "seconds": seconds,
    }


def each_to_somebody_else(session: Session) -> None:
    """Give every case managers of its own: that is the most messages there can be, as no digest gathers two prompts."""
    for role in ("offender_manager", "line_manager"):
        session.execute(text(f"UPDATE \"case\" SET {role}_email = '{role}' || id || '@probation.example'"))


def start_worker(url: str, port: int) -> "subprocess.Popen[bytes]":
    """Start a process that is ready to work and waits for the word."""
    environment = {
        **os.environ,
        "MAPPA_DATABASE_URL": url,
        "MAPPA_TRANSPORT": "smtp",
        "MAPPA_SMTP_HOST": "127.0.0.1",
        "MAPPA_SMTP_PORT": str(port),
        "MAPPA_SMTP_STARTTLS": "false",
        "MAPPA_ALLOWED_DOMAINS": "probation.example,prison.example,smb.example",
    }
    words = [sys.executable, "-m", "bench.national", url]
    return subprocess.Popen(words, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE)


def work(url: str) -> None:
    """Sweep and deliver until nothing waits, beside the others."""
    record = opened(url)
    with record.reading() as session:
        session.execute(text("SELECT 1"))
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    sys.stdin.readline()
    begun = time.perf_counter()
    sweep = run_stage(record, replace(STAGES["prompts"], chunk=CHUNK), EIGHT)
    swept = time.perf_counter() - begun
    failed = sweep.count("failed")
    while True:
        delivered = run_stage(record, STAGES["deliver"], EIGHT)
        failed += delivered.count("failed")
        with record.looking() as session:
            if not session.scalar(select(func.count()).select_from(Message).where(Message.state != "sent")):
                break
    assert failed == 0, failed
    sys.stdout.write(json.dumps({"swept": swept}) + "\n")


if __name__ == "__main__":
    work(sys.argv[1])
