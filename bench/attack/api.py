"""The API of a record, without a network, for the attack: a system of London with every scope."""

from datetime import timedelta
from pathlib import Path

from starlette.testclient import TestClient

from models.clock import now
from models.record import Record
from models.settings import shipped
from notifications.settings import MailSettings
from policy.calendar import london_date
from policy.roles import Role
from web.access import tokens
from web.access.tokens import Scope, Wanted
from web.api.application import ROOT
from web.app import make_app
from web.settings import DeskSettings


def api_of(record: Record, folder: Path) -> TestClient:
    """Return a client with a token of its own; what breaks in the program reaches the caller."""
    app = make_app(record, shipped(DeskSettings), shipped(MailSettings, mail_folder=folder / "mail"))
    client = TestClient(app, base_url=f"http://127.0.0.1:8000{ROOT}", raise_server_exceptions=True)
    client.headers["Authorization"] = f"Bearer {token_of(record)}"
    return client


def token_of(record: Record) -> str:
    """Make the token of a system of London with every scope, and return its secret."""
    wanted = Wanted(
        name="An attack", address="attack@agency.example", scopes=tuple(Scope), role=Role.COORDINATOR,
        areas=("London",), ends_on=london_date(now()) + timedelta(days=30),
    )  # fmt: skip
    with record.writing() as session:
        _, secret = tokens.make(session, wanted, "Cora", now())
    return secret
