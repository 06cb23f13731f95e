"""take-on: the day from which an area is prompted, and what a person decided on what was overdue before it."""

import sqlalchemy as sa
from alembic import op

from models.base import Moment

revision = '0027'
down_revision = '0026'


def words(length: int) -> sa.types.TypeEngine:
    """Return the type of a text, compared by code point on either database."""
    return sa.String(length=length).with_variant(sa.String(length=length, collation='C'), 'postgresql')


def upgrade() -> None:
    op.create_table(
        'take_on',
        sa.Column('area', words(60), nullable=False),
        sa.Column('begins_on', sa.Date(), nullable=False),
        sa.Column('decided_at', Moment(timezone=True), nullable=False),
        sa.Column('decided_by', words(120), nullable=False),
        sa.PrimaryKeyConstraint('area', name=op.f('pk_take_on')),
    )
    with op.batch_alter_table('timescale', schema=None) as batch_op:
        batch_op.add_column(sa.Column('adopted_on', sa.Date(), nullable=True))
        batch_op.add_column(sa.Column('put_down_on', sa.Date(), nullable=True))
