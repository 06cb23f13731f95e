"""replies: how far a mailbox is read, what was in it, who answered an invitation, addresses that send mail back, and
messages whose carrier is asked what became of them.
"""

import sqlalchemy as sa
from alembic import op

from models.base import Moment

revision = '0039'
down_revision = '0036'


def words(length: int) -> sa.types.TypeEngine:
    """Return the type of a text, compared by code point on either database."""
    return sa.String(length=length).with_variant(sa.String(length=length, collation='C'), 'postgresql')


def upgrade() -> None:
    op.create_table(
        'mailbox',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('name', words(300), nullable=False),
        sa.Column('uid_validity', sa.BigInteger(), nullable=False),
        sa.Column('last_uid', sa.BigInteger(), nullable=False),
        sa.Column('read_at', Moment(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_mailbox')),
        sa.UniqueConstraint('name', name=op.f('uq_mailbox_name')),
    )
    op.create_table(
        'received_mail',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('key', words(64), nullable=False),
        sa.Column('kind', words(20), nullable=False),
        sa.Column('outcome', words(20), nullable=False),
        sa.Column('read_at', Moment(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_received_mail')),
        sa.UniqueConstraint('key', name=op.f('uq_received_mail_key')),
    )
    with op.batch_alter_table('received_mail', schema=None) as batch_op:
        batch_op.create_index('ix_received_mail_outcome', ['kind', 'outcome'], unique=False)
    op.create_table(
        'meeting_answer',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('meeting_id', sa.Integer(), nullable=False),
        sa.Column('email', words(254), nullable=False),
        sa.Column('answer', words(12), nullable=True),
        sa.Column('sequence', sa.Integer(), nullable=False),
        sa.Column('answered_at', Moment(timezone=True), nullable=True),
        sa.Column('away_at', Moment(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(['meeting_id'], ['meeting.id'], name=op.f('fk_meeting_answer_meeting_id_meeting')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_meeting_answer')),
        sa.UniqueConstraint('meeting_id', 'email', name=op.f('uq_meeting_answer_meeting_id')),
    )
    op.create_table(
        'returned_address',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('email', words(254), nullable=False),
        sa.Column('why', words(300), nullable=False),
        sa.Column('since', Moment(timezone=True), nullable=False),
        sa.Column('message_id', words(32), nullable=False),
        sa.Column('area', words(60), nullable=False),
        sa.Column('tell_at', Moment(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_returned_address')),
        sa.UniqueConstraint('email', name=op.f('uq_returned_address_email')),
    )
    with op.batch_alter_table('returned_address', schema=None) as batch_op:
        batch_op.create_index(
            'ix_returned_address_tell_at',
            ['tell_at'],
            unique=False,
            sqlite_where=sa.text('tell_at IS NOT NULL'),
            postgresql_where=sa.text('tell_at IS NOT NULL'),
        )
    op.create_table(
        'carried_message',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('message_id', words(32), nullable=False),
        sa.Column('carrier_id', words(64), nullable=False),
        sa.Column('state', words(24), nullable=False),
        sa.Column('taken_at', Moment(timezone=True), nullable=False),
        sa.Column('asks', sa.Integer(), nullable=False),
        sa.Column('ask_at', Moment(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_carried_message')),
        sa.UniqueConstraint('message_id', name=op.f('uq_carried_message_message_id')),
    )
    with op.batch_alter_table('carried_message', schema=None) as batch_op:
        batch_op.create_index(
            'ix_carried_message_ask_at',
            ['ask_at'],
            unique=False,
            sqlite_where=sa.text('ask_at IS NOT NULL'),
            postgresql_where=sa.text('ask_at IS NOT NULL'),
        )
