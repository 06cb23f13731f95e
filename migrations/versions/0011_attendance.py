"""attendance: who must come follows the circumstances, and an absence may be withdrawn."""

from datetime import UTC, datetime

import sqlalchemy as sa
from alembic import op

import models.base

revision = '0011'
down_revision = '0010'


def upgrade() -> None:
    with op.batch_alter_table('meeting', schema=None) as batch_op:
        batch_op.add_column(sa.Column('moved_at_sequence', sa.Integer(), nullable=False, server_default='0'))
        batch_op.add_column(sa.Column('basis', sa.String(length=64), nullable=True))
        batch_op.add_column(sa.Column('case_then', sa.JSON(), nullable=True))
    # So far every change of a meeting was one of its time or place, or its end.
    op.execute('UPDATE meeting SET moved_at_sequence = sequence')
    with op.batch_alter_table('meeting', schema=None) as batch_op:
        batch_op.alter_column('moved_at_sequence', server_default=None)
    with op.batch_alter_table('absence', schema=None) as batch_op:
        batch_op.add_column(sa.Column('invited', sa.Boolean(), nullable=False, server_default=sa.true()))
        batch_op.add_column(sa.Column('withdrawn_on', sa.Date(), nullable=True))
        batch_op.add_column(sa.Column('withdrawn_because', sa.String(length=300), nullable=True))
    with op.batch_alter_table('absence', schema=None) as batch_op:
        batch_op.alter_column('invited', server_default=None)
    look_again(op.get_bind())


def look_again(connection: sa.Connection) -> None:
    """Have the next tick look at planned meetings, and at the cases of which an absence is followed up."""
    meeting = sa.table('meeting', sa.column('state'), sa.column('prepare_at', models.base.Moment()))
    absence = sa.table('absence', sa.column('case_id'), sa.column('settled_on', sa.Date()))
    case = sa.table('case', sa.column('id'), sa.column('closed_on', sa.Date()),
                    sa.column('review_at', models.base.Moment()))
    at_once = datetime(2000, 1, 1, tzinfo=UTC)
    followed_up = sa.select(absence.c.case_id).where(absence.c.settled_on.is_(None))
    connection.execute(
        meeting.update().where(meeting.c.state == 'planned', meeting.c.prepare_at.is_(None)).values(prepare_at=at_once)
    )
    connection.execute(
        case.update().where(case.c.closed_on.is_(None), case.c.id.in_(followed_up)).values(review_at=at_once)
    )
