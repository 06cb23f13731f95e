"""Tokens: another system has one, and acts in one role in some areas, so that its rights are decided as a person's.

The system has a random token and the record its hash. A token has an end, can be revoked, and does only what its
scopes say. It reads a restricted case only where its address stands among the readers of the case.
"""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from sqlalchemy import exists, or_, select
from sqlalchemy.orm import Session

from models.audit import Change, append
from models.cases import Case
from models.desk import ApiToken
from models.directory import DirectoryEntry
from policy.addresses import email_address
from policy.calendar import london_date
from policy.errors import ConflictError, InvalidError, NotFoundError
from policy.roles import DIRECTORY_ROLES, Reach, Role
from web.access.hats import ON_CASES, Hat, Reader
from web.access.sessions import SEEN_EVERY, hash_of

CHAIN = "tokens"
BEGINS = "mappa_"
"""How every token begins: whoever finds one in a file knows what it opens."""
LONGEST = timedelta(days=366)
LONGEST_NAME = 80


class Scope(StrEnum):
    """What a token may be used for."""

    READ = "read"
    RECORD = "record"
    CHANGES = "changes"


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """A token that somebody wants to make. ``address``: the e-mail address that the system is known by."""

    name: str
    address: str
    role: Role
    areas: Sequence[str]
    scopes: Sequence[Scope]
    ends_on: date
    agency: str = ""
    unit: str = ""


def make(session: Session, wanted: Wanted, by: str, as_at: datetime) -> tuple[int, str]:
    """Make a token; return its number, and the token itself, which is shown once and kept nowhere."""
    wanted = checked(session, wanted, london_date(as_at))
    token = BEGINS + secrets.token_urlsafe(32)
    row = ApiToken(
        token_hash=hash_of(token), name=wanted.name, address=wanted.address, role=wanted.role.value,
        areas=list(wanted.areas), agency=wanted.agency, unit=wanted.unit, ends_on=wanted.ends_on,
        scopes=[scope.value for scope in wanted.scopes], made_at=as_at, made_by=by,
    )  # fmt: skip
    session.add(row)
    session.flush()
    told = {"name": row.name, "address": row.address, "role": row.role, "areas": row.areas, "scopes": row.scopes,
            "agency": row.agency, "unit": row.unit, "ends_on": row.ends_on}  # fmt: skip
    append(session, [Change(CHAIN, "token-made", f"token {row.id}", None, told)], actor=by, at=as_at)
    return row.id, token


def checked(session: Session, wanted: Wanted, today: date) -> Wanted:
    """Return what is wanted in its normal form; ``InvalidError`` with every reason why it cannot be made."""
    reasons = []
    name, agency = wanted.name.strip(), wanted.role.spec.only_agency or wanted.agency
    address = wanted.address
    if not 2 <= len(name) <= LONGEST_NAME:
        reasons.append(f"the name has 2 to {LONGEST_NAME} characters: say which system it is")
    try:
        address = email_address(wanted.address)
    except ValueError as error:
        reasons.append(str(error))
    else:
        if belongs_to_a_person(session, address):
            reasons.append(f"{address} belongs to a person: give the system an address of its own")
    if wanted.role not in DIRECTORY_ROLES:
        reasons.append(f"a system cannot act as the {wanted.role.spec.title}: each case names its own")
    if wanted.role.spec.reach is not Reach.AREA and not agency:
        reasons.append(f"the {wanted.role.spec.title} speaks for an agency: say which")
    if wanted.role is Role.PRISON_OFFENDER_MANAGEMENT and not wanted.unit:
        reasons.append("say which prison, as the unit")
    if not today <= wanted.ends_on <= today + LONGEST:
        reasons.append(f"it ends between {today} and {today + LONGEST}: a token that is kept longer is made anew")
    if not (wanted.areas and wanted.scopes):
        reasons.append("a token needs an area and a scope")
    if reasons:
        raise InvalidError("; ".join(reasons), reasons=reasons)
    return Wanted(
        name=name, address=address, role=wanted.role, areas=tuple(dict.fromkeys(wanted.areas)), agency=agency,
        unit=wanted.unit, scopes=tuple(dict.fromkeys(wanted.scopes)), ends_on=wanted.ends_on,
    )  # fmt: skip


def belongs_to_a_person(session: Session, address: str) -> bool:
    """Tell whether the directory or a case names somebody with an address."""
    on_cases = or_(*(column == address for _, column, _ in ON_CASES))
    listed = exists().where(DirectoryEntry.email == address)
    return bool(session.scalar(select(or_(listed, exists().where(on_cases).correlate_except(Case)))))


def revoke(session: Session, number: int, by: str, as_at: datetime) -> None:
    """Revoke a token for good."""
    row = session.get(ApiToken, number)
    if row is None:
        raise NotFoundError(f"there is no token {number}", to_do="mappa token list lists them")
    if row.revoked_at is not None:
        raise ConflictError(f"token {number} was revoked before, by {row.revoked_by}")
    row.revoked_at, row.revoked_by = as_at, by
    append(session, [Change(CHAIN, "token-revoked", f"token {number}", None, None)], actor=by, at=as_at)


def good(session: Session, token: str, as_at: datetime) -> ApiToken | None:
    """Return the row of a token; None where it has ended, was revoked, or was never made."""
    row = session.scalar(select(ApiToken).where(ApiToken.token_hash == hash_of(token)))
    return row if row is not None and row.revoked_at is None and london_date(as_at) <= row.ends_on else None


def must_be_noted(row: ApiToken, as_at: datetime) -> bool:
    """Tell whether it is time to note that a token was used: not each call is a write."""
    return row.last_used_at is None or as_at - row.last_used_at >= SEEN_EVERY


def note_used(session: Session, number: int, as_at: datetime) -> None:
    """Note that a token was used now."""
    session.get_one(ApiToken, number).last_used_at = as_at


def reader_of_token(row: ApiToken) -> Reader:
    """Return the system that has a token, as whoever reads: with the token's role in each of its areas."""
    hats = tuple(Hat(Role(row.role), area, row.agency, row.unit) for area in row.areas)
    return Reader(row.address, row.name, hats, machine=True)
