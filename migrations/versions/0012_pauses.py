"""pauses: timescales that prompt nobody for a time, and an index of what waits that knows them."""

import sqlalchemy as sa
from alembic import op

revision = '0012'
down_revision = '0011'

OPEN = sa.text("state = 'open' AND next_prompt_at IS NOT NULL")
WAITING = sa.text("state IN ('open', 'paused') AND next_prompt_at IS NOT NULL")


def upgrade() -> None:
    op.create_table(
        'pause',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('case_id', sa.Integer(), nullable=False),
        sa.Column('timescale_id', sa.Integer(), nullable=False),
        sa.Column('revision', sa.Integer(), nullable=False),
        sa.Column('way', sa.String(length=12), nullable=False),
        sa.Column('begins_on', sa.Date(), nullable=False),
        sa.Column('until', sa.Date(), nullable=False),
        sa.Column('reason', sa.String(length=500), nullable=False),
        sa.Column('authority', sa.String(length=120), nullable=True),
        sa.Column('paused_by', sa.String(length=120), nullable=False),
        sa.Column('paused_by_email', sa.String(length=254), nullable=True),
        sa.Column('ended_on', sa.Date(), nullable=True),
        sa.Column('ended_because', sa.String(length=40), nullable=True),
        sa.ForeignKeyConstraint(['case_id'], ['case.id'], name=op.f('fk_pause_case_id_case')),
        sa.ForeignKeyConstraint(['timescale_id'], ['timescale.id'], name=op.f('fk_pause_timescale_id_timescale')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_pause')),
    )
    with op.batch_alter_table('pause', schema=None) as batch_op:
        batch_op.create_index('uq_pause_one_runs', ['timescale_id'], unique=True,
                              sqlite_where=sa.text('ended_on IS NULL'), postgresql_where=sa.text('ended_on IS NULL'))
        batch_op.create_index('ix_pause_timescale', ['timescale_id'], unique=False)
    with op.batch_alter_table('timescale', schema=None) as batch_op:
        batch_op.drop_index('ix_timescale_due', sqlite_where=OPEN, postgresql_where=OPEN)
        batch_op.create_index('ix_timescale_due', ['next_prompt_at'], unique=False, sqlite_where=WAITING,
                              postgresql_where=WAITING)
