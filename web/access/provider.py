"""Signing in with the account of an organisation: OpenID Connect, by the authorization code flow with PKCE.

The browser keeps one secret for one sign-in. State, nonce and code verifier are made from it, so that the answer of the
provider is good in that browser alone, and nothing is kept in the record before it comes back.

Source: OpenID Connect Core 1.0 and Discovery 1.0; RFC 7636 (PKCE); RFC 9207 (the issuer in the answer).
"""

import hmac
from base64 import urlsafe_b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

import httpx
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from policy.addresses import email_address
from policy.errors import NotAllowedError
from web.settings import DeskSettings, is_secure

SECONDS = 10.0
"""How long the provider may take to answer."""
ALGORITHMS = ["RS256", "PS256", "ES256", "EdDSA"]
LEEWAY = 60
"""Seconds by which the clocks of provider and desk may differ."""
AGAIN = "sign in again from the start"


class SignInRefusedError(NotAllowedError):
    """A sign-in with the account of an organisation is not taken; it says why, for whoever tries."""


@dataclass(frozen=True, slots=True)
class Provider:
    """A provider as it describes itself, and how it knows the desk. ``back``: where it sends the browser."""

    issuer: str
    client_id: str
    client_secret: str
    back: str
    authorization: str
    token: str
    keys: str


def part_of(secret: str, what: str) -> str:
    """Return what is made from a browser's secret: the state, the nonce, or the verifier of the code."""
    return encoded(hmac.digest(secret.encode(), what.encode(), sha256))


def encoded(raw: bytes) -> str:
    """Return bytes as an address carries them, without padding."""
    return urlsafe_b64encode(raw).rstrip(b"=").decode()


def discovered(settings: DeskSettings, back: str) -> Provider:
    """Return the provider of the settings; ``SignInRefusedError`` where it does not answer, or is another."""
    issuer = (settings.oidc_issuer or "").rstrip("/")
    told = answer_of(httpx.get, f"{issuer}/.well-known/openid-configuration")
    if str(told.get("issuer", "")).rstrip("/") != issuer:
        raise SignInRefusedError("the sign-in provider says that it is another one", to_do="tell the operator")
    ends = [str(told.get(name, "")) for name in ("authorization_endpoint", "token_endpoint", "jwks_uri")]
    if not all(map(is_secure, ends)):
        raise SignInRefusedError("the sign-in provider is not reached by HTTPS", to_do="tell the operator")
    secret = settings.oidc_client_secret.get_secret_value()
    return Provider(str(told["issuer"]), settings.oidc_client_id or "", secret, back, *ends)


def answer_of(call: Any, address: str, **given: Any) -> dict[str, Any]:
    """Return what the provider answers, a JSON object; ``SignInRefusedError`` where it does not."""
    try:
        response = call(address, timeout=SECONDS, follow_redirects=False, **given)
        told = response.raise_for_status().json()
    except httpx.HTTPStatusError as error:
        raise SignInRefusedError("the sign-in provider did not accept this sign-in", to_do=AGAIN) from error
    except (httpx.HTTPError, ValueError) as error:
        raise SignInRefusedError("the sign-in provider does not answer", to_do="try again in a few minutes") from error
    if not isinstance(told, dict):
        raise SignInRefusedError("the sign-in provider does not answer", to_do="try again in a few minutes")
    return told


def where_to(provider: Provider, secret: str) -> str:
    """Return the address of the provider at which a browser signs in."""
    challenge = encoded(sha256(part_of(secret, "verifier").encode()).digest())
    asked = {
        "response_type": "code",
        "client_id": provider.client_id,
        "redirect_uri": provider.back,
        "scope": "openid email",
        "state": part_of(secret, "state"),
        "nonce": part_of(secret, "nonce"),
        "code_challenge": challenge,
        "code_challenge_method": "S256",
    }
    joint = "&" if urlsplit(provider.authorization).query else "?"
    return provider.authorization + joint + urlencode(asked)


def check_state(secret: str, given: Mapping[str, str]) -> None:
    """Raise ``SignInRefusedError`` for an answer that does not belong to a sign-in begun in this browser."""
    if not secret:
        raise SignInRefusedError("this sign-in was begun in another browser, or more than ten minutes ago", to_do=AGAIN)
    if not hmac.compare_digest(part_of(secret, "state").encode(), given.get("state", "").encode()):
        raise SignInRefusedError("this answer does not belong to the sign-in that you began", to_do=AGAIN)


def who_signed_in(provider: Provider, secret: str, given: Mapping[str, str], as_at: datetime) -> str:
    """Return the verified e-mail address of whoever signed in; ``SignInRefusedError`` says why there is none."""
    if given.get("iss", provider.issuer) != provider.issuer:
        raise SignInRefusedError("this answer comes from another sign-in provider", to_do=AGAIN)
    if given.get("error") or not given.get("code"):
        raise SignInRefusedError("the sign-in provider did not let you in", to_do=AGAIN)
    told = answer_of(
        httpx.post,
        provider.token,
        # Each is written as a form has it before the two are joined (RFC 6749, 2.3.1).
        auth=(quote(provider.client_id, safe=""), quote(provider.client_secret, safe="")),
        data={
            "grant_type": "authorization_code",
            "code": given["code"],
            "redirect_uri": provider.back,
            "code_verifier": part_of(secret, "verifier"),
        },
    )
    claims = claims_of(provider, str(told.get("id_token", "")), part_of(secret, "nonce"), as_at)
    if claims.get("email_verified") is not True:
        raise SignInRefusedError("your organisation has not verified your e-mail address", to_do="ask its IT service")
    try:
        return email_address(str(claims.get("email", "")))
    except ValueError as error:
        raise SignInRefusedError(
            "your organisation's account has no e-mail address", to_do="ask its IT service"
        ) from error


def claims_of(provider: Provider, token: str, nonce: str, as_at: datetime) -> dict[str, Any]:
    """Return what an ID token says, once its signature, issuer, audience, time and nonce hold."""
    keys = answer_of(httpx.get, provider.keys)
    wanted = jwt.JWTClaimsRegistry(
        now=int(as_at.timestamp()),
        leeway=LEEWAY,
        iss={"essential": True, "value": provider.issuer},
        aud={"essential": True, "value": provider.client_id},
        exp={"essential": True},
        iat={"essential": True},
        nonce={"essential": True, "value": nonce},
    )
    try:
        claims = jwt.decode(token, KeySet.import_key_set({"keys": keys["keys"]}), algorithms=ALGORITHMS).claims
        wanted.validate(claims)
    except (JoseError, ValueError, KeyError, TypeError) as error:
        raise SignInRefusedError("what the sign-in provider says of you cannot be trusted", to_do=AGAIN) from error
    if claims.get("azp", provider.client_id) != provider.client_id:
        raise SignInRefusedError("what the sign-in provider says of you is meant for another program", to_do=AGAIN)
    return dict(claims)
