"""What ``mappa serve`` costs a machine on which nothing is due, how soon it is up, and how soon it takes up a fact.

Work is measured by the processor time of the whole family of processes, so that other programs on the machine
do not count; the seconds to be ready and to take up a fact are those of the wall, and do.
"""

import csv
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import httpx
import psutil

from casework.loading import load_sentences
from models.clock import now
from models.record import Record
from policy.book import shipped_book
from sample.area import sentence_rows
from sample.names import SENTENCE_COLUMNS
from service.prefect.secret import signed_in

ROOT = Path(__file__).resolve().parent.parent
SETTLE_SECONDS = 15.0
"""How long a program that has just come up is left alone before its idle cost is measured."""
LOOK_SECONDS = 0.05


class Served:
    """A ``mappa serve`` in a folder of its own."""

    def __init__(self, folder: Path) -> None:
        """Start it."""
        self.port, self.desk_port, self.out = free_port(), free_port(), folder / "out.txt"
        self.prefect_home = folder / "var" / "prefect"
        kept = {k: v for k, v in os.environ.items() if not k.startswith(("PREFECT", "MAPPA"))}
        environment = {
            **kept,
            "PYTHONPATH": str(ROOT),
            "MAPPA_DATABASE_URL": url_in(folder),
            "MAPPA_MAIL_FOLDER": str(folder / "mail"),
            "MAPPA_STATE_DIR": str(folder / "var"),
            "MAPPA_PREFECT_PORT": str(self.port),
            "MAPPA_DESK_PORT": str(self.desk_port),
        }
        self.begun = time.perf_counter()
        words = [sys.executable, "-c", "from cli.app import main; main()", "serve"]
        with self.out.open("w") as out:
            self.process = subprocess.Popen(words, env=environment, cwd=folder, stdout=out, stderr=out)
        self.ready = self.until(lambda: "ready after" in self.out.read_text(), self.begun)

    def until(self, seen: Callable[[], Any], begun: float, seconds: float = 180) -> float:
        """Return the seconds from ``begun`` until something is seen."""
        while not seen():
            if time.perf_counter() - begun > seconds:
                raise AssertionError(f"not seen within {seconds:.0f} seconds; it printed: {self.out.read_text()}")
            time.sleep(LOOK_SECONDS)
        return time.perf_counter() - begun

    def family(self) -> list[psutil.Process]:
        """Return the process and every one it has started that lives."""
        head = psutil.Process(self.process.pid)
        return [head, *head.children(recursive=True)]

    def ran(self, flow: str) -> bool:
        """Tell whether Prefect shows a run of a flow that has begun."""
        asked = {"flow_runs": {"name": {"like_": f"{flow} · "}}}
        url, secret = f"http://127.0.0.1:{self.port}/api/flow_runs/filter", signed_in(self.prefect_home)
        answer = httpx.post(url, json=asked, auth=secret, timeout=30, trust_env=False)
        return answer.is_success and any(run["start_time"] for run in answer.json())

    def stop(self) -> None:
        """Stop it as Ctrl-C does."""
        self.process.send_signal(signal.SIGINT)
        self.process.wait(60)


def free_port() -> int:
    """Return a port nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def url_in(folder: Path) -> str:
    """Return the URL of the record in a folder."""
    return f"sqlite:///{folder}/record.db"


def processor_seconds(processes: list[psutil.Process]) -> float:
    """Return the processor time that processes have used, and those of their children that have ended."""
    return float(sum(sum(process.cpu_times()[:4]) for process in processes))


def idle(served: Served, seconds: float) -> tuple[float, float]:
    """Return the share of one core in percent, and the megabytes, of a program with nothing to do."""
    time.sleep(SETTLE_SECONDS)
    family = served.family()
    before, begun = processor_seconds(family), time.perf_counter()
    time.sleep(seconds)
    used, lasted = processor_seconds(family) - before, time.perf_counter() - begun
    return 100 * used / lasted, sum(process.memory_info().rss for process in family) / 2**20


def take_up(served: Served, folder: Path) -> float:
    """Return the seconds from the commit of a new sentence to the begin of its flow run, as Prefect shows it."""
    path = folder / "one.csv"
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, SENTENCE_COLUMNS)
        writer.writeheader()
        writer.writerow(next(iter(sentence_rows(today=date.today(), people=1, faults=False))))  # noqa: DTZ011
    record = Record(url_in(folder), shipped_book())
    report = load_sentences(record, path, as_at=now(), actor="bench")
    begun = time.perf_counter()
    assert report.added == 1, report
    return served.until(lambda: served.ran("identification"), begun)


def serve(seconds: str) -> dict[str, Any]:
    """Start ``mappa serve`` in an empty folder and again; measure it idle for so many seconds; give it a fact."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        first = Served(folder)
        first.stop()
        again = Served(folder)
        try:
            percent, mb = idle(again, float(seconds))
            fact = take_up(again, folder)
        finally:
            again.stop()
    return {"first": first.ready, "again": again.ready, "percent": percent, "mb": mb, "fact": fact}
