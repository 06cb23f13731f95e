"""clock mark: when the clock of a machine was believed last."""

import sqlalchemy as sa
from alembic import op

from models.base import Moment

revision = '0032'
down_revision = '0031'


def upgrade() -> None:
    mark = op.create_table(
        'clock_mark',
        sa.Column('id', sa.Integer(), autoincrement=False, nullable=False),
        sa.Column('ticked_at', Moment(timezone=True), nullable=True),
        sa.Column('server_doubted_until', Moment(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_clock_mark')),
    )
    op.bulk_insert(mark, [{'id': 1, 'ticked_at': None, 'server_doubted_until': None}])
