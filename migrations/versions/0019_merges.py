"""merges: two records of one person made one, and sentences that were told in error."""

import sqlalchemy as sa
from alembic import op

revision = '0019'
down_revision = '0018'


def upgrade() -> None:
    op.create_table(
        'merge',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('case_id', sa.Integer(), nullable=False),
        sa.Column('other_case_id', sa.Integer(), nullable=True),
        sa.Column('other_person_id', sa.Integer(), nullable=False),
        sa.Column('merged_on', sa.Date(), nullable=False),
        sa.Column('moved', sa.JSON(), nullable=False),
        sa.Column('before', sa.JSON(), nullable=False),
        sa.Column('split_on', sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(['case_id'], ['case.id'], name=op.f('fk_merge_case_id_case')),
        sa.ForeignKeyConstraint(['other_case_id'], ['case.id'], name=op.f('fk_merge_other_case_id_case')),
        sa.ForeignKeyConstraint(['other_person_id'], ['person.id'], name=op.f('fk_merge_other_person_id_person')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_merge')),
    )
    with op.batch_alter_table('merge', schema=None) as batch_op:
        batch_op.create_index('ix_merge_case', ['case_id'], unique=False)
    with op.batch_alter_table('person', schema=None) as batch_op:
        batch_op.add_column(sa.Column('merged_into_id', sa.Integer(), nullable=True))
        batch_op.create_foreign_key(
            op.f('fk_person_merged_into_id_person'), 'person', ['merged_into_id'], ['id'])
        batch_op.create_index(op.f('ix_person_merged_into_id'), ['merged_into_id'], unique=False)
        batch_op.create_index(op.f('ix_person_date_of_birth'), ['date_of_birth'], unique=False)
    with op.batch_alter_table('sentence', schema=None) as batch_op:
        batch_op.add_column(sa.Column('withdrawn_on', sa.Date(), nullable=True))
        batch_op.add_column(sa.Column('withdrawn_because', sa.String(length=500), nullable=True))
