"""calendar feeds: the private address at which somebody's calendar reads their meetings."""

import sqlalchemy as sa
from alembic import op

from models.base import Moment

revision = '0025'
down_revision = '0024'


def words(length: int) -> sa.types.TypeEngine:
    """Return the type of a text, compared by code point on either database."""
    return sa.String(length=length).with_variant(sa.String(length=length, collation='C'), 'postgresql')


def upgrade() -> None:
    op.create_table(
        'calendar_feed',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('secret_hash', words(64), nullable=False),
        sa.Column('email', words(254), nullable=False),
        sa.Column('made_at', Moment(timezone=True), nullable=False),
        sa.Column('ended_at', Moment(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_calendar_feed')),
        sa.UniqueConstraint('secret_hash', name=op.f('uq_calendar_feed_secret_hash')),
    )
    with op.batch_alter_table('calendar_feed', schema=None) as batch_op:
        batch_op.create_index('ix_calendar_feed_email', ['email'], unique=False)
