"""telephones: the number of whoever holds a role in the directory."""

import sqlalchemy as sa
from alembic import op

revision = '0014'
down_revision = '0013'


def upgrade() -> None:
    with op.batch_alter_table('directory_entry', schema=None) as batch_op:
        batch_op.add_column(sa.Column('telephone', sa.String(length=30), nullable=True))
