"""stuck: since when a timescale is past the last rung of its ladder; each such gets its place on the next list."""

from datetime import UTC, datetime

import sqlalchemy as sa
from alembic import op

import models.base

revision = '0013'
down_revision = '0012'


def upgrade() -> None:
    with op.batch_alter_table('timescale', schema=None) as batch_op:
        batch_op.add_column(sa.Column('stuck_since', sa.Date(), nullable=True))
    timescale = sa.table(
        'timescale', sa.column('state'), sa.column('next_prompt_at', models.base.Moment(timezone=True))
    )
    # The next sweep finds them, and puts each on the list of the week after.
    op.get_bind().execute(
        timescale.update()
        .where(timescale.c.state == 'open', timescale.c.next_prompt_at.is_(None))
        .values(next_prompt_at=datetime(2000, 1, 1, tzinfo=UTC))
    )
