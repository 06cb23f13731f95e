"""refused since: from when on a mail server has refused a message for now; after policy's days it is given up."""

import sqlalchemy as sa
from alembic import op

import models.base

revision = '0017'
down_revision = '0016'


def upgrade() -> None:
    with op.batch_alter_table('message', schema=None) as batch_op:
        batch_op.add_column(sa.Column('refused_since', models.base.Moment(timezone=True), nullable=True))
