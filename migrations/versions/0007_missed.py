"""missed: the day on which something overtook a timescale before it was done."""

import sqlalchemy as sa
from alembic import op

revision = '0007'
down_revision = '0006'


def upgrade() -> None:
    with op.batch_alter_table('timescale', schema=None) as batch_op:
        batch_op.add_column(sa.Column('missed_on', sa.Date(), nullable=True))
