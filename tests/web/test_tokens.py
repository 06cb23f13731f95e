"""Tokens for other systems: made for a role, shown once, ended and revoked; the record keeps nothing that opens."""

from datetime import date, timedelta
from pathlib import Path

import pytest
import time_machine
from sqlalchemy import select, text

from models.audit import AuditEntry
from models.audit_seals import verify
from models.clock import now
from models.record import Record
from policy.errors import ConflictError, InvalidError, NotFoundError
from policy.roles import Role
from tests.support.story import CORA, OLIVE, Story, at
from tests.web.calling import ADDRESS, Api
from tests.web.conftest import TODAY
from web.access import tokens
from web.access.tokens import Scope, Wanted

DAY = date.fromisoformat(TODAY)


def wanted(**more: object) -> Wanted:
    told = {"name": "Case work system", "address": ADDRESS, "role": Role.COORDINATOR, "areas": ("London",),
            "scopes": (Scope.READ,), "ends_on": DAY + timedelta(days=30)} | more  # fmt: skip
    return Wanted(**told)  # type: ignore[arg-type]


def test_the_record_keeps_no_token(story: Story) -> None:
    with story.record.writing() as session:
        _, secret = tokens.make(session, wanted(), "Cora", now())
    assert secret.startswith("mappa_")
    assert len(secret) > 40
    with story.record.reading() as session:
        for table in ("api_token", "audit_entry"):
            rows = session.execute(text(f"SELECT * FROM {table} ORDER BY id")).all()
            assert secret.removeprefix("mappa_") not in str(rows)


@pytest.mark.parametrize(
    ("more", "why"),
    [
        ({"name": " "}, "the name has"),
        ({"address": "nobody"}, "'nobody' is not an e-mail address"),
        ({"address": CORA.upper()}, f"{CORA} belongs to a person"),
        ({"address": OLIVE}, f"{OLIVE} belongs to a person"),
        ({"role": Role.OFFENDER_MANAGER}, "a system cannot act as the offender manager"),
        ({"role": Role.ACTION_OWNER}, "a system cannot act as the owner of the action"),
        ({"role": Role.REPRESENTATIVE}, "the agency representative speaks for an agency"),
        ({"role": Role.PRISON_OFFENDER_MANAGEMENT}, "say which prison"),
        ({"ends_on": DAY - timedelta(days=1)}, "it ends between"),
        ({"ends_on": DAY + timedelta(days=367)}, "it ends between"),
        ({"areas": ()}, "a token needs an area"),
        ({"scopes": ()}, "a token needs an area and a scope"),
    ],
)  # fmt: skip
def test_what_no_token_can_be_made_for(story: Story, more: dict[str, object], why: str) -> None:
    with pytest.raises(InvalidError, match=why), story.record.writing() as session:
        tokens.make(session, wanted(**more), "Cora", now())
    with story.record.reading() as session:
        assert session.scalar(text("SELECT count(*) FROM api_token")) == 0


def test_a_token_is_good_through_its_last_day_and_until_it_is_revoked(story: Story, tmp_path: Path) -> None:
    api = Api(story.record, tmp_path, ends_on=DAY + timedelta(days=2))
    for day, hour, right in (("2026-09-23", 23, 200), ("2026-09-24", 0, 401)):
        with time_machine.travel(at(day, hour), tick=False):
            assert api.get("/token").status_code == right, day
    with story.record.writing() as session:
        tokens.revoke(session, api.number, "Mona", now())
    assert api.get("/token").status_code == 401
    with pytest.raises(ConflictError, match="revoked before, by Mona"), story.record.writing() as session:
        tokens.revoke(session, api.number, "Cora", now())
    with pytest.raises(NotFoundError), story.record.writing() as session:
        tokens.revoke(session, 99, "Cora", now())


def test_making_and_revoking_stand_in_the_trail_with_who_did_it(story: Story) -> None:
    with story.record.writing() as session:
        number, _ = tokens.make(session, wanted(), "Cora", now())
        tokens.revoke(session, number, "Mona", now())
    with story.record.reading() as session:
        entries = session.scalars(select(AuditEntry).where(AuditEntry.chain == "tokens").order_by(AuditEntry.id)).all()
        assert [(one.actor, one.action, one.subject) for one in entries] == [
            ("Cora", "token-made", f"token {number}"), ("Mona", "token-revoked", f"token {number}"),
        ]  # fmt: skip
        told = entries[0].after
        assert told is not None
        assert (told["name"], told["role"], told["areas"], told["scopes"]) == (
            "Case work system", "coordinator", ["London"], ["read"],
        )  # fmt: skip
        assert list(verify(session)) == []


def test_that_it_was_used_is_noted_to_the_minute(record: Record, story: Story, tmp_path: Path) -> None:
    api = Api(record, tmp_path)
    for hour, minute in ((10, 0), (10, 0), (11, 30)):
        with time_machine.travel(at(TODAY, hour) + timedelta(minutes=minute), tick=False):
            assert api.get("/token").json()["last_used_at"] == f"2026-09-21T{hour}:{minute:02}:00+01:00"
