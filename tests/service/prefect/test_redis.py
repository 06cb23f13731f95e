"""A Prefect server whose Redis is away: noticed, told, and waited for by nobody.

Tried with Prefect 3.9.1 and Redis 7.0: a server whose Redis is gone answers the renewal of a lease with 500 after three
seconds, and that of one that hangs not at all, while /health and /ready say that all is well. A stand-in does so here.
"""

import json
import logging
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Thread

import pytest
from prefect.settings import PREFECT_API_AUTH_STRING, PREFECT_CLIENT_MAX_RETRIES, temporary_settings

from models.record import Record
from service.clock import Clock
from service.prefect import redis
from service.prefect.redis import reaches_redis
from service.prefect.runs import Runs
from service.prefect.worker_runs import WorkerRuns
from tests.support.command_line import Mappa
from tests.support.toys import Toy

EIGHT = datetime(2026, 7, 10, 7, 0, tzinfo=UTC)
GONE, THERE = 500, 410
HANGS = 0


class PrefectOfSeveral(ThreadingHTTPServer):
    """What is asked of a server that is well itself; ``redis``: how it answers what needs Redis."""

    daemon_threads = True
    redis = GONE
    answers_reads = 200

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.over, self.asked = Event(), list[str]()

    @property
    def api_url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/api"


class Handler(BaseHTTPRequestHandler):
    server: PrefectOfSeveral

    def do_GET(self) -> None:
        if self.path == "/api/health":
            self.answer(200)
        else:
            self.answer(self.server.answers_reads if "Authorization" in self.headers else 401)

    def do_POST(self) -> None:
        self.server.asked.append(self.path)
        if self.server.redis == HANGS:
            self.server.over.wait(30)
            return
        self.answer(self.server.redis)

    def answer(self, code: int) -> None:
        body = json.dumps(code == 200).encode()
        self.send_response(code)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def server() -> Iterator[PrefectOfSeveral]:
    with PrefectOfSeveral() as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield server
        server.over.set()
        server.shutdown()


def test_a_server_that_needs_no_redis_reaches_it(prefect_server: str) -> None:
    """Prefect's own, in its own process."""
    assert reaches_redis(prefect_server, None)


@pytest.mark.parametrize(("answer", "reached"), [(THERE, True), (401, True), (404, True), (GONE, False), (503, False)])
def test_a_server_that_fails_at_a_lease_that_nobody_holds_does_not_reach_it(
    server: PrefectOfSeveral, answer: int, reached: bool
) -> None:
    server.redis = answer
    assert reaches_redis(server.api_url, None) is reached


def test_that_no_server_is_there_is_not_the_fault_of_redis() -> None:
    assert reaches_redis("http://127.0.0.1:9/api", None)


@pytest.mark.parametrize("kind", [Runs, WorkerRuns])
@pytest.mark.parametrize("answer", [GONE, HANGS])
def test_a_clock_does_the_work_itself_says_so_once_and_asks_again_when_redis_is_back(
    record: Record,
    server: PrefectOfSeveral,
    kind: type[Runs],
    answer: int,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    monkeypatch.setattr(redis.reaches_redis, "__defaults__", (0.3,))
    server.redis = answer
    runs = kind(record, server.api_url, rest_seconds=60)
    toys = [Toy({1}), Toy({2})]
    clock = Clock(record, [toy.stage(f"stage_{n}") for n, toy in enumerate(toys)], runs, lambda: EIGHT)
    begun = time.monotonic()
    clock.beat()
    # Asked once, and then left alone: no stage after the first waits for it.
    assert time.monotonic() - begun < 5
    assert ([toy.handled for toy in toys], len(server.asked)) == ([[1], [2]], 1)
    server.redis, runs._rests_until = THERE, 0.0
    assert runs.prefect_answers()
    assert [one.message for one in caplog.records if one.levelno >= logging.WARNING] == [
        "Prefect does not reach its Redis: work goes on without it for 60 seconds",
        "Prefect is back: runs are reported to it again",
    ]


def test_doctor_and_install_say_so(mappa: Mappa, server: PrefectOfSeveral, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PREFECT_API_URL", server.api_url)
    monkeypatch.setenv("PREFECT_API_AUTH_STRING", "mappa:open sesame")
    [told] = [one for one in mappa("doctor", "--json").document["checks"] if one["check"] == "Prefect"]
    assert (told["state"], told["said"]) == (
        "warning",
        f"the server at {server.api_url} answers, but does not reach its Redis: no worker is handed a run, "
        "and work goes on without them",
    )
    assert "PREFECT_REDIS_MESSAGING_HOST" in told["to_do"]
    refused = mappa("automations", "install")
    assert refused.code == 1
    assert f"the Prefect server at {server.api_url} does not reach its Redis" in " ".join(refused.err.split())


def test_a_server_that_refuses_a_run_is_asked_again_soon(
    record: Record, server: PrefectOfSeveral, caplog: pytest.LogCaptureFixture
) -> None:
    """As one on SQLite does whose file is locked. The beat does the work, and tries no second time."""
    server.redis = THERE
    server.answers_reads = 503
    toy = Toy({1})
    runs = WorkerRuns(record, server.api_url)
    secret = {PREFECT_CLIENT_MAX_RETRIES: 0, PREFECT_API_AUTH_STRING: "mappa:pw"}
    with temporary_settings(secret):
        Clock(record, [toy.stage("prompts")], runs, lambda: EIGHT).beat()
    assert toy.handled == [1]
    assert [one.message for one in caplog.records if one.levelno >= logging.WARNING] == [
        "Prefect answered 503 when asked for a run of prompts: work goes on without it for 10 seconds"
    ]
