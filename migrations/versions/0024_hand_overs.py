"""hand-overs: who is away, which colleague is asked instead, and by which hand-over a prompt went to them."""

import sqlalchemy as sa
from alembic import op

from models.base import Moment

revision = '0024'
down_revision = '0023'


def words(length: int) -> sa.types.TypeEngine:
    """Return the type of a text, compared by code point on either database."""
    return sa.String(length=length).with_variant(sa.String(length=length, collation='C'), 'postgresql')


def upgrade() -> None:
    op.create_table(
        'hand_over',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('email', words(254), nullable=False),
        sa.Column('name', words(120), nullable=False),
        sa.Column('deputy_email', words(254), nullable=False),
        sa.Column('deputy_name', words(120), nullable=False),
        sa.Column('begins_on', sa.Date(), nullable=False),
        sa.Column('until', sa.Date(), nullable=False),
        sa.Column('made_at', Moment(timezone=True), nullable=False),
        sa.Column('made_by', words(120), nullable=False),
        sa.Column('ended_on', sa.Date(), nullable=True),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_hand_over')),
    )
    with op.batch_alter_table('hand_over', schema=None) as batch_op:
        batch_op.create_index('ix_hand_over_email', ['email', 'until'], unique=False)
        batch_op.create_index('ix_hand_over_deputy', ['deputy_email', 'until'], unique=False)
    with op.batch_alter_table('prompt', schema=None) as batch_op:
        batch_op.add_column(sa.Column('hand_over_id', sa.Integer(), nullable=True))
        batch_op.create_foreign_key(
            op.f('fk_prompt_hand_over_id_hand_over'), 'hand_over', ['hand_over_id'], ['id']
        )
        batch_op.create_index(
            'ix_prompt_hand_over', ['hand_over_id'], unique=False,
            sqlite_where=sa.text('hand_over_id IS NOT NULL'), postgresql_where=sa.text('hand_over_id IS NOT NULL'),
        )
