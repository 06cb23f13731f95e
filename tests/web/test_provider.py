"""Signing in with the account of an organisation: a provider on this machine, the right way and every wrong one."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from oidc_provider_mock import User, run_server_in_thread
from sqlalchemy import select
from starlette.testclient import TestClient

from models.desk import DeskSession
from models.record import Record
from models.settings import shipped
from notifications.settings import MailSettings
from policy.errors import SettingsError
from tests.support.story import OLIVE, OPAL, Story
from tests.web.visiting import BASE, Page
from web.access import provider as provider_module
from web.app import COOKIE, make_app
from web.settings import DeskSettings

pytestmark = pytest.mark.filterwarnings("ignore")
STRANGER, UNVERIFIED, UNSAID = "stranger@elsewhere.example", "opal", "nothing"
PEOPLE = [
    User(sub="olive", claims={"email": OLIVE.upper(), "email_verified": True}),
    User(sub="stranger", claims={"email": STRANGER, "email_verified": True}),
    User(sub=UNVERIFIED, claims={"email": OPAL, "email_verified": False}),
    User(sub=UNSAID, claims={"email": OPAL}),
]


@pytest.fixture(scope="module")
def issuer() -> Iterator[str]:
    with run_server_in_thread(user_claims=PEOPLE, require_nonce=True) as server:
        yield f"http://localhost:{server.server_port}"


def settings_with(issuer: str, **more: Any) -> DeskSettings:
    return shipped(DeskSettings, oidc_issuer=issuer, oidc_client_id="mappa", oidc_client_secret="hunter2", **more)


def browser(record: Record, folder: Path, issuer: str, **more: Any) -> TestClient:
    app = make_app(record, settings_with(issuer, **more), shipped(MailSettings, mail_folder=folder / "mail"))
    return TestClient(app, base_url=BASE, follow_redirects=False)


def sent_back(client: TestClient, who: str, onward: str = "/cases") -> str:
    """Begin to sign in at the desk and sign in at the provider; return where it sends the browser."""
    begun = client.get(f"/sign-in/provider?next={onward}")
    assert begun.status_code == 303
    answer = httpx.post(begun.headers["location"], data={"sub": who})
    assert answer.status_code == 302, answer.text
    back = urlsplit(answer.headers["location"])
    assert (back.hostname, back.path) == ("127.0.0.1", "/sign-in/callback")
    return f"{back.path}?{back.query}"


def refused(client: TestClient, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 403, answer.text
    assert COOKIE not in client.cookies
    return Page(answer).text


def test_whoever_the_directory_knows_is_let_in_and_sent_on(story: Story, tmp_path: Path, issuer: str) -> None:
    client = browser(story.record, tmp_path, issuer)
    page = Page(client.get("/sign-in?next=/cases"))
    [link] = [one for one in page.links() if "/sign-in/provider" in one]
    asked = parse_qs(urlsplit(client.get(link).headers["location"]).query)
    assert asked["code_challenge_method"] == ["S256"]
    assert asked["scope"] == ["openid email"]
    assert all(len(asked[name][0]) == 43 for name in ("state", "nonce", "code_challenge"))
    answer = client.get(sent_back(client, "olive"))
    assert (answer.status_code, answer.headers["location"]) == (303, "/cases")
    assert "LON-2026-000001" in client.get("/cases").text
    with story.record.reading() as session:
        assert [(one.email, one.how) for one in session.scalars(select(DeskSession))] == [(OLIVE, "provider")]


def test_another_browser_an_altered_state_and_a_used_answer_are_refused(
    story: Story, tmp_path: Path, issuer: str
) -> None:
    client, other = (browser(story.record, tmp_path, issuer) for _ in range(2))
    back = sent_back(client, "olive")
    assert "was begun in another browser, or more than ten minutes ago" in refused(other, back)
    sent_back(other, "olive")
    assert "does not belong to the sign-in that you began" in refused(other, back)
    altered = back.replace("state=", "state=x")
    assert "does not belong to the sign-in that you began" in refused(client, altered)
    kept = client.cookies["desk_provider"]
    assert client.get(back).status_code == 303
    client.cookies.clear()
    client.cookies.set("desk_provider", kept)
    assert "was used already" in refused(client, back)


@pytest.mark.parametrize(
    ("who", "words"),
    [
        ("stranger", f"{STRANGER} is not in the directory, and no case names it"),
        (UNVERIFIED, "has not verified your e-mail address"),
        (UNSAID, "has not verified your e-mail address"),
    ],
)
def test_an_address_nobody_vouches_for_or_knows_is_refused(
    story: Story, tmp_path: Path, issuer: str, who: str, words: str
) -> None:
    client = browser(story.record, tmp_path, issuer)
    text = refused(client, sent_back(client, who)).lower()
    assert words.lower() in text


def test_an_answer_from_another_issuer_is_refused(story: Story, tmp_path: Path, issuer: str) -> None:
    client = browser(story.record, tmp_path, issuer)
    back = sent_back(client, "olive")
    assert "comes from another sign-in provider" in refused(client, f"{back}&iss=https://evil.example")


def test_a_provider_that_says_it_is_another_is_refused(story: Story, tmp_path: Path, issuer: str) -> None:
    """It is asked under one name and answers with another: a copy of somebody else's description."""
    named_otherwise = issuer.replace("localhost", "127.0.0.1")
    client = browser(story.record, tmp_path, issuer)
    client.get("/sign-in/provider")
    monkey = pytest.MonkeyPatch()
    real = provider_module.answer_of
    monkey.setattr(provider_module, "answer_of", lambda call, address, **given: real(call, address, **given) | (
        {"issuer": named_otherwise} if "openid-configuration" in address else {}))  # fmt: skip
    with monkey.context():
        answer = client.get("/sign-in/provider")
    monkey.undo()
    assert answer.status_code == 403
    assert "says that it is another one" in Page(answer).text


@pytest.mark.parametrize(
    ("field", "value"), [("issuer", "https://evil.example"), ("client_id", "another"), ("nonce", "another")]
)
def test_a_token_for_another_issuer_program_or_sign_in_is_refused(
    story: Story, tmp_path: Path, issuer: str, monkeypatch: pytest.MonkeyPatch, field: str, value: str
) -> None:
    client = browser(story.record, tmp_path, issuer)
    back = sent_back(client, "olive")
    real = provider_module.claims_of

    def told(provider: Any, token: str, nonce: str, as_at: Any) -> dict[str, Any]:
        if field == "nonce":
            return real(provider, token, value, as_at)
        return real(replace(provider, **{field: value}), token, nonce, as_at)

    monkeypatch.setattr(provider_module, "claims_of", told)
    assert "cannot be trusted" in refused(client, back)


def test_a_token_with_another_signature_is_refused(
    story: Story, tmp_path: Path, issuer: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = browser(story.record, tmp_path, issuer)
    back = sent_back(client, "olive")
    real = provider_module.answer_of

    def forged(call: Any, address: str, **given: Any) -> dict[str, Any]:
        told = real(call, address, **given)
        if "id_token" in told:
            head, body, signature = told["id_token"].split(".")
            told["id_token"] = ".".join((head, body, signature[::-1]))
        return told

    monkeypatch.setattr(provider_module, "answer_of", forged)
    assert "cannot be trusted" in refused(client, back)


def test_who_refuses_at_the_provider_is_not_let_in_and_a_silent_provider_is_said(
    story: Story, tmp_path: Path, issuer: str
) -> None:
    client = browser(story.record, tmp_path, issuer)
    state = parse_qs(urlsplit(sent_back(client, "olive")).query)["state"][0]
    assert "did not let you in" in refused(client, f"/sign-in/callback?error=access_denied&state={state}")
    client.get("/sign-in/provider")
    state = parse_qs(urlsplit(sent_back(client, "olive")).query)["state"][0]
    assert "did not accept this sign-in" in refused(client, f"/sign-in/callback?code=invented&state={state}")
    silent = browser(story.record, tmp_path, "http://localhost:9")
    assert "does not answer" in Page(silent.get("/sign-in/provider")).text


def test_codes_are_off_beside_a_provider_unless_a_setting_keeps_them(story: Story, tmp_path: Path, issuer: str) -> None:
    client = browser(story.record, tmp_path, issuer)
    assert Page(client.get("/sign-in")).soup.select_one("main form") is None
    assert client.post("/sign-in", data={"email": OLIVE}).status_code == 403
    assert client.post("/sign-in/code", data={"email": OLIVE, "code": "123456"}).status_code == 403
    both = browser(story.record, tmp_path, issuer, oidc_keep_codes=True)
    page = Page(both.get("/sign-in"))
    assert page.soup.select_one("main form") is not None
    assert [one for one in page.links() if "/sign-in/provider" in one]
    assert both.post("/sign-in", data={"email": OLIVE}).status_code == 200


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"oidc_issuer": "https://login.example"}, "MAPPA_OIDC_CLIENT_ID and MAPPA_OIDC_CLIENT_SECRET"),
        (
            {"oidc_issuer": "http://login.example", "oidc_client_id": "a", "oidc_client_secret": "b"},
            "reached by HTTPS",
        ),
    ],
)
def test_half_a_provider_is_refused_at_the_start(given: dict[str, str], words: str) -> None:
    with pytest.raises(SettingsError, match=words):
        shipped(DeskSettings, **given)
