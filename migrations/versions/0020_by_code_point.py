"""by code point: text is compared and put in order on PostgreSQL as it is on SQLite, whatever the server's language."""

import sqlalchemy as sa
from alembic import op

revision = '0020'
down_revision = '0019'


def upgrade() -> None:
    connection = op.get_bind()
    if connection.dialect.name != 'postgresql':
        return
    inspector = sa.inspect(connection)
    quoted = connection.dialect.identifier_preparer.quote
    for table in inspector.get_table_names():
        texts = [
            f'ALTER COLUMN {quoted(column["name"])} TYPE {column["type"].compile(connection.dialect)}'
            for column in inspector.get_columns(table)
            if isinstance(column['type'], sa.String) and column['type'].collation != 'C' and table != 'alembic_version'
        ]
        # The rows stay as they are: only the indexes of text are made anew.
        if texts:
            op.execute(f'ALTER TABLE {quoted(table)} ' + ', '.join(f'{one} COLLATE "C"' for one in texts))
