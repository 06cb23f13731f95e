"""as typed: what a draft cannot hold of a refused form, byte for byte as it came."""

import sqlalchemy as sa
from alembic import op

revision = '0029'
down_revision = '0028'


def upgrade() -> None:
    with op.batch_alter_table('draft', schema=None) as batch_op:
        batch_op.add_column(sa.Column('as_typed', sa.LargeBinary(), nullable=True))
