"""board meetings: when the board of an area met, who was invited and who came."""

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
