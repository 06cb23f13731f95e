"""first recipient: who was asked first, where a prompt went to somebody else in the end."""

import sqlalchemy as sa
from alembic import op

revision = '0018'
down_revision = '0017'


def upgrade() -> None:
    with op.batch_alter_table('prompt', schema=None) as batch_op:
        batch_op.add_column(sa.Column('first_recipient', sa.String(254), nullable=True))
