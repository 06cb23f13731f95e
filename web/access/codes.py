"""A code by e-mail, for one sign-in: it is good for ten minutes, for five tries, and for the browser that asked.

Whether an address is known is never told: the answer is the same, and comes as fast, and only the mail differs.
"""

import hmac
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from models.desk import SignInCode

DIGITS = 6
GOOD_FOR = timedelta(minutes=10)
TRIES = 5
PROVIDER = "provider"
"""Stands for the address of what was not sent by e-mail."""
WITHIN = timedelta(hours=1)
CODES_AN_ADDRESS, CODES_A_BROWSER = 5, 30
"""Codes that may be asked for within an hour: for one e-mail address, and from one network address."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A code that was asked for, and the secret that the browser keeps."""

    code: str
    secret: str


def ask(session: Session, email: str, asked_from: str, as_at: datetime) -> Asked | None:
    """Return a new code for an address; None where too many were asked for within the hour."""
    recent = select(func.count()).select_from(SignInCode).where(SignInCode.asked_at > as_at - WITHIN)
    if session.scalar(recent.where(SignInCode.email == email)) >= CODES_AN_ADDRESS:  # type: ignore[operator]
        return None
    if session.scalar(recent.where(SignInCode.asked_from == asked_from)) >= CODES_A_BROWSER:  # type: ignore[operator]
        return None
    code = f"{secrets.randbelow(10**DIGITS):0{DIGITS}}"
    secret = secrets.token_urlsafe(32)
    session.add(
        SignInCode(
            email=email, code_hash=digest(secret, code), asked_at=as_at, asked_from=asked_from,
            expires_at=as_at + GOOD_FOR,
        )
    )  # fmt: skip
    return Asked(code, secret)


def use_once(session: Session, answer: str, as_at: datetime) -> bool:
    """Tell whether an answer of the sign-in provider comes for the first time; from now on it does not."""
    used = digest(PROVIDER, answer)
    recent = select(SignInCode.id).where(SignInCode.email == PROVIDER, SignInCode.asked_at > as_at - WITHIN)
    if session.scalar(recent.where(SignInCode.code_hash == used).order_by(SignInCode.id).limit(1)) is not None:
        return False
    session.add(SignInCode(email=PROVIDER, code_hash=used, asked_at=as_at, asked_from="", expires_at=as_at,
                           used_at=as_at))  # fmt: skip
    return True


def digest(secret: str, code: str) -> str:
    """Return what the record keeps of a code."""
    return sha256(f"{secret}:{code}".encode()).hexdigest()


def redeem(session: Session, email: str, secret: str, code: str, as_at: datetime) -> bool:
    """Tell whether a code is right; each code is good once, and a wrong one counts as a try of the newest."""
    newest = session.scalar(
        select(SignInCode).where(SignInCode.email == email).order_by(SignInCode.id.desc()).limit(1).with_for_update()
    )
    if newest is None or newest.used_at is not None or newest.expires_at < as_at or newest.tries >= TRIES:
        return False
    given = digest(secret, "".join(code.split()))
    if not hmac.compare_digest(newest.code_hash, given):
        newest.tries += 1
        return False
    newest.used_at = as_at
    return True
