"""Bring a fleet up, part after part as each needs the one before, and down again."""

import subprocess
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from deploy.processes import stores
from deploy.processes.found import brings_redis
from deploy.processes.keeper import Keeper
from deploy.processes.plan import POOL, ROOT, Plan, Ports, Stores, Wanted, made_secret
from policy.errors import FailedError
from service.prefect.client import client_at
from service.prefect.server import is_up
from tasks.quiet import use_prefect

if TYPE_CHECKING:
    from prefect.client.orchestration import SyncPrefectClient

READY_SECONDS = 180.0
Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Fleet:
    """A fleet that is up."""

    plan: Plan
    keeper: Keeper

    def lacking(self) -> list[str]:
        """Return a sentence for each worker that Prefect does not see."""
        with self.client() as client:
            seen = {one.name for one in client.read_workers_for_work_pool(POOL) if one.status == "ONLINE"}
        wanted = {f"worker-{number}" for number in range(1, self.plan.wanted.workers + 1)}
        return [f"Prefect does not see {name}" for name in sorted(wanted - seen)]

    def client(self) -> "SyncPrefectClient":
        """Return a client of its Prefect."""
        use_prefect({"PREFECT_API_AUTH_STRING": self.plan.secret})
        return client_at(self.plan.api_url)


@contextmanager
def fleet_up(
    wanted: Wanted, folder: Path, say: Say, postgresql: str | None = None, redis: str | None = None
) -> Iterator[Fleet]:
    """Yield a fleet that works; what was started for it ends with it, what was named goes on.

    ``StoreError`` without PostgreSQL, ``FailedError`` where a part of it does not come up; its log is in ``folder``.
    """
    folder.mkdir(mode=0o755, parents=True, exist_ok=True)
    keeper = Keeper(folder)
    try:
        its = stores_of(wanted, keeper, say, postgresql, redis)
        plan = Plan(wanted, its, ports_of(wanted, its), folder, made_secret())
        serve(plan, keeper, say)
        make_ready(plan, say)
        for part in plan.workers():
            keeper.start(part)
        say(f"{wanted.workers} workers and {wanted.clocks} clocks work; their logs are in {folder}")
        yield Fleet(plan, keeper)
    finally:
        keeper.stop()


def stores_of(wanted: Wanted, keeper: Keeper, say: Say, postgresql: str | None, redis: str | None) -> Stores:
    """Return PostgreSQL and Redis, named or started; say what the fleet goes on without."""
    server = stores.server_at(postgresql) if postgresql else stores.own_postgresql(keeper)
    trigrams = stores.databases(server)
    say(f"PostgreSQL {'as named' if postgresql else 'started'}: databases {stores.RECORD} and {stores.OF_PREFECT}")
    if wanted.servers == 1:
        return Stores(server, trigrams, None)
    lacks = None
    if not trigrams:
        lacks = "PostgreSQL lacks pg_trgm (Debian: postgresql-contrib)"
    elif not brings_redis(wanted.prefect_python):
        lacks = f'{wanted.prefect_python} lacks prefect-redis (pip install prefect-redis "fastapi<0.151")'
    elif (found := stores.named_redis(redis) if redis else stores.own_redis(keeper)) is None:
        lacks = "no Redis is found (Debian: redis-server), and none is named (--redis HOST:PORT)"
    else:
        say(f"Redis {'as named' if redis else 'started'} at {found.host}:{found.port}")
        return Stores(server, trigrams, found)
    say(f"one Prefect server instead of {wanted.servers}: {lacks}")
    return Stores(server, trigrams, None)


def ports_of(wanted: Wanted, its: Stores) -> Ports:
    """Return free ports; one server has the one address itself."""
    several = wanted.servers if its.redis else 1
    servers = tuple(stores.free_port() for _ in range(several))
    return Ports(stores.free_port() if its.redis else servers[0], servers, stores.free_port())


def serve(plan: Plan, keeper: Keeper, say: Say) -> None:
    """Start Prefect's servers, on a database that one program has prepared."""
    if plan.stores.trigrams:
        run(plan.prefect("server", "database", "upgrade", "--yes", served=True), plan.of_prefect())
    for part in plan.servers():
        keeper.start(part)
    end = time.monotonic() + READY_SECONDS
    while not is_up(plan.api_url):
        if time.monotonic() > end or keeper.ended:
            raise FailedError(f"Prefect's servers do not come up: see {keeper.folder}")
        time.sleep(0.3)
    secret = keeper.folder / "api-secret"
    secret.touch(mode=0o600)
    secret.write_text(f"{plan.secret}\n", encoding="utf-8")
    number = f"{len(plan.ports.servers)} servers" if plan.several else "1 server"
    say(f"Prefect: {plan.api_url.removesuffix('/api')} ({number}); sign in with the line in {secret}")


def make_ready(plan: Plan, say: Say) -> None:
    """Make the record, the work pool, the deployments and the automations."""
    environment = plan.of_mappa()
    # A dry run makes the record where there is none, and brings it up to date; it changes nothing else.
    run(plan.command("load", "offences", "policy/data/offences.csv", "--dry-run"), environment)
    run(plan.prefect("work-pool", "create", POOL, "--type", "process", "--overwrite"), environment)
    run(plan.prefect("--no-prompt", "deploy", "--all"), environment)
    run(plan.command("automations", "install"), environment)
    say(f"record, work pool, deployments and automations are ready: {environment['MAPPA_DATABASE_URL']}")


def run(words: Sequence[str], environment: Mapping[str, str]) -> None:
    """Run a command to its end; ``FailedError`` with what it said where it fails."""
    done = subprocess.run(words, env=environment, cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode:
        raise FailedError(f"{' '.join(words[-4:])} failed: {(done.stdout + done.stderr).strip()[-2000:]}")
