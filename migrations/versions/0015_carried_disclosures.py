"""carried disclosures: the day on which a meeting gave a disclosure that it carried on a new date."""

import sqlalchemy as sa
from alembic import op

revision = '0015'
down_revision = '0014'


def upgrade() -> None:
    with op.batch_alter_table('disclosure', schema=None) as batch_op:
        batch_op.add_column(sa.Column('dated_on', sa.Date(), nullable=True))
