"""Alembic environment: the engine is handed in by `botkit.store.migrate`, never read from a file."""

from alembic import context

from botkit.store import tables  # noqa: F401  (registers every table)
from botkit.store.base import metadata

connection = context.config.attributes["connection"]
context.configure(connection=connection, target_metadata=metadata, render_as_batch=True, compare_type=True)
with context.begin_transaction():
    context.run_migrations()
