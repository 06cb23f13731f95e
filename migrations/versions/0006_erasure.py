"""erasure: audit entries whose content was erased."""

import sqlalchemy as sa
from alembic import op

import models.base

revision = '0006'
down_revision = '0005'


def upgrade() -> None:
    with op.batch_alter_table('audit_entry', schema=None) as batch_op:
        batch_op.add_column(sa.Column('erased_at', models.base.Moment(timezone=True), nullable=True))
