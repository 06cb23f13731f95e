"""domain events of other services that were handled, by their number."""

import sqlalchemy as sa
from alembic import op

from models.base import Moment

revision = '0036'
down_revision = '0035'


def words(length: int) -> sa.types.TypeEngine:
    """Return the type of a text, compared by code point on either database."""
    return sa.String(length=length).with_variant(sa.String(length=length, collation='C'), 'postgresql')


def upgrade() -> None:
    op.create_table(
        'handled_event',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('event_id', words(100), nullable=False),
        sa.Column('kind', words(100), nullable=False),
        sa.Column('occurred_at', Moment(timezone=True), nullable=False),
        sa.Column('handled_at', Moment(timezone=True), nullable=False),
        sa.Column('outcome', words(12), nullable=False),
        sa.Column('note', words(500), nullable=False),
        sa.Column('case_id', sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(['case_id'], ['case.id'], name=op.f('fk_handled_event_case_id_case')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_handled_event')),
        sa.UniqueConstraint('event_id', name=op.f('uq_handled_event_event_id')),
    )
    with op.batch_alter_table('handled_event', schema=None) as batch_op:
        batch_op.create_index(op.f('ix_handled_event_case_id'), ['case_id'], unique=False)
