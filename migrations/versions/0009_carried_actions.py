"""carried actions: the day on which a meeting gave an action that it carried on a new date."""

import sqlalchemy as sa
from alembic import op

revision = '0009'
down_revision = '0008'


def upgrade() -> None:
    with op.batch_alter_table('action', schema=None) as batch_op:
        batch_op.add_column(sa.Column('dated_on', sa.Date(), nullable=True))
