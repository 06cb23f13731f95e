"""assurance: the runs of the auditor."""

import sqlalchemy as sa
from alembic import op

import models.base

revision = '0005'
down_revision = '0004'


def upgrade() -> None:
    op.create_table('assurance_run',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('ran_at', models.base.Moment(timezone=True), nullable=False),
    sa.Column('ok', sa.Boolean(), nullable=False),
    sa.Column('findings', sa.JSON(), nullable=False),
    sa.Column('counts', sa.JSON(none_as_null=True), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_assurance_run'))
    )
    with op.batch_alter_table('assurance_run', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_assurance_run_ran_at'), ['ran_at'], unique=False)
