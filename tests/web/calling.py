"""Another system at the API, without a network: it has a token, calls, and reads what comes back."""

from collections.abc import Iterator, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

from httpx import Response
from starlette.testclient import TestClient

from models.clock import now
from models.record import Record
from models.settings import shipped
from notifications.settings import MailSettings
from policy.calendar import london_date
from policy.roles import Role
from tests.web.visiting import BASE
from web.access import tokens
from web.access.tokens import Scope, Wanted
from web.api.application import ROOT
from web.app import make_app
from web.settings import DeskSettings

ADDRESS = "case-work@agency.example"


class Api:
    """The API, and a system that calls it."""

    def __init__(self, record: Record, folder: Path, **wanted: Any) -> None:
        self.record = record
        app = make_app(record, shipped(DeskSettings), shipped(MailSettings, mail_folder=folder / "mail"))
        self.client = TestClient(app, base_url=BASE + ROOT, raise_server_exceptions=True)
        self.number = 0
        self.as_system(**wanted)

    def as_system(self, role: Role = Role.COORDINATOR, areas: Sequence[str] = ("London",), **more: Any) -> "Api":
        """Call with a new token from here on."""
        wanted = {
            "name": "Case work system", "address": ADDRESS, "scopes": tuple(Scope), "ends_on": london_date(now()) +
            timedelta(days=30),
        } | more  # fmt: skip
        with self.record.writing() as session:
            self.number, secret = tokens.make(session, Wanted(role=role, areas=areas, **wanted), "Cora", now())
        self.client.headers["Authorization"] = f"Bearer {secret}"
        return self

    def get(self, path: str, **parameters: Any) -> Response:
        return self.client.get(path, params=parameters or None)

    def post(self, kind: str, body: Any, case: str = "LON-2026-000001", **headers: str) -> Response:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return self.client.post(f"/cases/{case}/facts/{kind}", json=body, headers=named)

    def walk(self, path: str) -> Iterator[dict[str, Any]]:
        """Yield the items of a list, address after address."""
        following: str | None = path
        while following:
            answer = self.client.get(following.removeprefix(ROOT)).json()
            yield from answer["items"]
            following = answer["next"]
