"""rows: every row has a seal, and the seals of the trail say how many there are."""

import sqlalchemy as sa
from alembic import op

revision = '0030b'
down_revision = '0030'


def words(length: int) -> sa.types.TypeEngine:
    """Return the type of a text, compared by code point on either database."""
    return sa.String(length=length).with_variant(sa.String(length=length, collation='C'), 'postgresql')


def upgrade() -> None:
    op.add_column('audit_seal', sa.Column('rows', sa.JSON(), nullable=True))
    op.create_table(
        'row_seal',
        sa.Column('name', words(40), nullable=False),
        sa.Column('key', words(300), nullable=False),
        sa.Column('mac', words(32), nullable=False),
        sa.Column('key_id', words(16), nullable=False),
        sa.PrimaryKeyConstraint('name', 'key', name=op.f('pk_row_seal')),
        sqlite_with_rowid=False,
    )
    op.create_table(
        'row_change',
        sa.Column('id', words(32), nullable=False),
        sa.Column('sums', sa.JSON(), nullable=False),
        sa.Column('mac', words(64), nullable=False),
        sa.Column('key_id', words(16), nullable=False),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_row_change')),
    )
