"""A fleet as plain processes: what is started with what, what ends is started again, what is away is passed over."""

import asyncio
import os
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy.engine import make_url

from deploy.processes import found, stores, up
from deploy.processes.keeper import Keeper, Part
from deploy.processes.plan import Plan, Ports, Stores, Wanted
from deploy.processes.proxy import HERE, Proxy
from deploy.processes.stores import Redis, StoreError
from policy.errors import FailedError

SERVER = make_url("postgresql+psycopg://mappa@/postgres?host=/srv/fleet/postgresql")
REDIS = Redis("127.0.0.1", 6379, "pw")
WORKS = "import time; time.sleep(60)"


def planned(its: Stores, ports: Ports) -> Plan:
    return Plan(Wanted(workers=1, clocks=1, desk=False), its, ports, Path("/srv/fleet"), "mappa:pw")


@pytest.fixture
def keeper(tmp_path: Path) -> Iterator[Keeper]:
    its = Keeper(tmp_path, again_seconds=0.2)
    yield its
    its.stop()
    assert its.living == {}


def part(name: str, code: str = WORKS) -> Part:
    return Part(name, (sys.executable, "-I", "-S", "-c", code), os.environ)


def soon(holds: Callable[[], bool]) -> bool:
    end = time.monotonic() + 20
    while time.monotonic() < end:
        if holds():
            return True
        time.sleep(0.05)
    return False


class TestPlan:
    """What a fleet of several servers has, and one of a single one."""

    several = planned(Stores(SERVER, trigrams=True, redis=REDIS), Ports(4200, (4201, 4202), 8000))
    single = planned(Stores(SERVER, trigrams=False, redis=None), Ports(4200, (4200,), 8000))

    def test_several_servers_share_redis_and_stand_behind_one_address(self) -> None:
        names = [one.name for one in self.several.servers()]
        assert names == ["prefect-api-1", "prefect-api-2", "prefect-services", "proxy"]
        *servers, services, proxy = self.several.servers()
        assert all("--no-services" in one.words for one in servers)
        assert list(proxy.words[-3:]) == ["4200", "4201", "4202"]
        for one in (*servers, services):
            assert one.environment["PREFECT_SERVER_DOCKET_URL"] == "redis://:pw@127.0.0.1:6379/1"
            assert one.environment["PREFECT_SERVER_REGISTER_BLOCKS_ON_START"] == "false"
            assert make_url(one.environment["PREFECT_API_DATABASE_CONNECTION_URL"]).database == "prefect"

    def test_a_single_one_does_all_and_keeps_its_own_file(self) -> None:
        [server] = self.single.servers()
        assert "--no-services" not in server.words
        assert {"PREFECT_SERVER_DOCKET_URL", "PREFECT_API_DATABASE_CONNECTION_URL"} & server.environment.keys() == set()

    def test_workers_and_clocks_have_the_same_record_and_the_servers_none(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("MAPPA_SMTP_PASSWORD", "hunter2")
        parts = list(self.several.workers())
        assert [one.name for one in parts] == ["worker-1", "clock-1"]
        assert {make_url(one.environment["MAPPA_DATABASE_URL"]).database for one in parts} == {"mappa"}
        assert {one.environment["PREFECT_API_URL"] for one in parts} == {"http://127.0.0.1:4200/api"}
        # What somebody has set for mappa himself stays, and is not for Prefect's servers.
        assert {one.environment["MAPPA_SMTP_PASSWORD"] for one in parts} == {"hunter2"}
        assert [one for one in self.several.servers() if "hunter2" in one.environment.values()] == []


class TestKeeper:
    """Processes kept at work."""

    def test_what_ends_by_itself_is_started_again(self, keeper: Keeper) -> None:
        keeper.start(part("worker", "import sys; sys.exit(1)"))
        assert soon(lambda: len(keeper.ended) >= 2)
        assert set(keeper.ended) == {("worker", 1)}

    def test_what_is_killed_goes_with_all_that_it_has_started_and_stays_down(self, keeper: Keeper) -> None:
        starts = f"subprocess.Popen([sys.executable, '-c', {WORKS!r}])"
        code = f"import subprocess, sys; print({starts}.pid, flush=True); {WORKS}"
        keeper.start(part("worker", code))
        assert soon(lambda: keeper.log_of("worker").read_text().strip().isdecimal())
        child = int(keeper.log_of("worker").read_text())
        keeper.kill("worker")
        assert soon(lambda: not alive(child))
        assert (keeper.living, keeper.ended) == ({}, [])


def alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def test_the_proxy_passes_over_a_server_that_is_away_and_finds_it_again() -> None:
    async def answered(port: int) -> bytes:
        reader, writer = await asyncio.open_connection(HERE, port)
        writer.write(b"?")
        answer = await asyncio.wait_for(reader.read(), 5)
        writer.close()
        return answer

    async def server(name: bytes, port: int) -> asyncio.Server:
        async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            await reader.read(1)
            writer.write(name)
            writer.close()

        return await asyncio.start_server(answer, HERE, port)

    async def day() -> list[set[bytes]]:
        ports = [stores.free_port() for _ in range(3)]
        seen = []
        async with await Proxy(ports[1:]).serve(ports[0]), await server(b"1", ports[1]):
            two = await server(b"2", ports[2])
            seen.append({await answered(ports[0]) for _ in range(4)})
            two.close()
            seen.append({await answered(ports[0]) for _ in range(4)})
            async with await server(b"2", ports[2]):
                seen.append({await answered(ports[0]) for _ in range(4)})
        return seen

    assert asyncio.run(day()) == [{b"1", b"2"}, {b"1"}, {b"1", b"2"}]


class TestStores:
    """PostgreSQL and Redis, found or named."""

    def test_what_is_lacking_is_said_with_what_the_fleet_goes_on_without(
        self, keeper: Keeper, postgresql_server: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(stores, "RECORD", "mappa_fleet")
        monkeypatch.setattr(stores, "OF_PREFECT", "prefect_fleet")
        said: list[str] = []
        its = up.stores_of(Wanted(), keeper, said.append, postgresql_server, "127.0.0.1:6379")
        # The server in the wheel for tests has no extensions.
        assert (its.trigrams, its.redis) == (False, None)
        assert said[-1] == "one Prefect server instead of 2: PostgreSQL lacks pg_trgm (Debian: postgresql-contrib)"
        ports = up.ports_of(Wanted(), its)
        assert ports.servers == (ports.prefect,)

    @pytest.mark.parametrize("place", ["redis", "redis:", ":6379x", "6379"])
    def test_a_place_of_redis_is_a_host_and_a_port(self, place: str) -> None:
        with pytest.raises(StoreError, match="HOST:PORT"):
            stores.named_redis(place)

    def test_without_postgresql_it_is_said_what_to_do(self, keeper: Keeper, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(stores, "postgresql_programs", lambda: None)
        with pytest.raises(StoreError, match="--postgresql URL"):
            stores.own_postgresql(keeper)

    def test_the_programs_are_found_together(self) -> None:
        programs = found.postgresql_programs()
        assert programs is not None
        assert (programs / "postgres").exists()


def test_a_command_that_fails_says_what_it_said() -> None:
    with pytest.raises(FailedError, match="no such pool"):
        up.run([sys.executable, "-c", "import sys; sys.exit('no such pool')"], os.environ)
