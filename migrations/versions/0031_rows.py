"""rows: every row has a seal, and the seals of the trail cover them."""

import sqlalchemy as sa
from alembic import op

from models.base import Moment

revision = '0031'
down_revision = '0030'


def words(length: int | None = None) -> sa.types.TypeEngine:
    """Return the type of a text, compared by code point on either database."""
    kind = sa.Text if length is None else sa.String
    return kind(length=length).with_variant(kind(length=length, collation='C'), 'postgresql')


def upgrade() -> None:
    op.add_column('audit_seal', sa.Column('rows', sa.JSON(), nullable=True))
    op.create_table(
        'row_seal',
        sa.Column('name', words(40), nullable=False),
        sa.Column('key', words(300), nullable=False),
        sa.Column('hash', words(24), nullable=False),
        sa.PrimaryKeyConstraint('name', 'key', name=op.f('pk_row_seal')),
        sqlite_with_rowid=False,
    )
    op.create_table(
        'row_note',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('touched', words(), nullable=False),
        sa.Column('mac', words(64), nullable=False),
        sa.Column('key_id', words(16), nullable=False),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_row_note')),
    )
    op.create_table(
        'row_sum',
        sa.Column('name', words(40), nullable=False),
        sa.Column('rows', sa.Integer(), nullable=False),
        sa.Column('total', words(32), nullable=False),
        sa.PrimaryKeyConstraint('name', name=op.f('pk_row_sum')),
    )
    op.create_table(
        'row_check',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('checked_at', Moment(timezone=True), nullable=False),
        sa.Column('rows', sa.Integer(), nullable=False),
        sa.Column('faults', sa.Integer(), nullable=False),
        sa.Column('named', sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_row_check')),
    )
