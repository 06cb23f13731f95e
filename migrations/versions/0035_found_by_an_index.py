"""found by an index: the orders of a case, the areas of all sentences, and the cases of an area in their order."""

from alembic import op

revision = '0035'
down_revision = '0034'


def upgrade() -> None:
    op.create_index('ix_court_order_case_id', 'court_order', ['case_id'])
    op.create_index('ix_sentence_area', 'sentence', ['area'])
    op.drop_index('ix_case_area', 'case')
    op.create_index('ix_case_area', 'case', ['area', 'reference'])
