"""tokens by which other systems use the API."""

import sqlalchemy as sa
from alembic import op

from models.base import Moment

revision = '0022'
down_revision = '0021'


def words(length: int) -> sa.types.TypeEngine:
    """Return the type of a text, compared by code point on either database."""
    return sa.String(length=length).with_variant(sa.String(length=length, collation='C'), 'postgresql')


def upgrade() -> None:
    op.create_table(
        'api_token',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('token_hash', words(64), nullable=False),
        sa.Column('name', words(120), nullable=False),
        sa.Column('address', words(254), nullable=False),
        sa.Column('role', words(30), nullable=False),
        sa.Column('areas', sa.JSON(), nullable=False),
        sa.Column('agency', words(60), nullable=False),
        sa.Column('unit', words(80), nullable=False),
        sa.Column('scopes', sa.JSON(), nullable=False),
        sa.Column('made_at', Moment(timezone=True), nullable=False),
        sa.Column('made_by', words(120), nullable=False),
        sa.Column('ends_on', sa.Date(), nullable=False),
        sa.Column('last_used_at', Moment(timezone=True), nullable=True),
        sa.Column('revoked_at', Moment(timezone=True), nullable=True),
        sa.Column('revoked_by', words(120), nullable=True),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_api_token')),
        sa.UniqueConstraint('token_hash', name=op.f('uq_api_token_token_hash')),
    )
