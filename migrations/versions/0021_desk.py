"""the desk: codes for signing in, sessions, forms in hand, and who may read a restricted case."""

import sqlalchemy as sa
from alembic import op

from models.base import Moment

revision = '0021'
down_revision = '0020'


def words(length: int) -> sa.types.TypeEngine:
    """Return the type of a text, compared by code point on either database."""
    return sa.String(length=length).with_variant(sa.String(length=length, collation='C'), 'postgresql')


def upgrade() -> None:
    op.create_table(
        'sign_in_code',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('email', words(254), nullable=False),
        sa.Column('code_hash', words(64), nullable=False),
        sa.Column('asked_at', Moment(timezone=True), nullable=False),
        sa.Column('asked_from', words(64), nullable=False),
        sa.Column('expires_at', Moment(timezone=True), nullable=False),
        sa.Column('tries', sa.Integer(), nullable=False),
        sa.Column('used_at', Moment(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_sign_in_code')),
    )
    with op.batch_alter_table('sign_in_code', schema=None) as batch_op:
        batch_op.create_index('ix_sign_in_code_email', ['email', 'asked_at'], unique=False)
        batch_op.create_index(op.f('ix_sign_in_code_asked_from'), ['asked_from'], unique=False)
    op.create_table(
        'desk_session',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('token_hash', words(64), nullable=False),
        sa.Column('email', words(254), nullable=False),
        sa.Column('how', words(10), nullable=False),
        sa.Column('browser', words(200), nullable=False),
        sa.Column('began_at', Moment(timezone=True), nullable=False),
        sa.Column('seen_at', Moment(timezone=True), nullable=False),
        sa.Column('visited_before_at', Moment(timezone=True), nullable=True),
        sa.Column('ended_at', Moment(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_desk_session')),
        sa.UniqueConstraint('token_hash', name=op.f('uq_desk_session_token_hash')),
    )
    with op.batch_alter_table('desk_session', schema=None) as batch_op:
        batch_op.create_index('ix_desk_session_email', ['email', 'seen_at'], unique=False)
    with op.batch_alter_table('draft', schema=None) as batch_op:
        batch_op.add_column(sa.Column('ticket', words(40), nullable=True))
        batch_op.add_column(sa.Column('owner', words(254), nullable=True))
        batch_op.add_column(sa.Column('outcome', sa.JSON(), nullable=True))
        batch_op.create_unique_constraint(op.f('uq_draft_ticket'), ['ticket'])
        batch_op.create_index('ix_draft_owner', ['owner'], unique=False)
    op.create_table(
        'case_reader',
        sa.Column('case_id', sa.Integer(), nullable=False),
        sa.Column('email', words(254), nullable=False),
        sa.ForeignKeyConstraint(['case_id'], ['case.id'], name=op.f('fk_case_reader_case_id_case')),
        sa.PrimaryKeyConstraint('case_id', 'email', name=op.f('pk_case_reader')),
    )
    with op.batch_alter_table('case', schema=None) as batch_op:
        for name in ('person_id', 'offender_manager_email', 'line_manager_email', 'police_offender_manager_email'):
            batch_op.create_index(op.f(f'ix_case_{name}'), [name], unique=False)
    with op.batch_alter_table('fact', schema=None) as batch_op:
        batch_op.create_index('ix_fact_recorded_at', ['recorded_at'], unique=False)
    waiting = "state IN ('open', 'paused')"
    with op.batch_alter_table('timescale', schema=None) as batch_op:
        for name, rows in (('owed', waiting), ('stuck', f'{waiting} AND stuck_since IS NOT NULL')):
            batch_op.create_index(
                f'ix_timescale_{name}', ['owner_role', 'due_on'], unique=False, sqlite_where=sa.text(rows),
                postgresql_where=sa.text(rows),
            )
    with op.batch_alter_table('prompt', schema=None) as batch_op:
        batch_op.create_index('ix_prompt_recipient', ['recipient'], unique=False)
