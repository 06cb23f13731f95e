"""The desk under ten people at once: what 95 of 100 pages take, over HTTP, from a program of its own."""

import os
import re
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from email import message_from_bytes
from pathlib import Path
from random import random
from statistics import quantiles
from typing import Any

import httpx
from sqlalchemy import select

from bench import caseload
from bench.fresh_record import AS_AT, fresh
from models import Case
from models.record import Record
from sample.demo import free_port
from web.access import sessions

PEOPLE, ROUNDS, WARM, DUE = 10, 10, 2, 1000
READING_SECONDS = 1.0
"""The longest that somebody takes to read a page before they open the next, half of it as a rule."""
COORDINATOR = "coordinator@mappa_unit.example"
MANAGER = "om{number}@probation.example"
READY_SECONDS = 60
CODE = re.compile(rb"is (\d{6})\.", re.ASCII)
SIGNING_IN = "signing in"
FIRST_PAGE = "first page, kB with its style sheet"


def pages(url: str, cases: str) -> dict[str, Any]:
    """Make a caseload, let ten people read at once, and return the milliseconds of each kind of page."""
    record = fresh(url)
    caseload.build(record, int(cases) * len(caseload.KINDS), DUE, AS_AT)
    tokens = [sign_in(record, COORDINATOR if one % 2 else MANAGER.format(number=one)) for one in range(PEOPLE)]
    references = some_references(record)
    with tempfile.TemporaryDirectory() as folder:
        port = free_port()
        program = start(url, port, Path(folder))
        try:
            address = f"http://127.0.0.1:{port}"
            until_up(address)
            with ThreadPoolExecutor(PEOPLE) as people:
                told = list(people.map(lambda token: read(address, token, references), tokens))
            weight, came_in = (
                first_page(address, tokens[1]),
                [comes_in(address, Path(folder), one) for one in range(20)],
            )
        finally:
            program.terminate()
            program.wait()
    times: dict[str, list[float]] = defaultdict(list)
    for one in told:
        for what, taken in one.items():
            times[what] += taken
    return {what: quantiles(taken, n=20)[-1] * 1000 for what, taken in times.items()} | {
        SIGNING_IN: quantiles(came_in, n=20)[-1] * 1000, FIRST_PAGE: weight,
    }  # fmt: skip


def sign_in(record: Record, email: str) -> str:
    """Begin a session, and return its token."""
    with record.writing() as session:
        return sessions.begin(session, email, "Bench", "code", "bench", datetime.now(UTC))


def some_references(record: Record) -> list[str]:
    """Return the references of a few cases that the first managers and the coordinator both read."""
    with record.reading() as session:
        return list(session.scalars(select(Case.reference).order_by(Case.id).limit(50)))


def start(url: str, port: int, folder: Path) -> "subprocess.Popen[bytes]":
    """Start ``mappa desk``."""
    environment = {
        **os.environ,
        "MAPPA_DATABASE_URL": url,
        "MAPPA_MAIL_FOLDER": str(folder / "mail"),
        "MAPPA_DESK_PORT": str(port),
        "PYTHONPATH": str(Path.cwd()),
    }
    words = [sys.executable, "-c", "from cli.app import main; main()", "desk"]
    return subprocess.Popen(words, env=environment, cwd=folder, stdout=subprocess.DEVNULL)


def until_up(address: str) -> None:
    """Wait until the desk answers."""
    for _ in range(READY_SECONDS * 10):
        try:
            httpx.get(f"{address}/sign-in", trust_env=False)
        except httpx.TransportError:
            time.sleep(0.1)
        else:
            return
    raise TimeoutError("the desk did not start")


def read(address: str, token: str, references: list[str]) -> dict[str, list[float]]:
    """Read as one person does, page after page; return the seconds of each kind of page."""
    times: dict[str, list[float]] = defaultdict(list)
    with httpx.Client(base_url=address, cookies={"desk": token}, trust_env=False, timeout=60) as browser:
        mine = first_case(browser, references)
        kinds: dict[str, Callable[[int], str]] = {
            "Today": lambda _number: "/today",
            "search": lambda number: f"/cases?q=A{number:06d}",
            "search by name": lambda _number: "/cases?q=bench",
            "case": lambda _number: f"/cases/{mine}",
            "form": lambda _number: f"/cases/{mine}/record/referral",
        }
        for number in range(ROUNDS + WARM):
            for what, path in kinds.items():
                begun = time.perf_counter()
                answer = browser.get(path(number), follow_redirects=True)
                taken = time.perf_counter() - begun
                assert answer.status_code in (200, 403), (path(number), answer.status_code)
                if number >= WARM:
                    times[what].append(taken)
                time.sleep(READING_SECONDS * random())
    return times


def comes_in(address: str, folder: Path, number: int) -> float:
    """Sign in as a manager by a code; return the seconds for which the desk works for that: two answers."""
    email, mail = MANAGER.format(number=number), folder / "mail"
    before = set(mail.glob("*.eml"))
    with httpx.Client(base_url=address, trust_env=False) as browser:
        begun = time.perf_counter()
        browser.post("/sign-in", data={"email": email, "next": "/today"})
        asked = time.perf_counter() - begun
        while not (new := set(mail.glob("*.eml")) - before):
            time.sleep(0.01)
        found = CODE.search(message_from_bytes(new.pop().read_bytes()).get_payload(decode=True))  # type: ignore[arg-type]
        assert found is not None, "the e-mail has no code"
        begun = time.perf_counter()
        answer = browser.post("/sign-in/code", data={"email": email, "code": found[1].decode(), "next": "/today"})
        assert answer.status_code == 303, answer.status_code
        return asked + time.perf_counter() - begun


def first_case(browser: httpx.Client, references: list[str]) -> str:
    """Return the first of some cases that whoever is signed in may read."""
    return next(one for one in references if browser.get(f"/cases/{one}").status_code == 200)


def first_page(address: str, token: str) -> float:
    """Return what the first page weighs as it comes over the line, with its style sheet, in kB."""
    with httpx.Client(base_url=address, cookies={"desk": token}, trust_env=False) as browser:
        answers = [browser.get("/today"), browser.get("/assets/desk.css")]
        return sum(answer.num_bytes_downloaded for answer in answers) / 1000
