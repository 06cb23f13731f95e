"""between meetings: disclosures, plans, what happens in custody, orders, transfers between areas."""

from datetime import UTC, datetime

import sqlalchemy as sa
from alembic import op

import models.base

revision = '0004'
down_revision = '0003'


def upgrade() -> None:
    op.create_table('area_transfer',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('case_id', sa.Integer(), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('from_area', sa.String(length=60), nullable=False),
    sa.Column('to_area', sa.String(length=60), nullable=False),
    sa.Column('receiver_name', sa.String(length=120), nullable=True),
    sa.Column('receiver_email', sa.String(length=254), nullable=False),
    sa.Column('proposed_on', sa.Date(), nullable=False),
    sa.Column('proposed_by', sa.String(length=120), nullable=False),
    sa.Column('reason', sa.Text(), nullable=False),
    sa.Column('answered_on', sa.Date(), nullable=True),
    sa.Column('answered_by', sa.String(length=120), nullable=True),
    sa.Column('decision', sa.String(length=12), nullable=True),
    sa.Column('answer_reason', sa.Text(), nullable=True),
    sa.ForeignKeyConstraint(['case_id'], ['case.id'], name=op.f('fk_area_transfer_case_id_case')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_area_transfer')),
    sa.UniqueConstraint('case_id', 'number', name=op.f('uq_area_transfer_case_id_number'))
    )
    op.create_table('contact_change',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('case_id', sa.Integer(), nullable=False),
    sa.Column('person', sa.String(length=120), nullable=False),
    sa.Column('what', sa.String(length=20), nullable=False),
    sa.Column('on_date', sa.Date(), nullable=False),
    sa.Column('known_on', sa.Date(), nullable=False),
    sa.Column('recorded_at', models.base.Moment(timezone=True), nullable=False),
    sa.Column('now_called', sa.String(length=120), nullable=True),
    sa.Column('note', sa.Text(), nullable=False),
    sa.ForeignKeyConstraint(['case_id'], ['case.id'], name=op.f('fk_contact_change_case_id_case')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_contact_change'))
    )
    with op.batch_alter_table('contact_change', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_contact_change_case_id'), ['case_id'], unique=False)

    op.create_table('court_order',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('case_id', sa.Integer(), nullable=False),
    sa.Column('person_id', sa.Integer(), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('kind', sa.String(length=24), nullable=False),
    sa.Column('court', sa.String(length=120), nullable=False),
    sa.Column('starts_on', sa.Date(), nullable=False),
    sa.Column('ends_on', sa.Date(), nullable=True),
    sa.Column('conditions', sa.Text(), nullable=False),
    sa.Column('known_on', sa.Date(), nullable=False),
    sa.Column('breaches', sa.JSON(), nullable=False),
    sa.Column('reviewed_on', sa.Date(), nullable=True),
    sa.ForeignKeyConstraint(['case_id'], ['case.id'], name=op.f('fk_court_order_case_id_case')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_court_order_person_id_person')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_court_order')),
    sa.UniqueConstraint('person_id', 'number', name=op.f('uq_court_order_person_id_number'))
    )
    with op.batch_alter_table('court_order', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_court_order_person_id'), ['person_id'], unique=False)

    op.create_table('custody_event',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('case_id', sa.Integer(), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('kind', sa.String(length=24), nullable=False),
    sa.Column('on_date', sa.Date(), nullable=False),
    sa.Column('recorded_at', models.base.Moment(timezone=True), nullable=False),
    sa.Column('level', sa.Integer(), nullable=True),
    sa.Column('category', sa.Integer(), nullable=True),
    sa.Column('data', sa.JSON(none_as_null=True), nullable=False),
    sa.Column('from_on', sa.Date(), nullable=True),
    sa.Column('until_on', sa.Date(), nullable=True),
    sa.Column('victim_contact', sa.Boolean(), nullable=False),
    sa.Column('serious', sa.Boolean(), nullable=False),
    sa.Column('consulted_on', sa.Date(), nullable=True),
    sa.Column('reviewed_on', sa.Date(), nullable=True),
    sa.Column('victim_told_on', sa.Date(), nullable=True),
    sa.Column('partnered_on', sa.Date(), nullable=True),
    sa.Column('returned_on', sa.Date(), nullable=True),
    sa.ForeignKeyConstraint(['case_id'], ['case.id'], name=op.f('fk_custody_event_case_id_case')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_custody_event')),
    sa.UniqueConstraint('case_id', 'number', name=op.f('uq_custody_event_case_id_number'))
    )
    op.create_table('plan_version',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('case_id', sa.Integer(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('written_on', sa.Date(), nullable=False),
    sa.Column('written_by', sa.String(length=120), nullable=False),
    sa.Column('agency', sa.String(length=40), nullable=False),
    sa.Column('differs_because', sa.Text(), nullable=True),
    sa.Column('recorded_at', models.base.Moment(timezone=True), nullable=False),
    sa.Column('content', sa.JSON(none_as_null=True), nullable=False),
    sa.ForeignKeyConstraint(['case_id'], ['case.id'], name=op.f('fk_plan_version_case_id_case')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_plan_version')),
    sa.UniqueConstraint('case_id', 'version', name=op.f('uq_plan_version_case_id_version'))
    )
    with op.batch_alter_table('plan_version', schema=None) as batch_op:
        batch_op.create_index('ix_plan_version_case_on', ['case_id', 'written_on'], unique=False)

    op.create_table('disclosure',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('case_id', sa.Integer(), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('meeting_id', sa.Integer(), nullable=True),
    sa.Column('state', sa.String(length=12), nullable=False),
    sa.Column('reason', sa.Text(), nullable=False),
    sa.Column('to_whom', sa.Text(), nullable=False),
    sa.Column('what', sa.Text(), nullable=False),
    sa.Column('how', sa.Text(), nullable=False),
    sa.Column('agency', sa.String(length=40), nullable=False),
    sa.Column('discloser_name', sa.String(length=120), nullable=False),
    sa.Column('discloser_email', sa.String(length=254), nullable=True),
    sa.Column('due_on', sa.Date(), nullable=False),
    sa.Column('proposed_by', sa.String(length=120), nullable=False),
    sa.Column('proposed_on', sa.Date(), nullable=False),
    sa.Column('approved_by', sa.String(length=120), nullable=True),
    sa.Column('approved_on', sa.Date(), nullable=True),
    sa.Column('closed_on', sa.Date(), nullable=True),
    sa.Column('outcome', sa.Text(), nullable=True),
    sa.Column('undertaking', sa.Text(), nullable=True),
    sa.Column('not_made_reason', sa.Text(), nullable=True),
    sa.Column('follow_at', models.base.Moment(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['case_id'], ['case.id'], name=op.f('fk_disclosure_case_id_case')),
    sa.ForeignKeyConstraint(['meeting_id'], ['meeting.id'], name=op.f('fk_disclosure_meeting_id_meeting')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_disclosure')),
    sa.UniqueConstraint('case_id', 'number', name=op.f('uq_disclosure_case_id_number'))
    )
    with op.batch_alter_table('disclosure', schema=None) as batch_op:
        batch_op.create_index('ix_disclosure_follow_at', ['follow_at'], unique=False,
                              sqlite_where=sa.text('follow_at IS NOT NULL'),
                              postgresql_where=sa.text('follow_at IS NOT NULL'))

    with op.batch_alter_table('case', schema=None) as batch_op:
        batch_op.add_column(sa.Column('notification_from', sa.Date(), nullable=True))
        batch_op.add_column(sa.Column('notification_young', sa.Boolean(), nullable=False, server_default='0'))
        batch_op.add_column(sa.Column('transferred', sa.Boolean(), nullable=False, server_default='0'))

    with op.batch_alter_table('sentence', schema=None) as batch_op:
        batch_op.add_column(sa.Column('notification_ended_on', sa.Date(), nullable=True))
        batch_op.add_column(sa.Column('as_told', sa.JSON(none_as_null=True), nullable=True))
    identify_anew(op.get_bind())


def identify_anew(connection: sa.Connection) -> None:
    """Have the next tick look at people whose notification has no end: when it is to be reviewed is new."""
    sentence = sa.table("sentence", sa.column("case_id"), sa.column("identify_at", models.base.Moment()))
    case = sa.table("case", sa.column("id"), sa.column("closed_on", sa.Date()), sa.column("category"))
    of_category_1 = sa.select(case.c.id).where(case.c.closed_on.is_(None), case.c.category.in_((1, 4)))
    connection.execute(
        sentence.update()
        .where(sentence.c.case_id.in_(of_category_1), sentence.c.identify_at.is_(None))
        .values(identify_at=datetime(2000, 1, 1, tzinfo=UTC))
    )
