"""registrations: a caseload with its history, the spells and events that figures are counted from, and populations."""

import sqlalchemy as sa
from alembic import op

from models.base import Moment

revision = '0026'
down_revision = '0025'


def words(length: int) -> sa.types.TypeEngine:
    """Return the type of a text, compared by code point on either database."""
    return sa.String(length=length).with_variant(sa.String(length=length, collation='C'), 'postgresql')


def upgrade() -> None:
    op.create_table(
        'registration',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('person_id', sa.Integer(), nullable=False),
        sa.Column('case_id', sa.Integer(), nullable=False),
        sa.Column('area', words(60), nullable=False),
        sa.Column('unit', words(80), nullable=True),
        sa.Column('category', sa.Integer(), nullable=False),
        sa.Column('level', sa.Integer(), nullable=True),
        sa.Column('starts_on', sa.Date(), nullable=False),
        sa.Column('ends_on', sa.Date(), nullable=True),
        sa.Column('lead_agency', words(40), nullable=False),
        sa.Column('location', words(12), nullable=True),
        sa.Column('flags', sa.JSON(), nullable=False),
        sa.Column('loaded_at', Moment(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(['case_id'], ['case.id'], name=op.f('fk_registration_case_id_case')),
        sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_registration_person_id_person')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_registration')),
        sa.UniqueConstraint('person_id', 'starts_on', 'category', 'level', name=op.f('uq_registration_person_id')),
    )
    with op.batch_alter_table('registration', schema=None) as batch_op:
        batch_op.create_index('ix_registration_case', ['case_id', 'starts_on'], unique=False)
    op.create_table(
        'spell',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('case_id', sa.Integer(), nullable=False),
        sa.Column('person_id', sa.Integer(), nullable=False),
        sa.Column('area', words(60), nullable=False),
        sa.Column('unit', words(80), nullable=True),
        sa.Column('lead_agency', words(40), nullable=False),
        sa.Column('location', words(12), nullable=False),
        sa.Column('category', sa.Integer(), nullable=True),
        sa.Column('categories', sa.JSON(), nullable=False),
        sa.Column('level', sa.Integer(), nullable=True),
        sa.Column('starts_on', sa.Date(), nullable=False),
        sa.Column('ends_on', sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(['case_id'], ['case.id'], name=op.f('fk_spell_case_id_case')),
        sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_spell_person_id_person')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_spell')),
        sa.UniqueConstraint('case_id', 'starts_on', name=op.f('uq_spell_case_id')),
    )
    with op.batch_alter_table('spell', schema=None) as batch_op:
        batch_op.create_index(op.f('ix_spell_person_id'), ['person_id'], unique=False)
        batch_op.create_index('ix_spell_area', ['area', 'starts_on', 'ends_on'], unique=False)
    op.create_table(
        'reported_event',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('person_id', sa.Integer(), nullable=False),
        sa.Column('case_id', sa.Integer(), nullable=True),
        sa.Column('area', words(60), nullable=False),
        sa.Column('unit', words(80), nullable=True),
        sa.Column('kind', words(40), nullable=False),
        sa.Column('on_date', sa.Date(), nullable=False),
        sa.Column('number', sa.Integer(), nullable=False),
        sa.Column('category', sa.Integer(), nullable=True),
        sa.Column('level', sa.Integer(), nullable=True),
        sa.Column('detail', words(500), nullable=True),
        sa.Column('loaded_at', Moment(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(['case_id'], ['case.id'], name=op.f('fk_reported_event_case_id_case')),
        sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_reported_event_person_id_person')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_reported_event')),
        sa.UniqueConstraint('person_id', 'kind', 'on_date', 'number', name=op.f('uq_reported_event_person_id')),
    )
    with op.batch_alter_table('reported_event', schema=None) as batch_op:
        batch_op.create_index(op.f('ix_reported_event_case_id'), ['case_id'], unique=False)
        batch_op.create_index('ix_reported_event_area', ['area', 'on_date'], unique=False)
    op.create_table(
        'population',
        sa.Column('area', words(60), nullable=False),
        sa.Column('year', sa.Integer(), nullable=False),
        sa.Column('aged_10_and_over', sa.Integer(), nullable=False),
        sa.Column('loaded_at', Moment(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint('area', 'year', name=op.f('pk_population')),
    )
    with op.batch_alter_table('case', schema=None) as batch_op:
        batch_op.add_column(sa.Column('category_history', sa.JSON(), nullable=True))
    with op.batch_alter_table('level_spell', schema=None) as batch_op:
        batch_op.add_column(sa.Column('registered', sa.Boolean(), nullable=False, server_default='0'))
