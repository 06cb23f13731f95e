"""Whatever asks Prefect's API signs in."""

import base64
import re
from pathlib import Path

from prefect.settings import PREFECT_API_AUTH_STRING, temporary_settings

from service.prefect.client import client_at
from tests.support.sources import ROOMS

ROOT = Path(__file__).resolve().parents[3]


def test_a_client_signs_in_with_the_secret_of_this_process() -> None:
    with temporary_settings({PREFECT_API_AUTH_STRING: "mappa:open sesame"}), client_at("http://127.0.0.1:9/api") as one:
        scheme, credentials = one._client.headers["Authorization"].split()
    assert (scheme, base64.b64decode(credentials)) == ("Basic", b"mappa:open sesame")


def test_a_client_without_a_secret_says_none() -> None:
    with client_at("http://127.0.0.1:9/api") as one:
        assert "Authorization" not in one._client.headers


def test_no_other_module_makes_a_client_of_its_own() -> None:
    makers = {
        path.relative_to(ROOT).as_posix()
        for room in ROOMS
        for path in (ROOT / room).rglob("*.py")
        if re.search(r"\b(Sync)?PrefectClient\(|\bget_client\(", path.read_text())
    }
    assert makers == {"service/prefect/client.py"}
