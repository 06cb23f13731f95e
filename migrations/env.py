"""Alembic's entry: migrate over the connection the record hands in, or one made from the URL."""

from alembic import context
from sqlalchemy import Connection

from models import Base
from models.engine import make_engine


def run(connection: Connection) -> None:
    """Run the migrations on a connection, in its transaction."""
    context.configure(connection=connection, target_metadata=Base.metadata, render_as_batch=True)
    with context.begin_transaction():
        context.run_migrations()


handed_in = context.config.attributes.get("connection")
if handed_in is not None:
    run(handed_in)
else:
    with make_engine(context.config.get_main_option("sqlalchemy.url") or "").begin() as own:
        run(own)
