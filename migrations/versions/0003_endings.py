"""endings: what holds a person and until when, and the day on which the next of it ends."""

from datetime import UTC, datetime

import sqlalchemy as sa
from alembic import op

import models.base

revision = '0003'
down_revision = '0002'


def upgrade() -> None:
    with op.batch_alter_table('case', schema=None) as batch_op:
        batch_op.add_column(sa.Column('holds', sa.JSON(), nullable=False, server_default='[]'))
        batch_op.add_column(sa.Column('end_at', models.base.Moment(timezone=True), nullable=True))
        batch_op.create_index('ix_case_end_at', ['end_at'], unique=False, sqlite_where=sa.text('end_at IS NOT NULL'),
                              postgresql_where=sa.text('end_at IS NOT NULL'))
    identify_anew(op.get_bind())


def identify_anew(connection: sa.Connection) -> None:
    """Have the next tick look at the sentences of open cases again: only it knows what holds until when."""
    sentence = sa.table('sentence', sa.column('case_id'), sa.column('identify_at', models.base.Moment()))
    case = sa.table('case', sa.column('id'), sa.column('closed_on', sa.Date()))
    still_open = sa.select(case.c.id).where(case.c.closed_on.is_(None))
    connection.execute(
        sentence.update()
        .where(sentence.c.case_id.in_(still_open), sentence.c.identify_at.is_(None))
        .values(identify_at=datetime(2000, 1, 1, tzinfo=UTC))
    )
