"""Every door of a running program, tried by somebody who does not belong.

``mappa serve`` is started in a folder of its own. Each call of Prefect's API, each page of the desk and each call of
mappa's API is made without what lets people in, with something made up in its place, and by another name of the host.
"""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Protocol

import httpx

from bench.serving import Served
from models.record import Record
from policy.book import shipped_book
from service.prefect.secret import signed_in
from web.access.rights import OPEN
from web.api.application import ROOT, make_api
from web.desk import PAGES
from web.visit import COOKIE

OTHER_NAME = {"Host": "elsewhere.example"}
MADE_UP = "made-up-" + "x" * 35
SHUT = {
    "nobody": (httpx.codes.UNAUTHORIZED,),
    "somebody made up": (httpx.codes.UNAUTHORIZED,),
    "another name": (httpx.codes.BAD_REQUEST,),
    "a form of another site": (httpx.codes.FORBIDDEN, httpx.codes.SEE_OTHER),
}
"""What a shut door answers, by who comes."""
PROBES = ("/health", "/ready")
"""They answer anybody: they say that the server is up, and no more."""


class Program(Protocol):
    """A program that serves: where Prefect and the desk listen, and Prefect's folder."""

    port: int
    desk_port: int
    prefect_home: Path


@dataclass(frozen=True, slots=True)
class Door:
    """One call as somebody makes it who does not belong. ``house``: Prefect, desk or API."""

    house: str
    method: str
    url: str
    who: str
    given: dict[str, Any] = field(default_factory=dict)

    def is_shut(self, browser: httpx.Client) -> bool:
        """Tell whether the call was turned away: refused, or sent to sign in."""
        answer = browser.request(self.method, self.url, **self.given)
        if self.house == "desk" and answer.status_code == httpx.codes.SEE_OTHER:
            return answer.headers["location"].startswith("/sign-in")
        return answer.status_code in SHUT[self.who]


def doors_of_prefect(served: Program) -> Iterator[Door]:
    """Yield every call of Prefect's API."""
    api, secret = f"http://127.0.0.1:{served.port}/api", signed_in(served.prefect_home)
    described = httpx.get(f"{api}/openapi.json", auth=secret, trust_env=False, timeout=60).raise_for_status().json()
    for path, calls in described["paths"].items():
        for method in (name.upper() for name in calls):
            url = api + filled(path.removeprefix("/api"))
            if not path.endswith(PROBES):
                yield Door("Prefect", method, url, "nobody", {"json": {}})
                yield Door("Prefect", method, url, "somebody made up", {"json": {}, "auth": ("mappa", MADE_UP)})
            yield Door("Prefect", method, url, "another name", {"json": {}, "auth": secret, "headers": OTHER_NAME})


def doors_of_the_desk(served: Program) -> Iterator[Door]:
    """Yield every page of the desk but those for everybody, and every form as another site would send it."""
    desk, made_up = f"http://127.0.0.1:{served.desk_port}", {COOKIE: MADE_UP}
    for page in PAGES:
        url = desk + filled(page.path)
        yield Door("desk", page.method, url, "another name", {"headers": OTHER_NAME})
        if page.method == "POST":
            yield Door(
                "desk", page.method, url, "a form of another site", {"headers": {"Sec-Fetch-Site": "cross-site"}}
            )
        if page.action not in OPEN:
            yield Door("desk", page.method, url, "nobody")
            yield Door("desk", page.method, url, "somebody made up", {"headers": cookie(made_up)})


def doors_of_the_api(served: Program) -> Iterator[Door]:
    """Yield every call of mappa's own API."""
    desk, made_up = f"http://127.0.0.1:{served.desk_port}{ROOT}", {"Authorization": f"Bearer {MADE_UP}"}
    for path, calls in make_api(Record("sqlite://", shipped_book())).openapi()["paths"].items():
        for method in (name.upper() for name in calls):
            url = desk + filled(path)
            yield Door("API", method, url, "nobody")
            yield Door("API", method, url, "somebody made up", {"headers": made_up})
            yield Door("API", method, url, "another name", {"headers": made_up | OTHER_NAME})


def filled(path: str) -> str:
    """Return a path with something in place of each of its parts."""
    return re.sub(r"\{reference\}", "LON-2026-000001", re.sub(r"\{(?!reference\})[^}]*\}", "1", path))


def cookie(values: dict[str, str]) -> dict[str, str]:
    """Return the header of cookies."""
    return {"Cookie": "; ".join(f"{name}={value}" for name, value in values.items())}


def tried(served: Program) -> tuple[Counter[tuple[str, str]], list[Door]]:
    """Try every door; return how many were shut, by house and who came, and those that stood open."""
    shut: Counter[tuple[str, str]] = Counter()
    still_open = []
    with httpx.Client(trust_env=False, timeout=60) as browser:
        for doors in (doors_of_prefect, doors_of_the_desk, doors_of_the_api):
            for door in doors(served):
                if door.is_shut(browser):
                    shut[door.house, door.who] += 1
                else:
                    still_open.append(door)
    return shut, still_open


def main() -> bool:
    """Try the doors of a program that is started for it; print the counts; tell whether all were shut."""
    with TemporaryDirectory() as name:
        served = Served(Path(name))
        try:
            shut, still_open = tried(served)
        finally:
            served.stop()
    for (house, who), number in sorted(shut.items()):
        print(f"{house:<8} {who:<24} {number:>5} tried, all shut")
    for door in still_open:
        print(f"OPEN: {door.house} {door.method} {door.url} to {door.who}")
    print(f"doors: {shut.total() + len(still_open)} tried, {shut.total()} shut, {len(still_open)} open")
    return not still_open
