"""The tokens by which other systems use the API."""

from collections.abc import Iterator
from datetime import date
from typing import Annotated

from pydantic import Field
from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from casework.facts.querying import given
from models.desk import ApiToken
from policy.roles import Role
from views.model import LEFT_OUT, Moment, View, filled


class TokenView(View, title="Token"):
    """A token by which another system uses the API. The token itself is kept nowhere."""

    token: int = Field(description="The number of the token.", examples=[1])
    name: str = Field(description="Which system has it; the audit trail calls it so.", examples=["Case work system"])
    address: str = Field(
        description="The e-mail address the system is known by, also among the readers of a restricted case.",
        examples=["case-work@agency.example"],
    )
    role: Role = Field(description="The role in which it acts.")
    areas: list[str] = Field(description="The areas in which it acts.", examples=[["London"]])
    agency: str = Field(description='The agency it speaks for; "" where its role speaks for the area.')
    unit: str = Field(description='The unit it speaks for; "" for the whole agency.')
    scopes: list[str] = Field(
        description="What it may be used for: `read`, `record`, `changes`.", examples=[["read", "changes"]]
    )
    ends_on: date = Field(description="Its last day.")
    last_used_at: Moment | None = Field(description="When it was last used, to the minute; null before.")
    revoked_at: Moment | None = Field(description="When it was revoked; null where it was not.")
    made_by: Annotated[str, LEFT_OUT] = Field(description="Who made it.")
    made_at: Annotated[Moment, LEFT_OUT] = Field(description="When it was made.")


class MadeTokenView(View, title="Token just made"):
    """A token that was just made. It is shown this once."""

    token: int = Field(description="The number of the token.", examples=[1])
    secret: str = Field(
        description="The token itself. A call carries it as `Authorization: Bearer`.", examples=["mappa_3f0c5d1b"]
    )
    ends_on: date = Field(description="Its last day.")


class RevokedTokenView(View, title="Token just revoked"):
    """A token that was just revoked."""

    token: int = Field(description="The number of the token.", examples=[1])
    revoked_at: Moment = Field(description="When.")


def tokens(session: Session, *conditions: ColumnElement[bool]) -> Iterator[TokenView]:
    """Yield tokens by number."""
    query = select(
        ApiToken.id.label("token"),
        ApiToken.name,
        ApiToken.address,
        ApiToken.role,
        ApiToken.areas,
        ApiToken.agency,
        ApiToken.unit,
        ApiToken.scopes,
        ApiToken.ends_on,
        ApiToken.last_used_at,
        ApiToken.revoked_at,
        ApiToken.made_by,
        ApiToken.made_at,
    )
    return filled(session, given(query, *conditions).order_by(ApiToken.id), TokenView)
