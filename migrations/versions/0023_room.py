"""the meeting room: what a page keeps of a form in hand beside the form itself."""

import sqlalchemy as sa
from alembic import op

revision = '0023'
down_revision = '0022'


def upgrade() -> None:
    with op.batch_alter_table('draft', schema=None) as batch_op:
        batch_op.add_column(sa.Column('aside', sa.JSON(), nullable=True))
