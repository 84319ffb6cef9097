"""Alembic's entry: one connection, one lock, one transaction for all pending steps."""

from alembic import context

connection = context.config.attributes["connection"]
context.configure(connection=connection)
with context.begin_transaction():
    context.run_migrations()
