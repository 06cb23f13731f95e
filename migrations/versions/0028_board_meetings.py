"""board meetings: when the board of an area met and who came; publications: which reports are due when."""

import sqlalchemy as sa
from alembic import op

from models.base import Moment

revision = '0028'
down_revision = '0027'


def words(length: int) -> sa.types.TypeEngine:
    """Return the type of a text, compared by code point on either database."""
    return sa.String(length=length).with_variant(sa.String(length=length, collation='C'), 'postgresql')


def upgrade() -> None:
    op.create_table(
        'board_meeting',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('area', words(60), nullable=False),
        sa.Column('held_on', sa.Date(), nullable=False),
        sa.Column('loaded_at', Moment(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_board_meeting')),
        sa.UniqueConstraint('area', 'held_on', name=op.f('uq_board_meeting_area')),
    )
    op.create_table(
        'board_invitation',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('meeting_id', sa.Integer(), nullable=False),
        sa.Column('agency', words(40), nullable=False),
        sa.Column('name', words(120), nullable=False),
        sa.Column('attendance', words(12), nullable=False),
        sa.Column('has_duty', sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ['meeting_id'], ['board_meeting.id'], name=op.f('fk_board_invitation_meeting_id_board_meeting')
        ),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_board_invitation')),
        sa.UniqueConstraint('meeting_id', 'agency', 'name', name=op.f('uq_board_invitation_meeting_id')),
    )
    op.create_table(
        'publication',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('area', words(60), nullable=False),
        sa.Column('report', words(12), nullable=False),
        sa.Column('period', words(12), nullable=False),
        sa.Column('months', sa.Integer(), nullable=False),
        sa.Column('ends_on', sa.Date(), nullable=False),
        sa.Column('due_on', sa.Date(), nullable=False),
        sa.Column('published_at', Moment(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_publication')),
        sa.UniqueConstraint('area', 'report', 'period', name=op.f('uq_publication_area')),
    )
    with op.batch_alter_table('publication', schema=None) as batch_op:
        batch_op.create_index('ix_publication_due', ['published_at', 'due_on'], unique=False)
