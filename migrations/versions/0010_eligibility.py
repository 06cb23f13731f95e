"""eligibility: questions that a sentence leaves, decisions on each, ages and terms that settle conditions."""

import sqlalchemy as sa
from alembic import op

revision = '0010'
down_revision = '0009'

SENTENCE = sa.table(
    'sentence',
    sa.column('id', sa.Integer),
    sa.column('person_id', sa.Integer),
    sa.column('outcome', sa.String),
    sa.column('identify_at', sa.DateTime(timezone=True)),
    sa.column('loaded_at', sa.DateTime(timezone=True)),
    sa.column('identified_on', sa.Date),
    sa.column('decided_category', sa.Integer),
    sa.column('decided_until', sa.Date),
    sa.column('decided_reason', sa.String),
    sa.column('decisions', sa.JSON(none_as_null=True)),
)
PROBLEM = sa.table(
    'problem',
    sa.column('stage', sa.String),
    sa.column('subject', sa.String),
    sa.column('kind', sa.String),
    sa.column('resolved_at', sa.DateTime(timezone=True)),
    sa.column('answered_by', sa.JSON),
)
# The fact that answers what each stage asked, before questions named it.
ANSWERED_BY = {
    'identification': 'identification',
    'pre_release': 'release-date',
    'exit_planning': 'end-of-sentence-check',
    'disclosure': 'disclosure-approval',
    'plan': 'plan',
}
# One stage asked four things: by how each was filed, the first that fits.
OF_MEETINGS = (
    ('case % notification after a breach', ['order', 'incident']),
    ('case % visits', ['meeting']),
    ('meeting %', ['meeting', 'meeting-cancel']),
    ('%', ['incident']),
)


def upgrade() -> None:
    with op.batch_alter_table('sentence', schema=None) as batch_op:
        batch_op.add_column(sa.Column('questions', sa.JSON(none_as_null=True), nullable=True))
        batch_op.add_column(sa.Column('decisions', sa.JSON(none_as_null=True), nullable=True))
        batch_op.add_column(sa.Column('total_term_months', sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column('victim_age', sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column('offender_age_at_offence', sa.Integer(), nullable=True))
    with op.batch_alter_table('problem', schema=None) as batch_op:
        batch_op.add_column(sa.Column('answered_by', sa.JSON(), server_default='[]', nullable=False))
    carry_decisions_over()
    name_answers()
    with op.batch_alter_table('sentence', schema=None) as batch_op:
        batch_op.drop_column('decided_category')
        batch_op.drop_column('decided_until')
        batch_op.drop_column('decided_reason')


def carry_decisions_over() -> None:
    """Keep each decision as it was meant: on every category, and without an end where it named none."""
    connection = op.get_bind()
    for row in connection.execute(sa.select(SENTENCE).where(SENTENCE.c.decided_reason.is_not(None))).all():
        decision = {
            'category': row.decided_category,
            'about': None,
            'until': row.decided_until and row.decided_until.isoformat(),
            'no_end': row.decided_category is not None and row.decided_until is None,
            'reason': row.decided_reason,
            'on': row.identified_on and row.identified_on.isoformat(),
        }
        connection.execute(sa.update(SENTENCE).where(SENTENCE.c.id == row.id).values(decisions=[decision]))


def name_answers() -> None:
    """Name the fact that answers each open question, and look again at the sentences of people who have one."""
    connection = op.get_bind()
    asked = sa.and_(PROBLEM.c.kind == 'question', PROBLEM.c.resolved_at.is_(None))
    for stage, fact in ANSWERED_BY.items():
        connection.execute(sa.update(PROBLEM).where(asked, PROBLEM.c.stage == stage).values(answered_by=[fact]))
    for filed, facts in reversed(OF_MEETINGS):
        these = sa.and_(asked, PROBLEM.c.stage == 'meetings', PROBLEM.c.subject.like(filed))
        connection.execute(sa.update(PROBLEM).where(these).values(answered_by=facts))
    of_people = sa.select(PROBLEM.c.subject).where(asked, PROBLEM.c.stage == 'identification')
    for subject in connection.scalars(of_people).all():
        of_person = SENTENCE.c.person_id == int(subject.removeprefix('person '))
        connection.execute(sa.update(SENTENCE).where(of_person).values(identify_at=SENTENCE.c.loaded_at))
