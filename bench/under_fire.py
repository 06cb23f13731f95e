"""A whole fleet under fire on a morning of the whole country: each part is killed, one after another, at random.

A Prefect server, three workers and two clocks share a record on PostgreSQL: 90,000 cases, 5,000 prompts due, each to
somebody else; and all the while files are loaded that make more due. Desk and API are asked meanwhile, and may refuse
nothing.

    python -m bench.under_fire [--seconds 300] [--cases 90000] [--due 5000] [--seed 1]

Prefect's server keeps its own SQLite: on PostgreSQL it wants pg_trgm, which the server in the wheel has not.
Not a measurement: it prints what happened, and fails where something was lost or done twice. The same without
Prefect's workers, and in seconds, is tests/operations/test_a_fleet_under_fire.py.
"""

import argparse
import json
import os
import random
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import httpx

from bench import caseload
from bench.databases import Databases, databases
from bench.national import each_to_somebody_else
from bench.readers import Readers
from casework.loading.bank_holidays import ensure_calendar
from casework.loading.shipped_offences import ensure_offences
from deploy.processes.keeper import Keeper, Part
from models.clock import now
from models.record import Record, read_policies
from models.settings import as_variables, shipped
from notifications.settings import MailSettings
from policy.calendar import london_date
from sample.demo import free_port
from tasks.clock_gate import confirm
from tests.support.chaos import finish, look_at_messages, passed_over, prompts
from tests.support.opened import opened
from tests.support.smtp_sink import SmtpSink
from tests.support.story import DARREN, Story

ROOT = Path(__file__).parent.parent
PEOPLE = 20
POOL = "mappa"
# Messages leave at any hour: the bench runs when it is run, but on a working day, as on another none leaves.
POLICY = 'version = "night"\nin_force_from = 2013-01-01\nbase = "P2012"\n\n[prompting]\nfrom_hour = 0\n'
SATURDAY = 5
READY_SECONDS = 120
LET_GO_SECONDS = 30


def people(batch: int, today: date) -> Iterator[dict[str, str]]:
    """People who are released in five and a half months: by now rungs of theirs are due."""
    release = (today + timedelta(days=170)).isoformat()
    for n in range(PEOPLE):
        managers = {
            f"{role}_email": f"{role}{n}-{batch}@probation.example" for role in ("offender_manager", "line_manager")
        }
        yield {
            **DARREN,
            "crn": f"X{batch:03d}{n:03d}",
            "forenames": f"Darren {batch} {n}",
            "conditional_release_date": release,
            **managers,
        }


@dataclass(frozen=True)
class Fleet:
    """The processes of a fleet; none is started again but by the fire, and none may end by itself."""

    keeper: Keeper
    environment: dict[str, str]

    def start(self, name: str) -> None:
        """Start a process by its name: server, worker-N, clock-N or desk."""
        port = self.environment["PREFECT_API_URL"].rpartition(":")[2].partition("/")[0]
        mappa = ["-c", "from cli.app import main; main()"]
        words = {
            "server": ["-m", "service.prefect.child", "127.0.0.1", port, str(os.getpid())],
            "worker": ["-m", "prefect", "worker", "start", "--pool", POOL, "--type", "process", "--name", name],
            "clock": [*mappa, "clock", "--through-workers"],
            "desk": [*mappa, "desk"],
        }[name.partition("-")[0]]
        self.keeper.start(Part(name, [sys.executable, *words], self.environment))

    def kill(self, name: str) -> None:
        """Kill a process and everything it has started, as a machine does that loses its power."""
        assert self.keeper.ended == [], f"ended by themselves: {self.keeper.ended}; see {self.keeper.folder}"
        self.keeper.kill(name)

    def prefect(self, *words: str) -> None:
        """Run Prefect's command line."""
        subprocess.run(
            [sys.executable, "-m", "prefect", *words], env=self.environment, cwd=ROOT, check=True, capture_output=True
        )


def run(seconds: float, seed: int, size: tuple[int, int], its: Databases, folder: Path) -> dict[str, Any]:
    """Let the fleet work and die; hold the record against one that worked in peace; return what happened.

    ``size``: how many cases there are when it begins, and how many prompts are due.
    """
    dice, today = random.Random(seed), london_date(now())
    policies = folder / "policies"
    policies.mkdir()
    (policies / "night.toml").write_text(POLICY, encoding="utf-8")
    first = its.fresh()
    prepared(opened(first, read_policies(policies)), folder, today, *size)
    urls = [first, its.fresh(first)]
    records = [opened(url, read_policies(policies)) for url in urls]
    stories = [Story(record, folder) for record in records]
    batches = 1
    with SmtpSink() as sink, the_fleet(urls[0], folder, sink.port) as fleet:
        names = ["worker-1", "worker-2", "worker-3", "clock-1", "clock-2"]
        for name in [*names, "desk"]:
            fleet.start(name)
        victims = one_after_another([*names, "server"], dice)
        readers = Readers(f"http://127.0.0.1:{fleet.environment['MAPPA_DESK_PORT']}", records[0])
        readers.start()
        killed, begun, end = Counter[str](), now(), time.monotonic() + seconds
        while time.monotonic() < end:
            stories[0].load(today.isoformat(), *people(batches, today))
            batches += 1
            time.sleep(dice.uniform(5, 20))
            victim = next(victims)
            fleet.kill(victim)
            killed[victim.partition("-")[0]] += 1
            fleet.start(victim)
        # In peace again for a moment: what the fleet itself does about its dead.
        time.sleep(LET_GO_SECONDS)
        wait_until_up(fleet.environment["PREFECT_API_URL"])
        answers = readers.stop()
        under_fire, states = len(sink.received), states_of_runs(fleet.environment["PREFECT_API_URL"])
        for name in names:
            fleet.kill(name)
        moment = finish(records[0].with_settings(mail_by(sink.port)), now())
        messages = look_at_messages(records[0], sink.header_ids, killed.total() + len(names), moment)
    for batch in range(1, batches):
        stories[1].load(today.isoformat(), *people(batch, today))
    finish(records[1], begun)
    found, wanted = prompts(records[0]), prompts(records[1])
    assert set(found.values()) == {1}, "a prompt was raised twice"
    assert found == wanted, (found - wanted, wanted - found)
    assert passed_over(records[0], begun) == []
    return {
        "killed": dict(killed),
        "people": size[0] + batches * PEOPLE,
        "prompts": found.total(),
        "messages": dict(messages),
        "arrived while processes were killed": under_fire,
        "flow runs": states,
        **answers,
    }


def one_after_another(names: Sequence[str], dice: random.Random) -> Iterator[str]:
    """Yield every part once, in an order that chance makes, and so on for ever."""
    while True:
        yield from dice.sample(names, len(names))


def prepared(record: Record, folder: Path, today: date, cases: int, due: int) -> None:
    """Fill a record: the cases of the morning, the directory, and the first people, identified four months ago."""
    record.migrate()
    ensure_calendar(record, now() - timedelta(days=2000))
    ensure_calendar(record, now())
    ensure_offences(record, now())
    if cases:
        caseload.build(record, cases * len(caseload.KINDS), due, now())
        with record.writing() as session:
            each_to_somebody_else(session)
    story = Story(record, folder)
    before = (today - timedelta(days=120)).isoformat()
    story.load(before, *people(0, today))
    story.tick(before)
    # Nobody has worked on it for four months, which a clock takes for a clock that is wrong.
    confirm(record, now(), now() + timedelta(days=1), "the fire begins", "bench")
    record.close()


@contextmanager
def the_fleet(url: str, folder: Path, port: int) -> Iterator[Fleet]:
    """Yield a fleet whose Prefect server is up and whose flows are deployed."""
    prefect_port = free_port()
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("MAPPA", "PREFECT"))}
    environment = {
        **kept,
        "PYTHONPATH": str(ROOT),
        "DO_NOT_TRACK": "1",
        "PREFECT_HOME": str(folder / "prefect"),
        "PREFECT_API_URL": f"http://127.0.0.1:{prefect_port}/api",
        "PREFECT_FLOWS_HEARTBEAT_FREQUENCY": "30",
        "PREFECT_WORKER_QUERY_SECONDS": "3",
        "MAPPA_DATABASE_URL": url,
        "MAPPA_STATE_DIR": str(folder / "state"),
        "MAPPA_DESK_PORT": str(free_port()),
        "MAPPA_POLICY_DIR": str(folder / "policies"),
        "MAPPA_CLOCK_SECONDS": "3",
        "MAPPA_WORKER_PATIENCE_SECONDS": "60",
        **as_variables(mail_by(port)),
    }
    fleet = Fleet(Keeper(folder, again_seconds=None), environment)
    fleet.start("server")
    try:
        wait_until_up(environment["PREFECT_API_URL"])
        fleet.prefect("work-pool", "create", POOL, "--type", "process")
        fleet.prefect("--no-prompt", "deploy", "--all")
        subprocess.run(
            [sys.executable, "-c", "from cli.app import main; main()", "automations", "install"],
            env=environment, cwd=ROOT, check=True, capture_output=True,
        )  # fmt: skip
        yield fleet
    finally:
        fleet.keeper.stop()


def mail_by(port: int) -> MailSettings:
    """Return the settings under which mail goes to the server of the measurement."""
    domains = ("probation.example", "mappa.example", "prison.example", "smb.example")
    return shipped(
        MailSettings,
        transport="smtp",
        smtp_host="127.0.0.1",
        smtp_port=port,
        smtp_starttls=False,
        allowed_domains=domains,
    )


def wait_until_up(api_url: str) -> None:
    """Wait for a Prefect server."""
    end = time.monotonic() + READY_SECONDS
    while time.monotonic() < end:
        try:
            if httpx.get(f"{api_url}/health", timeout=2).status_code == httpx.codes.OK:
                return
        except httpx.HTTPError:
            time.sleep(0.5)
    raise SystemExit("the Prefect server did not come up")


def states_of_runs(api_url: str) -> dict[str, int]:
    """Return how many flow runs ended how."""
    answer = httpx.post(f"{api_url}/flow_runs/filter", json={"limit": 200}, timeout=30)
    return dict(Counter(run["state_name"] for run in answer.json()))


def main() -> None:
    """Run it, and print what happened."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=300)
    parser.add_argument("--cases", type=int, default=90_000)
    parser.add_argument("--due", type=int, default=5_000)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    if london_date(now()).weekday() >= SATURDAY:
        raise SystemExit("no e-mail leaves at a weekend, so that a fire would prove nothing: run it on a working day")
    with tempfile.TemporaryDirectory(prefix="mappa-fleet-") as folder, databases() as kinds:
        size = (options.cases, options.due)
        print(json.dumps(run(options.seconds, options.seed, size, kinds["PostgreSQL"], Path(folder)), indent=1))


if __name__ == "__main__":
    main()
