"""identifying agency: whose duty it is to identify somebody, where that is not the lead agency."""

import sqlalchemy as sa
from alembic import op

revision = '0008'
down_revision = '0007'


def upgrade() -> None:
    with op.batch_alter_table('sentence', schema=None) as batch_op:
        batch_op.add_column(sa.Column('identifying_agency', sa.String(length=40), nullable=True))
