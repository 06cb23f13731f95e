"""business of the board: its agenda and its actions; training: which police offender managers had it, and when."""

import sqlalchemy as sa
from alembic import op

from models.base import Moment

revision = '0040'
down_revision = '0039'


def words(length: int) -> sa.types.TypeEngine:
    """Return the type of a text, compared by code point on either database."""
    return sa.String(length=length).with_variant(sa.String(length=length, collation='C'), 'postgresql')


def upgrade() -> None:
    op.create_table(
        'board_agenda_item',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('area', words(60), nullable=False),
        sa.Column('held_on', sa.Date(), nullable=False),
        sa.Column('number', sa.Integer(), nullable=False),
        sa.Column('item', words(500), nullable=False),
        sa.Column('decision', words(2000), nullable=True),
        sa.Column('loaded_at', Moment(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_board_agenda_item')),
        sa.UniqueConstraint('area', 'held_on', 'number', name=op.f('uq_board_agenda_item_area')),
    )
    op.create_table(
        'board_action',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('area', words(60), nullable=False),
        sa.Column('set_on', sa.Date(), nullable=False),
        sa.Column('number', sa.Integer(), nullable=False),
        sa.Column('what', words(1000), nullable=False),
        sa.Column('owner', words(120), nullable=False),
        sa.Column('agency', words(40), nullable=False),
        sa.Column('due_on', sa.Date(), nullable=False),
        sa.Column('done_on', sa.Date(), nullable=True),
        sa.Column('outcome', words(2000), nullable=True),
        sa.Column('loaded_at', Moment(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_board_action')),
        sa.UniqueConstraint('area', 'set_on', 'number', name=op.f('uq_board_action_area')),
    )
    op.create_table(
        'training',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('area', words(60), nullable=False),
        sa.Column('email', words(254), nullable=False),
        sa.Column('trained_on', sa.Date(), nullable=False),
        sa.Column('name', words(120), nullable=False),
        sa.Column('course', words(120), nullable=True),
        sa.Column('loaded_at', Moment(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_training')),
        sa.UniqueConstraint('area', 'email', 'trained_on', name=op.f('uq_training_area')),
    )
