"""trail: entries name the key of their hash, and seals cover the whole of it."""

import sqlalchemy as sa
from alembic import op

from models.base import Moment

revision = '0030'
down_revision = '0029'


def words(length: int) -> sa.types.TypeEngine:
    """Return the type of a text, compared by code point on either database."""
    return sa.String(length=length).with_variant(sa.String(length=length, collation='C'), 'postgresql')


def upgrade() -> None:
    op.add_column('audit_entry', sa.Column('key_id', words(16), nullable=True))
    op.create_table(
        'audit_seal',
        sa.Column('number', sa.Integer(), autoincrement=False, nullable=False),
        sa.Column('at', Moment(timezone=True), nullable=False),
        sa.Column('why', words(12), nullable=False),
        sa.Column('until', sa.Integer(), nullable=False),
        sa.Column('entries', sa.Integer(), nullable=False),
        sa.Column('digest', words(64), nullable=False),
        sa.Column('begun', sa.JSON(), nullable=False),
        sa.Column('hash', words(64), nullable=False),
        sa.Column('key_id', words(16), nullable=False),
        sa.PrimaryKeyConstraint('number', name=op.f('pk_audit_seal')),
    )
